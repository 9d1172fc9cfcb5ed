//! The ticks of one bar: the same offsets in every bar.

use super::spec::{Intrabar, ReplaySpec};

/// One tick of a bar: how far it lies between two anchors (open, first extreme, second extreme,
/// close).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slot {
    /// After the bar's open, ms.
    pub offset_ms: i64,
    /// The anchor at or before it, 0 to 3.
    pub anchor: usize,
    /// Part of the way to the next anchor, in [0, 1).
    pub part: f64,
}

/// Where the four anchors lie: open at 0, extremes at 1/3 and 2/3, close at the end − 1 ms.
pub(super) fn anchors_ms(interval_ms: i64) -> [i64; 4] {
    [0, interval_ms / 3, 2 * interval_ms / 3, interval_ms - 1]
}

/// The ticks of every bar of a history.
pub(super) fn template(spec: &ReplaySpec) -> Vec<Slot> {
    if spec.close_only {
        return vec![Slot { offset_ms: 0, anchor: 3, part: 0.0 }];
    }
    let anchors = anchors_ms(spec.interval_ms);
    let at_anchor = |anchor: usize| Slot { offset_ms: anchors[anchor], anchor, part: 0.0 };
    if spec.intrabar == Intrabar::Jump {
        return (0..4).map(at_anchor).collect();
    }
    let mut slots = Vec::new();
    for anchor in 0..3 {
        slots.push(at_anchor(anchor));
        let (from, to) = (anchors[anchor], anchors[anchor + 1]);
        let mut offset_ms = (from / spec.walk_step_ms + 1) * spec.walk_step_ms;
        while offset_ms < to {
            let part = (offset_ms - from) as f64 / (to - from) as f64;
            slots.push(Slot { offset_ms, anchor, part });
            offset_ms += spec.walk_step_ms;
        }
    }
    slots.push(at_anchor(3));
    slots
}
