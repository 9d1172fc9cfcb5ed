//! Orders on the spot market: an asset leg and a USDC leg, both against the outside world.

use super::assets::{AssetAccounts, Assets};
use crate::ledger::{AccountId, AssetId, Ledger, USDC};
use crate::units::{Amount, Quantity};
use crate::venue::exchange::{Fills, Prices, Request, SlippageSpec};

/// One asset's spot market.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpotSpec {
    /// Index of the price that moves it.
    pub price_asset: usize,
    /// Fee, a fraction of the value filled, in [0, 1).
    pub fee: f64,
    /// Distance of a fill from the last price.
    pub slippage: SlippageSpec,
}

/// Whether an order buys or sells the asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Pays USDC.
    Buy,
    /// Gets USDC.
    Sell,
}

/// What an order trades and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The asset, not USDC.
    pub asset: AssetId,
    /// Where USDC is paid from or to.
    pub usdc: AccountId,
    /// Where the asset comes from or goes to.
    pub holding: AccountId,
    /// USDC that must stay free in the wallet beside its holds (it backs cross positions).
    pub keep: Amount,
    /// Units of all orders of the batch in this asset and side, from which slippage is reckoned;
    /// 0: the order's own.
    pub batch_units: f64,
}

impl Order {
    /// Units from which its slippage is reckoned, when it trades so many.
    fn reckoned(&self, units: f64) -> f64 {
        if self.batch_units > 0.0 { self.batch_units } else { units }
    }
}

/// A filled order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fill {
    /// Quantity of the asset.
    pub quantity: Quantity,
    /// USDC paid with the fee (buy), or received without it (sell).
    pub usdc: Amount,
    /// Fee, in USDC.
    pub fee: Amount,
    /// Fill price.
    pub price: f64,
    /// Quantity × distance of the fill from the last price, USDC.
    pub slippage: f64,
}

/// Why an order was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It asks for nothing, or for less than one step.
    Nothing,
    /// Less is free in the wallet than it takes.
    Funds,
    /// Its value is beyond what the ledger holds.
    TooLarge,
}

impl Rejection {
    /// Lower-case words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing to trade",
            Self::Funds => "not enough free",
            Self::TooLarge => "too large",
        }
    }
}

/// Largest value of one order at the last price, USDC: with slippage and fee it stays inside the
/// ledger's range.
const MOST_USDC: f64 = 2e12;

/// Most steps of one order: 2^61.
const MOST_STEPS: f64 = 2_305_843_009_213_693_952.0;

/// The spot markets of all assets but USDC.
#[derive(Clone, Debug)]
pub struct Spot {
    specs: Vec<SpotSpec>,
    assets: Assets,
    accounts: Vec<AssetAccounts>,
    fills: Fills,
    now_ms: i64,
}

impl Spot {
    /// `specs[k − 1]` is the market of `AssetId(k)`; `accounts` has one entry per asset with
    /// USDC's first ([`AssetAccounts::open`]).
    pub fn new(specs: Vec<SpotSpec>, accounts: Vec<AssetAccounts>) -> Self {
        assert_eq!(accounts.len(), specs.len() + 1, "accounts for every asset and USDC");
        assert!(specs.iter().all(|spec| (0.0..1.0).contains(&spec.fee)), "a fee outside [0, 1)");
        let assets = Assets::new(specs.iter().map(|spec| spec.price_asset).collect());
        let fills = Fills::new(specs.len());
        Self { specs, assets, accounts, fills, now_ms: i64::MIN }
    }

    /// Forgets fills and storm, for another path.
    pub fn reset(&mut self) {
        self.now_ms = i64::MIN;
        self.fills.forget();
        for market in 0..self.specs.len() {
            self.fills.set_stress(market, 1.0, 1.0);
        }
    }

    /// Starts an instant: fills of it share one price per asset and side, and the first decides.
    #[inline]
    pub fn begin_instant(&mut self, now_ms: i64) {
        if now_ms != self.now_ms {
            self.now_ms = now_ms;
            self.fills.forget();
        }
    }

    /// Starts a round at new prices inside an instant: its fills have prices of their own.
    #[inline]
    pub fn begin_round(&mut self) {
        self.fills.forget();
    }

    /// By how much the storm raises an asset's slippage.
    #[inline]
    pub fn set_stress(&mut self, asset: AssetId, factor: f64) {
        self.fills.set_stress(market_of(asset), factor, factor);
    }

    /// The assets and what moves them.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// The venue's accounts, by asset.
    pub fn accounts(&self) -> &[AssetAccounts] {
        &self.accounts
    }

    /// The price at which an order of this size would fill now.
    #[inline]
    pub fn quote(&self, prices: Prices<'_>, asset: AssetId, side: Side, units: f64) -> f64 {
        let last = self.assets.price(asset, prices.lasts);
        self.fills.preview(&request(&self.specs, last, asset, side, units))
    }

    /// What buying a quantity at a price costs, with the fee.
    pub fn cost(&self, asset: AssetId, quantity: Quantity, price: f64) -> Amount {
        let value = quantity.units() * price;
        Amount::round_usdc(value) + Amount::round_usdc(value * self.specs[market_of(asset)].fee)
    }

    /// A quantity that yields at least `usdc` after the fee when sold at a price: the least one
    /// up to a step, and where a step is worth less than a micro-unit, up to two of these.
    pub fn quantity_for(&self, asset: AssetId, usdc: Amount, price: f64) -> Quantity {
        let fee = self.specs[market_of(asset)].fee;
        let steps = |usdc: f64| usdc / (price * (1.0 - fee)) * 1e8;
        let nearest = steps(usdc.usdc()).round() as i64;
        let ample = Quantity::from_steps(steps(usdc.usdc() + 2e-6).ceil() as i64);
        [nearest, nearest.saturating_add(1)]
            .map(Quantity::from_steps)
            .into_iter()
            .find(|quantity| proceeds(*quantity, price, fee).0 >= usdc)
            .unwrap_or(ample)
    }

    /// Sells a quantity at the last price less slippage; the fee comes off the proceeds.
    pub fn sell(
        &mut self,
        ledger: &mut Ledger,
        prices: Prices<'_>,
        order: &Order,
        quantity: Quantity,
    ) -> Result<Fill, Rejection> {
        let steps = Amount::from_micro(quantity.steps());
        let last = self.check(prices, order, quantity)?;
        if steps > free(ledger, order.holding) {
            return Err(Rejection::Funds);
        }
        let price = self.fill(prices, order, Side::Sell, quantity.units());
        let (usdc, fee) = proceeds(quantity, price, self.specs[market_of(order.asset)].fee);
        let (house, cash) = (&self.accounts[usize::from(order.asset.0)], &self.accounts[0]);
        ledger.transfer(order.holding, house.market, steps, "spot sale");
        ledger.transfer(cash.market, order.usdc, usdc + fee, "spot sale");
        ledger.transfer(order.usdc, cash.fees, fee, "spot fee");
        Ok(Fill { quantity, usdc, fee, price, slippage: quantity.units() * (last - price) })
    }

    /// Buys a quantity at the last price plus slippage; the fee comes on top.
    pub fn buy(
        &mut self,
        ledger: &mut Ledger,
        prices: Prices<'_>,
        order: &Order,
        quantity: Quantity,
    ) -> Result<Fill, Rejection> {
        self.check(prices, order, quantity)?;
        let units = order.reckoned(quantity.units());
        let price = self.quote(prices, order.asset, Side::Buy, units);
        let cost = self.cost(order.asset, quantity, price);
        if cost > free(ledger, order.usdc) - order.keep {
            return Err(Rejection::Funds);
        }
        let value = Amount::round_usdc(quantity.units() * price);
        Ok(self.post_buy(ledger, prices, order, quantity, [value, cost - value]))
    }

    /// Buys as much as `usdc` pays for, the fee included, rounded down to a step. Slippage is
    /// reckoned as if all of it were spent at the last price.
    pub fn buy_for(
        &mut self,
        ledger: &mut Ledger,
        prices: Prices<'_>,
        order: &Order,
        usdc: Amount,
    ) -> Result<Fill, Rejection> {
        if !usdc.is_positive() {
            return Err(Rejection::Nothing);
        }
        if usdc > free(ledger, order.usdc) - order.keep {
            return Err(Rejection::Funds);
        }
        let last = self.assets.price(order.asset, prices.lasts);
        let order = Order { batch_units: order.reckoned(usdc.usdc() / last), ..*order };
        let price = self.quote(prices, order.asset, Side::Buy, order.batch_units);
        let fee = self.specs[market_of(order.asset)].fee;
        let steps = (usdc.usdc() / (price * (1.0 + fee)) * 1e8).floor();
        if steps > MOST_STEPS {
            return Err(Rejection::TooLarge);
        }
        let quantity = Quantity::from_steps(steps as i64);
        self.check(prices, &order, quantity)?;
        // Two roundings up could ask for one micro-unit more than there is: the fee gives way.
        let value = Amount::round_usdc(quantity.units() * price).min(usdc);
        let fee = Amount::round_usdc(quantity.units() * price * fee).min(usdc - value);
        Ok(self.post_buy(ledger, prices, &order, quantity, [value, fee]))
    }

    fn post_buy(
        &mut self,
        ledger: &mut Ledger,
        prices: Prices<'_>,
        order: &Order,
        quantity: Quantity,
        [value, fee]: [Amount; 2],
    ) -> Fill {
        let last = self.assets.price(order.asset, prices.lasts);
        let price = self.fill(prices, order, Side::Buy, quantity.units());
        let (house, cash) = (&self.accounts[usize::from(order.asset.0)], &self.accounts[0]);
        ledger.transfer(order.usdc, cash.market, value, "spot purchase");
        ledger.transfer(order.usdc, cash.fees, fee, "spot fee");
        let steps = Amount::from_micro(quantity.steps());
        ledger.transfer(house.market, order.holding, steps, "spot purchase");
        let slippage = quantity.units() * (price - last);
        Fill { quantity, usdc: value + fee, fee, price, slippage }
    }

    /// The last price, if the order asks for something of a value that the ledger holds.
    fn check(
        &self,
        prices: Prices<'_>,
        order: &Order,
        quantity: Quantity,
    ) -> Result<f64, Rejection> {
        let last = self.assets.price(order.asset, prices.lasts);
        if quantity.steps() <= 0 {
            Err(Rejection::Nothing)
        } else if quantity.units() * last > MOST_USDC {
            Err(Rejection::TooLarge)
        } else {
            Ok(last)
        }
    }

    /// The price of this fill, shared with the others of the instant.
    fn fill(&mut self, prices: Prices<'_>, order: &Order, side: Side, units: f64) -> f64 {
        let last = self.assets.price(order.asset, prices.lasts);
        let units = order.reckoned(units);
        self.fills.price(&request(&self.specs, last, order.asset, side, units))
    }
}

fn request(specs: &[SpotSpec], last: f64, asset: AssetId, side: Side, units: f64) -> Request<'_> {
    let market = market_of(asset);
    let slippage = &specs[market].slippage;
    Request { market, last, sells: side == Side::Sell, forced: false, slippage, units }
}

/// Proceeds of a sale after the fee, and the fee.
fn proceeds(quantity: Quantity, price: f64, fee: f64) -> (Amount, Amount) {
    let value = Amount::round_usdc(quantity.units() * price);
    let fee = Amount::round_usdc(quantity.units() * price * fee).min(value);
    (value - fee, fee)
}

/// Place of an asset's market.
fn market_of(asset: AssetId) -> usize {
    assert!(asset != USDC, "USDC has no spot market");
    usize::from(asset.0) - 1
}

/// What of an account's balance no hold marks.
fn free(ledger: &Ledger, account: AccountId) -> Amount {
    ledger.balance(account) - ledger.held(account)
}
