//! Prime brokerage of a generated case: small wallets, near thresholds, everything often.

mod agents;
mod schedule;
mod venue;

use drypowder::engine::Plan;
use drypowder::engine::prime::PrimePlan;
use drypowder::venue::custody::{CustodyMode, SiloSpec};
use drypowder::venue::lending::RateSource;

use super::{CasePrices, Draw, Scale};

pub fn generate(draw: &mut Draw, plan: &mut Plan, prices: &CasePrices, scale: Scale) -> PrimePlan {
    let assets = plan.assets.len();
    let silo = SiloSpec {
        calls: 3,
        delay_ms: draw.pick(&[1, scale.tick_ms / 2 + 1, 5 * scale.tick_ms]),
        failure_probability: draw.pick(&[0.0, 0.2]),
    };
    let custody = if draw.chance(0.3) { CustodyMode::Silo(silo) } else { CustodyMode::Unified };
    let holdings = venue::holdings(draw, plan, assets);
    let spot = holdings.iter().map(|holding| venue::spot(draw, holding.price)).collect();
    let agents = plan.agents.len();
    let agreements = venue::agreements(draw, agents, scale);
    let mut prime = PrimePlan {
        custody,
        silo,
        spot,
        escrow: venue::escrow(draw, scale),
        lending: venue::lending(draw, holdings.len() + 1),
        pools: venue::pools(draw, &holdings, assets, scale),
        services: venue::services(draw, plan, agreements.len(), scale),
        factor_assets: vec![0],
        volatility: venue::volatility(assets, scale),
        agents: Vec::new(),
        holdings,
        agreements,
    };
    for (pool, terms) in prime.pools.pools.iter_mut().zip(&prime.lending.pools) {
        if matches!(terms.rate, RateSource::Given(_)) && draw.chance(0.6) {
            pool.rates = Some(venue::rates(scale));
        }
    }
    for agent in 0..agents {
        let own = agents::generate(draw, &prime, plan, agent, prices, scale);
        prime.agents.push(own);
    }
    prime
}
