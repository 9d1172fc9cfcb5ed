//! What a reverse stress answers.

use crate::engine::RunError;
use crate::prices::models::ModelError;
use crate::scenario::ReverseSpec;
use crate::study::Trace;
use crate::study::execution::StudyError;

/// The answer.
#[derive(Clone, Debug)]
pub struct ReverseResult {
    /// What was asked.
    pub spec: ReverseSpec,
    /// ½·Σz² over the independent standard normals of all steps and factors.
    pub energy: f64,
    /// That of the best path that is straight in the space of the factors.
    pub straight_energy: f64,
    /// The event's instant along the path, UTC ms.
    pub break_ms: i64,
    /// Prices along the path, by asset and tick: instant, USDC.
    pub prices: Vec<Vec<(i64, f64)>>,
    /// What the engine did along the path.
    pub trace: Trace,
    /// Shapes tried.
    pub shapes: u64,
    /// Runs of the engine.
    pub runs: u64,
}

impl ReverseResult {
    /// The same as the size of one normal: √(2·energy) standard deviations.
    pub fn deviations(&self) -> f64 {
        (2.0 * self.energy).sqrt()
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReverseError {
    /// A path could not be run.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// A path could not be run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The model cannot be simulated.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Prices whose paths have no energy.
    #[error("reverse stress needs {0}")]
    Prices(&'static str),
    /// A parameter.
    #[error("reverse stress: {0}")]
    Parameter(String),
    /// Nothing breaks it.
    #[error(
        "reverse stress: no path that was tried has the event, up to 60 standard deviations in \
         any direction: it may not be able to happen"
    )]
    Unbreakable,
}
