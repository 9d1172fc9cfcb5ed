//! Moves between silos: the money is nobody's to use until it arrives.

use super::rejection::Rejection;
use super::service::{Service, Silo};
use super::spec::CustodyMode;
use super::state::Custody;
use super::time_integral::TimeIntegral;
use crate::ledger::Ledger;
use crate::stats::Stream;
use crate::units::Amount;
use crate::units::time::NEVER_MS;

/// A wish to move money between two silos of an agent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MoveRequest {
    /// Index of the agent.
    pub agent: usize,
    /// Where from.
    pub from: Silo,
    /// Where to.
    pub to: Silo,
    /// How much.
    pub amount: Amount,
    /// Now.
    pub now_ms: i64,
    /// Initial margin at entry of the agent's cross positions, USDC.
    pub cross_initial: f64,
}

/// A move under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    agent: usize,
    from: Silo,
    to: Silo,
    amount: Amount,
    due_ms: i64,
    fails: bool,
}

/// A move ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MoveEffect {
    /// Index of the agent.
    pub agent: usize,
    /// Where from.
    pub from: Silo,
    /// Where to.
    pub to: Silo,
    /// How much.
    pub amount: Amount,
    /// Whether it arrived; else it came back.
    pub arrived: bool,
}

impl Custody {
    /// Sends money from one silo to another; returns when it arrives. It leaves at once. Whether a
    /// call of it fails is decided now, by one draw from `failures`.
    ///
    /// # Errors
    /// Counted: no amount above zero, one wallet behind everything, a silo to itself, or less free
    /// than it takes.
    pub fn request_move(
        &mut self,
        ledger: &mut Ledger,
        request: &MoveRequest,
        failures: &mut Stream,
    ) -> Result<i64, Rejection> {
        let MoveRequest { agent, from, to, amount, now_ms, cross_initial } = *request;
        let CustodyMode::Silo(spec) = self.mode else {
            return Err(self.reject(agent, from, Rejection::Unified));
        };
        if let Some(reason) = self.move_rejection(ledger, request, cross_initial) {
            return Err(self.reject(agent, from, reason));
        }
        let fails = failures.uniform() < spec.move_fails();
        let due_ms = now_ms + spec.delay_ms;
        ledger.transfer(
            self.silo(agent, from),
            self.purses[agent].transit,
            amount,
            "leaves a silo",
        );
        self.trapped[agent].change(now_ms, amount);
        self.moves.push_back(Move { agent, from, to, amount, due_ms, fails });
        Ok(due_ms)
    }

    fn move_rejection(
        &self,
        ledger: &Ledger,
        request: &MoveRequest,
        cross_initial: f64,
    ) -> Option<Rejection> {
        let MoveRequest { agent, from, to, amount, .. } = *request;
        if !amount.is_positive() {
            return Some(Rejection::NotPositive);
        }
        if from == to {
            return Some(Rejection::SameSilo);
        }
        let free = match from {
            Silo::Of(service) => self.free(ledger, agent, service, cross_initial),
            Silo::Main => ledger.balance(self.silo(agent, from)),
        };
        (amount > free).then_some(Rejection::Funds)
    }

    /// The next arrival. All moves take equally long, so the first sent is the first to arrive.
    #[inline]
    pub fn next_due_ms(&self) -> i64 {
        self.moves.front().map_or(NEVER_MS, |first| first.due_ms)
    }

    /// Ends the moves that are due, in the order in which they were sent.
    pub fn settle(&mut self, now_ms: i64, ledger: &mut Ledger) {
        while let Some(first) = self.moves.front().copied().filter(|first| first.due_ms <= now_ms) {
            self.moves.pop_front();
            let Move { agent, from, to, amount, fails, .. } = first;
            let (end, reason) = if fails { (from, "move failed") } else { (to, "move arrived") };
            let target = self.silo(agent, end);
            ledger.transfer(self.purses[agent].transit, target, amount, reason);
            self.trapped[agent].change(now_ms, -amount);
            self.effects.push(MoveEffect { agent, from, to, amount, arrived: !fails });
        }
    }

    /// Money of an agent between two silos.
    #[inline]
    pub fn in_transit(&self, agent: usize) -> &TimeIntegral {
        &self.trapped[agent]
    }

    /// On its way to a service of an agent, unless a call fails.
    pub fn arriving(&self, agent: usize, service: Service) -> Amount {
        (self.moves.iter())
            .filter(|one| one.agent == agent && one.to == Silo::Of(service))
            .fold(Amount::ZERO, |sum, one| sum + one.amount)
    }

    /// What moves have ended since the last call of [`Custody::clear_effects`].
    #[inline]
    pub fn effects(&self) -> &[MoveEffect] {
        &self.effects
    }

    /// Forgets the effects.
    #[inline]
    pub fn clear_effects(&mut self) {
        self.effects.clear();
    }
}
