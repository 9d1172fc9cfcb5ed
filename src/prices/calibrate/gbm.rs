//! Volatility and drift of a diffusion.

use super::correlation::correlations;
use super::flat_top::FlatTop;
use super::returns::mean_deviation;
use super::{Calibration, DriftChoice, Parameter, Returns, Unit};
use crate::stats::Z_95;

/// Volatility and drift of one asset, with their standard errors.
pub(super) struct Diffusion {
    pub volatility: (f64, f64),
    pub drift: (f64, f64),
}

/// σ² = s²/dt with the unbiased sample variance s², and μ = r̄/dt + σ²/2. Their errors are those of
/// means: of (r − r̄)² for σ², of r/dt + (r − r̄)²/(2dt) for μ, each by the long-run variance, so
/// that fat tails and clustering count.
pub(super) fn diffusion(returns: &[f64], dt: f64) -> Diffusion {
    let n = returns.len() as f64;
    let (mean, deviation) = mean_deviation(returns);
    let variance = deviation * deviation * n / (n - 1.0) / dt;
    let squares: Vec<f64> = returns.iter().map(|r| (r - mean) * (r - mean) / dt).collect();
    let growth: Vec<f64> =
        returns.iter().zip(&squares).map(|(r, square)| r / dt + square / 2.0).collect();
    let volatility = variance.sqrt();
    Diffusion {
        volatility: (volatility, FlatTop::error_of_mean(&squares) / (2.0 * volatility)),
        drift: (mean / dt + variance / 2.0, FlatTop::error_of_mean(&growth)),
    }
}

pub(super) fn calibrate(returns: &Returns, drift: DriftChoice) -> Calibration {
    let mut parameters = Vec::new();
    let mut notes = Vec::new();
    for ((name, rows), last) in returns.names.iter().zip(&returns.rows).zip(&returns.last) {
        let table = format!("assets.{name}");
        let found = diffusion(rows, returns.dt());
        let (value, error) = found.volatility;
        parameters.push(Parameter::start_price(&table, *last));
        parameters.push(Parameter::new(
            &table,
            "volatility",
            value,
            Some(error),
            Unit::PerRootYear,
        ));
        let (value, error) = found.drift;
        parameters.extend(Parameter::drift(&table, value, Some(error), drift));
        notes.push(drift_note(name, found.drift, returns));
    }
    let rows: Vec<&[f64]> = returns.rows.iter().map(Vec::as_slice).collect();
    correlations(&returns.names, &rows, None, &mut parameters, &mut notes);
    Calibration { parameters, notes, log_likelihood: None }
}

/// How little is known of a drift.
pub(super) fn drift_note(name: &str, (drift, error): (f64, f64), returns: &Returns) -> String {
    let years = returns.count() as f64 * returns.dt();
    let percent = |value: f64| 100.0 * value;
    format!(
        "The drift of {name} is hardly known: {:.0} % ± {:.0} % a year from {years:.1} years, so \
         anything from {:.0} % to {:.0} % (95 %); half that error takes four times the history.",
        percent(drift),
        percent(error),
        percent(drift - Z_95 * error),
        percent(drift + Z_95 * error),
    )
}
