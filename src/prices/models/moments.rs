//! Moments of a model's log returns in the long run.

use super::{GbmAsset, ModelKind, ModelOptions, ModelSpec, copula};

impl ModelSpec {
    /// Variance of a year's log return in the long run, jumps included, serial correlation not.
    pub fn variance(&self, asset: usize) -> f64 {
        let diffusion = self.assets[asset].volatility * self.assets[asset].volatility;
        match &self.kind {
            ModelKind::Merton(jumps) => diffusion + jumps[asset].variance(),
            _ => diffusion,
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
            _ => drift,
        }
    }

    /// Correlation of two assets' returns: that of [`ModelSpec::correlation`], less where jumps,
    /// tails of their own or the parts of the variances' normals are independent of each other,
    /// and under a t copula.
    pub fn return_correlation(&self, one: usize, other: usize) -> f64 {
        self.correlation_of(&self.correlation, one, other)
    }

    /// The same in the crisis, where correlations drift to one.
    pub fn crisis_correlation(&self, one: usize, other: usize) -> Option<f64> {
        let drift = self.options.correlation_drift.as_ref()?;
        Some(self.correlation_of(&drift.crisis, one, other))
    }

    /// Correlation of two assets' returns where that of their normals is given.
    fn correlation_of(&self, normals: &[f64], one: usize, other: usize) -> f64 {
        let plain = normals[one * self.assets.len() + other];
        let matrix = match self.options.copula_df {
            Some(degrees) if one != other => copula::normal_correlation(plain, degrees),
            _ => plain,
        };
        match &self.kind {
            ModelKind::Merton(jumps) => {
                let part = |asset: usize| {
                    let diffusion = self.assets[asset].volatility;
                    let jumps = jumps[asset].variance();
                    let all = (diffusion * diffusion + jumps).sqrt();
                    if jumps > 0.0 { diffusion / all } else { 1.0 }
                };
                matrix * part(one) * part(other)
            }
            ModelKind::Garch(garch) => matrix * garch.tail_weight(one) * garch.tail_weight(other),
            ModelKind::Heston(heston) => {
                let (one, other) = (heston[one].price_variance, heston[other].price_variance);
                matrix * (one * other + ((1.0 - one * one) * (1.0 - other * other)).sqrt())
            }
            ModelKind::Gbm | ModelKind::Regimes(_) | ModelKind::Bootstrap(_) => matrix,
        }
    }

    /// Whether log returns are independent and of one law at all times.
    pub fn is_steady(&self) -> bool {
        matches!(self.kind, ModelKind::Gbm | ModelKind::Merton(_)) && self.options.shocks.is_empty()
    }

    /// Whether they are jointly normal with the moments above.
    pub fn is_normal(&self) -> bool {
        let ModelOptions { correlation_drift, copula_df, .. } = &self.options;
        let gaussian = correlation_drift.is_none() && copula_df.is_none();
        self.kind == ModelKind::Gbm && self.is_steady() && gaussian
    }
}
