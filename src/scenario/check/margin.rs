//! The account at the start: margins that must be met, and thresholds that can never bind.

use crate::engine::AgentPlan;
use crate::fields::{Faults, Spot};
use crate::scenario::entry::{Account, Entry};
use crate::scenario::format::{Agent, KillScopeName, Policy, Position, Root, TopUp};
use crate::venue::exchange::MarginMode;

/// Judges one account.
pub(super) fn check(
    root: &Root,
    agent: &Agent,
    plan: &AgentPlan,
    account: &Account<'_>,
    faults: &mut Faults,
) {
    let covers_cross = check_cross_margin(agent, account, faults);
    check_exposure(root, agent, plan, account, faults);
    for (entry, position) in account.entries.iter().zip(&agent.position) {
        let is_open = (covers_cross || !entry.is_cross())
            && check_isolated_margin(entry, position, faults)
            && check_health(account, entry, position, faults);
        if let (true, Some(policy)) = (is_open, &agent.policy) {
            check_stop(policy, entry, faults);
            check_levels(policy, account, entry, position, faults);
        }
    }
    if let Some(policy) = &agent.policy {
        check_policy(agent, policy, plan, account, faults);
    }
}

fn check_isolated_margin(entry: &Entry<'_>, position: &Position, faults: &mut Faults) -> bool {
    let equity = entry.position.collateral.usdc() + entry.pnl;
    if entry.is_cross() || equity >= entry.initial {
        return true;
    }
    let message = format!(
        "{} of collateral and {:.2} USDC of profit do not meet the initial margin of {:.2} USDC ({} of {:.2})",
        crate::fields::Money(entry.position.collateral),
        entry.pnl,
        entry.initial,
        entry.market.initial_margin,
        entry.notional
    );
    let needed = (entry.initial - entry.pnl).ceil();
    let most = (entry.position.collateral.usdc() + entry.pnl) / entry.market.initial_margin;
    let help = format!(
        "give at least \"{needed} USDC\" of collateral, or a notional of at most {:.0}",
        most.max(0.0).floor()
    );
    faults.error(&position.at.of("collateral"), message, help);
    false
}

fn check_cross_margin(agent: &Agent, account: &Account<'_>, faults: &mut Faults) -> bool {
    let Some(first) = account.entries.iter().find(|entry| entry.is_cross()) else { return true };
    let (equity, needed) = (account.equity(first), account.cross_initial());
    let is_covered = equity >= needed;
    if !is_covered {
        let message = format!(
            "{equity:.2} USDC behind the cross positions do not meet their initial margin of {needed:.2} USDC"
        );
        let help = format!(
            "give a wallet of at least \"{} USDC\", or smaller positions",
            (agent.wallet.0.usdc() + needed - equity).ceil()
        );
        faults.error(&agent.at.of("wallet"), message, help);
    }
    is_covered
}

fn check_health(
    account: &Account<'_>,
    entry: &Entry<'_>,
    position: &Position,
    faults: &mut Faults,
) -> bool {
    let (health, level) = (account.health_factor(entry), entry.market.liquidation_hf);
    if health > level {
        return true;
    }
    let message = format!(
        "the health factor at the start is {health:.3}, at or below liquidation_hf {level}: the venue closes it at once"
    );
    let field = if entry.is_cross() { "market" } else { "collateral" };
    faults.error(&position.at.of(field), message, "give more collateral or less notional");
    false
}

fn check_exposure(
    root: &Root,
    agent: &Agent,
    plan: &AgentPlan,
    account: &Account<'_>,
    faults: &mut Faults,
) {
    let Some(multiple) = root.exchange.max_gross_exposure else { return };
    let collateral: f64 = plan.positions.iter().map(|position| position.collateral.usdc()).sum();
    let most = multiple * (plan.wallet.usdc() + collateral);
    let gross: f64 = account.entries.iter().map(|entry| entry.notional).sum();
    if gross > most {
        let message = format!(
            "{gross:.2} USDC of notional exceed max_gross_exposure: {multiple} × wallet and collateral = {most:.2}"
        );
        faults.error(&agent.at.of("wallet"), message, "open less, or raise the bound");
    }
}

/// A stop must lie where a loss is.
fn check_stop(policy: &Policy, entry: &Entry<'_>, faults: &mut Faults) {
    let Some(stop) = policy.stop_loss.as_ref().filter(|stop| stop.enabled) else { return };
    let Some(price) = stop.price else { return };
    let is_long = entry.quantity > 0.0;
    if (is_long && price >= entry.mark) || (!is_long && price <= entry.mark) {
        let (side, right) = if is_long { ("long", "below") } else { ("short", "above") };
        let message = format!(
            "a stop at {price} is on the wrong side of the {side} {}, which starts at {}",
            entry.position.name, entry.mark
        );
        faults.error(&stop.at.of("price"), message, format!("set it {right} {}", entry.mark));
    }
}

/// Levels of the health factor that no price, or no price before the venue acts, can reach.
fn check_levels(
    policy: &Policy,
    account: &Account<'_>,
    entry: &Entry<'_>,
    position: &Position,
    faults: &mut Faults,
) {
    let start = account.health_factor(entry);
    let name = &entry.position.name;
    let mut levels: Vec<(&str, f64, Spot)> = Vec::new();
    if let Some(own) = active_top_up(policy).and(position.top_up.as_ref())
        && !entry.is_cross()
        && let Some(level) = own.warning_threshold
    {
        levels.push(("warning_threshold", level, own.at.of("warning_threshold")));
    }
    if let Some(kill) = policy.kill_switch.as_ref().filter(|kill| kill.enabled)
        && let Some(level) = kill.trigger_hf
    {
        levels.push(("trigger_hf", level, kill.at.of("trigger_hf")));
    }
    if let Some(reduce) = policy.reduce_to_target.as_ref().filter(|reduce| reduce.enabled) {
        levels.push(("trigger_hf", reduce.trigger_hf, reduce.at.of("trigger_hf")));
    }
    if let Some(stop) = policy.stop_loss.as_ref().filter(|stop| stop.enabled)
        && let Some(level) = stop.health_factor
    {
        levels.push(("health_factor", level, stop.at.of("health_factor")));
    }
    for (field, level, spot) in levels {
        if start < level {
            let message = format!(
                "{name} starts at a health factor of {start:.3}, below {field} {level}: the first look acts"
            );
            faults.warn(&spot, message, "");
        } else if level <= entry.market.liquidation_hf {
            let liquidation = entry.market.liquidation_hf;
            let message = format!(
                "{field} {level} can never bind for {name}: the venue closes at {liquidation}"
            );
            faults.warn(&spot, message, "set it above liquidation_hf");
        } else if !entry.is_cross() && account.price_at(entry, level).is_none() {
            let message = format!(
                "{field} {level} can never bind for {name}: its collateral keeps the health factor above it at any price"
            );
            faults.warn(&spot, message, "");
        }
    }
}

fn active_top_up(policy: &Policy) -> Option<&TopUp> {
    policy.top_up.as_ref().map(|top_up| &top_up.0).filter(|top_up| top_up.enabled)
}

/// Rules that cannot act in this account.
fn check_policy(
    agent: &Agent,
    policy: &Policy,
    plan: &AgentPlan,
    account: &Account<'_>,
    faults: &mut Faults,
) {
    let kill = policy.kill_switch.as_ref().filter(|kill| kill.enabled);
    if let Some(top_up) = active_top_up(policy) {
        let draws = agent.delegation.as_ref().is_some_and(|delegation| delegation.on_demand);
        if top_up.reserve_minimum.0 >= plan.wallet && !draws && !plan.positions.is_empty() {
            let message = format!(
                "reserve_minimum {} is not below the wallet of {}: no top-up is ever made",
                top_up.reserve_minimum, plan.name
            );
            faults.warn(&top_up.at.of("reserve_minimum"), message, "");
        }
        if plan.positions.iter().any(|position| position.mode == MarginMode::Cross) {
            let message = format!("a top-up has no effect on the cross positions of {}", plan.name);
            let help = "their health already counts the whole wallet";
            faults.warn(top_up.at.section(), message, help);
        }
        if top_up.fallback_to_kill_switch && kill.is_none() {
            let message = "fallback_to_kill_switch is on, but the kill switch is not enabled";
            faults.warn(&top_up.at.of("fallback_to_kill_switch"), message, "");
        }
    }
    let is_fallback = active_top_up(policy).is_some_and(|top_up| top_up.fallback_to_kill_switch);
    let Some(kill) = kill else {
        if policy.resume.as_ref().is_some_and(|resume| resume.enabled) {
            let message = "resume can never act: there is no kill switch";
            faults.warn(&policy.at.of("resume"), message, "");
        }
        return;
    };
    if kill.trigger_hf.is_none() && !is_fallback {
        let message = "the kill switch can never act: it has no trigger_hf and is no fallback";
        faults.warn(kill.at.section(), message, "give trigger_hf");
    }
    if kill.scope == KillScopeName::AboveLeverage && !account.entries.is_empty() {
        check_leverage(kill.leverage_threshold, &kill.at.of("leverage_threshold"), account, faults);
    }
}

/// Effective leverage is notional / equity: the venue closes before it passes 1 / (h·r).
fn check_leverage(threshold: f64, spot: &Spot, account: &Account<'_>, faults: &mut Faults) {
    let most = account.entries.iter().map(|entry| {
        let rate = entry.market.maintenance.at(entry.notional).rate;
        1.0 / (entry.market.liquidation_hf * rate)
    });
    let most = most.fold(0.0, f64::max);
    if threshold >= most {
        let message = format!(
            "leverage_threshold {threshold} can never bind: margin permits an effective leverage of at most {most:.2} before the venue closes"
        );
        faults.warn(spot, message, "set it lower");
    }
}
