//! GARCH(1,1) with t innovations.

use drypowder::prices::models::{
    GarchAsset, GarchSpec, ModelError, ModelKind, ModelPath, ModelSpec,
};
use drypowder::stats::normal_cdf;
use std::f64::consts::PI;

use crate::harness::{Table, asset, daily, day, each_path, mean, pair, steps};

fn garch(alpha: f64, beta: f64, df: Option<f64>, assets: usize, common_tails: bool) -> ModelKind {
    let one = GarchAsset { alpha, beta, df, start_volatility: None };
    ModelKind::Garch(GarchSpec { assets: vec![one; assets], common_tails })
}

/// Volatility so small that the step is its shock √h·ε: the correction h·W/2 is a 4e-5th of it.
const SMALL: f64 = 0.0015;

/// α = .1, β = .8, ν = 12, of which κ = E ε⁴ = 3·10/8 = 3.75 (the truncation of W takes 1e-12 of
/// the mass). In units of σ²·dt, with ω = .1 and r = β² + 2αβ + κα² = .8375:
///   E h² = ω²(1 + α + β)/((1 − α − β)(1 − r)) = .01·1.9/(.1·.1625) = 1.169231,
///   E η⁴ = κ·E h² = 4.384615,
///   E η²η'² one step later = ω + α·E η⁴ + β·E h² = .1 + .4384615 + .9353846 = 1.473846,
///   k steps later 1 + .473846·.9^(k−1)
/// (Bollerslev 1986, theorem 2; 1987). The start at h = 1 is forgotten like r^t: after 100 steps
/// 2e-8 is left.
#[test]
fn variance_kurtosis_and_autocorrelation_of_squares() {
    let kind = garch(0.1, 0.8, Some(12.0), 1, false);
    let spec = daily(vec![asset("A", SMALL, 0.0)], vec![1.0], 500, kind);
    let unit = SMALL * SMALL * day();
    let lags = [0, 1, 2, 5, 10];
    let rows = each_path(&spec, 1, 20_000, |logs| {
        let squares: Vec<f64> = steps(&logs[0])[100..].iter().map(|x| x * x / unit).collect();
        let product =
            |lag: usize| mean(squares.iter().zip(&squares[lag..]).map(|(one, other)| one * other));
        (mean(squares.iter().copied()), lags.map(product))
    });
    let mut table = Table::new("GARCH");
    let column = |lag: usize| -> Vec<f64> { rows.iter().map(|row| row.1[lag]).collect() };
    table.mean("variance / σ²dt", 1.0, &rows.iter().map(|row| row.0).collect::<Vec<_>>());
    table.mean("kurtosis", 4.384_615, &column(0));
    for (place, lag) in lags.into_iter().enumerate().skip(1) {
        let truth = 1.0 + 0.473_846 * libm::pow(0.9, lag as f64 - 1.0);
        table.mean(format!("E η²η'², {lag} later"), truth, &column(place));
    }
    table.check();
}

/// From twice the volatility (h = 4) the expected variance falls like .9^t: 1 + 3·.9^t.
#[test]
fn the_variance_returns_to_the_long_run() {
    let one =
        GarchAsset { alpha: 0.1, beta: 0.8, df: Some(5.0), start_volatility: Some(2.0 * SMALL) };
    let kind = ModelKind::Garch(GarchSpec { assets: vec![one], common_tails: false });
    let spec = daily(vec![asset("A", SMALL, 0.0)], vec![1.0], 30, kind);
    let unit = SMALL * SMALL * day();
    let rows = each_path(&spec, 2, 60_000, |logs| -> Vec<f64> {
        steps(&logs[0]).iter().map(|x| x * x / unit).collect()
    });
    let mut table = Table::new("GARCH from twice the volatility");
    for step in [0, 1, 4, 9, 29] {
        let truth = 1.0 + 3.0 * libm::pow(0.9, step as f64);
        let values: Vec<f64> = rows.iter().map(|row| row[step]).collect();
        table.mean(format!("variance of step {}", step + 1), truth, &values);
    }
    table.check();
}

/// P(|T| > t) of Student's t with 3 degrees: 1 − (2/π)(θ + sin θ·cos θ), tan θ = t/√3.
fn beyond_t3(t: f64) -> f64 {
    let angle = libm::atan(t / 3.0_f64.sqrt());
    1.0 - 2.0 / PI * (angle + 0.5 * libm::sin(2.0 * angle))
}

/// With α = β = 0 and 3 degrees a step is √(σ²dt)·√W·z, W = (1/χ²₃)/m where 1/χ²₃ ≤ 400, so that
/// |step| > c means |T| = |z|√(3/χ²₃) > c·√(3m). With x = 1/800: P(χ²₃/2 < x) = erf √x −
/// 2√(x/π)e^(−x) = 3.3e-5 is cut off, and m = erfc(√x)/(1 − that). The cut can move a
/// probability by as much as itself.
#[test]
fn innovations_have_the_tails_of_t() {
    let x: f64 = 1.0 / 800.0;
    let cut = libm::erf(x.sqrt()) - 2.0 * (x / PI).sqrt() * libm::exp(-x);
    let m = libm::erfc(x.sqrt()) / (1.0 - cut);
    let kind = garch(0.0, 0.0, Some(3.0), 1, false);
    let spec = daily(vec![asset("A", SMALL, 0.0)], vec![1.0], 1_000, kind);
    let unit = (SMALL * SMALL * day()).sqrt();
    let bounds = [0.3, 1.0, 2.0, 5.0, 10.0];
    let rows = each_path(&spec, 3, 4_000, |logs| {
        let steps = steps(&logs[0]);
        bounds.map(|bound| mean(steps.iter().map(|step| f64::from(step.abs() > bound * unit))))
    });
    let mut table = Table::new("t of 3 degrees");
    for (place, bound) in bounds.into_iter().enumerate() {
        let values: Vec<f64> = rows.iter().map(|row| row[place]).collect();
        let truth = beyond_t3(bound * (3.0 * m).sqrt());
        table.mean_within(format!("P(|ε| > {bound})"), truth, &values, cut);
    }
    table.check();
}

/// E over χ²_4 of f(W), W = (2/χ²₄)/m where 2/χ²₄ ≤ 400: by Simpson's rule in g = χ²/2, whose
/// density is g·e^(−g), from 1/400 on.
fn over_w(f: impl Fn(f64) -> f64) -> f64 {
    let (low, high, n) = (1.0 / 400.0, 60.0, 400_000);
    let width = (high - low) / f64::from(n);
    let sum = |f: &dyn Fn(f64) -> f64| {
        let at = |k: i32| {
            let g = low + f64::from(k) * width;
            f(g) * g * libm::exp(-g)
        };
        let inner: f64 = (1..n).map(|k| at(k) * if k % 2 == 1 { 4.0 } else { 2.0 }).sum();
        (at(0) + inner + at(n)) * width / 3.0
    };
    let mass = sum(&|_| 1.0);
    let m = sum(&|g| 1.0 / g) / mass;
    sum(&|g| f(1.0 / g / m)) / mass
}

/// Correlated normals and ν = 4. Correlation of the steps: ρ with common tails, ρ(E√W)² with each
/// its own. Both below −3 deviations, ρ = 0: E[Φ(−3/√W)²] and E[Φ(−3/√W)]².
#[test]
fn tails_come_together_or_not() {
    let alone = over_w(|w| normal_cdf(-3.0 / w.sqrt()));
    let together = over_w(|w| libm::pow(normal_cdf(-3.0 / w.sqrt()), 2.0));
    assert!(together > 10.0 * alone * alone, "{together} {alone}");
    let root = over_w(f64::sqrt);
    let unit = (SMALL * SMALL * day()).sqrt();
    let mut table = Table::new("two assets");
    for (name, common, weight, both) in
        [("common tails", true, 1.0, together), ("own tails", false, root * root, alone * alone)]
    {
        let spec = pair(SMALL, 0.7, 400, garch(0.0, 0.0, Some(4.0), 2, common));
        let products = each_path(&spec, 4, 5_000, |logs| {
            let (a, b) = (steps(&logs[0]), steps(&logs[1]));
            mean(a.iter().zip(&b).map(|(a, b)| a * b / unit / unit))
        });
        table.mean(format!("{name}: correlation"), 0.7 * weight, &products);
        let spec = pair(SMALL, 0.0, 400, garch(0.0, 0.0, Some(4.0), 2, common));
        let rows = each_path(&spec, 5, 10_000, |logs| {
            let (a, b) = (steps(&logs[0]), steps(&logs[1]));
            let below = |x: f64| x < -3.0 * unit;
            let one = mean(a.iter().map(|a| f64::from(below(*a))));
            (one, mean(a.iter().zip(&b).map(|(a, b)| f64::from(below(*a) && below(*b)))))
        });
        let ones: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let twos: Vec<f64> = rows.iter().map(|row| row.1).collect();
        table.mean(format!("{name}: one below −3"), alone, &ones);
        table.mean(format!("{name}: both below −3"), both, &twos);
    }
    table.check();
}

/// Heavy tails, strong clustering and large steps: the expected price is S₀e^(μT) to the last bit
/// of the formula, and the expected log price (μ − σ²/2)T.
#[test]
fn the_expected_price_grows_with_the_drift() {
    let mut table = Table::new("GARCH, growth");
    for (drift, df) in [(0.0, Some(3.0)), (0.5, Some(4.0)), (-0.5, None)] {
        let kind = garch(0.12, 0.85, df, 1, false);
        let spec = daily(vec![asset("A", 0.8, drift)], vec![1.0], 180, kind);
        let years = 180.0 * day();
        let logs = each_path(&spec, 6, 60_000, |logs| logs[0][180]);
        let growth: Vec<f64> = logs.iter().map(|log| libm::exp(*log)).collect();
        table.mean(format!("E S/S₀, μ {drift}, ν {df:?}"), libm::exp(drift * years), &growth);
        table.mean(format!("E ln S/S₀, μ {drift}, ν {df:?}"), (drift - 0.32) * years, &logs);
    }
    table.check();
}

#[test]
fn parameters_without_a_variance_are_refused() {
    let refused =
        |kind: ModelKind, spec: fn(ModelKind) -> ModelSpec, words: &str| match ModelPath::new(
            &spec(kind),
        )
        .map(|_| ())
        {
            Err(ModelError::Parameter { name, problem }) => {
                assert!(problem.contains(words) && name == "A", "{name}: {problem}");
            }
            other => panic!("{words}: {other:?}"),
        };
    let one = |kind| daily(vec![asset("A", 0.5, 0.0)], vec![1.0], 1, kind);
    refused(garch(0.3, 0.7, None, 1, false), one, "alpha + beta = 1");
    refused(garch(-0.1, 0.7, None, 1, false), one, "negative");
    refused(garch(f64::NAN, 0.7, None, 1, false), one, "negative");
    refused(garch(0.1, 0.7, Some(2.0), 1, false), one, "df = 2 is not above 2");
    refused(garch(0.1, 0.7, Some(f64::INFINITY), 1, false), one, "df = inf");
}
