//! A portfolio that is linear in its factors' returns, and its parametric figures.

use super::{
    Components, Level, RiskError, TailEstimate, TailRisk, components, error::common_length,
};
use crate::stats::{
    LowerTriangular, Replication, Stream, SymMatrix, cholesky, normal_quantile,
    special::normal_density,
};

/// Mean and covariance of returns over one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Moments {
    pub mean: Vec<f64>,
    pub covariance: SymMatrix,
}

/// Sample mean and covariance (with n − 1) of one series of returns per factor.
///
/// # Errors
/// Fewer than two values, different lengths, or a value that is not finite.
pub fn sample_moments<S: AsRef<[f64]>>(series: &[S]) -> Result<Moments, RiskError> {
    let n = common_length(series, 2)? as f64;
    let means = series.iter().map(|one| one.as_ref().iter().sum::<f64>() / n);
    let mean: Vec<f64> = means.collect();
    let mut covariance = SymMatrix::identity(series.len());
    for i in 0..series.len() {
        for j in 0..=i {
            let pairs = series[i].as_ref().iter().zip(series[j].as_ref());
            let sum: f64 = pairs.map(|(a, b)| (a - mean[i]) * (b - mean[j])).sum();
            covariance.set(i, j, sum / (n - 1.0));
        }
    }
    Ok(Moments { mean, covariance })
}

/// Exposures (money gained per unit of a factor's return) and the factors' moments, constant
/// over the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearPortfolio {
    exposures: Vec<f64>,
    moments: Moments,
    factor: LowerTriangular,
}

impl LinearPortfolio {
    /// # Errors
    /// Sizes that differ, numbers that are not finite, a covariance matrix that is not positive
    /// semi-definite.
    pub fn new(exposures: Vec<f64>, moments: Moments) -> Result<Self, RiskError> {
        let expected = moments.covariance.n();
        for found in [exposures.len(), moments.mean.len()] {
            if found != expected {
                return Err(RiskError::Sizes { expected, found });
            }
        }
        common_length(&[&exposures, &moments.mean], 1)?;
        let factor = cholesky(&moments.covariance)?;
        Ok(Self { exposures, moments, factor })
    }

    /// VaR = −h·wᵀμ + √h·σ·z and ES = −h·wᵀμ + √h·σ·φ(z)/(1 − c), σ² = wᵀΣw.
    pub fn normal(&self, level: Level) -> TailRisk {
        let covariances = self.covariances();
        let sigma = dot(&self.exposures, &covariances).max(0.0).sqrt();
        normal_risk(-dot(&self.exposures, &self.moments.mean), sigma, level)
    }

    /// The normal figures split by factor. By Euler's theorem Σ exposure·marginal is the total,
    /// for both are homogeneous of degree 1 in the exposures (Tasche 1999, "Risk contributions
    /// and performance measurement").
    ///
    /// # Errors
    /// [`RiskError::NoVariation`] if σ = 0, where VaR has a kink.
    pub fn components(&self, level: Level) -> Result<Components, RiskError> {
        let covariances = self.covariances();
        let variance = dot(&self.exposures, &covariances);
        if variance <= 0.0 {
            return Err(RiskError::NoVariation);
        }
        let sigma = variance.sqrt();
        let means = &self.moments.mean;
        let marginal =
            |(mean, covariance): (&f64, &f64)| normal_risk(-mean, covariance / sigma, level);
        let alone = |(i, w): (usize, &f64)| {
            let variance = self.moments.covariance.get(i, i).max(0.0);
            normal_risk(-w * means[i], w.abs() * variance.sqrt(), level)
        };
        Ok(components::from_marginals(
            &self.exposures,
            means.iter().zip(&covariances).map(marginal).collect(),
            self.exposures.iter().enumerate().map(alone).collect(),
            self.normal(level),
        ))
    }

    /// The same portfolio by `draws` draws of normal returns over the horizon, with intervals.
    ///
    /// # Errors
    /// [`RiskError::TooFew`] without a draw.
    pub fn monte_carlo(
        &self,
        level: Level,
        draws: usize,
        stream: &mut Stream,
    ) -> Result<TailEstimate, RiskError> {
        if draws == 0 {
            return Err(RiskError::TooFew { needed: 1, found: 0 });
        }
        let h = level.periods as f64;
        let drift = h * dot(&self.exposures, &self.moments.mean);
        let mut z = vec![0.0; self.exposures.len()];
        let mut returns = z.clone();
        let mut draw = || {
            stream.fill_normal(&mut z);
            self.factor.apply(&z, &mut returns);
            -(drift + h.sqrt() * dot(&self.exposures, &returns))
        };
        let losses: Vec<f64> = (0..draws).map(|_| draw()).collect();
        Ok(TailEstimate::of(&losses, level.confidence, Replication::INDEPENDENT))
    }

    /// Σw: each factor's covariance with the portfolio.
    fn covariances(&self) -> Vec<f64> {
        let n = self.exposures.len();
        (0..n).map(|i| dot(self.moments.covariance.row(i), &self.exposures)).collect()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Normal losses of `mean` and `deviation` per period over the level's horizon.
fn normal_risk(mean: f64, deviation: f64, level: Level) -> TailRisk {
    let h = level.periods as f64;
    let z = normal_quantile(level.confidence);
    let tail = normal_density(z) / (1.0 - level.confidence);
    let (mean, deviation) = (h * mean, h.sqrt() * deviation);
    TailRisk { var: mean + z * deviation, es: mean + tail * deviation }
}
