//! Holds by service, kept beside the ledger's totals.

use super::rejection::Rejection;
use super::service::{Service, Silo};
use super::state::Custody;
use crate::ledger::{AccountId, Ledger, USDC};
use crate::units::Amount;

/// The parts of an agent's services do not sum to what the ledger holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("agent {agent}: services hold {parts}, the ledger {held}")]
pub struct PartsMismatch {
    /// Index of the agent.
    pub agent: usize,
    /// Sum of the parts.
    pub parts: Amount,
    /// What the ledger holds on the agent's accounts.
    pub held: Amount,
}

impl Custody {
    /// Holds `amount` more for a service. `cross_initial` is the initial margin at entry of the
    /// agent's cross positions, USDC.
    ///
    /// # Errors
    /// [`Rejection::Funds`], counted, when less is free; [`Rejection::NotDelegated`] where the service
    /// may hold nothing of the agent's; [`Rejection::NotPositive`] for an amount below zero.
    pub fn hold(
        &mut self,
        ledger: &mut Ledger,
        agent: usize,
        service: Service,
        amount: Amount,
        cross_initial: f64,
    ) -> Result<(), Rejection> {
        let silo = Silo::Of(service);
        if amount.is_negative() {
            return Err(self.reject(agent, silo, Rejection::NotPositive));
        }
        if amount == Amount::ZERO {
            return Ok(());
        }
        if !self.permitted[agent][service.index()] {
            return Err(self.reject(agent, silo, Rejection::NotDelegated));
        }
        if amount > self.free(ledger, agent, service, cross_initial) {
            return Err(self.reject(agent, silo, Rejection::Funds));
        }
        let held = ledger.hold(self.silo(agent, silo), amount);
        assert!(held, "a hold of what is free exceeds the balance");
        self.parts[agent][service.index()] += amount;
        Ok(())
    }

    /// Frees `amount` of what a service holds.
    pub fn release(&mut self, ledger: &mut Ledger, agent: usize, service: Service, amount: Amount) {
        let wallet = self.wallet(agent, service, USDC);
        let part = &mut self.parts[agent][service.index()];
        assert!(amount <= *part, "{} releases more than it holds", service.name());
        *part -= amount;
        ledger.release(wallet, amount);
    }

    /// Moves `amount` of what a service holds to another account: release and transfer in one.
    ///
    /// It leaves wallet − holds as it was, so that it never touches the equity of cross positions,
    /// even where their losses have left less on the wallet than it holds.
    pub fn consume(
        &mut self,
        ledger: &mut Ledger,
        agent: usize,
        service: Service,
        amount: Amount,
        to: AccountId,
        reason: &'static str,
    ) {
        self.release(ledger, agent, service, amount);
        ledger.transfer(self.wallet(agent, service, USDC), to, amount, reason);
    }

    /// What each service of an agent holds, by index of the service.
    #[inline]
    pub fn parts(&self, agent: usize) -> &[Amount; Service::COUNT] {
        &self.parts[agent]
    }

    /// What a service of an agent holds.
    #[inline]
    pub fn part(&self, agent: usize, service: Service) -> Amount {
        self.parts[agent][service.index()]
    }

    /// Whether the parts of every agent sum to what the ledger holds on its accounts.
    ///
    /// # Errors
    /// The first agent for whom they do not.
    pub fn check(&self, ledger: &Ledger) -> Result<(), PartsMismatch> {
        for (agent, parts) in self.parts.iter().enumerate() {
            let services = if self.is_unified() { &Service::ALL[..1] } else { &Service::ALL[..] };
            for service in services {
                let held = ledger.held(self.wallet(agent, *service, USDC));
                let sum = match self.is_unified() {
                    true => parts.iter().fold(Amount::ZERO, |sum, part| sum + *part),
                    false => parts[service.index()],
                };
                if sum != held {
                    return Err(PartsMismatch { agent, parts: sum, held });
                }
            }
        }
        Ok(())
    }
}
