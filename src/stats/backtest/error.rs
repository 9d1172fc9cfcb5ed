//! Why a back-test cannot be made.

use thiserror::Error;

/// Days count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum BacktestError {
    #[error("a confidence of {0} is not between 0 and 1: give a fraction such as 0.99")]
    Confidence(f64),
    #[error("{found} days are too few: at least {needed} are needed")]
    TooFew { needed: u64, found: u64 },
    #[error("{exceedances} exceedances in {days} days")]
    MoreThanDays { exceedances: u64, days: u64 },
    #[error("{losses} losses and {forecasts} forecasts: there must be one forecast for each loss")]
    Lengths { losses: usize, forecasts: usize },
    #[error("the loss or the forecast of day {index} is not a number")]
    NotANumber { index: usize },
}

/// 1 − confidence, for a confidence inside (0, 1).
pub(super) fn expected_share(confidence: f64) -> Result<f64, BacktestError> {
    let inside = confidence > 0.0 && confidence < 1.0;
    inside.then_some(1.0 - confidence).ok_or(BacktestError::Confidence(confidence))
}

pub(super) fn checked_counts(exceedances: u64, days: u64) -> Result<(), BacktestError> {
    match days {
        0 => Err(BacktestError::TooFew { needed: 1, found: 0 }),
        _ if exceedances > days => Err(BacktestError::MoreThanDays { exceedances, days }),
        _ => Ok(()),
    }
}
