//! Calibrating simulated data gives back what it was simulated with, within the standard errors
//! that are stated; and these match the spread over seeds.
//!
//! Each row below calibrates paths of the crate's own models under fixed seeds. Of every parameter
//! |estimate − truth| < 3.5 standard errors on each seed (by chance missed once in 2,000), and the
//! root mean square of (estimate − truth)/error over the 12 seeds lies between 0.5 and 1.6: of a
//! right error that is √(χ²₁₂/12), outside 0.43 to 1.65 once in a thousand.

#[path = "calibration/simulate.rs"]
mod simulate;

use drypowder::prices::calibrate::{
    CalibrateError, Calibration, DriftChoice, ModelChoice, calibrate,
};
use drypowder::prices::models::{
    GarchAsset, GarchSpec, MertonJumps, ModelKind, ModelSpec, Regime, RegimesSpec,
};
use drypowder::units::time::{DAY_MS, HOUR_MS};

use simulate::{returns, spec};

const SEEDS: u64 = 12;

/// Table, key, truth.
type Truth = (&'static str, &'static str, f64);

fn find(found: &Calibration, table: &str, key: &str) -> (f64, Option<f64>) {
    let of = found.parameters.iter().find(|one| one.table == table && one.key == key);
    let of = of.unwrap_or_else(|| panic!("no {table}.{key} in {:?}", found.parameters));
    (of.value, of.error)
}

/// Calibrates the model under twelve seeds.
fn recovers(name: &str, spec: &ModelSpec, model: ModelChoice, truths: &[Truth]) {
    let mut squares = vec![0.0; truths.len()];
    for seed in 1..=SEEDS {
        let found = calibrate(&returns(spec, seed), model, DriftChoice::Calibrated).unwrap();
        for (square, (table, key, truth)) in squares.iter_mut().zip(truths) {
            let (value, error) = find(&found, table, key);
            let error = error.unwrap_or_else(|| panic!("{name}: {table}.{key} has no error"));
            let score = (value - truth) / error;
            let text = format!("{name}, seed {seed}: {table}.{key} {value} ± {error}, not {truth}");
            assert!(score.abs() < 3.5, "{text}");
            *square += score * score / SEEDS as f64;
        }
    }
    for (square, (table, key, _)) in squares.iter().zip(truths) {
        println!("{name}: {table}.{key}: root mean square score {:.2}", square.sqrt());
        assert!((0.5..1.6).contains(&square.sqrt()), "{name}: {table}.{key} {}", square.sqrt());
    }
}

#[test]
fn volatility_drift_and_correlation() {
    let assets = [("A", 0.6, 0.3), ("B", 0.8, -0.2), ("C", 1.1, 0.0)];
    let correlation = [1.0, 0.8, 0.5, 0.8, 1.0, 0.6, 0.5, 0.6, 1.0];
    let spec = spec(ModelKind::Gbm, &assets, &correlation, DAY_MS, 1_500);
    let truths = [
        ("assets.A", "volatility", 0.6),
        ("assets.B", "volatility", 0.8),
        ("assets.A", "drift", 0.3),
        ("assets.C", "drift", 0.0),
        ("correlation", "A-B", 0.8),
        ("correlation", "A-C", 0.5),
        ("correlation", "B-C", 0.6),
    ];
    recovers("gbm", &spec, ModelChoice::Gbm, &truths);
}

#[test]
fn jumps() {
    let jumps = MertonJumps { intensity: 25.0, mean: -0.04, deviation: 0.08, compensated: true };
    let kind = ModelKind::Merton(vec![jumps]);
    let spec = spec(kind, &[("A", 0.5, 0.0)], &[1.0], DAY_MS, 2_000);
    let truths = [
        ("assets.A", "volatility", 0.5),
        ("assets.A.jumps", "intensity", 25.0),
        ("assets.A.jumps", "mean", -0.04),
        ("assets.A.jumps", "deviation", 0.08),
        ("assets.A", "drift", 0.0),
    ];
    recovers("merton", &spec, ModelChoice::Merton, &truths);
}

fn garch(alpha: f64, beta: f64, df: f64) -> GarchAsset {
    GarchAsset { alpha, beta, df: Some(df), start_volatility: None }
}

#[test]
fn clustering() {
    let kind =
        ModelKind::Garch(GarchSpec { assets: vec![garch(0.1, 0.85, 7.0)], common_tails: true });
    let spec = spec(kind, &[("A", 0.7, 0.0)], &[1.0], DAY_MS, 3_000);
    let truths = [
        ("assets.A", "volatility", 0.7),
        ("assets.A", "alpha", 0.1),
        ("assets.A", "beta", 0.85),
        ("assets.A", "df", 7.0),
    ];
    recovers("garch", &spec, ModelChoice::Garch, &truths);
}

#[test]
fn clustering_of_two_assets_with_common_tails() {
    let assets = vec![garch(0.1, 0.8, 6.0), garch(0.06, 0.9, 6.0)];
    let kind = ModelKind::Garch(GarchSpec { assets, common_tails: true });
    let spec =
        spec(kind, &[("A", 0.7, 0.0), ("B", 0.9, 0.0)], &[1.0, 0.7, 0.7, 1.0], DAY_MS, 1_500);
    let truths = [
        ("assets.A", "alpha", 0.1),
        ("assets.B", "beta", 0.9),
        ("assets.B", "df", 6.0),
        ("correlation", "A-B", 0.7),
    ];
    recovers("garch of two", &spec, ModelChoice::Garch, &truths);
}

fn regime(name: &str, days: i64, next: &[f64], volatility: &[f64], drift: f64, rho: f64) -> Regime {
    let n = volatility.len();
    let correlation = (0..n * n).map(|at| if at % (n + 1) == 0 { 1.0 } else { rho }).collect();
    Regime {
        name: name.to_owned(),
        duration_ms: (days * DAY_MS) as f64,
        next: next.to_vec(),
        volatility: volatility.to_vec(),
        drift: vec![drift; n],
        correlation,
    }
}

#[test]
fn two_regimes_of_two_assets() {
    let calm = regime("calm", 40, &[0.0, 1.0], &[0.4, 0.5], 0.5, 0.5);
    let wild = regime("wild", 15, &[1.0, 0.0], &[1.2, 1.4], -1.0, 0.9);
    let kind = ModelKind::Regimes(RegimesSpec { regimes: vec![calm, wild], start: None });
    let spec =
        spec(kind, &[("A", 0.7, 0.0), ("B", 0.8, 0.0)], &[1.0, 0.7, 0.7, 1.0], DAY_MS, 2_000);
    let truths = [
        ("regimes.calm", "duration", 40.0 * DAY_MS as f64),
        ("regimes.wild", "duration", 15.0 * DAY_MS as f64),
        ("regimes.calm.assets.A", "volatility", 0.4),
        ("regimes.wild.assets.B", "volatility", 1.4),
        ("regimes.calm.assets.B", "drift", 0.5),
        ("regimes.wild.assets.A", "drift", -1.0),
        ("regimes.calm.correlation", "A-B", 0.5),
        ("regimes.wild.correlation", "A-B", 0.9),
    ];
    recovers("regimes", &spec, ModelChoice::Regimes(2), &truths);
}

#[test]
fn three_regimes() {
    let calm = regime("calm", 30, &[0.0, 0.8, 0.2], &[0.25], 0.0, 0.0);
    let restless = regime("restless", 20, &[0.5, 0.0, 0.5], &[0.7], 0.0, 0.0);
    let wild = regime("wild", 12, &[0.3, 0.7, 0.0], &[2.0], 0.0, 0.0);
    let kind = ModelKind::Regimes(RegimesSpec { regimes: vec![calm, restless, wild], start: None });
    let spec = spec(kind, &[("A", 0.7, 0.0)], &[1.0], DAY_MS, 3_000);
    let truths = [
        ("regimes.calm", "duration", 30.0 * DAY_MS as f64),
        ("regimes.wild", "duration", 12.0 * DAY_MS as f64),
        ("regimes.calm.next", "restless", 0.8),
        ("regimes.restless.assets.A", "volatility", 0.7),
        ("regimes.wild.assets.A", "volatility", 2.0),
    ];
    recovers("three regimes", &spec, ModelChoice::Regimes(3), &truths);
}

#[test]
fn what_a_model_has_nothing_of_is_said() {
    let quiet = spec(ModelKind::Gbm, &[("A", 0.6, 0.0)], &[1.0], HOUR_MS, 2_000);
    let rows = returns(&quiet, 3);
    let merton = calibrate(&rows, ModelChoice::Merton, DriftChoice::Zero).unwrap();
    assert!(
        merton.notes.iter().any(|note| note.starts_with("No jumps of A")),
        "{:?}",
        merton.notes
    );
    assert!(merton.parameters.iter().all(|one| !one.table.contains("jumps")));
    let garch = calibrate(&rows, ModelChoice::Garch, DriftChoice::Zero).unwrap();
    let (alpha, _) = find(&garch, "assets.A", "alpha");
    assert!(alpha < 0.06, "{alpha}");
    let few = returns(&spec(ModelKind::Gbm, &[("A", 0.6, 0.0)], &[1.0], HOUR_MS, 299), 1);
    assert_eq!(
        calibrate(&few, ModelChoice::Regimes(2), DriftChoice::Zero),
        Err(CalibrateError::TooFew { found: 299, needed: 300 })
    );
}
