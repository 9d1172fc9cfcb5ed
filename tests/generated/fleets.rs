//! Fleets of a generated case: one of its agents coordinates most of the others.

use drypowder::engine::Plan;
use drypowder::engine::fleet::{FleetPlan, ReallocationPlan, ScheduledDraw};
use drypowder::policy::{
    FleetZonesSpec, ReallocateSpec, RebalanceSpec, ReleaseSpec, UtilisationBounds,
};
use drypowder::units::Amount;
use drypowder::venue::custody::{CustodyMode, Service};
use drypowder::venue::fleet::{Delegation, FleetSpec};

use super::{Draw, Scale};

/// Makes a fleet of a plan with at least two agents.
pub fn generate(draw: &mut Draw, plan: &mut Plan, scale: Scale) {
    if let Some(prime) = &mut plan.prime {
        prime.custody = CustodyMode::Unified;
    }
    let coordinator = draw.count(0, plan.agents.len() - 1);
    let mut delegations = Vec::new();
    for account in (0..plan.agents.len()).filter(|account| *account != coordinator) {
        if delegations.is_empty() || draw.chance(0.8) {
            delegations.push(delegation(draw, plan, account));
        }
    }
    plan.agents[coordinator].wallet += draw.usdc(0.0, 6_000.0);
    let count = delegations.len();
    let schedule = schedule(draw, &delegations, scale);
    let reallocation = draw.chance(0.4).then(|| reallocation(draw, &delegations, scale));
    plan.fleets = vec![FleetPlan {
        name: "fleet".to_owned(),
        services: (0..count).map(|_| [draw.chance(0.8); Service::COUNT]).collect(),
        on_demand: (0..count).map(|_| draw.chance(0.7)).collect(),
        sweep: draw.chance(0.7),
        release: draw.chance(0.7).then(|| ReleaseSpec {
            cure_hf: draw.between(1.3, 2.0),
            max_per_cure: draw.chance(0.4).then(|| draw.usdc(20.0, 1_500.0)),
            max_per_day: draw.chance(0.3).then(|| draw.usdc(50.0, 3_000.0)),
        }),
        reallocation,
        zones: draw.chance(0.6).then(|| zones(draw, scale)),
        schedule,
        spec: FleetSpec {
            coordinator,
            dry_powder: draw.usdc(0.0, 3_000.0),
            refill: draw.chance(0.6),
            freed_delay_ms: draw.pick(&[0, scale.tick_ms / 3, 5 * scale.tick_ms]),
            delegations,
        },
    }];
}

fn delegation(draw: &mut Draw, plan: &Plan, account: usize) -> Delegation {
    let agent = &plan.agents[account];
    let drawn = agent.positions.iter().fold(agent.wallet, |sum, slot| sum + slot.collateral);
    let room = draw.pick(&[1.0, 1.1, 2.0]);
    Delegation {
        account,
        max_margin: Amount::ceil_usdc(drawn.usdc() * room),
        drawn,
        priority: draw.pick(&[1, 1, 2, 3]),
    }
}

fn schedule(draw: &mut Draw, delegations: &[Delegation], scale: Scale) -> Vec<ScheduledDraw> {
    let mut schedule: Vec<ScheduledDraw> = (0..draw.pick(&[0, 0, 3]))
        .map(|_| ScheduledDraw {
            at_ms: scale.start_ms + draw.whole(0, scale.length_ms),
            line: draw.count(0, delegations.len() - 1),
            amount: draw.usdc(1.0, 800.0),
            back: draw.chance(0.3),
        })
        .collect();
    schedule.sort_by_key(|one| one.at_ms);
    schedule
}

fn zones(draw: &mut Draw, scale: Scale) -> FleetZonesSpec {
    let yellow = draw.between(0.2, 0.7);
    let poll_ms = (scale.length_ms / draw.whole(20, 1_000)).max(1);
    FleetZonesSpec {
        poll_ms,
        latency_ms: draw.pick(&[0, 0, poll_ms / 3]),
        zones: UtilisationBounds {
            yellow,
            orange: yellow + 0.1,
            red: yellow + 0.2,
            hysteresis: draw.pick(&[0.0, 0.05]),
        },
        deleverage: draw.chance(0.7).then_some(RebalanceSpec { target: yellow * 0.8 }),
    }
}

fn reallocation(draw: &mut Draw, delegations: &[Delegation], scale: Scale) -> ReallocationPlan {
    let sample_ms = (scale.length_ms / draw.whole(10, 100)).max(1);
    let part = |amount: Amount, of: f64| Amount::round_usdc(amount.usdc() * of);
    ReallocationPlan {
        every_ms: sample_ms * draw.whole(1, 5),
        sample_ms,
        window: draw.count(2, 20),
        least_samples: 2,
        moves_money: draw.chance(0.8),
        spec: ReallocateSpec { max_step: draw.between(0.05, 0.5) },
        bounds: (delegations.iter())
            .map(|one| [part(one.max_margin, 0.2), part(one.max_margin, 3.0)])
            .collect(),
    }
}
