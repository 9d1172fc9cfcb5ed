//! Opening, top-up, force-close, margin call.

use drypowder::units::{Amount, Quantity};
use drypowder::venue::exchange::{
    AfterCall, EffectKind, MarginCallSpec, MarketSpec, PositionSpec, Slippage, SlippageSpec,
    UsedMargin,
};

use crate::desk::{self, Desk, Setup, long, perpetual, setup};
use crate::table::{Table, usdc};

/// Taker fee .1 %, orders at 5 basis points.
fn with_costs() -> Vec<MarketSpec> {
    let slippage = SlippageSpec { form: Slippage::FixedBps { bps: 5.0 }, ..SlippageSpec::NONE };
    let market = |name, asset| MarketSpec { taker_fee: 0.001, slippage, ..perpetual(name, asset) };
    vec![market("ETH", 0), market("BTC", 1)]
}

/// A long of 30 at 100, that is 3,000 of notional.
fn thirty(collateral: f64) -> PositionSpec {
    long(0, 30.0, 100.0, collateral)
}

fn desk_of(agents: Vec<(&'static str, Vec<PositionSpec>)>) -> Desk {
    let mut desk = Desk::new(Setup { markets: with_costs(), agents, ..setup() });
    desk.prices([100.0, 100.0, 100.0]);
    desk
}

/// At the start collateral comes from outside, on top of the wallet, and nothing costs anything.
#[test]
fn open_at_the_start() {
    let mut desk = desk_of(vec![("a", vec![thirty(1_000.0)])]);
    let mut table = Table {
        title: "open at the start",
        stages: &["before", "paid in", "opened"],
        accounts: vec![
            usdc("market", &[0.0, -3_000.0, -4_000.0]),
            usdc("a wallet", &[0.0, 3_000.0, 3_000.0]),
            usdc("a ETH-PERP collateral", &[0.0, 0.0, 1_000.0]),
        ],
        steps: vec![
            vec![("market", "a wallet", 3_000.0, "deposit")],
            vec![("market", "a ETH-PERP collateral", 1_000.0, "collateral")],
        ],
    }
    .begin(&mut desk);
    desk.exchange.deposit(0, desk::usdc(3_000.0));
    table.next(&mut desk);
    desk.open_positions(0);
    table.next(&mut desk);
    table.done();
}

/// Later 15 are entered at 100·1.0005 = 100.05: the fee is 15·100.05·.001 = 1.50075; wallet and
/// collateral are 3,000 − 500 − 1.50075 = 2,498.49925 and 500. What the fill costs against the
/// mark, 15·.05 = .75, is in the entry price and no posting.
#[test]
fn open_at_the_market() {
    let mut desk = desk_of(vec![("a", vec![thirty(1_000.0)])]);
    desk.exchange.deposit(0, desk::usdc(3_000.0));
    let mut table = Table {
        title: "open at the market",
        stages: &["before", "opened"],
        accounts: vec![
            usdc("market", &[-3_000.0, -3_000.0]),
            usdc("a wallet", &[3_000.0, 2_498.499_25]),
            usdc("a ETH-PERP collateral", &[0.0, 500.0]),
            usdc("venue fees", &[0.0, 1.500_75]),
        ],
        steps: vec![vec![
            ("a wallet", "a ETH-PERP collateral", 500.0, "collateral"),
            ("a wallet", "venue fees", 1.500_75, "taker fee"),
        ]],
    }
    .begin(&mut desk);
    let fifteen = Quantity::try_round(15.0).expect("a quantity");
    let entered = desk.exchange.enter(0, 0, fifteen, desk::usdc(500.0), Amount::ZERO);
    assert_eq!(entered, Ok(()));
    assert_eq!(desk.exchange.accounts()[0].positions[0].entry, 100.05);
    table.next(&mut desk);
    table.done();
}

/// At 88 E = 1,000 − 360 = 640 and MM = .15·2,640 = 396: the target of 2 takes 2·396 − 640 = 152.
#[test]
fn top_up() {
    let mut desk = desk_of(vec![("a", vec![thirty(1_000.0)])]);
    desk.exchange.deposit(0, desk::usdc(3_000.0));
    desk.open_positions(0);
    desk.prices([88.0, 100.0, 100.0]);
    let mut table = Table {
        title: "top-up",
        stages: &["before", "topped up"],
        accounts: vec![
            usdc("market", &[-4_000.0, -4_000.0]),
            usdc("a wallet", &[3_000.0, 2_848.0]),
            usdc("a ETH-PERP collateral", &[1_000.0, 1_152.0]),
        ],
        steps: vec![vec![("a wallet", "a ETH-PERP collateral", 152.0, "top-up")]],
    }
    .begin(&mut desk);
    assert_eq!(desk.exchange.top_up(0, 0, desk::usdc(152.0)), Ok(()));
    assert_eq!(desk.exchange.health(0, 0).factor(), 2.0);
    table.next(&mut desk);
    table.done();
}

/// Two longs of 30 at 100, with 1,000 and 1,100 of collateral.
///
/// At 79 a has E = 1,000 − 630 = 370 and MM = 355.5, HF 1.041: closed at −630; fee 2,370·.001 =
/// 2.37; penalty 2,370·.01 = 23.70; 1,000 − 630 − 2.37 − 23.70 = 343.93 go back. b has
/// 470/355.5 = 1.32.
///
/// At 60 b is closed at −1,200: its 1,100 are gone, nothing is left for fee and penalty, 100 lack;
/// the insurance fund has 23.70, 76.30 are bad debt.
#[test]
fn force_close() {
    let mut desk = desk_of(vec![("a", vec![thirty(1_000.0)]), ("b", vec![thirty(1_100.0)])]);
    desk.exchange.deposit(0, desk::usdc(3_000.0));
    desk.open_positions(0);
    desk.open_positions(1);
    let mut table = Table {
        title: "force-close",
        stages: &["before", "a at 79", "b at 60"],
        accounts: vec![
            usdc("market", &[-5_100.0, -4_470.0, -3_270.0]),
            usdc("a wallet", &[3_000.0, 3_343.93, 3_343.93]),
            usdc("a ETH-PERP collateral", &[1_000.0, 0.0, 0.0]),
            usdc("b ETH-PERP collateral", &[1_100.0, 1_100.0, 0.0]),
            usdc("venue fees", &[0.0, 2.37, 2.37]),
            usdc("insurance fund", &[0.0, 23.7, 0.0]),
            usdc("bad debt", &[0.0, 0.0, -76.3]),
        ],
        steps: vec![
            vec![
                ("a ETH-PERP collateral", "market", 630.0, "realised profit"),
                ("a ETH-PERP collateral", "venue fees", 2.37, "taker fee"),
                ("a ETH-PERP collateral", "insurance fund", 23.7, "liquidation penalty"),
                ("a ETH-PERP collateral", "a wallet", 343.93, "collateral returned"),
            ],
            vec![
                ("b ETH-PERP collateral", "market", 1_200.0, "realised profit"),
                ("insurance fund", "b ETH-PERP collateral", 23.7, "insurance"),
                ("bad debt", "b ETH-PERP collateral", 76.3, "bad debt"),
            ],
        ],
    }
    .begin(&mut desk);
    for (at_ms, mark) in [(1, 79.0), (2, 60.0)] {
        desk.at(at_ms);
        desk.prices([mark, 100.0, 100.0]);
        assert_eq!(desk.venue_checks(), 1, "{mark}");
        table.next(&mut desk);
    }
    table.done();
}

/// 100 USDC back a long of 1 ETH at 200 and of half a BTC at 100 in cross margin: 60 + 15 of 100
/// are used. At 188 and 98 the capital is 100 − 12 − 1 = 87 and the ratio 75/87 = .862: called, for
/// five minutes. Then the smaller, 49 of notional against 188, is closed at −1; fee 49·.001 = .049;
/// penalty .49. 100 − 1 − .049 − .49 = 98.461; the ratio is 60/(98.461 − 12) = .694, the call over.
#[test]
fn margin_call_liquidation() {
    let margin_call = Some(MarginCallSpec {
        ratio: 0.85,
        used: UsedMargin::Initial,
        grace_ms: 300_000,
        after: AfterCall::NewCall,
    });
    let slots = vec![long(0, 1.0, 200.0, 0.0), long(1, 0.5, 100.0, 0.0)];
    let markets = with_costs();
    let mut desk = Desk::new(Setup { margin_call, markets, agents: vec![("a", slots)], ..setup() });
    desk.prices([200.0, 100.0, 1.0]);
    desk.exchange.deposit(0, desk::usdc(100.0));
    desk.open_positions(0);
    desk.exchange.clear_effects();
    let mut table = Table {
        title: "margin call",
        stages: &["before", "called", "closed"],
        accounts: vec![
            usdc("market", &[-100.0, -100.0, -99.0]),
            usdc("a wallet", &[100.0, 100.0, 98.461]),
            usdc("venue fees", &[0.0, 0.0, 0.049]),
            usdc("insurance fund", &[0.0, 0.0, 0.49]),
        ],
        steps: vec![
            vec![],
            vec![
                ("a wallet", "market", 1.0, "realised profit"),
                ("a wallet", "venue fees", 0.049, "taker fee"),
                ("a wallet", "insurance fund", 0.49, "liquidation penalty"),
            ],
        ],
    }
    .begin(&mut desk);
    desk.prices([188.0, 98.0, 1.0]);
    desk.at(1_000);
    assert_eq!(desk.venue_checks(), 1);
    assert_eq!(desk.exchange.effects()[0].kind, EffectKind::MarginCalled);
    table.next(&mut desk);
    desk.at(300_999);
    assert_eq!(desk.venue_checks(), 0);
    desk.at(301_000);
    assert_eq!(desk.venue_checks(), 1);
    table.next(&mut desk);
    let ratio = desk.exchange.margin_ratio(0, UsedMargin::Initial);
    assert!((ratio - 60.0 / 86.461).abs() < 1e-12, "{ratio}");
    table.done();
}
