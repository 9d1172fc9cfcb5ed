//! Why a risk figure cannot be given.

use thiserror::Error;

use crate::stats::{MatrixError, NotPsd};

/// Faults of the input of a risk figure. Series and values count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum RiskError {
    #[error("a confidence of {0} is not between 0 and 1: give a fraction such as 0.95")]
    Confidence(f64),
    #[error("a horizon of 0 periods: it is at least 1")]
    Horizon,
    #[error("{found} values are too few: at least {needed} are needed")]
    TooFew { needed: usize, found: usize },
    #[error("value {index} of series {series} is not a finite number")]
    NotFinite { series: usize, index: usize },
    #[error("series {series} has {found} values, the first has {expected}")]
    Lengths { series: usize, expected: usize, found: usize },
    #[error("{found} exposures or means for {expected} rows of the covariance matrix")]
    Sizes { expected: usize, found: usize },
    #[error("the covariance matrix cannot be used: {0}")]
    Matrix(#[from] MatrixError),
    #[error("the covariance matrix cannot be used: {0}")]
    NotPsd(#[from] NotPsd),
    #[error("the losses do not vary: their shape and their components are not defined")]
    NoVariation,
    #[error(
        "skewness {skewness} and excess kurtosis {excess} are too far from a normal: Cornish and \
         Fisher's expansion does not rise everywhere; use the historical estimate"
    )]
    NotMonotone { skewness: f64, excess: f64 },
}

/// The common length of several series of finite numbers, at least `needed`.
pub(super) fn common_length<S: AsRef<[f64]>>(
    series: &[S],
    needed: usize,
) -> Result<usize, RiskError> {
    let expected = series.first().map_or(0, |first| first.as_ref().len());
    for (i, one) in series.iter().enumerate() {
        let values = one.as_ref();
        if values.len() != expected {
            return Err(RiskError::Lengths { series: i, expected, found: values.len() });
        }
        if let Some(index) = values.iter().position(|value| !value.is_finite()) {
            return Err(RiskError::NotFinite { series: i, index });
        }
    }
    if expected < needed {
        return Err(RiskError::TooFew { needed, found: expected });
    }
    Ok(expected)
}
