//! What is not yet known, who watches and who else trades changes nothing.

mod generated;

use drypowder::engine::{AgentOutcome, Event, NoRecorder, run};
use drypowder::prices::PricePath;
use drypowder::scenario::Scenario;
use drypowder::units::Amount;
use drypowder::venue::exchange::{ExchangeSpec, LossRule, Slippage};
use generated::{Case, SEED, difference, numbers, same_event};
use rayon::prelude::*;

const CASES: u64 = 3_000;

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

#[test]
fn later_prices_change_no_earlier_event() {
    let changed = numbers(CASES).into_par_iter().map(|number| {
        let case = Case::new(number);
        let (_, tape) = case.run();
        let mut path = case.path();
        let (start_ms, end_ms) = (path.tick_ms(0), path.tick_ms(path.ticks() - 1));
        let part = (number % 97) as f64 / 97.0;
        // Now and then right at an event, where a look-ahead would show first.
        let event_ms = tape.events.get(tape.events.len() / 2).map(|event| event.time_ms);
        let cut_ms = match event_ms {
            Some(event_ms) if number % 2 == 0 => event_ms.min(end_ms),
            _ => start_ms + ((end_ms - start_ms) as f64 * part) as i64,
        };
        path.scramble_from(cut_ms.max(start_ms + 1));
        let (_, scrambled) = case.run_on(&mut path);
        let before = |events: &'_ [Event]| -> Vec<Event> {
            events.iter().filter(|event| event.time_ms < cut_ms).cloned().collect()
        };
        let (a, b) = (before(&tape.events), before(&scrambled.events));
        let at = format!("case {number}, cut at {cut_ms}");
        assert_same_events(&a.iter().collect::<Vec<_>>(), &b.iter().collect::<Vec<_>>(), &at);
        u64::from(scrambled.events.len() != tape.events.len())
    });
    let changed: u64 = changed.sum();
    assert!(changed > CASES / 4 || std::env::var("CASE").is_ok(), "{changed} cases scrambled");
}

#[test]
fn watching_changes_nothing() {
    numbers(CASES).into_par_iter().for_each(|number| {
        let case = Case::new(number);
        let (watched, _) = case.run();
        let (mut path, mut workspace) = (case.path(), case.workspace());
        // Twice in one workspace: nothing is left over from the path before.
        for _ in 0..2 {
            path.start(SEED, number);
            run(&case.plan, &mut path, SEED, number, &mut workspace, &mut NoRecorder).unwrap();
            for (a, b) in watched.iter().zip(workspace.outcomes()) {
                assert_same_outcome(a, b, &format!("case {number}"));
            }
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
