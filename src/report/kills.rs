//! Kills against the same paths without any: `kills.csv`, and their figures.

use std::io::{self, Write};

use super::number::{exact, exact_or_empty, money, percent, signed_money};
use super::summary::{Summary, SummaryRow};
use crate::engine::Metric;
use crate::stats::{
    Interval, Replication, clustered_proportion_interval, mean_and_stderr, mean_interval,
};
use crate::study::{Kill, StudyResult, VariantSet};
use crate::units::time::to_iso;

/// Names, units and meanings of the rows.
pub(super) const STATISTICS: &[(&str, &str, &str)] = &[
    (
        "kill_switch_false_positives",
        "count",
        "kills after which, with every kill off and all else the same, the venue would not have \
         force-closed the position within run.false_positive_window (24h): mean over paths",
    ),
    (
        "kill_switch_false_positive_share",
        "probability",
        "share of those among kills whose whole window lies in the path; Wilson's interval on as many \
         kills as the paths they cluster in are worth",
    ),
    (
        "kill_switch_false_positive_share_end",
        "probability",
        "share of kills after which the position would not have been force-closed by the end of the \
         path; interval alike",
    ),
    (
        "kill_switch_cost",
        "USDC",
        "final equity with every kill off less final equity with them, mean over all paths: above 0 \
         kills cost money, below 0 they saved it. Several kills on a path are judged together",
    ),
    ("kill_switch_cost_per_killed_path", "USDC", "the same, mean over the paths with a kill"),
];

/// The rows of every variant and agent with a kill; without any kill a variant has none.
pub(super) fn rows(kills: &[Kill], result: &StudyResult) -> Vec<SummaryRow> {
    let mut rows = Vec::new();
    for (variant, figures) in result.variants.iter().enumerate() {
        for (index, agent) in figures.agents.iter().enumerate() {
            let all = figures.agents.len() > 1 && index + 1 == figures.agents.len();
            let own: Vec<&Kill> = (kills.iter())
                .filter(|kill| kill.variant == variant && (all || kill.agent == index))
                .collect();
            if own.is_empty() {
                continue;
            }
            let figures = Figures { kills: &own, paths: agent.column(Metric::KillSwitches).len() };
            let of = figures.rows(result.replication);
            rows.extend(of.into_iter().zip(STATISTICS).map(|((value, interval), about)| {
                let (metric, unit, _) = *about;
                SummaryRow {
                    variant: result.variants[variant].name.clone(),
                    agent: agent.name.clone(),
                    metric: metric.to_owned(),
                    value,
                    interval,
                    unit,
                }
            }));
        }
    }
    rows
}

/// The kills of one agent, or of all, by path.
struct Figures<'a> {
    kills: &'a [&'a Kill],
    paths: usize,
}

type Figure = (Option<f64>, Interval);

impl Figures<'_> {
    /// In the order of [`STATISTICS`].
    fn rows(&self, draws: Replication) -> [Figure; 5] {
        let mut counts = vec![0.0; self.paths];
        for kill in self.kills.iter().filter(|kill| kill.false_positive_window == Some(true)) {
            counts[kill.path as usize] += 1.0;
        }
        let mean = |values: &[f64]| (Some(mean_and_stderr(values).0), draws.mean_interval(values));
        let mut costs = vec![0.0; self.paths];
        for (path, cost) in self.costs() {
            costs[path as usize] += cost;
        }
        [
            mean(&counts),
            self.share(draws, |kill| kill.false_positive_window.filter(|_| kill.window_seen)),
            self.share(draws, |kill| Some(kill.false_positive_end)),
            mean(&costs),
            self.cost_where_killed(draws, &costs),
        ]
    }

    /// What kills cost on each path, agent by agent: once, whatever their number.
    fn costs(&self) -> Vec<(u64, f64)> {
        let mut seen: Vec<(u64, usize, f64)> =
            self.kills.iter().map(|kill| (kill.path, kill.agent, kill.agent_cost)).collect();
        seen.sort_by_key(|(path, agent, _)| (*path, *agent));
        seen.dedup_by_key(|(path, agent, _)| (*path, *agent));
        seen.into_iter().map(|(path, _, cost)| (path, cost)).collect()
    }

    /// Paths are independent of each other, or replicates of paths; kills of one are not.
    fn share(&self, draws: Replication, says: impl Fn(&Kill) -> Option<bool>) -> Figure {
        let mut clusters = vec![(0_u64, 0_u64); self.paths.div_ceil(draws.size())];
        for kill in self.kills {
            if let Some(hit) = says(kill) {
                let cluster = &mut clusters[kill.path as usize / draws.size()];
                cluster.0 += u64::from(hit);
                cluster.1 += 1;
            }
        }
        clusters.retain(|(_, trials)| *trials > 0);
        let sum = |of: fn(&(u64, u64)) -> u64| clusters.iter().map(of).sum::<u64>();
        let (hits, trials) = (sum(|one| one.0), sum(|one| one.1));
        if trials == 0 {
            return (None, Interval::UNBOUNDED);
        }
        (Some(hits as f64 / trials as f64), clustered_proportion_interval(&clusters))
    }

    fn cost_where_killed(&self, draws: Replication, costs: &[f64]) -> Figure {
        let mut paths: Vec<u64> = self.kills.iter().map(|kill| kill.path).collect();
        paths.sort_unstable();
        paths.dedup();
        let costs: Vec<f64> = paths.iter().map(|path| costs[*path as usize]).collect();
        // Which replicates have a kill is chance too: no interval of theirs.
        let interval = match draws.size() {
            1 => mean_interval(&costs),
            _ => Interval::UNBOUNDED,
        };
        (Some(mean_and_stderr(&costs).0), interval)
    }
}

/// `kills.csv`.
pub(super) fn write_csv(out: &mut impl Write, set: &VariantSet, kills: &[Kill]) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "variant",
        "path",
        "agent",
        "position",
        "time",
        "price",
        "health_factor",
        "reason",
        "force_closed_at",
        "false_positive_window",
        "false_positive_end",
        "agent_cost",
        "position_cost",
    ])?;
    for kill in kills {
        let variant = &set.all()[kill.variant];
        let agent = &variant.plan.agents[kill.agent];
        table.write_record([
            variant.name.as_str(),
            &kill.path.to_string(),
            &agent.name,
            &agent.positions[kill.position].name,
            &to_iso(kill.time_ms),
            &exact(kill.price),
            &exact(kill.health_factor),
            kill.reason,
            &kill.force_closed_ms.map_or_else(String::new, to_iso),
            kill.false_positive_window.map_or("", yes_or_no),
            yes_or_no(kill.false_positive_end),
            &exact(kill.agent_cost),
            &exact_or_empty(kill.position_cost),
        ])?;
    }
    table.flush()
}

const fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// A sentence for each variant with kills, on its whole account.
pub(super) fn sentences(kills: &[Kill], result: &StudyResult, summary: &Summary) -> Vec<String> {
    let mut all = Vec::new();
    for (variant, figures) in result.variants.iter().enumerate() {
        let count = kills.iter().filter(|kill| kill.variant == variant).count();
        let row = |metric| summary.get(&figures.name, &figures.whole().name, metric);
        let (Some(share), Some(end), Some(cost)) = (
            row("kill_switch_false_positive_share"),
            row("kill_switch_false_positive_share_end"),
            row("kill_switch_cost_per_killed_path"),
        ) else {
            continue;
        };
        let shown = |row: &SummaryRow, show: fn(f64) -> String| {
            let end = |end: Option<f64>| end.map_or_else(|| "…".to_owned(), show);
            let value = row.value.map_or_else(|| "unknown".to_owned(), show);
            format!("{value} [{}, {}]", end(row.interval.low), end(row.interval.high))
        };
        let mean = cost.value.unwrap_or(f64::NAN);
        let verb = if mean >= 0.0 { "cost" } else { "saved" };
        let chance = match (cost.interval.low, cost.interval.high) {
            _ if result.paths == 1 => "",
            (Some(low), Some(high)) if low > 0.0 || high < 0.0 => "",
            (Some(_), Some(_)) => ", which chance alone could give",
            _ => ", of too few paths to tell from chance",
        };
        let kills = if count == 1 { "kill" } else { "kills" };
        all.push(format!(
            "{}: {count} {kills}. With every kill off {} of them would not have been force-closed within \
             the window, {} not by the end of the path. Where there was a kill, kills {verb} {} USDC on \
             average{chance} (final equity without less with: {}).",
            figures.name,
            shown(share, percent),
            shown(end, percent),
            money(mean.abs()),
            shown(cost, signed_money),
        ));
    }
    all
}
