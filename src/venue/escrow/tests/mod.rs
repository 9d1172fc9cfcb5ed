//! The escrow service against hand calculations: tables of accounts before, transfers, accounts
//! after.

mod changes;
mod fees;
mod lag;
mod ledger_tables;
mod netting;
mod order;

use super::*;
use crate::ledger::{AccountId, Ledger, USDC};
use crate::units::Amount;
use crate::units::time::NEVER_MS;
use crate::venue::custody::{Books, Custody, CustodyMode, Service};

const A: Party = Party::Agent(0);
const B: Party = Party::Agent(1);
const C: Party = Party::Agent(2);

fn usdc(amount: f64) -> Amount {
    Amount::round_usdc(amount)
}

/// Three agents with a wallet each, and an escrow service.
struct Room {
    ledger: Ledger,
    custody: Custody,
    escrow: Escrow,
    accounts: Vec<AccountId>,
}

fn room(spec: EscrowSpec, agreements: &[AgreementSpec], wallets: [f64; 3]) -> Room {
    let mut ledger = Ledger::default();
    let market = ledger.open("market", USDC);
    let fees = ledger.open("venue fees", USDC);
    let names = ["a", "b", "c"];
    let trading: Vec<AccountId> =
        names.iter().map(|name| ledger.open(format!("{name} wallet"), USDC)).collect();
    let custody = Custody::new(CustodyMode::Unified, &names, &[], &mut ledger, &trading);
    let escrow = Escrow::new(spec, agreements, 3, &mut ledger, market, fees);
    for (wallet, amount) in trading.iter().zip(wallets) {
        ledger.transfer(market, *wallet, usdc(amount), "deposit");
    }
    ledger.keep_journal(true);
    let accounts = vec![market, fees, trading[0], trading[1], trading[2], escrow.vault()];
    Room { ledger, custody, escrow, accounts }
}

impl Room {
    fn at<T>(&mut self, now_ms: i64, act: impl FnOnce(&mut Escrow, &mut Books<'_>) -> T) -> T {
        let mut books = Books {
            now_ms,
            ledger: &mut self.ledger,
            custody: &mut self.custody,
            cross_initial: &[0.0; 3],
        };
        let result = act(&mut self.escrow, &mut books);
        self.check();
        result
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

    fn settle(&mut self, now_ms: i64) {
        self.at(now_ms, |escrow, books| escrow.settle(books));
    }

    fn create(&mut self, now_ms: i64, spec: ContractSpec) -> Result<ContractId, Rejection> {
        self.at(now_ms, |escrow, books| escrow.create(books, spec))
    }

    fn created(&mut self, now_ms: i64, spec: ContractSpec) -> ContractId {
        self.create(now_ms, spec).expect("the payer can back it")
    }

    fn funded(&mut self, now_ms: i64, spec: ContractSpec) -> ContractId {
        let id = self.created(now_ms, spec);
        assert_eq!(self.at(now_ms, |escrow, books| escrow.fund(books, id)), Ok(()));
        id
    }

    /// Balances of market, fees, a, b, c, vault.
    fn balances(&self) -> [f64; 6] {
        std::array::from_fn(|index| self.ledger.balance(self.accounts[index]).usdc())
    }

    /// What a, b, c hold.
    fn holds(&self) -> [f64; 3] {
        std::array::from_fn(|agent| self.custody.part(agent, Service::Escrow).usdc())
    }

    /// The journal as text, emptied.
    fn postings(&mut self) -> Vec<String> {
        let text = (self.ledger.journal().iter())
            .map(|one| {
                let (from, to) = (self.ledger.name(one.from), self.ledger.name(one.to));
                format!("{from} > {to} {} {}", one.amount, one.reason)
            })
            .collect();
        self.ledger.keep_journal(true);
        text
    }

    fn last(&self) -> EscrowEffect {
        *self.escrow.effects().last().expect("an effect")
    }
}

/// A pays B, referred by C, deadline 1,000 ms, refunded then; nothing happens by itself.
fn contract(amount: f64) -> ContractSpec {
    ContractSpec {
        payer: A,
        payee: B,
        amount: usdc(amount),
        deadline_ms: 1_000,
        on_timeout: OnTimeout::ToPayer,
        referrer: Some(C),
        conduct: Conduct::NONE,
    }
}
