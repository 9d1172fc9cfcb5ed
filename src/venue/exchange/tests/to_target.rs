//! The least quantity that restores a health factor after costs.

use super::*;

/// How many steps off the least may be: a step is worth less than the micro-unit that postings
/// are rounded to.
const STEPS: f64 = 30e-8;

fn costly(force_close: ForceClose) -> MarketSpec {
    MarketSpec { taker_fee: 0.001, penalty: 0.01, force_close, ..market() }
}

fn one_long(market: MarketSpec, collateral: f64, mark: f64) -> Exchange {
    let slots = vec![position(0, Isolated, 10.0, 100.0, collateral)];
    let mut exchange = open(venue(vec![market]), &[100.0], &[("t", 0.0, slots)]);
    at(&mut exchange, 1, &[mark]);
    exchange
}

/// A long of 10 @100 with 150 at a mark of 98: E = 130, MM = 147, HF .884. Closing k costs
/// 98·(.1 % + 1 %) = 1.078 each by force, .098 each by order:
///
/// ```text
/// force to 1.5: 130 − 1.078·k ≥ 1.5·14.7·(10 − k)  →  k ≥ 90.5 / 20.972 = 4.3152775
/// order to 1.5: 130 − .098·k ≥ 22.05·(10 − k)      →  k ≥ 90.5 / 21.952 = 4.1226312
/// order to 1.0: 130 − .098·k ≥ 14.7·(10 − k)       →  k ≥ 17 / 14.602 = 1.1642241
/// ```
#[test]
fn the_least_quantity_and_one_step_fewer() {
    let rows = [
        (CloseCause::ForceClose, 1.5, 4.315_277_5),
        (CloseCause::Reduce, 1.5, 4.122_631_2),
        (CloseCause::Reduce, 1.0, 1.164_224_1),
    ];
    for (cause, target, least) in rows {
        let exchange = one_long(costly(ForceClose::Full), 150.0, 98.0);
        let part = exchange.part_to_target(0, 0, Health::ZERO, target, cause).unwrap();
        near(part.units(), least, STEPS);
        let after = |steps: i64| {
            let mut exchange = exchange.clone();
            let part = Quantity::from_steps(steps);
            exchange.close(0, 0, part, cause, part.units());
            assert_eq!(exchange.ledger().conservation(), Ok(()));
            hf(&exchange, 0, 0)
        };
        assert!(after(part.steps()) >= target, "{cause:?} {target}");
        assert!(after(part.steps() - 1) < target, "{cause:?} {target}");
    }
}

/// Cross: a short of 10 A @100 and a long of 2 B @100 on 160, A at 102: E = 140, MM = 153 + 30.
/// To 1.2 by order, fee .1 %: 140 − .102·k = 1.2·(15.3·(10 − k) + 30) → k = 79.6 / 18.258 =
/// 4.3597327.
#[test]
fn the_least_quantity_of_a_short_in_cross_margin() {
    let slots = vec![position(0, Cross, -10.0, 100.0, 0.0), position(1, Cross, 2.0, 100.0, 0.0)];
    let markets = vec![costly(ForceClose::Full), second()];
    let mut exchange = open(venue(markets), &[100.0, 100.0], &[("t", 160.0, slots)]);
    at(&mut exchange, 1, &[102.0, 100.0]);
    let part = exchange.part_to_target(0, 0, Health::ZERO, 1.2, CloseCause::Reduce).unwrap();
    near(part.units(), -4.359_732_7, STEPS);
    exchange.close(0, 0, part, CloseCause::Reduce, part.units());
    near(hf(&exchange, 0, 0), 1.2, 1e-8);
}

/// Force-closed to 1.5: 4.3152775 go, the collateral pays the loss, fee and penalty of those and
/// stays: 150 − 4.3152775·(2 + 1.078) = 136.717576.
#[test]
fn a_force_close_to_target_leaves_the_rest_open() {
    let market = costly(ForceClose::ToTarget { target_hf: 1.5 });
    let mut exchange = one_long(market, 150.0, 98.0);
    assert_eq!(liquidate(&mut exchange), [(0, 0)]);
    near(still_open(&exchange, 0, 0), 10.0 - 4.315_277_5, STEPS);
    near(exchange.collateral(0, 0).usdc(), 136.717_576, 2e-6);
    assert!(hf(&exchange, 0, 0) >= 1.5);
    assert_eq!(wallet(&exchange, 0), Amount::ZERO);
}

/// With 30 at 98 the equity of 10 is less than the 10.78 that closing all costs, and at one rate
/// every part makes it worse: all is closed, the fee of .98 paid, the penalty of 9.8 gets 9.02.
#[test]
fn all_is_closed_when_no_part_restores_the_target() {
    let market = costly(ForceClose::ToTarget { target_hf: 1.5 });
    let mut exchange = one_long(market, 30.0, 98.0);
    assert_eq!(exchange.part_to_target(0, 0, Health::ZERO, 1.5, CloseCause::ForceClose), None);
    assert_eq!(liquidate(&mut exchange), [(0, 0)]);
    assert_eq!(still_open(&exchange, 0, 0), 0.0);
    assert_eq!(wallet(&exchange, 0), Amount::ZERO);
    assert_eq!(exchange.ledger().balance(exchange.house.insurance), usdc(9.02));
}

/// A large position in a thin market: closing all of it costs more than its equity, a third of
/// it does not. 1,000 @100, 1 % maintenance, C 990; slippage 4 %·√(Q / 1.6 M), so that the part κ
/// costs 100,000·κ·.01·√κ = 1,000·κ^1.5.
///
/// ```text
/// HF = (990 − 1,000·κ^1.5) / (1,000·(1 − κ)) ≥ 1.2  →  −.21 + 1.2·κ − κ^1.5 ≥ 0
/// κ .3407: .408840 − .21 − .198865 = −.000025    κ .3408: .408960 − .21 − .198953 = +.000007
/// κ 1: (990 − 1,000) / 0: bankrupt
/// ```
#[test]
fn a_part_may_restore_what_all_would_ruin() {
    let market = MarketSpec {
        maintenance: Brackets::flat(0.01),
        liquidation_slippage: square_root(1.6e6),
        force_close: ForceClose::ToTarget { target_hf: 1.2 },
        ..market()
    };
    let slots = vec![position(0, Isolated, 1_000.0, 100.0, 990.0)];
    let mut exchange = open(venue(vec![market]), &[100.0], &[("t", 0.0, slots)]);
    assert_eq!(liquidate(&mut exchange), [(0, 0)]);
    let closed = 1_000.0 - still_open(&exchange, 0, 0);
    assert!((340.7..340.8).contains(&closed), "{closed}");
    assert!(hf(&exchange, 0, 0) >= 1.2);
    assert_eq!(bad_debt(&exchange), Amount::ZERO);
}
