//! Prime brokerage: what is wrong or odd though every field is readable.

mod custody;
mod lending;
mod loans;
mod policy;
mod room;
mod schedule;
mod services;
mod start;

use crate::engine::AgentPlan;
use crate::engine::prime::{PrimeAgent, PrimePlan};
use crate::fields::{Faults, Spot};
use crate::scenario::build::Built;
use crate::scenario::document::PRIME_NAME;
use crate::scenario::format::{Agent, CustodyKind, LoanSide, NullPolicy, Root};
use crate::scenario::span::Span;

pub(super) use room::room;

/// What can be judged without a plan.
pub(super) fn check(root: &Root, faults: &mut Faults) {
    if root.custody.is_none() {
        if root.nulls.contains(&NullPolicy::Silo) && root.at.sound(&["nulls"]) {
            let message = "silo is asked for, but nothing of prime brokerage is written";
            let help = "give e.g. [custody], or leave silo out";
            faults.error(&root.at.of("nulls"), message, help);
        }
        return;
    }
    custody::check(root, faults);
    lending::check(root, faults);
    services::check(root, faults);
    for agent in &root.agent {
        schedule::check(root, agent, faults);
        if let Some(policy) = &agent.policy {
            policy::check(root, policy, faults);
        }
    }
}

/// What only the plan shows.
pub(super) fn check_plan(root: &Root, built: &Built, faults: &mut Faults) {
    let Some(prime) = &built.plan.prime else { return };
    let span = Span::of(&built.prices);
    schedule::check_times(root, &span, faults);
    lending::check_steps(root, &span, faults);
    services::check_steps(root, &span, faults);
    services::check_volatility(root, built, faults);
    start::check(root, built, prime, faults);
}

/// Whether any run of the scenario keeps a balance per service.
fn has_silos(root: &Root) -> bool {
    root.nulls.contains(&NullPolicy::Silo)
        || root.custody.as_ref().is_some_and(|custody| custody.mode == CustodyKind::Silo)
}

/// Whether somebody wrote a field, rather than the preset.
fn is_written(spot: &Spot, faults: &Faults) -> bool {
    faults.sources.name(spot.source) != PRIME_NAME
}

/// Whether an agent gives loans, as it is written or as another agent borrows.
fn lends(root: &Root, agent: &Agent) -> bool {
    let mine = agent.loan.iter().flatten().any(|loan| loan.side == LoanSide::Lend);
    let others = root.agent.iter().flat_map(|other| other.loan.iter().flatten());
    let mut others = others.filter(|loan| loan.side == LoanSide::Borrow);
    let policy = agent.policy.as_ref().and_then(|policy| policy.utilisation.as_ref());
    let lend = policy.filter(|policy| policy.enabled).and_then(|policy| policy.lend.as_ref());
    mine || others.any(|loan| loan.counterparty.0 == agent.name.0)
        || lend.is_some_and(|lend| lend.values().any(|one| one.enabled))
}

/// The plans of an agent by name.
fn plan_of<'a>(
    built: &'a Built,
    prime: &'a PrimePlan,
    name: &str,
) -> Option<(&'a AgentPlan, &'a PrimeAgent)> {
    let index = built.plan.agents.iter().position(|plan| plan.name == name)?;
    Some((&built.plan.agents[index], prime.agents.get(index)?))
}
