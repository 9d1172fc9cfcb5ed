//! Force-closes: full, in part, costs, and the order in cross margin.

use super::*;

/// A long of 10 @100, fee .1 %, penalty 1 % of the notional at the mark. Fee and penalty take at
/// most the equity left, the fee first.
///
/// ```text
/// C    mark  slip   profit    fee              penalty           to wallet
/// 200  93    50 bp  10·(92.535 − 100) = −74.65  925.35·.001       930·.01 = 9.3    115.12465
/// 200  80.5  0      −195      .805             8.05, has 4.195   0
/// 200  80.05 0      −199.5    .8005, has .5    nothing left      0
/// ```
#[test]
fn costs_take_at_most_the_equity_left() {
    // mark, slippage, fee, penalty, to wallet
    let rows = [
        (93.0, 50.0, 0.925_35, 9.3, 115.124_65),
        (80.5, 0.0, 0.805, 4.195, 0.0),
        (80.05, 0.0, 0.5, 0.0, 0.0),
    ];
    for (mark, slippage, fee, penalty, rest) in rows {
        let market = MarketSpec {
            taker_fee: 0.001,
            penalty: 0.01,
            liquidation_slippage: bps(slippage),
            ..market()
        };
        let slots = vec![position(0, Isolated, 10.0, 100.0, 200.0)];
        let mut exchange = open(venue(vec![market]), &[100.0], &[("t", 0.0, slots)]);
        at(&mut exchange, 1, &[mark]);
        assert_eq!(liquidate(&mut exchange), [(0, 0)]);
        let house = exchange.house;
        assert_eq!(exchange.ledger().balance(house.fees), usdc(fee), "{mark}");
        assert_eq!(exchange.ledger().balance(house.insurance), usdc(penalty), "{mark}");
        assert_eq!(wallet(&exchange, 0), usdc(rest), "{mark}");
        assert_eq!(exchange.collateral(0, 0), Amount::ZERO);
        assert_eq!(bad_debt(&exchange), Amount::ZERO);
    }
}

/// An order pays the fee, no penalty; the slippage is that of orders.
#[test]
fn an_order_pays_no_penalty() {
    let market = MarketSpec {
        taker_fee: 0.001,
        penalty: 0.01,
        slippage: bps(10.0),
        liquidation_slippage: bps(50.0),
        ..market()
    };
    let slots = vec![position(0, Isolated, -10.0, 100.0, 300.0)];
    let mut exchange = open(venue(vec![market]), &[100.0], &[("t", 0.0, slots)]);
    exchange.close(0, 0, units(-10.0), CloseCause::KillSwitch, 10.0);
    // Bought back at 100.1: −1; fee 1,001·.001 = 1.001.
    assert_eq!(wallet(&exchange, 0), usdc(297.999));
    assert_eq!(exchange.ledger().balance(exchange.house.insurance), Amount::ZERO);
}

fn in_parts(quantity: f64, collateral: f64) -> Exchange {
    let force_close =
        ForceClose::Partial { fraction: 0.2, above_notional_usdc: 500.0, cooldown_ms: 30_000 };
    let slots = vec![position(0, Isolated, quantity, 100.0, collateral)];
    let spec = venue(vec![MarketSpec { force_close, ..market() }]);
    open(spec, &[100.0], &[("t", 0.0, slots)])
}

/// A fifth of a position above 500 is closed; the next within 30 s is full.
///
/// ```text
/// t     mark  quantity  C    E              MM     HF     what
/// 1 s   100   10        150  150            150    1.00   2 closed, C stays
///             8         150  150            120    1.25   enough
/// 11 s  95    8         150  150 − 40 = 110 114    .965   cooling down: all closed
/// 31 s  95    8         150  110            114    .965   cooled down: 1.6 closed at −8
///             6.4       142  142 − 32 = 110 91.2   1.206  enough
/// ```
#[test]
fn a_large_position_is_closed_in_part_and_then_whole() {
    for (second_ms, open_after, collateral, in_wallet) in
        [(11_000, 0.0, 0.0, 110.0), (30_999, 0.0, 0.0, 110.0), (31_000, 6.4, 142.0, 0.0)]
    {
        let mut exchange = in_parts(10.0, 150.0);
        at(&mut exchange, 1_000, &[100.0]);
        assert_eq!(liquidate(&mut exchange), [(0, 0)]);
        assert_eq!(still_open(&exchange, 0, 0), 8.0);
        assert_eq!(exchange.collateral(0, 0), usdc(150.0));
        near(hf(&exchange, 0, 0), 1.25, 1e-12);
        at(&mut exchange, second_ms, &[95.0]);
        assert_eq!(liquidate(&mut exchange), [(0, 0)]);
        assert_eq!(still_open(&exchange, 0, 0), open_after, "{second_ms}");
        assert_eq!(exchange.collateral(0, 0), usdc(collateral), "{second_ms}");
        assert_eq!(wallet(&exchange, 0), usdc(in_wallet), "{second_ms}");
    }
}

/// A part that does not suffice is followed by all of the rest at the same instant.
/// Long 10 @100, C 120, mark 99: E = 110, MM = 148.5; 2 closed at −2: E = 110, MM = 118.8,
/// HF .926: 8 closed at −8.
#[test]
fn a_part_that_does_not_suffice_is_followed_by_the_rest() {
    let mut exchange = in_parts(10.0, 120.0);
    at(&mut exchange, 1_000, &[99.0]);
    assert_eq!(liquidate(&mut exchange), [(0, 0), (0, 0)]);
    assert_eq!(still_open(&exchange, 0, 0), 0.0);
    assert_eq!(wallet(&exchange, 0), usdc(110.0));
}

/// 5 @100 is a notional of 500, not above it.
#[test]
fn a_small_position_is_closed_whole() {
    let mut exchange = in_parts(5.0, 75.0);
    assert_eq!(liquidate(&mut exchange), [(0, 0)]);
    assert_eq!(still_open(&exchange, 0, 0), 0.0);
}

/// Cross: long 4 A, long 10 B, short 2 A (all @100) on one wallet; the largest requirement goes
/// first, until the factor is above 1.05.
///
/// ```text
/// marks 95, 95; W 200: uPnL −20 − 50 + 10 = −60; MM 57 + 142.5 + 28.5 = 228; E 140: HF .614
///   close B: W 150, E 140, MM 85.5: HF 1.637, enough.
/// W 145: E 85: HF .373; close B: MM 85.5, HF .994; close the long A: W 145 − 50 − 20 = 75,
///   E 85, MM 28.5: HF 2.98, enough.
/// W 60: E 0; close B, the long A, then the short A: W 60 − 50 − 20 + 10 = 0, no loss to bear.
/// ```
#[test]
fn cross_margin_closes_the_largest_requirement_first() {
    let rows: [(f64, &[usize], f64); 3] =
        [(200.0, &[1], 150.0), (145.0, &[1, 0], 75.0), (60.0, &[1, 0, 2], 0.0)];
    for (funds, order, left) in rows {
        let slots = vec![
            position(0, Cross, 4.0, 100.0, 0.0),
            position(1, Cross, 10.0, 100.0, 0.0),
            position(0, Cross, -2.0, 100.0, 0.0),
        ];
        let spec = venue(vec![market(), second()]);
        let mut exchange = open(spec, &[100.0, 100.0], &[("t", funds, slots)]);
        at(&mut exchange, 1, &[95.0, 95.0]);
        let closed: Vec<usize> = liquidate(&mut exchange).iter().map(|(_, slot)| *slot).collect();
        assert_eq!(closed, order, "{funds}");
        assert_eq!(wallet(&exchange, 0), usdc(left), "{funds}");
        assert_eq!(bad_debt(&exchange), Amount::ZERO);
    }
}

/// Three of 100 at 110 with 12 of collateral: at 102 E = 4 < 1.05·.15·102. Only those that may have
/// changed are looked at, in their order, and whoever is found sound is taken out.
#[test]
fn among_suspects_only_they_are_due() {
    let long = || vec![position(0, Isolated, 1.0, 110.0, 12.0)];
    let safe = vec![position(0, Isolated, 1.0, 110.0, 80.0)];
    let accounts = [("a", 0.0, safe), ("b", 0.0, long()), ("c", 0.0, long()), ("d", 0.0, long())];
    let mut exchange = open(venue(vec![market()]), &[110.0], &accounts);
    at(&mut exchange, 1, &[102.0]);
    let mut suspects = AccountSet::new(4);
    assert_eq!(exchange.due_among(&mut suspects), None);
    [0, 1, 3].into_iter().for_each(|account| suspects.insert(account));
    let mut closed = Vec::new();
    while let Some(due) = exchange.due_among(&mut suspects) {
        exchange.execute(due);
        closed.push(due.account);
    }
    assert_eq!(closed, [1, 3]);
    assert!(suspects.is_empty());
    assert_eq!(exchange.due(0).map(|due| due.account), Some(2));
}
