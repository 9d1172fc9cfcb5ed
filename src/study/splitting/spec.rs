//! What a splitting study answers.

use super::super::execution::StudyError;
use crate::prices::models::ModelError;
use crate::scenario::SplittingSpec;
use crate::stats::RareEstimate;

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
        "splitting: after {levels} levels the pilot does not get below {at:.4}, and no path had the \
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
