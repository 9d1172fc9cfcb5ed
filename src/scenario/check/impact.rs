//! Impact that can do nothing, or more than its rule is made for.

use crate::engine::{ImpactSpec, Plan};
use crate::fields::Faults;
use crate::scenario::build::StartPrices;
use crate::scenario::entry::Entry;
use crate::scenario::format::{NullPolicy, Root};

/// A move of the price by all positions of one side that is worth a warning.
const MUCH: f64 = 0.5;
/// One that changes nothing.
const LITTLE: f64 = 1e-5;

/// Without impact there is nothing to leave out.
pub(super) fn check(root: &Root, faults: &mut Faults) {
    let asked = root.nulls.contains(&NullPolicy::NoImpact);
    let on = root.exchange.impact.as_ref().is_some_and(|impact| impact.strength > 0.0);
    let sound = root.at.sound(&["nulls", "exchange"]) && root.exchange.at.sound(&["impact"]);
    if asked && !on && sound {
        let message = "no_impact is asked for, but forced fills do not move prices";
        let help = "give [exchange.impact] with a strength above 0, or leave no_impact out";
        faults.error(&root.at.of("nulls"), message, help);
    }
}

/// By how much closing everything of one side at the start would move each price.
pub(super) fn check_plan(root: &Root, plan: &Plan, start: &StartPrices, faults: &mut Faults) {
    let (Some(form), Some(spec)) = (&root.exchange.impact, &plan.impact) else { return };
    let spot = form.at.section();
    let mut greatest: f64 = 0.0;
    for (asset, name) in plan.assets.iter().enumerate() {
        let [sold, bought] = sides(plan, asset, start);
        for (notional, what, sign) in [(sold, "longs", -1.0), (bought, "shorts", 1.0)] {
            let shift = sign * full_move(spec, asset, notional);
            greatest = greatest.max(shift.abs());
            if shift.abs() > MUCH {
                let volumes = notional / spec.assets[asset].daily_volume_usdc;
                let message = format!(
                    "force-closing all {what} on {name} at once, {volumes:.3} days' volume, would move its price by a factor of {:.3}: the rule is made for a part of a day's volume",
                    libm::exp(shift)
                );
                faults.warn(spot, message, "check daily_volume, and the sizes of positions");
            }
        }
    }
    if greatest < LITTLE {
        let message = "force-closing everything would move no price by as much as 0.001 %";
        faults.warn(spot, message, "check daily_volume, or leave the table out");
    }
}

/// Notional of all longs and of all shorts on an asset at the start, USDC.
fn sides(plan: &Plan, asset: usize, start: &StartPrices) -> [f64; 2] {
    let mut sides = [0.0; 2];
    for position in plan.agents.iter().flat_map(|agent| &agent.positions) {
        let entry = Entry::of(plan, position, start);
        if let Some(entry) = entry.filter(|entry| entry.market.asset == asset) {
            sides[usize::from(entry.quantity < 0.0)] += entry.notional;
        }
    }
    sides
}

fn full_move(spec: &ImpactSpec, asset: usize, notional: f64) -> f64 {
    let [permanent, decaying] = spec.assets[asset].moves(notional);
    spec.strength * (permanent + decaying)
}
