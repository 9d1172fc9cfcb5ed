//! What the venue's other services work on.

use super::rejection::Rejection;
use super::service::{Service, Silo};
use super::state::Custody;
use crate::ledger::{AccountId, Ledger, USDC};
use crate::units::Amount;

/// The ledger and who may draw on what, at one instant.
#[derive(Debug)]
pub struct Books<'a> {
    /// The instant.
    pub now_ms: i64,
    /// The ledger.
    pub ledger: &'a mut Ledger,
    /// Wallets and holds.
    pub custody: &'a mut Custody,
    /// Initial margin at entry of each agent's cross positions, USDC.
    pub cross_initial: &'a [f64],
}

impl Books<'_> {
    /// Holds more of what a service of an agent draws on.
    ///
    /// # Errors
    /// [`Rejection::Funds`] when less is free.
    pub fn hold(&mut self, agent: usize, on: Service, amount: Amount) -> Result<(), Rejection> {
        self.custody.hold(self.ledger, agent, on, amount, self.cross_initial[agent])
    }

    /// Frees part of what a service of an agent holds.
    pub fn release(&mut self, agent: usize, service: Service, amount: Amount) {
        self.custody.release(self.ledger, agent, service, amount);
    }

    /// Moves held money out.
    pub fn consume(
        &mut self,
        agent: usize,
        service: Service,
        amount: Amount,
        to: AccountId,
        reason: &'static str,
    ) {
        self.custody.consume(self.ledger, agent, service, amount, to, reason);
    }

    /// Pays money into what a service of an agent draws on.
    pub fn pay_in(
        &mut self,
        from: AccountId,
        agent: usize,
        service: Service,
        amount: Amount,
        reason: &'static str,
    ) {
        let wallet = self.custody.wallet(agent, service, USDC);
        self.ledger.transfer(from, wallet, amount, reason);
    }

    /// Counts a request that was turned down.
    pub fn reject(&mut self, agent: usize, service: Service, reason: Rejection) -> Rejection {
        self.custody.reject(agent, Silo::Of(service), reason)
    }
}
