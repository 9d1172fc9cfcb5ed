//! What a calibration writes: a fragment of a scenario, the table of its parameters, and pictures
//! of the model beside its history.

mod compare;
mod fragment;
mod produce;
mod table;

use crate::prices::calibrate::{Calibration, ModelChoice, Returns};
use crate::prices::history::Aligned;

pub use compare::Compared;
pub use fragment::fragment;
pub use produce::{CalibrationError, check_fragment, produce_calibration};
pub use table::{calibration_json, calibration_text};

/// A file that prices came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name, without the folder.
    pub name: String,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
}

/// A calibration and all that it came from.
#[derive(Clone, Debug)]
pub struct Calibrated {
    /// The files, in the order given.
    pub sources: Vec<SourceFile>,
    /// Closes of all assets over the span.
    pub history: Aligned,
    /// What was fitted.
    pub returns: Returns,
    /// Which model.
    pub model: ModelChoice,
    /// What came out.
    pub found: Calibration,
    /// What was repaired in the files, a sentence each.
    pub repairs: Vec<String>,
    /// Seed of the simulated side of the pictures.
    pub seed: u64,
}

impl Calibrated {
    /// The model's name in a scenario.
    pub fn model_name(&self) -> &'static str {
        match self.model {
            ModelChoice::Gbm => "gbm",
            ModelChoice::Merton => "merton",
            ModelChoice::Garch => "garch",
            ModelChoice::Regimes(_) => "regimes",
            ModelChoice::Bootstrap => "bootstrap",
        }
    }

    /// First and last instant, UTC ms: the closes of the first and of the last bar.
    fn span(&self) -> (i64, i64) {
        let steps = self.returns.count() as i64 * self.returns.step_ms;
        let end = self.history.start_ms + self.history.n_bars as i64 * self.history.interval_ms;
        (end - steps, end)
    }
}
