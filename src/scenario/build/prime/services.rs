//! Services: their correlations and each agent's flows.

use super::names::Names;
use crate::fields::{Faults, Located, Name};
use crate::prices::Prices;
use crate::prices::models::ModelSpec;
use crate::scenario::format::{Agent, CasinoFlow, DomainsFlow, EscrowFlowForm, Root, Services};
use crate::stats::SymMatrix;
use crate::units::Amount;
use crate::venue::escrow::Party;
use crate::venue::services::{
    AgentServices, CasinoSpec, DomainsSpec, EscrowFlowSpec, Factor, FactorSpec, FlowParty,
    Notional, ServiceFactors, ServicesSpec, Stake,
};

/// What the plan has of services.
pub(super) struct BuiltServices {
    pub spec: ServicesSpec,
    /// Assets of the path that the factors follow.
    pub factor_assets: Vec<usize>,
    /// Yearly volatility of each asset of the path; 1 where nothing asks for it.
    pub volatility: Vec<f64>,
}

/// Services of all agents.
pub(super) fn services(
    root: &Root,
    names: &Names<'_>,
    prices: Option<&Prices>,
    faults: &mut Faults,
) -> Option<BuiltServices> {
    let services = root.services.as_ref()?;
    let mut agents = Vec::new();
    let mut complete = true;
    for agent in &root.agent {
        match of_agent(agent, names, faults) {
            Some(one) => agents.push(one),
            None => complete = false,
        }
    }
    agents.sort_by_key(|one| one.agent);
    for (name, located) in &services.volatility {
        names.price_of(name, &located.spot, faults);
    }
    let trading = services.trading.as_ref()?;
    let trading = names.price_of(&trading.0, &services.at.of("trading"), faults)?;
    let known = |asset: usize| services.volatility.get(names.prices()[asset]);
    check_needed(root, services, known(trading), faults);
    let volatility =
        (0..names.prices().len()).map(|asset| known(asset).map_or(1.0, |known| known.value.0));
    let model = match prices? {
        Prices::Model(model) => Some(model),
        Prices::History(_) => None,
    };
    let moving = |asset: &usize| *asset == trading || known(*asset).is_some();
    let factor_assets: Vec<usize> = match model {
        Some(_) => (0..names.prices().len()).filter(moving).collect(),
        None => vec![trading],
    };
    let factors = factors(services, names, model, &factor_assets, trading, faults)?;
    let volatility = volatility.collect();
    let spec = ServicesSpec { step_ms: services.step.ms, factors, agents };
    complete.then_some(BuiltServices { spec, factor_assets, volatility })
}

/// Flows and demand follow the returns of the trading asset, measured in its volatility.
fn check_needed(
    root: &Root,
    services: &Services,
    known: Option<&Located<crate::fields::Fraction>>,
    faults: &mut Faults,
) {
    let flows = root
        .agent
        .iter()
        .any(|agent| agent.casino.is_some() || agent.domains.is_some() || agent.escrow.is_some());
    let mut pools = root.lending.iter().flat_map(|lending| lending.pools.values());
    let demand = pools.any(|pool| pool.demand.is_some());
    if known.is_some() || !(flows || demand) || !services.at.sound(&["volatility", "trading"]) {
        return;
    }
    let name = services.trading.as_ref().map_or("", |name| name.0.as_str());
    let what = if flows { "casino, domains and escrow flows" } else { "demand of pools" };
    let message = format!("no volatility of {name} is known, in which {what} measure its returns");
    let help = format!("give it, e.g. [services.volatility] {name} = 0.6");
    faults.error(&services.at.of("volatility"), message, help);
}

/// A correlation by the names in it.
enum Pair {
    Trading(usize),
    Between(usize, usize),
    Asset(usize, usize),
}

const FACTORS: [(&str, Factor); Factor::COUNT] = [
    ("casino", Factor::Casino),
    ("domains", Factor::Domains),
    ("escrow", Factor::Escrow),
    ("lending", Factor::Lending),
];

fn factor(name: &str) -> Option<usize> {
    FACTORS.iter().position(|(known, _)| *known == name)
}

/// The services' correlations; together with the assets' they must be possible.
fn factors(
    services: &Services,
    names: &Names<'_>,
    model: Option<&ModelSpec>,
    assets: &[usize],
    trading: usize,
    faults: &mut Faults,
) -> Option<FactorSpec> {
    let before = faults.errors();
    let place = assets.iter().position(|asset| *asset == trading)?;
    let matrix = model.map_or_else(|| SymMatrix::identity(1), |model| returns(model, assets));
    let mut spec = FactorSpec {
        with_trading: [0.0; Factor::COUNT],
        between: SymMatrix::identity(Factor::COUNT),
        trading: place,
        assets: matrix,
        given: Vec::new(),
    };
    let mut seen = Vec::new();
    for (pair, located) in &services.correlations {
        let Some(found) = read_pair(pair, located, names, model.is_some(), trading, faults) else {
            continue;
        };
        match found {
            Pair::Trading(service) => spec.with_trading[service] = located.value,
            Pair::Between(one, other) => {
                if seen.contains(&(one.min(other), one.max(other))) {
                    let message = format!("the correlation {pair} is given twice");
                    faults.error(&located.spot, message, "give it once, in either order");
                }
                seen.push((one.min(other), one.max(other)));
                spec.between.set(one, other, located.value);
            }
            Pair::Asset(service, asset) => {
                let place = assets.iter().position(|known| *known == asset)?;
                spec.given.push((FACTORS[service].1, place, located.value));
            }
        }
    }
    if faults.errors() > before || !services.at.sound(&["correlations"]) {
        return None;
    }
    if let Err(refused) = ServiceFactors::new(&spec) {
        let message = format!(
            "these correlations cannot hold together: their smallest eigenvalue is {:.6}",
            refused.smallest_eigenvalue
        );
        let help = "bring them nearer to each other or to 0";
        faults.error(&services.at.of("correlations"), message, help);
        return None;
    }
    Some(spec)
}

/// Correlations of the assets' returns: those of the diffusions, less where independent jumps
/// add to a volatility.
fn returns(model: &ModelSpec, assets: &[usize]) -> SymMatrix {
    use crate::prices::models::ModelKind;
    let n = model.assets.len();
    let part = |asset: usize| {
        let diffusion = model.assets[asset].volatility;
        let jumps = match &model.kind {
            ModelKind::Gbm => 0.0,
            ModelKind::Merton(jumps) => {
                let jumps = &jumps[asset];
                jumps.intensity * (jumps.mean * jumps.mean + jumps.deviation * jumps.deviation)
            }
        };
        if jumps > 0.0 { diffusion / (diffusion * diffusion + jumps).sqrt() } else { 1.0 }
    };
    let mut matrix = SymMatrix::identity(assets.len());
    for (row, one) in assets.iter().enumerate() {
        for (column, other) in assets.iter().enumerate().take(row) {
            let value = model.correlation[one * n + other] * part(*one) * part(*other);
            matrix.set(row, column, value);
        }
    }
    matrix
}

fn read_pair(
    pair: &str,
    located: &Located<f64>,
    names: &Names<'_>,
    is_model: bool,
    trading: usize,
    faults: &mut Faults,
) -> Option<Pair> {
    let Some((one, other)) = pair.split_once('-') else {
        let service = factor(pair);
        if service.is_none() {
            let known: Vec<&str> = FACTORS.iter().map(|(name, _)| *name).collect();
            let help = match crate::fields::nearest(pair, &known) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("write {} or a pair, e.g. \"casino-escrow\"", known.join(", ")),
            };
            faults.error(&located.spot, format!("{pair} is no service with a factor"), help);
        }
        return service.map(Pair::Trading);
    };
    let (service, asset) = match (factor(one), factor(other)) {
        (Some(one), Some(other)) if one != other => return Some(Pair::Between(one, other)),
        (Some(_), Some(_)) => {
            let message = format!("{one} is always correlated with itself by 1");
            faults.error(&located.spot, message, "leave it out");
            return None;
        }
        (Some(service), None) => (service, other),
        (None, Some(service)) => (service, one),
        (None, None) => {
            let message = format!("\"{pair}\" is no pair of a service and a service or an asset");
            let help = "correlations of assets stand in [prices.correlation]";
            faults.error(&located.spot, message, help);
            return None;
        }
    };
    let asset = names.price_of(asset, &located.spot, faults)?;
    let name = FACTORS[service].0;
    if asset == trading {
        let message = format!("{} stands for trading", names.prices()[asset]);
        faults.error(&located.spot, message, format!("write {name} alone"));
        return None;
    }
    if !is_model {
        let message = "a history has no matrix of correlations for this one to fit in";
        let help = format!("give {name} alone: its correlation with trading");
        faults.error(&located.spot, message, help);
        return None;
    }
    Some(Pair::Asset(service, asset))
}

fn of_agent(agent: &Agent, names: &Names<'_>, faults: &mut Faults) -> Option<AgentServices> {
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
    at: &crate::fields::Places,
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
