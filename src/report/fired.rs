//! `fired_rules.csv`: how often each rule fired, and which were never tested.

use std::io::{self, Write};

use crate::engine::Rule;
use crate::study::StudyResult;

pub(super) fn write_csv(out: &mut impl Write, result: &StudyResult) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["variant", "agent", "rule", "count", "paths_with", "note"])?;
    for variant in &result.variants {
        for agent in &variant.agents {
            for &rule in Rule::ALL {
                let fired = agent.fired(rule);
                table.write_record([
                    variant.name.as_str(),
                    &agent.name,
                    rule.name(),
                    &fired.count.to_string(),
                    &fired.paths.to_string(),
                    if fired.count == 0 { "never fired: not tested" } else { "" },
                ])?;
            }
        }
    }
    table.flush()
}
