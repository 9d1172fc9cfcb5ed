//! A plan of prime brokerage without costs, to which a test adds what it is about.

use drypowder::engine::prime::{PoolPlan, PoolsPlan, PrimeAgent, PrimePlan, Scheduled, Scheme};
use drypowder::engine::{AgentPlan, Plan};
use drypowder::policy::{GuardSpec, PrimeSpec, UtilisationBounds};
use drypowder::stats::SymMatrix;
use drypowder::units::Amount;
use drypowder::units::time::DAY_MS;
use drypowder::venue::custody::{CustodyMode, HoldingSpec, Silo, SiloSpec};
use drypowder::venue::escrow::EscrowSpec;
use drypowder::venue::exchange::{MarginMode, PositionSpec, SlippageSpec};
use drypowder::venue::lending::LendingSpec;
use drypowder::venue::services::{FactorSpec, ServicesSpec};
use drypowder::venue::spot::SpotSpec;

use crate::common::{NEW_YEAR_MS, agent, isolated, plan};
use crate::desk::pool;

/// Agents with wallets of USDC and positions in ETH, and one unlimited wallet behind everything.
pub fn prime_plan(agents: &[(&str, f64, Vec<PositionSpec>)]) -> Plan {
    let own: Vec<AgentPlan> = (agents.iter())
        .map(|(name, wallet, slots)| agent(name, *wallet, slots.clone(), GuardSpec::none()))
        .collect();
    let mut plan = plan(&["ETH"], own);
    let pool_plan = PoolPlan { demand: None, watched: 0, rates: None };
    plan.prime = Some(PrimePlan {
        custody: CustodyMode::Unified,
        silo: SiloSpec::DEFAULT,
        holdings: vec![HoldingSpec { name: "ETH".into(), price: 0, haircut: None }],
        spot: vec![SpotSpec { price_asset: 0, fee: 0.0, slippage: SlippageSpec::NONE }],
        escrow: EscrowSpec::DEFAULT,
        agreements: Vec::new(),
        lending: LendingSpec::new(vec![pool(); 2], 4),
        pools: PoolsPlan {
            step_ms: DAY_MS,
            correlation: 0.0,
            trading: 0,
            pools: vec![pool_plan; 2],
        },
        services: ServicesSpec {
            step_ms: DAY_MS,
            factors: FactorSpec::prime(SymMatrix::identity(1), 0),
            agents: Vec::new(),
        },
        factor_assets: vec![0],
        volatility: vec![0.75],
        agents: agents.iter().map(|(_, _, slots)| idle(slots.len())).collect(),
    });
    plan
}

fn idle(positions: usize) -> PrimeAgent {
    PrimeAgent {
        silos: [Amount::ZERO; Silo::COUNT],
        holdings: vec![Amount::ZERO],
        schedule: Vec::new(),
        policy: None,
        lends: vec![None; 2],
        cuts: vec![Default::default(); positions],
        keep: None,
    }
}

/// What the n-th agent has and does beside its positions.
pub fn of(plan: &mut Plan, agent: usize) -> &mut PrimeAgent {
    &mut plan.prime.as_mut().expect("it has prime brokerage").agents[agent]
}

/// Something to be done so long after the start.
pub fn after(span_ms: i64, action: Scheme) -> Scheduled {
    Scheduled { at_ms: NEW_YEAR_MS + span_ms, action }
}

/// Looks every 30 s, at the published zones.
pub fn watching() -> PrimeSpec {
    PrimeSpec {
        poll_ms: 30_000,
        latency_ms: 0,
        zones: UtilisationBounds::default(),
        recall: None,
        rebalance: None,
        lend: Vec::new(),
    }
}

/// A long in cross margin that reserves `margin`, 30 % of its notional.
pub fn reserving(margin: f64, name: &str) -> PositionSpec {
    PositionSpec {
        name: name.into(),
        mode: MarginMode::Cross,
        collateral: Amount::ZERO,
        ..isolated(0, 1, margin / 0.3, 0.0)
    }
}
