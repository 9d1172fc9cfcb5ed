//! Prices that stand still but for falls of one size at Poisson times. Everything that happens to
//! a position is then a hand calculation, and how often it happens a Poisson probability.
//!
//! A long of 3,000 at 100 (q = 30) with 1,000 of collateral, r = 15 %, h = 1.05, guard at
//! 1.6 / 1.2 / 2.0. After one fall by the part x: E = 1,000 − 3,000x, MM = 450(1 − x), so
//! HF < 1.6 from x > .12281, < 1.2 from x > .18699, ≤ 1.05 from x ≥ .20871 and E < 0 from
//! x > 1/3. A guard acts between jumps: what a jump carries beyond .20871 it cannot save.

mod closed_forms;
#[allow(dead_code)] // a part of it is used
mod common;

use closed_forms::{Proportion, simulate, z_point};
use common::{NEW_YEAR_MS, agent, guard, isolated, kill_switch, live_top_up, plan, usdc};
use drypowder::engine::{AgentOutcome, CheckLevel, Metric, Plan};
use drypowder::policy::{GuardSpec, KillScope, TopUpSpec};
use drypowder::prices::models::{GbmAsset, MertonJumps, ModelKind, ModelOptions, ModelSpec};
use drypowder::units::time::{HOUR_MS, YEAR_MS};

const START: f64 = 100.0;

/// Expected jumps over a whole run of [`STEPS`] hours.
const MEAN_JUMPS: f64 = 3.0;
const STEPS: usize = 2_000;
const PATHS: u64 = 20_000;

/// Falls by `fall` (a rise if negative) as often as `mean_jumps` in a run, nothing else.
fn falls(fall: f64, mean_jumps: f64, steps: usize) -> ModelSpec {
    let years = steps as f64 * HOUR_MS as f64 / YEAR_MS as f64;
    let jumps = MertonJumps {
        intensity: mean_jumps / years,
        mean: libm::log1p(-fall),
        deviation: 0.0,
        compensated: false,
    };
    let (name, start_price) = ("BTC".into(), START);
    ModelSpec {
        start_ms: NEW_YEAR_MS,
        step_ms: HOUR_MS,
        steps,
        assets: vec![GbmAsset { name, start_price, volatility: 0.0, drift: 0.0 }],
        correlation: vec![1.0],
        kind: ModelKind::Merton(vec![jumps]),
        options: ModelOptions::default(),
    }
}

fn position_plan(side: i64, wallet: f64, guard: GuardSpec) -> Plan {
    let agent = agent("agent", wallet, vec![isolated(0, side, 3_000.0, 1_000.0)], guard);
    let mut plan = plan(&["BTC"], vec![agent]);
    plan.checks = CheckLevel::PerPath;
    plan
}

fn top_up_only() -> GuardSpec {
    let top_up = TopUpSpec { fallback_to_kill_switch: false, ..live_top_up() };
    guard(Some(top_up), None)
}

fn top_up_or_kill() -> GuardSpec {
    guard(Some(live_top_up()), Some(kill_switch(KillScope::Triggering)))
}

/// P(N ≤ k) for N Poisson with this mean.
fn poisson_cdf(k: u32, mean: f64) -> f64 {
    let mut term = libm::exp(-mean);
    let mut sum = term;
    for n in 1..=k {
        term *= mean / f64::from(n);
        sum += term;
    }
    sum
}

/// P(some step holds two jumps or more) ≤ steps · (mean per step)² / 2: then a guard meets a
/// double fall, of which the tables below say nothing.
fn double_jumps(mean_jumps: f64, steps: usize) -> f64 {
    mean_jumps * mean_jumps / (2.0 * steps as f64)
}

/// What the first jump does, by hand, in USDC: side, fall | top-up, slippage of a kill (0: none),
/// penalty (NaN: no force-close), insurance, bad debt, wallet 3,000 + what is left at the end.
/// The insurance fund holds 150; kills fill 5 basis points beyond the mark.
#[rustfmt::skip]
const FIRST_JUMPS: [(i64, f64, [f64; 6]); 15] = [
    // HF 1.7284: nothing to do.
    (1, 0.10, [0.0, 0.0, f64::NAN, 0.0, 0.0, 3_700.0]),
    // E 550, MM 382.5, HF 1.4379: 2·382.5 − 550 = 215.
    (1, 0.15, [215.0, 0.0, f64::NAN, 0.0, 0.0, 3_550.0]),
    // E 460, MM 369, HF 1.2466: 278.
    (1, 0.18, [278.0, 0.0, f64::NAN, 0.0, 0.0, 3_460.0]),
    // E 400, MM 360, HF 1.1111: danger; 2,400·.0005 = 1.2.
    (1, 0.20, [0.0, 1.2, f64::NAN, 0.0, 0.0, 3_398.8]),
    // The last part that leaves HF above 1.05 (E 374.2, MM 356.13, HF 1.05074): 2,374.2·.0005.
    (1, 0.2086, [0.0, 1.1871, f64::NAN, 0.0, 0.0, 3_373.012_9]),
    // The first that does not (E 373.6, MM 356.04, HF 1.04932): penalty 23.736.
    (1, 0.2088, [0.0, 0.0, 23.736, 0.0, 0.0, 3_349.864]),
    // E 250, penalty 22.5.
    (1, 0.25, [0.0, 0.0, 22.5, 0.0, 0.0, 3_227.5]),
    // E 40, penalty 20.4.
    (1, 0.32, [0.0, 0.0, 20.4, 0.0, 0.0, 3_019.6]),
    // E 10: the penalty of 20.1 takes 10 and no more.
    (1, 0.33, [0.0, 0.0, 10.0, 0.0, 0.0, 3_000.0]),
    // E −50: the fund has 150.
    (1, 0.35, [0.0, 0.0, 0.0, 50.0, 0.0, 3_000.0]),
    // E −500: 150 and 350.
    (1, 0.50, [0.0, 0.0, 0.0, 150.0, 350.0, 3_000.0]),
    // The short at a rise of 10 %: E 700, MM 495, HF 1.4141: 290.
    (-1, -0.10, [290.0, 0.0, f64::NAN, 0.0, 0.0, 3_700.0]),
    // 13 %: E 610, MM 508.5, HF 1.1996: danger; 3,390·.0005.
    (-1, -0.13, [0.0, 1.695, f64::NAN, 0.0, 0.0, 3_608.305]),
    // 20 %: E 400, MM 540: penalty 36.
    (-1, -0.20, [0.0, 0.0, 36.0, 0.0, 0.0, 3_364.0]),
    // 40 %: E −200: 150 and 50.
    (-1, -0.40, [0.0, 0.0, 0.0, 150.0, 50.0, 3_000.0]),
];

/// To the micro-unit: a required amount is rounded up, and a price of `100·e^ln(1 − x)` may lie a
/// hair off, so one unit either way.
fn check_first_jump(fall: f64, expected: [f64; 6], outcome: &AgentOutcome) {
    let [top_up, slippage, penalty, insurance, bad_debt, equity] = expected;
    let count = |flag: bool| if flag { 1.0 } else { 0.0 };
    for (metric, expected) in [
        (Metric::TopUps, count(top_up > 0.0)),
        (Metric::KillSwitches, count(slippage > 0.0)),
        (Metric::Liquidations, count(!penalty.is_nan())),
        (Metric::TopUpAmount, top_up),
        (Metric::SlippageCost, slippage),
        (Metric::Penalties, if penalty.is_nan() { 0.0 } else { penalty }),
        (Metric::InsuranceUsed, insurance),
        (Metric::BadDebt, bad_debt),
        (Metric::FinalEquity, equity),
    ] {
        let got = outcome.get(metric);
        let name = metric.name();
        assert!((got - expected).abs() < 1.5e-6, "fall {fall}: {name} {got}, not {expected}");
    }
}

/// About a hundred paths of exactly one jump per row, told by their final price.
#[test]
fn the_first_jump_does_what_a_hand_calculation_says() {
    for (side, fall, expected) in FIRST_JUMPS {
        let mut plan = position_plan(side, 3_000.0, top_up_or_kill());
        plan.exchange.insurance = usdc(150.0);
        let spec = falls(fall, 1.0, 50);
        let seen = paths_of_one_jump(&spec, 300);
        assert!(seen.len() >= 60, "{} paths of one jump", seen.len());
        let outcomes = simulate(&plan, &spec, 5, 300, |outcomes| outcomes[0].clone());
        for number in seen {
            check_first_jump(fall, expected, &outcomes[number]);
        }
    }
}

/// Numbers of the paths (seed 5) that jump exactly once.
fn paths_of_one_jump(spec: &ModelSpec, paths: u64) -> Vec<usize> {
    use drypowder::prices::{PricePath, models::ModelPath};
    let ModelKind::Merton(jumps) = &spec.kind else { panic!("a model with jumps") };
    let mut path = ModelPath::new(spec).unwrap();
    let once = |path: &mut ModelPath| {
        let (mut mark, mut last) = ([0.0], [0.0]);
        path.load(spec.steps, &mut mark, &mut last);
        let count = libm::log(mark[0] / START) / jumps[0].mean;
        assert!((count - count.round()).abs() < 1e-9, "{count} jumps");
        count.round() == 1.0
    };
    (0..paths)
        .filter(|&number| {
            path.begin(5, number);
            once(&mut path)
        })
        .map(|number| number as usize)
        .collect()
}

/// How many falls force-close a position, by hand.
///
/// Alone: the first k with (1 − x)^k ≤ 2,000 / (30·(1 − .1575)) / 100 = .791296.
/// Topped up to HF 2 before each fall: E = .3N, and the next fall leaves (.3 − x)N against
/// .15(1 − x)N: HF ≤ 1.05 if x ≥ .1425/.8425 = .16914; smaller falls, while the money lasts,
/// never. The k-th top-up costs .3N_k − (.3 − x)N_{k−1} = .7x·N_{k−1}, after a first of
/// .3·3,000(1 − x) − 1,000 + 3,000x.
struct Falls {
    fall: f64,
    wallet: f64,
    alone: u32,
    guarded: Option<u32>,
    /// Final equity of the guarded position once it is force-closed.
    left: f64,
}

#[rustfmt::skip]
const FALLS: [Falls; 7] = [
    // Six falls of 4 %: .96^5 = .8154, .96^6 = .7828. Top-ups of .028·N: 3,000·.7 at most in all.
    Falls { fall: 0.04, wallet: 3_000.0, alone: 6, guarded: None, left: f64::NAN },
    Falls { fall: 0.10, wallet: 3_000.0, alone: 3, guarded: None, left: f64::NAN },
    Falls { fall: 0.15, wallet: 3_000.0, alone: 2, guarded: None, left: f64::NAN },
    // Available 500: 215 + 267.75, then 17.25 of 227.5875. N = 3,000, 2,550, 2,167.5, 1,842.375,
    // 1,566.01875. Collateral 1,500 in all less the loss 1,433.98125: E 66.01875, MM 234.9028:
    // the fourth. Penalty 15.660188: 50.358562 + the 100 in reserve.
    Falls { fall: 0.15, wallet: 600.0, alone: 2, guarded: Some(4), left: 150.358_562 },
    // Above .16914: 278 restores HF 2, the next fall leaves (.3 − .18)·2,460 = 295.2 against
    // 1.05·.15·2,017.2 = 317.709: the second, as alone. Penalty 20.172.
    Falls { fall: 0.18, wallet: 3_000.0, alone: 2, guarded: Some(2), left: 2_997.028 },
    // Through the liquidation price: the first. E 250, penalty 22.5.
    Falls { fall: 0.25, wallet: 3_000.0, alone: 1, guarded: Some(1), left: 3_227.5 },
    // E −200: bad debt.
    Falls { fall: 0.40, wallet: 3_000.0, alone: 1, guarded: Some(1), left: 3_000.0 },
];

/// The frequency of force-closes is the Poisson probability of the number of falls that it
/// takes, within Wilson's interval at the level shared by all comparisons. Unguarded this is
/// exact; with a guard two falls in one step, at most one path in 444, are allowed for.
#[test]
fn force_closes_are_as_frequent_as_the_falls_that_they_take() {
    let double = double_jumps(MEAN_JUMPS, STEPS);
    for (seed, row) in (50..).zip(&FALLS) {
        let spec = falls(row.fall, MEAN_JUMPS, STEPS);
        for (guard, takes) in [(GuardSpec::none(), Some(row.alone)), (top_up_only(), row.guarded)] {
            let guarded = guard.acts();
            let plan = position_plan(1, row.wallet, guard);
            let outcomes = simulate(&plan, &spec, seed, PATHS, |outcomes| outcomes[0].clone());
            let closed = outcomes.iter().filter(|one| one.get(Metric::Liquidations) > 0.0);
            let successes = closed.clone().count() as u64;
            let truth = takes.map_or(0.0, |takes| 1.0 - poisson_cdf(takes - 1, MEAN_JUMPS));
            let found = Proportion { successes, trials: PATHS, truth };
            println!("fall {} {guarded} | {truth:.5} | {}", row.fall, found.line());
            let z = z_point(2 * FALLS.len());
            let double = if guarded { double } else { 0.0 };
            // Their number is itself a draw.
            let allowed = z * (found.stderr() + (double / PATHS as f64).sqrt()) + double;
            let off = (found.simulated() - truth).abs();
            assert!(off <= allowed, "fall {}, {takes:?}: {off} > {allowed}", row.fall);
            if guarded {
                // All that are force-closed end with what the hand calculation leaves, but for
                // those that fell twice in a step.
                let other =
                    closed.filter(|one| (one.get(Metric::FinalEquity) - row.left).abs() > 1.5e-6);
                let share = other.count() as f64 / PATHS as f64;
                assert!(share <= 2.0 * double, "fall {}: {share} end elsewhere", row.fall);
            }
        }
    }
}

/// The time of the k-th fall: P(T > t) = P(N(t) < k), at each tick exactly, since a fall shows at
/// the first tick after it.
#[test]
fn times_to_liquidation_are_those_of_the_falls() {
    let times_hours = [100.0, 300.0, 700.0, 1_200.0, 1_999.0];
    let table = [(0.25, 1), (0.15, 2), (0.10, 3), (0.04, 6)];
    for (seed, (fall, takes)) in (90..).zip(table) {
        let spec = falls(fall, MEAN_JUMPS, STEPS);
        let plan = position_plan(1, 0.0, GuardSpec::none());
        let days = simulate(&plan, &spec, seed, PATHS, |outcomes| {
            outcomes[0].get(Metric::TimeToFirstLiquidation)
        });
        for hours in times_hours {
            let by_then = |days: &&f64| **days <= hours / 24.0 + 1e-9;
            let found = Proportion {
                successes: days.iter().filter(by_then).count() as u64,
                trials: PATHS,
                truth: 1.0 - poisson_cdf(takes - 1, MEAN_JUMPS * hours / STEPS as f64),
            };
            println!("fall {fall} at {hours} h | {:.5} | {}", found.truth, found.line());
            assert!(
                found.score().abs() < z_point(table.len() * times_hours.len()),
                "fall {fall}, {hours} h: {found:?}"
            );
        }
    }
}
