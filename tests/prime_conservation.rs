//! Every unit of money is accounted for, whatever mix of services an agent uses, on generated cases.
//!
//! The engine checks after every instant that the ledger balances, that holds are those of the
//! services, and that the vault of escrow holds what its contracts lock. Here the journal of postings
//! is added up by reason and owner and must give the metrics, and what each agent has at the end must
//! be what it had and what it was paid.

mod generated;

use std::collections::BTreeMap;

use drypowder::engine::{EventKind, Metric, Workspace, run};
use drypowder::ledger::{AssetId, Ledger, USDC};
use generated::{Case, SEED, Tape, numbers};
use rayon::prelude::*;

const CASES: u64 = 6_000;

/// A ledger account's owner: the agent of that number, or the house.
fn owner(name: &str) -> Option<usize> {
    name.strip_prefix("agent ")?.split(' ').next()?.parse().ok()
}

/// What an agent received less what it paid, by asset and reason, in smallest units; postings
/// between its own accounts count nothing.
type Sums = Vec<BTreeMap<(u16, &'static str), i64>>;

fn sums(ledger: &Ledger, agents: usize) -> Sums {
    let mut sums = vec![BTreeMap::new(); agents];
    for posting in ledger.journal() {
        let (from, to) = (owner(ledger.name(posting.from)), owner(ledger.name(posting.to)));
        if from == to {
            continue;
        }
        let asset = ledger.asset(posting.from);
        let key = (asset.0, posting.reason);
        let amount = posting.amount.micro();
        if let Some(agent) = from {
            *sums[agent].entry(key).or_insert(0) -= amount;
        }
        if let Some(agent) = to {
            *sums[agent].entry(key).or_insert(0) += amount;
        }
    }
    sums
}

/// Sum over reasons, USDC.
fn usdc(sums: &BTreeMap<(u16, &'static str), i64>, reasons: &[&str]) -> f64 {
    let found = reasons.iter().filter_map(|reason| sums.get(&(USDC.0, *reason)));
    found.sum::<i64>() as f64 / 1e6
}

fn near(got: f64, expected: f64, what: &str) {
    assert!((got - expected).abs() <= 2e-6 + 1e-9 * expected.abs(), "{what}: {got} {expected}");
}

fn check(number: u64) {
    let case = Case::with_prime(number);
    let (mut path, mut workspace) = (case.path(), case.workspace());
    let mut tape = Tape::new(&path, i64::MAX / 4);
    workspace.keep_journal();
    run(&case.plan, &mut path, SEED, number, &mut workspace, &mut tape)
        .unwrap_or_else(|error| panic!("case {number}: {error}"));
    let ledger = workspace.exchange().ledger();
    assert_eq!(ledger.conservation(), Ok(()));
    for (agent, sums) in sums(ledger, case.plan.agents.len()).iter().enumerate() {
        check_metrics(&case, &workspace, &tape, agent, sums);
        check_balances(&case, ledger, agent, sums);
    }
}

/// Metrics are sums of postings.
fn check_metrics(
    case: &Case,
    workspace: &Workspace,
    tape: &Tape,
    agent: usize,
    sums: &BTreeMap<(u16, &'static str), i64>,
) {
    let outcome = &workspace.outcomes()[agent];
    let at = |metric: Metric| format!("case {}, agent {agent}: {}", case.number, metric.name());
    let paid = |reasons: &[&str]| -usdc(sums, reasons);
    for (metric, expected) in [
        (Metric::Penalties, paid(&["liquidation penalty"])),
        (Metric::FundingPaid, paid(&["funding"])),
        (Metric::FaucetGrants, usdc(sums, &["faucet grant"])),
        (Metric::CasinoPnl, usdc(sums, &["bets won", "bets lost"])),
        (Metric::DomainsPnl, usdc(sums, &["names sold", "names registered"])),
    ] {
        near(outcome.get(metric), expected, &at(metric));
    }
    // An agent that refers itself is paid out of its own fee.
    let metric = Metric::FeesPaid;
    let own = outcome.get(Metric::Referral) - usdc(sums, &["referral"]) + sale_fees(tape, agent);
    near(outcome.get(metric), paid(&["taker fee", "spot fee", "escrow fee"]) + own, &at(metric));
}

/// Spot fees of forced sales of an agent's collateral, paid out of the loans' vaults.
fn sale_fees(tape: &Tape, agent: usize) -> f64 {
    let sales = [EventKind::CollateralLiquidated, EventKind::BoughtIn, EventKind::CollateralSold];
    (tape.events.iter())
        .filter(|event| event.agent == agent && sales.contains(&event.kind))
        .filter(|event| event.reason == "as borrower" && !event.costs.is_nan())
        .map(|event| event.costs)
        .sum()
}

/// What lies on an agent's accounts is what it received less what it paid, nothing beside.
fn check_balances(
    case: &Case,
    ledger: &Ledger,
    agent: usize,
    sums: &BTreeMap<(u16, &'static str), i64>,
) {
    let mut balances: BTreeMap<u16, i64> = BTreeMap::new();
    for account in ledger.accounts() {
        if owner(ledger.name(account)) == Some(agent) {
            let AssetId(asset) = ledger.asset(account);
            *balances.entry(asset).or_insert(0) += ledger.balance(account).micro();
            let held = ledger.held(account);
            assert!(!held.is_negative(), "case {}: a hold below zero", case.number);
        }
    }
    let mut received: BTreeMap<u16, i64> = BTreeMap::new();
    for ((asset, _), amount) in sums {
        *received.entry(*asset).or_insert(0) += amount;
    }
    for (asset, balance) in balances {
        let got = received.get(&asset).copied().unwrap_or(0);
        assert_eq!(balance, got, "case {}, agent {agent}, asset {asset}", case.number);
    }
}

#[test]
fn every_unit_is_accounted_for_with_all_services() {
    numbers(CASES).into_par_iter().for_each(check);
}
