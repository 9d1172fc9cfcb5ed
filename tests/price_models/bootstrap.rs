//! The stationary block bootstrap.

use std::sync::Arc;

use drypowder::prices::models::{
    BootstrapSpec, GbmAsset, ModelError, ModelKind, ModelPath, ModelSpec,
};
use drypowder::stats::StreamKey;

use crate::harness::{Table, asset, daily, day, each_path, mean, steps};

/// 300 rows of two assets that move together, with calm and wild stretches, skew and serial
/// correlation.
fn history() -> Vec<Vec<f64>> {
    let mut stream = StreamKey::new("test", "history").open(1, 0);
    let (mut last, mut rows) = (0.0, vec![Vec::new(), Vec::new()]);
    for row in 0..300 {
        let wild = if (row / 50) % 2 == 0 { 0.01 } else { 0.05 };
        let (common, own) = (stream.normal(), stream.normal());
        last = 0.3 * last + wild * common - if row % 97 == 0 { 0.2 } else { 0.0 };
        rows[0].push(last + 0.002);
        rows[1].push(0.8 * last + 0.01 * own);
    }
    rows
}

fn spec(mean_block: f64, recentred: bool, drift: f64, steps: usize) -> ModelSpec {
    let returns = Arc::new(history());
    let kind = ModelKind::Bootstrap(BootstrapSpec { returns, mean_block, recentred });
    let assets: Vec<GbmAsset> = ["A", "B"].map(|name| asset(name, 0.5, drift)).to_vec();
    daily(assets, vec![1.0, 0.0, 0.0, 1.0], steps, kind)
}

/// Every row is as likely as any other at each step, so that mean, variance and covariance are
/// those of the file; k steps later stands the k-th row after it, past the end from the start
/// again, with probability (1 − p)^k, else any row: Politis & Romano 1994, equation 9.
#[test]
fn moments_are_those_of_the_file() {
    let (rows, n) = (history(), 300);
    let centre = [0, 1].map(|asset| mean(rows[asset].iter().copied()));
    let covariance = |one: usize, other: usize, lag: usize| {
        mean((0..n).map(|row| {
            (rows[one][row] - centre[one]) * (rows[other][(row + lag) % n] - centre[other])
        }))
    };
    let mut table = Table::new("bootstrap");
    for mean_block in [1.0, 8.0, 40.0] {
        let figures = [(0, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1), (0, 0, 5)];
        let made = each_path(&spec(mean_block, false, 0.0, 400), 5, 8_000, |logs| {
            let steps = [steps(&logs[0]), steps(&logs[1])];
            let centred = |asset: usize, at: usize| steps[asset][at] - centre[asset];
            let product = |(one, other, lag): (usize, usize, usize)| {
                mean((0..400 - lag).map(|at| centred(one, at) * centred(other, at + lag))) * 1e4
            };
            (mean(steps[0].iter().copied()) * 1e2, figures.map(product))
        });
        let means: Vec<f64> = made.iter().map(|row| row.0).collect();
        table.mean(format!("block {mean_block}: mean, %"), centre[0] * 1e2, &means);
        for (place, (one, other, lag)) in figures.into_iter().enumerate() {
            let kept = libm::pow(1.0 - 1.0 / mean_block, lag as f64);
            let truth = covariance(one, other, lag) * kept * 1e4;
            let values: Vec<f64> = made.iter().map(|row| row.1[place]).collect();
            table.mean(
                format!("block {mean_block}: {one}{other}, {lag} later, 1e-4"),
                truth,
                &values,
            );
        }
    }
    table.check();
}

/// Recentred, the mean of e^r over all rows is e^(μ·dt): by shifting, exactly.
#[test]
fn recentred_steps_are_fair() {
    let rows = history();
    for drift in [0.0, 0.7] {
        let spec = spec(1.0, true, drift, 1);
        // All steps that a path can begin with, from enough paths to see every row.
        let mut seen: Vec<f64> = each_path(&spec, 6, 20_000, |logs| logs[0][1]);
        seen.sort_unstable_by(f64::total_cmp);
        seen.dedup_by(|a, b| (*a - *b).abs() < 1e-12);
        assert_eq!(seen.len(), 300);
        let growth = mean(seen.iter().map(|step| libm::exp(*step)));
        assert!((growth - libm::exp(drift * day())).abs() < 1e-12, "{growth}");
        let shift = seen[0] - rows[0].iter().copied().fold(f64::INFINITY, f64::min);
        let mut own = rows[0].clone();
        own.sort_unstable_by(f64::total_cmp);
        assert!(own.iter().zip(&seen).all(|(own, seen)| (own + shift - seen).abs() < 1e-12));
    }
}

/// E S_n/S₀: with m(row) the expected growth of paths whose last step was that row,
/// m'(row) = e^(r(row))·[(1 − p)·m(row − 1) + p·mean m], from m = e^r/300 on. Within a block what
/// follows is what followed, so that this is not e^(μT).
#[test]
fn the_expected_price_is_that_of_the_blocks() {
    let rows = history();
    let shift = -libm::log(mean(rows[0].iter().map(|row| libm::exp(*row))));
    let growth: Vec<f64> = rows[0].iter().map(|row| libm::exp(row + shift)).collect();
    let mut table = Table::new("bootstrap, growth");
    for mean_block in [1.0, 10.0] {
        let p = 1.0 / mean_block;
        let mut last: Vec<f64> = growth.iter().map(|growth| growth / 300.0).collect();
        for _ in 1..60 {
            let all: f64 = last.iter().sum();
            last = (0..300)
                .map(|row| growth[row] * ((1.0 - p) * last[(row + 299) % 300] + p * all / 300.0))
                .collect();
        }
        let truth: f64 = last.iter().sum();
        let found =
            each_path(&spec(mean_block, true, 0.0, 60), 7, 100_000, |logs| libm::exp(logs[0][60]));
        table.mean(format!("block {mean_block}: E S/S₀ after 60 steps"), truth, &found);
        assert!(mean_block > 1.0 || (truth - 1.0).abs() < 1e-12, "{truth}");
    }
    table.check();
}

#[test]
fn what_cannot_be_drawn_from_is_refused() {
    let refused = |returns: Vec<Vec<f64>>, mean_block: f64, words: &str| {
        let kind = ModelKind::Bootstrap(BootstrapSpec {
            returns: returns.into(),
            mean_block,
            recentred: true,
        });
        let spec = daily(vec![asset("A", 0.5, 0.0)], vec![1.0], 1, kind);
        match ModelPath::new(&spec).map(|_| ()) {
            Err(ModelError::Parameter { problem, .. }) => {
                assert!(problem.contains(words), "{problem}")
            }
            other => panic!("{words}: {other:?}"),
        }
    };
    refused(vec![vec![]], 5.0, "no returns");
    refused(vec![vec![0.1], vec![0.1]], 5.0, "parameters of 2 assets for 1");
    refused(vec![vec![f64::NAN]], 5.0, "not finite");
    refused(vec![vec![0.1]], 0.5, "a mean block of 0.5 steps");
}
