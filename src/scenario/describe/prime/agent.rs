//! What one agent has and does beside its positions.

use std::fmt::Write;

use super::super::percent;
use super::schedule::{secured, write_schedule};
use super::silo_name;
use crate::engine::Plan;
use crate::engine::prime::{Cuttable, PrimeAgent, PrimePlan};
use crate::fields::{Duration, Money};
use crate::ledger::AssetId;
use crate::policy::{CountRecalled, PrimeSpec};
use crate::venue::custody::{Service, Silo};
use crate::venue::services::{
    AgentServices, CasinoSpec, DomainsSpec, EscrowFlowSpec, FlowParty, Notional, Stake,
};
use crate::venue::spot::units;

/// Writes what one agent has and does beside its positions.
pub(in crate::scenario::describe) fn write_agent(text: &mut String, plan: &Plan, index: usize) {
    let Some(prime) = &plan.prime else { return };
    let agent = &prime.agents[index];
    for (place, amount) in agent.holdings.iter().enumerate().filter(|held| held.1.is_positive()) {
        let asset = AssetId(place as u16 + 1);
        let _ = writeln!(text, "  holds {} {}", units(asset, *amount), prime.asset_name(asset));
    }
    if agent.silos.iter().any(|part| part.is_positive()) {
        let silos = Service::ALL.map(Silo::Of).into_iter().chain([Silo::Main]);
        let parts = silos.filter(|silo| agent.silos[silo.index()].is_positive());
        let parts: Vec<String> = parts
            .map(|silo| format!("{} {}", silo_name(silo), Money(agent.silos[silo.index()])))
            .collect();
        let _ = writeln!(text, "  silos: {}", parts.join(", "));
    }
    if let Some(services) = prime.services.agents.iter().find(|one| one.agent == index) {
        write_flows(text, plan, prime, services);
    }
    if let Some(policy) = &agent.policy {
        write_policy(text, prime, agent, policy);
    }
    if let Some(keep) = &agent.keep {
        let (least, target) = (Money(keep.least), Money(keep.target));
        let every = Duration { ms: keep.poll_ms };
        let _ = writeln!(
            text,
            "  trading silo: below {least} free it is refilled to {target}, looked at every {every}"
        );
    }
    write_schedule(text, plan, prime, agent);
}

fn write_flows(text: &mut String, plan: &Plan, prime: &PrimePlan, services: &AgentServices) {
    if services.faucet.is_positive() {
        let _ = writeln!(text, "  faucet: {} at the start", Money(services.faucet));
    }
    if let Some(casino) = &services.casino {
        write_casino(text, casino);
    }
    if let Some(domains) = &services.domains {
        write_domains(text, domains);
    }
    if let Some(flow) = &services.escrow {
        write_escrow(text, plan, prime, flow);
    }
}

fn write_casino(text: &mut String, casino: &CasinoSpec) {
    let stake = match casino.stake {
        Stake::Fixed(amount) => Money(amount).to_string(),
        Stake::Fraction(part) => format!("{} of the bankroll", percent(part)),
    };
    let _ = writeln!(
        text,
        "  casino: bankroll {}, {} bets a day of {stake}; {} win {} times the stake",
        Money(casino.bankroll),
        casino.bets_per_day,
        percent(casino.win_probability()),
        casino.payoff
    );
}

fn write_domains(text: &mut String, domains: &DomainsSpec) {
    let _ = writeln!(
        text,
        "  domains: {} registrations a day at {}, complete after {}; {} sales a day at {}",
        domains.registrations_per_day,
        Money(domains.cost),
        Duration { ms: domains.registration_ms },
        domains.sales_per_day,
        Money(domains.revenue)
    );
}

fn write_escrow(text: &mut String, plan: &Plan, prime: &PrimePlan, flow: &EscrowFlowSpec) {
    let size = match flow.notional {
        Notional::Fixed(amount) => Money(amount).to_string(),
        Notional::LogNormal { mean_usdc, sigma } => {
            format!("{mean_usdc} USDC in the mean (log-normal, σ = {sigma})")
        }
    };
    let other = match &flow.counterparty {
        FlowParty::Outside => "outside".to_owned(),
        FlowParty::Agents(agents) => {
            let names = agents.iter().map(|agent| plan.agents[*agent].name.as_str());
            names.collect::<Vec<_>>().join(" or ")
        }
    };
    let what = match flow.agreement {
        None => "contracts".to_owned(),
        Some(index) => format!("obligations under {}", prime.agreements[index].name),
    };
    let _ = writeln!(
        text,
        "  escrow: {} {what} a day of {size} with {other}; it pays {} of them; {} are disputed, {} never confirmed",
        flow.contracts_per_day,
        percent(flow.payer_share),
        percent(flow.dispute),
        percent(flow.never)
    );
}

fn write_policy(text: &mut String, prime: &PrimePlan, agent: &PrimeAgent, policy: &PrimeSpec) {
    let (poll, latency) = (Duration { ms: policy.poll_ms }, Duration { ms: policy.latency_ms });
    let zones = &policy.zones;
    let _ = writeln!(
        text,
        "  utilisation: looks every {poll}, acts {latency} later; yellow from {}, orange from {}, red from {}",
        percent(zones.yellow),
        percent(zones.orange),
        percent(zones.red)
    );
    if let Some(recall) = &policy.recall {
        let counts = match recall.count {
            CountRecalled::AtArrival => "when it arrives",
            CountRecalled::AtRequest => "as soon as it is asked for",
        };
        let _ = writeln!(text, "    recall: in orange and red; recalled money counts {counts}");
    }
    if let Some(rebalance) = &policy.rebalance {
        let count = |of: fn(&Cuttable) -> bool| agent.cuts.iter().filter(|cut| of(cut)).count();
        let _ = writeln!(
            text,
            "    rebalance: back to {}; {} of {} positions are reducible, {} discretionary",
            percent(rebalance.target),
            count(|cut| cut.reducible),
            agent.cuts.len(),
            count(|cut| cut.discretionary)
        );
    }
    for (asset, (lend, terms)) in policy.lend.iter().zip(&agent.lends).enumerate() {
        if let (Some(lend), Some(terms)) = (lend, terms) {
            let rate = if terms.fix_rate { "fixed at its opening" } else { "floating" };
            let _ = writeln!(
                text,
                "    lends in green: {} up to {}, from {} and {} a year on, {rate}; {}",
                prime.asset_name(AssetId(asset as u16)),
                percent(lend.max_share),
                Money(lend.min_loan),
                percent(lend.min_rate),
                secured(prime, &terms.spec)
            );
        }
    }
}
