//! The chart of recalls.

use super::super::charts::{Sample, recalls as chart};
use super::super::loans::{Recall, lacked_money, recalls};
use super::super::story::units;
use super::Album;
use crate::engine::{Event, EventKind};

impl Album<'_> {
    /// `None` where nothing was recalled.
    pub(super) fn recalls(&self) -> Option<chart::RecallsChart> {
        let (trace, variant) = self.plan_trace()?;
        let found = recalls(&trace.events);
        if found.is_empty() {
            return None;
        }
        let several = variant.plan.agents.len() > 1;
        let loan = |recall: &Recall| {
            let agent = &variant.plan.agents[recall.agent].name;
            let owner = if several { format!("{agent}: ") } else { String::new() };
            let amount = units(&variant.plan, recall.asset, recall.amount);
            chart::RecalledLoan {
                label: format!("{owner}loan {}, {amount}", recall.loan),
                asked_ms: recall.asked_ms,
                due_ms: recall.due_ms,
                failed_ms: recall.failed_ms,
                arrived_ms: recall.arrived_ms,
            }
        };
        Some(chart::RecallsChart {
            caption: self.caption(
                "Recalls: money on its way",
                self.plan_subtitle("what happened on one path"),
            ),
            span_ms: trace.span_ms,
            loans: found.iter().map(loan).collect(),
            on_the_way: on_the_way(&found, trace.span_ms),
            needs: needs(&found, &trace.events),
        })
    }
}

/// Value of what is recalled and has not arrived: a sample wherever it changes, and both ends.
pub(super) fn on_the_way(found: &[Recall], span_ms: (i64, i64)) -> Vec<Sample> {
    let changes = found.iter().flat_map(|recall| [Some(recall.asked_ms), recall.arrived_ms]);
    let mut times: Vec<i64> = changes.flatten().chain([span_ms.0, span_ms.1]).collect();
    times.sort_unstable();
    times.dedup();
    let value = |time_ms: i64| -> f64 {
        found.iter().filter(|recall| recall.is_pending(time_ms)).map(|r| r.value_usdc).sum()
    };
    times.into_iter().map(|time_ms| Sample { time_ms, value: value(time_ms) }).collect()
}

/// The instants at which an agent lacked money while some of its own was on its way.
pub(super) fn needs(found: &[Recall], events: &[Event]) -> Vec<chart::RecallNeed> {
    let lacking = events.iter().filter(|event| lacked_money(event));
    lacking
        .filter_map(|event| {
            let own =
                |recall: &&Recall| recall.agent == event.agent && recall.is_pending(event.time_ms);
            let pending: Vec<&Recall> = found.iter().filter(own).collect();
            let kind = match event.kind {
                EventKind::Liquidated => chart::NeedKind::Liquidation,
                EventKind::KillSwitchClosed | EventKind::StopLoss => chart::NeedKind::Exit,
                _ => chart::NeedKind::Rejection,
            };
            let on_the_way = pending.iter().map(|recall| recall.value_usdc).sum();
            let need = chart::RecallNeed { time_ms: event.time_ms, on_the_way, kind };
            (!pending.is_empty()).then_some(need)
        })
        .collect()
}
