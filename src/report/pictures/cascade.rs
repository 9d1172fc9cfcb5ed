//! The cascade timeline: the largest chain of force-closes of all paths, seen closely.

use super::super::charts::{ChartError, Sample, cascade};
use super::super::files::Cascade;
use super::super::folder::OutFolder;
use super::Album;
use crate::engine::{About, Event, EventKind, ImpactOverlay, ImpactSpec, Plan};
use crate::study::Trace;

/// Part of the chain's length that is shown before and after it.
const MARGIN: f64 = 0.5;
/// The least part of the run that is shown.
const LEAST: f64 = 0.01;

/// Draws it where there is one.
pub(super) fn draw(album: &Album<'_>, folder: &OutFolder) -> Result<(), ChartError> {
    let (Some(found), Some(spec)) = (&album.findings.cascade, &album.scenario.plan.impact) else {
        return Ok(());
    };
    let plan = &album.scenario.plan;
    let window_ms = spec.cascade_window_ms;
    let Some((chain, count)) = largest_chain(&found.with, window_ms) else { return Ok(()) };
    let shown_ms = around(chain, found.with.span_ms);
    let mut panels: Vec<(f64, cascade::CascadePanel)> = (0..plan.assets.len())
        .map(|asset| panel(plan, spec, found, asset, shown_ms))
        .filter(|(liquidated, _)| *liquidated > 0.0)
        .collect();
    // The most liquidated first; of equal ones as the plan lists them.
    panels.sort_by(|a, b| b.0.total_cmp(&a.0));
    let subtitle = format!(
        "path {}, the largest chain of all paths: {count} force-closes, each within {} of the one before",
        found.with.path,
        crate::fields::Duration { ms: window_ms }
    );
    let chart = cascade::CascadeChart {
        caption: album.caption("Cascade: force-closes that move the price", subtitle),
        panels: panels.into_iter().map(|(_, panel)| panel).collect(),
        with: liquidated(&found.with, shown_ms),
        without: found.without.as_ref().map_or(Vec::new(), |t| liquidated(t, shown_ms)),
    };
    cascade::draw(&chart, &folder.path("cascade.png"))
}

fn closes(trace: &Trace) -> impl Iterator<Item = &Event> {
    trace.events.iter().filter(|event| event.kind == EventKind::Liquidated)
}

/// First and last instant of the chain with the most force-closes, and their number.
fn largest_chain(trace: &Trace, window_ms: i64) -> Option<((i64, i64), usize)> {
    let mut best: Option<((i64, i64), usize)> = None;
    let mut present: Option<((i64, i64), usize)> = None;
    for event in closes(trace) {
        let now_ms = event.time_ms;
        present = Some(match present {
            Some(((from_ms, last_ms), count)) if now_ms - last_ms <= window_ms => {
                ((from_ms, now_ms), count + 1)
            }
            _ => ((now_ms, now_ms), 1),
        });
        if present.map(|chain| chain.1) > best.map(|chain| chain.1) {
            best = present;
        }
    }
    best
}

/// The chain with what lies around it, within the run.
fn around((from_ms, to_ms): (i64, i64), span_ms: (i64, i64)) -> (i64, i64) {
    let length = (to_ms - from_ms) as f64;
    let run = (span_ms.1 - span_ms.0) as f64;
    let margin = (MARGIN * length).max((LEAST * run - length) / 2.0) as i64;
    ((from_ms - margin).max(span_ms.0), (to_ms + margin).min(span_ms.1))
}

/// The asset whose price drives the position of an event.
fn asset_of(plan: &Plan, event: &Event) -> Option<usize> {
    let position = plan.agents.get(event.agent)?.positions.get(event.position?)?;
    plan.exchange.markets.get(position.market).map(|market| market.asset)
}

/// One asset, and its liquidated notional in the time that is shown.
fn panel(
    plan: &Plan,
    spec: &ImpactSpec,
    found: &Cascade,
    asset: usize,
    shown_ms: (i64, i64),
) -> (f64, cascade::CascadePanel) {
    let inside = |sample: &Sample| shown_ms.0 <= sample.time_ms && sample.time_ms <= shown_ms.1;
    let prices: &[(i64, f64)] = found.prices.get(asset).map_or(&[], Vec::as_slice);
    let without = prices.iter().map(|(time_ms, value)| Sample { time_ms: *time_ms, value: *value });
    let with = moved(spec, found, asset, prices);
    let mut instants: Vec<cascade::ForcedCloses> = Vec::new();
    let mut round_price = f64::NAN;
    let mine = |event: &&Event| asset_of(plan, event) == Some(asset);
    for event in closes(&found.with).filter(mine) {
        let (time_ms, notional) = (event.time_ms, event.notional);
        match instants.last_mut().filter(|last| last.time_ms == time_ms) {
            Some(last) => {
                last.count += 1;
                last.notional += notional;
                last.rounds += usize::from(event.mark != round_price);
                last.price = event.mark;
            }
            None => instants.push(cascade::ForcedCloses {
                time_ms,
                price: event.mark,
                notional,
                count: 1,
                rounds: 1,
            }),
        }
        round_price = event.mark;
    }
    instants.retain(|c| shown_ms.0 <= c.time_ms && c.time_ms <= shown_ms.1);
    let liquidated = instants.iter().map(|c| c.notional).sum();
    let panel = cascade::CascadePanel {
        label: format!("{}, USDC", plan.assets[asset]),
        with: with.into_iter().filter(inside).collect(),
        without: without.filter(inside).collect(),
        closes: instants,
    };
    (liquidated, panel)
}

/// The price of the path with what forced fills moved it by, as the events tell.
fn moved(spec: &ImpactSpec, found: &Cascade, asset: usize, prices: &[(i64, f64)]) -> Vec<Sample> {
    let moves = found.with.events.iter();
    let mut moves = moves
        .filter(|event| event.kind == EventKind::PriceMoved && event.about == About::Price(asset))
        .peekable();
    let mut overlay = ImpactOverlay::new(spec.assets.len());
    let mut samples = Vec::new();
    for (time_ms, price) in prices {
        while let Some(event) = moves.next_if(|event| event.time_ms < *time_ms) {
            // What the engine did not refuse is in range here too, and below.
            let _ = overlay.add(spec, asset, event.amount, event.time_ms);
            samples.push(Sample { time_ms: event.time_ms, value: event.price });
        }
        let value = price * overlay.factor(spec, asset, *time_ms);
        samples.push(Sample { time_ms: *time_ms, value });
        while let Some(event) = moves.next_if(|event| event.time_ms == *time_ms) {
            let _ = overlay.add(spec, asset, event.amount, event.time_ms);
            samples.push(Sample { time_ms: event.time_ms, value: event.price });
        }
    }
    samples
}

/// Liquidated notional so far, USDC, from the first to the last instant that is shown.
fn liquidated(trace: &Trace, (from_ms, to_ms): (i64, i64)) -> Vec<Sample> {
    let mut sum = 0.0;
    let mut samples = vec![Sample { time_ms: from_ms, value: 0.0 }];
    for event in closes(trace) {
        sum += event.notional;
        if event.time_ms < from_ms {
            samples[0].value = sum;
        } else if event.time_ms <= to_ms {
            samples.push(Sample { time_ms: event.time_ms, value: sum });
        }
    }
    let last = samples.last().map_or(0.0, |sample| sample.value);
    samples.push(Sample { time_ms: to_ms, value: last });
    samples
}
