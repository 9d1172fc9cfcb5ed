//! Shocks of a generated case: often, overlapping, some without strength.

use std::sync::Arc;

use drypowder::engine::{Plan, VenuePart, VenueShock, VenueShockKind};
use drypowder::prices::{Onset, Shock, ShockKind};

use super::{CasePrices, Draw, Scale};

/// Falls and rises on top of a history.
pub fn to_history(draw: &mut Draw, prices: &mut CasePrices, scale: Scale) {
    if !draw.chance(0.3) {
        return;
    }
    let count = draw.count(1, 2);
    let shocks: Vec<(String, Option<i64>, i64)> = (0..count)
        .map(|index| (format!("fall {index}"), after(draw, scale), over(draw, scale)))
        .collect();
    if let CasePrices::Replay(spec) = prices {
        let spec = Arc::make_mut(spec);
        for (name, after_ms, over_ms) in shocks {
            let sizes = spec.assets.iter().map(|_| 8.0 * scale.sigma * draw.normal()).collect();
            spec.shocks.push(Shock::new(&name, after_ms, over_ms, ShockKind::Crash(sizes)));
        }
    }
}

/// Thin books and funding.
pub fn to_venue(draw: &mut Draw, plan: &Plan, scale: Scale) -> Vec<VenueShock> {
    let mut shocks = Vec::new();
    if draw.chance(0.4) {
        for index in 0..draw.count(1, 3) {
            let factors = plan.assets.iter().map(|_| draw.pick(&[1.0, 4.0, 25.0])).collect();
            let rates = plan.exchange.markets.iter().map(|_| draw.pick(&[0.0, -0.02, 0.02]));
            let rates: Vec<f64> = rates.collect();
            let kind = match draw.whole(0, 1) {
                0 => VenueShockKind::Liquidity(factors),
                _ => VenueShockKind::Funding(rates),
            };
            shocks.push(shock(draw, format!("venue {index}"), scale, kind));
        }
    }
    shocks
}

/// Dear loans and recalls that fail.
pub fn to_lending(draw: &mut Draw, plan: &Plan, scale: Scale) -> Vec<VenueShock> {
    let pools = plan.prime.as_ref().map_or(0, |prime| prime.lending.pools.len());
    let mut shocks = Vec::new();
    if draw.chance(0.5) {
        for index in 0..draw.count(1, 2) {
            let rates = (0..pools).map(|_| draw.pick(&[0.0, 0.5, 3.0])).collect();
            let kind = match draw.whole(0, 1) {
                0 => VenueShockKind::BorrowRate(rates),
                _ => VenueShockKind::RecallFailure(draw.pick(&[0.0, 0.5, 1.0])),
            };
            shocks.push(shock(draw, format!("lending {index}"), scale, kind));
        }
    }
    shocks
}

fn shock(draw: &mut Draw, name: String, scale: Scale, kind: VenueShockKind) -> VenueShock {
    let (after_ms, length_ms) = (after(draw, scale), over(draw, scale));
    VenueShock {
        onset: Onset { name, after_ms, length_ms },
        step_ms: scale.tick_ms,
        steps: (scale.length_ms / scale.tick_ms) as usize,
        in_pairs: draw.chance(0.2),
        parts: vec![VenuePart { from_ms: 0, for_ms: length_ms, kind }],
    }
}

/// On ticks, between them, or drawn.
fn after(draw: &mut Draw, scale: Scale) -> Option<i64> {
    let at = draw.whole(0, scale.length_ms / scale.tick_ms) * scale.tick_ms;
    draw.chance(0.7).then_some(at + draw.pick(&[0, 0, 1, 333]))
}

fn over(draw: &mut Draw, scale: Scale) -> i64 {
    scale.tick_ms * draw.whole(0, 40) + draw.pick(&[0, 1, 777])
}
