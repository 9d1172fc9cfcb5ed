//! Length of the blocks of a stationary bootstrap (D. N. Politis & H. White 2004, *Automatic
//! block-length selection for the dependent bootstrap*; A. Patton, D. N. Politis & H. White 2009,
//! *Correction*, Econometric Reviews 28, 372–375).

use super::flat_top::FlatTop;
use super::gbm::{diffusion, drift_note};
use super::returns::mean_deviation;
use super::{Calibration, DriftChoice, Parameter, Returns, Unit};

/// A block length and what it came from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockLength {
    /// Mean length, in steps, at least 1.
    pub steps: f64,
    /// Whether it stands at the greatest that the rule allows, min(3√n, n/3): memory reaches
    /// further than the history shows.
    pub at_most: bool,
}

/// The mean block that is best for the variance of a mean: (2·G²/D)^(1/3)·n^(1/3) with
/// G = Σ λ(k/M)·|k|·R(k) and, by the correction of 2009, D = 2·(Σ λ(k/M)·R(k))².
pub fn block_length(series: &[f64]) -> BlockLength {
    let n = series.len() as f64;
    let most = (3.0 * n.sqrt()).min(n / 3.0).ceil().max(1.0);
    let FlatTop { spectrum, slope, .. } = FlatTop::of(series);
    let ratio = slope / spectrum;
    if !ratio.is_finite() {
        return BlockLength { steps: 1.0, at_most: false };
    }
    let steps = libm::cbrt(ratio * ratio * n);
    BlockLength { steps: steps.clamp(1.0, most), at_most: steps >= most }
}

/// The greatest over all assets of what the returns ask for and what their squares do: blocks that
/// are long enough for calm and storm to stay together.
pub(super) fn calibrate(returns: &Returns, drift: DriftChoice) -> Calibration {
    let mut parameters = Vec::new();
    let mut notes = Vec::new();
    let mut longest = BlockLength { steps: 1.0, at_most: false };
    let mut told = Vec::new();
    for (name, rows) in returns.names.iter().zip(&returns.rows) {
        let (mean, _) = mean_deviation(rows);
        let squares: Vec<f64> = rows.iter().map(|r| (r - mean) * (r - mean)).collect();
        for (of, series) in [("returns", rows), ("squared returns", &squares)] {
            let found = block_length(series);
            if found.steps > longest.steps {
                longest = found;
            }
            let key = format!("mean block of {of}");
            let ms = found.steps * returns.step_ms as f64;
            told.push(Parameter::told(&format!("assets.{name}"), &key, ms, None, Unit::Time));
        }
    }
    let steps = longest.steps.round().max(1.0);
    let mean_block = steps * returns.step_ms as f64;
    parameters.push(Parameter::new("", "mean_block", mean_block, None, Unit::Time));
    for (name, rows) in returns.names.iter().zip(&returns.rows) {
        let table = format!("assets.{name}");
        let found = diffusion(rows, returns.dt());
        let (value, error) = found.volatility;
        parameters.push(Parameter::told(
            &table,
            "volatility",
            value,
            Some(error),
            Unit::PerRootYear,
        ));
        parameters.extend(Parameter::drift(&table, found.drift.0, Some(found.drift.1), drift));
        notes.push(drift_note(name, found.drift, returns));
    }
    parameters.extend(told);
    notes.push(
        "mean_block is a choice by a rule, not an estimate: it has no standard error. It is the \
         longest that returns or squared returns of any asset ask for."
            .to_owned(),
    );
    if longest.at_most {
        notes.push(format!(
            "The rule's greatest block, {steps:.0} steps, binds: the memory of the squares reaches \
             further than blocks of this history can keep."
        ));
    }
    Calibration { parameters, notes, log_likelihood: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::StreamKey;

    /// An autoregression x' = ρx + e has the best block (2ρ/(1 − ρ²))^(2/3)·n^(1/3): G/g(0) =
    /// 2ρ/(1 − ρ²). Of ρ = .7 and n = 8,000 39.2; the mean over 20 paths within a fifth (one
    /// estimate has a deviation of about a quarter). White noise asks for hardly any.
    #[test]
    fn blocks_of_an_autoregression() {
        let key = StreamKey::new("test", "blocks");
        let mean = |rho: f64| {
            let of = |path: u64| {
                let mut stream = key.open(1, path);
                let mut x = 0.0;
                let series: Vec<f64> = (0..8_000)
                    .map(|_| {
                        x = rho * x + stream.normal();
                        x
                    })
                    .collect();
                block_length(&series).steps
            };
            (0..20).map(of).sum::<f64>() / 20.0
        };
        let best = libm::cbrt((1.4_f64 / 0.51).powi(2) * 8_000.0);
        assert!((mean(0.7) / best - 1.0).abs() < 0.2, "{} {best}", mean(0.7));
        assert!(mean(0.0) < 4.0, "{}", mean(0.0));
    }

    #[test]
    fn a_block_is_at_least_one_step_and_at_most_what_the_rule_allows() {
        let series: Vec<f64> = (0..400).map(|k| if k % 2 == 0 { 1.0 } else { -1.0 }).collect();
        assert!(block_length(&series).steps >= 1.0);
        // Of a straight line R(k) hardly falls, M stands at its greatest, ⌈√n⌉ + 5 = 453, and G/g(0)
        // is near 7/18·M = 176: (176²·n)^(1/3) = 1,837, above min(3√n, n/3) = 1,341.6.
        let trend: Vec<f64> = (0..200_000).map(f64::from).collect();
        assert_eq!(block_length(&trend), BlockLength { steps: 1_342.0, at_most: true });
    }
}
