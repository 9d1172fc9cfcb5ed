//! What is asked of a splitting study, and what it answers.

use super::super::execution::StudyError;
use crate::engine::EventKind;
use crate::prices::models::ModelError;
use crate::stats::RareEstimate;

/// The event whose probability is sought.
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

    /// As in a scenario.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Liquidation => "liquidation",
            Self::Distress => "distress",
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

/// One stage, all replicates together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SplittingStage {
    /// The level that was to be reached; `None`: the event itself.
    pub level: Option<f64>,
    /// Paths that reached it, or had the event before.
    pub reached: u64,
    /// Paths that were run.
    pub of: u64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct SplittingResult {
    /// What was asked.
    pub spec: SplittingSpec,
    /// Probability of the event within the run, with its error.
    pub estimate: RareEstimate,
    /// The estimate of each replicate.
    pub replicates: Vec<f64>,
    /// Levels in order, the event last.
    pub stages: Vec<SplittingStage>,
    /// Runs of the engine for the estimate.
    pub runs: u64,
    /// Runs of the engine for the choice of levels.
    pub pilot_runs: u64,
}

impl SplittingResult {
    /// Plain paths of the same error, per run of the engine, pilot included.
    pub fn gain(&self) -> f64 {
        self.estimate.plain_paths / (self.runs + self.pilot_runs) as f64
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SplittingError {
    /// The study could not be carried out.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// The model cannot be simulated.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Prices that are no model, or whose draws cannot branch.
    #[error("splitting needs {0}")]
    Prices(&'static str),
    /// A parameter.
    #[error("splitting: {0}")]
    Parameter(String),
    /// The pilot's paths do not come nearer.
    #[error(
        "splitting: after {levels} levels the pilot does not get below {at}, and no path had the \
         event: more particles, another level measure or levels of your own may help; or the event \
         cannot happen"
    )]
    Stalled {
        /// Levels that were found.
        levels: usize,
        /// The last of them, or the start.
        at: f64,
    },
}
