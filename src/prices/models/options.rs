//! What comes on top of a model.

use super::correlation_drift::CorrelationDrift;
use super::shocks;
use crate::prices::shock::{self, Shock};

/// What comes on top of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelOptions {
    /// Whether path 2k + 1 mirrors the normals of path 2k; all its other draws are the same.
    /// Such a pair is one observation: see [`super::ModelSpec::replicate_size`].
    pub antithetic: bool,
    /// Size of a randomised Sobol set, a power of two: paths `k·size..(k + 1)·size` start from the
    /// points of one set; see [`super::ModelSpec::replicate_size`]. Not with antithetic paths, nor
    /// with a bootstrap. `None`: plain draws.
    pub sobol: Option<u32>,
    /// Degrees of freedom of a t copula of the normals, above 2; not with GARCH, which has tails
    /// of its own, nor with a bootstrap. `None`: the Gaussian copula.
    pub copula_df: Option<f64>,
    /// Correlations that change with time; not with regimes, which have their own, nor with a
    /// bootstrap, which has none.
    pub correlation_drift: Option<CorrelationDrift>,
    /// Shocks, which stack.
    pub shocks: Vec<Shock>,
    /// 2^refine ticks a step, by a bridge; 0: the steps alone. See [`super::RefinedPath`].
    pub refine: u32,
}

impl ModelOptions {
    /// The greatest factor that shocks put on an asset's volatility, at least 1.
    pub fn greatest_scale(&self, asset: usize) -> f64 {
        shocks::greatest_scale(&self.shocks, asset)
    }

    /// What shocks that lift the log price of an asset add up to.
    pub fn greatest_rise(&self, asset: usize) -> f64 {
        shock::greatest_rise(&self.shocks, asset)
    }
}
