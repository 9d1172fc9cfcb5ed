//! `timeseries.csv`: accounts and open positions of the traced paths at evenly spread instants.
//!
//! A row with an empty `position` is the account's; the others are one per open position. With
//! prime brokerage the account's rows go on with what its money is used for, USDC at mark.

use std::io::{self, Write};

use super::number::exact;
use crate::engine::AccountSample;
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

const PRIME_COLUMNS: [&str; 7] =
    ["trading", "escrow", "services", "free", "lent", "recalled", "holdings"];

fn prime_values(account: &AccountSample) -> [f64; 7] {
    let AccountSample { trading, escrow, services, free, lent, recalled, holdings, .. } = *account;
    [trading, escrow, services, free, lent, recalled, holdings]
}

pub(super) fn write_csv(
    out: &mut impl Write,
    set: &VariantSet,
    traces: &[Trace],
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let prime = set.all().iter().any(|variant| variant.plan.prime.is_some());
    let more = if prime { PRIME_COLUMNS.len() } else { 0 };
    table.write_record(COLUMNS.iter().chain(&PRIME_COLUMNS[..more]))?;
    for trace in traces {
        let variant = &set.all()[trace.variant];
        let path = trace.path.to_string();
        for sample in &trace.samples {
            let time = to_iso(sample.time_ms);
            let start = [variant.name.as_str(), path.as_str(), time.as_str()];
            for account in &sample.accounts {
                let agent = &variant.plan.agents[account.agent];
                let used = prime_values(account).map(exact);
                let row = [
                    agent.name.as_str(),
                    "",
                    &exact(account.wallet),
                    &exact(account.equity),
                    &exact(account.utilisation),
                    "",
                    "",
                    "",
                ];
                let used = used[..more].iter().map(String::as_str);
                table.write_record(start.iter().copied().chain(row).chain(used))?;
            }
            for position in &sample.positions {
                let agent = &variant.plan.agents[position.agent];
                let row = [
                    agent.name.as_str(),
                    &agent.positions[position.position].name,
                    "",
                    "",
                    "",
                    &exact(position.mark),
                    &exact(position.health_factor),
                    &exact(position.liquidation_price),
                ];
                let unused = std::iter::repeat_n("", more);
                table.write_record(start.iter().copied().chain(row).chain(unused))?;
            }
        }
    }
    table.flush()
}
