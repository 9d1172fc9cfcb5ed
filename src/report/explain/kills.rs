//! The kill behind a figure of kills.

use super::ExplainError;
use super::pick::{Found, unknown, values};
use super::tables::{RowEvent, RowMoment};
use crate::engine::{EventKind, Metric, Plan};
use crate::report::number::exact;
use crate::stats::mean_and_stderr;
use crate::study::{AgentResult, Kill};

/// Whether a figure takes kills to be judged against the same path without any.
pub(super) fn is_judged(name: &str) -> bool {
    name.starts_with("kill_switch_")
}

/// A path with what a figure of `kill_summary.csv` is of.
pub(super) fn by_name(
    kills: &[&Kill],
    agent: &AgentResult,
    plan: &Plan,
    name: &str,
) -> Result<Found, ExplainError> {
    let in_window = |kill: &Kill| kill.false_positive_window == Some(true);
    match name {
        "kill_switch_false_positives" | "kill_switch_false_positive_share" => {
            let what = "a kill after which nothing would have been force-closed within the window";
            typical(kills, agent, plan, (what, in_window))
        }
        "kill_switch_false_positive_share_end" => {
            let what = "a kill after which nothing would have been force-closed by the end";
            typical(kills, agent, plan, (what, |kill| kill.false_positive_end))
        }
        "kill_switch_cost" | "kill_switch_cost_per_killed_path" => cost(kills, plan),
        name => Err(unknown(name)),
    }
}

fn moment(kill: &Kill, plan: &Plan) -> RowMoment {
    let agent = &plan.agents[kill.agent];
    let event = RowEvent {
        kind: EventKind::KillSwitchClosed.name().to_owned(),
        agent: Some(agent.name.clone()),
        subject: Some(agent.positions[kill.position].name.clone()),
        amount: None,
    };
    RowMoment { time_ms: kill.time_ms, event: Some(event) }
}

/// Of the paths with such a kill the one with the median final equity; of its kills the first such.
fn typical(
    kills: &[&Kill],
    agent: &AgentResult,
    plan: &Plan,
    (what, is): (&str, impl Fn(&Kill) -> bool),
) -> Result<Found, ExplainError> {
    let equity = values(agent, Metric::FinalEquity)?;
    let mut those: Vec<u64> = kills.iter().filter(|kill| is(kill)).map(|kill| kill.path).collect();
    those.sort_unstable();
    those.dedup();
    those.sort_by(|a, b| equity[*a as usize].total_cmp(&equity[*b as usize]).then(a.cmp(b)));
    let path = those.get(those.len().saturating_sub(1) / 2).copied();
    let path = path.ok_or_else(|| ExplainError::Input(format!("no path has {what}")))?;
    let first = kills.iter().find(|kill| kill.path == path && is(kill));
    Ok(Found {
        path,
        why: format!("of {} paths with {what} it has the median final equity", those.len()),
        what: "final_equity".to_owned(),
        value: Some(equity[path as usize]),
        moment: first.map(|kill| moment(kill, plan)),
    })
}

/// Of the paths with a kill the one on which kills cost most nearly what they do on average there.
fn cost(kills: &[&Kill], plan: &Plan) -> Result<Found, ExplainError> {
    let mut costs: Vec<(u64, usize, f64)> =
        kills.iter().map(|kill| (kill.path, kill.agent, kill.agent_cost)).collect();
    costs.sort_by_key(|(path, agent, _)| (*path, *agent));
    costs.dedup_by_key(|(path, agent, _)| (*path, *agent));
    let by_path: Vec<(u64, f64)> = costs
        .chunk_by(|a, b| a.0 == b.0)
        .map(|one| (one[0].0, one.iter().map(|(_, _, cost)| cost).sum()))
        .collect();
    let none = || ExplainError::Input("no path has a kill".to_owned());
    if by_path.is_empty() {
        return Err(none());
    }
    let mean = mean_and_stderr(&by_path.iter().map(|(_, cost)| *cost).collect::<Vec<f64>>()).0;
    let apart = |one: &(u64, f64)| (one.1 - mean).abs();
    let nearest = by_path.iter().min_by(|a, b| apart(a).total_cmp(&apart(b)).then(a.0.cmp(&b.0)));
    let (path, value) = nearest.copied().ok_or_else(none)?;
    let first = kills.iter().find(|kill| kill.path == path);
    Ok(Found {
        path,
        why: format!(
            "of {} paths with a kill, what kills cost on it is nearest to the mean, {}",
            by_path.len(),
            exact(mean)
        ),
        what: "cost of kills".to_owned(),
        value: Some(value),
        moment: first.map(|kill| moment(kill, plan)),
    })
}
