//! Each agent's flows.

use super::names::Names;
use crate::fields::{Faults, Located, Name, Places};
use crate::scenario::format::{Agent, CasinoFlow, DomainsFlow, EscrowFlowForm};
use crate::units::Amount;
use crate::venue::escrow::Party;
use crate::venue::services::{
    AgentServices, CasinoSpec, DomainsSpec, EscrowFlowSpec, FlowParty, Notional, Stake,
};

/// What one agent does with the services.
pub(super) fn of_agent(
    agent: &Agent,
    names: &Names<'_>,
    faults: &mut Faults,
) -> Option<AgentServices> {
    let casino = agent.casino.as_ref().map(|flow| casino(flow, faults));
    let escrow = agent.escrow.as_ref().map(|flow| escrow(flow, names, faults));
    let domains = agent.domains.as_ref().map(|flow: &DomainsFlow| DomainsSpec {
        registrations_per_day: flow.registrations_per_day,
        cost: flow.cost.0,
        registration_ms: flow.registration_time.ms,
        sales_per_day: flow.sales_per_day,
        revenue: flow.revenue.0,
    });
    Some(AgentServices {
        agent: names.agent(&agent.name.0)?,
        name: agent.name.0.clone(),
        faucet: agent.faucet.map_or(Amount::ZERO, |grant| grant.0),
        casino: match casino {
            Some(casino) => Some(casino?),
            None => None,
        },
        domains,
        escrow: match escrow {
            Some(escrow) => Some(escrow?),
            None => None,
        },
    })
}

fn casino(flow: &CasinoFlow, faults: &mut Faults) -> Option<CasinoSpec> {
    let stake = match (flow.stake, flow.stake_fraction) {
        (Some(amount), None) => Stake::Fixed(amount.0),
        (None, Some(part)) => Stake::Fraction(part.0),
        (given, _) => {
            if flow.at.sound(&["stake", "stake_fraction"]) {
                let message = match given {
                    Some(_) => "both stake and stake_fraction are given",
                    None => "neither stake nor stake_fraction is given",
                };
                faults.error(&flow.at.of("stake"), message, "give one of them");
            }
            return None;
        }
    };
    Some(CasinoSpec {
        bankroll: flow.bankroll.0,
        bets_per_day: flow.bets_per_day,
        stake,
        house_edge: flow.house_edge.0,
        payoff: flow.payoff,
    })
}

fn escrow(flow: &EscrowFlowForm, names: &Names<'_>, faults: &mut Faults) -> Option<EscrowFlowSpec> {
    let counterparty = counterparties(&flow.counterparties, &flow.at, names, faults);
    let referrer = names.maybe_party(flow.referrer.as_ref(), "referrer", &flow.at, faults);
    let agreement = match &flow.agreement {
        None => Some(None),
        Some(name) => names.agreement(&name.0, &flow.at.of("agreement"), faults).map(Some),
    };
    Some(EscrowFlowSpec {
        contracts_per_day: flow.contracts_per_day,
        notional: match flow.sigma {
            None => Notional::Fixed(flow.notional.0),
            Some(sigma) => Notional::LogNormal { mean_usdc: flow.notional.0.usdc(), sigma },
        },
        payer_share: flow.payer_share.0,
        counterparty: counterparty?,
        confirm_mean_ms: flow.confirm_mean.ms as f64,
        never: flow.never.0,
        dispute: flow.dispute.0,
        verdict_ms: flow.verdict_time.ms,
        verdicts: [flow.verdict_payee.0, flow.verdict_payer.0],
        timeout_ms: flow.timeout.ms,
        on_timeout: flow.on_timeout,
        referrer: referrer?,
        agreement: agreement?,
    })
}

/// The outside alone, or agents, each once.
fn counterparties(
    written: &[Located<Name>],
    at: &Places,
    names: &Names<'_>,
    faults: &mut Faults,
) -> Option<FlowParty> {
    let before = faults.errors();
    let mut agents = Vec::new();
    for located in written {
        match names.party(&located.value.0, &located.spot, faults)? {
            Party::Outside if written.len() == 1 => return Some(FlowParty::Outside),
            Party::Outside => {
                let message = "\"outside\" stands beside agents";
                faults.error(&located.spot, message, "name agents, or \"outside\" alone");
            }
            Party::Agent(agent) if agents.contains(&agent) => {
                let message = format!("{} is named twice", located.value.0);
                faults.error(&located.spot, message, "name each once");
            }
            Party::Agent(agent) => agents.push(agent),
        }
    }
    if agents.is_empty() && faults.errors() == before && at.sound(&["counterparties"]) {
        let help = "name agents, or leave it out for \"outside\"";
        faults.error(&at.of("counterparties"), "nobody is on the other side", help);
    }
    (faults.errors() == before).then_some(FlowParty::Agents(agents))
}
