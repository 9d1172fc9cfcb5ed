//! The utilisation policy against itself, its latency and the margin call.

use super::is_written;
use crate::fields::{Faults, Places};
use crate::scenario::format::{Policy, Root, UtilisationPolicy};

pub(super) fn check(root: &Root, policy: &Policy, faults: &mut Faults) {
    let Some(spec) = policy.utilisation.as_ref().filter(|spec| spec.enabled) else { return };
    check_order(spec, faults);
    if policy.latency >= spec.poll && policy.at.sound(&["latency"]) && spec.at.sound(&["poll"]) {
        let message =
            format!("a latency of {} is not below a poll of {}", policy.latency, spec.poll);
        let spot =
            if policy.at.has("latency") { policy.at.of("latency") } else { spec.at.of("poll") };
        faults.error(&spot, message, "latency < policy.utilisation.poll");
    }
    let Some(call) = &root.margin_call else { return };
    if spec.red > call.ratio
        && (is_own(&spec.at, "red", faults) || is_own(&call.at, "ratio", faults))
    {
        let message = format!(
            "red {} lies above margin_call.ratio {}: the broker calls first",
            spec.red.0, call.ratio.0
        );
        faults.warn(&spec.at.of("red"), message, "");
    }
}

fn is_own(at: &Places, field: &str, faults: &Faults) -> bool {
    at.has(field) && is_written(&at.of(field), faults)
}

fn check_order(spec: &UtilisationPolicy, faults: &mut Faults) {
    let at = &spec.at;
    let bounds = [("yellow", spec.yellow.0), ("orange", spec.orange.0), ("red", spec.red.0)];
    for pair in bounds.windows(2) {
        below(at, pair[0], pair[1], faults);
    }
    below(at, ("hysteresis", spec.hysteresis.0), ("yellow", spec.yellow.0), faults);
    let Some(rebalance) = spec.rebalance.as_ref().filter(|rebalance| rebalance.enabled) else {
        return;
    };
    let target = rebalance.target.0;
    let spot = rebalance.at.of("target");
    if !rebalance.at.sound(&["target"]) || !at.sound(&["orange", "yellow"]) {
    } else if target >= spec.orange.0 {
        let message = format!("target {target} is not below orange {}", spec.orange.0);
        faults.error(&spot, message, "a rebalance comes back to below where it begins");
    } else if target >= spec.yellow.0 {
        let message = format!("target {target} is not below yellow {}", spec.yellow.0);
        faults.warn(&spot, message, "what is discretionary is reduced in yellow only above it");
    }
}

fn below(at: &Places, low: (&str, f64), high: (&str, f64), faults: &mut Faults) {
    if low.1 < high.1 || !at.sound(&[low.0, high.0]) {
        return;
    }
    let field = if at.has(low.0) { low.0 } else { high.0 };
    let message = format!("{} {} is not below {} {}", low.0, low.1, high.0, high.1);
    faults.error(&at.of(field), message, format!("{} < {}", low.0, high.0));
}
