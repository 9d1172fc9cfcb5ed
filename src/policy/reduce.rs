//! Reduce to target: close part of a position so that the rest is healthy again.

/// Parameters of the partial close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReduceSpec {
    /// Off: never acts.
    pub enabled: bool,
    /// Acts below this health factor.
    pub trigger_hf: f64,
    /// Closes the least quantity that restores this one after costs.
    pub target_hf: f64,
    /// A position is not reduced again for so long.
    pub cooldown_ms: i64,
}
