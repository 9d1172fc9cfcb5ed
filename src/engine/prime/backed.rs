//! Whether the ledger backs what the services say, at the end of an instant.

use super::state::PrimeState;
use crate::engine::fault::LedgerFault;
use crate::units::Amount;
use crate::venue::custody::{Service, Silo};
use crate::venue::exchange::{Exchange, MarginMode};

/// Rounding of unrealised profit, USDC.
const ROUNDING_USDC: f64 = 1e-6;

/// Parts of holds sum to the ledger's; escrow has held what its obligations reserve and locked
/// what is funded; nothing is held without backing, where the venue has checked all accounts.
pub(super) fn check(
    state: &PrimeState,
    exchange: &Exchange,
    all_checked: bool,
) -> Result<(), LedgerFault> {
    let ledger = exchange.ledger();
    for (agent, margin) in state.cross_initial.iter().enumerate() {
        let now = exchange.cross_initial(agent);
        assert!(!state.knows_margins() || *margin == now, "a margin of {now} is known as {margin}");
    }
    state.custody.check(ledger)?;
    if !state.escrow.is_backed(ledger) {
        return Err(LedgerFault::Vault);
    }
    for agent in 0..state.agents.len() {
        let held = state.custody.part(agent, Service::Escrow);
        let reserved = state.escrow.reserved_by(agent);
        if reserved != held {
            return Err(LedgerFault::Escrow { agent, reserved, held });
        }
        let lacking = lacking(state, exchange, agent);
        if all_checked && lacking.is_positive() {
            return Err(LedgerFault::Unbacked { agent, lacking });
        }
    }
    Ok(())
}

/// What an agent holds beyond what backs it: the balance of the account, in the trading wallet with
/// the result of open cross positions, whose losses the venue stops in time where they must
/// maintain a margin.
fn lacking(state: &PrimeState, exchange: &Exchange, agent: usize) -> Amount {
    let ledger = exchange.ledger();
    let trading = state.custody.silo(agent, Silo::Of(Service::Trading));
    let hole = |account| ledger.held(account) - ledger.balance(account);
    let others = Silo::ALL.into_iter().map(|silo| state.custody.silo(agent, silo));
    let worst = others.filter(|account| *account != trading).map(hole).max();
    let holder = &exchange.accounts()[agent];
    let cross =
        holder.positions.iter().any(|slot| slot.is_open() && slot.mode == MarginMode::Cross);
    let mine = if cross {
        let health = exchange.cross_health(agent);
        let lost = health.maintenance > 0.0 && health.equity < -ROUNDING_USDC;
        if lost { Amount::ceil_usdc(-health.equity) } else { Amount::ZERO }
    } else {
        hole(trading)
    };
    mine.max(worst.unwrap_or(Amount::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Plan, Workspace};
    use crate::ledger::USDC;
    use crate::scenario::Scenario;
    use crate::venue::escrow::{Conduct, ContractSpec, OnTimeout, Party};

    fn plan() -> Plan {
        let text = include_str!("../../../scenarios/prime_agent.toml");
        let scenario = Scenario::from_text("prime_agent.toml".as_ref(), text, &[]);
        scenario.unwrap_or_else(|faults| panic!("{faults}")).plan
    }

    /// Its only agent has 100 and a contract of 50 that it has not funded: 50.50 are held.
    fn desk() -> Workspace {
        let mut desk = Workspace::new(&plan(), 2);
        desk.exchange.deposit(0, Amount::from_micro(100_000_000));
        let Some(state) = desk.prime.as_deref_mut() else { panic!("no prime brokerage") };
        let spec = ContractSpec {
            payer: Party::Agent(0),
            payee: Party::Outside,
            amount: Amount::from_micro(50_000_000),
            deadline_ms: 1_000,
            on_timeout: OnTimeout::ToPayer,
            referrer: None,
            conduct: Conduct::NONE,
        };
        let made =
            state.with_books(&mut desk.exchange, 0, |books, escrow, _| escrow.create(books, spec));
        assert!(made.is_ok());
        desk
    }

    fn found(desk: &Workspace) -> Result<(), LedgerFault> {
        check(desk.prime.as_deref().expect("prime brokerage"), &desk.exchange, true)
    }

    #[test]
    fn a_sound_ledger_is_found_sound() {
        assert_eq!(found(&desk()), Ok(()));
    }

    #[test]
    fn a_hold_that_no_service_knows_of_is_found() {
        let mut desk = desk();
        let wallet = desk.exchange.accounts()[0].wallet;
        assert!(desk.exchange.parts().0.hold(wallet, Amount::from_micro(1)));
        assert!(matches!(found(&desk), Err(LedgerFault::Holds(_))));
    }

    #[test]
    fn a_hold_for_escrow_that_backs_no_obligation_is_found() {
        let mut desk = desk();
        let Some(state) = desk.prime.as_deref_mut() else { panic!("no prime brokerage") };
        let (ledger, _) = desk.exchange.parts();
        let extra = Amount::from_micro(1);
        assert_eq!(state.custody.hold(ledger, 0, Service::Escrow, extra, 0.0), Ok(()));
        let (reserved, held) = (Amount::from_micro(50_500_000), Amount::from_micro(50_500_001));
        assert_eq!(found(&desk), Err(LedgerFault::Escrow { agent: 0, reserved, held }));
    }

    #[test]
    fn money_that_is_missing_in_the_vault_is_found() {
        let mut desk = desk();
        let Some(state) = desk.prime.as_deref_mut() else { panic!("no prime brokerage") };
        let (vault, market) = (state.escrow.vault(), desk.exchange.house().market);
        let (ledger, _) = desk.exchange.parts();
        ledger.transfer(market, vault, Amount::from_micro(1), "from nowhere");
        assert_eq!(found(&desk), Err(LedgerFault::Vault));
    }

    #[test]
    fn a_wallet_with_less_than_it_holds_is_found() {
        let mut desk = desk();
        let (wallet, market) = (desk.exchange.accounts()[0].wallet, desk.exchange.house().market);
        let (ledger, _) = desk.exchange.parts();
        assert_eq!(ledger.asset(wallet), USDC);
        ledger.transfer(wallet, market, Amount::from_micro(49_500_001), "lost");
        let lacking = Amount::from_micro(1);
        assert_eq!(found(&desk), Err(LedgerFault::Unbacked { agent: 0, lacking }));
    }
}
