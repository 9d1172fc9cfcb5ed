//! Many settings of one scenario over the same paths, their figures in memory.

use std::ops::Range;

use rayon::prelude::*;

use super::columns::{AgentResult, VariantResult, sum_of};
use super::execution::{Execution, Progress, StudyError, block_of};
use super::feed::{Feed, Worker, WorkerPool};
use super::trace::{marks_at, span_of, start_equity};
use super::variants::{Role, Variant};
use crate::engine::{AgentOutcome, MetricScope, NoRecorder};
use crate::prices::Prices;
use crate::scenario::{ScenarioFile, Setting};
use crate::stats::Replication;

/// What trials run on.
#[derive(Clone, Debug)]
pub struct Ground<'a> {
    /// Seed of every random stream.
    pub seed: u64,
    /// Paths, by number.
    pub paths: Range<u64>,
    /// Prices in place of those of the settings.
    pub prices: Option<&'a Prices>,
}

/// One setting over all paths.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Its name.
    pub name: String,
    /// Which metrics it has.
    pub metrics: MetricScope,
    /// First and last instant of a path, UTC ms.
    pub span_ms: (i64, i64),
    /// Which paths depend on each other.
    pub replication: Replication,
    /// Its figures: one column per agent and metric, over the paths in their order.
    pub figures: VariantResult,
}

/// Runs every setting over the same paths. A setting that is wrong, or whose run fails, is an
/// error in its place and stops no other.
///
/// # Errors
/// If the study is stopped, or its threads cannot be started.
pub fn trials(
    file: &ScenarioFile,
    settings: &[Setting],
    ground: &Ground<'_>,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<Vec<Result<Trial, String>>, StudyError> {
    let pool = execution.pool()?;
    let loaded: Vec<_> = pool.install(|| {
        settings
            .par_iter()
            .map(|setting| file.with(setting).map_err(|diagnostics| diagnostics.plain()))
            .collect()
    });
    let mut trials: Vec<Result<Trial, String>> = Vec::new();
    let (mut variants, mut known, mut feeds): (Vec<Variant>, Vec<Prices>, Vec<Feed>) =
        Default::default();
    let mut places = Vec::new();
    for (setting, scenario) in settings.iter().zip(loaded) {
        let made = scenario.and_then(|scenario| {
            let prices = ground.prices.unwrap_or(&scenario.prices);
            let feed = match known.iter().position(|known| known == prices) {
                Some(feed) => feed,
                None => {
                    feeds.push(Feed::new(prices).map_err(|error| error.to_string())?);
                    known.push(prices.clone());
                    feeds.len() - 1
                }
            };
            let name = setting.name.clone();
            let plan = scenario.plan;
            Ok(Variant { name, role: Role::Plan, plan, intrabar: None, model: None, feed })
        });
        trials.push(made.map(|variant| {
            let trial = empty(&variant, &known[variant.feed], &mut feeds[variant.feed], ground);
            places.push(trials.len());
            variants.push(variant);
            trial
        }));
    }
    run(&mut trials, &places, &variants, &feeds, ground, execution, progress)?;
    Ok(trials)
}

fn empty(variant: &Variant, prices: &Prices, feed: &mut Feed, ground: &Ground<'_>) -> Trial {
    feed.path().begin(ground.seed, ground.paths.start);
    let marks = marks_at(feed.path(), 0);
    let agents = &variant.plan.agents;
    let start = |agent| start_equity(&variant.plan, agent, &marks);
    let mut results: Vec<AgentResult> = (agents.iter().enumerate())
        .map(|(index, agent)| AgentResult::new(&agent.name, start(index)))
        .collect();
    if agents.len() > 1 {
        results.push(AgentResult::new("all", (0..agents.len()).map(start).sum()));
    }
    Trial {
        name: variant.name.clone(),
        metrics: variant.plan.metric_scope(),
        span_ms: span_of(feed.path()),
        replication: prices.replication(),
        figures: VariantResult { name: variant.name.clone(), agents: results },
    }
}

/// Rows of one variant over some paths.
type Rows = Result<Vec<AgentOutcome>, String>;

fn run(
    trials: &mut [Result<Trial, String>],
    places: &[usize],
    variants: &[Variant],
    feeds: &[Feed],
    ground: &Ground<'_>,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<(), StudyError> {
    let pools: Vec<WorkerPool> = (0..feeds.len())
        .map(|feed| {
            let of_feed = variants.iter().filter(|variant| variant.feed == feed).collect();
            WorkerPool::new(&feeds[feed], of_feed)
        })
        .collect();
    let count = ground.paths.end - ground.paths.start;
    let job = |paths: Range<u64>| {
        let numbers = ground.paths.start + paths.start..ground.paths.start + paths.end;
        let by_feed: Vec<Vec<Rows>> = (pools.par_iter())
            .map(|pool| pool.with(|worker, all| tile(worker, all, ground.seed, numbers.clone())))
            .collect();
        Ok((paths.end, by_feed))
    };
    execution.in_order(count, block_of(count), job, |(end, by_feed)| {
        let mut by_feed: Vec<_> = by_feed.into_iter().map(Vec::into_iter).collect();
        for (place, variant) in places.iter().zip(variants) {
            let rows = by_feed[variant.feed].next().unwrap_or_else(|| Ok(Vec::new()));
            let Ok(trial) = &mut trials[*place] else { continue };
            match rows {
                Ok(rows) => push(trial, &rows, count as usize),
                Err(why) => trials[*place] = Err(why),
            }
        }
        progress.advance(end, count);
        Ok(end)
    })
}

fn tile(worker: &mut Worker, variants: &[&Variant], seed: u64, paths: Range<u64>) -> Vec<Rows> {
    let mut rows: Vec<Rows> = variants.iter().map(|_| Ok(Vec::new())).collect();
    for number in paths {
        worker.feed.path().begin(seed, number);
        for ((variant, workspace), rows) in
            variants.iter().zip(&mut worker.workspaces).zip(&mut rows)
        {
            let Ok(kept) = rows else { continue };
            match worker.feed.run(&variant.plan, seed, number, workspace, &mut NoRecorder) {
                Ok(()) => kept.extend_from_slice(workspace.outcomes()),
                Err(error) => *rows = Err(error.to_string()),
            }
        }
    }
    rows
}

fn push(trial: &mut Trial, rows: &[AgentOutcome], expected: usize) {
    let scope = trial.metrics;
    let several = trial.figures.agents.len() > 1;
    let agents = trial.figures.agents.len() - usize::from(several);
    for mine in rows.chunks(agents) {
        for (agent, outcome) in trial.figures.agents.iter_mut().zip(mine) {
            agent.push(outcome, scope, expected);
        }
        if several && let Some(all) = trial.figures.agents.last_mut() {
            all.push(&sum_of(mine), scope, expected);
        }
    }
}
