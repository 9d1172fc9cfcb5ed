//! Prime brokerage in words: what all agents share, then each agent's part.

mod agent;
mod schedule;

use std::fmt::Write;

use super::{percent, slippage};
use crate::engine::Plan;
use crate::engine::prime::{PoolPlan, PrimePlan};
use crate::fields::Duration;
use crate::ledger::AssetId;
use crate::policy::PrimeSpec;
use crate::venue::custody::{CustodyMode, Silo};
use crate::venue::escrow::Party;
use crate::venue::lending::{PoolSpec, RateSource};
use crate::venue::services::{AgentServices, Factor};

pub(super) use agent::write_agent;

/// Writes what all agents share. (Writing to a String cannot fail, here and below.)
pub(super) fn write(text: &mut String, plan: &Plan) {
    let Some(prime) = &plan.prime else { return };
    let _ = writeln!(text, "custody  {}", custody(prime));
    for (holding, spot) in prime.holdings.iter().zip(&prime.spot) {
        let counts = match holding.haircut {
            Some(haircut) => format!("counts as capital less {}", percent(haircut)),
            None => "counts as no capital".to_owned(),
        };
        let _ = writeln!(
            text,
            "holding  {}: {counts}; spot fee {}, slippage {}",
            holding.name,
            percent(spot.fee),
            slippage(&spot.slippage)
        );
    }
    let escrow = &prime.escrow;
    let lag = match escrow.settlement_lag_ms {
        0 => "final at once".to_owned(),
        ms => format!("final after {}", Duration { ms }),
    };
    let (fee, referral) = (percent(escrow.fee), percent(escrow.referral));
    let _ = writeln!(text, "escrow   fee {fee}, of which {referral} to the referrer; {lag}");
    for agreement in &prime.agreements {
        let members: Vec<&str> =
            agreement.spec.members.iter().map(|member| party(plan, *member)).collect();
        let every = Duration { ms: agreement.spec.interval_ms };
        let name = &agreement.name;
        let _ = writeln!(text, "netting  {name}: {} settle every {every}", members.join(", "));
    }
    let pools = prime.lending.pools.iter().zip(&prime.pools.pools).enumerate();
    for (asset, (spec, pool)) in pools {
        let asset = AssetId(asset as u16);
        let _ = writeln!(text, "pool     {}", pool_in_words(plan, prime, asset, spec, pool));
    }
    let _ = writeln!(text, "lending  {}", market(prime));
    if prime.services.agents.iter().any(has_flow) {
        let _ = writeln!(text, "services {}", services(plan, prime));
    }
}

fn custody(prime: &PrimePlan) -> String {
    match prime.custody {
        CustodyMode::Unified => "one wallet backs every service".to_owned(),
        CustodyMode::Silo(silo) => format!(
            "a balance per service; a move takes {} calls and {}, and fails with {}",
            silo.calls,
            Duration { ms: silo.delay_ms },
            percent(silo.move_fails())
        ),
    }
}

fn pool_in_words(
    plan: &Plan,
    prime: &PrimePlan,
    asset: AssetId,
    spec: &PoolSpec,
    pool: &PoolPlan,
) -> String {
    let name = prime.asset_name(asset);
    let rate = match (&spec.rate, &pool.rates) {
        (_, Some(series)) => format!("{} rates a year from a file", series.rate.len()),
        (RateSource::Given(rate), None) => format!("{} a year", percent(*rate)),
        (RateSource::Curve(curve), None) => format!(
            "{} a year at {} lent, {} at the kink of {}, {} where all is lent",
            percent(curve.rate(spec.utilisation)),
            percent(spec.utilisation),
            percent(curve.rate(curve.kink)),
            percent(curve.kink),
            percent(curve.rate(1.0))
        ),
    };
    let demand = match pool.demand {
        None => "stays".to_owned(),
        Some(demand) => format!(
            "reverts by {} a day, deviation {} of its logit, correlation {} with {}",
            demand.reversion_per_day,
            demand.amplitude,
            prime.pools.correlation,
            plan.assets[prime.pools.trading]
        ),
    };
    format!(
        "{name}: {rate}; utilisation {demand}; agents lend at {} at least",
        percent(spec.least_rate)
    )
}

fn market(prime: &PrimePlan) -> String {
    let lending = &prime.lending;
    format!(
        "at most {} of a holding, loans of {} USDC at least, {} at once; the broker keeps {} of the interest",
        percent(lending.max_lent_share),
        lending.min_loan_usdc,
        lending.loans_max,
        percent(lending.broker_cut)
    )
}

fn has_flow(agent: &AgentServices) -> bool {
    agent.casino.is_some() || agent.domains.is_some() || agent.escrow.is_some()
}

fn services(plan: &Plan, prime: &PrimePlan) -> String {
    let factors = &prime.services.factors;
    let trading = &plan.assets[prime.factor_assets[factors.trading]];
    let rho = |factor: Factor| factors.with_trading[factor as usize];
    format!(
        "steps of {}; correlation with {trading}: casino {}, domains {}, escrow {}",
        Duration { ms: prime.services.step_ms },
        rho(Factor::Casino),
        rho(Factor::Domains),
        rho(Factor::Escrow)
    )
}

fn party(plan: &Plan, party: Party) -> &str {
    match party {
        Party::Agent(agent) => &plan.agents[agent].name,
        Party::Outside => "outside",
    }
}

const fn silo_name(silo: Silo) -> &'static str {
    match silo {
        Silo::Of(service) => service.name(),
        Silo::Main => "main",
    }
}

/// Whether an agent's balancing of its wallet ever frees anything.
pub(super) fn protects(plan: &Plan, index: usize) -> bool {
    let agent = plan.prime.as_ref().and_then(|prime| prime.agents.get(index));
    agent.and_then(|agent| agent.policy.as_ref()).is_some_and(PrimeSpec::protects)
}
