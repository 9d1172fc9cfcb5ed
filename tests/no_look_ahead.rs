//! What is not yet known, who watches and who else trades changes nothing.

mod generated;

use drypowder::engine::{AgentOutcome, Event, EventKind, Metric, NoRecorder, run};
use drypowder::prices::PricePath;
use drypowder::scenario::Scenario;
use drypowder::units::Amount;
use drypowder::venue::exchange::{ExchangeSpec, LossRule, Slippage};
use generated::{Case, SEED, Tape, difference, numbers, same_event};
use rayon::prelude::*;

const CASES: u64 = 3_000;

/// The case without and with prime brokerage.
fn both(number: u64) -> [Case; 2] {
    [Case::new(number), Case::with_prime(number)]
}

fn assert_same_events(a: &[&Event], b: &[&Event], at: &str) {
    for (a, b) in a.iter().zip(b) {
        assert!(same_event(a, b), "{at}:\n{a:?}\n{b:?}");
    }
    assert_eq!(a.len(), b.len(), "{at}: number of events");
}

fn assert_same_outcome(a: &AgentOutcome, b: &AgentOutcome, at: &str) {
    if let Some(found) = difference(a, b) {
        panic!("{at}: {found}");
    }
}

/// Where to cut a case: anywhere, or now and then right at an event, where a look-ahead would show
/// first.
fn cut_of(case: &Case, tape: &Tape) -> i64 {
    let path = case.path();
    let (start_ms, end_ms) = (path.tick_ms(0), path.tick_ms(path.ticks() - 1));
    let part = (case.number % 97) as f64 / 97.0;
    match tape.events.get(tape.events.len() / 2) {
        Some(event) if case.number.is_multiple_of(2) => event.time_ms.min(end_ms),
        _ => start_ms + ((end_ms - start_ms) as f64 * part) as i64,
    }
}

fn assert_same_tape(a: &Tape, b: &Tape, at: &str) {
    if let Some(found) = a.difference(b) {
        panic!("{at}: {found}");
    }
}

#[test]
fn later_prices_change_no_earlier_event_and_no_earlier_sample() {
    let changed = numbers(CASES).into_par_iter().map(|number| {
        let changed = both(number).map(|case| {
            let (_, tape) = case.run();
            let cut_ms = cut_of(&case, &tape);
            let mut path = case.path();
            path.scramble_from(cut_ms.max(path.tick_ms(0) + 1));
            let (_, scrambled) = case.run_on(&mut path);
            let at = format!("case {number}, cut at {cut_ms}");
            assert_same_tape(&tape.until(cut_ms - 1), &scrambled.until(cut_ms - 1), &at);
            u64::from(scrambled.events.len() != tape.events.len())
        });
        changed.iter().sum::<u64>()
    });
    let changed: u64 = changed.sum();
    assert!(changed > CASES / 2 || std::env::var("CASE").is_ok(), "{changed} cases scrambled");
}

/// Metrics that count events of one kind; of loans those that the agent gives.
const COUNTED: [(Metric, EventKind); 11] = [
    (Metric::Liquidations, EventKind::Liquidated),
    (Metric::TopUps, EventKind::CollateralToppedUp),
    (Metric::MarginCalls, EventKind::MarginCall),
    (Metric::MarginCallsCured, EventKind::MarginCallCured),
    (Metric::LoansGiven, EventKind::LoanOpened),
    (Metric::Recalls, EventKind::LoanRecalled),
    (Metric::RecallsFailed, EventKind::RecallFailed),
    (Metric::CollateralCalls, EventKind::CollateralCalled),
    (Metric::Rebalances, EventKind::Rebalanced),
    (Metric::Moves, EventKind::MoveArrived),
    (Metric::MovesFailed, EventKind::MoveFailed),
];

/// A path that ends is the beginning of the one that goes on: the same events and samples, and
/// metrics that count no more than had happened.
#[test]
fn a_run_that_ends_earlier_is_the_beginning_of_the_longer_one() {
    numbers(CASES).into_par_iter().for_each(|number| {
        for case in both(number) {
            let (_, whole) = case.run();
            let mut path = case.path();
            let last_ms = path.cut_off(cut_of(&case, &whole));
            let (outcomes, beginning) = case.run_on(&mut path);
            let known = whole.until(last_ms);
            let at = format!("case {number}, cut off at {last_ms}");
            assert_same_tape(&known, &beginning.until(last_ms), &at);
            for (agent, outcome) in outcomes.iter().enumerate() {
                for (metric, kind) in COUNTED {
                    let told = |event: &&Event| {
                        let side =
                            event.reason == "as borrower" && metric != Metric::CollateralCalls;
                        event.agent == agent && event.kind == kind && !side
                    };
                    let count = known.events.iter().filter(told).count();
                    let got = outcome.get(metric);
                    assert_eq!(got, count as f64, "{at}, agent {agent}: {}", metric.name());
                }
            }
        }
    });
}

#[test]
fn watching_changes_nothing() {
    numbers(CASES).into_par_iter().for_each(|number| {
        for case in both(number) {
            let (watched, _) = case.run();
            let (mut path, mut workspace) = (case.path(), case.workspace());
            // Three times in one workspace: nothing is left over from the path before, and a
            // journal of all postings changes nothing either.
            for turn in 0..3 {
                if turn == 2 {
                    workspace.keep_journal();
                }
                path.start(SEED, number);
                run(&case.plan, &mut path, SEED, number, &mut workspace, &mut NoRecorder).unwrap();
                for (a, b) in watched.iter().zip(workspace.outcomes()) {
                    assert_same_outcome(a, b, &format!("case {number}, turn {turn}"));
                }
            }
            assert!(!workspace.exchange().ledger().journal().is_empty(), "case {number}");
        }
    });
}

/// An exchange over which no agent can touch another: no fund, no sharing of losses, and fills
/// that hang on no one's quantity.
fn apart(exchange: &mut ExchangeSpec) {
    exchange.insurance = Amount::ZERO;
    exchange.loss_rule = LossRule::BadDebt;
    for market in &mut exchange.markets {
        market.penalty = 0.0;
        for slippage in [&mut market.slippage, &mut market.liquidation_slippage] {
            if let Slippage::SquareRoot { .. } = slippage.form {
                slippage.form = Slippage::FixedBps { bps: 30.0 };
            }
        }
    }
}

#[test]
fn agents_that_do_not_touch_each_other_change_nothing() {
    let compared = numbers(CASES).into_par_iter().map(|number| {
        let mut all = Case::new(number);
        // Through the prices that forced fills move all agents touch each other.
        all.plan.impact = None;
        apart(&mut all.plan.exchange);
        let (outcomes, tape) = all.run();
        let mut compared = 0;
        for (agent, outcome) in outcomes.iter().enumerate() {
            let mut alone = all.clone();
            alone.plan.agents = vec![all.plan.agents[agent].clone()];
            let (single, single_tape) = alone.run();
            let at = format!("case {number}, agent {agent}");
            assert_same_outcome(outcome, &single[0], &at);
            let mut mine: Vec<Event> = tape.events.clone();
            mine.retain(|event| event.agent == agent);
            mine.iter_mut().for_each(|event| event.agent = 0);
            let mine: Vec<&Event> = mine.iter().collect();
            assert_same_events(&mine, &single_tape.events.iter().collect::<Vec<_>>(), &at);
            compared += u64::from(all.plan.agents.len() > 1);
        }
        compared
    });
    let compared: u64 = compared.sum();
    assert!(compared > CASES / 2 || std::env::var("CASE").is_ok(), "{compared} agents compared");
}

#[test]
fn the_order_of_agents_changes_no_result() {
    numbers(CASES).into_par_iter().for_each(|number| {
        let mut case = Case::new(number);
        case.plan.impact = None;
        apart(&mut case.plan.exchange);
        let (outcomes, _) = case.run();
        case.plan.agents.reverse();
        let (reversed, _) = case.run();
        for (a, b) in outcomes.iter().zip(reversed.iter().rev()) {
            assert_same_outcome(a, b, &format!("case {number}"));
        }
    });
}

/// A scenario's agents in another order in the file are the same plan on the same prices.
#[test]
fn the_order_of_agents_in_a_file_changes_nothing() {
    for name in ["guarded_jumps", "cross_margin"] {
        let file = std::path::Path::new("scenarios").join(name).with_extension("toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let blocks: Vec<&str> = text.split("\n[[agent]]\n").collect();
        assert!(blocks.len() > 2, "{name} has one agent");
        let mut turned = blocks.clone();
        turned[1..].reverse();
        let load = |blocks: &[&str]| {
            let text = blocks.join("\n[[agent]]\n");
            Scenario::from_text(&file, &text, &[]).unwrap_or_else(|faults| panic!("{faults}"))
        };
        let (straight, turned) = (load(&blocks), load(&turned));
        assert_eq!(straight.plan, turned.plan, "{name}");
        assert_eq!(straight.prices, turned.prices, "{name}");
    }
}
