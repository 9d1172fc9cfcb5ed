//! Fleets: from declared fields to the plan's part. What sub-accounts have at the start, and dry
//! powder, come out of the coordinator's wallet.

use std::collections::BTreeMap;

use crate::engine::AgentPlan;
use crate::engine::fleet::{FleetPlan, ReallocationPlan, ScheduledDraw};
use crate::fields::{Faults, Money, nearest};
use crate::policy::{
    FleetZonesSpec, ReallocateSpec, RebalanceSpec, ReleaseSpec, UtilisationBounds,
};
use crate::scenario::format::{
    Agent, Delegation as Form, FleetForm, FleetZonesForm, ReallocationForm, ReleaseForm, Root,
};
use crate::units::Amount;
use crate::venue::custody::Service;
use crate::venue::fleet::{Delegation, FleetSpec};

/// Builds all fleets and takes what they hand out off the coordinators' wallets; `None` where
/// something could not be built, which has been reported.
pub(super) fn fleets(
    root: &Root,
    agents: &mut [AgentPlan],
    start_ms: i64,
    faults: &mut Faults,
) -> Option<Vec<FleetPlan>> {
    let before = faults.errors();
    let forms: BTreeMap<&str, &Agent> =
        root.agent.iter().map(|agent| (agent.name.0.as_str(), agent)).collect();
    check_names(root, faults);
    let told = faults.errors() > before;
    let mut built = Vec::new();
    for (name, form) in root.fleet.iter().flatten() {
        let Some(coordinator) = coordinator(root, name, form, agents, faults) else { continue };
        let place = Place { name, coordinator, start_ms, told };
        if let Some(fleet) = fleet(&place, form, &forms, agents, faults) {
            built.push(fleet);
        }
    }
    (faults.errors() == before).then_some(built)
}

/// Every delegation names a fleet, and no coordinator is a sub-account.
fn check_names(root: &Root, faults: &mut Faults) {
    let known: Vec<&str> = root.fleet.iter().flatten().map(|(name, _)| name.as_str()).collect();
    for agent in &root.agent {
        let drawn = agent.draw.as_ref().filter(|draws| !draws.is_empty());
        let Some(delegation) = &agent.delegation else {
            if drawn.is_some() {
                let message = format!("{} draws on no master wallet", agent.name.0);
                faults.error(&agent.at.of("draw"), message, "give it [agent.delegation]");
            }
            continue;
        };
        let name = delegation.fleet.0.as_str();
        let spot = delegation.at.of("fleet");
        if !known.contains(&name) && root.at.sound(&["fleet"]) {
            let help = match nearest(name, &known) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("give it a table [fleet.{name}]"),
            };
            faults.error(&spot, format!("unknown fleet {name}"), help);
        }
        let leads = |form: &FleetForm| form.coordinator.0 == agent.name.0;
        if root.fleet.iter().flatten().any(|(_, form)| leads(form)) {
            let message = format!("{} coordinates a fleet and is a sub-account", agent.name.0);
            faults.error(&spot, message, "a coordinator has the master wallet and no delegation");
        }
    }
}

fn coordinator(
    root: &Root,
    name: &str,
    form: &FleetForm,
    agents: &[AgentPlan],
    faults: &mut Faults,
) -> Option<usize> {
    let wanted = &form.coordinator.0;
    let spot = form.at.of("coordinator");
    let found = agents.iter().position(|agent| agent.name == *wanted);
    if found.is_none() && root.at.sound(&["agent"]) && form.at.sound(&["coordinator"]) {
        let known: Vec<&str> = agents.iter().map(|agent| agent.name.as_str()).collect();
        let help = match nearest(wanted, &known) {
            Some(near) => format!("did you mean {near}?"),
            None => "name an [[agent]]".to_owned(),
        };
        faults.error(&spot, format!("unknown agent {wanted}"), help);
    }
    let others = root.fleet.iter().flatten().filter(|(other, _)| other.as_str() < name);
    if let Some((other, _)) = others.into_iter().find(|(_, form)| form.coordinator.0 == *wanted) {
        let message = format!("{wanted} coordinates {other} too");
        faults.error(&spot, message, "a master wallet serves one fleet");
    }
    found
}

/// What is known of a fleet before it is built.
struct Place<'a> {
    name: &'a str,
    coordinator: usize,
    start_ms: i64,
    /// Something is wrong with the names of delegations, and has been told.
    told: bool,
}

fn fleet(
    place: &Place<'_>,
    form: &FleetForm,
    forms: &BTreeMap<&str, &Agent>,
    agents: &mut [AgentPlan],
    faults: &mut Faults,
) -> Option<FleetPlan> {
    let Place { name, coordinator, start_ms, told } = *place;
    let members: Vec<(usize, &Agent, &Form)> = (agents.iter().enumerate())
        .filter_map(|(index, plan)| {
            let agent = forms.get(plan.name.as_str())?;
            let delegation = agent.delegation.as_ref()?;
            (delegation.fleet.0 == name).then_some((index, *agent, delegation))
        })
        .collect();
    // What has been told of already needs no second message.
    let leads = forms.get(agents[coordinator].name.as_str());
    if leads.is_some_and(|agent| agent.delegation.is_some()) || (members.is_empty() && told) {
        return None;
    }
    if members.is_empty() {
        let message = format!("fleet {name} has no sub-account");
        let help = format!("give an agent [agent.delegation] with fleet = \"{name}\"");
        faults.error(form.at.section(), message, help);
        return None;
    }
    let delegations: Vec<Delegation> = members
        .iter()
        .map(|(account, _, form)| Delegation {
            account: *account,
            max_margin: form.max_margin.0,
            drawn: start_of(&agents[*account]),
            // Bounded far below the limit of its type.
            priority: form.liquidation_priority as u32,
        })
        .collect();
    let dry_powder = hand_out(name, form, coordinator, &delegations, agents, faults)?;
    let mut schedule = Vec::new();
    for (line, (_, agent, _)) in members.iter().enumerate() {
        schedule.extend(agent.draw.iter().flatten().map(|draw| ScheduledDraw {
            at_ms: start_ms.saturating_add(draw.start.ms),
            line,
            amount: draw.amount.0,
            back: draw.back,
        }));
    }
    schedule.sort_by_key(|draw| draw.at_ms);
    Some(FleetPlan {
        name: name.to_owned(),
        services: members.iter().map(|(_, _, form)| services_of(form)).collect(),
        on_demand: members.iter().map(|(_, _, form)| form.on_demand).collect(),
        sweep: form.sweep,
        release: form.release.enabled.then(|| release(&form.release)),
        reallocation: (form.reallocation.as_ref().filter(|form| form.enabled))
            .map(|form| reallocation(form, &delegations)),
        zones: form.zones.as_ref().filter(|form| form.enabled).map(zones),
        spec: FleetSpec {
            coordinator,
            dry_powder,
            refill: form.refill,
            freed_delay_ms: form.freed_delay.ms,
            delegations,
        },
        schedule,
    })
}

/// What an agent has at the start: its wallet and collateral.
fn start_of(agent: &AgentPlan) -> Amount {
    agent.positions.iter().fold(agent.wallet, |sum, position| sum + position.collateral)
}

/// Takes dry powder and what sub-accounts start with off the master wallet; returns the former.
fn hand_out(
    name: &str,
    form: &FleetForm,
    coordinator: usize,
    delegations: &[Delegation],
    agents: &mut [AgentPlan],
    faults: &mut Faults,
) -> Option<Amount> {
    let master = agents[coordinator].wallet;
    let dry_powder = Amount::round_usdc(master.usdc() * form.dry_powder.0);
    let started = delegations.iter().fold(Amount::ZERO, |sum, one| sum + one.drawn);
    let left = master - dry_powder - started;
    if left.is_negative() {
        let message = format!(
            "the master wallet of {name} has {}, of which {} are dry powder, but its sub-accounts start with {}",
            Money(master),
            Money(dry_powder),
            Money(started)
        );
        let help = format!(
            "give {} a wallet of at least {}",
            agents[coordinator].name,
            Money(Amount::ceil_usdc(started.usdc() / (1.0 - form.dry_powder.0)))
        );
        faults.error(form.at.section(), message, help);
        return None;
    }
    agents[coordinator].wallet = left;
    Some(dry_powder)
}

fn services_of(form: &Form) -> [bool; Service::COUNT] {
    let Some(named) = &form.services else { return [true; Service::COUNT] };
    let mut may = [false; Service::COUNT];
    for service in named {
        may[service.value.index()] = true;
    }
    may
}

fn release(form: &ReleaseForm) -> ReleaseSpec {
    ReleaseSpec {
        cure_hf: form.cure_hf,
        max_per_cure: form.max_per_cure.map(|money| money.0),
        max_per_day: form.max_per_day.map(|money| money.0),
    }
}

fn zones(form: &FleetZonesForm) -> FleetZonesSpec {
    FleetZonesSpec {
        poll_ms: form.poll.ms,
        latency_ms: form.latency.ms,
        zones: UtilisationBounds {
            yellow: form.yellow.0,
            orange: form.orange.0,
            red: form.red.0,
            hysteresis: form.hysteresis.0,
        },
        deleverage: form.deleverage.then_some(RebalanceSpec { target: form.target.0 }),
    }
}

fn reallocation(form: &ReallocationForm, delegations: &[Delegation]) -> ReallocationPlan {
    let part = |amount: Amount, of: f64| Amount::round_usdc(amount.usdc() * of);
    let bounds = delegations
        .iter()
        .map(|one| [part(one.max_margin, form.least.0), part(one.max_margin, form.most.0)]);
    ReallocationPlan {
        every_ms: form.every.ms,
        sample_ms: form.sample.ms,
        // Both are bounded far below the limit of their type.
        window: form.window as usize,
        least_samples: form.least_samples as usize,
        moves_money: form.moves_money,
        spec: ReallocateSpec { max_step: form.max_step.0 },
        bounds: bounds.collect(),
    }
}
