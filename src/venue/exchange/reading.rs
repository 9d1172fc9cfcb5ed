//! Reading the exchange: health, capital and liquidation prices. Nothing here changes anything.

use super::margin::{Leg, health_factor, liquidation_price, utilisation};
use super::spec::MarginMode;
use super::state::{Exchange, Position};
use crate::ledger::AccountId;
use crate::units::Amount;

/// Equity and what it must cover.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Health {
    /// Equity, USDC.
    pub equity: f64,
    /// Maintenance margin, USDC.
    pub maintenance: f64,
}

impl Health {
    /// Neither.
    pub const ZERO: Self = Self { equity: 0.0, maintenance: 0.0 };

    /// Health factor.
    #[inline]
    pub fn factor(&self) -> f64 {
        health_factor(self.equity, self.maintenance)
    }
}

/// What an account has and how much of it is spoken for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capital {
    /// Wallet + collateral + unrealised profit + holdings that count, USDC.
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

impl Exchange {
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
                    // Collateral that owes money reserves none.
                    capital.reserved += collateral.max(0.0);
                }
                MarginMode::Cross => capital.reserved += self.initial_at_entry(slot),
            }
        }
        for (asset, units) in &self.counted[account] {
            capital.equity += units * self.marks[*asset];
        }
        capital
    }

    /// Initial margin at entry of what is still open of a position, USDC.
    fn initial_at_entry(&self, slot: &Position) -> f64 {
        self.spec.markets[slot.market].initial_margin * slot.units.abs() * slot.entry
    }

    /// Initial margin at entry of all cross positions of an account, USDC.
    pub fn cross_initial(&self, account: usize) -> f64 {
        (self.accounts[account].positions.iter())
            .filter(|slot| slot.mode == MarginMode::Cross && slot.is_open())
            .map(|slot| self.initial_at_entry(slot))
            .sum()
    }

    /// What a position reserves: its collateral, or in cross margin its initial margin at entry,
    /// USDC.
    pub fn margin_of(&self, account: usize, position: usize) -> f64 {
        let slot = &self.accounts[account].positions[position];
        match slot.mode {
            _ if !slot.is_open() => 0.0,
            MarginMode::Isolated => self.ledger.balance(slot.collateral).usdc().max(0.0),
            MarginMode::Cross => self.initial_at_entry(slot),
        }
    }

    /// Wallet + collateral + unrealised profit of everything open, USDC.
    pub fn equity(&self, account: usize) -> f64 {
        let counted = self.counted[account].iter();
        let holdings: f64 = counted.map(|(asset, units)| units * self.marks[*asset]).sum();
        self.capital(account).equity - holdings
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
