//! What an account asks for: top-ups, re-entries, and what the top-up rule makes of them.

use super::*;
use crate::policy::{
    AccountView, FallbackWhen, GuardMemory, GuardSpec, Intent, PositionView, Sizing, TopUpSpec,
    TopUpThresholds, decide,
};

/// What a guard adds to a position below 2.0, without any limit.
fn wanted(exchange: &Exchange, sizing: Sizing) -> Amount {
    let thresholds = TopUpThresholds { warning: 2.0, danger: 1.0, target: 2.0 };
    let top_up = TopUpSpec {
        enabled: true,
        thresholds,
        max_per_event: usdc(1e6),
        max_per_day: usdc(1e6),
        reserve_minimum: Amount::ZERO,
        fallback_to_kill_switch: false,
        fallback_when: FallbackWhen::Reserve,
        sizing,
        cooldown_ms: 0,
        transfer_delay_ms: 0,
        failure_probability: 0.0,
        notify_webhook: None,
    };
    let guard = GuardSpec { top_up: Some(top_up), ..GuardSpec::none() };
    let health = exchange.health(0, 0);
    let account =
        AccountView { now_ms: 0, wallet: exchange.free_wallet(0), topped_up_today: Amount::ZERO };
    let view = PositionView {
        health_factor: health.factor(),
        equity: health.equity,
        maintenance: health.maintenance,
        collateral: exchange.collateral(0, 0).usdc(),
        cross: false,
        mark: 0.0,
        side: 1,
        stop_price: None,
        thresholds,
        can_reduce: false,
    };
    match decide(&guard, &GuardMemory::default(), &account, &view).intent {
        Intent::TopUp(amount) => amount,
        other => panic!("{other:?}"),
    }
}

/// A long of 30 @100 with 1,000 and a wallet of 500, falls to 88: uPnL −360, E 640, MM 396,
/// HF 1.616. Up to 110 from 600: uPnL +300, E 900, MM 495, HF 1.818. To a target of 2.0:
///
/// ```text
///        exact                    proportional
/// loses  2·396 − 640 = 152        1,000·(2·396/640 − 1) = 237.5   HF (640 + 237.5)/396 = 2.2159
/// gains  2·495 − 900 = 90         600·(2·495/900 − 1) = 60        HF (900 + 60)/495 = 1.9394
/// ```
#[test]
fn exact_restores_the_target_and_proportional_misses_it() {
    let rows = [
        (1_000.0, 88.0, Sizing::Exact, 152.0, 2.0),
        (1_000.0, 88.0, Sizing::Proportional, 237.5, 877.5 / 396.0),
        (600.0, 110.0, Sizing::Exact, 90.0, 2.0),
        (600.0, 110.0, Sizing::Proportional, 60.0, 960.0 / 495.0),
    ];
    for (collateral, mark, sizing, amount, factor) in rows {
        let slots = vec![position(0, Isolated, 30.0, 100.0, collateral)];
        let mut exchange = open(venue(vec![market()]), &[100.0], &[("t", 500.0, slots)]);
        at(&mut exchange, 1, &[mark]);
        let added = wanted(&exchange, sizing);
        near(added.usdc(), amount, 1.1e-6);
        exchange.keep_journal();
        assert_eq!(exchange.top_up(0, 0, added), Ok(()));
        assert_eq!(postings(&exchange), [format!("t wallet > t A collateral {added} top-up")]);
        near(hf(&exchange, 0, 0), factor, 1e-8);
        // Rounded up, so that it suffices.
        assert!(sizing == Sizing::Proportional || hf(&exchange, 0, 0) >= 2.0);
    }
}

#[test]
fn top_ups_that_are_rejected() {
    let slots = vec![
        position(0, Isolated, 10.0, 100.0, 300.0),
        position(1, Cross, 1.0, 100.0, 0.0),
        position(1, Isolated, 1.0, 100.0, 40.0),
    ];
    let spec = venue(vec![market(), second()]);
    let mut exchange = open(spec, &[100.0, 100.0], &[("t", 100.0, slots)]);
    let holder = exchange.accounts()[0].wallet;
    assert!(exchange.ledger.hold(holder, usdc(30.0)));
    exchange.close(0, 2, units(1.0), CloseCause::Reduce, 1.0);
    // Wallet 100 + 40 returned, 30 of it held.
    let rows = [
        (0, 110.000_001, Err(Rejection::Funds)),
        (1, 1.0, Err(Rejection::CrossMargin)),
        (2, 1.0, Err(Rejection::NotOpen)),
        (0, 110.0, Ok(())),
    ];
    for (slot, amount, result) in rows {
        assert_eq!(exchange.top_up(0, slot, usdc(amount)), result, "{slot} {amount}");
    }
    assert_eq!(exchange.collateral(0, 0), usdc(410.0));
    assert_eq!(wallet(&exchange, 0), usdc(30.0));
}

/// An account whose position is closed and whose wallet is 1,000; fee .1 %, 10 bp: sold at 99.9
/// it lost 1 and paid .999 of its 300, so the wallet had 701.999.
fn closed(hold: f64) -> Exchange {
    let market = MarketSpec { taker_fee: 0.001, slippage: bps(10.0), ..market() };
    let slots = vec![position(0, Isolated, 10.0, 100.0, 300.0)];
    let mut exchange = open(venue(vec![market]), &[100.0], &[("t", 701.999, slots)]);
    exchange.close(0, 0, units(10.0), CloseCause::KillSwitch, 10.0);
    assert_eq!(wallet(&exchange, 0), usdc(1_000.0));
    let holder = exchange.accounts[0].wallet;
    assert!(exchange.ledger.hold(holder, usdc(hold)));
    exchange.clear_effects();
    at(&mut exchange, 1, &[100.0]);
    exchange
}

/// 10 bought at 100.1: 1 below the mark at once, fee 1.001, initial margin 300.
///
/// ```text
/// C        keep     held  free after fee and keep
/// 301      697.999  0     301: enough
/// 301      698      0     300.999999: no
/// 301      197.999  500   301: enough
/// 301      198      500   no
/// 300.99…  0        0     starts below 300: no
/// ```
#[test]
fn entering_again_takes_initial_margin_and_free_money() {
    let rows = [
        (301.0, 697.999, 0.0, Ok(())),
        (301.0, 698.0, 0.0, Err(Rejection::Funds)),
        (301.0, 197.999, 500.0, Ok(())),
        (301.0, 198.0, 500.0, Err(Rejection::Funds)),
        (300.999_999, 0.0, 0.0, Err(Rejection::Funds)),
    ];
    for (collateral, keep, hold, result) in rows {
        let mut exchange = closed(hold);
        exchange.keep_journal();
        let got = exchange.enter(0, 0, units(10.0), usdc(collateral), usdc(keep));
        assert_eq!(got, result, "{collateral} {keep} {hold}");
        if result.is_err() {
            assert!(postings(&exchange).is_empty() && exchange.effects().is_empty());
            assert_eq!(still_open(&exchange, 0, 0), 0.0);
            continue;
        }
        assert_eq!(
            postings(&exchange),
            [
                "t wallet > t A collateral 301.000000 collateral",
                "t wallet > venue fees 1.001000 taker fee",
            ]
        );
        assert_eq!(still_open(&exchange, 0, 0), 10.0);
        near(exchange.health(0, 0).equity, 300.0, 1e-9);
        let EffectKind::Opened { fee, slippage } = exchange.effects()[0].kind else { panic!() };
        near(fee, 1.001, 1e-12);
        near(slippage, 1.0, 1e-9);
    }
}

/// Cross: nothing is moved but the fee, and the initial margin must be free beside that of the
/// positions that are open: the wallet of 1,000 has 600 reserved for 20 @100, so 10 @100 (300 and
/// a fee of 1.001) fit when at most 98.999 are kept. The first 10 were sold at 99.9: −1, fee .999.
#[test]
fn entering_again_in_cross_margin_minds_the_other_positions() {
    for (keep, result) in [(98.999, Ok(())), (99.0, Err(Rejection::Funds))] {
        let costs = MarketSpec { taker_fee: 0.001, slippage: bps(10.0), ..market() };
        let slots =
            vec![position(0, Cross, 10.0, 100.0, 0.0), position(1, Cross, 20.0, 100.0, 0.0)];
        let spec = venue(vec![costs, second()]);
        let mut exchange = open(spec, &[100.0, 100.0], &[("t", 1_001.999, slots)]);
        exchange.close(0, 0, units(10.0), CloseCause::KillSwitch, 10.0);
        assert_eq!(wallet(&exchange, 0), usdc(1_000.0));
        at(&mut exchange, 1, &[100.0, 100.0]);
        assert_eq!(exchange.enter(0, 0, units(10.0), Amount::ZERO, usdc(keep)), result, "{keep}");
        let left = if result.is_ok() { 998.999 } else { 1_000.0 };
        assert_eq!(wallet(&exchange, 0), usdc(left));
    }
}
