//! Losses beyond equity: insurance fund, then by the venue's rule, then bad debt.

use super::effect::{Effect, EffectKind};
use super::spec::{LossRule, MarginMode};
use super::state::Exchange;
use crate::ledger::AccountId;
use crate::units::{Amount, Quantity};

/// A purse that owes more than it has, after the last close that could fill it.
#[derive(Clone, Copy)]
struct Hole {
    account: usize,
    position: usize,
    purse: AccountId,
    /// Where the last close filled.
    fill: f64,
}

/// A close of this instant: what auto-deleveraging can still undo at the bankruptcy price.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closed {
    /// What bore its result.
    pub purse: AccountId,
    /// Index of its market.
    pub market: usize,
    /// Closed quantity, signed.
    pub part: Quantity,
    /// Fill price.
    pub fill: f64,
    /// Loss that it realised; below zero: profit.
    pub loss: Amount,
}

/// Part of a bankrupt account's closed quantity, offered to opposite positions.
struct Offer {
    market: usize,
    units: f64,
    fill: f64,
    /// The price that would have left the account exactly nothing.
    bankruptcy: f64,
    /// Steps that insurance did not cover.
    steps: i64,
    /// What they lack together.
    lacking: Amount,
}

/// A position in profit that could take part of a bankrupt one.
struct Counterparty {
    account: usize,
    position: usize,
    rank: f64,
}

impl Exchange {
    /// What a purse lacks: holds count as spoken for, as they do in its equity.
    pub(super) fn lacking(&self, purse: AccountId) -> Amount {
        self.ledger.held(purse) - self.ledger.balance(purse)
    }

    /// Fills the hole in `purse` at the cost of others.
    pub(super) fn bear_loss(&mut self, account: usize, position: usize, fill: f64) {
        let purse = self.purse(account, position);
        let hole = Hole { account, position, purse, fill };
        let loss = self.lacking(purse);
        self.insurance_pays(&hole);
        match self.spec.loss_rule {
            LossRule::BadDebt => {}
            LossRule::AutoDeleveraging => self.deleverage(&hole, loss),
            LossRule::Socialised => self.socialise(&hole),
        }
        let rest = self.lacking(purse);
        if rest.is_positive() {
            self.ledger.transfer(self.house.bad_debt, purse, rest, "bad debt");
            self.note(&hole, EffectKind::BadDebt, rest);
        }
        self.closed.retain(|closed| closed.purse != purse);
    }

    fn note(&mut self, hole: &Hole, kind: EffectKind, amount: Amount) {
        self.effects.push(Effect {
            account: hole.account,
            position: Some(hole.position),
            kind,
            amount: amount.usdc(),
            price: hole.fill,
        });
    }

    fn insurance_pays(&mut self, hole: &Hole) {
        let fund = self.ledger.balance(self.house.insurance).max(Amount::ZERO);
        let paid = fund.min(self.lacking(hole.purse));
        if paid.is_positive() {
            self.ledger.transfer(self.house.insurance, hole.purse, paid, "insurance");
            self.note(hole, EffectKind::InsurancePaid, paid);
        }
    }

    /// Opposite positions in profit are closed at the bankruptcy price, best first by profit
    /// ratio × effective leverage, for the part of the quantity that insurance did not cover.
    fn deleverage(&mut self, hole: &Hole, loss: Amount) {
        if !self.lacking(hole.purse).is_positive() {
            return;
        }
        for offer in self.offers(hole, loss) {
            let mut taken = 0;
            for candidate in self.ranked_counterparties(&offer) {
                if taken == offer.steps {
                    break;
                }
                taken += self.take_over(hole, &offer, &candidate, taken);
            }
        }
    }

    /// The closes of this instant behind a hole, each with its share of it by the loss that it
    /// realised, so that no bankruptcy price lies beyond what its own position lost.
    fn offers(&self, hole: &Hole, loss: Amount) -> Vec<Offer> {
        let mine = || self.closed.iter().filter(|closed| closed.purse == hole.purse);
        let lost: f64 = mine().map(|closed| closed.loss.max(Amount::ZERO).usdc()).sum();
        let lacking = self.lacking(hole.purse);
        let uncovered = lacking.micro() as f64 / loss.micro() as f64;
        let mut before = 0.0;
        (mine().filter(|closed| closed.loss.is_positive()))
            .map(|closed| {
                let until = before + closed.loss.usdc();
                let beyond = slice(loss, before, until, lost).usdc() / closed.part.units().abs();
                let part = slice(lacking, before, until, lost);
                before = until;
                Offer {
                    market: closed.market,
                    units: closed.part.units(),
                    fill: closed.fill,
                    bankruptcy: closed.fill + beyond * closed.part.sign() as f64,
                    steps: closed.part.part_up(uncovered).abs_steps(),
                    lacking: part,
                }
            })
            .collect()
    }

    /// Opposite positions that are in profit, at the mark and at the fill that they would be
    /// closed at, best first.
    fn ranked_counterparties(&self, offer: &Offer) -> Vec<Counterparty> {
        let mut found = Vec::new();
        for &(account, position) in &self.slots_in[offer.market] {
            let slot = &self.accounts[account].positions[position];
            if slot.units * offer.units >= 0.0 {
                continue;
            }
            let (leg, mark) = (self.leg(slot), self.mark_of(slot));
            let profit = leg.unrealised(mark);
            let equity = self.health(account, position).equity;
            let at_fill = leg.unrealised(offer.fill);
            let least = equity.min(equity - profit + at_fill);
            // A whole micro-unit of equity: the rounding of its close cannot overdraw it.
            if profit.min(at_fill) > 0.0 && least >= 1e-6 {
                let ratio = profit / (slot.units.abs() * slot.entry);
                let rank = ratio * leg.notional(mark) / equity;
                found.push(Counterparty { account, position, rank });
            }
        }
        // Stable: equal ranks stay in the order of accounts and positions.
        found.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        found
    }

    /// Closes steps of a counterparty at the bankruptcy price, as many as are left after `taken`;
    /// returns how many. It loses at most its equity: what its share lacks beyond stays lacking.
    fn take_over(
        &mut self,
        hole: &Hole,
        offer: &Offer,
        candidate: &Counterparty,
        taken: i64,
    ) -> i64 {
        let Counterparty { account, position, .. } = *candidate;
        let slot = &mut self.accounts[account].positions[position];
        let steps = slot.quantity.abs_steps().min(offer.steps - taken);
        let part = Quantity::from_steps(steps * slot.quantity.sign());
        let profit = Amount::round_usdc(part.units() * (offer.fill - slot.entry));
        slot.set_quantity(slot.quantity.less(part));
        let closed = !slot.is_open() && slot.mode == MarginMode::Isolated;
        let purse = self.purse(account, position);
        self.ledger.settle(self.house.market, purse, profit, "realised profit");
        let share = slice(offer.lacking, taken as f64, (taken + steps) as f64, offer.steps as f64);
        let haircut = share.min(self.spendable(account, purse));
        self.ledger.transfer(purse, hole.purse, haircut, "auto-deleveraging");
        if closed {
            let rest = self.ledger.balance(purse);
            let wallet = self.accounts[account].wallet;
            self.ledger.transfer(purse, wallet, rest, "collateral returned");
        }
        self.effects.push(Effect {
            account,
            position: Some(position),
            kind: EffectKind::Deleveraged,
            amount: haircut.usdc(),
            price: offer.bankruptcy,
        });
        steps
    }

    /// Shares what is lacking pro rata to positive equity: out of the wallet first, then out of
    /// isolated collateral in its order. What an account cannot spend stays bad debt.
    fn socialise(&mut self, hole: &Hole) {
        let lacking = self.lacking(hole.purse);
        if !lacking.is_positive() {
            return;
        }
        let equities: Vec<f64> = (self.accounts.iter().enumerate())
            .map(|(account, holder)| {
                // The wallet that is bankrupt does not count for its own account either way.
                let bankrupt = holder.wallet == hole.purse;
                let own = if bankrupt { self.ledger.balance(hole.purse).usdc() } else { 0.0 };
                (self.equity(account) - own).max(0.0)
            })
            .collect();
        let total: f64 = equities.iter().sum();
        if total <= 0.0 {
            return;
        }
        let mut before = 0.0;
        for (account, equity) in equities.into_iter().enumerate() {
            let until = before + equity;
            self.contribute(hole, account, slice(lacking, before, until, total));
            before = until;
        }
    }

    fn contribute(&mut self, hole: &Hole, account: usize, share: Amount) {
        let mut left = share;
        for purse in 0..=self.accounts[account].positions.len() {
            let holder = &self.accounts[account];
            let purse = match purse {
                0 => holder.wallet,
                next => holder.positions[next - 1].collateral,
            };
            if purse != hole.purse {
                let paid = left.min(self.spendable(account, purse));
                self.ledger.transfer(purse, hole.purse, paid, "socialised loss");
                left -= paid;
            }
        }
        let paid = share - left;
        if paid.is_positive() {
            let amount = paid.usdc();
            let kind = EffectKind::Socialised;
            self.effects.push(Effect { account, position: None, kind, amount, price: hole.fill });
        }
    }
}

/// The slice of `whole` between two marks of a scale that ends at `end`: adjoining slices sum to
/// the whole exactly.
fn slice(whole: Amount, from: f64, until: f64, end: f64) -> Amount {
    let at = |mark: f64| Amount::round_usdc(whole.usdc() * (mark / end));
    at(until) - at(from)
}
