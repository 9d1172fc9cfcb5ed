//! Hand-made histories: what comes before what, and when.

#[allow(dead_code)]
mod common;

use std::sync::Arc;

use common::{NEW_YEAR_MS, agent, guard, isolated, kill_switch, live_top_up, plan, usdc};
use drypowder::engine::{
    AgentOutcome, AgentPlan, Event, EventKind, Metric, Plan, Recorder, Rule, Workspace, run,
};
use drypowder::policy::{GuardSpec, KillScope, TopUpSpec, TopUpThresholds};
use drypowder::prices::{Intrabar, PricePath, ReplayAsset, ReplayPath, ReplaySpec};
use drypowder::units::Amount;
use drypowder::units::time::{DAY_MS, HOUR_MS, NEVER_MS, SECOND_MS};
use drypowder::venue::exchange::{FundingSource, FundingSpec, MarginMode, PositionSpec};

const MINUTE_MS: i64 = 60 * SECOND_MS;
/// New Year's Eve, 21:00 UTC.
const EVENING_MS: i64 = NEW_YEAR_MS - 3 * HOUR_MS;

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

    fn sample(
        &mut self,
        _: i64,
        _: &[drypowder::engine::AccountSample],
        _: &[drypowder::engine::PositionSample],
    ) {
    }
}

impl Events {
    /// Minutes since the start, kind, position and amount of the events of these kinds.
    fn told(&self, start_ms: i64, kinds: &[EventKind]) -> Vec<(f64, EventKind, usize, f64)> {
        (self.0.iter())
            .filter(|event| kinds.contains(&event.kind))
            .map(|event| {
                let minutes = (event.time_ms - start_ms) as f64 / MINUTE_MS as f64;
                (minutes, event.kind, event.position.unwrap_or(usize::MAX), event.amount)
            })
            .collect()
    }
}

/// Hourly closes of each asset, from the evening on.
fn hourly(assets: &[(&str, &[f64])]) -> ReplaySpec {
    let assets = assets.iter().map(|(name, closes)| ReplayAsset {
        name: (*name).into(),
        mark: Arc::new(std::array::from_fn(|_| closes.to_vec())),
        last: None,
        adverse_first: -1,
    });
    ReplaySpec {
        start_ms: EVENING_MS,
        interval_ms: HOUR_MS,
        close_only: true,
        intrabar: Intrabar::Jump,
        walk_step_ms: MINUTE_MS,
        worst_joint: false,
        assets: assets.collect(),
        shocks: vec![],
    }
}

fn play(plan: &Plan, spec: ReplaySpec) -> (AgentOutcome, Events) {
    let mut path = ReplayPath::new(Arc::new(spec));
    path.begin(1, 0);
    let mut workspace = Workspace::new(plan, plan.assets.len());
    let mut events = Events::default();
    run(plan, &mut path, 1, 0, &mut workspace, &mut events).unwrap();
    (workspace.outcomes()[0].clone(), events)
}

/// A long of 3,000 at 100 (30 units) with 1,000 of collateral, 15 %: the health factor is
/// 640/396 = 1.616 at 88, 610/391.5 = 1.558 at 87, 520/378 = 1.376 at 84, 400/360 = 1.11 at 80.
fn long() -> PositionSpec {
    isolated(0, 1, 3_000.0, 1_000.0)
}

/// Without the kill switch.
fn only_top_up() -> TopUpSpec {
    TopUpSpec { fallback_to_kill_switch: false, ..live_top_up() }
}

fn alone(wallet: f64, guard: GuardSpec) -> Plan {
    plan(&["BTC"], vec![agent("agent", wallet, vec![long()], guard)])
}

const ADDED: &[EventKind] = &[EventKind::CollateralToppedUp];

#[test]
fn the_cap_of_a_day_is_there_again_at_midnight() {
    let top_up = TopUpSpec { max_per_day: usdc(100.0), ..only_top_up() };
    let plan = alone(3_000.0, guard(Some(top_up), None));
    // 22:00: 2·391.5 − 610 = 173 is wanted, 100 allowed. 23:00: (490 + 100)/373.5 = 1.58, nothing
    // left. Midnight, at the same price: 2·373.5 − 590 = 157 is wanted, 100 allowed.
    let (outcome, events) = play(&plan, hourly(&[("BTC", &[100.0, 87.0, 83.0, 83.0, 83.0])]));
    let kind = EventKind::CollateralToppedUp;
    let expected = [(60.0, kind, 0, 100.0), (180.0, kind, 0, 100.0)];
    assert_eq!(events.told(EVENING_MS, ADDED), expected);
    assert_eq!(EVENING_MS + 180 * MINUTE_MS, NEW_YEAR_MS);
    assert_eq!(NEW_YEAR_MS % DAY_MS, 0);
    assert_eq!(outcome.fired(Rule::TopUpDayCap), 3);
}

#[test]
fn looks_between_ticks_help_in_a_walk_and_not_in_a_jump() {
    // One bar falls from 100 to 70 and closes at 71.
    let bars = |intrabar| ReplaySpec {
        close_only: false,
        intrabar,
        assets: vec![ReplayAsset {
            name: "BTC".into(),
            mark: Arc::new([vec![100.0; 2], vec![100.0; 2], vec![100.0, 70.0], vec![100.0, 71.0]]),
            last: None,
            adverse_first: -1,
        }],
        ..hourly(&[])
    };
    let run = |intrabar, poll_ms| {
        let guard = GuardSpec { poll_ms, ..guard(Some(only_top_up()), None) };
        play(&alone(5_000.0, guard), bars(intrabar)).0
    };
    let (often, seldom) = (5 * SECOND_MS, 20 * MINUTE_MS);
    assert_eq!(run(Intrabar::Jump, often), run(Intrabar::Jump, seldom));
    for (intrabar, poll_ms, liquidations) in
        [(Intrabar::Jump, often, 1.0), (Intrabar::Walk, seldom, 1.0), (Intrabar::Walk, often, 0.0)]
    {
        let outcome = run(intrabar, poll_ms);
        assert_eq!(outcome.get(Metric::Liquidations), liquidations, "{intrabar:?} {poll_ms}");
        assert_eq!(outcome.get(Metric::TopUps) > 0.0, liquidations == 0.0);
    }
}

/// A tiny cross short on a flat second asset that pays 100 of funding at 23:00.
fn payer() -> PositionSpec {
    PositionSpec {
        mode: MarginMode::Cross,
        collateral: Amount::ZERO,
        ..isolated(1, -1, 100.0, 0.0)
    }
}

#[test]
fn an_amount_is_fixed_at_the_decision_and_bounded_at_the_effect() {
    let closes: &[f64] = &[100.0, 87.0, 86.0, 86.0, 86.0];
    let guard = GuardSpec {
        poll_ms: 30 * MINUTE_MS,
        latency_ms: 90 * MINUTE_MS,
        ..guard(Some(only_top_up()), None)
    };
    // Decided at 22:00: 2·391.5 − 610 = 173. In flight it counts as done, and at 23:00 the health
    // factor with it is (580 + 173)/387 = 1.95: no second order. Done at 23:30.
    let kinds =
        [EventKind::TopUpOrdered, EventKind::CollateralToppedUp, EventKind::HealthConfirmed];
    let (_, events) = play(&alone(1_000.0, guard.clone()), hourly(&[("BTC", closes)]));
    let told = events.told(EVENING_MS, &kinds);
    let heads: Vec<_> = told.iter().map(|(minutes, kind, ..)| (*minutes, *kind)).collect();
    let read_again = 150.0 + 0.2 / 60.0;
    assert_eq!(heads, [(60.0, kinds[0]), (150.0, kinds[1]), (read_again, kinds[2])]);
    assert_eq!([told[0].3, told[1].3], [173.0, 173.0]);

    // Meanwhile the wallet of 300 has paid 100: 100 above the reserve are left.
    let mut second = agent("agent", 300.0, vec![long(), payer()], guard);
    second.thresholds[1] = TopUpThresholds { warning: 1.1, danger: 1.06, target: 1.2 };
    let mut plan = plan(&["BTC", "ETH"], vec![second]);
    let pays = FundingSpec { interval_ms: 23 * HOUR_MS, source: FundingSource::Constant(-1.0) };
    let due_ms = EVENING_MS + 2 * HOUR_MS;
    let series =
        drypowder::venue::exchange::FundingSeries { time_ms: vec![due_ms], rate: vec![-1.0] };
    plan.exchange.markets[1].funding =
        Some(FundingSpec { source: FundingSource::Series(Arc::new(series)), ..pays });
    let (_, events) = play(&plan, hourly(&[("BTC", closes), ("ETH", &[50.0; 5])]));
    let told = events.told(EVENING_MS, &kinds[..2]);
    assert_eq!(told[..2], [(60.0, kinds[0], 0, 173.0), (150.0, kinds[1], 0, 100.0)]);
}

/// Two longs, of which the second has fallen below the danger threshold when the first falls
/// below the warning.
fn one_each(priority: bool) -> (Plan, ReplaySpec) {
    let mut kill = kill_switch(KillScope::Triggering);
    kill.priority = priority;
    let guard = GuardSpec { latency_ms: HOUR_MS, ..guard(Some(live_top_up()), Some(kill)) };
    let positions = vec![long(), isolated(1, 1, 3_000.0, 1_000.0)];
    let plan = plan(&["BTC", "ETH"], vec![agent("agent", 1_000.0, positions, guard)]);
    (plan, hourly(&[("BTC", &[100.0, 87.0, 87.0]), ("ETH", &[100.0, 80.5, 80.5])]))
}

#[test]
fn kill_orders_go_before_other_orders() {
    let (kill, add) = (EventKind::KillSwitchClosed, EventKind::CollateralToppedUp);
    for (priority, expected) in
        [(true, [(120.0, kill, 1), (120.0, add, 0)]), (false, [(120.0, add, 0), (120.0, kill, 1)])]
    {
        let (plan, spec) = one_each(priority);
        let (_, events) = play(&plan, spec);
        let told = events.told(EVENING_MS, &[kill, add]);
        let heads: Vec<_> = told.iter().map(|(at, kind, place, _)| (*at, *kind, *place)).collect();
        assert_eq!(heads, expected, "priority {priority}");
    }
}

#[test]
fn the_venue_goes_before_a_kill_that_is_due() {
    // Ordered at 22:00 (436/362.4 = ... below 1.2), due at 23:00, when the mark is below the
    // liquidation price of 79.13.
    let (mut plan, mut spec) = one_each(true);
    plan.agents[0].positions.truncate(1);
    plan.agents[0].thresholds.truncate(1);
    spec.assets[0] = ReplayAsset {
        mark: Arc::new(std::array::from_fn(|_| vec![100.0, 80.5, 79.0])),
        ..spec.assets[0].clone()
    };
    spec.assets[1] = ReplayAsset {
        mark: Arc::new(std::array::from_fn(|_| vec![100.0; 3])),
        ..spec.assets[1].clone()
    };
    let (outcome, events) = play(&plan, spec);
    let kinds =
        [EventKind::KillSwitchTriggered, EventKind::Liquidated, EventKind::KillSwitchClosed];
    let told = events.told(EVENING_MS, &kinds);
    let heads: Vec<_> = told.iter().map(|(minutes, kind, ..)| (*minutes, *kind)).collect();
    assert_eq!(heads, [(60.0, kinds[0]), (120.0, kinds[1])]);
    assert_eq!(outcome.fired(Rule::KillNothing), 1);
}

#[test]
fn transfers_arrive_before_the_venue_looks_at_anyone() {
    // Both agents order 173 at 22:00; it arrives at 23:00, when without it they would be below
    // the liquidation price of 79.13: (370 + 173)/355.5 = 1.53.
    let top_up = TopUpSpec { transfer_delay_ms: HOUR_MS, ..only_top_up() };
    let agents: Vec<AgentPlan> = (["first", "second"].into_iter())
        .map(|name| agent(name, 1_000.0, vec![long()], guard(Some(top_up.clone()), None)))
        .collect();
    let plan = plan(&["BTC"], agents);
    let (_, events) = play(&plan, hourly(&[("BTC", &[100.0, 87.0, 79.0])]));
    assert_eq!(events.told(EVENING_MS, ADDED).len(), 2);
    assert!(events.told(EVENING_MS, &[EventKind::Liquidated]).is_empty());
}

#[test]
fn a_position_that_starts_below_the_level_is_closed_at_the_start() {
    let poor = isolated(0, 1, 3_000.0, 450.0);
    let plan = plan(&["BTC"], vec![agent("agent", 0.0, vec![poor], GuardSpec::none())]);
    let (outcome, _) = play(&plan, hourly(&[("BTC", &[100.0, 100.0])]));
    assert_eq!(outcome.get(Metric::TimeToFirstLiquidation), 0.0);
}
