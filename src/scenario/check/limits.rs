//! Room in the ledger: no path may lead to an amount that it cannot hold.

use crate::engine::{ImpactSpec, Plan, VenueShockKind};
use crate::fields::Faults;
use crate::scenario::build::{Built, start_prices};
use crate::scenario::entry::Entry;
use crate::scenario::format::Root;
use crate::scenario::span::{Span, highest_price, highest_prices};
use crate::venue::exchange::{FundingSource, MarketSpec};

/// Most that all money of a run may add up to, USDC; micro-units of it fit into an `i64` twice.
pub(super) const TOTAL_MAX_USDC: f64 = 4e12;

/// Checks every position's quantity, and the sum of what can come to be.
pub(super) fn check(root: &Root, built: &Built, faults: &mut Faults) {
    let (prices, plan) = &built.with_every_shock();
    let start = start_prices(prices);
    let mut highest = highest_prices(prices);
    for (_, other) in &built.other_models {
        let reached = (0..other.assets.len()).map(|asset| highest_price(other, asset));
        highest
            .iter_mut()
            .zip(reached)
            .for_each(|(highest, reached)| *highest = highest.max(reached));
    }
    if plan.impact.is_some() {
        highest.iter_mut().for_each(|highest| *highest *= ImpactSpec::MOST);
    }
    let span = Span::of(&built.prices);
    let mut total = plan.exchange.insurance.usdc();
    for agent in root.agent.iter().filter(|agent| agent.at.sound(&["name", "wallet", "position"])) {
        let Some(spec) = plan.agent_called(&agent.name.0) else {
            continue;
        };
        total += spec.wallet.usdc();
        for (position, written) in spec.positions.iter().zip(&agent.position) {
            let field = if written.at.has("quantity") { "quantity" } else { "notional" };
            let spot = written.at.of(field);
            let entry = Entry::of(plan, position, &start).filter(|entry| entry.quantity != 0.0);
            let Some(entry) = entry else {
                let message =
                    "the quantity is outside what is exact: 0.00000001 to 90,071,992 units";
                faults.error(
                    &spot,
                    message,
                    "choose another notional, or rescale the asset's price",
                );
                continue;
            };
            let size = entry.quantity.abs() * highest[entry.market.asset].max(entry.entry_price);
            let funding = payments(entry.market, &span) + shocks(plan, position.market, &span);
            let grown = size * (1.0 + funding) + position.collateral.usdc();
            total += grown;
            if grown > TOTAL_MAX_USDC {
                let message = format!(
                    "can grow to {size:.3e} USDC on these prices; the ledger has room for {TOTAL_MAX_USDC:e}"
                );
                faults.error(&spot, message, "make it smaller, or the run shorter or calmer");
            }
        }
    }
    total += super::prime::room(root, built, &highest, faults);
    if total > TOTAL_MAX_USDC && !faults.has_errors() {
        let message = format!(
            "all accounts together can grow to {total:.3e} USDC; the ledger has room for {TOTAL_MAX_USDC:e}"
        );
        faults.error(&root.at.of("agent"), message, "make wallets or positions smaller");
    }
}

/// What shocks add to the funding payments of a market, as a part of notional.
fn shocks(plan: &Plan, market: usize, span: &Span) -> f64 {
    let Some(funding) = &plan.exchange.markets[market].funding else { return 0.0 };
    let parts = plan.shocks.iter().flat_map(|shock| &shock.parts);
    let added = parts.map(|part| match &part.kind {
        VenueShockKind::Funding(rates) => {
            let payments = match &funding.source {
                FundingSource::Constant(_) => {
                    part.for_ms.min(span.end_ms - span.start_ms) / funding.interval_ms + 1
                }
                FundingSource::Series(series) => series.time_ms.len() as i64,
            };
            rates[market].abs() * payments as f64
        }
        _ => 0.0,
    });
    added.sum()
}

/// The sum of all funding payments as a part of notional.
fn payments(market: &MarketSpec, span: &Span) -> f64 {
    let Some(funding) = &market.funding else { return 0.0 };
    match &funding.source {
        FundingSource::Constant(rate) => {
            let payments = (span.end_ms - span.start_ms) / funding.interval_ms + 1;
            rate.abs() * payments as f64
        }
        FundingSource::Series(series) => series.rate.iter().map(|rate| rate.abs()).sum(),
    }
}
