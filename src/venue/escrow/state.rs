//! The escrow service's state.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::contract::{Contract, ContractId, agent_of};
use super::effect::EscrowEffect;
use super::netting::Agreement;
use super::payout::Arrival;
use super::spec::{AgreementSpec, EscrowSpec, Party, Rejection};
use crate::ledger::{AccountId, Ledger, USDC};
use crate::units::Amount;
use crate::units::time::NEVER_MS;
use crate::venue::custody::TimeIntegral;

/// The escrow service's own ledger accounts, and two of the venue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Accounts {
    /// Funded amounts.
    pub vault: AccountId,
    /// Amounts that have left the vault and not arrived.
    pub under_way: AccountId,
    /// Referral paid to nobody of the run.
    pub referral: AccountId,
    /// The outside world.
    pub market: AccountId,
    /// Venue fees.
    pub fees: AccountId,
}

/// When a contract is due, who pays, which it is: the order in which contracts settle.
type Due = Reverse<(i64, usize, ContractId)>;

/// The escrow service.
#[derive(Clone, Debug)]
pub struct Escrow {
    pub(super) spec: EscrowSpec,
    pub(super) accounts: Accounts,
    /// Live contracts, each in its slot.
    pub(super) slots: Vec<Option<Contract>>,
    /// Slots of contracts that have ended.
    pub(super) vacant: Vec<u32>,
    /// Contracts made so far.
    pub(super) made: u64,
    /// Live contracts by due instant, among entries that no longer hold.
    pub(super) queue: BinaryHeap<Due>,
    pub(super) agreements: Vec<Agreement>,
    /// What is under way, in the order of its arrival.
    pub(super) arrivals: VecDeque<Arrival>,
    /// Per agent, and last for outsiders: money under way to them.
    pub(super) trapped: Vec<TimeIntegral>,
    /// Per agent, and last for outsiders: what they have funded and is still in the vault.
    pub(super) locked: Vec<Amount>,
    pub(super) rejected: [u64; Rejection::COUNT],
    pub(super) effects: Vec<EscrowEffect>,
}

impl Escrow {
    /// An escrow service without contracts. `market` is the outside world, `fees` takes the
    /// venue's fees.
    pub fn new(
        spec: EscrowSpec,
        agreements: &[AgreementSpec],
        agents: usize,
        ledger: &mut Ledger,
        market: AccountId,
        fees: AccountId,
    ) -> Self {
        let accounts = Accounts {
            vault: ledger.open("escrow vault", USDC),
            under_way: ledger.open("escrow payments under way", USDC),
            referral: ledger.open("referral", USDC),
            market,
            fees,
        };
        Self {
            spec,
            accounts,
            slots: Vec::new(),
            vacant: Vec::new(),
            made: 0,
            queue: BinaryHeap::new(),
            agreements: agreements.iter().map(Agreement::new).collect(),
            arrivals: VecDeque::new(),
            trapped: vec![TimeIntegral::default(); agents + 1],
            locked: vec![Amount::ZERO; agents + 1],
            rejected: [0; Rejection::COUNT],
            effects: Vec::new(),
        }
    }

    /// Forgets every contract and obligation; the ledger is reset by its owner.
    pub fn reset(&mut self) {
        self.slots.clear();
        self.vacant.clear();
        self.made = 0;
        self.queue.clear();
        self.agreements.iter_mut().for_each(Agreement::reset);
        self.arrivals.clear();
        self.trapped.fill(TimeIntegral::default());
        self.locked.fill(Amount::ZERO);
        self.rejected = [0; Rejection::COUNT];
        self.effects.clear();
    }

    /// Puts a new contract into a slot.
    pub(super) fn admit(&mut self, contract: Contract) -> ContractId {
        let slot = self.vacant.pop().unwrap_or_else(|| {
            self.slots.push(None);
            u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 live contracts")
        });
        let id = ContractId { serial: self.made, slot };
        self.made += 1;
        self.slots[slot as usize] = Some(Contract { id, ..contract });
        self.schedule(id);
        id
    }

    /// The live contract behind a handle.
    pub(super) fn live(&self, id: ContractId) -> Result<&Contract, Rejection> {
        let slot = self.slots.get(id.slot as usize).and_then(Option::as_ref);
        slot.filter(|contract| contract.id == id).ok_or(Rejection::Unknown)
    }

    /// A contract that was found alive within this operation, or is in front of the queue.
    pub(super) fn known(&self, id: ContractId) -> &Contract {
        self.live(id).expect("an operation ends a contract last, and the queue is tidy")
    }

    /// The same, to change.
    pub(super) fn known_mut(&mut self, id: ContractId) -> &mut Contract {
        let slot = self.slots[id.slot as usize].as_mut();
        slot.filter(|contract| contract.id == id).expect("an operation ends a contract last")
    }

    /// Takes an ended contract out of its slot.
    pub(super) fn dismiss(&mut self, id: ContractId) {
        self.slots[id.slot as usize] = None;
        self.vacant.push(id.slot);
        self.tidy();
    }

    /// Enters the instant at which a contract is due next, where that has changed.
    pub(super) fn schedule(&mut self, id: ContractId) {
        let contract = self.known_mut(id);
        let due_ms = contract.next_ms();
        if due_ms != contract.due_ms {
            contract.due_ms = due_ms;
            let rank = contract.rank();
            if due_ms != NEVER_MS {
                self.queue.push(Reverse((due_ms, rank, id)));
            }
        }
        self.tidy();
    }

    /// Drops entries at the front of the queue that no longer hold.
    fn tidy(&mut self) {
        while let Some(Reverse((due_ms, _, id))) = self.queue.peek() {
            if self.live(*id).is_ok_and(|contract| contract.due_ms == *due_ms) {
                return;
            }
            self.queue.pop();
        }
    }

    /// What a party has locked in the vault changes.
    pub(super) fn lock(&mut self, payer: Party, delta: Amount) {
        let outsiders = self.locked.len() - 1;
        self.locked[agent_of(payer).unwrap_or(outsiders)] += delta;
    }

    /// Counts a refusal and hands it on.
    pub(super) fn refuse<T>(&mut self, reason: Rejection) -> Result<T, Rejection> {
        self.rejected[reason.index()] += 1;
        Err(reason)
    }
}
