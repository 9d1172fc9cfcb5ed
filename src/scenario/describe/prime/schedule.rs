//! What an agent does at given instants.

use std::fmt::Write;

use super::super::percent;
use super::{party, silo_name};
use crate::engine::Plan;
use crate::engine::prime::{PrimeAgent, PrimePlan, Scheme, TradeSize};
use crate::fields::{Duration, Money};
use crate::units::time::{NEVER_MS, to_iso};
use crate::venue::lending::{Collateral, LoanRate, LoanSpec, Party};
use crate::venue::spot::{Side, units};

/// Most entries of a schedule that are listed.
const LISTED_MAX: usize = 20;

/// Collateral and spans of a loan.
pub(super) fn secured(prime: &PrimePlan, spec: &LoanSpec) -> String {
    let asset = prime.asset_name(spec.collateral_asset);
    let posted = match spec.collateral {
        Collateral::Amount(amount) => format!("{} {asset}", units(spec.collateral_asset, amount)),
        Collateral::Ratio(ratio) => format!("{} in {asset}", percent(ratio)),
    };
    format!(
        "{posted} posted, called below {}; notice {}, grace {}",
        percent(spec.requirement),
        Duration { ms: spec.notice_ms },
        Duration { ms: spec.grace_ms }
    )
}

/// Writes the schedule of an agent.
pub(super) fn write_schedule(
    text: &mut String,
    plan: &Plan,
    prime: &PrimePlan,
    agent: &PrimeAgent,
) {
    for entry in agent.schedule.iter().take(LISTED_MAX) {
        let at = to_iso(entry.at_ms);
        let _ = writeln!(text, "  {at}: {}", action(plan, prime, &entry.action));
    }
    let more = agent.schedule.len().saturating_sub(LISTED_MAX);
    if more > 0 {
        let _ = writeln!(text, "  and {more} more");
    }
}

fn action(plan: &Plan, prime: &PrimePlan, action: &Scheme) -> String {
    match action {
        Scheme::Trade(asset, side, size) => {
            let name = prime.asset_name(*asset);
            let verb = if *side == Side::Buy { "buys" } else { "sells" };
            match size {
                TradeSize::Quantity(quantity) => format!("{verb} {} {name}", quantity.units()),
                TradeSize::Usdc(amount) => format!("{verb} {name} for {}", Money(*amount)),
                TradeSize::All => format!("{verb} all its free {name}"),
            }
        }
        Scheme::Loan { loan, spec } => {
            let amount = units(spec.asset, spec.amount);
            let rate = match spec.rate {
                LoanRate::Fixed(rate) => format!("{} a year", percent(rate)),
                LoanRate::Floating => "the pool's rate".to_owned(),
            };
            format!(
                "loan {loan}: {} lends {amount} {} to {} at {rate}; {}",
                lending_party(plan, spec.lender),
                prime.asset_name(spec.asset),
                lending_party(plan, spec.borrower),
                secured(prime, spec)
            )
        }
        Scheme::Recall(loan) => format!("asks loan {loan} back"),
        Scheme::Repay(loan) => format!("gives loan {loan} back"),
        Scheme::Contract { contract, spec, .. } => {
            let confirmed = spec.conduct.confirm_ms.iter().all(|ms| *ms != NEVER_MS);
            let end = match (spec.conduct.dispute, confirmed) {
                (Some(_), _) => "disputed",
                (None, true) => "confirmed by both",
                (None, false) => "not confirmed by both",
            };
            format!(
                "contract {contract}: {} pays {} to {}, {end}",
                party(plan, spec.payer),
                Money(spec.amount),
                party(plan, spec.payee)
            )
        }
        Scheme::Oblige { agreement, payee, amount } => format!(
            "owes {} {} under {}",
            party(plan, *payee),
            Money(*amount),
            prime.agreements[*agreement].name
        ),
        Scheme::Move { from, to, amount } => {
            format!("moves {} from {} to {}", Money(*amount), silo_name(*from), silo_name(*to))
        }
    }
}

fn lending_party(plan: &Plan, party: Party) -> &str {
    party.agent().map_or("outside", |agent| plan.agents[agent].name.as_str())
}
