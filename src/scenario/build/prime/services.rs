//! Services: their steps, what returns are measured in, and the flows of all agents.

use super::factors::factors;
use super::flows::of_agent;
use super::names::Names;
use crate::fields::{Faults, Fraction, Located};
use crate::prices::Prices;
use crate::scenario::format::{Root, Services};
use crate::venue::services::ServicesSpec;

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
    known: Option<&Located<Fraction>>,
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
