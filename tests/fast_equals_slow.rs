//! The engine that jumps from one instant that can matter to the next against the one that stops
//! at every tick and every look: the same outcomes, rules, events and samples, bit for bit.
//!
//! A failure prints the number of its case; `CASE=<number>` runs that one alone, `CASES=<count>`
//! as many as one likes.

mod generated;

use std::sync::atomic::{AtomicU64, Ordering};

use drypowder::engine::{MetricLevel, NoRecorder, Rule, run, run_every_instant};
use generated::{Case, SEED, difference, numbers};
use rayon::prelude::*;

/// Cases of one run of the tests.
const CASES: u64 = 20_000;
/// Those of them that have prime brokerage too.
const PRIME_CASES: u64 = 6_000;
/// Cases of many agents, each with prime brokerage and without.
const CROWDS: u64 = 60;
/// Those of them that have a fleet, the first of them with prime brokerage too.
const FLEET_CASES: u64 = 9_000;
/// Cases in which each rule fires, at least.
const FIRED_MIN: u64 = 20;

/// How two runs of a case differ, and in which rules fired.
fn compare(case: &Case) -> Result<Vec<Rule>, String> {
    let (fast, fast_tape) = case.run();
    let (slow, slow_tape) = case.run_slowly();
    if let Some(found) = fast_tape.difference(&slow_tape) {
        return Err(format!("case {}: fast and slow differ in {found}", case.number));
    }
    for (agent, (fast, slow)) in fast.iter().zip(&slow).enumerate() {
        if let Some(found) = difference(fast, slow) {
            return Err(format!("case {}, agent {agent}: {found}", case.number));
        }
        for &rule in Rule::ALL {
            if fast.fired(rule) > 0 && !case.plan.arms_for(rule, agent) {
                let name = rule.name();
                return Err(format!("case {}, agent {agent}: {name} is not armed", case.number));
            }
        }
    }
    let fired = |rule: &Rule| fast.iter().any(|outcome| outcome.fired(*rule) > 0);
    Ok(Rule::ALL.iter().copied().filter(fired).collect())
}

#[test]
fn crowds_that_share_markets() {
    let failures: Vec<String> = (numbers(CROWDS).par_iter())
        .flat_map(|&number| [Case::crowd(number), Case::crowd(number).behind_prime()])
        .filter_map(|case| compare(&case).err())
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn every_generated_case_and_every_rule() {
    let counts: Vec<AtomicU64> = Rule::ALL.iter().map(|_| AtomicU64::new(0)).collect();
    let numbers = numbers(CASES);
    let failures: Vec<String> = (numbers.par_iter())
        .filter_map(|&number| {
            let prime = (number < PRIME_CASES).then(|| Case::with_prime(number));
            let plain = compare(&Case::new(number));
            let both = plain.and_then(|mut fired| {
                fired.extend(prime.as_ref().map_or(Ok(Vec::new()), compare)?);
                let fleet = (number < FLEET_CASES)
                    .then(|| Case::with_fleet(number, number < FLEET_CASES / 3))
                    .flatten();
                fired.extend(fleet.as_ref().map_or(Ok(Vec::new()), compare)?);
                Ok(fired)
            });
            match both {
                Ok(fired) => {
                    for rule in fired {
                        counts[rule as usize].fetch_add(1, Ordering::Relaxed);
                    }
                    None
                }
                Err(found) => Some(found),
            }
        })
        .collect();
    let shown = failures.iter().take(5).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(failures.is_empty(), "{} of {} differ\n{shown}", failures.len(), numbers.len());
    if numbers.len() < CASES as usize {
        return;
    }
    for (rule, count) in Rule::ALL.iter().zip(counts) {
        let count = count.into_inner();
        println!("{count:6} cases: {}", rule.name());
        assert!(count >= FIRED_MIN, "{} fired in {count} cases only: not tested", rule.name());
    }
}

/// A worker copies the start of its first path to the others; each is what it is alone.
#[test]
fn paths_that_share_a_workspace_are_what_they_are_alone() {
    let count = numbers(CASES / 4);
    let failures: Vec<String> = (count.par_iter())
        .filter_map(|&number| {
            let mut case = Case::new(number);
            case.plan.metrics = MetricLevel::Events;
            case.plan.shocks.clear();
            case.plan.impact = None;
            let (mut path, mut shared) = (case.path(), case.workspace());
            (0..4).find_map(|ahead| {
                let number = case.number + ahead;
                path.start(SEED, number);
                let (plan, none) = (&case.plan, &mut NoRecorder);
                run(plan, &mut path, SEED, number, &mut shared, none).expect("it balances");
                let mut alone = case.workspace();
                run_every_instant(plan, &mut path, SEED, number, &mut alone, none).expect("too");
                let pairs = shared.outcomes().iter().zip(alone.outcomes());
                pairs.map(|(a, b)| difference(a, b)).find_map(|found| {
                    found.map(|found| format!("case {}, path {number}: {found}", case.number))
                })
            })
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} cases\n{}",
        failures.len(),
        failures[..failures.len().min(5)].join("\n")
    );
}
