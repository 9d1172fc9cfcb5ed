//! Health factors and zones of real positions.

use super::*;

/// health factor, zone. The picture in the sources calls 1.31 a warning; the table of zones wins.
const ZONES: [(f64, Zone); 6] = [
    (2.45, Zone::Safe),
    (2.0, Zone::Warning),
    (1.4, Zone::Danger),
    (1.31, Zone::Danger),
    (1.08, Zone::Danger),
    (1.05, Zone::Liquidated),
];

/// A long of 10 bought at 100: at 100 E = C and MM = .15·1,000 = 150; at 80 E = C − 200 and
/// MM = .15·800 = 120; so C = 150·HF, or 200 + 120·HF. A short of 10 sold at 100: at 120
/// E = C − 200 and MM = 180, so C = 200 + 180·HF.
#[test]
fn zones_of_isolated_positions() {
    for (factor, zone) in ZONES {
        for (quantity, mark, collateral) in [
            (10.0, 100.0, 150.0 * factor),
            (10.0, 80.0, 200.0 + 120.0 * factor),
            (-10.0, 120.0, 200.0 + 180.0 * factor),
        ] {
            let slot = position(0, Isolated, quantity, 100.0, collateral);
            let mut exchange = open(venue(vec![market()]), &[100.0], &[("t", 1_000.0, vec![slot])]);
            at(&mut exchange, 1, &[mark]);
            near(hf(&exchange, 0, 0), factor, 1e-12);
            assert_eq!(exchange.market(0).zones.zone(hf(&exchange, 0, 0)), zone, "{factor}");
            assert_eq!(exchange.due().is_some(), zone == Zone::Liquidated, "{factor}");
        }
    }
}

/// Cross: long 6 and short 4 at 100 need 90 + 60 = 150, whatever they gain or lose at 100; of the
/// wallet 50 are held for something else, so W = 50 + 150·HF. Both positions share the factor.
/// A third, isolated position changes nothing.
#[test]
fn zones_of_cross_positions() {
    for (factor, zone) in ZONES {
        let slots = vec![
            position(0, Cross, 6.0, 100.0, 0.0),
            position(1, Cross, -4.0, 100.0, 0.0),
            position(0, Isolated, 1.0, 100.0, 90.0),
        ];
        let spec = venue(vec![market(), second()]);
        let funds = 50.0 + 150.0 * factor;
        let mut exchange = open(spec, &[100.0, 100.0], &[("t", funds, slots)]);
        let wallet = exchange.accounts()[0].wallet;
        assert!(exchange.ledger.hold(wallet, usdc(50.0)));
        for slot in 0..2 {
            near(hf(&exchange, 0, slot), factor, 1e-12);
            assert_eq!(exchange.market(0).zones.zone(hf(&exchange, 0, slot)), zone, "{factor}");
        }
        near(hf(&exchange, 0, 2), 6.0, 1e-12);
        assert_eq!(exchange.due().is_some(), zone == Zone::Liquidated, "{factor}");
    }
}

#[test]
fn nothing_to_maintain_is_infinite_and_never_nan() {
    let free = MarketSpec { maintenance: Brackets::flat(0.0), ..market() };
    // collateral, mark: equity above, at and below zero.
    for (collateral, mark) in [(50.0, 100.0), (100.0, 90.0), (50.0, 90.0)] {
        let slots = vec![position(0, Isolated, 10.0, 100.0, collateral)];
        let mut exchange = open(venue(vec![free.clone()]), &[100.0], &[("t", 0.0, slots)]);
        at(&mut exchange, 1, &[mark]);
        assert_eq!(hf(&exchange, 0, 0), f64::INFINITY);
        assert!(!exchange.liquidation_price(0, 0).is_some_and(f64::is_nan));
    }
    // An account without any cross position, and one whose position is closed.
    let slots = vec![position(0, Isolated, 10.0, 100.0, 300.0)];
    let mut exchange = open(venue(vec![market()]), &[100.0], &[("t", 0.0, slots)]);
    assert_eq!(exchange.cross_health(0).factor(), f64::INFINITY);
    exchange.close(0, 0, units(10.0), CloseCause::Reduce, 10.0);
    assert_eq!(hf(&exchange, 0, 0), f64::INFINITY);
    assert_eq!(exchange.liquidation_price(0, 0), None);
    assert_eq!(exchange.due(), None);
}

/// Utilisation: wallet 1,000 of which 100 are held; isolated 4 @100 with 150; cross 10 @100.
/// R = 100 + 150 + .3·1,000 = 550; K = 1,000 + 150 + uPnL. At 110: uPnL 40 + 100, u = 550/1,290.
/// After half of the cross position is closed: R = 400, K as before.
#[test]
fn what_is_reserved() {
    let slots =
        vec![position(0, Isolated, 4.0, 100.0, 150.0), position(0, Cross, 10.0, 100.0, 0.0)];
    let mut exchange = open(venue(vec![market()]), &[100.0], &[("t", 1_000.0, slots)]);
    let wallet = exchange.accounts()[0].wallet;
    assert!(exchange.ledger.hold(wallet, usdc(100.0)));
    at(&mut exchange, 1, &[110.0]);
    let capital = exchange.capital(0);
    near(capital.reserved, 550.0, 1e-9);
    near(capital.equity, 1_290.0, 1e-9);
    near(capital.utilisation(), 550.0 / 1_290.0, 1e-12);
    exchange.close(0, 1, units(5.0), CloseCause::Reduce, 5.0);
    near(exchange.capital(0).reserved, 400.0, 1e-9);
    near(exchange.capital(0).equity, 1_290.0, 1e-9);
}
