//! The instant that mattered to a figure.

use super::pick::metric_of;
use super::tables::{Figure, RowEvent, RowMoment};
use crate::engine::{Event, EventKind, MetricKind, Plan};
use crate::report::events::subject;
use crate::report::number::exact;
use crate::report::summary::QUANTILES;
use crate::report::words::event_words;
use crate::units::time::to_iso;

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
    ("margin_calls_cured", &[EventKind::MarginCallCured]),
    ("margin_call", &[EventKind::MarginCall]),
    ("requests_rejected", &[EventKind::RequestRejected]),
    ("top_ups_failed", &[EventKind::TopUpRejected]),
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

/// What a path is told by.
pub(super) enum Moment<'a> {
    /// An event of the path.
    Event(&'a Event),
    /// One of the same path without the variant.
    OfBaseline(&'a Event),
    /// An instant, UTC ms, and the last event up to it.
    Instant(i64, Option<&'a Event>),
    /// The figure is 0 there.
    Nothing,
    /// No event stands out.
    None,
}

impl Moment<'_> {
    /// Its instant, UTC ms.
    pub fn time_ms(&self) -> Option<i64> {
        match self {
            Self::Event(event) | Self::OfBaseline(event) => Some(event.time_ms),
            Self::Instant(time_ms, _) => Some(*time_ms),
            Self::Nothing | Self::None => None,
        }
    }

    /// A sentence on it; the plans are the variant's and, where there is one, its baseline's.
    pub fn words(&self, own: &Plan, base: Option<&Plan>) -> String {
        match self {
            Self::Event(event) => format!("The instant that mattered: {}", event_words(own, event)),
            Self::OfBaseline(event) => format!(
                "The instant that mattered, of the baseline alone: {}",
                event_words(base.unwrap_or(own), event)
            ),
            Self::Instant(time_ms, before) => {
                let before = before.map_or_else(
                    || "no event came before it".to_owned(),
                    |event| format!("the last event up to it: {}", event_words(own, event)),
                );
                format!("The instant of the row: {}; {before}", to_iso(*time_ms))
            }
            Self::Nothing => "It is 0 there: no event of the path makes it.".to_owned(),
            Self::None => {
                "No event of the path stands out: prices alone made its figure.".to_owned()
            }
        }
    }
}

/// One side of a path: its plan and events.
pub(super) type Side<'a> = (&'a Plan, &'a [Event]);

/// The event or instant of a row; else the first event of those that make the figure; else the one that
/// lost most. `value` is the path's own of the figure.
pub(super) fn of<'a>(
    own: Side<'a>,
    base: Option<Side<'a>>,
    figure: &Figure,
    agent: Option<usize>,
    value: Option<f64>,
) -> Moment<'a> {
    let (_, events) = own;
    let name = match figure {
        Figure::Path(_, Some(RowMoment { time_ms, event: None })) => {
            let before = events.iter().rfind(|event| event.time_ms <= *time_ms);
            return Moment::Instant(*time_ms, before);
        }
        Figure::Path(_, Some(RowMoment { time_ms, event: Some(row) })) => {
            let find =
                |side: Side<'a>| side.1.iter().find(|event| is_that(side.0, event, *time_ms, row));
            return match (find(own), base.and_then(find)) {
                (Some(event), _) => Moment::Event(event),
                (None, Some(event)) => Moment::OfBaseline(event),
                (None, None) => Moment::Instant(
                    *time_ms,
                    events.iter().rfind(|event| event.time_ms <= *time_ms),
                ),
            };
        }
        Figure::Path(_, None) => "",
        Figure::Named(name) | Figure::Quantile(name, _) => {
            if value == Some(0.0) && is_of_events(name) {
                return Moment::Nothing;
            }
            name
        }
        Figure::Difference(name) => name,
    };
    by_name(events, name, agent).map_or(Moment::None, Moment::Event)
}

/// Whether an event is the one that a row is of.
fn is_that(plan: &Plan, event: &Event, time_ms: i64, row: &RowEvent) -> bool {
    let same =
        |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|one| one == found);
    event.time_ms == time_ms
        && event.kind.name() == row.kind
        && same(&row.agent, &plan.agents[event.agent].name)
        && same(&row.subject, &subject(plan, event))
        && same(&row.amount, &exact(event.amount))
}

/// Whether a figure counts events or adds up what they moved.
fn is_of_events(name: &str) -> bool {
    let base = QUANTILES.iter().find_map(|(_, suffix)| name.strip_suffix(suffix)).unwrap_or(name);
    let metric = metric_of(name).or_else(|| metric_of(base));
    metric.is_some_and(|metric| metric.kind() == MetricKind::Event)
}

fn by_name<'a>(events: &'a [Event], name: &str, agent: Option<usize>) -> Option<&'a Event> {
    let own = || events.iter().filter(move |event| agent.is_none_or(|agent| event.agent == agent));
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
