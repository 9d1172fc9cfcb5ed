//! The exchange's state: accounts, positions and the ledger under them.

use super::effect::{Effect, EffectKind};
use super::fills::Fills;
use super::loss::Closed;
use super::spec::{ExchangeSpec, MarginMode, MarketSpec, PositionSpec};
use crate::ledger::{AccountId, Ledger, USDC};
use crate::units::{Amount, Quantity};

/// A position slot. It is open while its quantity is not zero.
#[derive(Clone, Debug)]
pub struct Position {
    /// Index of the market.
    pub market: usize,
    /// Mode.
    pub mode: MarginMode,
    /// Signed quantity.
    pub quantity: Quantity,
    /// The same in units of the underlying.
    pub units: f64,
    /// Entry price.
    pub entry: f64,
    /// Where its collateral sits (empty in cross margin).
    pub collateral: AccountId,
    /// Until then a further force-close is full.
    pub full_until_ms: i64,
}

impl Position {
    /// Whether anything of it is open.
    #[inline]
    pub fn is_open(&self) -> bool {
        self.quantity != Quantity::ZERO
    }

    /// Sets the quantity in both forms.
    #[inline]
    pub fn set_quantity(&mut self, quantity: Quantity) {
        self.quantity = quantity;
        self.units = quantity.units();
    }
}

/// One trading account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its wallet.
    pub wallet: AccountId,
    /// Its position slots, in the order of the scenario.
    pub positions: Vec<Position>,
}

/// The venue's own ledger accounts.
#[derive(Clone, Copy, Debug)]
pub struct House {
    /// The outside world: counterparty of profits, fills and external flows.
    pub market: AccountId,
    /// Taker fees.
    pub fees: AccountId,
    /// Insurance fund.
    pub insurance: AccountId,
    /// Losses that nobody bore (below zero by their sum).
    pub bad_debt: AccountId,
}

/// The prices that hold, one per asset of the path.
#[derive(Clone, Copy, Debug)]
pub struct Prices<'a> {
    /// Mark prices, USDC.
    pub marks: &'a [f64],
    /// Last prices, USDC.
    pub lasts: &'a [f64],
}

/// The exchange.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub(super) spec: ExchangeSpec,
    pub(super) ledger: Ledger,
    pub(super) house: House,
    pub(super) accounts: Vec<Account>,
    /// Per market: account and position of each slot in it, in their order.
    pub(super) slots_in: Vec<Vec<(usize, usize)>>,
    pub(super) marks: Vec<f64>,
    pub(super) lasts: Vec<f64>,
    pub(super) fills: Fills,
    pub(super) effects: Vec<Effect>,
    /// Closes of this instant.
    pub(super) closed: Vec<Closed>,
    pub(super) now_ms: i64,
    /// Per account: holdings beside USDC that count as capital, as index of the price and units.
    pub(super) counted: Vec<Vec<(usize, f64)>>,
    /// When the grace period of each called account ends.
    pub(super) calls: Vec<Option<i64>>,
    /// Accounts in the order in which the venue goes through them.
    pub(super) order: Vec<usize>,
    /// Their priorities; empty where they are equal.
    pub(super) priorities: Vec<u32>,
}

impl Exchange {
    /// An exchange with empty accounts: one per name, each with its position slots.
    pub fn new(spec: ExchangeSpec, assets: usize, accounts: &[(&str, &[PositionSpec])]) -> Self {
        let mut ledger = Ledger::default();
        let house = House {
            market: ledger.open("market", USDC),
            fees: ledger.open("venue fees", USDC),
            insurance: ledger.open("insurance fund", USDC),
            bad_debt: ledger.open("bad debt", USDC),
        };
        let accounts: Vec<Account> = (accounts.iter())
            .map(|(name, positions)| open_account(&mut ledger, name, positions))
            .collect();
        let slots_in = slots_by_market(spec.markets.len(), &accounts);
        let fills = Fills::new(spec.markets.len());
        let calls = vec![None; accounts.len()];
        let counted = vec![Vec::new(); accounts.len()];
        let order = (0..accounts.len()).collect();
        Self {
            spec,
            ledger,
            house,
            accounts,
            slots_in,
            marks: vec![f64::NAN; assets],
            lasts: vec![f64::NAN; assets],
            fills,
            effects: Vec::new(),
            closed: Vec::new(),
            now_ms: i64::MIN,
            counted,
            calls,
            order,
            priorities: Vec::new(),
        }
    }

    /// Empties everything, then gives the insurance fund its start.
    pub fn reset(&mut self) {
        self.ledger.reset();
        self.effects.clear();
        self.closed.clear();
        self.now_ms = i64::MIN;
        self.calls.fill(None);
        self.counted.iter_mut().for_each(Vec::clear);
        self.fills.forget();
        for position in self.accounts.iter_mut().flat_map(|account| &mut account.positions) {
            position.set_quantity(Quantity::ZERO);
            position.full_until_ms = i64::MIN;
        }
        let insurance = self.spec.insurance;
        self.ledger.transfer(self.house.market, self.house.insurance, insurance, "insurance fund");
    }

    /// As another of the same specs and accounts is.
    pub fn return_to(&mut self, start: &Self) {
        self.ledger.return_to(&start.ledger);
        for (account, start) in self.accounts.iter_mut().zip(&start.accounts) {
            account.positions.clone_from_slice(&start.positions);
        }
        self.marks.copy_from_slice(&start.marks);
        self.lasts.copy_from_slice(&start.lasts);
        self.fills.return_to(&start.fills);
        self.effects.clone_from(&start.effects);
        self.closed.clone_from(&start.closed);
        self.now_ms = start.now_ms;
        for (counted, start) in self.counted.iter_mut().zip(&start.counted) {
            counted.clone_from(start);
        }
        self.calls.copy_from_slice(&start.calls);
    }

    /// Whether marks and last prices are, bit for bit, those of another.
    pub fn has_prices_of(&self, other: &Self) -> bool {
        let same =
            |a: &[f64], b: &[f64]| a.iter().map(|x| x.to_bits()).eq(b.iter().map(|x| x.to_bits()));
        same(&self.marks, &other.marks) && same(&self.lasts, &other.lasts)
    }

    /// Gives each account its place in the venue's checks: lower first, equal ones in the order of
    /// the accounts.
    pub fn set_priorities(&mut self, priorities: &[u32]) {
        self.order.sort_by_key(|account| (priorities[*account], *account));
        self.priorities = priorities.to_vec();
    }

    /// Pays money from outside into a wallet.
    pub fn deposit(&mut self, account: usize, amount: Amount) {
        self.ledger.transfer(self.house.market, self.accounts[account].wallet, amount, "deposit");
    }

    /// Opens a starting position at its entry price with collateral from outside, without costs.
    ///
    /// Unless given, the entry price is the last price and the quantity the notional over it.
    pub fn open_at_start(&mut self, account: usize, position: usize, spec: &PositionSpec) {
        let last = self.lasts[self.spec.markets[spec.market].asset];
        let entry = spec.entry_price.unwrap_or(last);
        let units = spec.quantity.unwrap_or(spec.notional_usdc / entry) * spec.side as f64;
        let quantity = Quantity::try_round(units).expect("quantities are bounded by the scenario");
        let slot = &mut self.accounts[account].positions[position];
        slot.set_quantity(quantity);
        slot.entry = entry;
        let collateral = slot.collateral;
        self.ledger.transfer(self.house.market, collateral, spec.collateral, "collateral");
        let amount = spec.collateral.usdc();
        let kind = EffectKind::Opened { fee: 0.0, slippage: 0.0 };
        self.effects.push(Effect { account, position: Some(position), kind, amount, price: entry });
    }

    /// Holdings beside USDC that count as an account's capital from now on: index of the price and
    /// units, less what a haircut takes off.
    pub fn set_counted(&mut self, account: usize, holdings: impl Iterator<Item = (usize, f64)>) {
        self.counted[account].clear();
        self.counted[account].extend(holdings);
    }

    /// Holdings that count as an account's capital.
    #[inline]
    pub fn counted(&self, account: usize) -> &[(usize, f64)] {
        &self.counted[account]
    }

    /// The prices that hold from now on, one per asset, may be written here.
    #[inline]
    pub fn prices_mut(&mut self) -> (&mut [f64], &mut [f64]) {
        (&mut self.marks, &mut self.lasts)
    }

    /// Starts an instant: fills of it share one price per market and side.
    #[inline]
    pub fn begin_instant(&mut self, now_ms: i64) {
        if now_ms != self.now_ms {
            self.now_ms = now_ms;
            self.closed.clear();
            self.fills.forget();
        }
    }

    /// Starts a round at new prices inside an instant: its fills have prices of their own.
    #[inline]
    pub fn begin_round(&mut self) {
        self.fills.forget();
    }

    /// By how much the storm raises a market's slippage, of orders and of force-closes.
    #[inline]
    pub fn set_stress(&mut self, market: usize, orders: f64, forced: f64) {
        self.fills.set_stress(market, orders, forced);
    }

    /// What operations have done since the last call of [`Exchange::clear_effects`].
    #[inline]
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// Forgets the effects.
    #[inline]
    pub fn clear_effects(&mut self) {
        self.effects.clear();
    }

    /// The marks that hold, one per asset.
    #[inline]
    pub fn marks(&self) -> &[f64] {
        &self.marks
    }

    /// The accounts.
    #[inline]
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The ledger, to read.
    #[inline]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The venue's own ledger accounts.
    #[inline]
    pub fn house(&self) -> House {
        self.house
    }

    /// The ledger, for the venue's other services, and the prices that hold.
    #[inline]
    pub fn parts(&mut self) -> (&mut Ledger, Prices<'_>) {
        (&mut self.ledger, Prices { marks: &self.marks, lasts: &self.lasts })
    }

    /// Keeps every posting from now on.
    pub fn keep_journal(&mut self) {
        self.ledger.keep_journal(true);
    }

    /// A market.
    #[inline]
    pub fn market(&self, market: usize) -> &MarketSpec {
        &self.spec.markets[market]
    }
}

fn slots_by_market(markets: usize, accounts: &[Account]) -> Vec<Vec<(usize, usize)>> {
    let mut slots = vec![Vec::new(); markets];
    for (account, holder) in accounts.iter().enumerate() {
        for (position, slot) in holder.positions.iter().enumerate() {
            slots[slot.market].push((account, position));
        }
    }
    slots
}

fn open_account(ledger: &mut Ledger, name: &str, positions: &[PositionSpec]) -> Account {
    let wallet = ledger.open(format!("{name} wallet"), USDC);
    let positions = (positions.iter())
        .map(|spec| Position {
            market: spec.market,
            mode: spec.mode,
            quantity: Quantity::ZERO,
            units: 0.0,
            entry: f64::NAN,
            collateral: ledger.open(format!("{name} {} collateral", spec.name), USDC),
            full_until_ms: i64::MIN,
        })
        .collect();
    Account { wallet, positions }
}
