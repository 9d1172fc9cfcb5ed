//! Agents and their positions.

use super::guard::{guard, zone_monitor};
use super::markets::zones;
use crate::engine::AgentPlan;
use crate::fields::{Faults, Money, nearest};
use crate::policy::TopUpThresholds;
use crate::scenario::format::{Agent, Position, Root};
use crate::units::Amount;
use crate::venue::exchange::{MarginMode, PositionSpec};

/// All agents by name; `None` where one of them cannot be.
pub(super) fn agents(root: &Root, faults: &mut Faults) -> Option<Vec<AgentPlan>> {
    if root.agent.is_empty() && root.at.sound(&["agent"]) {
        faults.error(&root.at.of("agent"), "no agent", "give at least one [[agent]]");
    }
    let mut built = Vec::new();
    let mut complete = true;
    for agent in &root.agent {
        match build(root, agent, faults) {
            Some(plan) => built.push(plan),
            None => complete = false,
        }
    }
    built.sort_by(|one, other| one.name.cmp(&other.name));
    complete.then_some(built)
}

fn build(root: &Root, agent: &Agent, faults: &mut Faults) -> Option<AgentPlan> {
    let mut positions = Vec::new();
    let mut thresholds = Vec::new();
    for position in &agent.position {
        positions.push(build_position(root, position, faults));
        thresholds.push(thresholds_of(position));
    }
    Some(AgentPlan {
        name: agent.name.0.clone(),
        wallet: agent.wallet.0,
        positions: positions.into_iter().collect::<Option<_>>()?,
        thresholds,
        guard: guard(agent.policy.as_ref()),
        zone_monitor: zone_monitor(agent.policy.as_ref()),
    })
}

/// The thresholds of a position; where there is no top-up at all, the defaults of one, which the
/// null policy stop_loss falls back on.
fn thresholds_of(position: &Position) -> TopUpThresholds {
    let own = position.top_up.as_ref();
    TopUpThresholds {
        warning: own.and_then(|own| own.warning_threshold).unwrap_or(1.6),
        danger: own.and_then(|own| own.danger_threshold).unwrap_or(1.2),
        target: own.and_then(|own| own.target_health_factor).unwrap_or(2.0),
    }
}

fn build_position(root: &Root, position: &Position, faults: &mut Faults) -> Option<PositionSpec> {
    let size = size_of(position, faults);
    let collateral = collateral_of(position, faults);
    let market = root.markets.keys().position(|name| *name == position.market.0);
    if market.is_none() && root.at.sound(&["markets"]) && position.at.sound(&["market"]) {
        let known: Vec<&str> = root.markets.keys().map(String::as_str).collect();
        let help = match nearest(&position.market.0, &known) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("give it a table [markets.{}]", position.market.0),
        };
        faults.error(
            &position.at.of("market"),
            format!("unknown market {}", position.market.0),
            help,
        );
    }
    let liquidation_hf = root.markets.get(&position.market.0)?.terms.liquidation_hf;
    let (notional_usdc, quantity) = size?;
    Some(PositionSpec {
        name: position.name.as_ref().map_or_else(|| position.market.0.clone(), |n| n.0.clone()),
        market: market?,
        mode: position.margin,
        side: position.side.sign(),
        notional_usdc,
        quantity,
        entry_price: position.entry_price,
        collateral: collateral?.0,
        zones: position.zones.as_ref().map(|levels| zones(levels, liquidation_hf)),
    })
}

/// Notional and quantity: one of them is given. A notional that follows from a quantity is set
/// once prices are known.
fn size_of(position: &Position, faults: &mut Faults) -> Option<(f64, Option<f64>)> {
    match (position.notional, position.quantity) {
        (Some(notional), None) => Some((notional.0.usdc(), None)),
        (None, Some(units)) => Some((0.0, Some(units))),
        (given, _) => {
            if position.at.sound(&["notional", "quantity"]) {
                let message = match given {
                    Some(_) => "both notional and quantity are given",
                    None => "neither notional nor quantity is given",
                };
                faults.error(&position.at.of("notional"), message, "give one of them");
            }
            None
        }
    }
}

fn collateral_of(position: &Position, faults: &mut Faults) -> Option<Money> {
    let spot = position.at.of("collateral");
    match (position.margin, position.collateral) {
        (MarginMode::Cross, Some(Money(amount))) if amount != Amount::ZERO => {
            let help =
                "the wallet backs it: add the amount to wallet, or write margin = \"isolated\"";
            faults.error(&spot, "a cross position has no collateral of its own", help);
            None
        }
        (MarginMode::Isolated, None) => {
            if position.at.sound(&["collateral", "margin"]) {
                let help = "give an amount, or write margin = \"cross\"";
                faults.error(&spot, "an isolated position needs collateral", help);
            }
            None
        }
        (_, collateral) => Some(collateral.unwrap_or(Money(Amount::ZERO))),
    }
}
