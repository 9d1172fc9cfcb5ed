//! Health factors, zones, margin modes and alerts.

use drypowder::engine::{EventKind, Metric, Plan};
use drypowder::policy::{GuardSpec, KillScope, KillSwitchSpec, ZoneMonitorSpec};
use drypowder::units::Amount;
use drypowder::venue::exchange::{Brackets, MarginMode, PositionSpec, Zone, ZoneBounds, margin};

use crate::common::{agent, isolated, kill_switch, market, plan, usdc};
use crate::near;
use crate::player::{MINUTE_MS, play};

/// A long of 30 at 100 that starts with this health factor: collateral = HF·.15·3,000.
fn starting_at(market: usize, health_factor: f64) -> PositionSpec {
    isolated(market, 1, 3_000.0, health_factor * 450.0)
}

fn alone(position: PositionSpec) -> Plan {
    plan(&["BTC"], vec![agent("agent", 0.0, vec![position], GuardSpec::none())])
}

#[test]
fn zones_of_the_health_factor_are_bounded_by_2_1_4_and_1_05() {
    use Zone::{Danger, Liquidated, Safe, Warning};
    let rows = [
        (2.01, Safe),
        (2.0, Warning),
        (1.41, Warning),
        (1.4, Danger),
        (1.06, Danger),
        (1.05, Liquidated),
        (1.0, Liquidated),
    ];
    for (health_factor, zone) in rows {
        assert_eq!(ZoneBounds::default().zone(health_factor), zone, "{health_factor}");
    }
}

/// Of three positions in a picture, 2.45 is safe and 1.08 in danger; 1.31, drawn as a warning, is
/// in danger by the table. Below 1.4 are these two: a kill switch with that trigger would close
/// them.
#[test]
fn of_2_45_and_1_31_and_1_08_two_are_at_risk() {
    let pictured = [2.45, 1.31, 1.08];
    let zones = pictured.map(|health_factor| ZoneBounds::default().zone(health_factor));
    assert_eq!(zones, [Zone::Safe, Zone::Danger, Zone::Danger]);
    let positions = (0..3).map(|market| starting_at(market, pictured[market])).collect();
    let kill_switch = Some(KillSwitchSpec {
        trigger_hf: Some(1.4),
        dry_run: true,
        ..kill_switch(KillScope::Triggering)
    });
    let guard = GuardSpec { poll_ms: 1_000, kill_switch, ..GuardSpec::none() };
    let account = agent("agent", 0.0, positions, guard);
    let played = play(&plan(&["BTC", "ETH", "SOL"], vec![account]), &[&[100.0, 100.0][..]; 3]);
    let at_risk = [(1_000, Some(1)), (1_000, Some(2))];
    assert_eq!(played.when(EventKind::KillSwitchDryRun), at_risk);
    let factors: Vec<f64> =
        played.of(EventKind::KillSwitchDryRun).map(|event| event.health_factor).collect();
    near(factors[0], 1.31, 1e-12);
    near(factors[1], 1.08, 1e-12);
}

/// At HF 1.05 the venue closes; at 1.0 it would have waited longer. Collateral 1,000, long 30 from
/// 100: (3,000 − 1,000)/(30 − h·4.5) = 79.1296 and 78.4314. At 79.13 it is open, at 79.12 closed,
/// and 1 % of the notional is the penalty.
#[test]
fn positions_are_closed_at_1_05_and_not_only_at_1() {
    let (brackets, entry) = (Brackets::flat(0.15), 100.0);
    let leg = margin::Leg { units: 30.0, entry, maintenance: &brackets };
    for (level, price) in [(1.05, 79.129_574_7), (1.0, 78.431_372_5)] {
        let got = margin::liquidation_price(&[leg], 1_000.0, 0.0, level, entry);
        near(got.expect("a price"), price, 1e-6);
    }
    for (price, closed, penalty) in [(79.13, 0.0, 0.0), (79.12, 1.0, 23.736)] {
        let played = play(&alone(isolated(0, 1, 3_000.0, 1_000.0)), &[&[100.0, price]]);
        assert_eq!(played.outcome.get(Metric::Liquidations), closed, "{price}");
        assert_eq!(played.outcome.get(Metric::Penalties), penalty, "{price}");
    }
}

/// Two isolated longs with 1,000 each; one market halves. That position loses its 1,000 and no more
/// of the agent's money; the other and the wallet are as they were: 500 + 1,000.
#[test]
fn an_isolated_position_loses_at_most_its_own_margin() {
    let positions = vec![isolated(0, 1, 3_000.0, 1_000.0), isolated(1, 1, 3_000.0, 1_000.0)];
    let account = agent("agent", 500.0, positions, GuardSpec::none());
    let played = play(&plan(&["BTC", "ETH"], vec![account]), &[&[100.0, 50.0], &[100.0, 100.0]]);
    assert_eq!(played.when(EventKind::Liquidated), [(MINUTE_MS, Some(0))]);
    assert_eq!(played.outcome.get(Metric::FinalEquity), 1_500.0);
    // The 500 beyond are the venue's.
    assert_eq!(played.outcome.get(Metric::BadDebt), 500.0);
}

/// In cross margin a winner carries a loser: 30 down 25 is −750, 30 up 25 is +750, equity stays
/// 1,000 over .15·(2,250 + 3,750) = 900, HF 1.11, nothing is closed. Alone the loser would have had
/// 250/337.5 = .74. If both fall by 25 everything is closed at once.
#[test]
fn cross_positions_share_one_pool_for_better_and_worse() {
    let cross = |market| PositionSpec {
        mode: MarginMode::Cross,
        collateral: Amount::ZERO,
        ..isolated(market, 1, 3_000.0, 0.0)
    };
    let together = agent("agent", 1_000.0, vec![cross(0), cross(1)], GuardSpec::none());
    let together = plan(&["BTC", "ETH"], vec![together]);
    let alone = plan(&["BTC"], vec![agent("agent", 1_000.0, vec![cross(0)], GuardSpec::none())]);
    let rows: [(&Plan, &[&[f64]], f64); 3] = [
        (&together, &[&[100.0, 75.0], &[100.0, 125.0]], 0.0),
        (&alone, &[&[100.0, 75.0]], 1.0),
        (&together, &[&[100.0, 75.0], &[100.0, 75.0]], 2.0),
    ];
    for (plan, prices, closed) in rows {
        let played = play(plan, prices);
        assert_eq!(played.outcome.get(Metric::Liquidations), closed);
    }
}

/// Looked at every 100 ms, told 50 ms after the look. HF is 2.45 at 100; at 88.46 (2,653.8 − 1,897.5)/
/// 398.07 = 1.90, a warning; at 78.718 464.04/354.231 = 1.31, danger.
#[test]
fn a_crossing_is_seen_within_100_ms_and_told_within_50() {
    let mut plan = alone(starting_at(0, 2.45));
    plan.agents[0].zone_monitor =
        Some(ZoneMonitorSpec { enabled: true, poll_ms: 100, latency_ms: 50 });
    let played = play(&plan, &[&[100.0, 88.46, 88.46, 78.718, 78.718]]);
    let told = [(MINUTE_MS + 50, Some(0)), (3 * MINUTE_MS + 50, Some(0))];
    assert_eq!(played.when(EventKind::Alert), told);
    let zones: Vec<&str> = played.of(EventKind::Alert).map(|event| event.reason).collect();
    assert_eq!(zones, ["warning", "danger"]);
    let factors: Vec<f64> = played.of(EventKind::Alert).map(|event| event.health_factor).collect();
    near(factors[0], 1.90, 0.001);
    near(factors[1], 1.31, 0.001);
}

/// An account with a position in each of 275 markets: all are watched, one falls and is told of.
#[test]
fn all_275_markets_are_watched() {
    let names: Vec<String> = (0..275).map(|market| format!("M{market:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let positions = (0..275).map(|market| starting_at(market, 2.45)).collect();
    let mut plan = plan(&names, vec![agent("agent", 0.0, positions, GuardSpec::none())]);
    for (index, one) in plan.agents[0].positions.iter().enumerate() {
        assert_eq!((one.market, one.collateral), (index, usdc(1_102.5)));
    }
    assert_eq!(plan.exchange.markets[274], market("M274", 274));
    plan.agents[0].zone_monitor =
        Some(ZoneMonitorSpec { enabled: true, poll_ms: 100, latency_ms: 50 });
    let mut closes = vec![[100.0, 100.0, 100.0]; 275];
    closes[200] = [100.0, 88.46, 88.46];
    let closes: Vec<&[f64]> = closes.iter().map(|one| one.as_slice()).collect();
    let played = play(&plan, &closes);
    assert_eq!(played.when(EventKind::Alert), [(MINUTE_MS + 50, Some(200))]);
}
