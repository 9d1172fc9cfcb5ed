//! Losses beyond equity: insurance fund, then by the venue's rule, then bad debt.

use super::effect::{Effect, EffectKind};
use super::spec::{LossRule, MarginMode};
use super::state::Exchange;
use crate::ledger::AccountId;
use crate::units::{Amount, Quantity};

/// A bankrupt position after its close: who must be made whole, and what was closed where.
#[derive(Clone, Copy)]
struct Bankrupt {
    account: usize,
    position: usize,
    market: usize,
    purse: AccountId,
    /// Closed quantity, units, signed.
    units: f64,
    /// Where it was closed.
    fill: f64,
    /// Loss beyond equity before anybody bore any of it.
    loss: Amount,
}

/// A position in profit that could take part of a bankrupt one.
struct Counterparty {
    account: usize,
    position: usize,
    rank: f64,
}

impl Exchange {
    /// Brings `purse` back to zero at the cost of others. `units` were closed at `fill`.
    pub(super) fn bear_loss(
        &mut self,
        account: usize,
        position: usize,
        purse: AccountId,
        units: f64,
        fill: f64,
    ) {
        let market = self.accounts[account].positions[position].market;
        let loss = -self.ledger.balance(purse);
        let bankrupt = Bankrupt { account, position, market, purse, units, fill, loss };
        self.insurance_pays(&bankrupt);
        match self.spec.loss_rule {
            LossRule::BadDebt => {}
            LossRule::AutoDeleveraging => self.deleverage(&bankrupt),
            LossRule::Socialised => self.socialise(&bankrupt),
        }
        let rest = self.still_lacking(&bankrupt);
        if rest.is_positive() {
            self.ledger.transfer(self.house.bad_debt, purse, rest, "bad debt");
            self.note(&bankrupt, EffectKind::BadDebt, rest);
        }
    }

    fn still_lacking(&self, bankrupt: &Bankrupt) -> Amount {
        -self.ledger.balance(bankrupt.purse)
    }

    fn note(&mut self, bankrupt: &Bankrupt, kind: EffectKind, amount: Amount) {
        self.effects.push(Effect {
            account: bankrupt.account,
            position: Some(bankrupt.position),
            kind,
            amount: amount.usdc(),
            price: bankrupt.fill,
        });
    }

    fn insurance_pays(&mut self, bankrupt: &Bankrupt) {
        let fund = self.ledger.balance(self.house.insurance).max(Amount::ZERO);
        let paid = fund.min(self.still_lacking(bankrupt));
        if paid.is_positive() {
            self.ledger.transfer(self.house.insurance, bankrupt.purse, paid, "insurance");
            self.note(bankrupt, EffectKind::InsurancePaid, paid);
        }
    }

    /// Opposite positions in profit are closed at the bankruptcy price, best first by profit
    /// ratio × effective leverage, for the part of the quantity that insurance did not cover.
    fn deleverage(&mut self, bankrupt: &Bankrupt) {
        let lacking = self.still_lacking(bankrupt);
        if !lacking.is_positive() {
            return;
        }
        // The price at which the closed quantity would have left exactly nothing.
        let beyond = bankrupt.loss.usdc() / bankrupt.units.abs();
        let price = bankrupt.fill + beyond * bankrupt.units.signum();
        let uncovered = lacking.micro() as f64 / bankrupt.loss.micro() as f64;
        let closed = Quantity::try_round(bankrupt.units).unwrap_or(Quantity::ZERO);
        let mut steps = closed.part_up(uncovered).abs_steps();
        for candidate in self.ranked_counterparties(bankrupt) {
            if steps == 0 || !self.still_lacking(bankrupt).is_positive() {
                break;
            }
            steps -= self.take_over(bankrupt, &candidate, price, steps);
        }
    }

    fn ranked_counterparties(&self, bankrupt: &Bankrupt) -> Vec<Counterparty> {
        let mut found = Vec::new();
        for (account, holder) in self.accounts.iter().enumerate() {
            for (position, slot) in holder.positions.iter().enumerate() {
                if slot.market != bankrupt.market || slot.units * bankrupt.units >= 0.0 {
                    continue;
                }
                let (leg, mark) = (self.leg(slot), self.mark_of(slot));
                let (profit, equity) =
                    (leg.unrealised(mark), self.health(account, position).equity);
                if profit > 0.0 && equity > 0.0 {
                    let ratio = profit / (slot.units.abs() * slot.entry);
                    let rank = ratio * leg.notional(mark) / equity;
                    found.push(Counterparty { account, position, rank });
                }
            }
        }
        // Stable: equal ranks stay in the order of accounts and positions.
        found.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        found
    }

    /// Closes up to `steps` of a counterparty at the bankruptcy price; returns how many.
    fn take_over(
        &mut self,
        bankrupt: &Bankrupt,
        candidate: &Counterparty,
        price: f64,
        steps: i64,
    ) -> i64 {
        let Counterparty { account, position, .. } = *candidate;
        let slot = &self.accounts[account].positions[position];
        let taken = slot.quantity.abs_steps().min(steps);
        let part = Quantity::from_steps(taken * slot.quantity.sign());
        let purse = self.purse(account, position);
        let profit = Amount::round_usdc(part.units() * (bankrupt.fill - slot.entry));
        let haircut = Amount::round_usdc(part.units().abs() * (price - bankrupt.fill).abs())
            .min(self.still_lacking(bankrupt))
            .min(self.spendable(account, position));
        self.ledger.settle(self.house.market, purse, profit, "realised profit");
        self.ledger.transfer(purse, bankrupt.purse, haircut, "auto-deleveraging");
        let wallet = self.accounts[account].wallet;
        let slot = &mut self.accounts[account].positions[position];
        slot.set_quantity(slot.quantity.less(part));
        if !slot.is_open() && slot.mode == MarginMode::Isolated {
            let rest = self.ledger.balance(purse).max(Amount::ZERO);
            self.ledger.transfer(purse, wallet, rest, "collateral returned");
        }
        let amount = haircut.usdc();
        self.effects.push(Effect {
            account,
            position: Some(position),
            kind: EffectKind::Deleveraged,
            amount,
            price,
        });
        taken
    }

    /// Shares what is lacking pro rata to positive equity: out of the wallet first, then out of
    /// isolated collateral in its order. What an account has not got in money stays bad debt.
    fn socialise(&mut self, bankrupt: &Bankrupt) {
        let lacking = self.still_lacking(bankrupt);
        if !lacking.is_positive() {
            return;
        }
        let equities: Vec<f64> = (0..self.accounts.len())
            .map(|account| {
                let own = account == bankrupt.account;
                // The hole itself is not equity of its account.
                let hole = if own { lacking.usdc() } else { 0.0 };
                (self.equity(account) + hole).max(0.0)
            })
            .collect();
        let total: f64 = equities.iter().sum();
        if total <= 0.0 {
            return;
        }
        for (account, equity) in equities.into_iter().enumerate() {
            let share = Amount::ceil_usdc(lacking.usdc() * equity / total);
            self.contribute(bankrupt, account, share.min(self.still_lacking(bankrupt)));
        }
    }

    fn contribute(&mut self, bankrupt: &Bankrupt, account: usize, share: Amount) {
        let mut left = share;
        let holder = &self.accounts[account];
        let purses = std::iter::once(holder.wallet)
            .chain(holder.positions.iter().map(|slot| slot.collateral))
            .filter(|purse| *purse != bankrupt.purse);
        for purse in purses {
            let free = (self.ledger.balance(purse) - self.ledger.held(purse)).max(Amount::ZERO);
            let paid = free.min(left);
            self.ledger.transfer(purse, bankrupt.purse, paid, "socialised loss");
            left -= paid;
        }
        let paid = share - left;
        if paid.is_positive() {
            let amount = paid.usdc();
            let kind = EffectKind::Socialised;
            let price = bankrupt.fill;
            self.effects.push(Effect { account, position: None, kind, amount, price });
        }
    }
}
