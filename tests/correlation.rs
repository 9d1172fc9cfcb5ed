//! Two positions on correlated prices: the probability that both are force-closed.
//!
//! At a single step it is a bivariate normal probability. Over many steps without drift of the
//! log prices it is that of a planar Brownian motion to leave both of two half-planes, whose law
//! is a series of Bessel functions.

mod closed_forms;
#[allow(dead_code, reason = "a part of it is used")]
mod common;

use std::f64::consts::PI;

use closed_forms::passage::OVERSHOOT;
use closed_forms::{Proportion, simulate, z_point};
use common::{NEW_YEAR_MS, agent, isolated, plan};
use drypowder::engine::{CheckLevel, Metric, Plan};
use drypowder::policy::GuardSpec;
use drypowder::prices::models::{GbmAsset, ModelKind, ModelOptions, ModelSpec};
use drypowder::stats::normal_cdf;
use drypowder::units::time::{DAY_MS, HOUR_MS, YEAR_MS};

const VOLATILITY: [f64; 2] = [0.6, 0.95];

/// A 3x long of each asset, in an account of its own.
fn two_longs() -> Plan {
    let long = |name, market| {
        agent(name, 0.0, vec![isolated(market, 1, 3_000.0, 1_000.0)], GuardSpec::none())
    };
    let mut plan = plan(&["BTC", "SOL"], vec![long("a", 0), long("b", 1)]);
    plan.checks = CheckLevel::PerPath;
    plan
}

/// ln(x/p0) of a 3x long at 15 % and 1.05: 2 / (3 − 1.05·.15·3) = .791296.
fn barrier() -> f64 {
    libm::log(2.0 / (3.0 - 1.05 * 0.15 * 3.0))
}

/// Two assets whose log prices have this drift.
fn model(correlation: f64, log_drift: f64, step_ms: i64, steps: usize) -> ModelSpec {
    let asset = |name: &str, start_price, volatility: f64| {
        let drift = log_drift + volatility * volatility / 2.0;
        GbmAsset { name: name.into(), start_price, volatility, drift }
    };
    ModelSpec {
        start_ms: NEW_YEAR_MS,
        step_ms,
        steps,
        assets: vec![asset("BTC", 88_500.0, VOLATILITY[0]), asset("SOL", 182.0, VOLATILITY[1])],
        correlation: vec![1.0, correlation, correlation, 1.0],
        kind: ModelKind::Gbm,
        options: ModelOptions::default(),
    }
}

/// How many paths force-close both.
fn both(spec: &ModelSpec, seed: u64, paths: u64) -> u64 {
    let flags = simulate(&two_longs(), spec, seed, paths, |outcomes| {
        outcomes.iter().all(|outcome| outcome.get(Metric::Liquidations) > 0.0)
    });
    flags.into_iter().filter(|flag| *flag).count() as u64
}

/// Simpson's rule.
fn integral(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let n = 2_000;
    let width = (to - from) / f64::from(n);
    let inner: f64 =
        (1..n).map(|k| f(from + f64::from(k) * width) * if k % 2 == 1 { 4.0 } else { 2.0 }).sum();
    (f(from) + inner + f(to)) * width / 3.0
}

/// P(X ≤ a, Y ≤ b) of standard normals with this correlation (Plackett 1954, *A reduction
/// formula for normal multivariate integrals*): the derivative by ρ is their joint density.
fn bivariate_normal(a: f64, b: f64, correlation: f64) -> f64 {
    let density = |r: f64| {
        let rest = 1.0 - r * r;
        libm::exp(-(a * a - 2.0 * r * a * b + b * b) / (2.0 * rest)) / (2.0 * PI * rest.sqrt())
    };
    normal_cdf(a) * normal_cdf(b) + integral(0.0, correlation, density)
}

/// Modified Bessel function of the first kind by its power series.
fn bessel_i(order: f64, x: f64) -> f64 {
    let mut term = libm::exp(order * libm::log(x / 2.0) - libm::lgamma(order + 1.0));
    let mut sum = term;
    for k in 1..60 {
        term *= x * x / 4.0 / (f64::from(k) * (order + f64::from(k)));
        sum += term;
    }
    sum
}

/// P(neither of two driftless motions has come `distance[i]` standard deviations of the whole
/// time down): with the plane turned so that the motion is isotropic, it stays in a wedge of
/// angle α = arccos(−ρ) that it starts in at radius r₀, angle θ₀,
/// `2r₀/√(2π) · e^(−r₀²/4) · Σ_odd n sin(nπθ₀/α)/n · (I_{(ν−1)/2} + I_{(ν+1)/2})(r₀²/4)`, ν = nπ/α
/// (Iyengar 1985, *Hitting lines with two-dimensional Brownian motion*; Metzler 2010, *On the
/// first passage problem for correlated Brownian motion*, 2.3).
fn neither(distance: [f64; 2], correlation: f64) -> f64 {
    let [a, b] = distance;
    let rest = (1.0 - correlation * correlation).sqrt();
    let alpha = libm::acos(-correlation);
    let radius2 = (a * a + b * b - 2.0 * correlation * a * b) / (rest * rest);
    let theta = libm::atan2(b * rest, a - correlation * b);
    let x = radius2 / 4.0;
    let mut sum = 0.0;
    for n in (1..60).step_by(2) {
        let order = f64::from(n) * PI / alpha;
        let waves = libm::sin(order * theta) / f64::from(n);
        sum += waves * (bessel_i((order - 1.0) / 2.0, x) + bessel_i((order + 1.0) / 2.0, x));
    }
    2.0 * (radius2 / (2.0 * PI)).sqrt() * libm::exp(-x) * sum
}

/// Independent motions: the product of the two reflection formulas.
#[test]
fn the_series_is_a_product_without_correlation() {
    let alone = |distance: f64| 1.0 - 2.0 * normal_cdf(-distance);
    for (a, b) in [(1.0, 1.0), (0.4, 1.7), (2.5, 0.9)] {
        let (series, product) = (neither([a, b], 0.0), alone(a) * alone(b));
        assert!((series - product).abs() < 1e-12, "{a} {b}: {series}, not {product}");
    }
    assert!((bivariate_normal(0.0, 0.0, 0.5) - 1.0 / 3.0).abs() < 1e-12);
}

#[test]
fn both_fall_in_one_step_with_the_bivariate_normal_probability() {
    let (table, paths) = ([-0.6, 0.0, 0.5, 0.65, 0.9], 200_000);
    let years = 60.0 * DAY_MS as f64 / YEAR_MS as f64;
    let level = VOLATILITY.map(|volatility| barrier() / (volatility * years.sqrt()));
    for (seed, correlation) in (20..).zip(table) {
        let spec = model(correlation, 0.0, 60 * DAY_MS, 1);
        let truth = bivariate_normal(level[0], level[1], correlation);
        let found = Proportion { successes: both(&spec, seed, paths), trials: paths, truth };
        println!("one step, ρ {correlation:+.2} | {truth:.5} | {}", found.line());
        assert!(found.score().abs() < z_point(table.len()), "ρ {correlation}: {found:?}");
    }
}

/// The barrier of each motion moves away by its own continuity correction; near the corner of
/// the wedge, where both are about to be reached, that is no more than plausible. What it leaves
/// is allowed with 5e-4 (a million paths of each row were at most 3.1e-4 off, one standard error).
#[test]
fn both_are_force_closed_with_the_probability_of_the_wedge() {
    let (table, paths) = ([-0.6, 0.0, 0.5, 0.8], 60_000);
    let (steps, days) = (720, 30);
    let years = (days * DAY_MS) as f64 / YEAR_MS as f64;
    let watched = OVERSHOOT * (1.0 / steps as f64).sqrt();
    let distance = VOLATILITY.map(|sigma| -barrier() / (sigma * years.sqrt()) + watched);
    let alone = distance.map(|distance| 1.0 - 2.0 * normal_cdf(-distance));
    for (seed, correlation) in (30..).zip(table) {
        let spec = model(correlation, 0.0, HOUR_MS, steps);
        let truth = 1.0 - alone[0] - alone[1] + neither(distance, correlation);
        let found = Proportion { successes: both(&spec, seed, paths), trials: paths, truth };
        println!("720 steps, ρ {correlation:+.2} | {truth:.5} | {}", found.line());
        let allowed = z_point(table.len()) * found.stderr() + 5e-4;
        assert!((found.simulated() - truth).abs() < allowed, "ρ {correlation}: {found:?}");
    }
}
