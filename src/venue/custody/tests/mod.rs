//! Custody against hand calculations.

mod figures;
mod holdings;
mod holds;
mod moves;

use super::*;
use crate::ledger::{AccountId, Ledger, USDC};
use crate::units::Amount;

fn usdc(amount: f64) -> Amount {
    Amount::round_usdc(amount)
}

/// One or more agents with nothing but empty wallets, and the outside world.
struct Room {
    ledger: Ledger,
    custody: Custody,
    market: AccountId,
}

fn room(mode: CustodyMode, agents: &[&str]) -> Room {
    let mut ledger = Ledger::default();
    let market = ledger.open("market", USDC);
    let wallets: Vec<AccountId> =
        agents.iter().map(|name| ledger.open(format!("{name} wallet"), USDC)).collect();
    let custody = Custody::new(mode, agents, &[], &mut ledger, &wallets);
    Room { ledger, custody, market }
}

impl Room {
    fn fund(&mut self, agent: usize, silo: Silo, amount: f64) {
        let to = self.custody.silo(agent, silo);
        self.ledger.transfer(self.market, to, usdc(amount), "deposit");
    }

    fn hold(&mut self, service: Service, amount: f64, initial: f64) -> Result<(), Rejection> {
        self.custody.hold(&mut self.ledger, 0, service, usdc(amount), initial)
    }

    fn free(&self, service: Service, initial: f64) -> f64 {
        self.custody.free(&self.ledger, 0, service, initial).usdc()
    }

    fn check(&self) {
        assert_eq!(self.ledger.conservation(), Ok(()));
        assert_eq!(self.custody.check(&self.ledger), Ok(()));
    }
}
