//! Moments of a model's log returns in the long run.

use super::{GbmAsset, ModelKind, ModelSpec};

impl ModelSpec {
    /// Variance of a year's log return in the long run, jumps included.
    pub fn variance(&self, asset: usize) -> f64 {
        let diffusion = self.assets[asset].volatility * self.assets[asset].volatility;
        match &self.kind {
            ModelKind::Merton(jumps) => diffusion + jumps[asset].variance(),
            ModelKind::Gbm | ModelKind::Garch(_) => diffusion,
        }
    }

    /// Expected log return of a year in the long run: the drift less half the variance of what
    /// diffuses and the compensation of the jumps, plus the mean of the jumps.
    pub fn log_drift(&self, asset: usize) -> f64 {
        let GbmAsset { drift, volatility, .. } = &self.assets[asset];
        let drift = drift - volatility * volatility / 2.0;
        match &self.kind {
            ModelKind::Merton(jumps) => {
                let jumps = &jumps[asset];
                drift + jumps.intensity * jumps.mean - jumps.compensation()
            }
            ModelKind::Gbm | ModelKind::Garch(_) => drift,
        }
    }

    /// By how much an asset's part in a correlation of returns is weaker than in
    /// [`ModelSpec::correlation`]: less than 1 where jumps, or tails of its own, are independent
    /// of the other assets.
    pub fn common_part(&self, asset: usize) -> f64 {
        match &self.kind {
            ModelKind::Merton(jumps) if jumps[asset].variance() > 0.0 => {
                let diffusion = self.assets[asset].volatility;
                diffusion / (diffusion * diffusion + jumps[asset].variance()).sqrt()
            }
            ModelKind::Garch(garch) => garch.tail_weight(asset),
            ModelKind::Gbm | ModelKind::Merton(_) => 1.0,
        }
    }

    /// Whether volatility is the same at all times.
    pub fn is_steady(&self) -> bool {
        matches!(self.kind, ModelKind::Gbm | ModelKind::Merton(_))
    }
}
