//! Heston's stochastic volatility.

use drypowder::prices::models::{HestonAsset, ModelError, ModelKind, ModelPath};

use crate::harness::{Table, asset, daily, day, each_path, mean, pair, steps};

fn heston(vol_of_vol: f64, price_variance: f64, start_volatility: Option<f64>) -> HestonAsset {
    HestonAsset { mean_reversion: 3.0, vol_of_vol, price_variance, start_volatility }
}

/// Feller's ratio 2·3·.36/ξ² is 8.6, .54 and .24: the last two touch 0. E S/S₀ = e^(μT) exactly.
/// Mean variance of a year from v₀: ∫E v dt = θ + (v₀ − θ)(1 − e^(−κ))/κ (Cox, Ingersoll & Ross
/// 1985); a step's square has also what its own mean and its covariance with the variance add, of
/// order dt: 5e-3 of it is allowed.
#[test]
fn growth_and_mean_variance() {
    let mut table = Table::new("Heston");
    let rows = [(0.5, -0.7, None, 0.0), (2.0, 0.4, Some(0.3), 0.3), (3.0, -0.5, Some(1.2), -0.3)];
    for (place, (xi, rho, start, drift)) in rows.into_iter().enumerate() {
        let kind = ModelKind::Heston(vec![heston(xi, rho, start)]);
        let spec = daily(vec![asset("A", 0.6, drift)], vec![1.0], 365, kind);
        let made = each_path(&spec, 10 + place as u64, 40_000, |logs| {
            let squares: f64 = steps(&logs[0]).iter().map(|step| step * step).sum();
            (libm::exp(logs[0][365]), squares)
        });
        let growth: Vec<f64> = made.iter().map(|row| row.0).collect();
        let squares: Vec<f64> = made.iter().map(|row| row.1).collect();
        let v0 = start.map_or(0.36, |start| start * start);
        let truth = 0.36 + (v0 - 0.36) * -libm::expm1(-3.0) / 3.0;
        table.mean(format!("ξ {xi}, ρ {rho}: E S/S₀"), libm::exp(drift), &growth);
        table.mean_within(format!("ξ {xi}, ρ {rho}: variance"), truth, &squares, 5e-3 * truth);
    }
    table.check();
}

/// One step from v₀ = θ: E r₁r₂ = R·(ρ₁ρ₂ + √(1 − ρ₁²)√(1 − ρ₂²))·θ·dt, R where both are the same.
/// The variances are drawn as squares of normals, whose correlation is a little weaker: 5e-3.
#[test]
fn correlations_are_those_of_the_drivers() {
    let mut table = Table::new("Heston, two assets");
    for (one, other) in [(-0.7, -0.7), (-0.7, 0.0), (0.0, 0.0)] {
        let kind = ModelKind::Heston(vec![heston(0.5, one, None), heston(0.5, other, None)]);
        let spec = pair(0.6, 0.8, 1, kind);
        let products = each_path(&spec, 20, 400_000, |logs| logs[0][1] * logs[1][1] / 0.36 / day());
        let rest = |rho: f64| (1.0 - rho * rho).sqrt();
        let truth = 0.8 * (one * other + rest(one) * rest(other));
        table.mean_within(format!("ρ {one} and {other}"), truth, &products, 5e-3);
        assert!((spec.return_correlation(0, 1) - truth).abs() < 1e-12);
    }
    table.check();
}

/// From twice the volatility E v_t = θ + (v₀ − θ)e^(−κt), seen in the squares of single steps.
#[test]
fn the_variance_returns_to_the_long_run() {
    let kind = ModelKind::Heston(vec![heston(1.0, -0.5, Some(1.2))]);
    let spec = daily(vec![asset("A", 0.6, 0.0)], vec![1.0], 300, kind);
    let rows = each_path(&spec, 30, 40_000, |logs| -> Vec<f64> {
        steps(&logs[0]).iter().map(|step| step * step / day()).collect()
    });
    let mut table = Table::new("Heston from twice the volatility");
    for step in [0, 30, 120, 299] {
        // The mean over the step, taken at its middle.
        let t = (step as f64 + 0.5) * day();
        let truth = 0.36 + (1.44 - 0.36) * libm::exp(-3.0 * t);
        let values: Vec<f64> = rows.iter().map(|row| row[step]).collect();
        table.mean_within(format!("step {}", step + 1), truth, &values, 5e-3 * truth);
    }
    let all: Vec<f64> = rows.iter().map(|row| mean(row.iter().copied())).collect();
    let years = 300.0 * day();
    let truth = 0.36 + 1.08 * -libm::expm1(-3.0 * years) / (3.0 * years);
    table.mean_within("all steps", truth, &all, 5e-3 * truth);
    table.check();
}

#[test]
fn what_has_no_law_is_refused() {
    let refused = |volatility: f64, heston: HestonAsset, words: &str| {
        let kind = ModelKind::Heston(vec![heston]);
        let spec = daily(vec![asset("A", volatility, 0.0)], vec![1.0], 1, kind);
        match ModelPath::new(&spec).map(|_| ()) {
            Err(ModelError::Parameter { problem, .. }) => {
                assert!(problem.contains(words), "{problem}")
            }
            other => panic!("{words}: {other:?}"),
        }
    };
    refused(0.0, heston(0.5, 0.0, None), "volatility 0 is not above 0");
    refused(0.5, heston(0.0, 0.0, None), "vol of vol 0 is not above 0");
    refused(0.5, heston(f64::NAN, 0.0, None), "vol of vol NaN");
    refused(0.5, heston(0.5, 1.5, None), "correlation 1.5");
    refused(0.5, heston(0.5, 0.0, Some(-1.0)), "start volatility -1");
    // ρξ·dt = .9·500/365 = 1.2: the step's expected price is infinite.
    refused(0.5, heston(500.0, 0.9, None), "the step is too long");
}
