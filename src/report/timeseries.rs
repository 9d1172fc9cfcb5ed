//! `timeseries.csv`: accounts and open positions of the traced paths at evenly spread instants.
//!
//! A row with an empty `position` is the account's; the others are one per open position.

use std::io::{self, Write};

use super::number::exact;
use crate::study::{Trace, VariantSet};
use crate::units::time::to_iso;

const COLUMNS: [&str; 11] = [
    "variant",
    "path",
    "time",
    "agent",
    "position",
    "wallet",
    "equity",
    "utilisation",
    "mark",
    "health_factor",
    "liquidation_price",
];

pub(super) fn write_csv(
    out: &mut impl Write,
    set: &VariantSet,
    traces: &[Trace],
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(COLUMNS)?;
    for trace in traces {
        let variant = &set.all()[trace.variant];
        let path = trace.path.to_string();
        for sample in &trace.samples {
            let time = to_iso(sample.time_ms);
            let start = [variant.name.as_str(), path.as_str(), time.as_str()];
            for account in &sample.accounts {
                let agent = &variant.plan.agents[account.agent];
                table.write_record(start.iter().copied().chain([
                    agent.name.as_str(),
                    "",
                    &exact(account.wallet),
                    &exact(account.equity),
                    &exact(account.utilisation),
                    "",
                    "",
                    "",
                ]))?;
            }
            for position in &sample.positions {
                let agent = &variant.plan.agents[position.agent];
                table.write_record(start.iter().copied().chain([
                    agent.name.as_str(),
                    &agent.positions[position.position].name,
                    "",
                    "",
                    "",
                    &exact(position.mark),
                    &exact(position.health_factor),
                    &exact(position.liquidation_price),
                ]))?;
            }
        }
    }
    table.flush()
}
