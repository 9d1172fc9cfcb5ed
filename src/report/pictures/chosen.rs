//! What a chart of one path shows where there is too much for it: those to whom most happened.

use std::collections::BTreeMap;

use super::super::shown::ALL_UP_TO;
use crate::engine::Plan;
use crate::study::{Trace, Variant};

/// Lines of a chart where not all are shown.
const LINES: usize = 6;

/// Positions of a variant, as (agent, position): all, or of many those whose health factor was the
/// lowest on a path, in the order of the plan.
pub(super) fn positions(trace: &Trace, plan: &Plan) -> Vec<(usize, usize)> {
    let all: Vec<(usize, usize)> = (plan.agents.iter().enumerate())
        .flat_map(|(agent, spec)| (0..spec.positions.len()).map(move |position| (agent, position)))
        .collect();
    let mut lowest: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for sample in trace.samples.iter().flat_map(|sample| &sample.positions) {
        let least = lowest.entry((sample.agent, sample.position)).or_insert(f64::INFINITY);
        *least = least.min(sample.health_factor);
    }
    few(all, |position| lowest.get(position).copied().unwrap_or(f64::INFINITY))
}

/// Agents of a variant: all, or of many those whose utilisation was the highest on a path, in the
/// order of the plan.
pub(super) fn accounts(trace: &Trace, plan: &Plan) -> Vec<usize> {
    let mut highest = vec![0.0_f64; plan.agents.len()];
    for account in trace.samples.iter().flat_map(|sample| &sample.accounts) {
        highest[account.agent] = highest[account.agent].max(account.utilisation);
    }
    few((0..plan.agents.len()).collect(), |agent| -highest[*agent])
}

/// Assets of a plan: all up to `most`, else those on whose positions most happened under some
/// variants on a path, in the order of the plan.
pub(super) fn assets(traces: &[(&Trace, &Variant)], plan: &Plan, most: usize) -> Vec<usize> {
    let mut events = vec![0_u64; plan.assets.len()];
    for (trace, variant) in traces {
        for event in &trace.events {
            let of_agent = &variant.plan.agents[event.agent].positions;
            let position = event.position.and_then(|position| of_agent.get(position));
            if let Some(position) = position {
                events[variant.plan.exchange.markets[position.market].asset] += 1;
            }
        }
    }
    let mut assets: Vec<usize> = (0..plan.assets.len()).collect();
    if assets.len() > most {
        assets.sort_by_key(|asset| std::cmp::Reverse(events[*asset]));
        assets.truncate(most);
        assets.sort_unstable();
    }
    assets
}

/// All of a few; of many those of lowest rank.
fn few<T: Ord>(mut all: Vec<T>, rank: impl Fn(&T) -> f64) -> Vec<T> {
    if all.len() > ALL_UP_TO {
        all.sort_by(|one, other| rank(one).total_cmp(&rank(other)));
        all.truncate(LINES);
        all.sort_unstable();
    }
    all
}

/// `, 6 of 172 positions: the lowest`; nothing where all are shown.
pub(super) fn of_how_many(shown: usize, all: usize, what: &str) -> String {
    if shown < all { format!(", {shown} of {all} {what}") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_the_lowest_in_their_order() {
        // Twenty ranked 20 − i: the last six have the lowest.
        assert_eq!(few((0..20).collect(), |i| 20.0 - f64::from(*i)), (14..20).collect::<Vec<_>>());
        assert_eq!(few((0..12).collect(), |i| -f64::from(*i)), (0..12).collect::<Vec<_>>());
        assert_eq!(of_how_many(6, 172, "positions"), ", 6 of 172 positions");
        assert_eq!(of_how_many(6, 6, "positions"), "");
    }
}
