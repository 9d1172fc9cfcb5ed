//! The instant that mattered to a figure.

use super::tables::Figure;
use crate::engine::{Event, EventKind};

/// Beginnings of names of figures, and the events that make them.
const KINDS: &[(&str, &[EventKind])] = &[
    ("recall", &[EventKind::RecallFailed, EventKind::LoanRecalled]),
    ("lending", &[EventKind::LendingShortfall]),
    ("kill_switch", &[EventKind::KillSwitchClosed]),
    ("liquidat", &[EventKind::Liquidated]),
    ("lar_", &[EventKind::Liquidated]),
    ("time_to_first_liquidation", &[EventKind::Liquidated]),
    ("penalties", &[EventKind::Liquidated]),
    ("distress", &[EventKind::Liquidated, EventKind::KillSwitchClosed]),
    ("bad_debt", &[EventKind::BadDebt]),
    ("insurance", &[EventKind::InsurancePaid]),
    ("adl", &[EventKind::AutoDeleveraged]),
    ("loss_socialised", &[EventKind::LossSocialised]),
    ("margin_call", &[EventKind::MarginCall]),
    ("top_up", &[EventKind::CollateralToppedUp]),
    ("stop_loss", &[EventKind::StopLoss]),
    ("reductions", &[EventKind::Reduced]),
    ("rebalances", &[EventKind::Rebalanced]),
    ("resumes", &[EventKind::Resumed]),
    ("funding", &[EventKind::Funding]),
    ("cure", &[EventKind::DryPowderReleased, EventKind::DryPowderRefused]),
];

/// What takes money for good, where a figure is of money alone.
const LOSSES: &[EventKind] = &[
    EventKind::Liquidated,
    EventKind::KillSwitchClosed,
    EventKind::StopLoss,
    EventKind::Reduced,
    EventKind::Rebalanced,
    EventKind::LendingShortfall,
];

/// The event at the instant of a row; else the first of those that make the figure; else the one that
/// lost most.
pub(super) fn of<'a>(
    events: &'a [Event],
    figure: &Figure,
    agent: Option<usize>,
) -> Option<&'a Event> {
    let own = || events.iter().filter(move |event| agent.is_none_or(|agent| event.agent == agent));
    let name = match figure {
        Figure::Path(_, Some(time_ms)) => {
            let at = own().rfind(|event| event.time_ms <= *time_ms);
            return at.or_else(|| own().next());
        }
        Figure::Path(_, None) => "",
        Figure::Named(name) | Figure::Quantile(name, _) | Figure::Difference(name) => name,
    };
    let kinds = KINDS.iter().find(|(start, _)| !name.is_empty() && name.starts_with(start));
    let of_kind = kinds.and_then(|(_, kinds)| {
        kinds.iter().find_map(|kind| own().find(|event| event.kind == *kind))
    });
    of_kind.or_else(|| {
        let lost = |event: &Event| {
            let costs = if event.costs.is_nan() { 0.0 } else { event.costs };
            match event.kind {
                EventKind::LendingShortfall => -event.amount.abs(),
                _ => event.amount - costs,
            }
        };
        let losses = own().filter(|event| LOSSES.contains(&event.kind) && lost(event) < 0.0);
        losses.min_by(|a, b| lost(a).total_cmp(&lost(b)))
    })
}
