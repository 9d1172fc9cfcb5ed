//! From histories to the parameters of a price model, with standard errors.
//!
//! Closes in, parameters out: nothing here reads a file or draws a random number. Parameters are
//! those of a scenario's `[prices]`, in its units and under its names. Every standard error comes
//! from an **influence**: what one return adds to an estimate, whose mean square over n is the
//! estimate's variance (the sandwich of H. White 1982, *Maximum likelihood estimation of
//! misspecified models*; P. J. Huber 1967). It stays right where the returns do not follow the
//! model; where they depend on each other in a way that the model does not know, it is widened by
//! their long-run variance ([`FlatTop`]). docs/CALIBRATION.md has the formulas and their sources.

mod block;
mod correlation;
mod error;
mod facts;
mod flat_top;
mod garch;
mod gbm;
mod influence;
mod merton;
mod parameter;
mod regimes;
mod returns;

pub use block::{BlockLength, block_length};
pub use correlation::{Shrunk, shrink};
pub use error::CalibrateError;
pub use facts::{autocorrelations, excess_kurtosis, max_drawdown};
pub use flat_top::FlatTop;
pub use garch::{GarchFit, log_likelihood as garch_log_likelihood};
pub use merton::{MertonFit, log_likelihood as merton_log_likelihood};
pub use parameter::{DriftChoice, Parameter, Unit};
pub use regimes::{HmmFit, fit as fit_regimes};
pub use returns::{Closes, Returns};

/// What is calibrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelChoice {
    /// Correlated geometric Brownian motion.
    Gbm,
    /// The same with jumps.
    Merton,
    /// GARCH(1,1) with Student's t.
    Garch,
    /// So many regimes.
    Regimes(usize),
    /// Blocks of the returns themselves.
    Bootstrap,
}

/// A calibrated model.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// In the order of the scenario's tables.
    pub parameters: Vec<Parameter>,
    /// What a reader must know: estimates on a boundary, searches that did not end, errors that
    /// are only a lower bound. A sentence each.
    pub notes: Vec<String>,
    /// Log likelihood where one was maximised, constants included.
    pub log_likelihood: Option<f64>,
}

/// Fits a model.
///
/// # Errors
/// Too few returns, constant prices, or a fit that has no answer.
pub fn calibrate(
    returns: &Returns,
    model: ModelChoice,
    drift: DriftChoice,
) -> Result<Calibration, CalibrateError> {
    returns.check(least_returns(model))?;
    match model {
        ModelChoice::Gbm => Ok(gbm::calibrate(returns, drift)),
        ModelChoice::Merton => Ok(merton::calibrate(returns, drift)),
        ModelChoice::Garch => Ok(garch::calibrate(returns, drift)),
        ModelChoice::Regimes(count) => regimes::calibrate(returns, count, drift),
        ModelChoice::Bootstrap => Ok(block::calibrate(returns, drift)),
    }
}

/// Returns below which a model is not fitted: its errors would themselves be guesses.
pub fn least_returns(model: ModelChoice) -> usize {
    match model {
        ModelChoice::Gbm => 30,
        ModelChoice::Bootstrap => 100,
        ModelChoice::Merton => 250,
        ModelChoice::Garch => 500,
        ModelChoice::Regimes(count) => 150 * count,
    }
}
