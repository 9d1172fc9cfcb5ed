//! Value at risk (VaR) and expected shortfall (ES) by every usual road, losses positive.
//!
//! Historical on windows of changes, parametric from a full covariance matrix (normal, or with
//! Cornish & Fisher's correction for skewness and kurtosis), Monte Carlo of the same portfolio,
//! their split into components that sum to the total, and a naive estimator to compare with.

mod benefit;
mod components;
mod cornish_fisher;
mod error;
mod historical;
mod naive;
mod portfolio;
#[cfg(test)]
mod twelve;

pub use benefit::{Benefit, Tail};
pub use components::{Components, historical_components};
pub use cornish_fisher::{LossShape, cornish_fisher, loss_shape};
pub use error::RiskError;
pub use historical::{Windows, historical, historical_estimate, over_horizon};
pub use naive::naive_var;
pub use portfolio::{LinearPortfolio, Moments, sample_moments};

use super::{Interval, Replication, expected_shortfall, quantile_type7};

/// What is asked for: how sure, and over how many periods of the data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    confidence: f64,
    periods: usize,
}

impl Level {
    /// `confidence` inside (0, 1), such as 0.95; `periods` at least 1.
    ///
    /// # Errors
    /// [`RiskError::Confidence`] or [`RiskError::Horizon`].
    pub fn new(confidence: f64, periods: usize) -> Result<Self, RiskError> {
        if !(confidence > 0.0 && confidence < 1.0) {
            return Err(RiskError::Confidence(confidence));
        }
        if periods == 0 {
            return Err(RiskError::Horizon);
        }
        Ok(Self { confidence, periods })
    }

    /// Inside (0, 1).
    pub fn confidence(self) -> f64 {
        self.confidence
    }

    /// At least 1.
    pub fn periods(self) -> usize {
        self.periods
    }
}

/// VaR and ES of one distribution of losses, in the losses' unit; a gain is negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailRisk {
    /// The loss that is not exceeded with the level's confidence.
    pub var: f64,
    /// The mean loss of the worst (1 − confidence) of the mass.
    pub es: f64,
}

/// [`TailRisk`] from a sample, with 95 % intervals: by order statistics and by bootstrap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailEstimate {
    pub risk: TailRisk,
    pub var_interval: Interval,
    pub es_interval: Interval,
}

impl TailEstimate {
    /// Of losses in the order of their draws: type-7 quantile and Acerbi–Tasche shortfall.
    ///
    /// # Panics
    /// If there are no losses or `confidence` is not inside (0, 1).
    pub fn of(losses: &[f64], confidence: f64, draws: Replication) -> Self {
        let mut sorted = losses.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self {
            risk: TailRisk {
                var: quantile_type7(&sorted, confidence),
                es: expected_shortfall(&sorted, confidence),
            },
            var_interval: draws.quantile_interval(losses, confidence),
            es_interval: draws.es_interval(losses, confidence),
        }
    }
}
