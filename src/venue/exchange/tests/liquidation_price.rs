//! Liquidation prices: published examples of two venues, then brackets, shorts and shared
//! markets by hand.

use super::*;

/// Brackets of Binance USD-M ETHUSDT as they were when its example was published. Cumulative
/// amounts: 10,000·.15 % = 15; + 100,000·.35 % = 365; + 500,000·1 % = 5,365; + 1,000,000·3 % =
/// 35,365; + 2,000,000·5 % = 135,365: the example's maintenance amount.
const ETH: [(f64, f64); 7] = [
    (0.0, 0.005),
    (10_000.0, 0.0065),
    (100_000.0, 0.01),
    (500_000.0, 0.02),
    (1_000_000.0, 0.05),
    (2_000_000.0, 0.10),
    (5_000_000.0, 0.125),
];

/// BTCUSDT: 50,000·.1 % = 50; + 250,000·.5 % = 1,300; + 1,000,000·1.5 % = 16,300.
const BTC: [(f64, f64); 5] = [
    (0.0, 0.004),
    (50_000.0, 0.005),
    (250_000.0, 0.01),
    (1_000_000.0, 0.025),
    (10_000_000.0, 0.05),
];

const WALLET: f64 = 1_535_443.01;

fn binance(mode: MarginMode) -> Exchange {
    let market = |base: MarketSpec, brackets: &[(f64, f64)]| MarketSpec {
        maintenance: Brackets::new(brackets).unwrap(),
        liquidation_hf: 1.0,
        ..base
    };
    let own = if mode == Isolated { WALLET } else { 0.0 };
    let positions = vec![
        position(0, mode, 3_683.979, 1_456.84, own),
        position(1, mode, 109.488, 32_481.98, own),
    ];
    let spec = venue(vec![market(super::market(), &ETH), market(second(), &BTC)]);
    open(spec, &[1_335.18, 31_967.27], &[("alice", WALLET - own, positions)])
}

/// Binance, "How to Calculate Liquidation Price of USDⓈ-M Futures Contracts"
/// (support/faq b3c689c1f50a44cabb3a84e663b81d93):
///
/// ```text
/// LP = (WB − TMM + UPNL + cum − side·size·EP) / (size·MMR − side·size)
/// ETH: N = 3,683.979·1,335.18 = 4,918,775.08  MM = .1·N − 135,365 = 356,512.51
///      UPNL = 3,683.979·(1,335.18 − 1,456.84) = −448,192.89      size·EP = 5,366,967.97
/// BTC: N = 109.488·31,967.27 = 3,500,032.46   MM = .025·N − 16,300 = 71,200.81
///      UPNL = 109.488·(31,967.27 − 32,481.98) = −56,354.57       size·EP = 3,556,387.03
/// cross ETH: (1,535,443.01 − 71,200.81 − 56,354.57 + 135,365 − 5,366,967.97) / (−3,315.5811)
///          = −3,823,715.34 / −3,315.5811 = 1,153.26
/// cross BTC: (1,535,443.01 − 356,512.51 − 448,192.89 + 16,300 − 3,556,387.03) / (−106.7508)
///          = −2,809,349.42 / −106.7508 = 26,316.89
/// isolated ETH: (1,535,443.01 + 135,365 − 5,366,967.97) / −3,315.5811 = 1,114.78
/// isolated BTC: (1,535,443.01 + 16,300 − 3,556,387.03) / −106.7508 = 18,778.73
/// ```
#[test]
fn the_worked_example_of_binance() {
    // mode, market, published
    let rows = [
        (Cross, 0, 1_153.26),
        (Cross, 1, 26_316.89),
        (Isolated, 0, 1_114.78),
        (Isolated, 1, 18_778.73),
    ];
    for (mode, slot, published) in rows {
        let exchange = binance(mode);
        near(exchange.liquidation_price(0, slot).unwrap(), published, 0.005);
    }
    let exchange = binance(Cross);
    let health = exchange.cross_health(0);
    near(health.maintenance, 356_512.51 + 71_200.81, 0.01);
    near(health.equity, WALLET - 448_192.89 - 56_354.57, 0.01);
}

/// dYdX chain documentation, "Liquidations" (docs.dydx.xyz/concepts/trading/liquidations),
/// `p' = (e − s·p − MMR_o) / (|s|·MMF − s)`, 1,000 deposited, ETH at 3,000 with 5 %:
///
/// ```text
/// isolated, short 3:   (1,000 + 9,000) / (.15 + 3) = 3,174.60
/// cross, short 1.5, beside 1,000 STRK at 1.75 with 10 %:
///                      (1,000 + 4,500 − 175) / (.075 + 1.5) = 3,380.95
/// ```
#[test]
fn the_examples_of_dydx() {
    let rate = |market: MarketSpec, rate| MarketSpec {
        maintenance: Brackets::flat(rate),
        liquidation_hf: 1.0,
        ..market
    };
    let spec = venue(vec![rate(super::market(), 0.05), rate(second(), 0.1)]);
    let isolated = vec![position(0, Isolated, -3.0, 3_000.0, 1_000.0)];
    let cross =
        vec![position(0, Cross, -1.5, 3_000.0, 0.0), position(1, Cross, 1_000.0, 1.75, 0.0)];
    for (funds, slots, published) in [(0.0, isolated, 3_174.60), (1_000.0, cross, 3_380.95)] {
        let exchange = open(spec.clone(), &[3_000.0, 1.75], &[("t", funds, slots)]);
        near(exchange.liquidation_price(0, 0).unwrap(), published, 0.005);
    }
}

/// Two brackets, 10 % and from 1,000 on 20 % (deduction 100).
///
/// ```text
/// x = (q·p0 − C − h·d) / (q − h·r·|q|)
/// long 10 @200, C 1,200, h 1: now in the upper one (N = 2,000).
///   lower: 800 / (10 − 1) = 88.8889, N = 889: holds.   upper: 700 / 8 = 87.5, N = 875: does not.
/// long 10 @200, C 500: lower: 1,500 / 9 = 166.7, N = 1,667: no.   upper: 1,400 / 8 = 175.
/// short 4 @200, C 400: now in the lower one (N = 800).
///   upper: (−800 − 400 − 100) / (−4 − .8) = 270.8333, N = 1,083: holds.   lower: 1,200 / 4.4 =
///   272.7, N = 1,091: does not.
///   h 1.05: (−1,200 − 105) / (−4 − .84) = 269.6281
/// short 4 @200, C 100: lower: 900 / 4.4 = 204.5455, N = 818: holds.
/// long 10 @200, C 2,000: 0 / 9: no price.
/// ```
#[test]
fn the_bracket_that_holds_at_the_price_decides() {
    // quantity, collateral, h, price
    let rows = [
        (10.0, 1_200.0, 1.0, Some(88.888_889)),
        (10.0, 500.0, 1.0, Some(175.0)),
        (-4.0, 400.0, 1.0, Some(270.833_333)),
        (-4.0, 400.0, 1.05, Some(269.628_099)),
        (-4.0, 100.0, 1.0, Some(204.545_455)),
        (10.0, 2_000.0, 1.0, None),
    ];
    for (quantity, collateral, liquidation_hf, price) in rows {
        let maintenance = Brackets::new(&[(0.0, 0.1), (1_000.0, 0.2)]).unwrap();
        let market = MarketSpec { maintenance, liquidation_hf, ..super::market() };
        let slot = position(0, Isolated, quantity, 200.0, collateral);
        let mut exchange = open(venue(vec![market]), &[200.0], &[("t", 0.0, vec![slot])]);
        let got = exchange.liquidation_price(0, 0);
        assert_eq!(got.is_some(), price.is_some(), "{quantity} {collateral}");
        if let (Some(got), Some(price)) = (got, price) {
            near(got, price, 1e-6);
            // There, and not a millionth before, the venue closes.
            at(&mut exchange, 1, &[got * (1.0 - 1e-6 * quantity.signum())]);
            assert!(exchange.due().is_some(), "{quantity} {collateral}");
            at(&mut exchange, 2, &[got * (1.0 + 1e-6 * quantity.signum())]);
            assert!(exchange.due().is_none(), "{quantity} {collateral}");
        }
    }
}

/// Cross, h 1, A 10 %, B 20 %; short 2 A @100, long 1 B @300, marks at entry.
///
/// ```text
/// A: W − 2·(x − 100) = .2·x + 60  →  x = (W + 140) / 2.2
/// B: W + (x − 300) = .2·x + 20    →  x = (320 − W) / .8
/// W 200: A 154.5455, B 150.   W 500: A 290.9091, B below zero: no price.
/// ```
#[test]
fn a_short_and_a_long_that_share_a_wallet() {
    let rows = [(200.0, 154.545_455, Some(150.0)), (500.0, 290.909_091, None)];
    for (wallet, short, long) in rows {
        let a =
            MarketSpec { maintenance: Brackets::flat(0.1), liquidation_hf: 1.0, ..super::market() };
        let b = MarketSpec { maintenance: Brackets::flat(0.2), liquidation_hf: 1.0, ..second() };
        let slots = vec![position(0, Cross, -2.0, 100.0, 0.0), position(1, Cross, 1.0, 300.0, 0.0)];
        let exchange = open(venue(vec![a, b]), &[100.0, 300.0], &[("t", wallet, slots)]);
        near(exchange.liquidation_price(0, 0).unwrap(), short, 1e-6);
        match long {
            Some(long) => near(exchange.liquidation_price(0, 1).unwrap(), long, 1e-6),
            None => assert_eq!(exchange.liquidation_price(0, 1), None),
        }
    }
}

/// Two cross positions of one market move together and have one price, 10 %, h 1:
///
/// ```text
/// long 3 @100, short 1 @120, W 100: 100 + 3·(x − 100) − (x − 120) = .4·x  →  x = 80/1.6 = 50
/// long 1 @100, short 1 @100, W 30:  30 = .2·x                            →  x = 150, above
/// ```
#[test]
fn positions_of_one_market_share_a_price() {
    let rows = [(3.0, 120.0, 100.0, 50.0), (1.0, 100.0, 30.0, 150.0)];
    for (long, sold_at, wallet, price) in rows {
        let market =
            MarketSpec { maintenance: Brackets::flat(0.1), liquidation_hf: 1.0, ..super::market() };
        let slots =
            vec![position(0, Cross, long, 100.0, 0.0), position(0, Cross, -1.0, sold_at, 0.0)];
        let exchange = open(venue(vec![market]), &[100.0], &[("t", wallet, slots)]);
        for slot in 0..2 {
            near(exchange.liquidation_price(0, slot).unwrap(), price, 1e-9);
        }
    }
}
