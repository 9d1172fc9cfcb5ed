//! What happened to positions, as marks and lines over time.

use super::super::charts::{Sample, price};
use crate::engine::EventKind;
use crate::study::{Trace, Variant};

/// Events of a variant on the positions of one asset, calls of accounts that have one, and the liquidation price where exactly
/// one position has that asset.
pub(in crate::report) fn marks(
    trace: &Trace,
    variant: &Variant,
    asset: usize,
    prices: &[(i64, f64)],
) -> price::VariantMarks {
    let on_asset = |agent: usize, position: usize| {
        let market = variant.plan.agents[agent].positions[position].market;
        variant.plan.exchange.markets[market].asset == asset
    };
    let events = trace.events.iter().filter_map(|event| {
        if event.kind == EventKind::MarginCall {
            let concerned = (0..variant.plan.agents[event.agent].positions.len())
                .any(|position| on_asset(event.agent, position));
            return concerned.then_some(price::PriceEvent {
                time_ms: event.time_ms,
                price: price_at(prices, event.time_ms),
                kind: price::EventKind::MarginCall,
            });
        }
        let kind = picture_kind(event.kind)?;
        on_asset(event.agent, event.position?).then_some(price::PriceEvent {
            time_ms: event.time_ms,
            price: event.price,
            kind,
        })
    });
    let positions: Vec<(usize, usize)> = (variant.plan.agents.iter().enumerate())
        .flat_map(|(agent, plan)| (0..plan.positions.len()).map(move |p| (agent, p)))
        .filter(|&(agent, position)| on_asset(agent, position))
        .collect();
    let liquidation_price = match positions[..] {
        [(agent, position)] => series_of(trace, agent, position, |p| p.liquidation_price),
        _ => Vec::new(),
    };
    price::VariantMarks { name: variant.name.clone(), liquidation_price, events: events.collect() }
}

/// The price that holds at an instant; NaN before the first.
fn price_at(prices: &[(i64, f64)], time_ms: i64) -> f64 {
    let after = prices.partition_point(|(time, _)| *time <= time_ms);
    after.checked_sub(1).map_or(f64::NAN, |index| prices[index].1)
}

const fn picture_kind(kind: EventKind) -> Option<price::EventKind> {
    match kind {
        EventKind::CollateralToppedUp => Some(price::EventKind::TopUp),
        EventKind::KillSwitchClosed => Some(price::EventKind::KillSwitch),
        EventKind::Liquidated => Some(price::EventKind::Liquidation),
        EventKind::Resumed => Some(price::EventKind::Resume),
        EventKind::StopLoss => Some(price::EventKind::StopLoss),
        EventKind::Reduced | EventKind::Rebalanced => Some(price::EventKind::Reduce),
        _ => None,
    }
}

pub(super) fn health_of(trace: &Trace, agent: usize, position: usize) -> Vec<Sample> {
    series_of(trace, agent, position, |sample| sample.health_factor)
}

/// One value of a position over time; NaN while it is closed.
fn series_of(
    trace: &Trace,
    agent: usize,
    position: usize,
    value: impl Fn(&crate::engine::PositionSample) -> f64,
) -> Vec<Sample> {
    let at = |sample: &crate::study::Sample| {
        let mine = sample.positions.iter().find(|p| (p.agent, p.position) == (agent, position));
        Sample { time_ms: sample.time_ms, value: mine.map_or(f64::NAN, &value) }
    };
    trace.samples.iter().map(at).collect()
}
