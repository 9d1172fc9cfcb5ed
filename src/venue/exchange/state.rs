//! The exchange's state: accounts, positions and the ledger under them.

use super::effect::{Effect, EffectKind};
use super::fills::Fills;
use super::loss::Closed;
use super::margin::{Leg, health_factor, liquidation_price, utilisation};
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

/// Equity and what it must cover.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Health {
    /// Equity, USDC.
    pub equity: f64,
    /// Maintenance margin, USDC.
    pub maintenance: f64,
}

impl Health {
    /// Health factor.
    #[inline]
    pub fn factor(&self) -> f64 {
        health_factor(self.equity, self.maintenance)
    }
}

/// What an account has and how much of it is spoken for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capital {
    /// Wallet + collateral + unrealised profit, USDC.
    pub equity: f64,
    /// Holds + isolated collateral + initial margin at entry of cross positions, USDC.
    pub reserved: f64,
}

impl Capital {
    /// Reserved over equity.
    #[inline]
    pub fn utilisation(&self) -> f64 {
        utilisation(self.reserved, self.equity)
    }
}

/// The venue's own ledger accounts.
#[derive(Clone, Copy, Debug)]
pub(super) struct House {
    /// The outside world: counterparty of profits, fills and external flows.
    pub market: AccountId,
    /// Taker fees.
    pub fees: AccountId,
    /// Insurance fund.
    pub insurance: AccountId,
    /// Losses that nobody bore (below zero by their sum).
    pub bad_debt: AccountId,
}

/// The exchange.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub(super) spec: ExchangeSpec,
    pub(super) ledger: Ledger,
    pub(super) house: House,
    pub(super) accounts: Vec<Account>,
    pub(super) marks: Vec<f64>,
    pub(super) lasts: Vec<f64>,
    pub(super) fills: Fills,
    pub(super) effects: Vec<Effect>,
    /// Closes of this instant.
    pub(super) closed: Vec<Closed>,
    pub(super) now_ms: i64,
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
        let accounts = (accounts.iter())
            .map(|(name, positions)| open_account(&mut ledger, name, positions))
            .collect();
        let fills = Fills::new(spec.markets.len());
        Self {
            spec,
            ledger,
            house,
            accounts,
            marks: vec![f64::NAN; assets],
            lasts: vec![f64::NAN; assets],
            fills,
            effects: Vec::new(),
            closed: Vec::new(),
            now_ms: i64::MIN,
        }
    }

    /// Empties everything, then gives the insurance fund its start.
    pub fn reset(&mut self) {
        self.ledger.reset();
        self.effects.clear();
        self.closed.clear();
        self.now_ms = i64::MIN;
        self.fills.forget();
        for position in self.accounts.iter_mut().flat_map(|account| &mut account.positions) {
            position.set_quantity(Quantity::ZERO);
            position.full_until_ms = i64::MIN;
        }
        let insurance = self.spec.insurance;
        self.ledger.transfer(self.house.market, self.house.insurance, insurance, "insurance fund");
    }

    /// Pays money from outside into a wallet.
    pub fn deposit(&mut self, account: usize, amount: Amount) {
        self.ledger.transfer(self.house.market, self.accounts[account].wallet, amount, "deposit");
    }

    /// Opens a starting position at its entry price with collateral from outside, without costs.
    ///
    /// The quantity is the notional over the start mark unless given.
    pub fn open_at_start(&mut self, account: usize, position: usize, spec: &PositionSpec) {
        let mark = self.marks[self.spec.markets[spec.market].asset];
        let units = spec.quantity.unwrap_or(spec.notional_usdc / mark) * spec.side as f64;
        let quantity = Quantity::try_round(units).expect("quantities are bounded by the scenario");
        let slot = &mut self.accounts[account].positions[position];
        slot.set_quantity(quantity);
        slot.entry = spec.entry_price.unwrap_or(mark);
        let collateral = slot.collateral;
        self.ledger.transfer(self.house.market, collateral, spec.collateral, "collateral");
        let amount = spec.collateral.usdc();
        let price = self.accounts[account].positions[position].entry;
        let kind = EffectKind::Opened { fee: 0.0, slippage: 0.0 };
        self.effects.push(Effect { account, position: Some(position), kind, amount, price });
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

    /// How much slippage is raised by the storm, one factor per market.
    pub fn stress_mut(&mut self) -> &mut [f64] {
        self.fills.stress_mut()
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

    /// Keeps every posting from now on.
    pub fn keep_journal(&mut self) {
        self.ledger.keep_journal(true);
    }

    /// A market.
    #[inline]
    pub fn market(&self, market: usize) -> &MarketSpec {
        &self.spec.markets[market]
    }

    /// The mark that a position is valued at.
    #[inline]
    pub fn mark_of(&self, position: &Position) -> f64 {
        self.marks[self.spec.markets[position.market].asset]
    }

    /// What a position's margin depends on.
    #[inline]
    pub fn leg(&self, position: &Position) -> Leg<'_> {
        let maintenance = &self.spec.markets[position.market].maintenance;
        Leg { units: position.units, entry: position.entry, maintenance }
    }

    /// Wallet less holds, USDC.
    #[inline]
    pub fn free_wallet(&self, account: usize) -> Amount {
        let wallet = self.accounts[account].wallet;
        self.ledger.balance(wallet) - self.ledger.held(wallet)
    }

    /// A position's collateral.
    #[inline]
    pub fn collateral(&self, account: usize, position: usize) -> Amount {
        self.ledger.balance(self.accounts[account].positions[position].collateral)
    }

    /// The ledger account that a position's gains and losses go through.
    #[inline]
    pub(super) fn purse(&self, account: usize, position: usize) -> AccountId {
        let slot = &self.accounts[account].positions[position];
        match slot.mode {
            MarginMode::Isolated => slot.collateral,
            MarginMode::Cross => self.accounts[account].wallet,
        }
    }

    /// Equity behind a purse of an account in whole micro-units, rounded down and not below zero:
    /// what may be taken from it.
    pub(super) fn spendable(&self, account: usize, purse: AccountId) -> Amount {
        let mut equity = self.ledger.balance(purse) - self.ledger.held(purse);
        for (index, slot) in self.accounts[account].positions.iter().enumerate() {
            if slot.is_open() && self.purse(account, index) == purse {
                equity += Amount::floor_usdc(self.leg(slot).unrealised(self.mark_of(slot)));
            }
        }
        equity.max(Amount::ZERO)
    }

    /// Equity and maintenance behind a position: its own, or in cross margin the account's.
    #[inline]
    pub fn health(&self, account: usize, position: usize) -> Health {
        let slot = &self.accounts[account].positions[position];
        match slot.mode {
            MarginMode::Isolated => self.isolated_health(slot),
            MarginMode::Cross => self.cross_health(account),
        }
    }

    /// Equity and maintenance of an isolated position.
    #[inline]
    pub fn isolated_health(&self, slot: &Position) -> Health {
        let (leg, mark) = (self.leg(slot), self.mark_of(slot));
        let collateral = self.ledger.balance(slot.collateral).usdc();
        Health { equity: collateral + leg.unrealised(mark), maintenance: leg.maintenance(mark) }
    }

    /// Equity and maintenance of all cross positions of an account together.
    pub fn cross_health(&self, account: usize) -> Health {
        let mut health = Health { equity: self.free_wallet(account).usdc(), maintenance: 0.0 };
        for slot in &self.accounts[account].positions {
            if slot.mode == MarginMode::Cross && slot.is_open() {
                let (leg, mark) = (self.leg(slot), self.mark_of(slot));
                health.equity += leg.unrealised(mark);
                health.maintenance += leg.maintenance(mark);
            }
        }
        health
    }

    /// What an account has, and how much of it is reserved.
    pub fn capital(&self, account: usize) -> Capital {
        let holder = &self.accounts[account];
        let mut capital = Capital {
            equity: self.ledger.balance(holder.wallet).usdc(),
            reserved: self.ledger.held(holder.wallet).usdc(),
        };
        // A closed position has no collateral left.
        for slot in holder.positions.iter().filter(|slot| slot.is_open()) {
            capital.equity += self.leg(slot).unrealised(self.mark_of(slot));
            match slot.mode {
                MarginMode::Isolated => {
                    let collateral = self.ledger.balance(slot.collateral).usdc();
                    capital.equity += collateral;
                    capital.reserved += collateral;
                }
                MarginMode::Cross => capital.reserved += self.initial_at_entry(slot),
            }
        }
        capital
    }

    /// Initial margin at entry of what is still open of a position, USDC.
    fn initial_at_entry(&self, slot: &Position) -> f64 {
        self.spec.markets[slot.market].initial_margin * slot.units.abs() * slot.entry
    }

    /// Initial margin at entry of all cross positions of an account, USDC.
    pub(super) fn cross_initial(&self, account: usize) -> f64 {
        (self.accounts[account].positions.iter())
            .filter(|slot| slot.mode == MarginMode::Cross && slot.is_open())
            .map(|slot| self.initial_at_entry(slot))
            .sum()
    }

    /// Wallet + collateral + unrealised profit of everything open, USDC.
    pub fn equity(&self, account: usize) -> f64 {
        self.capital(account).equity
    }

    /// The mark of its own market at which a position would be force-closed, other marks as they
    /// are. Cross positions of one market move together and share it.
    pub fn liquidation_price(&self, account: usize, position: usize) -> Option<f64> {
        let slots = &self.accounts[account].positions;
        let slot = &slots[position];
        let (mark, health) = (self.mark_of(slot), self.health(account, position));
        let with = |other: &&Position| {
            other.mode == MarginMode::Cross && other.market == slot.market && other.is_open()
        };
        let (legs, level): (Vec<Leg<'_>>, f64) = match slot.mode {
            MarginMode::Isolated => {
                (vec![self.leg(slot)], self.spec.markets[slot.market].liquidation_hf)
            }
            MarginMode::Cross => (
                slots.iter().filter(with).map(|other| self.leg(other)).collect(),
                self.cross_level(account),
            ),
        };
        let profit: f64 = legs.iter().map(|leg| leg.unrealised(mark)).sum();
        let maintenance: f64 = legs.iter().map(|leg| leg.maintenance(mark)).sum();
        let (backing, others) = (health.equity - profit, health.maintenance - maintenance);
        liquidation_price(&legs, backing, others, level, mark)
    }
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
