//! The spot market against hand calculations: ETH at 2,000, 10 bp of slippage, 0.1 % fee.

use super::*;
use crate::ledger::{AccountId, AssetId, Ledger, USDC};
use crate::units::{Amount, Quantity};
use crate::venue::exchange::{Prices, Slippage, SlippageSpec};

const ETH: AssetId = AssetId(1);

struct Desk {
    ledger: Ledger,
    spot: Spot,
    order: Order,
    lasts: [f64; 1],
}

fn bps(bps: f64) -> SlippageSpec {
    SlippageSpec { form: Slippage::FixedBps { bps }, ..SlippageSpec::NONE }
}

/// A wallet with 2,000 USDC and 1 ETH.
fn desk(fee: f64, slippage: SlippageSpec) -> Desk {
    let mut ledger = Ledger::default();
    let usdc = AssetAccounts {
        market: ledger.open("market", USDC),
        fees: ledger.open("venue fees", USDC),
    };
    let accounts = AssetAccounts::open(usdc, &["ETH"], &mut ledger);
    let (wallet, holding) = (ledger.open("A USDC", USDC), ledger.open("A ETH", ETH));
    ledger.transfer(accounts[0].market, wallet, micro(2_000_000_000), "deposit");
    ledger.transfer(accounts[1].market, holding, micro(100_000_000), "deposit");
    let spot = Spot::new(vec![SpotSpec { price_asset: 0, fee, slippage }], accounts);
    let order = Order { asset: ETH, usdc: wallet, holding, keep: Amount::ZERO, batch_units: 0.0 };
    Desk { ledger, spot, order, lasts: [2_000.0] }
}

fn micro(micro: i64) -> Amount {
    Amount::from_micro(micro)
}

fn eth(units: f64) -> Quantity {
    Quantity::try_round(units).expect("a quantity of a test")
}

impl Desk {
    fn trade(&mut self, what: What) -> Result<Fill, Rejection> {
        let prices = Prices { marks: &self.lasts, lasts: &self.lasts };
        let (ledger, order) = (&mut self.ledger, &self.order);
        let fill = match what {
            What::Sell(units) => self.spot.sell(ledger, prices, order, eth(units)),
            What::Buy(units) => self.spot.buy(ledger, prices, order, eth(units)),
            What::BuyFor(usdc) => {
                self.spot.buy_for(ledger, prices, order, Amount::round_usdc(usdc))
            }
        };
        self.ledger.conservation().expect("every trade balances");
        fill
    }

    fn balance(&self, account: AccountId) -> i64 {
        self.ledger.balance(account).micro()
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Sell(f64),
    Buy(f64),
    BuyFor(f64),
}
use What::{Buy, BuyFor, Sell};

/// Sell .5: fill 2,000·.999 = 1,998, value 999, fee .999 → 998.001.
/// Buy .5: fill 2,002, value 1,001, fee 1.001 → 1,002.001.
/// Buy for 1,000: 1,000/(2,002·1.001) = .4990014980… → .49900149 ETH, value 999.000983, fee
/// .999001 → 999.999984.
/// Sell 1e-8: value .00001998 → .000020, fee .00000002 → 0.
#[test]
fn both_legs_and_the_fee() {
    let rows = [
        // what, wallet ETH steps, wallet USDC, fee USDC (micro), price
        (Sell(0.5), 50_000_000, 2_998_001_000, 999_000, 1_998.0),
        (Buy(0.5), 150_000_000, 997_999_000, 1_001_000, 2_002.0),
        (BuyFor(1_000.0), 149_900_149, 1_000_000_016, 999_001, 2_002.0),
        (Sell(1e-8), 99_999_999, 2_000_000_020, 0, 1_998.0),
    ];
    for (what, holding, wallet, fee, price) in rows {
        let mut desk = desk(0.001, bps(10.0));
        let fill = desk.trade(what).expect("it has the money");
        let accounts = desk.spot.accounts().to_vec();
        assert_eq!(desk.balance(desk.order.holding), holding, "{what:?}");
        assert_eq!(desk.balance(desk.order.usdc), wallet, "{what:?}");
        assert_eq!(desk.balance(accounts[0].fees), fee, "{what:?}");
        assert_eq!(desk.balance(accounts[0].market), -wallet - fee, "{what:?}");
        assert_eq!(desk.balance(accounts[1].market), -holding, "{what:?}");
        assert!((fill.price - price).abs() < 1e-9 && fill.fee == micro(fee), "{what:?}");
        assert!((fill.slippage - fill.quantity.units() * 2.0).abs() < 1e-9, "{what:?}");
    }
}

#[test]
fn rejected_with_a_reason() {
    let rows = [
        (Sell(1.000_000_01), Rejection::Funds),
        (Buy(0.998_000_01), Rejection::Funds), // 2,004.002 each: .998003 is all
        (BuyFor(2_000.000_001), Rejection::Funds),
        (Sell(0.0), Rejection::Nothing),
        (Buy(-1.0), Rejection::Nothing),
        (BuyFor(0.0), Rejection::Nothing),
        (BuyFor(0.000_002), Rejection::Nothing), // a step costs 20 micro-units
        (Buy(90_000_000.0), Rejection::Funds),
    ];
    for (what, rejection) in rows {
        let mut desk = desk(0.001, bps(10.0));
        if what == Buy(0.998_000_01) {
            desk.order.keep = micro(7_000); // of 5,984 micro-units that would be left
        }
        assert_eq!(desk.trade(what).err(), Some(rejection), "{what:?}");
        assert_eq!(desk.balance(desk.order.usdc), 2_000_000_000);
    }
    let mut desk = desk(0.0, SlippageSpec::NONE);
    desk.lasts = [30_000.0];
    assert_eq!(desk.trade(Buy(90_000_000.0)), Err(Rejection::TooLarge));
}

/// Half of each balance held: half of each can be traded.
#[test]
fn a_hold_is_not_for_sale() {
    let mut desk = desk(0.0, SlippageSpec::NONE);
    assert!(desk.ledger.hold(desk.order.holding, micro(50_000_000)));
    assert!(desk.ledger.hold(desk.order.usdc, micro(1_000_000_000)));
    assert_eq!(desk.trade(Sell(0.500_000_01)), Err(Rejection::Funds));
    assert_eq!(desk.trade(Buy(0.500_000_01)), Err(Rejection::Funds));
    assert!(desk.trade(Buy(0.5)).is_ok());
    assert!(desk.trade(Sell(1.0)).is_ok());
}

/// Square root, y 1, σ 4 %, 1e6 USDC a day: .5 ETH is 1,000 USDC, √(1e-3)·.04 = .00126491…;
/// a batch of 2 ETH is 4,000, twice as much. The first of an instant decides for its side.
#[test]
fn slippage_of_the_batch_is_shared() {
    let form = Slippage::SquareRoot { y: 1.0, daily_volume_usdc: 1e6 };
    let slippage = SlippageSpec { form, sigma_day: 0.04, ..SlippageSpec::NONE };
    let part = 0.04 * 0.001_f64.sqrt();
    let mut desk = desk(0.0, slippage);
    let price = |desk: &mut Desk, what| desk.trade(what).expect("it has the money").price;
    let near = |got: f64, expected: f64| assert!((got - expected).abs() < 1e-9, "{got}");
    desk.spot.begin_instant(1);
    near(price(&mut desk, Sell(0.5)), 2_000.0 * (1.0 - part));
    near(price(&mut desk, Sell(0.1)), 2_000.0 * (1.0 - part));
    near(price(&mut desk, Buy(0.5)), 2_000.0 * (1.0 + part));
    desk.spot.begin_instant(2);
    desk.order.batch_units = 2.0;
    near(price(&mut desk, Sell(0.1)), 2_000.0 * (1.0 - 2.0 * part));
    desk.spot.begin_instant(3);
    desk.order.batch_units = 0.0;
    desk.spot.set_stress(ETH, 3.0);
    near(price(&mut desk, Sell(0.5)), 2_000.0 * (1.0 - 3.0 * part));
    desk.spot.reset();
    near(price(&mut desk, BuyFor(1_000.0)), 2_000.0 * (1.0 + part));
}

/// What is sold to raise an amount yields it, and a step less would not where a step is worth a
/// micro-unit or more.
#[test]
fn a_quantity_that_suffices() {
    let spot = desk(0.001, SlippageSpec::NONE).spot;
    for price in [88_500.0, 2_840.0, 182.0, 3.7, 0.012, 1e-5] {
        for usdc in [1, 20, 999, 18_800_000, 123_456_789_012] {
            let quantity = spot.quantity_for(ETH, micro(usdc), price);
            let proceeds = |steps: i64| {
                let value = Quantity::from_steps(steps).units() * price;
                Amount::round_usdc(value) - Amount::round_usdc(value * 0.001)
            };
            assert!(proceeds(quantity.steps()) >= micro(usdc), "{price} {usdc}");
            let step = if price > 150.0 { 1 } else { 2 + (300.0 / price) as i64 };
            assert!(proceeds((quantity.steps() - step).max(0)) < micro(usdc), "{price} {usdc}");
        }
    }
}
