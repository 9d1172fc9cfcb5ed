//! Historical VaR and ES: the past windows as they were, each as likely as the other.

use super::{Level, RiskError, TailEstimate, TailRisk, error::common_length};
use crate::stats::{Replication, expected_shortfall, quantile_type7};

/// How windows of several periods are cut from a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Windows {
    /// One after another from the newest back: independent if the periods are; a rest at the
    /// oldest end is left out.
    Disjoint,
    /// One from every period: more of them, but neighbours share all but one period, so that no
    /// interval for independent values holds.
    Overlapping,
}

/// Sums of `periods` consecutive changes, oldest window first. Changes add up: money at constant
/// exposure, or log returns.
///
/// # Errors
/// No whole window, a value that is not finite, or `periods` = 0.
pub fn over_horizon(
    changes: &[f64],
    periods: usize,
    windows: Windows,
) -> Result<Vec<f64>, RiskError> {
    if periods == 0 {
        return Err(RiskError::Horizon);
    }
    let n = common_length(&[changes], periods)?;
    Ok(match windows {
        Windows::Disjoint => changes[n % periods..].chunks_exact(periods).map(sum).collect(),
        Windows::Overlapping => changes.windows(periods).map(sum).collect(),
    })
}

fn sum(window: &[f64]) -> f64 {
    window.iter().sum()
}

/// Type-7 quantile and Acerbi–Tasche shortfall of minus the changes over the level's horizon.
///
/// # Errors
/// As [`over_horizon`].
pub fn historical(changes: &[f64], level: Level, windows: Windows) -> Result<TailRisk, RiskError> {
    Ok(of_sorted(&sorted_losses(changes, level, windows)?, level))
}

/// [`historical`] on disjoint windows, with 95 % intervals that hold if the periods are
/// independent. Unbounded above where the windows are too few (72 at 95 %, 368 at 99 %).
///
/// # Errors
/// As [`over_horizon`].
pub fn historical_estimate(changes: &[f64], level: Level) -> Result<TailEstimate, RiskError> {
    let losses = sorted_losses(changes, level, Windows::Disjoint)?;
    Ok(TailEstimate::of(&losses, level.confidence, Replication::INDEPENDENT))
}

fn sorted_losses(changes: &[f64], level: Level, windows: Windows) -> Result<Vec<f64>, RiskError> {
    let mut losses = over_horizon(changes, level.periods, windows)?;
    losses.iter_mut().for_each(|change| *change = 0.0 - *change); // 0 − 0 is 0, not −0
    losses.sort_by(f64::total_cmp);
    Ok(losses)
}

fn of_sorted(losses: &[f64], level: Level) -> TailRisk {
    TailRisk {
        var: quantile_type7(losses, level.confidence),
        es: expected_shortfall(losses, level.confidence),
    }
}
