//! Making and funding a contract, changing it, and what its parties say.

use super::contract::{Contract, ContractId, State, agent_of};
use super::effect::{EscrowEffect, EscrowKind, Subject};
use super::spec::{ContractSpec, Dispute, Party, Rejection, Resolution, Side};
use super::state::Escrow;
use crate::units::Amount;
use crate::venue::custody::{Books, Service};

impl Escrow {
    /// Makes a contract. An agent that pays holds amount and fee from now on.
    ///
    /// # Errors
    /// Counted: what cannot be a contract, or an amount and fee that the payer cannot back.
    pub fn create(
        &mut self,
        books: &mut Books<'_>,
        spec: ContractSpec,
    ) -> Result<ContractId, Rejection> {
        let refusal = match spec {
            _ if !spec.amount.is_positive() => Some(Rejection::Amount),
            _ if spec.payer == spec.payee => Some(Rejection::SameParty),
            _ if spec.deadline_ms <= books.now_ms => Some(Rejection::Deadline),
            _ if spec.conduct.dispute.is_some_and(|one| !is_share(one.resolution)) => {
                Some(Rejection::Share)
            }
            _ => None,
        };
        if let Some(reason) = refusal {
            return self.refuse(reason);
        }
        let fee = self.spec.fee_on(spec.amount);
        if let Party::Agent(agent) = spec.payer
            && let Err(reason) = books.hold(agent, Service::Escrow, spec.amount + fee)
        {
            let id = ContractId { serial: self.made, slot: u32::MAX };
            let parties = [Some(spec.payer), Some(spec.payee)];
            self.note_refused(Subject::Contract(id), parties, spec.amount);
            return self.refuse(reason.into());
        }
        let id = ContractId { serial: 0, slot: 0 };
        // No instant yet, so that its first one is entered.
        let contract = Contract { spec, state: State::Created, fee, id, due_ms: i64::MIN };
        let id = self.admit(contract);
        self.note(id, EscrowKind::Created, spec.amount, Amount::ZERO);
        Ok(id)
    }

    /// Leaves the effect of a payment that its payer cannot back.
    pub(super) fn note_refused(
        &mut self,
        subject: Subject,
        [payer, payee]: [Option<Party>; 2],
        amount: Amount,
    ) {
        self.effects.push(EscrowEffect {
            subject,
            payer,
            payee,
            kind: EscrowKind::Refused,
            amount,
            returned: Amount::ZERO,
            fee: Amount::ZERO,
            referral: Amount::ZERO,
            referrer: None,
        });
    }

    /// Locks the amount of a created contract in the vault; the fee stays held.
    ///
    /// # Errors
    /// Counted: the contract has ended or is funded already.
    pub fn fund(&mut self, books: &mut Books<'_>, id: ContractId) -> Result<(), Rejection> {
        let contract = self.expect(id, &[State::Created])?;
        let (spec, vault) = (contract.spec, self.accounts.vault);
        match spec.payer {
            Party::Agent(agent) => {
                books.consume(agent, Service::Escrow, spec.amount, vault, "escrow funded");
            }
            Party::Outside => {
                books.ledger.transfer(self.accounts.market, vault, spec.amount, "escrow funded");
            }
        }
        self.lock(spec.payer, spec.amount);
        self.enter(id, State::Funded);
        self.note(id, EscrowKind::Funded, spec.amount, Amount::ZERO);
        Ok(())
    }

    /// A side of a funded contract confirms completion. When both have, it is released at once.
    ///
    /// # Errors
    /// Counted: the contract has ended or is not funded.
    pub fn confirm(
        &mut self,
        books: &mut Books<'_>,
        id: ContractId,
        side: Side,
    ) -> Result<(), Rejection> {
        self.expect(id, &[State::Funded])?;
        let contract = self.known_mut(id);
        contract.confirm(side, books.now_ms);
        let [payer_ms, payee_ms] = contract.spec.conduct.confirm_ms;
        if payer_ms.max(payee_ms) <= books.now_ms {
            self.release(books, id);
        } else {
            self.schedule(id);
        }
        Ok(())
    }

    /// A side disputes a funded contract. Neither confirmations nor the deadline count any more;
    /// `verdict` says when and how it is resolved, unless [`Escrow::resolve`] does.
    ///
    /// # Errors
    /// Counted: the contract has ended or is not funded, or a share is none.
    pub fn dispute(
        &mut self,
        now_ms: i64,
        id: ContractId,
        verdict: Option<(i64, Resolution)>,
    ) -> Result<(), Rejection> {
        let amount = self.expect(id, &[State::Funded])?.spec.amount;
        if verdict.is_some_and(|(_, resolution)| !is_share(resolution)) {
            return self.refuse(Rejection::Share);
        }
        let dispute = verdict.map(|(verdict_ms, resolution)| Dispute {
            at_ms: now_ms,
            verdict_ms,
            resolution,
        });
        self.known_mut(id).spec.conduct.dispute = dispute;
        self.enter(id, State::Disputed);
        self.note(id, EscrowKind::Disputed, amount, Amount::ZERO);
        Ok(())
    }

    /// Both sides agree on a smaller amount, above zero. What is taken off is freed, or paid back
    /// if it is in the vault; so is its fee.
    ///
    /// # Errors
    /// Counted: the contract has ended, or the amount is not above zero and below its own.
    pub fn reduce(
        &mut self,
        books: &mut Books<'_>,
        id: ContractId,
        amount: Amount,
    ) -> Result<(), Rejection> {
        let contract = *self.expect(id, &[State::Created, State::Funded, State::Disputed])?;
        if !amount.is_positive() || amount >= contract.spec.amount {
            return self.refuse(Rejection::Amount);
        }
        let off = contract.spec.amount - amount;
        let fee = self.spec.fee_on(amount);
        self.give_back(books, &contract, off, contract.fee - fee, "escrow reduced");
        let changed = self.known_mut(id);
        changed.spec.amount = amount;
        changed.fee = fee;
        self.note(id, EscrowKind::Reduced, amount, off);
        Ok(())
    }

    /// Both sides agree to end a contract: everything is freed or paid back, without a fee.
    ///
    /// # Errors
    /// Counted: the contract has ended.
    pub fn cancel(&mut self, books: &mut Books<'_>, id: ContractId) -> Result<(), Rejection> {
        let contract = *self.expect(id, &[State::Created, State::Funded, State::Disputed])?;
        let amount = contract.spec.amount;
        self.give_back(books, &contract, amount, contract.fee, "escrow cancelled");
        self.note(id, EscrowKind::Cancelled, Amount::ZERO, amount);
        self.dismiss(id);
        Ok(())
    }

    /// Frees or pays back part of a contract and of its fee.
    pub(super) fn give_back(
        &mut self,
        books: &mut Books<'_>,
        contract: &Contract,
        amount: Amount,
        fee: Amount,
        reason: &'static str,
    ) {
        let held = if contract.state == State::Created { amount + fee } else { fee };
        if let Some(agent) = agent_of(contract.spec.payer) {
            books.release(agent, Service::Escrow, held);
        }
        if contract.state != State::Created {
            let id = contract.id;
            self.lock(contract.spec.payer, -amount);
            self.pay_out(books, super::Subject::Contract(id), contract.spec.payer, amount, reason);
        }
    }

    /// The live contract, if it is in one of these states.
    pub(super) fn expect(
        &mut self,
        id: ContractId,
        states: &[State],
    ) -> Result<&Contract, Rejection> {
        match self.live(id).map(|contract| contract.state) {
            Ok(state) if states.contains(&state) => Ok(self.known(id)),
            Ok(_) => self.refuse(Rejection::State),
            Err(reason) => self.refuse(reason),
        }
    }

    fn enter(&mut self, id: ContractId, state: State) {
        self.known_mut(id).state = state;
        self.schedule(id);
    }
}

/// Whether what a resolution splits off is a share.
pub(super) fn is_share(resolution: Resolution) -> bool {
    match resolution {
        Resolution::Split { to_payee } => (0.0..=1.0).contains(&to_payee),
        Resolution::ToPayee | Resolution::ToPayer => true,
    }
}
