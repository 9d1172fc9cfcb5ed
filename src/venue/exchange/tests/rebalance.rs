//! Closing to bring utilisation down, holdings that count as capital, and the limit on gross
//! exposure.

use super::*;

/// 30 @100 with 1,000 of collateral, at 90: uPnL −300, E = 700, MM = .15·2,700 = 405, HF 1.728….
/// A fifth (6) is closed at 90, no costs: −60. The collateral may keep 800: 1,000 − 60 − 800 = 140
/// go to the wallet. E = 800 − 24·10 = 560 = .8·700, MM = 324: the health factor is as it was.
/// At 110 the fifth gains 60: 1,060 − 800 = 260 are freed, E = 800 + 240 = .8·1,300.
/// Where more was lost than may be freed (keep 960) nothing is.
#[test]
fn the_collateral_falls_with_the_position() {
    let rows = [
        // mark, keep, wallet after, collateral after
        (90.0, 800.0, 140.0, 800.0),
        (110.0, 800.0, 260.0, 800.0),
        (90.0, 960.0, 0.0, 940.0),
    ];
    for (mark, keep, freed, rest) in rows {
        let slots = vec![position(0, Isolated, 30.0, 100.0, 1_000.0)];
        let mut exchange = open(venue(vec![market()]), &[100.0], &[("t", 0.0, slots)]);
        at(&mut exchange, 1, &[mark]);
        let before = exchange.health(0, 0).factor();
        exchange.close_and_free(0, 0, units(6.0), usdc(keep), 6.0);
        assert_eq!(wallet(&exchange, 0), usdc(freed), "{mark} {keep}");
        assert_eq!(exchange.collateral(0, 0), usdc(rest), "{mark} {keep}");
        if keep == 800.0 {
            near(exchange.health(0, 0).factor(), before, 1e-9);
        }
        exchange.ledger().conservation().expect("it balances");
    }
}

/// A part as large as the position closes it; all of the rest goes to the wallet: 1,000 − 300.
#[test]
fn all_of_it_gives_everything_back() {
    let slots = vec![position(0, Isolated, 30.0, 100.0, 1_000.0)];
    let mut exchange = open(venue(vec![market()]), &[100.0], &[("t", 0.0, slots)]);
    at(&mut exchange, 1, &[90.0]);
    exchange.close_and_free(0, 0, units(30.0), Amount::ZERO, 30.0);
    assert_eq!(wallet(&exchange, 0), usdc(700.0));
    assert_eq!(still_open(&exchange, 0, 0), 0.0);
}

/// 100 in the wallet and 2 units of an asset at 50 of which 80 % count: K = 100 + 80 = 180; equity
/// of the exchange stays 100. At 25: K = 140.
#[test]
fn a_holding_counts_as_capital() {
    let slots = vec![position(0, Cross, 1.0, 100.0, 0.0)];
    let mut exchange = open(venue(vec![market()]), &[100.0, 50.0], &[("t", 100.0, slots)]);
    exchange.set_counted(0, [(1, 2.0 * 0.8)].into_iter());
    near(exchange.capital(0).equity, 180.0, 1e-12);
    near(exchange.equity(0), 100.0, 1e-12);
    near(exchange.cross_health(0).equity, 100.0, 1e-12);
    at(&mut exchange, 1, &[100.0, 25.0]);
    near(exchange.capital(0).equity, 140.0, 1e-12);
    // 30 reserved.
    near(exchange.capital(0).utilisation(), 30.0 / 140.0, 1e-12);
}

/// 3.5 × 100 = 350: 3 @100 are open, so .5 more fit and .51 do not.
#[test]
fn gross_exposure_has_a_limit() {
    for (quantity, result) in [(0.5, Ok(())), (0.51, Err(Rejection::GrossExposure))] {
        let slots = vec![position(0, Cross, 1.0, 100.0, 0.0), position(0, Cross, 3.0, 100.0, 0.0)];
        let spec = ExchangeSpec {
            max_gross: Some(3.5),
            ..venue(vec![MarketSpec { initial_margin: 0.1, ..market() }])
        };
        let mut exchange = open(spec, &[100.0], &[("t", 100.0, slots)]);
        exchange.close(0, 0, units(1.0), CloseCause::KillSwitch, 1.0);
        at(&mut exchange, 1, &[100.0]);
        let got = exchange.enter(0, 0, units(quantity), Amount::ZERO, Amount::ZERO);
        assert_eq!(got, result, "{quantity}");
    }
}
