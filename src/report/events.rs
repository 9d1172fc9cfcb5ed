//! `events.csv`: what happened on the traced paths.

use std::io::{self, Write};

use super::number::exact;
use crate::engine::{AgentPlan, Event};
use crate::study::{Trace, VariantSet};
use crate::units::time::to_iso;

/// Columns of the contract, then two more. The asset is that of the amount; the price is that of
/// the fill, else the mark; costs are fee and penalty, which the amount of a close (its realised
/// profit) does not hold.
const COLUMNS: [&str; 13] = [
    "path",
    "time",
    "agent",
    "kind",
    "subject",
    "amount",
    "asset",
    "price",
    "health_factor",
    "utilisation",
    "reason",
    "variant",
    "costs",
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
        for event in &trace.events {
            let agent = &variant.plan.agents[event.agent];
            table.write_record([
                trace.path.to_string().as_str(),
                &to_iso(event.time_ms),
                &agent.name,
                event.kind.name(),
                subject(agent, event),
                &exact(event.amount),
                if event.amount.is_nan() { "" } else { "USDC" },
                &exact(event.price),
                &exact(event.health_factor),
                &exact(event.utilisation),
                event.reason,
                &variant.name,
                &exact(event.costs),
            ])?;
        }
    }
    table.flush()
}

/// The position that an event is about, or the account.
pub(super) fn subject<'a>(agent: &'a AgentPlan, event: &Event) -> &'a str {
    event.position.map_or("account", |position| &agent.positions[position].name)
}
