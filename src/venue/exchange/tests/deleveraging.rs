//! Auto-deleveraging: who is closed, how much of it, at what price.

use super::*;

/// 1 % maintenance, so that nobody but the bankrupt is due.
fn adl() -> ExchangeSpec {
    let thin = |market: MarketSpec| MarketSpec { maintenance: Brackets::flat(0.01), ..market };
    let loss_rule = LossRule::AutoDeleveraging;
    ExchangeSpec { loss_rule, ..venue(vec![thin(market()), thin(second())]) }
}

fn deleveraged(exchange: &Exchange) -> Vec<(usize, f64, f64)> {
    (exchange.effects().iter())
        .filter(|effect| effect.kind == EffectKind::Deleveraged)
        .map(|effect| (effect.account, effect.amount, effect.price))
        .collect()
}

/// dYdX chain documentation, "Contract loss mechanisms": A deposits 100 and buys 500 at 1, B
/// deposits 100 and sells 500 at 1; the price jumps to 2. B's equity is −400, its bankruptcy
/// price 1.2; A's 500 are closed at 1.2: A gains 100, B loses 100.
#[test]
fn the_example_of_dydx() {
    let accounts = [
        ("a", 0.0, vec![position(0, Isolated, 500.0, 1.0, 100.0)]),
        ("b", 0.0, vec![position(0, Isolated, -500.0, 1.0, 100.0)]),
    ];
    let mut exchange = open(adl(), &[1.0, 1.0], &accounts);
    at(&mut exchange, 1, &[2.0, 1.0]);
    assert_eq!(liquidate(&mut exchange), [(1, 0)]);
    assert_eq!([0, 1].map(|account| wallet(&exchange, account)), [200.0, 0.0].map(usdc));
    assert_eq!(bad_debt(&exchange), Amount::ZERO);
    assert_eq!(still_open(&exchange, 0, 0), 0.0);
    let effects = deleveraged(&exchange);
    near(effects[0].2, 1.2, 1e-12);
}

/// The bankrupt long of 3 @100 with 60 is closed at 70: 30 lacking, bankruptcy price 80. Shorts:
///
/// ```text
///      quantity entry C    profit ratio     N    E          leverage  rank
/// s1   2        100   100  60/200 = .3      140  160        .875      .2625   second: 1 of 2
/// s2   2        90    20   40/180 = .2222   140  60         2.333     .5185   first: both
/// s3   2        75    200  10/150 = .0667   140  210        .667      .0444
/// s4   2        60    100  loses: no candidate
/// l    2        50    100  same side: no candidate
/// ```
///
/// s2: 20 + 2·(90 − 80) = 40 in its wallet. s1: 100 + 100 − 80 = 120 behind the 1 still open.
#[test]
fn best_rank_first_and_the_last_in_part() {
    let other = |name, quantity, entry, collateral| {
        (name, 0.0, vec![position(0, Isolated, quantity, entry, collateral)])
    };
    let accounts = [
        other("bankrupt", 3.0, 100.0, 60.0),
        other("s1", -2.0, 100.0, 100.0),
        other("s2", -2.0, 90.0, 20.0),
        other("s3", -2.0, 75.0, 200.0),
        other("s4", -2.0, 60.0, 100.0),
        other("l", 2.0, 50.0, 100.0),
    ];
    let mut exchange = open(adl(), &[85.0, 1.0], &accounts);
    at(&mut exchange, 1, &[70.0, 1.0]);
    assert_eq!(liquidate(&mut exchange), [(0, 0)]);
    assert_eq!(deleveraged(&exchange), [(2, 20.0, 80.0), (1, 10.0, 80.0)]);
    let open: Vec<f64> = (1..6).map(|account| still_open(&exchange, account, 0)).collect();
    assert_eq!(open, [-1.0, 0.0, -2.0, -2.0, 2.0]);
    assert_eq!(wallet(&exchange, 2), usdc(40.0));
    assert_eq!(exchange.collateral(1, 0), usdc(120.0));
    assert_eq!(bad_debt(&exchange), Amount::ZERO);
}

/// A counterparty loses at most its equity; the rest of its share is bad debt.
///
/// Long 10 @100 with 200 at 70: 100 lacking, bankruptcy price 80. The short of 10 @72 with 1
/// has 1 + 20 = 21 and would lose 100.
#[test]
fn a_counterparty_loses_at_most_its_equity() {
    let accounts = [
        ("long", 0.0, vec![position(0, Isolated, 10.0, 100.0, 200.0)]),
        ("short", 0.0, vec![position(0, Isolated, -10.0, 72.0, 1.0)]),
    ];
    let mut exchange = open(adl(), &[72.0, 1.0], &accounts);
    at(&mut exchange, 1, &[70.0, 1.0]);
    assert_eq!(liquidate(&mut exchange), [(0, 0)]);
    assert_eq!(deleveraged(&exchange), [(1, 21.0, 80.0)]);
    assert_eq!(wallet(&exchange, 1), Amount::ZERO);
    assert_eq!(exchange.collateral(1, 0), Amount::ZERO);
    assert_eq!(bad_debt(&exchange), usdc(79.0));
}

/// Long 3 @100 with 30 at 89.999967 lacks 30.000099 − 30 = 99 micro, with a micro less of
/// collateral 100. Three shorts of 1 share it, and no micro-unit is left as bad debt.
#[test]
fn shares_sum_to_the_loss() {
    for (collateral, shares) in [(30.0, [33, 33, 33]), (29.999_999, [33, 34, 33])] {
        let short = || vec![position(0, Isolated, -1.0, 100.0, 50.0)];
        let accounts = [
            ("long", 0.0, vec![position(0, Isolated, 3.0, 100.0, collateral)]),
            ("s1", 0.0, short()),
            ("s2", 0.0, short()),
            ("s3", 0.0, short()),
        ];
        let mut exchange = open(adl(), &[100.0, 1.0], &accounts);
        at(&mut exchange, 1, &[89.999_967, 1.0]);
        liquidate(&mut exchange);
        let paid: Vec<i64> =
            (deleveraged(&exchange).iter()).map(|(_, haircut, _)| usdc(*haircut).micro()).collect();
        assert_eq!(paid, shares);
        assert_eq!(bad_debt(&exchange), Amount::ZERO);
    }
}

/// A bankrupt cross account closes in two markets; each bears by the loss it realised there.
///
/// Wallet 100, long 10 A and long 1 B @100; A falls to 80 (−200), B to 90 (−10): 110 lacking.
/// A's part 110·200/210 = 104.761905 finds no short: bad debt. B's 5.238095 meets a short of 1
/// @100 with 50: bankruptcy price 95.238095, 50 + 10 − 5.238095 = 54.761905 to its wallet.
#[test]
fn a_cross_account_is_bankrupt_in_each_market_by_its_loss() {
    let slots = vec![position(0, Cross, 10.0, 100.0, 0.0), position(1, Cross, 1.0, 100.0, 0.0)];
    let accounts =
        [("t", 100.0, slots), ("short", 0.0, vec![position(1, Isolated, -1.0, 100.0, 50.0)])];
    let mut exchange = open(adl(), &[100.0, 100.0], &accounts);
    at(&mut exchange, 1, &[80.0, 90.0]);
    assert_eq!(liquidate(&mut exchange), [(0, 0), (0, 1)]);
    let effects = deleveraged(&exchange);
    assert_eq!((effects.len(), effects[0].0), (1, 1));
    near(effects[0].2, 95.238_095, 1e-6);
    assert_eq!(wallet(&exchange, 1), usdc(54.761_905));
    assert_eq!(bad_debt(&exchange), usdc(104.761_905));
    assert_eq!(wallet(&exchange, 0), Amount::ZERO);
}

/// A short that shares a wallet: its haircut may take the wallet below zero as long as another
/// position's profit backs it. Long 10 @100 with 200 at 70 lacks 100; the cross account has a
/// short of 10 A @71 and a long of 10 B @100, B at 130, wallet 0: E = 10 + 300. It gains 10,
/// gives 100: wallet −90 against +300.
#[test]
fn a_cross_counterparty() {
    let slots = vec![position(0, Cross, -10.0, 71.0, 0.0), position(1, Cross, 10.0, 100.0, 0.0)];
    let accounts =
        [("long", 0.0, vec![position(0, Isolated, 10.0, 100.0, 200.0)]), ("hedged", 0.0, slots)];
    let mut exchange = open(adl(), &[71.0, 100.0], &accounts);
    at(&mut exchange, 1, &[70.0, 130.0]);
    assert_eq!(liquidate(&mut exchange), [(0, 0)]);
    assert_eq!(wallet(&exchange, 1), usdc(-90.0));
    near(exchange.cross_health(1).equity, 210.0, 1e-9);
    assert_eq!(bad_debt(&exchange), Amount::ZERO);
    assert_eq!(still_open(&exchange, 1, 0), 0.0);
}

/// The last price far from the mark: long 10 @100 with 100 at a mark of 80 is closed at 85 and
/// lacks 50. A short @83 gains at the mark but loses at that fill: no candidate. A short @90
/// gains 50 at it and gives it all back: bankruptcy price 90.
#[test]
fn candidates_gain_at_the_mark_and_at_the_fill() {
    for (entry, lost) in [(83.0, 50.0), (90.0, 0.0)] {
        let accounts = [
            ("long", 0.0, vec![position(0, Isolated, 10.0, 100.0, 100.0)]),
            ("short", 0.0, vec![position(0, Isolated, -10.0, entry, 200.0)]),
        ];
        let mut exchange = open(adl(), &[80.0, 1.0], &accounts);
        exchange.prices_mut().1[0] = 85.0;
        exchange.begin_instant(1);
        liquidate(&mut exchange);
        assert_eq!(deleveraged(&exchange).is_empty(), lost > 0.0, "{entry}");
        assert_eq!(bad_debt(&exchange), usdc(lost));
        assert_eq!(wallet(&exchange, 1), usdc(if lost > 0.0 { 0.0 } else { 200.0 }));
    }
}
