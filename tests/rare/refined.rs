//! The bridge inside the steps: coarse points stay, the law is that of continuous time, and what is
//! refined only near a threshold gives the same bytes.

use drypowder::engine::{
    AccountSample, Event, Metric, Plan, PositionSample, Recorder, Workspace, run, run_every_instant,
};
use drypowder::policy::{GuardSpec, KillScope};
use drypowder::prices::PricePath;
use drypowder::prices::models::{ModelKind, ModelOptions, ModelPath, ModelSpec, RefinedPath};
use drypowder::units::time::{DAY_MS, HOUR_MS, NEVER_MS, YEAR_MS};
use rayon::prelude::*;

use crate::closed_forms::passage::Passage;
use crate::common::{self, agent, guard, isolated, kill_switch, live_top_up, plan};

fn refined(spec: &ModelSpec, levels: u32) -> RefinedPath {
    let options = ModelOptions { refine: levels, ..spec.options.clone() };
    RefinedPath::new(&ModelSpec { options, ..spec.clone() }).expect("it can be refined")
}

/// Every model but the bootstrap, a fortnight of hours of three assets.
fn models() -> Vec<(&'static str, ModelSpec)> {
    let reference = ModelSpec { steps: 14 * 24, ..common::reference_prices() };
    (common::models::every(3).into_iter())
        .filter(|(_, kind)| !matches!(kind, ModelKind::Bootstrap(_)))
        .map(|(name, kind)| (name, ModelSpec { kind, ..reference.clone() }))
        .collect()
}

fn marks(path: &mut impl PricePath, tick: usize) -> Vec<u64> {
    let (mut marks, mut lasts) = (vec![0.0; 3], vec![0.0; 3]);
    path.load(tick, &mut marks, &mut lasts);
    marks.iter().map(|mark| mark.to_bits()).collect()
}

#[test]
fn no_coarse_point_is_moved_and_deeper_levels_move_no_node() {
    for (name, spec) in models() {
        let mut coarse = ModelPath::new(&spec).unwrap();
        let (mut three, mut five) = (refined(&spec, 3), refined(&spec, 5));
        for number in [0, 7] {
            coarse.begin(3, number);
            three.begin(3, number);
            five.begin(3, number);
            assert_eq!((three.ticks(), five.ticks()), (336 * 8 + 1, 336 * 32 + 1));
            // Backwards too: what a node is does not depend on what was read.
            for step in (0..=336).chain((0..336).rev()) {
                assert_eq!(marks(&mut coarse, step), marks(&mut three, step * 8), "{name} {step}");
            }
            for tick in 0..three.ticks() {
                assert_eq!(marks(&mut three, tick), marks(&mut five, tick * 4), "{name} {tick}");
                assert_eq!(three.tick_ms(tick), five.tick_ms(tick * 4));
            }
        }
    }
}

/// An instant between two ticks has the tick before it: 7 ms in four are at 0, 1, 3 and 5.
#[test]
fn instants_have_the_tick_before_them() {
    let spec = ModelSpec { step_ms: 7, steps: 3, ..common::reference_prices() };
    let path = refined(&spec, 2);
    let times: Vec<i64> =
        (0..path.ticks()).map(|tick| path.tick_ms(tick) - spec.start_ms).collect();
    assert_eq!(times, [0, 1, 3, 5, 7, 8, 10, 12, 14, 15, 17, 19, 21]);
    for after in 0..=30 {
        let wanted = times.iter().rposition(|time| *time <= after).unwrap();
        assert_eq!(path.tick_at(spec.start_ms + after), wanted, "{after}");
    }
}

/// Given both ends of a day, σ 60 %, 3 assets of correlations .5 to .8: the node at a quarter is
/// normal about the line with variance σ²·dt·(1/4)(3/4), and two assets' nodes have the
/// correlation of the model; at the quarter and the half of one asset the covariance is
/// σ²·dt·(1/4)(1/2). 4,000 steps: four standard errors of a variance are 9 % of it, those of a
/// covariance are smaller.
#[test]
fn nodes_have_the_law_of_a_bridge() {
    let spec = ModelSpec { step_ms: DAY_MS, steps: 4_000, ..common::reference_prices() };
    let mut path = refined(&spec, 3);
    path.begin(9, 0);
    let (mut a, mut b) = (vec![0.0; 3], vec![0.0; 3]);
    let mut log = |tick: usize| -> Vec<f64> {
        path.load(tick, &mut a, &mut b);
        a.iter().map(|price| libm::log(*price)).collect()
    };
    let unit: Vec<f64> = (spec.assets.iter())
        .map(|asset| asset.volatility * (DAY_MS as f64 / YEAR_MS as f64).sqrt())
        .collect();
    let mut sums = [0.0; 6];
    for step in 0..4_000 {
        let (from, to) = (log(step * 8), log(step * 8 + 8));
        let off = |node: Vec<f64>, part: f64| -> Vec<f64> {
            (0..3).map(|i| (node[i] - from[i] - part * (to[i] - from[i])) / unit[i]).collect()
        };
        let (quarter, half) = (off(log(step * 8 + 2), 0.25), off(log(step * 8 + 4), 0.5));
        sums[0] += quarter[0] * quarter[0];
        sums[1] += quarter[2] * quarter[2];
        sums[2] += quarter[0] * half[0];
        sums[3] += quarter[0] * quarter[1];
        sums[4] += quarter[1] * quarter[2];
        sums[5] += quarter[0] * half[1];
    }
    let (v, c) = (3.0 / 16.0, 1.0 / 8.0);
    let rho = |i: usize, j: usize| spec.correlation[i * 3 + j];
    let truths = [v, v, c, rho(0, 1) * v, rho(1, 2) * v, rho(0, 1) * c];
    for (sum, truth) in sums.iter().zip(truths) {
        let found = sum / 4_000.0;
        println!("{found:.5} of {truth:.5}");
        assert!((found - truth).abs() < 0.06 * v + 0.03 * truth, "{found}, not {truth}");
    }
}

/// Keeps all events.
#[derive(Default)]
struct Events(Vec<Event>);

impl Recorder for Events {
    const EVENTS: bool = true;

    fn event(&mut self, event: &Event) {
        self.0.push(event.clone());
    }

    fn next_sample_ms(&self) -> i64 {
        NEVER_MS
    }

    fn sample(&mut self, _: i64, _: &[AccountSample], _: &[PositionSample]) {}
}

fn guarded() -> Plan {
    let positions = (0..3).map(|market| isolated(market, 1, 3_000.0, 1_000.0)).collect();
    let guard = guard(Some(live_top_up()), Some(kill_switch(KillScope::MostAtRisk)));
    plan(&["BTC", "ETH", "SOL"], vec![agent("desk", 1_500.0, positions, guard)])
}

/// Refining where it matters, refining everything, and looking at every instant: the same
/// outcomes and the same events, to the byte; and far fewer steps refined.
#[test]
fn refining_near_thresholds_alone_changes_nothing() {
    let plan = guarded();
    for (name, spec) in models() {
        let (mut lazy, mut every, mut slow) =
            (refined(&spec, 4), refined(&spec, 4), refined(&spec, 4));
        every.refine_every_step();
        let mut workspace = Workspace::new(&plan, 3);
        let mut exits = 0;
        for number in 0..40 {
            let mut told: Vec<(String, Vec<String>)> = Vec::new();
            for (path, all) in [(&mut lazy, false), (&mut every, false), (&mut slow, true)] {
                path.begin(1, number);
                let mut events = Events::default();
                if all {
                    run_every_instant(&plan, path, 1, number, &mut workspace, &mut events).unwrap();
                } else {
                    run(&plan, path, 1, number, &mut workspace, &mut events).unwrap();
                }
                let lines = events.0.iter().map(|event| format!("{event:?}")).collect();
                exits += usize::from(workspace.outcomes()[0].get(Metric::DistressExits) > 0.0);
                told.push((format!("{:?}", workspace.outcomes()), lines));
            }
            assert_eq!(told[0], told[1], "{name} {number}");
            assert_eq!(told[0].1, told[2].1, "{name} {number}");
        }
        let (few, all) = (lazy.steps_refined(), every.steps_refined());
        println!("{name}: {few} of {all} steps refined, {exits} of 120 runs with an exit");
        assert!(few * 2 < all);
    }
}

const PATHS: u64 = 8_000;

/// Continuous first passage without any continuity correction: a long of three times its
/// collateral, σ 60 %, 30 days in steps of 12 hours. With 2^12 ticks a step, 10.5 s, the barrier is missed
/// by 0.5826·σ√dt = 2e-4 in the log price, which takes about 7e-4 off the probability: allowed
/// beside four standard errors of 8,000 paths. Without the bridge the probability is off by more
/// than four standard errors.
#[test]
fn first_passage_is_that_of_continuous_time() {
    let rows = [(1, 3.0, 0.60, 0.0), (-1, 3.0, 0.60, 0.0)];
    for (seed, (side, leverage, volatility, drift)) in rows.into_iter().enumerate() {
        let units = side as f64 * leverage;
        let price = (units - 1.0) / (units - 1.05 * 0.15 * units.abs());
        let towards = -side as f64;
        let passage = Passage {
            distance: libm::log(price) * towards,
            drift: (drift - volatility * volatility / 2.0) * towards,
            volatility,
        };
        let positions = vec![isolated(0, side, leverage * 1_000.0, 1_000.0)];
        let plan = plan(&["BTC"], vec![agent("alone", 0.0, positions, GuardSpec::none())]);
        let mut spec = ModelSpec { step_ms: 12 * HOUR_MS, steps: 60, ..common::reference_prices() };
        spec.assets.truncate(1);
        spec.correlation = vec![1.0];
        (spec.assets[0].volatility, spec.assets[0].drift) = (volatility, drift);
        let truth = passage.probability(720.0 * HOUR_MS as f64 / YEAR_MS as f64);
        let error = (truth * (1.0 - truth) / PATHS as f64).sqrt();
        let off = |found: f64| (found - truth) / error;
        let fine = part_liquidated(&plan, refined(&spec, 12), seed as u64);
        let coarse = part_liquidated(&plan, ModelPath::new(&spec).unwrap(), seed as u64);
        println!(
            "side {side} drift {drift}: continuous {truth:.5}; bridge {fine:.5} ({:+.2}), \
             half days alone {coarse:.5} ({:+.2})",
            off(fine),
            off(coarse)
        );
        assert!((fine - truth).abs() < 4.0 * error + 7e-4, "{fine}, not {truth}");
        assert!(off(coarse) < -4.0, "{coarse}");
    }
}

fn part_liquidated(plan: &Plan, path: impl PricePath + Clone + Send + Sync, seed: u64) -> f64 {
    let closed: u64 = (0..PATHS)
        .into_par_iter()
        .map_init(
            || (path.clone(), Workspace::new(plan, 1)),
            |(path, workspace), number| {
                path.begin(seed, number);
                run(plan, path, seed, number, workspace, &mut Events::default()).unwrap();
                u64::from(workspace.outcomes()[0].get(Metric::Liquidations) > 0.0)
            },
        )
        .sum();
    closed as f64 / PATHS as f64
}

#[test]
fn what_has_no_bridge_is_refused() {
    let reference = common::reference_prices();
    let bootstrap = common::models::every(3).pop().unwrap().1;
    let rows = [
        (ModelSpec { kind: bootstrap, ..reference.clone() }, 4, "no law inside its rows"),
        (ModelSpec { step_ms: 7, ..reference.clone() }, 3, "2^3 ticks in a step of 7 ms"),
        (reference, 13, "give 1 to 12"),
    ];
    for (spec, refine, wanted) in rows {
        let options = ModelOptions { refine, ..spec.options.clone() };
        let spec = ModelSpec { options, ..spec };
        let error = spec.check().unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
        assert_eq!(RefinedPath::new(&spec).unwrap_err().to_string(), error);
    }
}
