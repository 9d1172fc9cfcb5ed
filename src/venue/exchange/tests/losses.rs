//! Who bears a loss beyond equity: insurance, then auto-deleveraging or everybody, then bad debt.

use super::*;

/// One long goes bankrupt; insurance, one short and bad debt bear it.
///
/// Long 10 @100 with 200, short 4 @100 with 400, insurance 40; the price falls to 70.
/// Profit 10·(70 − 100) = −300: 100 beyond the collateral, so neither fee nor penalty is taken.
/// Insurance pays 40: 60 % of the quantity, 6, are left for auto-deleveraging at the bankruptcy
/// price 70 + 100/10 = 80. The short has 4 of them: it gains 4·(100 − 70) = 120 and gives back
/// 4·(80 − 70) = 40. The last 20 are bad debt.
///
/// ```text
///                     before    postings                           after
/// market                −640    +300 −120                           −460
/// insurance fund          40    −40                                    0
/// bad debt                 0    −20                                  −20
/// long A collateral      200    −300 +40 +40 +20                       0
/// short A collateral     400    +120 −40 −480                          0
/// short wallet             0    +480                                 480
/// ```
#[test]
fn insurance_then_deleveraging_then_bad_debt() {
    let costs = MarketSpec { taker_fee: 0.001, penalty: 0.01, ..market() };
    let spec = ExchangeSpec {
        insurance: usdc(40.0),
        loss_rule: LossRule::AutoDeleveraging,
        ..venue(vec![costs])
    };
    let accounts = [
        ("long", 0.0, vec![position(0, Isolated, 10.0, 100.0, 200.0)]),
        ("short", 0.0, vec![position(0, Isolated, -4.0, 100.0, 400.0)]),
    ];
    let mut exchange = open(spec, &[100.0], &accounts);
    assert_eq!(balances(&exchange), [-640.0, 0.0, 40.0, 0.0, 200.0, 400.0, 0.0, 0.0].map(usdc));
    exchange.keep_journal();
    at(&mut exchange, 1, &[70.0]);
    assert_eq!(liquidate(&mut exchange), [(0, 0)]);
    assert_eq!(
        postings(&exchange),
        [
            "long A collateral > market 300.000000 realised profit",
            "insurance fund > long A collateral 40.000000 insurance",
            "market > short A collateral 120.000000 realised profit",
            "short A collateral > long A collateral 40.000000 auto-deleveraging",
            "short A collateral > short wallet 480.000000 collateral returned",
            "bad debt > long A collateral 20.000000 bad debt",
        ]
    );
    assert_eq!(balances(&exchange), [-460.0, 0.0, 0.0, -20.0, 0.0, 0.0, 0.0, 480.0].map(usdc));
    let borne: Vec<(EffectKind, f64)> =
        exchange.effects().iter().skip(1).map(|effect| (effect.kind, effect.amount)).collect();
    let kinds = [EffectKind::InsurancePaid, EffectKind::Deleveraged, EffectKind::BadDebt];
    assert_eq!(borne, kinds.into_iter().zip([40.0, 40.0, 20.0]).collect::<Vec<_>>());
}

/// Market, fees, insurance, bad debt, both collaterals, both wallets.
fn balances(exchange: &Exchange) -> [Amount; 8] {
    let house = exchange.house;
    let ledger = exchange.ledger();
    [
        ledger.balance(house.market),
        ledger.balance(house.fees),
        ledger.balance(house.insurance),
        ledger.balance(house.bad_debt),
        exchange.collateral(0, 0),
        exchange.collateral(1, 0),
        wallet(exchange, 0),
        wallet(exchange, 1),
    ]
}

/// A long of 10 @100 with 200 closed at 70 lacks 100. No shares: all of it is bad debt.
#[test]
fn insurance_pays_first_under_every_rule() {
    // insurance, left of it, bad debt
    let rows = [(0.0, 0.0, 100.0), (60.0, 0.0, 40.0), (100.0, 0.0, 0.0), (150.0, 50.0, 0.0)];
    for rule in [LossRule::BadDebt, LossRule::AutoDeleveraging, LossRule::Socialised] {
        for (insurance, left, lost) in rows {
            let spec = ExchangeSpec {
                insurance: usdc(insurance),
                loss_rule: rule,
                ..venue(vec![market()])
            };
            let slots = vec![position(0, Isolated, 10.0, 100.0, 200.0)];
            let mut exchange = open(spec, &[100.0], &[("t", 0.0, slots)]);
            at(&mut exchange, 1, &[70.0]);
            liquidate(&mut exchange);
            let fund = exchange.ledger().balance(exchange.house.insurance);
            assert_eq!((fund, bad_debt(&exchange)), (usdc(left), usdc(lost)), "{rule:?}");
            assert_eq!(exchange.collateral(0, 0), Amount::ZERO);
        }
    }
}

/// A bankrupt long of `quantity` @100 with `collateral`, closed at `mark`, and others' wallets.
fn socialised(quantity: f64, collateral: f64, mark: f64, wallets: &[f64]) -> Exchange {
    let loss_rule = LossRule::Socialised;
    let spec = ExchangeSpec { loss_rule, ..venue(vec![market()]) };
    let mut accounts =
        vec![("bankrupt", 0.0, vec![position(0, Isolated, quantity, 100.0, collateral)])];
    accounts.extend(wallets.iter().map(|funds| ("other", *funds, vec![])));
    let mut exchange = open(spec, &[100.0], &accounts);
    at(&mut exchange, 1, &[mark]);
    liquidate(&mut exchange);
    exchange
}

/// Pro rata to equity, to the micro-unit.
///
/// ```text
/// 10 @100, C 200, at 70: lacks 100.         100 : 300            → 25, 75
/// 1 @100, C 10, at 89.9999: lacks .000100.  5 : 5 : 5            → 33, 34, 33 micro
/// 10 @100, C 200, at 30: lacks 500.         100 : 300            → all of it, 100 bad debt
/// ```
#[test]
fn a_socialised_loss_is_shared_by_equity() {
    let exchange = socialised(10.0, 200.0, 70.0, &[100.0, 300.0]);
    assert_eq!([1, 2].map(|other| wallet(&exchange, other)), [75.0, 225.0].map(usdc));
    assert_eq!(bad_debt(&exchange), Amount::ZERO);

    let exchange = socialised(1.0, 10.0, 89.9999, &[5.0, 5.0, 5.0]);
    let paid = [1, 2, 3].map(|other| (usdc(5.0) - wallet(&exchange, other)).micro());
    assert_eq!(paid, [33, 34, 33]);
    assert_eq!(bad_debt(&exchange), Amount::ZERO);

    let exchange = socialised(10.0, 200.0, 30.0, &[100.0, 300.0]);
    assert_eq!([1, 2].map(|other| wallet(&exchange, other)), [0.0, 0.0].map(usdc));
    assert_eq!(bad_debt(&exchange), usdc(100.0));
}

/// Nobody gives more than the equity behind a purse, nor what is held.
///
/// ```text
/// bankrupt: long 10 @100, C 200, at 70: lacks 100 (MM 1 %, so that the others stay open)
/// a: wallet 0, isolated long 1 @100 with 50: E 50 − 30 = 20
/// b: cross wallet 30, long 1 @60: E 30 + 10 = 40
/// c: wallet 40 of which 30 held: E 40, can spend 10
/// total 100 → shares 20, 40, 40; c gives 10, 30 are bad debt
/// a keeps 30 of collateral against −30; b has −10 in its wallet against +10
/// ```
#[test]
fn a_share_is_at_most_the_equity_behind_each_purse() {
    let thin = MarketSpec { maintenance: Brackets::flat(0.01), ..market() };
    let spec = ExchangeSpec { loss_rule: LossRule::Socialised, ..venue(vec![thin]) };
    let accounts = [
        ("bankrupt", 0.0, vec![position(0, Isolated, 10.0, 100.0, 200.0)]),
        ("a", 0.0, vec![position(0, Isolated, 1.0, 100.0, 50.0)]),
        ("b", 30.0, vec![position(0, Cross, 1.0, 60.0, 0.0)]),
        ("c", 40.0, vec![]),
    ];
    let mut exchange = open(spec, &[100.0], &accounts);
    let held = exchange.accounts()[3].wallet;
    assert!(exchange.ledger.hold(held, usdc(30.0)));
    at(&mut exchange, 1, &[70.0]);
    exchange.execute(exchange.due().unwrap());
    assert_eq!(exchange.collateral(1, 0), usdc(30.0));
    assert_eq!(wallet(&exchange, 2), usdc(-10.0));
    assert_eq!(wallet(&exchange, 3), usdc(30.0));
    assert_eq!(bad_debt(&exchange), usdc(30.0));
    near(exchange.health(1, 0).equity, 0.0, 1e-9);
    near(exchange.health(2, 0).equity, 0.0, 1e-9);
    assert_eq!(exchange.ledger().conservation(), Ok(()));
}

/// The bankrupt account's other money shares like anybody's: its wallet beside an isolated
/// position (100 of 400: 25), its isolated collateral beside a bankrupt cross wallet (likewise).
#[test]
fn the_bankrupt_account_shares_with_what_else_it_has() {
    let long = |mode, collateral| position(0, mode, 10.0, 100.0, collateral);
    let beside = position(1, Isolated, 1.0, 100.0, 100.0);
    for (funds, slots) in
        [(100.0, vec![long(Isolated, 200.0)]), (200.0, vec![long(Cross, 0.0), beside])]
    {
        let loss_rule = LossRule::Socialised;
        let spec = ExchangeSpec { loss_rule, ..venue(vec![market(), second()]) };
        let accounts = [("t", funds, slots), ("other", 300.0, vec![])];
        let mut exchange = open(spec, &[100.0, 100.0], &accounts);
        at(&mut exchange, 1, &[70.0, 100.0]);
        liquidate(&mut exchange);
        assert_eq!(wallet(&exchange, 1), usdc(225.0));
        near(exchange.equity(0), 75.0, 1e-9);
        assert_eq!(bad_debt(&exchange), Amount::ZERO);
    }
}

/// A cross wallet may lack money while another position's profit backs it: only what is missing
/// when the last is closed is a loss.
///
/// Wallet 50, long 10 A and long 5 B @100; A 120, B 80. Closing B: 50 − 100 = −50, backed by
/// +200: E = 150. Then A at 120: 150. Or A falls to 104 first: E = −10; closed: 10 bad debt.
#[test]
fn a_negative_cross_wallet_is_backed_by_profit() {
    for (a, after, lost) in [(120.0, 150.0, 0.0), (104.0, 0.0, 10.0)] {
        let slots = vec![position(0, Cross, 10.0, 100.0, 0.0), position(1, Cross, 5.0, 100.0, 0.0)];
        let spec = venue(vec![market(), second()]);
        let mut exchange = open(spec, &[100.0, 100.0], &[("t", 50.0, slots)]);
        at(&mut exchange, 1, &[120.0, 80.0]);
        exchange.close(0, 1, units(5.0), CloseCause::KillSwitch, 5.0);
        assert_eq!((wallet(&exchange, 0), bad_debt(&exchange)), (usdc(-50.0), Amount::ZERO));
        near(exchange.cross_health(0).equity, 150.0, 1e-9);
        at(&mut exchange, 2, &[a, 80.0]);
        exchange.close(0, 0, units(10.0), CloseCause::KillSwitch, 10.0);
        assert_eq!((wallet(&exchange, 0), bad_debt(&exchange)), (usdc(after), usdc(lost)));
        assert_eq!(exchange.ledger().conservation(), Ok(()));
    }
}

/// What a wallet holds for other services does not pay for a cross position: W 100 of which 80
/// are held, a long of 10 @100 closed at 95: E = 100 − 80 − 50 = −30 is borne by others, and the
/// 80 are still there.
#[test]
fn held_money_does_not_fill_a_hole() {
    let slots = vec![position(0, Cross, 10.0, 100.0, 0.0)];
    let spec = ExchangeSpec { insurance: usdc(12.0), ..venue(vec![market()]) };
    let mut exchange = open(spec, &[100.0], &[("t", 100.0, slots)]);
    let holder = exchange.accounts()[0].wallet;
    assert!(exchange.ledger.hold(holder, usdc(80.0)));
    at(&mut exchange, 1, &[95.0]);
    liquidate(&mut exchange);
    assert_eq!(wallet(&exchange, 0), usdc(80.0));
    assert_eq!(bad_debt(&exchange), usdc(18.0));
}
