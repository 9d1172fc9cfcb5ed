//! Questions about rare events: what is sought and how hard.

use crate::engine::EventKind;

/// The event whose probability, or whose likeliest path, is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RareEvent {
    /// The venue closes a position by force, or part of it.
    Liquidation,
    /// That, or the kill switch closes one.
    Distress,
}

impl RareEvent {
    /// Whether an event of the engine is one.
    pub fn is(self, kind: EventKind) -> bool {
        match self {
            Self::Liquidation => kind == EventKind::Liquidated,
            Self::Distress => {
                matches!(kind, EventKind::Liquidated | EventKind::KillSwitchClosed)
            }
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Liquidation => "a force-close",
            Self::Distress => "a force-close or a kill",
        }
    }
}

/// How far a path has come towards the event: by the least, over time and open positions, of this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelMeasure {
    /// The health factor.
    HealthFactor,
    /// The health factor that a position would have with the free wallet as its collateral: it
    /// does not leap when collateral is topped up.
    BackedHealthFactor,
}

/// A splitting study.
#[derive(Clone, Debug, PartialEq)]
pub struct SplittingSpec {
    /// What is sought.
    pub event: RareEvent,
    /// Whose, by index in the plan; `None`: anybody's.
    pub agent: Option<usize>,
    /// What the levels are levels of.
    pub measure: LevelMeasure,
    /// The levels, strictly descending; none: a pilot on streams of its own chooses them.
    pub levels: Vec<f64>,
    /// Paths per stage of a replicate, and of the pilot.
    pub particles: u64,
    /// Independent replicates.
    pub replicates: u64,
    /// Part of the pilot's paths that is to reach the next level.
    pub share: f64,
}

/// A reverse stress.
#[derive(Clone, Debug, PartialEq)]
pub struct ReverseSpec {
    /// What is to happen.
    pub event: RareEvent,
    /// To whom, by index in the plan; `None`: to anybody.
    pub agent: Option<usize>,
    /// Straight pieces of the path per factor.
    pub pieces: usize,
    /// Shapes that are tried at most.
    pub shapes: usize,
}
