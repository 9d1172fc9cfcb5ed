//! Kills judged by a second run of their path with every kill off and all else the same.

mod flow;

use std::ops::Range;

use super::columns::StudyResult;
use super::execution::{Execution, StudyError};
use super::trace::{Trace, trace_begun};
use super::variants::VariantSet;
use crate::engine::{Event, EventKind, Metric, Plan};
use crate::scenario::{KillReview, Scenario};

/// One position closed by the kill switch, and what became of it where nothing was killed.
#[derive(Clone, Debug, PartialEq)]
pub struct Kill {
    /// Index of the variant.
    pub variant: usize,
    /// Number of the path.
    pub path: u64,
    /// Index of the agent.
    pub agent: usize,
    /// Index of the agent's position.
    pub position: usize,
    /// When it was closed, UTC ms.
    pub time_ms: i64,
    /// The price at which it was closed, USDC.
    pub price: f64,
    /// Its health factor just before; NaN if unknown.
    pub health_factor: f64,
    /// What pulled the kill switch.
    pub reason: &'static str,
    /// When the venue force-closed the position, wholly or in part, where nothing was killed: for the
    /// first time since it was first killed; `None` if not by the end.
    pub force_closed_ms: Option<i64>,
    /// Whether the path is long enough to see the whole window.
    pub window_seen: bool,
    /// Whether the venue would not have force-closed it within the window; `None` where the path ends
    /// within the window without a force-close.
    pub false_positive_window: Option<bool>,
    /// Whether it would not have by the end of the path.
    pub false_positive_end: bool,
    /// What all kills of the path cost its agent: final equity without any kill less final equity with
    /// them, USDC; below zero they saved money. The same for every kill of the agent on the path.
    pub agent_cost: f64,
    /// The part of the position: its cash flows and its unrealised profit at the end without any kill
    /// less those with them, USDC. Stands at the first kill of the position; `None` at later ones of one
    /// that was entered again, and where auto-deleveraging took part of it.
    pub position_cost: Option<f64>,
}

/// Reviews every kill of every variant of a finished study, by variant, path and time.
///
/// # Errors
/// If a path cannot be run, the study is stopped or threads cannot be started.
pub fn kill_review(
    scenario: &Scenario,
    set: &VariantSet,
    result: &StudyResult,
    review: KillReview,
    execution: &Execution,
) -> Result<Vec<Kill>, StudyError> {
    let mut wanted: Vec<(usize, u64)> = Vec::new();
    for (variant, figures) in result.variants.iter().enumerate() {
        let killed = (0..).zip(figures.whole().column(Metric::KillSwitches).iter());
        wanted.extend(killed.filter(|(_, kills)| *kills > 0.0).map(|(path, _)| (variant, path)));
    }
    let without: Vec<Plan> = set.all().iter().map(|variant| without_kills(&variant.plan)).collect();
    let job = |range: Range<u64>| {
        let (variant, path) = wanted[range.start as usize];
        let chosen = &set.all()[variant];
        let mut feed = set.feeds[chosen.feed].clone();
        let mut run = |plan: &Plan| {
            feed.path().begin(scenario.seed, path);
            trace_begun(&mut feed, plan, variant, scenario.seed, path, 0)
        };
        let killed = run(&chosen.plan)?;
        let spared = run(&without[variant])?;
        Ok(kills(&killed, &spared, review.window_ms))
    };
    let (mut found, mut done) = (Vec::new(), 0);
    execution.in_order(wanted.len() as u64, 1, job, |kills| {
        found.extend(kills);
        done += 1;
        Ok(done)
    })?;
    Ok(found)
}

/// The plan with every kill switch off, also as a fallback of top-ups; nothing else is changed.
fn without_kills(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    for kill in plan.agents.iter_mut().filter_map(|agent| agent.guard.kill_switch.as_mut()) {
        kill.enabled = false;
    }
    plan
}

/// The kills of a path against the same path without any.
fn kills(killed: &Trace, spared: &Trace, window_ms: i64) -> Vec<Kill> {
    let (_, end_ms) = killed.span_ms;
    let closes = |event: &&Event| event.kind == EventKind::KillSwitchClosed;
    let mut found: Vec<Kill> = Vec::new();
    for event in killed.events.iter().filter(closes) {
        let Some(position) = event.position else { continue };
        let agent = event.agent;
        let first = found.iter().find(|kill| (kill.agent, kill.position) == (agent, position));
        // Up to the first kill both runs are one.
        let since_ms = first.map_or(event.time_ms, |first| first.time_ms);
        let again = first.is_some();
        let force_closed_ms = (spared.events.iter())
            .filter(|event| event.kind == EventKind::Liquidated && event.time_ms >= since_ms)
            .find(|event| (event.agent, event.position) == (agent, Some(position)))
            .map(|event| event.time_ms);
        let until_ms = event.time_ms.saturating_add(window_ms);
        let equity = |trace: &Trace| trace.outcomes[agent].get(Metric::FinalEquity);
        found.push(Kill {
            variant: killed.variant,
            path: killed.path,
            agent,
            position,
            time_ms: event.time_ms,
            price: event.price,
            health_factor: event.health_before,
            reason: event.reason,
            force_closed_ms,
            window_seen: until_ms <= end_ms,
            false_positive_window: match force_closed_ms {
                Some(time_ms) => Some(time_ms > until_ms),
                None => (until_ms <= end_ms).then_some(true),
            },
            false_positive_end: force_closed_ms.is_none(),
            agent_cost: equity(spared) - equity(killed),
            position_cost: match again {
                true => None,
                false => flow::of(spared, agent, position)
                    .zip(flow::of(killed, agent, position))
                    .map(|(spared, killed)| spared - killed),
            },
        });
    }
    found
}
