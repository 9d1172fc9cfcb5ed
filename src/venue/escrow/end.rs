//! The ends of a contract at which its money goes somewhere.

use super::contract::{ContractId, State};
use super::create::is_share;
use super::effect::{EscrowEffect, EscrowKind, Subject};
use super::spec::{OnTimeout, Rejection, Resolution, share_of};
use super::state::Escrow;
use crate::units::Amount;
use crate::venue::custody::Books;

impl Escrow {
    /// Resolves a dispute now.
    ///
    /// # Errors
    /// Counted: the contract has ended or is not disputed, or a share is none.
    pub fn resolve(
        &mut self,
        books: &mut Books<'_>,
        id: ContractId,
        resolution: Resolution,
    ) -> Result<(), Rejection> {
        let amount = self.expect(id, &[State::Disputed])?.spec.amount;
        if !is_share(resolution) {
            return self.refuse(Rejection::Share);
        }
        let to_payee = match resolution {
            Resolution::ToPayee => amount,
            Resolution::ToPayer => Amount::ZERO,
            Resolution::Split { to_payee } => share_of(amount, to_payee).min(amount),
        };
        self.end(books, id, to_payee, EscrowKind::Resolved, "escrow resolved");
        Ok(())
    }

    /// Both sides have confirmed: the payee is paid.
    pub(super) fn release(&mut self, books: &mut Books<'_>, id: ContractId) {
        let amount = self.known(id).spec.amount;
        self.end(books, id, amount, EscrowKind::Released, "escrow released");
    }

    /// The deadline of a funded contract.
    pub(super) fn time_out(&mut self, books: &mut Books<'_>, id: ContractId) {
        let spec = &self.known(id).spec;
        let to_payee = match spec.on_timeout {
            OnTimeout::ToPayee => spec.amount,
            OnTimeout::ToPayer => Amount::ZERO,
        };
        self.end(books, id, to_payee, EscrowKind::TimedOut, "escrow timed out");
    }

    /// The deadline of a contract that was never funded.
    pub(super) fn expire(&mut self, books: &mut Books<'_>, id: ContractId) {
        let contract = *self.known(id);
        let amount = contract.spec.amount;
        self.give_back(books, &contract, amount, contract.fee, "escrow expired");
        self.note(id, EscrowKind::Expired, Amount::ZERO, amount);
        self.dismiss(id);
    }

    /// Pays `to_payee` to the payee and the rest back. The fee is due on what the payee gets; what
    /// was held for the fee on the rest is freed.
    fn end(
        &mut self,
        books: &mut Books<'_>,
        id: ContractId,
        to_payee: Amount,
        kind: EscrowKind,
        reason: &'static str,
    ) {
        let contract = *self.known(id);
        let (spec, subject) = (contract.spec, Subject::Contract(id));
        let back = spec.amount - to_payee;
        let fee = self.spec.fee_on(to_payee);
        let referral = self.charge(books, spec.payer, spec.referrer, fee);
        self.lock(spec.payer, -to_payee);
        self.pay_out(books, subject, spec.payee, to_payee, reason);
        self.give_back(books, &contract, back, contract.fee - fee, reason);
        self.effects.push(EscrowEffect {
            subject,
            payer: Some(spec.payer),
            payee: Some(spec.payee),
            kind,
            amount: to_payee,
            returned: back,
            fee,
            referral,
            referrer: spec.referrer,
        });
        self.dismiss(id);
    }

    /// Leaves an effect of a live contract that paid no fee.
    pub(super) fn note(
        &mut self,
        id: ContractId,
        kind: EscrowKind,
        amount: Amount,
        returned: Amount,
    ) {
        let spec = &self.known(id).spec;
        let (payer, payee) = (Some(spec.payer), Some(spec.payee));
        self.effects.push(EscrowEffect {
            subject: Subject::Contract(id),
            payer,
            payee,
            kind,
            amount,
            returned,
            fee: Amount::ZERO,
            referral: Amount::ZERO,
            referrer: None,
        });
    }
}
