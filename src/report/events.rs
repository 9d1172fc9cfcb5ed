//! `events.csv`: what happened on the traced paths.

use std::borrow::Cow;
use std::io::{self, Write};

use super::number::exact;
use crate::engine::{About, Event, Plan};
use crate::ledger::AssetId;
use crate::study::{Trace, VariantSet};
use crate::units::time::to_iso;
use crate::venue::custody::Silo;

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
                &subject(&variant.plan, event),
                &exact(event.amount),
                if event.amount.is_nan() { "" } else { asset_name(&variant.plan, event.asset) },
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

/// What an event is about: the position, else what `about` says.
pub(super) fn subject<'a>(plan: &'a Plan, event: &Event) -> Cow<'a, str> {
    if let Some(position) = event.position {
        return plan.agents[event.agent].positions[position].name.as_str().into();
    }
    match event.about {
        About::Account => "account".into(),
        About::Loan(loan) => format!("loan {loan}").into(),
        About::Contract(contract) => format!("contract {contract}").into(),
        About::Agreement(index) => {
            let agreements = plan.prime.as_ref().map(|prime| &prime.agreements);
            match agreements.and_then(|agreements| agreements.get(index)) {
                Some(agreement) => format!("agreement {}", agreement.name).into(),
                None => format!("agreement {index}").into(),
            }
        }
        About::Service(service) => service.name().into(),
        About::Holding(asset) => asset_name(plan, asset).into(),
        About::Fleet(index) => plan.fleets[index].name.as_str().into(),
        About::Price(asset) => plan.assets.get(asset).map_or("", String::as_str).into(),
        About::Move(from, to) => format!("{} to {}", silo_name(from), silo_name(to)).into(),
    }
}

/// Name of an asset of the ledger; without prime brokerage there is but USDC.
pub(super) fn asset_name(plan: &Plan, asset: AssetId) -> &str {
    plan.prime.as_ref().map_or("USDC", |prime| prime.asset_name(asset))
}

const fn silo_name(silo: Silo) -> &'static str {
    match silo {
        Silo::Of(service) => service.name(),
        Silo::Main => "main",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EventKind;
    use crate::report::testing::{ETH, event, prime_scenario, trace_of, variants};
    use crate::venue::custody::Service;

    #[test]
    fn subjects_and_assets_of_prime_brokerage() {
        let rows = [
            (About::Account, ETH, "account", "ETH"),
            (About::Loan(3), ETH, "loan 3", "ETH"),
            (About::Contract(12), AssetId(0), "contract 12", "USDC"),
            (About::Agreement(0), AssetId(0), "agreement daily", "USDC"),
            (About::Service(Service::Casino), AssetId(0), "casino", "USDC"),
            (About::Holding(ETH), ETH, "ETH", "ETH"),
            (About::Move(Silo::Main, Silo::Of(Service::Trading)), ETH, "main to trading", "ETH"),
        ];
        let told = rows.iter().map(|&(about, asset, ..)| Event {
            about,
            asset,
            amount: 0.5,
            ..event(1, EventKind::Obliged)
        });
        let mut told: Vec<Event> = told.collect();
        told.push(Event { position: Some(0), ..event(1, EventKind::Rebalanced) });
        let set = variants(&prime_scenario());
        let mut bytes = Vec::new();
        write_csv(&mut bytes, &set, &[trace_of(told)]).unwrap();
        let mut table = csv::Reader::from_reader(&bytes[..]);
        let got: Vec<(String, String)> =
            table.records().map(|row| row.unwrap()).map(|r| (r[4].into(), r[6].into())).collect();
        for (row, (_, _, subject, asset)) in got.iter().zip(rows) {
            assert_eq!((row.0.as_str(), row.1.as_str()), (subject, asset));
        }
        // No amount, no asset.
        assert_eq!(got[7], ("BTC-PERP".to_owned(), String::new()));
    }
}
