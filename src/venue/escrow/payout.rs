//! Fees, and money that leaves the vault.

use super::contract::agent_of;
use super::effect::{EscrowEffect, EscrowKind, Subject};
use super::spec::Party;
use super::state::Escrow;
use crate::ledger::{AccountId, USDC};
use crate::units::Amount;
use crate::venue::custody::{Books, Service};

/// Money that has left the vault and not arrived.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub due_ms: i64,
    pub subject: Subject,
    pub to: Party,
    pub amount: Amount,
}

impl Escrow {
    /// Takes a fee from the payer (an agent's is held) and gives the referrer its part, which it
    /// returns.
    pub(super) fn charge(
        &mut self,
        books: &mut Books<'_>,
        payer: Party,
        referrer: Option<Party>,
        fee: Amount,
    ) -> Amount {
        let referral = referrer.map_or(Amount::ZERO, |_| self.spec.referral_of(fee));
        let parts = [
            (fee - referral, Some(self.accounts.fees), "escrow fee"),
            (referral, referrer.map(|party| self.referrer_account(books, party)), "referral"),
        ];
        for (amount, to, reason) in parts {
            let Some(to) = to else { continue };
            match payer {
                Party::Agent(agent) => books.consume(agent, Service::Escrow, amount, to, reason),
                Party::Outside => books.ledger.transfer(self.accounts.market, to, amount, reason),
            }
        }
        referral
    }

    fn referrer_account(&self, books: &Books<'_>, referrer: Party) -> AccountId {
        match referrer {
            Party::Agent(agent) => books.custody.wallet(agent, Service::Escrow, USDC),
            Party::Outside => self.accounts.referral,
        }
    }

    fn account(&self, books: &Books<'_>, party: Party) -> AccountId {
        match party {
            Party::Agent(agent) => books.custody.wallet(agent, Service::Escrow, USDC),
            Party::Outside => self.accounts.market,
        }
    }

    /// Pays out of the vault: at once, or on its way for as long as settlement takes.
    pub(super) fn pay_out(
        &mut self,
        books: &mut Books<'_>,
        subject: Subject,
        to: Party,
        amount: Amount,
        reason: &'static str,
    ) {
        if amount == Amount::ZERO {
            return;
        }
        let lag_ms = self.spec.settlement_lag_ms;
        if lag_ms == 0 {
            let target = self.account(books, to);
            books.ledger.transfer(self.accounts.vault, target, amount, reason);
            return;
        }
        books.ledger.transfer(self.accounts.vault, self.accounts.under_way, amount, reason);
        let due_ms = books.now_ms + lag_ms;
        self.trap(books.now_ms, to, amount);
        self.arrivals.push_back(Arrival { due_ms, subject, to, amount });
    }

    /// What was longest under way arrives.
    pub(super) fn arrive(&mut self, books: &mut Books<'_>) {
        let Some(Arrival { subject, to, amount, .. }) = self.arrivals.pop_front() else { return };
        let target = self.account(books, to);
        books.ledger.transfer(self.accounts.under_way, target, amount, "escrow payment arrived");
        self.trap(books.now_ms, to, -amount);
        self.effects.push(EscrowEffect {
            subject,
            payer: None,
            payee: Some(to),
            kind: EscrowKind::Arrived,
            amount,
            returned: Amount::ZERO,
            fee: Amount::ZERO,
            referral: Amount::ZERO,
            referrer: None,
        });
    }

    fn trap(&mut self, now_ms: i64, to: Party, delta: Amount) {
        let outsiders = self.trapped.len() - 1;
        self.trapped[agent_of(to).unwrap_or(outsiders)].change(now_ms, delta);
    }
}
