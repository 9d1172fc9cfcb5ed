//! The models against their closed forms.

use super::*;
use crate::prices::PricePath;
use crate::units::time::{DAY_MS, HOUR_MS, YEAR_MS};

fn asset(name: &str, volatility: f64, drift: f64) -> GbmAsset {
    GbmAsset { name: name.into(), start_price: 100.0, volatility, drift }
}

fn spec(assets: Vec<GbmAsset>, correlation: Vec<f64>, steps: usize, kind: ModelKind) -> ModelSpec {
    let options = ModelOptions::default();
    ModelSpec { start_ms: 0, step_ms: DAY_MS, steps, assets, correlation, kind, options }
}

/// Log returns over the whole path, one row per path.
fn final_logs(spec: &ModelSpec, paths: u64) -> Vec<Vec<f64>> {
    let mut path = ModelPath::new(spec).unwrap();
    let n = spec.assets.len();
    let (mut marks, mut lasts) = (vec![0.0; n], vec![0.0; n]);
    (0..paths)
        .map(|number| {
            path.begin(7, number);
            path.load(spec.steps, &mut marks, &mut lasts);
            marks.iter().map(|mark| libm::log(mark / 100.0)).collect()
        })
        .collect()
}

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = values.clone().count() as f64;
    values.sum::<f64>() / count
}

#[test]
fn gbm_has_the_moments_of_its_law() {
    let correlation = vec![1.0, 0.8, 0.65, 0.8, 1.0, 0.7, 0.65, 0.7, 1.0];
    let assets = vec![asset("BTC", 0.6, 0.1), asset("ETH", 0.75, 0.0), asset("SOL", 0.95, 0.0)];
    let spec = spec(assets, correlation.clone(), 73, ModelKind::Gbm);
    let years = 73.0 * DAY_MS as f64 / YEAR_MS as f64;
    let paths = 20_000;
    let logs = final_logs(&spec, paths);
    // Five standard errors of each statistic: mean σ√(T/n), variance σ²T√(2/n), correlation
    // (1 − ρ²)/√n.
    let n = paths as f64;
    for (index, asset) in spec.assets.iter().enumerate() {
        let variance = asset.volatility * asset.volatility * years;
        let expected = asset.drift * years - variance / 2.0;
        let got = mean(logs.iter().map(|row| row[index]));
        assert!((got - expected).abs() < 5.0 * (variance / n).sqrt(), "{} mean {got}", asset.name);
        let spread = mean(logs.iter().map(|row| (row[index] - got) * (row[index] - got)));
        assert!((spread / variance - 1.0).abs() < 5.0 * (2.0 / n).sqrt(), "{} var", asset.name);
        for other in 0..index {
            let average = mean(logs.iter().map(|row| row[other]));
            let product = |row: &Vec<f64>| (row[index] - got) * (row[other] - average);
            let covariance = mean(logs.iter().map(product));
            let second = spec.assets[other].volatility * spec.assets[other].volatility * years;
            let rho = covariance / (variance * second).sqrt();
            let truth = correlation[index * 3 + other];
            assert!((rho - truth).abs() < 5.0 * (1.0 - truth * truth) / n.sqrt() + 0.01, "{rho}");
        }
    }
}

#[test]
fn merton_has_the_moments_of_its_law() {
    let jumps = MertonJumps { intensity: 20.0, mean: -0.05, deviation: 0.04, compensated: true };
    let spec = spec(vec![asset("BTC", 0.3, 0.0)], vec![1.0], 365, ModelKind::Merton(vec![jumps]));
    let logs = final_logs(&spec, 20_000);
    // Variance of the log over a year: σ² + λ(m² + s²) = .09 + 20(.0025 + .0016) = .172.
    // Mean of the price is the start price: compensated and no drift.
    let growth = mean(logs.iter().map(|row| libm::exp(row[0])));
    let average = mean(logs.iter().map(|row| row[0]));
    let variance = mean(logs.iter().map(|row| (row[0] - average) * (row[0] - average)));
    assert!((variance - 0.172).abs() < 0.172 * 5.0 * (2.2_f64 / 20_000.0).sqrt(), "{variance}");
    // Standard error of the mean growth: √(e^.172… − 1)/√n ≈ .0031.
    assert!((growth - 1.0).abs() < 5.0 * 0.0031, "{growth}");
}

#[test]
fn pure_jumps_are_poisson() {
    let jumps = MertonJumps { intensity: 5.0, mean: -0.1, deviation: 0.0, compensated: false };
    let spec = spec(vec![asset("BTC", 0.0, 0.0)], vec![1.0], 365, ModelKind::Merton(vec![jumps]));
    let logs = final_logs(&spec, 10_000);
    let counts: Vec<f64> = logs.iter().map(|row| row[0] / -0.1).collect();
    assert!(counts.iter().all(|count| (count - count.round()).abs() < 1e-9));
    // Mean 5 with standard error √(5/n) = .0224; P(0) = e^−5 = .0067 with s.e. .0008.
    assert!((mean(counts.iter().copied()) - 5.0).abs() < 5.0 * 0.0224);
    let none = counts.iter().filter(|count| count.round() == 0.0).count() as f64 / 1e4;
    assert!((none - 0.006_737_9).abs() < 5.0 * 0.000_82, "{none}");
}

#[test]
fn reading_order_does_not_change_a_path() {
    let assets = vec![asset("BTC", 0.6, 0.0), asset("ETH", 0.7, 0.0)];
    let jumps = MertonJumps { intensity: 300.0, mean: -0.01, deviation: 0.02, compensated: true };
    let kind = ModelKind::Merton(vec![jumps; 2]);
    let spec =
        ModelSpec { step_ms: HOUR_MS, ..spec(assets, vec![1.0, 0.5, 0.5, 1.0], 2_000, kind) };
    let mut straight = ModelPath::new(&spec).unwrap();
    let mut jumping = straight.clone();
    straight.begin(3, 9);
    jumping.begin(3, 4);
    jumping.draw_all();
    jumping.begin(3, 9);
    let (mut a, mut b, mut unused) = ([0.0; 2], [0.0; 2], [0.0; 2]);
    for tick in [1_999, 5, 2_000, 0, 700] {
        jumping.load(tick, &mut b, &mut unused);
    }
    for tick in 0..=2_000 {
        straight.load(tick, &mut a, &mut unused);
        jumping.load(tick, &mut b, &mut unused);
        assert_eq!(a.map(f64::to_bits), b.map(f64::to_bits), "tick {tick}");
    }
    straight.load(0, &mut a, &mut unused);
    assert_eq!(a, [100.0, 100.0]);
}

#[test]
fn an_added_asset_moves_no_other_price() {
    let one = spec(vec![asset("BTC", 0.6, 0.0)], vec![1.0], 100, ModelKind::Gbm);
    let two = spec(
        vec![asset("BTC", 0.6, 0.0), asset("ETH", 0.7, 0.0)],
        vec![1.0, 0.8, 0.8, 1.0],
        100,
        ModelKind::Gbm,
    );
    let (one, two) = (final_logs(&one, 10), final_logs(&two, 10));
    for (a, b) in one.iter().zip(&two) {
        assert_eq!(a[0].to_bits(), b[0].to_bits());
    }
}

#[test]
fn the_first_loud_tick_is_the_first_outside() {
    let spec = ModelSpec {
        step_ms: HOUR_MS,
        ..spec(vec![asset("BTC", 0.9, 0.0)], vec![1.0], 3_000, ModelKind::Gbm)
    };
    let mut path = ModelPath::new(&spec).unwrap();
    for number in 0..200 {
        path.begin(1, number);
        path.set_quiet(&[93.0], &[108.0]);
        let found = path.next_loud(1, 3_001);
        let (mut mark, mut last) = ([0.0], [0.0]);
        let plain = (1..3_001).find(|&tick| {
            path.load(tick, &mut mark, &mut last);
            mark[0] <= 93.0 || mark[0] >= 108.0
        });
        assert_eq!(found, plain.unwrap_or(3_001), "path {number}");
    }
}

#[test]
fn a_matrix_that_is_none_is_refused() {
    let assets = vec![asset("A", 0.1, 0.0), asset("B", 0.1, 0.0), asset("C", 0.1, 0.0)];
    let correlation = vec![1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0];
    // Eigenvalues of this pattern: 1 + .9 twice and 1 − 1.8 = −.8.
    let error = ModelPath::new(&spec(assets, correlation, 1, ModelKind::Gbm)).unwrap_err();
    assert!(matches!(error, ModelError::NotPsd(least) if (least + 0.8).abs() < 1e-12), "{error}");
}
