//! A contract and what falls due on it.

use super::spec::{ContractSpec, Dispute, Party, Resolution, Side};
use crate::units::Amount;
use crate::units::time::NEVER_MS;

/// A contract's handle: valid until it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContractId {
    /// Running number of its creation.
    pub serial: u64,
    pub(super) slot: u32,
}

/// Where a live contract stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Made; its payer's wallet is held.
    Created,
    /// Its money is locked in the vault.
    Funded,
    /// A side disputes.
    Disputed,
}

/// A live contract.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contract {
    /// As made; the amount and the conduct may have changed since.
    pub spec: ContractSpec,
    /// Where it stands.
    pub state: State,
    /// Fee on the whole amount: held until the end.
    pub fee: Amount,
    pub(super) id: ContractId,
    /// The next instant at which it changes by itself.
    pub(super) due_ms: i64,
}

/// What a contract does when it is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    Fund,
    Expire,
    Release,
    Dispute(Dispute),
    TimeOut,
    Resolve(Resolution),
}

impl Contract {
    /// The next thing to happen by itself, and when. At one instant a release goes before a
    /// dispute and both before the timeout; funding must come before the deadline.
    pub(super) fn next_step(&self) -> Option<(i64, Step)> {
        let ContractSpec { conduct, deadline_ms, .. } = self.spec;
        match self.state {
            State::Created if conduct.fund_ms < deadline_ms => Some((conduct.fund_ms, Step::Fund)),
            State::Created => Some((deadline_ms, Step::Expire)),
            State::Funded => {
                let release_ms = conduct.confirm_ms[0].max(conduct.confirm_ms[1]);
                let dispute = conduct.dispute.filter(|one| one.at_ms <= deadline_ms);
                match dispute {
                    Some(one) if one.at_ms < release_ms => Some((one.at_ms, Step::Dispute(one))),
                    _ if release_ms <= deadline_ms => Some((release_ms, Step::Release)),
                    _ => Some((deadline_ms, Step::TimeOut)),
                }
            }
            State::Disputed => {
                conduct.dispute.map(|one| (one.verdict_ms, Step::Resolve(one.resolution)))
            }
        }
    }

    /// When that is; never, if nothing happens by itself.
    pub(super) fn next_ms(&self) -> i64 {
        self.next_step().map_or(NEVER_MS, |(due_ms, _)| due_ms)
    }

    /// A side confirms at `now_ms`, or has done so before.
    pub(super) fn confirm(&mut self, side: Side, now_ms: i64) {
        let confirm_ms = &mut self.spec.conduct.confirm_ms[side as usize];
        *confirm_ms = now_ms.min(*confirm_ms);
    }

    /// Whose wallet it holds.
    pub(super) fn holder(&self) -> Option<usize> {
        agent_of(self.spec.payer)
    }

    /// Ranks what falls due at one instant: by paying agent, outsiders last.
    pub(super) fn rank(&self) -> usize {
        self.holder().unwrap_or(usize::MAX)
    }
}

/// The agent that a party is.
#[inline]
pub(super) const fn agent_of(party: Party) -> Option<usize> {
    match party {
        Party::Agent(agent) => Some(agent),
        Party::Outside => None,
    }
}
