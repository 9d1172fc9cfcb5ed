//! The kill switch: what it closes.

use drypowder::engine::{EventKind, Metric, Plan, Rule};
use drypowder::policy::{GuardSpec, KillScope, KillSwitchSpec, ResumeSpec};
use drypowder::units::time::SECOND_MS;
use drypowder::venue::exchange::{Brackets, MarketSpec};

use crate::common::{agent, isolated, kill_switch, market, plan};
use crate::player::{MINUTE_MS, Played, play};

/// Three longs of 3,000 in markets with 2 % maintenance, so MM is 60 each, with 250, 300 and 400: HF
/// 4.17, 5 and 6.67, leverage 12, 10 and 7.5.
fn three(kill: KillSwitchSpec) -> Plan {
    let positions =
        (0..3).map(|market| isolated(market, 1, 3_000.0, [250.0, 300.0, 400.0][market])).collect();
    let guard = GuardSpec { poll_ms: 5 * SECOND_MS, kill_switch: Some(kill), ..GuardSpec::none() };
    let names = ["A", "B", "C"];
    let mut plan = plan(&names, vec![agent("agent", 0.0, positions, guard)]);
    plan.exchange.markets = (names.iter().enumerate())
        .map(|(asset, name)| MarketSpec {
            maintenance: Brackets::flat(0.02),
            initial_margin: 0.05,
            ..market(name, asset)
        })
        .collect();
    plan
}

/// Pulled by whatever is below `trigger_hf`.
fn pulled(scope: KillScope, trigger_hf: f64) -> KillSwitchSpec {
    KillSwitchSpec { trigger_hf: Some(trigger_hf), ..kill_switch(scope) }
}

fn closed(played: &Played) -> Vec<usize> {
    played.when(EventKind::KillSwitchClosed).iter().filter_map(|(_, position)| *position).collect()
}

/// Below a trigger of 4.5 only the first is; the scopes take the first, that one, everything, and all
/// above a leverage of 10, to which 10 itself does not belong.
#[test]
fn scopes_are_the_most_at_risk_all_or_above_a_leverage_of_10() {
    let rows: [(KillScope, &[usize]); 4] = [
        (KillScope::MostAtRisk, &[0]),
        (KillScope::Triggering, &[0]),
        (KillScope::All, &[0, 1, 2]),
        (KillScope::AboveLeverage(10.0), &[0]),
    ];
    for (scope, expected) in rows {
        let played = play(&three(pulled(scope, 4.5)), &[&[100.0; 2][..]; 3]);
        assert_eq!(closed(&played), expected, "{scope:?}");
        assert!(played.when(EventKind::KillSwitchClosed).iter().all(|(at_ms, _)| *at_ms == 5_000));
    }
}

/// At 99 the second has 2,970/270 = 11 and joins; the third has 2,970/370 = 8.03.
#[test]
fn leverage_is_what_the_position_has_now() {
    let prices: [&[f64]; 3] = [&[100.0, 100.0], &[100.0, 99.0], &[100.0, 99.0]];
    let mut plan = three(pulled(KillScope::AboveLeverage(10.0), 4.6));
    // The first has money enough: it neither triggers nor is above.
    plan.agents[0].positions[0].collateral = crate::desk::usdc(500.0);
    let played = play(&plan, &prices);
    // 270/59.4 = 4.545 is below 4.6.
    assert_eq!(played.when(EventKind::KillSwitchClosed), [(MINUTE_MS, Some(1))]);
}

/// A dry run says so and closes nothing.
#[test]
fn a_dry_run_closes_nothing() {
    let dry = KillSwitchSpec { dry_run: true, ..pulled(KillScope::All, 4.5) };
    let played = play(&three(dry), &[&[100.0; 2][..]; 3]);
    assert_eq!(played.when(EventKind::KillSwitchDryRun), [(5_000, Some(0))]);
    assert_eq!(played.outcome.get(Metric::KillSwitches), 0.0);
    assert_eq!(played.outcome.fired(Rule::KillDryRun), 1);
}

/// Entered again at half the size, 15 of 30, once the average range of two bars is below 1 % of the
/// price. Ranges 10, 0, 0, …: the mean of the first two is 5, then (5 + 0)/2 = 2.5, 1.25 and, when the
/// fifth minute is over, .625 of 90. The look at its end sees four bars, the one five seconds later all
/// five.
#[test]
fn after_a_kill_the_position_is_entered_again_smaller_once_the_range_is_small() {
    let mut plan = three(pulled(KillScope::Triggering, 1.0));
    plan.agents[0].positions.truncate(1);
    plan.agents[0].thresholds.truncate(1);
    plan.agents[0].wallet = crate::desk::usdc(1_000.0);
    plan.agents[0].positions[0].collateral = crate::desk::usdc(360.0);
    plan.agents[0].guard.kill_switch = Some(pulled(KillScope::Triggering, 1.2));
    plan.agents[0].guard.resume = Some(ResumeSpec {
        enabled: true,
        atr_threshold: 0.01,
        atr_bars: 2,
        size_fraction: 0.5,
        cooldown_ms: 0,
        max_resumes: 1,
    });
    let closes = [100.0, 90.0, 90.0, 90.0, 90.0, 90.0, 90.0, 90.0];
    let played = play(&plan, &[&closes[..]; 3]);
    // 360 − 300 = 60 over .02·2,700 = 54: 1.11, killed.
    assert_eq!(played.when(EventKind::KillSwitchClosed), [(MINUTE_MS, Some(0))]);
    assert_eq!(played.when(EventKind::Resumed), [(5 * MINUTE_MS + 5_000, Some(0))]);
    assert_eq!(played.amounts(EventKind::Resumed), [180.0]);
    let entered = played.of(EventKind::Resumed).next().expect("one");
    // 15 units of 90 on 180 less the 5 basis points of the fill.
    let equity = 180.0 - 15.0 * 90.0 * 0.000_5;
    crate::near(entered.health_factor, equity / (0.02 * 15.0 * 90.0), 1e-9);
}
