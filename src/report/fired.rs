//! `fired_rules.csv`: how often each rule fired, and which were never tested.

use std::io::{self, Write};

use crate::engine::{Plan, Rule};
use crate::study::{StudyResult, VariantSet};

/// What is said of a rule in the tables.
fn note(plan: &Plan, agent: usize, rule: Rule, count: u64) -> &'static str {
    let armed =
        if agent < plan.agents.len() { plan.arms_for(rule, agent) } else { plan.arms(rule) };
    match (count, armed) {
        (1.., _) => "",
        (0, true) => "never fired: not tested",
        (0, false) => "not switched on",
    }
}

pub(super) fn write_csv(
    out: &mut impl Write,
    set: &VariantSet,
    result: &StudyResult,
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["variant", "agent", "rule", "count", "paths_with", "note"])?;
    for (variant, plan) in result.variants.iter().zip(set.all()) {
        for (index, agent) in variant.agents.iter().enumerate() {
            for &rule in Rule::ALL {
                let fired = agent.fired(rule);
                table.write_record([
                    variant.name.as_str(),
                    &agent.name,
                    rule.name(),
                    &fired.count.to_string(),
                    &fired.paths.to_string(),
                    note(&plan.plan, index, rule, fired.count),
                ])?;
            }
        }
    }
    table.flush()
}
