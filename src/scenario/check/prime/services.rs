//! Flows: how many, how large, how likely.

use super::lending::STEPS_MAX;
use crate::fields::{Duration, Faults, Places};
use crate::prices::Prices;
use crate::scenario::build::Built;
use crate::scenario::format::{Agent, Agreement, CasinoFlow, EscrowFlowForm, Root, Services};
use crate::scenario::span::Span;
use crate::units::time::{DAY_MS, YEAR_MS};
use crate::venue::services::MOST_PER_STEP;

/// Standard normals beyond this are drawn less than once in 10¹⁶.
const FARTHEST: f64 = 8.5;
/// Largest notional of a contract that may be drawn, USDC.
const NOTIONAL_MAX_USDC: f64 = 1e12;

pub(super) fn check(root: &Root, faults: &mut Faults) {
    let Some(services) = &root.services else { return };
    for agent in &root.agent {
        if let Some(flow) = &agent.casino {
            expected(services, &flow.at, "bets_per_day", flow.bets_per_day, faults);
            check_casino(agent, flow, faults);
        }
        if let Some(flow) = &agent.domains {
            let registrations = flow.registrations_per_day;
            expected(services, &flow.at, "registrations_per_day", registrations, faults);
            expected(services, &flow.at, "sales_per_day", flow.sales_per_day, faults);
        }
        if let Some(flow) = &agent.escrow {
            expected(services, &flow.at, "contracts_per_day", flow.contracts_per_day, faults);
            check_escrow(root, agent, flow, faults);
        }
    }
}

/// Counts of a step are drawn by summing from zero.
fn expected(services: &Services, at: &Places, field: &str, per_day: f64, faults: &mut Faults) {
    let mean = per_day * services.step.ms as f64 / DAY_MS as f64;
    if mean > MOST_PER_STEP && at.sound(&[field]) && services.at.sound(&["step"]) {
        let most = MOST_PER_STEP * DAY_MS as f64 / services.step.ms as f64;
        let message = format!(
            "{per_day} a day are {mean:.0} in a step of {}; at most {MOST_PER_STEP}",
            services.step
        );
        let help = format!("at most {:.0} a day, or a shorter services.step", most.floor());
        faults.error(&at.of(field), message, help);
    }
}

fn check_casino(agent: &Agent, flow: &CasinoFlow, faults: &mut Faults) {
    let wins = (1.0 - flow.house_edge.0) / flow.payoff;
    if wins > 1.0 && flow.at.sound(&["house_edge", "payoff"]) {
        let message = format!(
            "a bet wins with probability (1 − {}) / {} = {wins:.4}",
            flow.house_edge.0, flow.payoff
        );
        faults.error(&flow.at.of("payoff"), message, "at most 1: give a larger payoff");
    }
    if let Some(stake) = flow.stake.filter(|stake| *stake > flow.bankroll)
        && flow.at.sound(&["stake", "bankroll"])
    {
        let message = format!("a stake of {stake} is above the bankroll of {}", flow.bankroll);
        faults.error(&flow.at.of("stake"), message, "no bet is ever made");
    }
    if flow.bankroll > agent.wallet && agent.at.sound(&["wallet"]) && flow.at.sound(&["bankroll"]) {
        let message = format!(
            "a bankroll of {} is above the wallet of {}, {}",
            flow.bankroll, agent.name.0, agent.wallet
        );
        faults.warn(&flow.at.of("bankroll"), message, "it is held only once so much is free");
    }
    if let Some(silos) = &agent.silos
        && flow.bankroll > silos.casino
    {
        let message =
            format!("a bankroll of {} is above the casino's silo, {}", flow.bankroll, silos.casino);
        faults.warn(&flow.at.of("bankroll"), message, "it is held only once so much is free");
    }
}

fn check_escrow(root: &Root, agent: &Agent, flow: &EscrowFlowForm, faults: &mut Faults) {
    let sums = [
        ("never", flow.never.0, "dispute", flow.dispute.0),
        ("verdict_payee", flow.verdict_payee.0, "verdict_payer", flow.verdict_payer.0),
    ];
    for (one, first, other, second) in sums {
        // Two fractions that a person made sum to 1.
        if first + second > 1.0 + 1e-12 && flow.at.sound(&[one, other]) {
            let field = if flow.at.has(one) { one } else { other };
            let message = format!("{one} {first} and {other} {second} are more than 1");
            faults.error(&flow.at.of(field), message, "they are probabilities of one thing");
        }
    }
    if let Some(sigma) = flow.sigma {
        let largest = flow.notional.0.usdc() * libm::exp(sigma * (FARTHEST - sigma / 2.0));
        if largest > NOTIONAL_MAX_USDC && flow.at.sound(&["sigma", "notional"]) {
            let message = format!("a notional of {largest:.3e} USDC can be drawn");
            let help = format!("at most {NOTIONAL_MAX_USDC:e}: give a smaller sigma or notional");
            faults.error(&flow.at.of("sigma"), message, help);
        }
    }
    for partner in flow.counterparties.iter().filter(|name| name.value.0 == agent.name.0) {
        let message = format!("{} is on both sides", agent.name.0);
        faults.error(&partner.spot, message, "name other agents");
    }
    let Some((name, agreement)) = agreement(root, flow) else { return };
    let is_member = |party: &str| agreement.members.iter().any(|member| member.value.0 == party);
    let parties = flow.counterparties.iter().map(|name| name.value.0.as_str());
    for party in parties.chain([agent.name.0.as_str()]).filter(|party| !is_member(party)) {
        let message = format!("{party} is no member of {name}");
        faults.error(&flow.at.of("agreement"), message, "both sides must be members");
    }
}

fn agreement<'a>(root: &'a Root, flow: &'a EscrowFlowForm) -> Option<(&'a str, &'a Agreement)> {
    let name = flow.agreement.as_ref()?;
    let agreement = root.agreements.as_ref()?.get(&name.0)?;
    let is_sound = agreement.at.sound(&["members"]) && flow.at.sound(&["counterparties"]);
    is_sound.then_some((name.0.as_str(), agreement))
}

/// Whether any agent's flows follow the steps.
fn has_flows(root: &Root) -> bool {
    let flows =
        |agent: &Agent| agent.casino.is_some() || agent.domains.is_some() || agent.escrow.is_some();
    root.agent.iter().any(flows)
}

/// Steps that a run can have, and that prices show.
pub(super) fn check_steps(root: &Root, span: &Span, faults: &mut Faults) {
    let Some(services) = &root.services else { return };
    let steps = (span.end_ms - span.start_ms) / services.step.ms.max(1);
    let spot = services.at.of("step");
    if steps > STEPS_MAX {
        let message = format!("{steps} steps of {} in the run", services.step);
        faults.error(&spot, message, format!("at most {STEPS_MAX}"));
    } else if has_flows(root) && steps == 0 {
        let message = format!("a step of {} is longer than the run: no flow comes", services.step);
        faults.warn(&spot, message, "give a shorter one");
    } else if has_flows(root) && services.step.ms < span.tick_ms {
        let tick = Duration { ms: span.tick_ms };
        let message =
            format!("a step of {} is shorter than a tick of prices, {tick}", services.step);
        faults.warn(&spot, message, "returns over it are mostly 0");
    }
}

/// Volatilities that the prices do not have: returns measured in them are not standard.
pub(super) fn check_volatility(root: &Root, built: &Built, faults: &mut Faults) {
    /// A volatility off by more is named.
    const FACTOR: f64 = 1.5;
    let Some(services) = &root.services else { return };
    let own = root.prices.volatilities();
    for (place, asset) in built.plan.assets.iter().enumerate() {
        let Some(given) = services.volatility.get(asset) else { continue };
        let known = own.iter().find(|(name, _)| name == asset).map(|(_, own)| *own);
        let Some(known) = known.or_else(|| realised(&built.prices, place)) else { continue };
        let given_value = given.value.0;
        if known > 0.0 && (given_value > known * FACTOR || given_value * FACTOR < known) {
            let message = format!(
                "the volatility {given_value} of {asset} is far from that of its prices, {known:.4}"
            );
            faults.warn(&given.spot, message, "correlations and means of flows are off with it");
        }
    }
}

/// Standard deviation of a year's log return, from the closes of a history or of a model in the
/// long run.
fn realised(prices: &Prices, asset: usize) -> Option<f64> {
    let replay = match prices {
        Prices::History(replay) => replay,
        Prices::Model(model) => return Some(model.variance(asset).sqrt()),
    };
    let closes = &replay.assets.get(asset)?.mark[3];
    let squares = closes.windows(2).map(|pair| {
        let change = libm::log(pair[1] / pair[0]);
        change * change
    });
    let sum: f64 = squares.sum();
    let years =
        replay.interval_ms as f64 * (closes.len().saturating_sub(1)) as f64 / YEAR_MS as f64;
    (years > 0.0).then(|| (sum / years).sqrt())
}
