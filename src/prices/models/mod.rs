//! Price models: each file owns its parameters; all draw on one factor matrix.

mod bootstrap;
mod copula;
mod correlation_drift;
mod draw;
mod drifted;
mod dynamics;
mod error;
mod factors;
mod garch;
mod gbm;
mod heston;
mod levels;
mod merton;
mod moments;
#[cfg(test)]
mod on_top_tests;
mod options;
mod path;
mod prepared;
mod refined;
mod regimes;
mod setting;
mod shocks;
mod starts;
#[cfg(test)]
mod tests;
mod timetable;
mod trail;
mod watch;

pub use bootstrap::BootstrapSpec;
pub use correlation_drift::{CorrelationDrift, Drawdown};
pub use draw::Branch;
pub use error::ModelError;
pub use garch::{GarchAsset, GarchSpec};
pub use gbm::GbmAsset;
pub use heston::HestonAsset;
pub use merton::MertonJumps;
pub use options::ModelOptions;
pub use path::ModelPath;
pub use refined::{MOST_LEVELS, NEGLIGIBLE, RefinedPath};
pub use regimes::{LongRun, Regime, RegimesSpec};

/// The model behind a Monte Carlo run.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelKind {
    /// Correlated geometric Brownian motion.
    Gbm,
    /// The same with Merton's lognormal jumps, one per asset (in the order of the assets).
    Merton(Vec<MertonJumps>),
    /// GARCH(1,1) with Student's t innovations.
    Garch(GarchSpec),
    /// Heston's stochastic volatility, one per asset.
    Heston(Vec<HestonAsset>),
    /// Regimes, each with its drifts, volatilities and correlations.
    Regimes(RegimesSpec),
    /// The stationary block bootstrap of a history.
    Bootstrap(BootstrapSpec),
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

impl ModelSpec {
    /// Refuses a model that cannot be simulated.
    ///
    /// # Errors
    /// As [`ModelPath::new`].
    pub fn check(&self) -> Result<(), ModelError> {
        let prepared = prepared::Prepared::of(self)?;
        dynamics::Dynamics::of(self)?;
        starts::Starts::of(self, None)?;
        copula::Copula::of(self)?;
        timetable::Timetable::of(self)?;
        shocks::Shocks::new(self, prepared.first_shocked())?;
        if self.options.refine > 0 { refined::check(self) } else { Ok(()) }
    }

    /// Paths `k·size..(k + 1)·size` make one replicate: paths of one depend on each other, those
    /// of different ones do not. Intervals and errors are those of replicates.
    pub fn replicate_size(&self) -> u64 {
        let plain = if self.options.antithetic { 2 } else { 1 };
        self.options.sobol.map_or(plain, u64::from)
    }
}
