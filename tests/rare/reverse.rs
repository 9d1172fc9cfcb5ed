//! The likeliest path to a force-close, against the closed forms of a Brownian motion.

use drypowder::engine::{EventKind, Plan};
use drypowder::policy::{GuardSpec, TopUpSpec};
use drypowder::prices::Prices;
use drypowder::prices::models::{GbmAsset, ModelKind, ModelOptions, ModelSpec};
use drypowder::scenario::{RareEvent, ReverseSpec};
use drypowder::study::{ReverseError, ReverseResult, reverse};
use drypowder::units::time::{HOUR_MS, YEAR_MS};

use crate::common::{self, NEW_YEAR_MS, agent, guard, isolated, live_top_up, plan};

const STEP_MS: i64 = 6 * HOUR_MS;

fn spec(pieces: usize) -> ReverseSpec {
    ReverseSpec { event: RareEvent::Liquidation, agent: None, pieces, shapes: 2_000 }
}

/// Assets of these volatilities and drifts, correlated by .7.
fn model(assets: &[(f64, f64)], steps: usize) -> ModelSpec {
    let asset = |(place, (volatility, drift)): (usize, &(f64, f64))| GbmAsset {
        name: format!("A{place}"),
        start_price: 100.0,
        volatility: *volatility,
        drift: *drift,
    };
    let n = assets.len();
    ModelSpec {
        start_ms: NEW_YEAR_MS,
        step_ms: STEP_MS,
        steps,
        assets: assets.iter().enumerate().map(asset).collect(),
        correlation: (0..n * n).map(|i| if i / n == i % n { 1.0 } else { 0.7 }).collect(),
        kind: ModelKind::Gbm,
        options: ModelOptions::default(),
    }
}

fn plan_of(names: &[&str], side: i64, wallet: f64, guard: GuardSpec) -> Plan {
    plan(names, vec![agent("alone", wallet, vec![isolated(0, side, 3_000.0, 1_000.0)], guard)])
}

/// Where a long (or short) of three times its collateral is closed: ln of the price.
fn barrier(side: i64) -> f64 {
    let units = side as f64 * 3.0;
    libm::log((units - 1.0) / (units - 1.05 * 0.15 * units.abs()))
}

fn find(plan: &Plan, model: &ModelSpec, spec: &ReverseSpec) -> Result<ReverseResult, ReverseError> {
    reverse(plan, &Prices::Model(model.clone()), 1, spec, 0)
}

fn years(steps: f64) -> f64 {
    steps * STEP_MS as f64 / YEAR_MS as f64
}

/// b the barrier, ν = μ − σ²/2, 60 steps of six hours: a constant force takes the log price to b
/// at the energy (b − νt)²/(2σ²t), least at t = |b/ν| where that is before the end and the drift
/// leads away, else at the end. The found energy is at most 1e-3 above it (nothing lies below but
/// by the tick at which b is met), and log prices up to the break lie within 1 % of b of the
/// straight line.
#[test]
fn one_asset_goes_straight_in_its_log_price() {
    for (side, volatility, drift, steps) in
        [(1, 0.6, 0.0, 60), (1, 0.6, 4.0, 160), (-1, 0.9, 0.3, 60)]
    {
        let model = model(&[(volatility, drift)], steps);
        let found =
            find(&plan_of(&["A0"], side, 0.0, GuardSpec::none()), &model, &spec(4)).unwrap();
        let (b, nu) = (barrier(side), drift - volatility * volatility / 2.0);
        let away = nu * b < 0.0;
        let time = if away { (b / nu).abs().min(years(steps as f64)) } else { years(steps as f64) };
        let energy = (b - nu * time).powi(2) / (2.0 * volatility * volatility * time);
        println!(
            "side {side} σ {volatility} μ {drift}: energy {:.6} of {energy:.6}, straight {:.6}, break after {:.2} of {:.2} steps, {} shapes, {} runs",
            found.energy,
            found.straight_energy,
            (found.break_ms - NEW_YEAR_MS) as f64 / STEP_MS as f64,
            time / years(1.0),
            found.shapes,
            found.runs
        );
        assert!((found.energy / energy - 1.0).abs() < 1e-3, "{} of {energy}", found.energy);
        assert!(found.energy <= found.straight_energy * (1.0 + 1e-6));
        let broken = found.break_ms - NEW_YEAR_MS;
        for (time_ms, price) in &found.prices[0] {
            let passed = time_ms - NEW_YEAR_MS;
            if passed <= broken {
                let line = b * passed as f64 / broken as f64;
                let off = libm::log(price / 100.0) - line;
                assert!(off.abs() < 0.01 * b.abs(), "after {passed} of {broken} ms: {off}");
            }
        }
        let told = &found.trace.events;
        assert!(told.iter().any(|event| event.kind == EventKind::Liquidated));
    }
}

/// Only the first asset is held; without drift of the log price (μ = σ²/2) the second goes along
/// by Σ·w, w the first: its log price ends at ρ·σ₂/σ₁·b = .7·(.9/.6)·b.
#[test]
fn what_is_not_held_goes_along_by_its_covariance() {
    let model = model(&[(0.6, 0.18), (0.9, 0.405)], 60);
    let found = find(&plan_of(&["A0", "A1"], 1, 0.0, GuardSpec::none()), &model, &spec(2)).unwrap();
    let b = barrier(1);
    let energy = b * b / (2.0 * 0.36 * years(60.0));
    let end = |asset: usize| libm::log(found.prices[asset].last().unwrap().1 / 100.0);
    println!("energy {} of {energy}, ends {} {}", found.energy, end(0) / b, end(1) / b);
    assert!((found.energy / energy - 1.0).abs() < 1e-3);
    assert!((end(0) / b - 1.0).abs() < 1e-3 && (end(1) / b - 1.05).abs() < 0.02);
}

/// A guard that tops up makes it dearer, and by more the more it has.
#[test]
fn a_guard_makes_the_break_dearer() {
    let model = model(&[(0.6, 0.0)], 60);
    let top_up = TopUpSpec { fallback_to_kill_switch: false, ..live_top_up() };
    let energy = |wallet: f64| {
        let plan = plan_of(&["A0"], 1, wallet, guard(Some(top_up.clone()), None));
        find(&plan, &model, &spec(2)).unwrap().energy
    };
    let (none, some, more) = (energy(0.0), energy(500.0), energy(1_000.0));
    println!("{none} {some} {more}");
    assert!(none * 1.1 < some && some * 1.1 < more);
}

/// A long that nothing closes; prices that have other noise than normals; parameters.
#[test]
fn what_has_no_likeliest_path_is_said_so() {
    let model = model(&[(0.6, 0.0)], 60);
    let bound = vec![isolated(0, 1, 1_000.0, 1_000.0)];
    let safe = plan(&["A0"], vec![agent("alone", 0.0, bound, GuardSpec::none())]);
    assert!(matches!(find(&safe, &model, &spec(1)), Err(ReverseError::Unbreakable)));
    let plan = plan_of(&["A0"], 1, 0.0, GuardSpec::none());
    let kind = common::models::every(1).remove(1).1;
    let rows = [
        (ModelSpec { kind, ..model.clone() }, spec(1), "model = \"gbm\""),
        (model.clone(), spec(0), "at least one piece"),
        (model.clone(), ReverseSpec { agent: Some(1), ..spec(1) }, "no such agent"),
    ];
    for (model, spec, wanted) in rows {
        let error = find(&plan, &model, &spec).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    }
}
