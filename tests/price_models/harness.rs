//! Paths of a model, and tables of figures beside their closed forms.

use drypowder::prices::PricePath;
use drypowder::prices::models::{GbmAsset, ModelKind, ModelOptions, ModelPath, ModelSpec};
use drypowder::stats::mean_and_stderr;
use drypowder::units::time::{DAY_MS, YEAR_MS};
use rayon::prelude::*;

use crate::closed_forms::z_point;

pub fn asset(name: &str, volatility: f64, drift: f64) -> GbmAsset {
    GbmAsset { name: name.into(), start_price: 100.0, volatility, drift }
}

/// Daily steps.
pub fn daily(
    assets: Vec<GbmAsset>,
    correlation: Vec<f64>,
    steps: usize,
    kind: ModelKind,
) -> ModelSpec {
    let options = ModelOptions::default();
    ModelSpec { start_ms: 0, step_ms: DAY_MS, steps, assets, correlation, kind, options }
}

/// Two assets A and B of one volatility.
pub fn pair(volatility: f64, rho: f64, steps: usize, kind: ModelKind) -> ModelSpec {
    let assets = vec![asset("A", volatility, 0.0), asset("B", volatility, 0.0)];
    daily(assets, vec![1.0, rho, rho, 1.0], steps, kind)
}

pub fn day() -> f64 {
    DAY_MS as f64 / YEAR_MS as f64
}

/// The log prices over the start price of every path, `logs[asset][tick]`, and what `keep` makes
/// of them.
pub fn each_path<T: Send>(
    spec: &ModelSpec,
    seed: u64,
    paths: u64,
    keep: impl Fn(&[Vec<f64>]) -> T + Sync,
) -> Vec<T> {
    let path = ModelPath::new(spec).expect("the model can be simulated");
    let n = spec.assets.len();
    let begin = || (path.clone(), vec![vec![0.0; spec.steps + 1]; n], vec![0.0; n], vec![0.0; n]);
    (0..paths)
        .into_par_iter()
        .map_init(begin, |(path, logs, marks, lasts), number| {
            path.begin(seed, number);
            let ticks = spec.steps + 1;
            for tick in 0..ticks {
                path.load(tick, marks, lasts);
                for ((log, mark), asset) in logs.iter_mut().zip(marks.iter()).zip(&spec.assets) {
                    log[tick] = libm::log(mark / asset.start_price);
                }
            }
            keep(logs)
        })
        .collect()
}

/// Steps of a row of log prices.
pub fn steps(logs: &[f64]) -> Vec<f64> {
    logs.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

pub fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    sum / count
}

/// Figures of one test.
pub struct Table {
    name: &'static str,
    rows: Vec<(String, f64, f64, f64, f64)>,
}

impl Table {
    pub fn new(name: &'static str) -> Self {
        Self { name, rows: Vec::new() }
    }

    /// A figure of each path, whose mean is known.
    pub fn mean(&mut self, label: impl Into<String>, truth: f64, values: &[f64]) {
        self.mean_within(label, truth, values, 0.0);
    }

    /// As [`Table::mean`], with what the closed form itself may be off by.
    pub fn mean_within(
        &mut self,
        label: impl Into<String>,
        truth: f64,
        values: &[f64],
        slack: f64,
    ) {
        let (found, stderr) = mean_and_stderr(values);
        self.rows.push((label.into(), truth, found, stderr, slack));
    }

    /// Prints the rows and asserts that each lies within the level that they share.
    pub fn check(self) {
        let z = z_point(self.rows.len());
        let mut wrong = Vec::new();
        for (label, truth, found, stderr, slack) in &self.rows {
            let score = (found - truth) / stderr;
            let line = format!(
                "{} | {label} | {truth:.6} | {found:.6} ± {stderr:.6} | {score:+.2}",
                self.name
            );
            println!("{line}");
            // A NaN is no agreement.
            let far = (found - truth).abs();
            if far.is_nan() || far > z * stderr + slack {
                wrong.push(line);
            }
        }
        assert!(wrong.is_empty(), "beyond {z:.2} standard errors:\n{}", wrong.join("\n"));
    }
}
