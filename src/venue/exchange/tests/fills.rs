//! Where orders and force-closes fill.

use super::*;

fn holders(market: MarketSpec, count: usize, quantity: f64, collateral: f64) -> Exchange {
    let accounts: Vec<_> = (0..count)
        .map(|_| ("t", 0.0, vec![position(0, Isolated, quantity, 100.0, collateral)]))
        .collect();
    open(venue(vec![market]), &[100.0], &accounts)
}

fn fills(exchange: &Exchange) -> Vec<f64> {
    exchange.effects().iter().map(|effect| effect.price).collect()
}

/// A sell of all that one account has, at a last price of 90.
///
/// ```text
/// none                       90                  buy 90
/// 50 bp                      90·.995 = 89.55     buy 90.45
/// 50 bp, storm ×3            90·.985 = 88.65     buy 91.35
/// √: 100·90 = 9,000 of 900,000: 4 %·.1 = .4 %    sell 89.64, buy 90.36
/// √, storm ×3: 1.2 %                             sell 88.92, buy 91.08
/// 50 bp, storm ×1,000: at most 99 %              sell .9, buy 179.1
/// ```
#[test]
fn forms_and_storms() {
    let thin = square_root(900_000.0);
    let rows = [
        (SlippageSpec::NONE, 1.0, 90.0, 90.0),
        (bps(50.0), 1.0, 89.55, 90.45),
        (bps(50.0), 3.0, 88.65, 91.35),
        (thin, 1.0, 89.64, 90.36),
        (thin, 3.0, 88.92, 91.08),
        (bps(50.0), 1_000.0, 0.9, 179.1),
    ];
    for (slippage, storm, sell, buy) in rows {
        for (quantity, price) in [(100.0, sell), (-100.0, buy)] {
            let mut exchange = holders(MarketSpec { slippage, ..market() }, 1, quantity, 9_000.0);
            at(&mut exchange, 1, &[90.0]);
            exchange.set_stress(0, storm, storm);
            near(exchange.preview_close(0, 0, CloseCause::StopLoss, quantity), price, 1e-9);
            exchange.close(0, 0, units(quantity), CloseCause::StopLoss, quantity);
            near(fills(&exchange)[0], price, 1e-9);
            let EffectKind::Closed { slippage, .. } = exchange.effects()[0].kind else { panic!() };
            near(slippage, 100.0 * (price - 90.0).abs(), 1e-6);
        }
    }
}

/// Two orders of 50 in one batch of 100 fill where 100 would: 100·100 of 1 M, 4 %·.1 → 99.6. A
/// force-close of the same instant has its own price, the next instant a new one (√.005:
/// 4 %·.0707107 → 99.717157), and a buy is on the other side.
#[test]
fn orders_of_one_instant_share_a_price() {
    let slippage = square_root(1e6);
    let mut exchange = holders(
        MarketSpec { slippage, liquidation_slippage: bps(1.0), ..market() },
        5,
        50.0,
        900.0,
    );
    at(&mut exchange, 1, &[100.0]);
    exchange.close(0, 0, units(50.0), CloseCause::KillSwitch, 100.0);
    exchange.close(1, 0, units(50.0), CloseCause::Reduce, 50.0);
    exchange.close(2, 0, units(50.0), CloseCause::ForceClose, 50.0);
    at(&mut exchange, 2, &[100.0]);
    exchange.close(3, 0, units(50.0), CloseCause::StopLoss, 50.0);
    let mut expected = [99.6, 99.6, 99.99, 99.717_157].into_iter();
    for got in fills(&exchange) {
        near(got, expected.next().unwrap(), 1e-6);
    }
}

/// Everything due in a market at one instant is sold as one: four longs of 100 are due at 90,
/// 36,000 of 900,000: 4 %·.2 = .8 % → 89.28. One that has collateral is not due and not counted;
/// nor are a short that is due and a long in another market.
#[test]
fn force_closes_of_one_instant_share_the_price_of_all() {
    let thin =
        |base: MarketSpec| MarketSpec { liquidation_slippage: square_root(900_000.0), ..base };
    let due = || vec![position(0, Isolated, 100.0, 100.0, 2_000.0)];
    // A cross account due with a long in each market: the larger requirement, in A, counts.
    let cross = vec![position(0, Cross, 100.0, 100.0, 0.0), position(1, Cross, 10.0, 100.0, 0.0)];
    let accounts = [
        ("t1", 0.0, due()),
        ("t2", 0.0, due()),
        ("safe", 0.0, vec![position(0, Isolated, 100.0, 100.0, 9_000.0)]),
        ("short", 0.0, vec![position(0, Isolated, -100.0, 80.0, 2_000.0)]),
        ("cross", 2_000.0, cross),
        ("t3", 0.0, due()),
    ];
    let spec = venue(vec![thin(market()), thin(second())]);
    let mut exchange = open(spec, &[100.0, 100.0], &accounts);
    at(&mut exchange, 1, &[90.0, 100.0]);
    let closed = liquidate(&mut exchange);
    assert_eq!(closed, [(0, 0), (1, 0), (3, 0), (4, 0), (5, 0)]);
    // The short is bought back alone: 9,000 of 900,000, .4 % → 90.36.
    for (got, expected) in fills(&exchange).iter().zip([89.28, 89.28, 90.36, 89.28, 89.28]) {
        near(*got, expected, 1e-9);
    }
}

/// Health is measured on the mark, fills happen at the last price ± slippage. Long 10 @100 with
/// 200: at a mark of 100 and a last of 90 it is healthy (HF 1.333); at a mark of 95 and a last of
/// 97 it is due (150 / 142.5 = 1.0526 is not, so 94.9: 149 / 142.35 = 1.0467) and fills at
/// 97·.999 = 96.903; its penalty is 1 % of the notional at the mark, 9.49.
#[test]
fn health_on_marks_and_fills_at_the_last_price() {
    let mut exchange = holders(
        MarketSpec { liquidation_slippage: bps(10.0), penalty: 0.01, ..market() },
        1,
        10.0,
        200.0,
    );
    let prices = |exchange: &mut Exchange, now_ms, mark, last| {
        at(exchange, now_ms, &[mark]);
        exchange.prices_mut().1[0] = last;
    };
    prices(&mut exchange, 1, 100.0, 90.0);
    near(hf(&exchange, 0, 0), 200.0 / 150.0, 1e-12);
    prices(&mut exchange, 2, 95.0, 97.0);
    assert_eq!(exchange.due(), None);
    prices(&mut exchange, 3, 94.9, 97.0);
    near(hf(&exchange, 0, 0), 149.0 / 142.35, 1e-12);
    liquidate(&mut exchange);
    near(fills(&exchange)[0], 96.903, 1e-9);
    // 200 − 30.97 − 9.49
    assert_eq!(wallet(&exchange, 0), usdc(159.54));
    let EffectKind::Closed { notional, shortfall_to_mark, .. } = exchange.effects()[0].kind else {
        panic!()
    };
    near(notional, 949.0, 1e-9);
    near(shortfall_to_mark, 10.0 * (94.9 - 96.903), 1e-9);
}

/// Mark 99, last 101 at the start, notional 3,030: entry 101, quantity 30, already 60 down at the
/// mark, 30·(99 − 101).
#[test]
fn a_start_is_a_fill_at_the_last_price() {
    let spec = PositionSpec {
        quantity: None,
        entry_price: None,
        notional_usdc: 3_030.0,
        ..position(0, Isolated, 1.0, 0.0, 1_000.0)
    };
    let positions = [spec.clone()];
    let mut exchange = Exchange::new(venue(vec![market()]), 1, &[("t", &positions)]);
    exchange.reset();
    let (marks, lasts) = exchange.prices_mut();
    (marks[0], lasts[0]) = (99.0, 101.0);
    exchange.open_at_start(0, 0, &spec);
    let opened = &exchange.accounts()[0].positions[0];
    near(opened.entry, 101.0, 1e-12);
    near(opened.units, 30.0, 1e-9);
    near(exchange.equity(0), 940.0, 1e-6);
}
