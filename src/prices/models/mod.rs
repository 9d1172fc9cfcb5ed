//! Price models: each file owns its parameters; all draw on one factor matrix.

mod draw;
mod dynamics;
mod error;
mod garch;
mod gbm;
mod levels;
mod merton;
mod moments;
mod path;
mod prepared;
mod setting;
#[cfg(test)]
mod tests;

pub use error::ModelError;
pub use garch::{GarchAsset, GarchSpec};
pub use gbm::GbmAsset;
pub use merton::MertonJumps;
pub use path::ModelPath;

/// The model behind a Monte Carlo run.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelKind {
    /// Correlated geometric Brownian motion.
    Gbm,
    /// The same with Merton's lognormal jumps, one per asset (in the order of the assets).
    Merton(Vec<MertonJumps>),
    /// GARCH(1,1) with Student's t innovations.
    Garch(GarchSpec),
}

/// A Monte Carlo price model.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelSpec {
    /// Instant of the start prices, UTC ms.
    pub start_ms: i64,
    /// Length of a step.
    pub step_ms: i64,
    /// Number of steps.
    pub steps: usize,
    /// The assets, in the order of the plan.
    pub assets: Vec<GbmAsset>,
    /// Correlation of the normals, row-major n × n, positive semi-definite; of the returns in the
    /// long run where the model moves it.
    pub correlation: Vec<f64>,
    /// Which model.
    pub kind: ModelKind,
    /// What comes on top of it.
    pub options: ModelOptions,
}

/// What comes on top of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelOptions {
    /// Whether path 2k + 1 mirrors the normals of path 2k; all its other draws are the same.
    /// Such a pair is one observation: see [`ModelSpec::replicate_of`].
    pub antithetic: bool,
}

impl ModelSpec {
    /// The replicate that a path belongs to: paths of one replicate depend on each other, those of
    /// different ones do not. Intervals and errors are those of replicates' means.
    pub fn replicate_of(&self, path: u64) -> u64 {
        if self.options.antithetic { path / 2 } else { path }
    }
}
