//! The services against closed forms and hand calculations.

mod casino;
mod draws;
mod everything;
mod factors;
mod flow;
mod names;
mod streams;

use super::*;
use crate::ledger::{AccountId, Ledger, USDC};
use crate::stats::SymMatrix;
use crate::units::Amount;
use crate::units::time::{DAY_MS, HOUR_MS};
use crate::venue::custody::{Books, Custody, CustodyMode, Service};
use crate::venue::escrow::{AgreementSpec, Escrow, EscrowSpec, OnTimeout, Party};

fn usdc(amount: f64) -> Amount {
    Amount::round_usdc(amount)
}

/// Agents with a wallet each, an escrow service and the services.
struct Room {
    ledger: Ledger,
    custody: Custody,
    escrow: Escrow,
    services: Services,
    market: AccountId,
    /// Per agent.
    cross_initial: Vec<f64>,
}

fn room(mode: CustodyMode, agents: Vec<AgentServices>, agreements: &[AgreementSpec]) -> Room {
    let mut ledger = Ledger::default();
    let market = ledger.open("market", USDC);
    let fees = ledger.open("venue fees", USDC);
    let names: Vec<&str> = agents.iter().map(|agent| agent.name.as_str()).collect();
    let wallets: Vec<AccountId> =
        names.iter().map(|name| ledger.open(format!("{name} wallet"), USDC)).collect();
    let custody = Custody::new(mode, &names, &[], &mut ledger, &wallets);
    let count = names.len();
    let escrow = Escrow::new(EscrowSpec::DEFAULT, agreements, count, &mut ledger, market, fees);
    let factors = FactorSpec::prime(SymMatrix::identity(1), 0);
    let spec = ServicesSpec { step_ms: HOUR_MS, factors, agents };
    let mut services = Services::new(&spec, &mut ledger, market).expect("correlations hold");
    services.reset(1, 0);
    Room { ledger, custody, escrow, services, market, cross_initial: vec![0.0; count] }
}

impl Room {
    fn fund(&mut self, agent: usize, amount: f64) {
        let wallet = self.custody.wallet(agent, Service::Trading, USDC);
        self.ledger.transfer(self.market, wallet, usdc(amount), "deposit");
    }

    fn wallet(&self, agent: usize) -> f64 {
        self.ledger.balance(self.custody.wallet(agent, Service::Trading, USDC)).usdc()
    }

    fn books(&mut self, now_ms: i64) -> (Books<'_>, &mut Services, &mut Escrow) {
        let books = Books {
            now_ms,
            ledger: &mut self.ledger,
            custody: &mut self.custody,
            cross_initial: &self.cross_initial,
        };
        (books, &mut self.services, &mut self.escrow)
    }

    fn start(&mut self) {
        let (mut books, services, _) = self.books(0);
        services.start(&mut books);
    }

    /// Everything due until the end of the next step, and the step.
    fn step(&mut self, z: f64) {
        let end_ms = self.services.next_step_ms();
        let (mut books, services, escrow) = self.books(end_ms);
        services.settle(&mut books);
        escrow.settle(&mut books);
        services.step(&mut books, escrow, &[z]);
    }

    fn check(&self) {
        assert_eq!(self.ledger.conservation(), Ok(()));
        assert_eq!(self.custody.check(&self.ledger), Ok(()));
        assert!(self.escrow.is_backed(&self.ledger));
        for agent in 0..self.custody.agents() {
            let held = self.custody.part(agent, Service::Escrow);
            assert_eq!(self.escrow.reserved_by(agent), held, "agent {agent}");
        }
    }
}

fn nobody(agent: usize, name: &str) -> AgentServices {
    let name = String::from(name);
    AgentServices { agent, name, faucet: Amount::ZERO, casino: None, domains: None, escrow: None }
}

/// 480 bets a day (20 a step) of 1 USDC at 2 % and double or nothing.
fn casino_spec() -> CasinoSpec {
    CasinoSpec {
        bankroll: usdc(1_000_000.0),
        bets_per_day: 480.0,
        stake: Stake::Fixed(usdc(1.0)),
        house_edge: 0.02,
        payoff: 2.0,
    }
}

fn domains_spec() -> DomainsSpec {
    DomainsSpec {
        registrations_per_day: 24.0,
        cost: usdc(10.0),
        registration_ms: HOUR_MS / 2,
        sales_per_day: 48.0,
        revenue: usdc(15.0),
    }
}

fn flow_spec() -> EscrowFlowSpec {
    EscrowFlowSpec {
        contracts_per_day: 48.0,
        notional: Notional::Fixed(usdc(10.0)),
        payer_share: 0.5,
        counterparty: FlowParty::Outside,
        confirm_mean_ms: HOUR_MS as f64,
        never: 0.0,
        dispute: 0.0,
        verdict_ms: HOUR_MS,
        verdicts: [0.5, 0.3],
        timeout_ms: DAY_MS,
        on_timeout: OnTimeout::ToPayer,
        referrer: None,
        agreement: None,
    }
}

/// Correlation of pairs.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let mean = |part: fn(&(f64, f64)) -> f64| pairs.iter().map(part).sum::<f64>() / n;
    let (mx, my) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sum = |f: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>();
    let xy = sum(&|pair| (pair.0 - mx) * (pair.1 - my));
    let xx = sum(&|pair| (pair.0 - mx) * (pair.0 - mx));
    let yy = sum(&|pair| (pair.1 - my) * (pair.1 - my));
    xy / (xx * yy).sqrt()
}
