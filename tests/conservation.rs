//! Every unit of money is accounted for, on generated cases.
//!
//! The engine itself checks its ledger after every instant. Beyond it, the journal of postings is
//! added up here by reason and owner, and must give the metrics and the final balances.

mod generated;

use drypowder::engine::{AgentOutcome, Event, EventKind, Metric, Workspace, run};
use drypowder::ledger::{Ledger, Posting};
use drypowder::prices::PricePath;
use generated::{Case, SEED, Tape, numbers};
use rayon::prelude::*;

const CASES: u64 = 20_000;

/// A ledger account's owner: the agent of that number, or the house.
fn owner(name: &str) -> Option<usize> {
    name.strip_prefix("agent ")?.split(' ').next()?.parse().ok()
}

/// One agent's postings added up, micro-USDC; what it paid is above zero.
#[derive(Default)]
struct Sums {
    paid_in: i64,
    profit: i64,
    fees: i64,
    penalties: i64,
    funding: i64,
    top_ups: i64,
    insurance: i64,
    bad_debt: i64,
    haircut: i64,
    socialised: i64,
    /// Received from other agents as the bankrupt.
    relief: i64,
}

impl Sums {
    /// What must be on the agent's accounts.
    fn balance(&self) -> i64 {
        self.paid_in + self.profit + self.insurance + self.bad_debt + self.relief
            - self.fees
            - self.penalties
            - self.funding
            - self.haircut
            - self.socialised
    }

    fn take(&mut self, posting: &Posting, leaves: bool) {
        let amount = posting.amount.micro();
        let signed = if leaves { -amount } else { amount };
        match posting.reason {
            "deposit" => self.paid_in += signed,
            "realised profit" => self.profit += signed,
            "taker fee" => self.fees -= signed,
            "liquidation penalty" => self.penalties -= signed,
            "funding" => self.funding -= signed,
            "insurance" => self.insurance += signed,
            "bad debt" => self.bad_debt += signed,
            "auto-deleveraging" if leaves => self.haircut += amount,
            "socialised loss" if leaves => self.socialised += amount,
            "auto-deleveraging" | "socialised loss" => self.relief += amount,
            other => panic!("a posting for an unknown reason: {other}"),
        }
    }
}

fn sums(ledger: &Ledger, agents: usize) -> Vec<Sums> {
    let mut sums: Vec<Sums> = (0..agents).map(|_| Sums::default()).collect();
    let mut insurance = 0;
    for posting in ledger.journal() {
        let (from, to) = (ledger.name(posting.from), ledger.name(posting.to));
        match (owner(from), owner(to)) {
            (Some(a), Some(b)) if a == b && posting.reason == "top-up" => {
                sums[a].top_ups += posting.amount.micro();
            }
            (Some(a), Some(b)) if a == b && posting.reason.starts_with("collateral") => {}
            (None, Some(agent)) if posting.reason == "collateral" => {
                sums[agent].paid_in += posting.amount.micro();
            }
            (from, to) => {
                from.into_iter().for_each(|agent| sums[agent].take(posting, true));
                to.into_iter().for_each(|agent| sums[agent].take(posting, false));
            }
        }
        insurance += if to == "insurance fund" { posting.amount.micro() } else { 0 };
        insurance -= if from == "insurance fund" { posting.amount.micro() } else { 0 };
        assert!(insurance >= 0, "the insurance fund paid what it had not");
    }
    sums
}

fn micro(outcome: &AgentOutcome, metric: Metric) -> i64 {
    (outcome.get(metric) * 1e6).round() as i64
}

fn profit_told(events: &[Event], agent: usize) -> i64 {
    let closes = [
        EventKind::Liquidated,
        EventKind::KillSwitchClosed,
        EventKind::StopLoss,
        EventKind::Reduced,
    ];
    (events.iter())
        .filter(|event| event.agent == agent && closes.contains(&event.kind))
        .map(|event| (event.amount * 1e6).round() as i64)
        .sum()
}

fn check(case: &Case) {
    let (mut path, mut workspace) = (case.path(), case.workspace());
    let mut tape = Tape::new(&path, i64::MAX / 4);
    workspace.keep_journal();
    run(&case.plan, &mut path, SEED, case.number, &mut workspace, &mut tape).unwrap();
    let ledger = workspace.exchange().ledger();
    assert_eq!(ledger.conservation(), Ok(()));
    let sums = sums(ledger, case.plan.agents.len());
    for (agent, (sum, outcome)) in sums.iter().zip(workspace.outcomes()).enumerate() {
        let at = format!("case {}, agent {agent}", case.number);
        let plan = &case.plan.agents[agent];
        let given: i64 = plan.positions.iter().map(|position| position.collateral.micro()).sum();
        assert_eq!(sum.paid_in, plan.wallet.micro() + given, "{at}: start money");
        for (metric, total) in [
            (Metric::FeesPaid, sum.fees),
            (Metric::Penalties, sum.penalties),
            (Metric::FundingPaid, sum.funding),
            (Metric::TopUpAmount, sum.top_ups),
            (Metric::InsuranceUsed, sum.insurance),
            (Metric::BadDebt, sum.bad_debt),
            (Metric::LossSocialised, sum.socialised),
            (Metric::AdlHaircut, sum.haircut),
        ] {
            assert_eq!(micro(outcome, metric), total, "{at}: {}", metric.name());
        }
        if !tape.events.iter().any(|event| event.kind == EventKind::AutoDeleveraged) {
            assert_eq!(sum.profit, profit_told(&tape.events, agent), "{at}: realised profit");
        }
        let moved = case.plan.impact.is_some();
        check_equity(&workspace, &mut path, (agent, moved), sum, &at);
    }
}

/// The balances are what the postings say, and final equity is them and the open profit.
fn check_equity(
    workspace: &Workspace,
    path: &mut impl PricePath,
    (agent, moved): (usize, bool),
    sum: &Sums,
    at: &str,
) {
    let exchange = workspace.exchange();
    let (mut marks, mut lasts) = (vec![0.0; path.assets()], vec![0.0; path.assets()]);
    path.load(path.ticks() - 1, &mut marks, &mut lasts);
    if moved {
        // Forced fills have moved the path's prices; how far has tests of its own.
        marks.copy_from_slice(exchange.marks());
    }
    let account = &exchange.accounts()[agent];
    let mut balance = exchange.ledger().balance(account.wallet).micro();
    let mut open_profit = 0.0;
    for slot in &account.positions {
        let collateral = exchange.ledger().balance(slot.collateral).micro();
        assert!(slot.is_open() || collateral == 0, "{at}: a closed position keeps {collateral}");
        balance += collateral;
        if slot.is_open() {
            let mark = marks[exchange.market(slot.market).asset];
            open_profit += slot.quantity.steps() as f64 / 1e8 * (mark - slot.entry);
        }
    }
    assert_eq!(balance, sum.balance(), "{at}: balances");
    let expected = balance as f64 / 1e6 + open_profit;
    let got = workspace.outcomes()[agent].get(Metric::FinalEquity);
    assert!((got - expected).abs() <= 2e-6 + 1e-12 * expected.abs(), "{at}: {got} {expected}");
}

/// What a fleet's accounts hold at the end is what came from outside: what agents started with, dry
/// powder, and their postings against the house. Between them nothing is made or lost.
fn check_fleet(case: &Case) {
    let (mut path, mut workspace) = (case.path(), case.workspace());
    let mut tape = Tape::new(&path, i64::MAX / 4);
    workspace.keep_journal();
    run(&case.plan, &mut path, SEED, case.number, &mut workspace, &mut tape).unwrap();
    let ledger = workspace.exchange().ledger();
    assert_eq!(ledger.conservation(), Ok(()));
    let at = format!("case {}", case.number);
    let inside = |name: &str| owner(name).is_some() || name.starts_with("fleet ");
    let mut from_outside = 0;
    for posting in ledger.journal() {
        let [from, to] = [posting.from, posting.to].map(|id| inside(ledger.name(id)));
        from_outside += (i64::from(to) - i64::from(from)) * posting.amount.micro();
    }
    let held = ledger.accounts().filter(|id| inside(ledger.name(*id)));
    let held: i64 = held.map(|id| ledger.balance(id).micro()).sum();
    assert_eq!(held, from_outside, "{at}: balances");
    let outcomes = workspace.outcomes();
    let total = |metric| outcomes.iter().map(|outcome| micro(outcome, metric)).sum::<i64>();
    assert_eq!(total(Metric::FromCoordinator), 0, "{at}: inside the fleet");
    let open_profit: f64 = (workspace.exchange().accounts().iter())
        .flat_map(|account| &account.positions)
        .filter(|slot| slot.is_open())
        .map(|slot| slot.units * (workspace.exchange().mark_of(slot) - slot.entry))
        .sum();
    let equity = total(Metric::FinalEquity) as f64 / 1e6;
    let expected = held as f64 / 1e6 + open_profit;
    let slack = 1e-6 * (1 + outcomes.len()) as f64 + 1e-12 * expected.abs();
    assert!((equity - expected).abs() <= slack, "{at}: {equity} {expected}");
}

#[test]
fn nothing_is_made_or_lost_inside_a_fleet() {
    let cases = numbers(CASES / 4).into_par_iter();
    let fleets: u64 = cases
        .map(|number| match Case::with_fleet(number, false) {
            Some(case) => {
                check_fleet(&case);
                1
            }
            None => 0,
        })
        .sum();
    assert!(fleets > 0, "no case has a fleet");
}

#[test]
fn every_unit_is_accounted_for() {
    numbers(CASES).into_par_iter().for_each(|number| check(&Case::new(number)));
}
