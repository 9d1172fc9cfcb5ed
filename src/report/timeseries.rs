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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::PositionSample;
    use crate::report::testing::{T0, prime_scenario, trace_of, variants};
    use crate::study::Sample;

    fn written(prime: bool) -> String {
        let mut scenario = prime_scenario();
        scenario.plan.prime = scenario.plan.prime.filter(|_| prime);
        let account = AccountSample {
            agent: 0,
            wallet: 600.0,
            equity: 7_280.0,
            utilisation: 0.65,
            capital: 0.0,
            reserved: 0.0,
            trading: 1_000.0,
            escrow: 23.0,
            services: 5.5,
            free: 577.0,
            lent: 2_272.0,
            recalled: 1_136.0,
            holdings: 3_408.0,
            dry_powder: 0.0,
            in_transit: 0.0,
        };
        let position = PositionSample {
            agent: 0,
            position: 0,
            health_factor: 2.0,
            mark: 88_500.0,
            liquidation_price: f64::NAN,
        };
        let mut trace = trace_of(Vec::new());
        trace.samples.push(Sample {
            time_ms: T0,
            accounts: vec![account],
            positions: vec![position],
        });
        let mut bytes = Vec::new();
        write_csv(&mut bytes, &variants(&scenario), &[trace]).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn prime_brokerage_adds_columns_and_takes_none() {
        let plain = "variant,path,time,agent,position,wallet,equity,utilisation,mark,\
                     health_factor,liquidation_price\n\
                     guarded,2,2025-10-10T00:00:00Z,alice,,600,7280,0.65,,,\n\
                     guarded,2,2025-10-10T00:00:00Z,alice,BTC-PERP,,,,88500,2,\n";
        assert_eq!(written(false), plain);
        let more = [
            ",trading,escrow,services,free,lent,recalled,holdings",
            ",1000,23,5.5,577,2272,1136,3408",
            ",,,,,,,",
        ];
        let lines = plain.lines().zip(more);
        let wanted: String = lines.map(|(line, more)| format!("{line}{more}\n")).collect();
        assert_eq!(written(true), wanted);
    }
}
