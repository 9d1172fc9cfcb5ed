//! What can only help, or changes nothing, on generated cases.

mod generated;

use drypowder::engine::{EventKind, Metric, Rule};
use drypowder::policy::GuardSpec;
use drypowder::units::Amount;
use drypowder::venue::exchange::{LossRule, MarginMode};
use generated::{Case, numbers};
use rayon::prelude::*;

const CASES: u64 = 3_000;

/// The case with its first agent only, unguarded, with one isolated position and no margin call:
/// more collateral is more margin in use.
fn bare(number: u64) -> Case {
    let mut case = Case::new(number);
    case.plan.exchange.margin_call = None;
    case.plan.agents.truncate(1);
    let agent = &mut case.plan.agents[0];
    agent.guard = GuardSpec::none();
    agent.positions.truncate(1);
    agent.thresholds.truncate(1);
    agent.positions[0].mode = MarginMode::Isolated;
    if agent.positions[0].collateral == Amount::ZERO {
        agent.positions[0].collateral = Amount::round_usdc(agent.positions[0].notional_usdc / 4.0);
    }
    case
}

/// Days to the first force-close; infinite where there is none.
fn first_liquidation(case: &Case) -> f64 {
    let days = case.run().0[0].get(Metric::TimeToFirstLiquidation);
    if days.is_nan() { f64::INFINITY } else { days }
}

#[test]
fn more_collateral_never_liquidates_earlier() {
    let moved = numbers(CASES).into_par_iter().map(|number| {
        let mut case = bare(number);
        let before = first_liquidation(&case);
        let collateral = &mut case.plan.agents[0].positions[0].collateral;
        *collateral = Amount::round_usdc(collateral.usdc() * 1.3);
        let after = first_liquidation(&case);
        assert!(after >= before, "case {number}: {after} before {before}");
        u64::from(after > before)
    });
    let moved: u64 = moved.sum();
    assert!(moved > CASES / 20 || std::env::var("CASE").is_ok(), "{moved} came later");
}

#[test]
fn a_lower_liquidation_level_never_liquidates_earlier() {
    numbers(CASES).into_par_iter().for_each(|number| {
        let mut case = bare(number);
        let before = first_liquidation(&case);
        for market in &mut case.plan.exchange.markets {
            market.liquidation_hf *= 0.8;
        }
        let after = first_liquidation(&case);
        assert!(after >= before, "case {number}: {after} before {before}");
    });
}

#[test]
fn a_larger_wallet_changes_nothing_where_nothing_draws_on_it() {
    numbers(CASES).into_par_iter().for_each(|number| {
        let mut case = Case::new(number);
        // A shared loss is borne by wealth, and a margin call asks how much of it is in use.
        case.plan.exchange.loss_rule = LossRule::BadDebt;
        case.plan.exchange.margin_call = None;
        for agent in &mut case.plan.agents {
            agent.guard.top_up = None;
            agent.guard.resume = None;
            agent.positions.iter_mut().for_each(|position| position.mode = MarginMode::Isolated);
        }
        let (before, tape) = case.run();
        for agent in &mut case.plan.agents {
            agent.wallet += Amount::round_usdc(1_000.0);
        }
        let (after, richer) = case.run();
        for (a, b) in before.iter().zip(&after) {
            for rule in Rule::ALL {
                assert_eq!(a.fired(*rule), b.fired(*rule), "case {number}: {}", rule.name());
            }
            let gain = b.get(Metric::FinalEquity) - a.get(Metric::FinalEquity);
            assert!((gain - 1_000.0).abs() < 1e-4, "case {number}: gained {gain}");
        }
        assert_eq!(tape.events.len(), richer.events.len());
        for (a, b) in tape.events.iter().zip(&richer.events) {
            let key = |event: &drypowder::engine::Event| {
                (event.time_ms, event.agent, event.kind, event.position, event.amount.to_bits())
            };
            assert_eq!(key(a), key(b), "case {number}");
        }
    });
}

#[test]
fn a_cap_of_nothing_and_a_certain_failure_leave_no_top_up() {
    numbers(CASES).into_par_iter().for_each(|number| {
        let mut case = Case::new(number);
        for agent in &mut case.plan.agents {
            if let Some(top_up) = &mut agent.guard.top_up {
                match number % 3 {
                    0 => top_up.max_per_day = Amount::ZERO,
                    1 => top_up.max_per_event = Amount::ZERO,
                    _ => top_up.failure_probability = 1.0,
                }
            }
        }
        let (outcomes, tape) = case.run();
        assert!(outcomes.iter().all(|outcome| outcome.get(Metric::TopUps) == 0.0), "case {number}");
        assert!(!tape.events.iter().any(|event| event.kind == EventKind::CollateralToppedUp));
    });
}

#[test]
fn no_more_is_added_in_a_day_than_its_cap() {
    const DAY_MS: i64 = 86_400_000;
    numbers(CASES).into_par_iter().for_each(|number| {
        let mut case = Case::new(number);
        // Decided and done at once, so that the day of the event is the day of the decision.
        for agent in &mut case.plan.agents {
            agent.guard.latency_ms = 0;
            agent.guard.top_up.iter_mut().for_each(|top_up| top_up.transfer_delay_ms = 0);
        }
        let (_, tape) = case.run();
        for (index, agent) in case.plan.agents.iter().enumerate() {
            let Some(top_up) = &agent.guard.top_up else { continue };
            let (mut day, mut sum) = (i64::MIN, 0.0);
            for event in &tape.events {
                if event.kind != EventKind::CollateralToppedUp || event.agent != index {
                    continue;
                }
                if event.time_ms.div_euclid(DAY_MS) != day {
                    (day, sum) = (event.time_ms.div_euclid(DAY_MS), 0.0);
                }
                sum += event.amount;
                assert!(event.amount <= top_up.max_per_event.usdc() + 1e-9, "case {number}");
                assert!(sum <= top_up.max_per_day.usdc() + 1e-6, "case {number}: {sum} in a day");
            }
        }
    });
}
