//! Mean and covariance of the returns of a book's lines.

use crate::prices::models::ModelSpec;
use crate::scenario::BookLine;
use crate::stats::SymMatrix;
use crate::stats::risk::{Moments, RiskError, sample_moments};
use crate::units::time::YEAR_MS;

/// Those of a model over a time, from its moments of the long run: μ·t, and ρσσ'·t.
pub(super) fn of_model(model: &ModelSpec, lines: &[BookLine], time_ms: i64) -> Moments {
    let years = time_ms as f64 / YEAR_MS as f64;
    let mut covariance = SymMatrix::identity(lines.len());
    for (i, one) in lines.iter().enumerate() {
        for (j, other) in lines[..=i].iter().enumerate() {
            let deviations = (model.variance(one.asset) * model.variance(other.asset)).sqrt();
            let correlation = if one.asset == other.asset {
                1.0
            } else {
                model.return_correlation(one.asset, other.asset)
            };
            covariance.set(i, j, correlation * deviations * years);
        }
    }
    let mean = |line: &BookLine| model.assets[line.asset].drift * years;
    Moments { mean: lines.iter().map(mean).collect(), covariance }
}

/// Those of past bars, per bar.
pub(super) fn of_past(returns: &[&[f64]], lines: &[BookLine]) -> Result<Moments, RiskError> {
    let series: Vec<&[f64]> = lines.iter().map(|line| returns[line.asset]).collect();
    sample_moments(&series)
}
