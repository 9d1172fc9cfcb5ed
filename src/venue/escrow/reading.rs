//! Reading the escrow service. Nothing here changes anything but the effects once drained.

use super::contract::{Contract, ContractId, State};
use super::effect::EscrowEffect;
use super::netting::Agreement;
use super::spec::{EscrowSpec, Party, Rejection};
use super::state::Escrow;
use crate::ledger::{AccountId, Ledger};
use crate::units::Amount;
use crate::venue::custody::TimeIntegral;

impl Escrow {
    /// A live contract; `None` when it has ended.
    pub fn contract(&self, id: ContractId) -> Option<&Contract> {
        self.live(id).ok()
    }

    /// Live contracts with their handles, in no particular order.
    pub fn contracts(&self) -> impl Iterator<Item = (ContractId, &Contract)> {
        self.slots.iter().flatten().map(|contract| (contract.id, contract))
    }

    /// A netting agreement, in the order in which they were given.
    pub fn agreement(&self, index: usize) -> &Agreement {
        &self.agreements[index]
    }

    /// Fees and finality.
    pub fn spec(&self) -> &EscrowSpec {
        &self.spec
    }

    /// Money that has left the vault for a party and not arrived: trapped capital.
    pub fn under_way(&self, to: Party) -> &TimeIntegral {
        match to {
            Party::Agent(agent) => &self.trapped[agent],
            Party::Outside => &self.trapped[self.trapped.len() - 1],
        }
    }

    /// What an agent has funded and is still in the vault.
    pub fn locked_by(&self, agent: usize) -> Amount {
        self.locked[agent]
    }

    /// How many requests were refused for a reason.
    pub fn rejected(&self, reason: Rejection) -> u64 {
        self.rejected[reason.index()]
    }

    /// The account of funded amounts.
    pub fn vault(&self) -> AccountId {
        self.accounts.vault
    }

    /// The account that takes the referral of outsiders.
    pub fn referral_account(&self) -> AccountId {
        self.accounts.referral
    }

    /// What an agent's obligations reserve: amount and fee of contracts not yet funded, the fee of
    /// funded ones, net and fee under agreements. It is what custody holds for escrow.
    pub fn reserved_by(&self, agent: usize) -> Amount {
        let contracts = (self.slots.iter().flatten())
            .filter(|contract| contract.holder() == Some(agent))
            .map(|contract| match contract.state {
                State::Created => contract.spec.amount + contract.fee,
                State::Funded | State::Disputed => contract.fee,
            });
        let nets = (self.agreements.iter())
            .filter_map(|agreement| agreement.net_of(Party::Agent(agent)))
            .map(|net| self.backing(net));
        contracts.chain(nets).fold(Amount::ZERO, |sum, part| sum + part)
    }

    /// Whether the vault has exactly what funded contracts lock, and what is under way is on its
    /// account.
    pub fn is_backed(&self, ledger: &Ledger) -> bool {
        let locked = (self.slots.iter().flatten())
            .filter(|contract| contract.state != State::Created)
            .fold(Amount::ZERO, |sum, contract| sum + contract.spec.amount);
        let under_way = self.arrivals.iter().fold(Amount::ZERO, |sum, one| sum + one.amount);
        let by_payer = self.locked.iter().fold(Amount::ZERO, |sum, part| sum + *part);
        locked == ledger.balance(self.accounts.vault)
            && locked == by_payer
            && under_way == ledger.balance(self.accounts.under_way)
    }

    /// What happened since the last call of [`Escrow::clear_effects`].
    #[inline]
    pub fn effects(&self) -> &[EscrowEffect] {
        &self.effects
    }

    /// Forgets the effects.
    #[inline]
    pub fn clear_effects(&mut self) {
        self.effects.clear();
    }
}
