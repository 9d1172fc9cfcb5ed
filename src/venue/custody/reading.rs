//! Reading custody. Nothing here changes anything.

use super::convert::units_of;
use super::service::{Service, Silo};
use super::state::Custody;
use crate::ledger::{AccountId, AssetId, Ledger, USDC};
use crate::units::Amount;

/// What an agent has and holds on accounts that the exchange does not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Balances.
    pub balance: Amount,
    /// What of them is held.
    pub held: Amount,
}

impl Custody {
    /// What a service of an agent may still hold: balance − holds − initial margin at entry of
    /// cross positions, where these draw on the same account. The margin is rounded to the
    /// micro-unit. Below zero where cross positions have lost more than was free.
    pub fn free(
        &self,
        ledger: &Ledger,
        agent: usize,
        service: Service,
        cross_initial: f64,
    ) -> Amount {
        let wallet = self.wallet(agent, service, USDC);
        let shared = wallet == self.wallet(agent, Service::Trading, USDC);
        let margin = if shared { Amount::round_usdc(cross_initial) } else { Amount::ZERO };
        ledger.balance(wallet) - ledger.held(wallet) - margin
    }

    /// Silo custody: balances and holds outside the trading silo, money in transit not counted.
    /// Nothing under unified custody, where the exchange's wallet is all there is.
    pub fn beside_trading(&self, ledger: &Ledger, agent: usize) -> Beside {
        let mut beside = Beside { balance: Amount::ZERO, held: Amount::ZERO };
        if self.is_unified() {
            return beside;
        }
        for account in self.outside_trading(agent) {
            beside.balance += ledger.balance(account);
            beside.held += ledger.held(account);
        }
        beside
    }

    fn outside_trading(&self, agent: usize) -> impl Iterator<Item = AccountId> + '_ {
        let trading = Silo::Of(Service::Trading).index();
        let accounts = self.purses[agent].usdc.iter().enumerate();
        accounts.filter(move |(index, _)| *index != trading).map(|(_, account)| *account)
    }

    /// USDC value of an agent's other assets that counts as capital: balance × price × (1 −
    /// haircut), of those that have a haircut. `prices` are those that the holdings refer to.
    pub fn counted_value(&self, ledger: &Ledger, agent: usize, prices: &[f64]) -> f64 {
        let mut value = 0.0;
        for (holding, account) in self.holdings.iter().zip(&self.purses[agent].others) {
            if let Some(haircut) = holding.haircut {
                let units = units_of(ledger.balance(*account));
                value += units * prices[holding.price] * (1.0 - haircut);
            }
        }
        value
    }

    /// The ledger's asset of a holding.
    pub fn asset_named(&self, name: &str) -> Option<AssetId> {
        let index = self.holdings.iter().position(|holding| holding.name == name)?;
        u16::try_from(index + 1).ok().map(AssetId)
    }
}
