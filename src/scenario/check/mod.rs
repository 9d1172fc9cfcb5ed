//! What is wrong or odd though every field is readable.

mod fleet;
mod impact;
mod limits;
mod margin;
mod names;
mod prime;
mod risk;
mod thresholds;
mod timing;

use super::build::{Built, start_prices};
use super::entry::Account;
use super::format::{Agent, Root};
use crate::fields::Faults;

/// Fields of the document that the plan as a whole hangs on.
const PLAN_FIELDS: [&str; 10] = [
    "paths",
    "prices",
    "exchange",
    "markets",
    "custody",
    "holdings",
    "agreements",
    "lending",
    "services",
    "fleet",
];

/// Judges fields together, and the plan that they make.
pub(super) fn check(root: &Root, built: Option<&Built>, faults: &mut Faults) {
    names::check(root, faults);
    thresholds::check(root, faults);
    prime::check(root, faults);
    fleet::check(root, faults);
    timing::check_counts(root, faults);
    impact::check(root, faults);
    // What is built on stand-ins for unusable fields says nothing.
    let is_sound = root.at.sound(&PLAN_FIELDS);
    let Some(built) = built.filter(|_| is_sound) else { return };
    timing::check(root, &built.prices, faults);
    if root.at.sound(&["risk", "agent"]) {
        risk::check(root, &built.prices, faults);
    }
    limits::check(root, built, faults);
    prime::check_plan(root, built, faults);
    fleet::check_plan(root, built, faults);
    let start = start_prices(&built.prices);
    impact::check_plan(root, &built.plan, &start, faults);
    let is_sound = |agent: &&Agent| agent.at.sound(&["name", "wallet", "position"]);
    for agent in root.agent.iter().filter(is_sound) {
        let plan = built.plan.agent_called(&agent.name.0);
        if let Some(plan) = plan.filter(|plan| plan.positions.len() == agent.position.len()) {
            let account = Account::of(&built.plan, plan, &start);
            if account.entries.len() == agent.position.len() {
                margin::check(root, agent, plan, &account, faults);
            }
        }
    }
}
