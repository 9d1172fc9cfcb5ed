//! The guard's decisions as a table.

use super::*;
use crate::policy::{KillScope, Sizing, TopUpThresholds};
use crate::units::time::DAY_MS;

fn usdc(amount: f64) -> Amount {
    Amount::round_usdc(amount)
}

fn live() -> GuardSpec {
    GuardSpec {
        top_up: Some(TopUpSpec {
            enabled: true,
            thresholds: TopUpThresholds { warning: 1.6, danger: 1.2, target: 2.0 },
            max_per_event: usdc(500.0),
            max_per_day: usdc(2_000.0),
            reserve_minimum: usdc(100.0),
            fallback_to_kill_switch: true,
            fallback_when: FallbackWhen::Reserve,
            sizing: Sizing::Exact,
            cooldown_ms: 0,
            transfer_delay_ms: 0,
            failure_probability: 0.0,
            notify_webhook: None,
        }),
        kill_switch: Some(KillSwitchSpec {
            enabled: true,
            trigger_hf: None,
            scope: KillScope::Triggering,
            dry_run: false,
            priority: true,
            reason: String::new(),
        }),
        ..GuardSpec::none()
    }
}

/// A long of 3,000 at 15 % with the health factor asked for, at the entry price.
fn position(health_factor: f64) -> PositionView {
    PositionView {
        health_factor,
        equity: health_factor * 450.0,
        maintenance: 450.0,
        collateral: health_factor * 450.0,
        cross: false,
        mark: 100.0,
        side: 1,
        stop_price: None,
        thresholds: TopUpThresholds { warning: 1.6, danger: 1.2, target: 2.0 },
        can_reduce: false,
    }
}

fn account(wallet: f64, today: f64) -> AccountView {
    AccountView { now_ms: DAY_MS + 1, wallet: usdc(wallet), topped_up_today: usdc(today) }
}

#[test]
fn the_live_configuration() {
    use Intent::{Kill, Nothing, TopUp};
    // health factor, wallet, topped up today, fallback, when, intent
    let any = FallbackWhen::AnyCap;
    let reserve = FallbackWhen::Reserve;
    let rows = [
        (1.60, 3_000.0, 0.0, true, reserve, Nothing),
        (1.59, 3_000.0, 0.0, true, reserve, TopUp(usdc(184.5))),
        (1.59, 200.0, 0.0, true, reserve, TopUp(usdc(100.0))),
        (1.59, 100.0, 0.0, true, reserve, Kill(KillReason::ReserveEmpty)),
        (1.59, 100.0, 0.0, false, reserve, Nothing),
        (1.59, 3_000.0, 1_950.0, true, reserve, TopUp(usdc(50.0))),
        (1.59, 3_000.0, 2_000.0, true, reserve, Nothing),
        (1.59, 3_000.0, 2_000.0, true, any, Kill(KillReason::CapReached)),
        (1.59, 3_000.0, 2_000.0, false, any, Nothing),
        (1.20, 3_000.0, 0.0, true, reserve, TopUp(usdc(360.0))),
        (1.19, 3_000.0, 0.0, true, reserve, Kill(KillReason::Danger)),
        (0.80, 3_000.0, 0.0, false, reserve, TopUp(usdc(500.0))),
    ];
    for (health_factor, wallet, today, fallback, when, intent) in rows {
        let mut spec = live();
        let top_up = spec.top_up.as_mut().unwrap();
        top_up.fallback_to_kill_switch = fallback;
        top_up.fallback_when = when;
        let got = decide(
            &spec,
            &GuardMemory::default(),
            &account(wallet, today),
            &position(health_factor),
        );
        assert_eq!(got.intent, intent, "HF {health_factor} wallet {wallet} today {today}");
    }
}

#[test]
fn each_limit_is_named() {
    let spec = live();
    // health factor, wallet, today -> event, day, reserve
    let rows = [
        (1.21, 3_000.0, 0.0, (false, false, false)),
        (1.21, 300.0, 0.0, (false, false, true)),
        (1.21, 3_000.0, 1_900.0, (false, true, false)),
    ];
    let memory = GuardMemory::default();
    for (health_factor, wallet, today, limits) in rows {
        let got = decide(&spec, &memory, &account(wallet, today), &position(health_factor));
        assert_eq!((got.event_capped, got.day_capped, got.reserve_capped), limits);
    }
    let mut no_fallback = live();
    no_fallback.top_up.as_mut().unwrap().fallback_to_kill_switch = false;
    let got = decide(&no_fallback, &memory, &account(3_000.0, 0.0), &position(0.5));
    assert!(got.event_capped && got.intent == Intent::TopUp(usdc(500.0)));
}

#[test]
fn a_blocked_decision_says_when_to_look_again() {
    let spec = live();
    let at_day_cap =
        decide(&spec, &GuardMemory::default(), &account(3_000.0, 2_000.0), &position(1.5));
    assert_eq!(at_day_cap.review_ms, 2 * DAY_MS);
    let cooling = GuardMemory { top_up_after_ms: DAY_MS + 500, ..GuardMemory::default() };
    let waiting = decide(&spec, &cooling, &account(3_000.0, 0.0), &position(1.5));
    assert_eq!((waiting.intent, waiting.review_ms), (Intent::Nothing, DAY_MS + 500));
    let in_danger = decide(&spec, &cooling, &account(3_000.0, 0.0), &position(1.1));
    assert_eq!(in_danger.intent, Intent::Kill(KillReason::Danger));
}

#[test]
fn the_protections_have_an_order() {
    let mut spec = live();
    spec.kill_switch.as_mut().unwrap().trigger_hf = Some(1.3);
    spec.reduce =
        Some(ReduceSpec { enabled: true, trigger_hf: 1.4, target_hf: 1.8, cooldown_ms: 0 });
    spec.stop_loss = Some(StopLossSpec { enabled: true, trigger: StopTrigger::Price(90.0) });
    let memory = GuardMemory::default();
    let wallet = account(3_000.0, 0.0);
    let with = |health_factor, mark, can_reduce| {
        let view =
            PositionView { mark, can_reduce, stop_price: Some(90.0), ..position(health_factor) };
        decide(&spec, &memory, &wallet, &view).intent
    };
    assert_eq!(with(1.1, 90.0, true), Intent::StopLoss);
    assert_eq!(with(1.1, 95.0, true), Intent::Reduce);
    assert_eq!(with(1.29, 95.0, false), Intent::Kill(KillReason::Trigger));
    assert_eq!(with(1.39, 95.0, false), Intent::TopUp(usdc(274.5)));
}

#[test]
fn a_cross_position_is_not_topped_up() {
    let view = PositionView { cross: true, collateral: 0.0, ..position(1.5) };
    let memory = GuardMemory::default();
    let got = decide(&live(), &memory, &account(3_000.0, 0.0), &view);
    assert_eq!(got.intent, Intent::TopUpInCross);
    let view = PositionView { health_factor: 1.1, ..view };
    let got = decide(&live(), &memory, &account(3_000.0, 0.0), &view);
    assert_eq!(got.intent, Intent::Kill(KillReason::Danger));
}
