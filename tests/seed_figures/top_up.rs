//! The automatic top-up with its published configuration: 1.6, 1.2, 2.0; 500 an event, 2,000 a day,
//! a reserve of 100.

use drypowder::engine::{EventKind, Metric, Plan};
use drypowder::policy::{GuardSpec, KillScope, Sizing, TopUpSpec};
use drypowder::units::time::SECOND_MS;

use crate::common::{THRESHOLDS, agent, isolated, kill_switch, live_top_up, plan};
use crate::near;
use crate::player::{MINUTE_MS, Played, play};

/// A guard that looks every five seconds, with the kill switch as fallback.
fn guard(top_up: TopUpSpec) -> GuardSpec {
    GuardSpec {
        poll_ms: 5 * SECOND_MS,
        top_up: Some(top_up),
        kill_switch: Some(kill_switch(KillScope::MostAtRisk)),
        ..GuardSpec::none()
    }
}

/// A long of 3,000 at 15 %, so MM is 450, with this collateral: HF = collateral/450 at the start.
fn with_collateral(wallet: f64, collateral: f64, top_up: TopUpSpec) -> Plan {
    let position = isolated(0, 1, 3_000.0, collateral);
    plan(&["BTC"], vec![agent("agent", wallet, vec![position], guard(top_up))])
}

/// A minute and more at the start's price.
fn still(plan: &Plan) -> Played {
    play(plan, &[&[100.0; 3]])
}

/// 1.6·450 = 720 is no warning yet; a cent less is.
#[test]
fn nothing_is_added_at_1_6_and_something_below() {
    for (collateral, top_ups) in [(720.0, 0.0), (719.99, 1.0)] {
        let played = still(&with_collateral(3_000.0, collateral, live_top_up()));
        assert_eq!(played.outcome.get(Metric::TopUps), top_ups, "{collateral}");
        assert_eq!(played.outcome.get(Metric::KillSwitches), 0.0);
    }
}

/// At HF 1.5 with nothing gained or lost both ways of sizing ask for the same: 2·450 − 675 = 225 =
/// 675·(2/1.5 − 1); the health factor is 2 then.
#[test]
fn at_1_5_a_top_up_of_225_restores_2_either_way() {
    for sizing in [Sizing::Exact, Sizing::Proportional] {
        let top_up = TopUpSpec { sizing, ..live_top_up() };
        let played = still(&with_collateral(3_000.0, 675.0, top_up));
        let events: Vec<_> = played.of(EventKind::CollateralToppedUp).collect();
        assert_eq!(events.len(), 1, "{sizing:?}");
        near(events[0].amount, 225.0, 1.1e-6);
        near(events[0].health_factor, 2.0, 1e-8);
    }
}

/// On a loss they differ. 1,000 of collateral at 87: E = 610, MM = 391.5, HF 1.558. Exact: 783 − 610 =
/// 173, HF 2. Proportional: 1,000·(783/610 − 1) = 283.606557…, rounded up, HF 893.606558/391.5 =
/// 2.2825.
#[test]
fn on_a_loss_the_proportional_rule_asks_for_more_than_the_target_takes() {
    let rows = [(Sizing::Exact, 173.0, 2.0), (Sizing::Proportional, 283.606_558, 2.282_520)];
    for (sizing, amount, health_factor) in rows {
        let top_up = TopUpSpec { sizing, ..live_top_up() };
        let played = play(&with_collateral(3_000.0, 1_000.0, top_up), &[&[100.0, 87.0, 87.0]]);
        let events: Vec<_> = played.of(EventKind::CollateralToppedUp).collect();
        assert_eq!(events.len(), 1, "{sizing:?}");
        near(events[0].amount, amount, 1.1e-6);
        near(events[0].health_factor, health_factor, 1e-6);
    }
}

/// The guard looks every 5 s, the first time after 5; the order takes effect 50 ms later; the health
/// factor is read again 200 ms after that.
#[test]
fn looked_at_every_5_s_done_in_50_ms_and_read_again_within_200() {
    let mut plan = with_collateral(3_000.0, 675.0, live_top_up());
    plan.agents[0].guard.latency_ms = 50;
    let played = still(&plan);
    assert_eq!(played.when(EventKind::TopUpOrdered), [(5_000, Some(0))]);
    assert_eq!(played.when(EventKind::CollateralToppedUp), [(5_050, Some(0))]);
    assert_eq!(played.when(EventKind::HealthConfirmed), [(5_250, Some(0))]);
    let read = played.of(EventKind::HealthConfirmed).next().expect("one");
    assert_eq!(read.health_factor, 2.0);
}

/// A long of 10,000 with 2,100: 2·1,500 − 2,100 = 900 are wanted, 500 are added. 2,600/1,500 = 1.73 is
/// no warning.
#[test]
fn one_event_adds_at_most_500() {
    let position = isolated(0, 1, 10_000.0, 2_100.0);
    let account = agent("agent", 3_000.0, vec![position], guard(live_top_up()));
    let played = still(&plan(&["BTC"], vec![account]));
    assert_eq!(played.amounts(EventKind::CollateralToppedUp), [500.0]);
    assert_eq!(played.outcome.get(Metric::TopUpsCapped), 1.0);
}

/// Five such positions: the first four get 500 each, the fifth nothing; that is no reason for a
/// kill unless it is said to be.
#[test]
fn one_day_adds_at_most_2000() {
    let positions = (0..5).map(|market| isolated(market, 1, 10_000.0, 2_100.0)).collect();
    let top_up =
        TopUpSpec { fallback_when: drypowder::policy::FallbackWhen::Reserve, ..live_top_up() };
    let names = ["A", "B", "C", "D", "E"];
    let played = play(
        &plan(&names, vec![agent("agent", 9_000.0, positions, guard(top_up))]),
        &[&[100.0; 3][..]; 5],
    );
    assert_eq!(played.amounts(EventKind::CollateralToppedUp), [500.0; 4]);
    assert_eq!(played.outcome.get(Metric::TopUpAmount), 2_000.0);
    assert_eq!(played.outcome.get(Metric::KillSwitches), 0.0);
}

/// HF 1.3 wants 2·450 − 585 = 315. 250 less the reserve are 150; that makes 735/450 = 1.633. The
/// wallet keeps its 100: 100 + 735 at the end.
#[test]
fn the_reserve_of_100_is_never_touched() {
    let played = still(&with_collateral(250.0, 585.0, live_top_up()));
    assert_eq!(played.amounts(EventKind::CollateralToppedUp), [150.0]);
    assert_eq!(played.outcome.get(Metric::FinalEquity), 835.0);
    assert_eq!(played.outcome.get(Metric::KillSwitches), 0.0);
}

/// Nothing above the reserve: the kill switch in place of a top-up, at the same look. A cent above:
/// the cent is added, and the next look, five seconds later, finds nothing.
#[test]
fn with_the_reserve_reached_the_kill_switch_closes() {
    for (wallet, added, closed_ms) in
        [(100.0, 0.0, 5_000), (99.0, 0.0, 5_000), (100.01, 0.01, 10_000)]
    {
        let played = still(&with_collateral(wallet, 675.0, live_top_up()));
        assert_eq!(played.when(EventKind::KillSwitchClosed), [(closed_ms, Some(0))], "{wallet}");
        assert_eq!(played.outcome.get(Metric::TopUpAmount), added, "{wallet}");
    }
}

/// Without the fallback nothing happens then.
#[test]
fn without_the_fallback_the_position_is_left_alone() {
    let top_up = TopUpSpec { fallback_to_kill_switch: false, ..live_top_up() };
    let played = still(&with_collateral(100.0, 675.0, top_up));
    assert_eq!(played.outcome.get(Metric::KillSwitches), 0.0);
    assert_eq!(played.outcome.get(Metric::TopUps), 0.0);
}

/// 1.2·450 = 540 is still topped up, by 2·450 − 540 = 360; a cent less is killed.
#[test]
fn below_1_2_the_kill_switch_goes_before_the_top_up() {
    assert_eq!((THRESHOLDS.warning, THRESHOLDS.danger, THRESHOLDS.target), (1.6, 1.2, 2.0));
    for (collateral, top_ups, kills) in [(540.0, 1.0, 0.0), (539.99, 0.0, 1.0)] {
        let played = still(&with_collateral(3_000.0, collateral, live_top_up()));
        assert_eq!(played.outcome.get(Metric::TopUps), top_ups, "{collateral}");
        assert_eq!(played.outcome.get(Metric::KillSwitches), kills, "{collateral}");
    }
}

/// From HF 1.96, far above any warning, into danger between two looks. With 882 of collateral at 84.5
/// 417/380.25 = 1.097: killed at the look that sees it, before any top-up. At 83.3 381/374.85 = 1.016 is
/// below 1.05: the venue is first.
#[test]
fn a_fall_faster_than_the_top_up_ends_in_a_kill() {
    for (price, kind) in [(83.3, EventKind::Liquidated), (84.5, EventKind::KillSwitchClosed)] {
        let plan = with_collateral(3_000.0, 882.0, live_top_up());
        let played = play(&plan, &[&[100.0, price, price]]);
        assert_eq!(played.when(kind), [(MINUTE_MS, Some(0))], "{price}");
        assert_eq!(played.outcome.get(Metric::TopUps), 0.0);
    }
}
