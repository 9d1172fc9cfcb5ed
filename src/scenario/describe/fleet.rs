//! Fleets in words.

use std::fmt::Write;

use super::percent;
use crate::engine::Plan;
use crate::engine::fleet::{FleetPlan, ReallocationPlan};
use crate::engine::prime::Scheme;
use crate::fields::{Duration, Money};
use crate::policy::FleetZonesSpec;
use crate::units::Amount;
use crate::venue::custody::Service;
use crate::venue::escrow::Party;

/// Writes each fleet's money and rules.
pub(super) fn write(text: &mut String, plan: &Plan) {
    for fleet in &plan.fleets {
        let spec = &fleet.spec;
        let coordinator = &plan.agents[spec.coordinator];
        let out = spec.delegations.iter().fold(Amount::ZERO, |sum, one| sum + one.drawn);
        let delegated = spec.delegations.iter().fold(Amount::ZERO, |sum, one| sum + one.max_margin);
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(
            text,
            "fleet    {}: {} coordinates {} sub-accounts that have {} of {} delegated; {} free on the master wallet, {} dry powder",
            fleet.name,
            coordinator.name,
            spec.delegations.len(),
            Money(out),
            Money(delegated),
            Money(coordinator.wallet),
            Money(spec.dry_powder)
        );
        for rule in rules(fleet).into_iter().chain(routing(plan, fleet)) {
            let _ = writeln!(text, "         {rule}");
        }
    }
}

fn rules(fleet: &FleetPlan) -> Vec<String> {
    let mut rules = Vec::new();
    match &fleet.release {
        Some(release) => {
            let mut rule =
                format!("dry powder lifts what is due to a health factor of {}", release.cure_hf);
            for (limit, per) in [(release.max_per_cure, "cure"), (release.max_per_day, "day")] {
                if let Some(amount) = limit {
                    let _ = write!(rule, ", at most {} a {per}", Money(amount));
                }
            }
            rules.push(rule);
        }
        None => rules.push("dry powder is never released".to_owned()),
    }
    if fleet.sweep {
        let delay = Duration { ms: fleet.spec.freed_delay_ms };
        let first = if fleet.spec.refill { ", first into dry powder" } else { "" };
        rules.push(format!("money of a closed sub-account is back after {delay}{first}"));
    }
    rules.extend(fleet.zones.as_ref().map(zones));
    rules.extend(fleet.reallocation.as_ref().map(reallocation));
    rules
}

/// How many flows and contracts between its sub-accounts the coordinator refers, and their netting.
fn routing(plan: &Plan, fleet: &FleetPlan) -> Option<String> {
    let prime = plan.prime.as_ref()?;
    let spec = &fleet.spec;
    let own = |party: &Party| match party {
        Party::Agent(agent) => spec.delegations.iter().any(|one| one.account == *agent),
        Party::Outside => false,
    };
    let coordinator = Some(Party::Agent(spec.coordinator));
    let flows = prime.services.agents.iter().filter(|agent| {
        own(&Party::Agent(agent.agent))
            && agent.escrow.as_ref().is_some_and(|flow| flow.referrer == coordinator)
    });
    let contracts = prime.agents.iter().flat_map(|agent| &agent.schedule).filter(|scheduled| {
        matches!(&scheduled.action, Scheme::Contract { spec, .. }
            if own(&spec.payer) && own(&spec.payee) && spec.referrer == coordinator)
    });
    let agreements = prime.agreements.iter().filter(|agreement| {
        agreement.spec.members.iter().all(own) && agreement.spec.referrer == coordinator
    });
    let counts = [flows.count(), contracts.count(), agreements.count()];
    (counts != [0; 3]).then(|| {
        format!(
            "{} refers {} escrow flows, {} contracts and {} netting agreements between sub-accounts",
            plan.agents[spec.coordinator].name, counts[0], counts[1], counts[2]
        )
    })
}

fn zones(spec: &FleetZonesSpec) -> String {
    let mut words = format!(
        "utilisation looked at every {}: from {} on nothing is drawn",
        Duration { ms: spec.poll_ms },
        percent(spec.zones.orange)
    );
    if let Some(deleverage) = &spec.deleverage {
        let _ = write!(
            words,
            ", from {} on positions are closed by priority down to {}",
            percent(spec.zones.red),
            percent(deleverage.target)
        );
    }
    words
}

fn reallocation(plan: &ReallocationPlan) -> String {
    format!(
        "every {} delegations follow the Sharpe ratio of {} to {} returns of {}, by at most {} each",
        Duration { ms: plan.every_ms },
        plan.least_samples,
        plan.window,
        Duration { ms: plan.sample_ms },
        percent(plan.spec.max_step)
    )
}

/// Writes what an agent may draw.
pub(super) fn write_agent(text: &mut String, plan: &Plan, index: usize) {
    for fleet in &plan.fleets {
        let mut lines = fleet.spec.delegations.iter().enumerate();
        let Some((line, one)) = lines.find(|(_, one)| one.account == index) else { continue };
        let named = Service::ALL.iter().filter(|service| fleet.services[line][service.index()]);
        let names: Vec<&str> = named.map(|service| service.name()).collect();
        let services = if names.len() == Service::COUNT {
            "all services".to_owned()
        } else {
            names.join(", ")
        };
        let demand = if fleet.on_demand[line] { "; its top-ups draw on it" } else { "" };
        let _ = writeln!(
            text,
            "  sub-account of {}: {} of {} drawn, {services}, liquidation priority {}{demand}",
            fleet.name,
            Money(one.drawn),
            Money(one.max_margin),
            one.priority
        );
        for draw in fleet.schedule.iter().filter(|draw| draw.line == line) {
            let verb = if draw.back { "gives back" } else { "draws" };
            let at = crate::units::time::to_iso(draw.at_ms);
            let _ = writeln!(text, "  at {at} it {verb} {}", Money(draw.amount));
        }
    }
}
