//! Price models: each file owns its parameters; all draw on one factor matrix.

mod gbm;
mod merton;
mod path;
mod prepared;
#[cfg(test)]
mod tests;

pub use gbm::GbmAsset;
pub use merton::MertonJumps;
pub use path::ModelPath;
pub use prepared::ModelError;

/// The model behind a Monte Carlo run.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelKind {
    /// Correlated geometric Brownian motion.
    Gbm,
    /// The same with Merton's lognormal jumps, one per asset (in the order of the assets).
    Merton(Vec<MertonJumps>),
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
    /// Diffusion of each asset, in the order of the plan.
    pub assets: Vec<GbmAsset>,
    /// Correlation of the diffusions, row-major n × n, positive semi-definite.
    pub correlation: Vec<f64>,
    /// Which model.
    pub kind: ModelKind,
}
