//! A Brownian bridge of the log price between a bar's anchors that stays within its extremes.
//!
//! Its volatility is the bar's own, by Parkinson's estimator (M. Parkinson 1980, *The extreme
//! value method for estimating the variance of the rate of return*): σ² = ln(high/low)² / (4·ln 2)
//! per bar. What leaves the range is folded back at its edge, so the anchors, which include both
//! extremes, stay where they are.

use super::template::{Slot, anchors_ms};
use crate::stats::Stream;

/// Writes one bar's prices at its slots. `anchors` are open, both extremes in their order and
/// close; the range is that of the extremes.
pub(super) fn fill(
    prices: &mut [f64],
    slots: &[Slot],
    interval_ms: i64,
    anchors: [f64; 4],
    stream: &mut Stream,
) {
    let logs = anchors.map(libm::log);
    let (low, high) = (logs[1].min(logs[2]), logs[1].max(logs[2]));
    let range = high - low;
    let sigma = (range * range / (4.0 * std::f64::consts::LN_2)).sqrt();
    let ends_ms = anchors_ms(interval_ms);
    let mut level = logs[0];
    let mut offset_ms = 0;
    for (price, slot) in prices.iter_mut().zip(slots) {
        if slot.part == 0.0 {
            level = logs[slot.anchor];
            *price = anchors[slot.anchor];
        } else {
            let left = (ends_ms[slot.anchor + 1] - offset_ms) as f64;
            let step = (slot.offset_ms - offset_ms) as f64;
            let mean = level + (logs[slot.anchor + 1] - level) * step / left;
            let variance = step * (left - step) / left / interval_ms as f64;
            level = fold(mean + sigma * variance.sqrt() * stream.normal(), low, high);
            *price = libm::exp(level).clamp(anchors[1].min(anchors[2]), anchors[1].max(anchors[2]));
        }
        offset_ms = slot.offset_ms;
    }
}

/// Reflects at both edges until inside.
fn fold(value: f64, low: f64, high: f64) -> f64 {
    let range = high - low;
    if range <= 0.0 {
        return low;
    }
    let period = 2.0 * range;
    let shifted = (value - low) % period;
    let shifted = if shifted < 0.0 { shifted + period } else { shifted };
    low + if shifted > range { period - shifted } else { shifted }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folds_at_both_edges() {
        let rows = [(0.5, 0.5), (1.2, 0.8), (-0.3, 0.3), (2.4, 0.4), (-1.25, 0.75), (1.0, 1.0)];
        for (value, folded) in rows {
            assert!(f64::abs(fold(value, 0.0, 1.0) - folded) < 1e-12, "{value}");
        }
        assert_eq!(fold(7.0, 3.0, 3.0), 3.0);
    }
}
