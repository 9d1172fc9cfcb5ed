//! Names that must be unique or known.

use std::collections::BTreeSet;

use crate::fields::{Faults, nearest};
use crate::scenario::format::{Agent, NullPolicy, Root};

/// Agents, positions and the markets of top-ups.
pub(super) fn check(root: &Root, faults: &mut Faults) {
    no_drift(root, faults);
    let mut agents = BTreeSet::new();
    for agent in &root.agent {
        if agent.at.sound(&["name"]) && !agents.insert(&agent.name.0) {
            let message = format!("a second agent is called {}", agent.name.0);
            faults.error(&agent.at.of("name"), message, "give it another name");
        }
        let mut positions = BTreeSet::new();
        for position in &agent.position {
            let Some(name) = &position.name else { continue };
            if position.at.sound(&["name", "market"]) && !positions.insert(&name.0) {
                let message = format!("a second position of {} is called {}", agent.name.0, name.0);
                let field = if position.at.has("name") { "name" } else { "market" };
                faults.error(&position.at.of(field), message, "give it a name of its own");
            }
        }
        check_top_up_markets(root, agent, faults);
    }
}

fn check_top_up_markets(root: &Root, agent: &Agent, faults: &mut Faults) {
    let Some(top_up) = agent.policy.as_ref().and_then(|policy| policy.top_up.as_ref()) else {
        return;
    };
    if !root.at.sound(&["markets"]) {
        return;
    }
    for (name, thresholds) in &top_up.0.markets {
        if !root.markets.contains_key(name) {
            let known: Vec<&str> = root.markets.keys().map(String::as_str).collect();
            let help = match nearest(name, &known) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("known: {}", known.join(", ")),
            };
            faults.error(thresholds.at.section(), format!("unknown market {name}"), help);
        }
    }
}

/// Without a drift there is nothing to leave out.
fn no_drift(root: &Root, faults: &mut Faults) {
    let asked = root.nulls.contains(&NullPolicy::NoDrift) && root.at.sound(&["nulls", "prices"]);
    if asked && !root.prices.has_drift() {
        let message = "no_drift is asked for, but correlations do not drift";
        let help = "give [prices.correlation_drift], or leave no_drift out";
        faults.error(&root.at.of("nulls"), message, help);
    }
}
