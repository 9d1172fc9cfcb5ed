//! Splitting against the exact law of first passage, where plain paths would see next to nothing.

use std::sync::atomic::AtomicBool;

use drypowder::engine::{Metric, Plan};
use drypowder::policy::{GuardSpec, KillScope, TopUpSpec};
use drypowder::prices::PricePath;
use drypowder::prices::Prices;
use drypowder::prices::models::{
    Branch, CorrelationDrift, Drawdown, GbmAsset, ModelKind, ModelOptions, ModelPath, ModelSpec,
};
use drypowder::scenario::{LevelMeasure, RareEvent, SplittingSpec};
use drypowder::study::{Execution, NoProgress, SplittingError, SplittingResult, splitting};
use drypowder::units::time::{HOUR_MS, YEAR_MS};

use crate::closed_forms::monitored;
use crate::closed_forms::passage::Passage;
use crate::closed_forms::simulate;
use crate::common::{self, NEW_YEAR_MS, agent, guard, isolated, kill_switch, live_top_up, plan};

const SIGMA: f64 = 0.60;

fn spec() -> SplittingSpec {
    SplittingSpec {
        event: RareEvent::Liquidation,
        agent: None,
        measure: LevelMeasure::HealthFactor,
        levels: Vec::new(),
        particles: 1_000,
        replicates: 12,
        share: 0.2,
    }
}

fn model(steps: usize, names: &[&str]) -> ModelSpec {
    let asset = |name: &&str| GbmAsset {
        name: (*name).into(),
        start_price: 100.0,
        volatility: SIGMA,
        drift: 0.0,
    };
    let n = names.len();
    let correlation = (0..n * n).map(|i| if i / n == i % n { 1.0 } else { 0.6 }).collect();
    ModelSpec {
        start_ms: NEW_YEAR_MS,
        step_ms: HOUR_MS,
        steps,
        assets: names.iter().map(asset).collect(),
        correlation,
        kind: ModelKind::Gbm,
        options: ModelOptions::default(),
    }
}

/// A long of three times its collateral, closed at (3 − 1)/(3 − 1.05·.15·3) of its entry.
fn alone() -> Plan {
    plan(
        &["BTC"],
        vec![agent("alone", 0.0, vec![isolated(0, 1, 3_000.0, 1_000.0)], GuardSpec::none())],
    )
}

fn barrier() -> f64 {
    libm::log(2.0 / (3.0 - 1.05 * 0.15 * 3.0))
}

/// The law of hourly looks, exactly.
fn exact(steps: usize) -> f64 {
    let drift = SIGMA * SIGMA / 2.0;
    let passage = Passage { distance: -barrier(), drift, volatility: SIGMA };
    let step = HOUR_MS as f64 / YEAR_MS as f64;
    1.0 - monitored::survival(&passage, step, steps).pop().unwrap()
}

fn estimate(
    plan: &Plan,
    model: &ModelSpec,
    spec: &SplittingSpec,
    threads: usize,
    seed: u64,
) -> Result<SplittingResult, SplittingError> {
    let stop = AtomicBool::new(false);
    let execution = Execution { threads, stop: &stop };
    splitting(plan, &Prices::Model(model.clone()), seed, spec, &execution, &mut NoProgress)
}

fn print(name: &str, truth: f64, found: &SplittingResult) {
    println!(
        "{name}: {:.4e} ± {:.1e} {:?}, truth {truth:.4e}, score {:+.2}; runs {} + {}, plain paths {:.3e}, gain {:.0}; levels {:?}",
        found.estimate.probability,
        found.estimate.stderr,
        found.estimate.interval,
        (found.estimate.probability - truth) / found.estimate.stderr,
        found.runs,
        found.pilot_runs,
        found.estimate.plain_paths,
        found.gain(),
        found.stages.iter().map(|s| (s.level, s.reached, s.of)).collect::<Vec<_>>()
    );
}

/// Truth by quadrature, good to 1e-13: 1.8e-4 and 5.4e-7. Four standard errors hold it (of fixed
/// seeds), one is below 25 % of it, and plain paths of the same error, p(1 − p)/error², would be
/// more than ten and more than two hundred times as many as the runs of the engine: the gain grows
/// as 1/(p·ln²p).
#[test]
fn agrees_with_the_exact_law_of_first_passage() {
    for (steps, least_gain, seed) in [(96, 10.0, 1), (54, 200.0, 2)] {
        let truth = exact(steps);
        let found = estimate(&alone(), &model(steps, &["BTC"]), &spec(), 2, seed).unwrap();
        print(&format!("{steps} hours"), truth, &found);
        let error = found.estimate.stderr;
        assert!((found.estimate.probability - truth).abs() < 4.0 * error);
        assert!(error < 0.25 * truth && found.gain() > least_gain, "{}", found.gain());
        // Levels go down, and so does what is left of the paths.
        let levels: Vec<f64> = found.stages.iter().filter_map(|stage| stage.level).collect();
        assert!(levels.len() >= 3 && levels.windows(2).all(|pair| pair[1] < pair[0]), "{levels:?}");
        assert!(levels.iter().all(|level| *level > 1.05));
    }
}

#[test]
fn the_same_at_any_number_of_threads() {
    let small = SplittingSpec { particles: 60, replicates: 3, ..spec() };
    let of = |threads| estimate(&alone(), &model(96, &["BTC"]), &small, threads, 3).unwrap();
    let one = of(1);
    assert!(one.estimate.probability > 0.0);
    assert_eq!(one, of(2));
    assert_eq!(one, of(7));
}

/// A guarded account of three correlated longs under every model: the part of 4,000 plain paths with the event
/// and the estimate differ by less than four of their common standard errors (twelve comparisons). Levels that
/// are far from even, and the wallet counted or not, change nothing but the error.
#[test]
fn agrees_with_plain_paths_of_a_guarded_account_under_every_model() {
    let names = ["BTC", "ETH", "SOL"];
    let positions: Vec<_> = (0..3).map(|m| isolated(m, 1, 3_000.0, 1_000.0)).collect();
    let guarded = |guard| plan(&names, vec![agent("desk", 1_500.0, positions.clone(), guard)]);
    let alone = TopUpSpec { fallback_to_kill_switch: false, ..live_top_up() };
    let kill = Some(kill_switch(KillScope::MostAtRisk));
    let plans = [guarded(guard(Some(alone), None)), guarded(guard(Some(live_top_up()), kill))];
    let reference = common::reference_prices();
    let rows = [
        (RareEvent::Liquidation, LevelMeasure::HealthFactor, vec![1.9, 1.3]),
        (RareEvent::Distress, LevelMeasure::BackedHealthFactor, vec![3.0, 2.2, 1.5]),
    ];
    let plain = ModelSpec { steps: 14 * 24, ..reference.clone() };
    let mut models: Vec<(&str, ModelSpec)> = (common::models::every(3).into_iter())
        .map(|(name, kind)| (name, ModelSpec { kind, ..plain.clone() }))
        .collect();
    let options = ModelOptions { copula_df: Some(4.0), ..fallen(0.1) };
    models.push(("gbm, copula and drawdown", ModelSpec { options, ..plain }));
    for (name, model) in models {
        for ((event, measure, levels), plan) in rows.iter().zip(&plans) {
            let metric = match event {
                RareEvent::Liquidation => Metric::Liquidations,
                RareEvent::Distress => Metric::DistressExits,
            };
            let seen = simulate(plan, &model, 77, 4_000, |outcomes| outcomes[0].get(metric) > 0.0);
            let plain = seen.iter().filter(|seen| **seen).count() as f64 / 4_000.0;
            let spec = SplittingSpec {
                event: *event,
                measure: *measure,
                levels: levels.clone(),
                particles: 200,
                replicates: 10,
                ..spec()
            };
            let found = estimate(plan, &model, &spec, 2, 5).unwrap();
            print(&format!("{name} {event:?}"), plain, &found);
            let plain_error = (plain * (1.0 - plain) / 4_000.0).sqrt();
            let error = f64::hypot(found.estimate.stderr, plain_error);
            assert!(plain > 0.0005 && plain < 0.9, "{name}: {plain}");
            assert!((found.estimate.probability - plain).abs() < 4.0 * error, "{name} {event:?}");
        }
    }
}

/// Correlations that go to .95 at once when the first of three assets has fallen so far.
fn fallen(depth: f64) -> ModelOptions {
    let crisis = (0..9).map(|i| if i / 3 == i % 3 { 1.0 } else { 0.95 }).collect();
    let drawdown = Drawdown { asset: 0, depth, recovery: None };
    let drift = CorrelationDrift {
        crisis,
        after_ms: 0,
        over_ms: 0,
        stay_ms: None,
        drawdown: Some(drawdown),
    };
    ModelOptions { correlation_drift: Some(drift), ..ModelOptions::default() }
}

/// The crisis begins in the step after the tick at which the first asset has fallen by 5 % from its
/// highest; whether it did.
fn follows_its_market(path: &mut ModelPath) -> bool {
    let (mut marks, mut lasts) = ([0.0; 3], [0.0; 3]);
    let (mut highest, mut crisis) = (0.0_f64, false);
    for tick in 0..path.ticks() {
        path.load(tick, &mut marks, &mut lasts);
        assert_eq!(path.crisis_weight(tick) == 1.0, crisis, "{tick}");
        highest = highest.max(marks[0]);
        crisis |= marks[0] / highest <= 0.95;
    }
    crisis
}

/// A market that is watched takes the branches of its path and its normals. Up to a branch nothing
/// changes, afterwards everything does.
#[test]
fn a_watched_market_takes_the_same_branches() {
    let spec = ModelSpec { steps: 400, options: fallen(0.05), ..common::reference_prices() };
    let (mut root, mut path) = (ModelPath::new(&spec).unwrap(), ModelPath::new(&spec).unwrap());
    let branches = [Branch { tick: 30, stream: 1 }, Branch { tick: 77, stream: 2 }];
    let mut began = 0;
    for number in 0..20 {
        root.begin(1, number);
        path.begin_branch(1, number, &branches);
        began += usize::from(follows_its_market(&mut path));
        let (mut marks, mut lasts, mut of_root) = ([0.0; 3], [0.0; 3], [0.0; 3]);
        for tick in 0..=400 {
            path.load(tick, &mut marks, &mut lasts);
            root.load(tick, &mut of_root, &mut lasts);
            assert_eq!(marks == of_root, tick <= 30, "{number} {tick}");
        }
    }
    assert!(began > 10, "{began}");
    path.begin_given(1, 0, &[-0.1; 3 * 400]);
    assert!(follows_its_market(&mut path));
}

#[test]
fn what_cannot_be_split_is_refused() {
    let (plan, model) = (alone(), model(24, &["BTC"]));
    let message = |spec: &SplittingSpec, model: &ModelSpec| match estimate(&plan, model, spec, 1, 1)
    {
        Ok(found) => panic!("{found:?}"),
        Err(error) => error.to_string(),
    };
    let rows = [
        (SplittingSpec { agent: Some(1), ..spec() }, "no such agent"),
        (SplittingSpec { particles: 1, ..spec() }, "at least 2 particles"),
        (SplittingSpec { replicates: 1, ..spec() }, "2 replicates"),
        (SplittingSpec { share: 1.0, ..spec() }, "between 0 and 1"),
        (SplittingSpec { levels: vec![1.2, 1.2], ..spec() }, "strictly descending"),
        (SplittingSpec { levels: vec![f64::NAN], ..spec() }, "finite"),
    ];
    for (spec, wanted) in rows {
        let found = message(&spec, &model);
        assert!(found.contains(wanted), "{found}");
    }
    let options = ModelOptions { antithetic: true, ..ModelOptions::default() };
    let found = message(&spec(), &ModelSpec { options, ..model.clone() });
    assert!(found.contains("neither antithetic nor sobol"), "{found}");
}

/// A long of once its collateral has health factor 1/.15 at every price.
#[test]
fn an_event_that_cannot_happen_is_said_so() {
    let positions = vec![isolated(0, 1, 1_000.0, 1_000.0)];
    let plan = plan(&["BTC"], vec![agent("alone", 0.0, positions, GuardSpec::none())]);
    let small = SplittingSpec { particles: 50, ..spec() };
    let error = estimate(&plan, &model(24, &["BTC"]), &small, 1, 1).unwrap_err();
    assert!(matches!(error, SplittingError::Stalled { .. }), "{error}");
}
