//! Margin requirements and the margin call, on prices written down minute by minute.

use drypowder::engine::{EventKind, Metric, Plan};
use drypowder::policy::GuardSpec;
use drypowder::units::Amount;
use drypowder::venue::exchange::{
    AfterCall, MarginCallSpec, MarginMode, MarketSpec, PositionSpec, UsedMargin,
};

use crate::common::{agent, isolated, market, plan, usdc};
use crate::desk::{Desk, Setup, long, setup};
use crate::near;
use crate::player::{MINUTE_MS, play};

/// Called above 85 %, five minutes of grace.
const CALL: MarginCallSpec = MarginCallSpec {
    ratio: 0.85,
    used: UsedMargin::Initial,
    grace_ms: 5 * MINUTE_MS,
    after: AfterCall::NewCall,
};

fn cross(market: usize, notional: f64) -> PositionSpec {
    PositionSpec {
        mode: MarginMode::Cross,
        collateral: Amount::ZERO,
        ..isolated(market, 1, notional, 0.0)
    }
}

/// 100 USDC back longs of 200 of the first asset and 50 of the second: 60 + 15 = 75 of 100 are used.
fn called_plan() -> Plan {
    let account = agent("agent", 100.0, vec![cross(0, 200.0), cross(1, 50.0)], GuardSpec::none());
    let mut plan = plan(&["BTC", "ETH"], vec![account]);
    plan.exchange.margin_call = Some(CALL);
    plan
}

/// 30 % and 15 % of 1,000 are 300 and 150, in either mode.
#[test]
fn initial_margin_is_30_and_maintenance_15_percent_of_notional() {
    for collateral in [0.0, 300.0] {
        let slots = vec![long(0, 10.0, 100.0, collateral)];
        let mut desk = Desk::new(Setup { agents: vec![("a", slots)], ..setup() });
        desk.prices([100.0; 3]);
        desk.exchange.deposit(0, usdc(300.0));
        desk.open_positions(0);
        near(desk.exchange.margin_of(0, 0), 300.0, 1e-9);
        near(desk.exchange.health(0, 0).maintenance, 150.0, 1e-9);
    }
}

/// 75/.85 = 88.24 of capital, a loss of 11.76 on two units: at 94.12 the ratio is 75/88.24 = .84995,
/// at 94.11 75/88.22 = .85015.
#[test]
fn an_account_is_called_above_85_percent() {
    for (price, calls) in [(94.12, 0.0), (94.11, 1.0)] {
        let played = play(&called_plan(), &[&[100.0, price], &[100.0, 100.0]]);
        assert_eq!(played.outcome.get(Metric::MarginCalls), calls, "{price}");
    }
}

/// Called in the second minute, closed in the seventh: the second asset's 50 of notional against
/// 188; then 60 of 88 are used.
#[test]
fn after_five_minutes_of_grace_the_smallest_position_is_closed() {
    let prices = [100.0, 100.0, 94.0, 94.0, 94.0, 94.0, 94.0, 94.0, 94.0];
    let played = play(&called_plan(), &[&prices, &[100.0; 9]]);
    assert_eq!(played.when(EventKind::MarginCall), [(2 * MINUTE_MS, None)]);
    assert_eq!(played.when(EventKind::Liquidated), [(7 * MINUTE_MS, Some(1))]);
    assert_eq!(played.outcome.get(Metric::LiquidatedNotional), 50.0);
    assert_eq!(played.outcome.get(Metric::Liquidations), 1.0);
}

/// The price is back a minute before the grace is over: 75/100 again, nothing is closed.
#[test]
fn a_call_answered_within_five_minutes_closes_nothing() {
    let prices = [100.0, 100.0, 94.0, 94.0, 94.0, 94.0, 100.0, 100.0, 100.0];
    let played = play(&called_plan(), &[&prices, &[100.0; 9]]);
    assert_eq!(played.when(EventKind::MarginCallCured), [(6 * MINUTE_MS, None)]);
    assert_eq!(played.outcome.get(Metric::MarginCallsCured), 1.0);
    assert_eq!(played.outcome.get(Metric::Liquidations), 0.0);
}

/// One unit from 200 on 100 USDC, force-closed only at .5 of its maintenance: 100 + p − 200 < .15·p
/// below 100/.85 = 117.647, whatever the ratio.
#[test]
fn equity_below_the_maintenance_of_15_percent_is_called() {
    for (price, calls) in [(117.65, 0.0), (117.64, 1.0)] {
        let account = agent("agent", 100.0, vec![cross(0, 200.0)], GuardSpec::none());
        let mut plan = plan(&["BTC"], vec![account]);
        plan.exchange.markets = vec![MarketSpec { liquidation_hf: 0.5, ..market("BTC", 0) }];
        plan.exchange.margin_call = Some(MarginCallSpec { ratio: 1e9, ..CALL });
        let played = play(&plan, &[&[200.0, price]]);
        assert_eq!(played.outcome.get(Metric::MarginCalls), calls, "{price}");
    }
}

/// 100 of money behind 200 of ETH: a fall by half costs 100, all of it, and leaves no debt but that of
/// rounding the quantity to 1e-8 (at most 1,420·5e-9 = 7e-6).
#[test]
fn two_times_leverage_and_a_fall_by_half_lose_everything() {
    let position = isolated(0, 1, 200.0, 100.0);
    let plan = plan(&["ETH"], vec![agent("agent", 0.0, vec![position], GuardSpec::none())]);
    let played = play(&plan, &[&[2_840.0, 1_420.0]]);
    near(played.outcome.get(Metric::FinalEquity), 0.0, 1e-5);
    near(played.outcome.get(Metric::BadDebt), 0.0, 1e-5);
}
