//! The venue's side: holdings, pools, escrow, services.

use std::sync::Arc;

use drypowder::engine::Plan;
use drypowder::engine::prime::{AgreementPlan, Demand, PoolPlan, PoolsPlan, RateSeries};
use drypowder::stats::SymMatrix;
use drypowder::units::Amount;
use drypowder::units::time::{DAY_MS, YEAR_MS};
use drypowder::venue::custody::HoldingSpec;
use drypowder::venue::escrow::{AgreementSpec, EscrowSpec, OnTimeout, Party};
use drypowder::venue::exchange::{Slippage, SlippageSpec};
use drypowder::venue::lending::{
    Curve, LendingSpec, OutsideBorrower, PoolSpec, RateSource, Response,
};
use drypowder::venue::services::{
    AgentServices, CasinoSpec, DomainsSpec, EscrowFlowSpec, FactorSpec, FlowParty, Notional,
    ServicesSpec, Stake,
};
use drypowder::venue::spot::SpotSpec;

use crate::generated::{Draw, Scale};

pub fn holdings(draw: &mut Draw, plan: &Plan, assets: usize) -> Vec<HoldingSpec> {
    let count = draw.count(1, assets);
    (0..count)
        .map(|price| HoldingSpec {
            name: plan.assets[price].clone(),
            price,
            haircut: draw.chance(0.5).then(|| draw.between(0.0, 0.6)),
        })
        .collect()
}

pub fn spot(draw: &mut Draw, price_asset: usize) -> SpotSpec {
    let form = Slippage::FixedBps { bps: 10.0 };
    let slippage = if draw.chance(0.5) {
        SlippageSpec { form, ..SlippageSpec::NONE }
    } else {
        SlippageSpec::NONE
    };
    SpotSpec { price_asset, fee: draw.pick(&[0.0, 0.001]), slippage }
}

pub fn agreements(draw: &mut Draw, agents: usize, scale: Scale) -> Vec<AgreementPlan> {
    let everyone = (0..agents).map(Party::Agent).chain([Party::Outside]);
    let spec = AgreementSpec {
        members: everyone.collect(),
        interval_ms: draw.pick(&[scale.tick_ms * 3, scale.length_ms / 5 + 1]),
        origin_ms: scale.start_ms,
        referrer: draw.chance(0.5).then_some(Party::Agent(0)),
    };
    vec![AgreementPlan { name: "net".into(), spec }]
}

pub fn escrow(draw: &mut Draw, scale: Scale) -> EscrowSpec {
    EscrowSpec {
        settlement_lag_ms: draw.pick(&[0, 0, 1, 4 * scale.tick_ms]),
        fee: draw.pick(&[0.0, 0.01, 0.05]),
        ..EscrowSpec::DEFAULT
    }
}

fn response(draw: &mut Draw, most: f64) -> Response {
    Response {
        base: draw.between(0.0, most),
        drawdown: draw.pick(&[0.0, most]),
        utilisation: draw.pick(&[0.0, most]),
        kink: 0.8,
    }
}

pub fn lending(draw: &mut Draw, pools: usize) -> LendingSpec {
    let pools = (0..pools).map(|index| PoolSpec {
        rate: if draw.chance(0.7) {
            RateSource::Curve(Curve { base: 0.01, slope1: 0.04, slope2: 0.75, kink: 0.8 })
        } else {
            RateSource::Given(0.3)
        },
        utilisation: draw.between(0.3, 0.95),
        least_rate: if index == 0 { 0.05 } else { 0.0 },
        borrowers: OutsideBorrower {
            early: response(draw, 20.0),
            failure: response(draw, 0.6),
            cure: response(draw, 0.6),
        },
    });
    let pools: Vec<PoolSpec> = pools.collect();
    LendingSpec { broker_cut: draw.pick(&[0.0, 0.1]), ..LendingSpec::new(pools, 12) }
}

pub fn pools(draw: &mut Draw, holdings: &[HoldingSpec], assets: usize, scale: Scale) -> PoolsPlan {
    let pools = (0..=holdings.len()).map(|index| PoolPlan {
        demand: draw.chance(0.6).then(|| Demand {
            reversion_per_day: draw.between(0.0, 5.0),
            amplitude: draw.between(0.0, 3.0),
        }),
        watched: index.saturating_sub(1) % assets,
        rates: None,
    });
    let pools = pools.collect();
    let step_ms = draw.pick(&[scale.tick_ms, 3 * scale.tick_ms, scale.tick_ms * 2 / 3 + 1]);
    PoolsPlan { step_ms, correlation: -0.31, trading: 0, pools }
}

/// Rates that change now and then.
pub fn rates(scale: Scale) -> Arc<RateSeries> {
    let rates = RateSeries {
        time_ms: (0..50).map(|k| scale.start_ms + k * scale.length_ms / 50).collect(),
        rate: (0..50).map(|k| 0.02 * (k % 7) as f64).collect(),
    };
    Arc::new(rates)
}

/// Of the first asset, so that a tick's move is about one deviation.
pub fn volatility(assets: usize, scale: Scale) -> Vec<f64> {
    let ticks_a_year = YEAR_MS as f64 / scale.tick_ms as f64;
    vec![scale.sigma * ticks_a_year.sqrt(); assets]
}

pub fn services(draw: &mut Draw, plan: &Plan, agreements: usize, scale: Scale) -> ServicesSpec {
    let step_ms = draw.pick(&[scale.tick_ms, 5 * scale.tick_ms, scale.length_ms / 20 + 1]);
    // So many in a step.
    let a_day = |mean: f64| mean * DAY_MS as f64 / step_ms as f64;
    let agents = (plan.agents.iter().enumerate())
        .map(|(agent, own)| AgentServices {
            agent,
            name: own.name.clone(),
            faucet: draw.pick(&[Amount::ZERO, Amount::round_usdc(1.0)]),
            casino: draw.chance(0.5).then(|| CasinoSpec {
                bankroll: draw.usdc(5.0, 500.0),
                bets_per_day: a_day(draw.between(0.0, 8.0)),
                stake: if draw.chance(0.5) {
                    Stake::Fixed(draw.usdc(0.5, 20.0))
                } else {
                    Stake::Fraction(draw.between(0.001, 0.3))
                },
                house_edge: 0.02,
                payoff: draw.pick(&[1.5, 2.0, 36.0]),
            }),
            domains: draw.chance(0.5).then(|| DomainsSpec {
                registrations_per_day: a_day(draw.between(0.0, 2.0)),
                cost: draw.usdc(1.0, 60.0),
                registration_ms: draw.pick(&[0, 1, 4 * scale.tick_ms]),
                sales_per_day: a_day(draw.between(0.0, 1.0)),
                revenue: draw.usdc(1.0, 90.0),
            }),
            escrow: draw
                .chance(0.6)
                .then(|| flow(draw, agent, plan.agents.len(), agreements, step_ms, scale)),
        })
        .collect();
    let factors = FactorSpec::prime(SymMatrix::identity(1), 0);
    ServicesSpec { step_ms, factors, agents }
}

fn flow(
    draw: &mut Draw,
    agent: usize,
    agents: usize,
    agreements: usize,
    step_ms: i64,
    scale: Scale,
) -> EscrowFlowSpec {
    let others: Vec<usize> = (0..agents).filter(|other| *other != agent).collect();
    let inside = !others.is_empty() && draw.chance(0.5);
    EscrowFlowSpec {
        contracts_per_day: draw.between(0.0, 3.0) * DAY_MS as f64 / step_ms as f64,
        notional: if draw.chance(0.5) {
            Notional::Fixed(draw.usdc(1.0, 200.0))
        } else {
            Notional::LogNormal { mean_usdc: draw.between(1.0, 200.0), sigma: 1.0 }
        },
        payer_share: draw.between(0.0, 1.0),
        counterparty: if inside { FlowParty::Agents(others) } else { FlowParty::Outside },
        confirm_mean_ms: scale.tick_ms as f64 * draw.between(0.1, 10.0),
        never: 0.2,
        dispute: 0.2,
        verdict_ms: draw.pick(&[0, 2 * scale.tick_ms]),
        verdicts: [0.4, 0.3],
        timeout_ms: draw.pick(&[1, 3 * scale.tick_ms, 20 * scale.tick_ms]),
        on_timeout: draw.pick(&[OnTimeout::ToPayee, OnTimeout::ToPayer]),
        referrer: draw.chance(0.3).then_some(Party::Agent(0)),
        agreement: (agreements > 0 && draw.chance(0.4)).then_some(0),
    }
}
