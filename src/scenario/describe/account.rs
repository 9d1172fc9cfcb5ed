//! Positions in words, and how far away their thresholds are.

use std::fmt::Write;

use super::percent;
use crate::engine::AgentPlan;
use crate::fields::Money;
use crate::policy::TopUpThresholds;
use crate::prices::Prices;
use crate::scenario::Scenario;
use crate::scenario::entry::{Account, Entry};
use crate::units::time::YEAR_MS;

/// The 99.9 % quantile of |z| for a standard normal z.
const Z_999: f64 = 3.290_526_731_491_926;

/// Writes every position of an account.
pub(super) fn write(
    text: &mut String,
    scenario: &Scenario,
    agent: &AgentPlan,
    account: &Account<'_>,
) {
    for (entry, thresholds) in account.entries.iter().zip(&agent.thresholds) {
        let side = if entry.quantity > 0.0 { "long" } else { "short" };
        let margin = if entry.is_cross() {
            "cross margin".to_owned()
        } else {
            format!("isolated, collateral {}", Money(entry.position.collateral))
        };
        let equity = account.equity(entry);
        let _ = writeln!(
            text,
            "  {} {side} {:.2} USDC ({} units at {}), {margin}",
            entry.position.name, entry.notional, entry.quantity, entry.entry_price
        );
        let _ = writeln!(
            text,
            "    health factor {:.4}, effective leverage {:.2}",
            account.health_factor(entry),
            entry.notional / equity
        );
        let minute = minute_move(&scenario.prices, entry.market.asset);
        for (name, level) in levels(agent, entry, thresholds) {
            let _ = writeln!(text, "    {name:<22} {}", distance(account, entry, level, minute));
        }
    }
}

/// The health factors that anything happens at, highest first.
fn levels(
    agent: &AgentPlan,
    entry: &Entry<'_>,
    thresholds: &TopUpThresholds,
) -> Vec<(String, f64)> {
    let mut levels =
        vec![(format!("liquidation {}", entry.market.liquidation_hf), entry.market.liquidation_hf)];
    let mut add = |name: &str, level: f64| levels.push((format!("{name} {level}"), level));
    let guard = &agent.guard;
    if let Some(top_up) = guard.active_top_up().filter(|_| !entry.is_cross()) {
        add("top-up below", thresholds.warning);
        if top_up.fallback_to_kill_switch && guard.active_kill_switch().is_some() {
            add("danger below", thresholds.danger);
        }
    }
    if let Some(level) = guard.active_kill_switch().and_then(|kill| kill.trigger_hf) {
        add("kill below", level);
    }
    if let Some(reduce) = guard.active_reduce() {
        add("reduce below", reduce.trigger_hf);
    }
    levels.sort_by(|one, other| other.1.total_cmp(&one.1));
    levels
}

fn distance(account: &Account<'_>, entry: &Entry<'_>, level: f64, minute: Option<f64>) -> String {
    let Some(price) = account.price_at(entry, level) else {
        return "at no price".to_owned();
    };
    let change = price / entry.mark - 1.0;
    let sign = if change > 0.0 { "+" } else { "" };
    let mut words = format!("at {}, a move of {sign}{}", short(price), percent(change));
    if let Some(minute) = minute.filter(|minute| *minute > 0.0) {
        let _ = write!(words, " = {:.1} × the 99.9 % one-minute move", change.abs() / minute);
    }
    if entry.is_cross() {
        words.push_str(" (others unmoved)");
    }
    words
}

/// A price with two decimals, or six digits where it is small.
fn short(price: f64) -> String {
    if price >= 1_000.0 { format!("{price:.2}") } else { format!("{price:.6}") }
}

/// The move of a minute that 999 of 1000 stay below, as a part of the price; known for models
/// (their diffusion alone).
fn minute_move(prices: &Prices, asset: usize) -> Option<f64> {
    match prices {
        Prices::Model(model) => {
            let volatility = model.assets.get(asset)?.volatility;
            Some(Z_999 * volatility * (60_000.0 / YEAR_MS as f64).sqrt())
        }
        Prices::History(_) => None,
    }
}
