//! What is needed to turn bars into ticks.

use std::sync::Arc;

use crate::prices::shock::Shock;

/// How the price gets from one tick of a bar to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intrabar {
    /// At once: only open, both extremes and close are seen (pessimistic for a guard).
    Jump,
    /// Linearly, seen every `walk_step` (optimistic for a guard).
    Walk,
    /// A Brownian bridge that keeps the bar's extremes, seen every `walk_step`.
    Bridge,
}

/// Open, high, low and close of each bar; clones share them.
pub type Series = Arc<[Vec<f64>; 4]>;

/// Bars of one asset, all of one length.
#[derive(Clone, Debug)]
pub struct ReplayAsset {
    /// Name.
    pub name: String,
    /// Mark price bars: open, high, low, close of each (all equal to the close where the series
    /// is closes only).
    pub mark: Series,
    /// Last price bars, where they differ from the mark.
    pub last: Option<Series>,
    /// For `worst_joint`: which extreme comes first in every bar (−1 low, 1 high).
    pub adverse_first: i64,
}

impl PartialEq for ReplayAsset {
    fn eq(&self, other: &Self) -> bool {
        let same = |mine: &Series, other: &Series| Arc::ptr_eq(mine, other) || mine == other;
        let last = match (&self.last, &other.last) {
            (Some(mine), Some(other)) => same(mine, other),
            (mine, other) => mine.is_none() && other.is_none(),
        };
        last && same(&self.mark, &other.mark)
            && (&self.name, self.adverse_first) == (&other.name, other.adverse_first)
    }
}

/// A history to replay.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplaySpec {
    /// Open of the first bar, UTC ms.
    pub start_ms: i64,
    /// Length of a bar.
    pub interval_ms: i64,
    /// Closes only: one tick a bar, at its close.
    pub close_only: bool,
    /// Between ticks.
    pub intrabar: Intrabar,
    /// Ticks within `Walk` and `Bridge`.
    pub walk_step_ms: i64,
    /// All adverse extremes of a bar coincide.
    pub worst_joint: bool,
    /// Assets in the order of the plan.
    pub assets: Vec<ReplayAsset>,
    /// Falls and rises on top of what happened; they stack.
    pub shocks: Vec<Shock>,
}
