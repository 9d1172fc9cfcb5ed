//! Fleets: what is wrong or odd though every field is readable.

use crate::fields::{Faults, Money, Places};
use crate::scenario::build::Built;
use crate::scenario::format::{
    Agent, CustodyKind, Delegation, FleetForm, FleetZonesForm, ReallocationForm, Root,
};
use crate::units::Amount;
use crate::venue::custody::Service;
use crate::venue::exchange::MarginMode;

/// What can be judged without a plan.
pub(super) fn check(root: &Root, faults: &mut Faults) {
    let Some(fleets) = &root.fleet else { return };
    let silo = root.custody.as_ref().filter(|custody| custody.mode == CustodyKind::Silo);
    if let (Some(custody), false) = (silo, fleets.is_empty()) {
        let message = "sub-accounts draw on one master wallet: a fleet has no silos";
        faults.error(&custody.at.of("mode"), message, "write mode = \"unified\"");
    }
    for form in fleets.values() {
        check_release(root, form, faults);
        if let Some(zones) = form.zones.as_ref().filter(|zones| zones.enabled) {
            check_zones(zones, faults);
        }
        if let Some(reallocation) = form.reallocation.as_ref().filter(|form| form.enabled) {
            check_reallocation(reallocation, faults);
        }
    }
    for agent in &root.agent {
        if let Some(delegation) = &agent.delegation {
            check_start(agent, delegation, faults);
            check_services(agent, delegation, faults);
        }
    }
}

/// What only the plan shows: draws after the end.
pub(super) fn check_plan(root: &Root, built: &Built, faults: &mut Faults) {
    let span = crate::scenario::span::Span::of(&built.prices);
    let length_ms = span.end_ms - span.start_ms;
    for draw in root.agent.iter().flat_map(|agent| agent.draw.iter().flatten()) {
        if draw.start.ms > length_ms && draw.at.sound(&["at"]) {
            let message = format!("{} lies after the end of the run", draw.start);
            faults.warn(&draw.at.of("at"), message, "it never happens");
        }
    }
}

/// A cure must lift health above every level at which the venue closes what it may cure.
fn check_release(root: &Root, form: &FleetForm, faults: &mut Faults) {
    let release = &form.release;
    if !release.enabled || !release.at.sound(&["cure_hf"]) {
        return;
    }
    let levels = root.markets.values().map(|market| market.terms.liquidation_hf);
    let highest = levels.fold(0.0, f64::max);
    if release.cure_hf <= highest {
        let message = format!("cure_hf {} is not above liquidation_hf {highest}", release.cure_hf);
        let help = "a cure must leave more than what the venue closes at";
        faults.error(&release.at.of("cure_hf"), message, help);
    }
    if let (Some(cure), Some(day)) = (release.max_per_cure, release.max_per_day)
        && cure.0 > day.0
    {
        let message = format!("max_per_cure {cure} is above max_per_day {day}: it never binds");
        faults.warn(&release.at.of("max_per_cure"), message, "");
    }
}

fn check_zones(form: &FleetZonesForm, faults: &mut Faults) {
    let at = &form.at;
    let bounds = [("yellow", form.yellow.0), ("orange", form.orange.0), ("red", form.red.0)];
    for pair in bounds.windows(2) {
        below(at, pair[0], pair[1], faults);
    }
    below(at, ("hysteresis", form.hysteresis.0), ("yellow", form.yellow.0), faults);
    if form.deleverage {
        below(at, ("target", form.target.0), ("red", form.red.0), faults);
    }
    if form.latency >= form.poll && at.sound(&["latency", "poll"]) {
        let message = format!("a latency of {} is not below a poll of {}", form.latency, form.poll);
        faults.error(&spot(at, "latency", "poll"), message, "latency < poll");
    }
}

fn check_reallocation(form: &ReallocationForm, faults: &mut Faults) {
    let at = &form.at;
    if form.least_samples > form.window && at.sound(&["least_samples", "window"]) {
        let message = format!(
            "least_samples {} is above window {}: no delegation ever moves",
            form.least_samples, form.window
        );
        faults.error(&spot(at, "least_samples", "window"), message, "least_samples <= window");
    }
    if form.sample > form.every && at.sound(&["sample", "every"]) {
        let message = format!("a sample of {} is longer than every {}", form.sample, form.every);
        faults.warn(&spot(at, "sample", "every"), message, "most reallocations see nothing new");
    }
}

/// What an agent starts with is drawn, and must be delegated.
fn check_start(agent: &Agent, delegation: &Delegation, faults: &mut Faults) {
    let sound = agent.at.sound(&["wallet", "position"]) && delegation.at.sound(&["max_margin"]);
    let collateral = agent.position.iter().filter_map(|position| position.collateral);
    let start = collateral.fold(agent.wallet.0, |sum, money| sum + money.0);
    if sound && start > delegation.max_margin.0 {
        let message = format!(
            "{} starts with {} of wallet and collateral, but {} is delegated",
            agent.name.0,
            Money(start),
            delegation.max_margin
        );
        let help = "what it starts with is drawn from the master wallet";
        faults.error(&delegation.at.of("max_margin"), message, help);
    }
    if delegation.max_margin.0 == Amount::ZERO && sound {
        let message = format!("nothing is delegated to {}", agent.name.0);
        faults.warn(&delegation.at.of("max_margin"), message, "it can draw nothing");
    }
}

/// Uses of services that are not delegated: positions and loans cannot be; the venue turns what
/// the others ask for down.
fn check_services(agent: &Agent, delegation: &Delegation, faults: &mut Faults) {
    let Some(named) = &delegation.services else { return };
    let may = |service: Service| named.iter().any(|one| one.value == service);
    let lends = agent.policy.as_ref().and_then(|policy| policy.utilisation.as_ref());
    let lends = lends.is_some_and(|policy| policy.lend.as_ref().is_some_and(|l| !l.is_empty()));
    let loans = agent.loan.as_ref().is_some_and(|loans| !loans.is_empty());
    let cross = agent.position.iter().any(|position| position.margin == MarginMode::Cross);
    let trades = !agent.position.is_empty() || cross;
    let spot = delegation.at.of("services");
    let refused = [
        (Service::Trading, trades, "has positions"),
        (Service::Lending, lends || loans, "lends or borrows"),
    ];
    for (service, uses, what) in refused {
        if uses && !may(service) {
            let message =
                format!("{} {what}, but {} is not delegated", agent.name.0, service.name());
            faults.error(&spot, message, format!("add \"{}\"", service.name()));
        }
    }
    let turned_down = [
        (Service::Casino, agent.casino.is_some()),
        (Service::Domains, agent.domains.is_some()),
        (
            Service::Escrow,
            agent.escrow.is_some() || agent.contract.is_some() || agent.obligation.is_some(),
        ),
    ];
    for (service, uses) in turned_down {
        if uses && !may(service) {
            let message = format!(
                "{} uses {}, which is not delegated: the venue turns it down",
                agent.name.0,
                service.name()
            );
            faults.warn(&spot, message, format!("add \"{}\"", service.name()));
        }
    }
}

fn below(at: &Places, low: (&str, f64), high: (&str, f64), faults: &mut Faults) {
    if low.1 < high.1 || !at.sound(&[low.0, high.0]) {
        return;
    }
    let message = format!("{} {} is not below {} {}", low.0, low.1, high.0, high.1);
    let help = format!("{} < {}", low.0, high.0);
    faults.error(&spot(at, low.0, high.0), message, help);
}

/// The field that somebody wrote, of two.
fn spot(at: &Places, one: &str, other: &str) -> crate::fields::Spot {
    at.of(if at.has(one) { one } else { other })
}
