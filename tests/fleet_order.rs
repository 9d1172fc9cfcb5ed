//! Hand-made histories of fleets: what a coordinator and its sub-accounts do, when, and how much of
//! it. Figures are worked in the comments: 15 % maintenance, force-close at a health factor of 1.05,
//! no fees, penalties or slippage.

#[allow(dead_code, reason = "a part of it is used")]
mod common;
mod desk;
#[path = "seed_figures/player.rs"]
mod player;
#[path = "seed_figures/prime.rs"]
#[allow(dead_code, reason = "a part of it is used")]
mod prime;
#[path = "prime_order/story.rs"]
mod story;

#[path = "fleet_order/cascades.rs"]
mod cascades;
#[path = "fleet_order/draws.rs"]
mod draws;
#[path = "fleet_order/dry_powder.rs"]
mod dry_powder;
#[path = "fleet_order/reallocation.rs"]
mod reallocation;
#[path = "fleet_order/sums.rs"]
mod sums;
#[path = "fleet_order/zones.rs"]
mod zones;

use drypowder::engine::fleet::FleetPlan;
use drypowder::engine::{AgentPlan, Metric, Plan};
use drypowder::policy::ReleaseSpec;
use drypowder::venue::custody::Service;
use drypowder::venue::exchange::{PositionSpec, SlippageSpec};
use drypowder::venue::fleet::{Delegation, FleetSpec};

use common::{isolated, usdc};
use player::Played;

#[track_caller]
fn near(got: f64, expected: f64) {
    assert!((got - expected).abs() <= 1e-6, "{got} instead of {expected}");
}

/// The coordinator `a` with `master` free beside `dry_powder`, and sub-accounts `b`, `c`, … that may
/// draw as much as they started with, all of priority 1, in one market at 100 without costs.
fn fleet(master: f64, dry_powder: f64, subs: Vec<AgentPlan>) -> Plan {
    let guard = drypowder::policy::GuardSpec::none();
    let mut agents = vec![common::agent("a", master, Vec::new(), guard)];
    agents.extend(subs);
    let mut plan = common::plan(&["ETH"], agents);
    plan.exchange.markets[0].slippage = SlippageSpec::NONE;
    plan.exchange.markets[0].penalty = 0.0;
    let delegations: Vec<Delegation> = (plan.agents.iter().enumerate().skip(1))
        .map(|(account, agent)| {
            let collateral = agent.positions.iter().map(|slot| slot.collateral);
            let drawn = collateral.fold(agent.wallet, |sum, amount| sum + amount);
            Delegation { account, max_margin: drawn, drawn, priority: 1 }
        })
        .collect();
    plan.fleets = vec![FleetPlan {
        name: "desk".to_owned(),
        services: vec![[true; Service::COUNT]; delegations.len()],
        on_demand: vec![false; delegations.len()],
        sweep: false,
        release: None,
        reallocation: None,
        zones: None,
        schedule: Vec::new(),
        spec: FleetSpec {
            coordinator: 0,
            dry_powder: usdc(dry_powder),
            refill: true,
            freed_delay_ms: 0,
            delegations,
        },
    }];
    plan
}

/// A sub-account with one isolated long and nothing in its wallet.
fn sub(name: &str, notional: f64, collateral: f64) -> AgentPlan {
    sub_with(name, 0.0, vec![isolated(0, 1, notional, collateral)])
}

fn sub_with(name: &str, wallet: f64, slots: Vec<PositionSpec>) -> AgentPlan {
    common::agent(name, wallet, slots, drypowder::policy::GuardSpec::none())
}

/// Cures to a health factor of 1.4 without caps.
const RELEASE: ReleaseSpec = ReleaseSpec { cure_hf: 1.4, max_per_cure: None, max_per_day: None };

fn metric(played: &Played, agent: usize, metric: Metric) -> f64 {
    played.workspace.outcomes()[agent].get(metric)
}

/// What is in an agent's wallet at the end.
fn wallet(played: &Played, agent: usize) -> f64 {
    let exchange = played.workspace.exchange();
    exchange.ledger().balance(exchange.accounts()[agent].wallet).usdc()
}

fn collateral(played: &Played, agent: usize) -> f64 {
    played.workspace.exchange().collateral(agent, 0).usdc()
}

/// Equity of all accounts of the fleet at the end: nothing is made or lost between them.
fn worth(played: &Played) -> f64 {
    played.workspace.outcomes().iter().map(|row| row.get(Metric::FinalEquity)).sum()
}

fn line(plan: &mut Plan, line: usize) -> &mut Delegation {
    &mut plan.fleets[0].spec.delegations[line]
}
