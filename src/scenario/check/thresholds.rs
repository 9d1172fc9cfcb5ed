//! Thresholds that must stand in order.

use crate::fields::{Faults, Places};
use crate::scenario::format::{
    ForceCloseKind, Market, OwnThresholds, Policy, Position, Root, StopLoss, ZoneLevels,
};

/// Markets, policies and positions.
pub(super) fn check(root: &Root, faults: &mut Faults) {
    for market in root.markets.values() {
        check_market(market, faults);
    }
    for agent in &root.agent {
        if let Some(policy) = &agent.policy {
            check_policy(policy, faults);
        }
        for position in &agent.position {
            let Some(market) = root.markets.get(&position.market.0) else { continue };
            if let Some(zones) = &position.zones {
                check_zones(zones, market, faults);
            }
            if let (Some(policy), Some(own)) = (&agent.policy, &position.top_up) {
                check_top_up(policy, own, position, market, faults);
            }
        }
    }
}

/// Reports `low` where it is not below `high`.
fn ascending(
    at: &Places,
    (low_name, low): (&str, f64),
    (high_name, high): (&str, f64),
    faults: &mut Faults,
) -> bool {
    if low < high || !at.sound(&[low_name, high_name]) {
        return true;
    }
    let spot = if at.has(low_name) { at.of(low_name) } else { at.of(high_name) };
    let message = format!("{low_name} {low} is not below {high_name} {high}");
    faults.error(&spot, message, format!("{low_name} < {high_name}"));
    false
}

fn check_market(market: &Market, faults: &mut Faults) {
    let terms = &market.terms;
    let at = &terms.at;
    check_zones(&terms.zones, market, faults);
    let lowest_rate = match &terms.brackets {
        Some(rows) => rows.first().map_or(0.0, |row| row.rate.0),
        None => terms.maintenance_margin.map_or(0.0, |rate| rate.0),
    };
    let initial = terms.initial_margin.0;
    if initial < lowest_rate && at.sound(&["initial_margin", "maintenance_margin", "brackets"]) {
        let message =
            format!("initial_margin {initial} is below the maintenance margin {lowest_rate}");
        let spot = ["initial_margin", "maintenance_margin", "brackets"]
            .into_iter()
            .find(|name| at.has(name))
            .map_or_else(|| at.of("initial_margin"), |name| at.of(name));
        faults.error(&spot, message, "a position would open below its maintenance margin");
    }
    if let ForceCloseKind::ToTarget(target) = &terms.force_close
        && target.target_hf <= terms.liquidation_hf
        && target.at.sound(&["target_hf"])
    {
        let message = format!(
            "target_hf {} is not above liquidation_hf {}",
            target.target_hf, terms.liquidation_hf
        );
        faults.error(&target.at.of("target_hf"), message, "what is left would be closed again");
    }
}

fn check_zones(zones: &ZoneLevels, market: &Market, faults: &mut Faults) {
    let danger = zones.danger.unwrap_or(market.terms.liquidation_hf);
    ascending(&zones.at, ("danger", danger), ("warning", zones.warning), faults);
    ascending(&zones.at, ("warning", zones.warning), ("safe", zones.safe), faults);
    if danger < market.terms.liquidation_hf && zones.at.has("danger") {
        let message = format!(
            "danger {danger} lies below liquidation_hf {}: part of the zone is never seen",
            market.terms.liquidation_hf
        );
        faults.warn(&zones.at.of("danger"), message, "leave it out to make them one");
    }
}

fn check_policy(policy: &Policy, faults: &mut Faults) {
    if let Some(reduce) = &policy.reduce_to_target {
        let trigger = ("trigger_hf", reduce.trigger_hf);
        ascending(&reduce.at, trigger, ("target_hf", reduce.target_hf), faults);
    }
    if let Some(stop) = &policy.stop_loss {
        check_stop(stop, faults);
    }
    let Some(top_up) = policy.top_up.as_ref().map(|top_up| &top_up.0) else { return };
    check_order(
        &top_up.at,
        top_up.danger_threshold,
        top_up.warning_threshold,
        top_up.target_health_factor,
        faults,
    );
    if top_up.max_topup_per_day < top_up.max_topup_per_event {
        let message = format!(
            "max_topup_per_day {} is below max_topup_per_event {}, which never binds",
            top_up.max_topup_per_day, top_up.max_topup_per_event
        );
        faults.warn(&top_up.at.of("max_topup_per_day"), message, "");
    }
}

/// danger < warning ≤ target.
fn check_order(at: &Places, danger: f64, warning: f64, target: f64, faults: &mut Faults) {
    ascending(at, ("danger_threshold", danger), ("warning_threshold", warning), faults);
    if warning == target {
        let message = format!("warning_threshold and target_health_factor are both {warning}");
        let help = "a top-up lifts a position to where the next is due: set the target higher";
        faults.warn(&at.of("warning_threshold"), message, help);
        return;
    }
    let names = (("warning_threshold", warning), ("target_health_factor", target));
    ascending(at, names.0, names.1, faults);
}

fn check_stop(stop: &StopLoss, faults: &mut Faults) {
    let fields = ["price", "loss", "health_factor"];
    let given: Vec<&str> = fields.into_iter().filter(|name| stop.at.has(name)).collect();
    if given.len() != 1 && stop.at.sound(&fields) {
        let message = match given.len() {
            0 => "none of price, loss and health_factor is given".to_owned(),
            _ => format!("{} are given together", given.join(" and ")),
        };
        faults.error(stop.at.section(), message, "give exactly one");
    }
}

/// The thresholds that hold for a position, against each other and against its market.
fn check_top_up(
    policy: &Policy,
    own: &OwnThresholds,
    position: &Position,
    market: &Market,
    faults: &mut Faults,
) {
    let Some(top_up) = policy.top_up.as_ref().map(|top_up| &top_up.0).filter(|t| t.enabled) else {
        return;
    };
    let levels = (own.danger_threshold, own.warning_threshold, own.target_health_factor);
    let (Some(danger), Some(warning), Some(target)) = levels else { return };
    let of_policy =
        (top_up.danger_threshold, top_up.warning_threshold, top_up.target_health_factor);
    if (danger, warning, target) != of_policy {
        check_order(&own.at, danger, warning, target, faults);
    }
    let liquidation = market.terms.liquidation_hf;
    let sound = own.at.sound(&["danger_threshold"]) && market.terms.at.sound(&["liquidation_hf"]);
    let is_fallback = policy.kill_switch.as_ref().is_some_and(|kill| kill.enabled);
    if top_up.fallback_to_kill_switch && is_fallback && danger <= liquidation && sound {
        let message = format!(
            "danger_threshold {danger} is not above liquidation_hf {liquidation} of {}",
            position.market.0
        );
        let help = "the venue closes first, and the kill switch never acts in danger";
        faults.error(&own.at.of("danger_threshold"), message, help);
    }
    if warning <= liquidation && own.at.sound(&["warning_threshold"]) {
        let message = format!(
            "warning_threshold {warning} is not above liquidation_hf {liquidation} of {}",
            position.market.0
        );
        faults.error(&own.at.of("warning_threshold"), message, "the venue closes first");
    }
}
