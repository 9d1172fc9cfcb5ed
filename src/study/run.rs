//! The study itself: every variant over every path.

use std::io;
use std::ops::Range;

use super::columns::{AgentResult, StudyResult, VariantResult, sum_of};
use super::execution::{Execution, Progress, StudyError, block_of};
use super::feed::{Worker, WorkerPool};
use super::trace::{marks_at, span_of, start_equity};
use super::variants::{Variant, VariantSet};
use crate::engine::{AgentOutcome, NoRecorder};
use crate::scenario::Scenario;

/// Takes the rows of a study as they come: by path, then by variant.
pub trait RowSink: Send {
    /// Before the first row.
    fn begin(&mut self, variants: &[Variant]) -> io::Result<()>;

    /// The rows of one path and variant, one per agent of the plan.
    fn accept(&mut self, variant: usize, path: u64, agents: &[AgentOutcome]) -> io::Result<()>;

    /// After the last row, also of a study that was stopped.
    fn finish(&mut self) -> io::Result<()>;
}

/// Drops every row.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRows;

impl RowSink for NoRows {
    fn begin(&mut self, _: &[Variant]) -> io::Result<()> {
        Ok(())
    }

    fn accept(&mut self, _: usize, _: u64, _: &[AgentOutcome]) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs all variants over the scenario's paths.
///
/// The sink is finished in every case, so that rows which it was given are kept.
pub fn run(
    scenario: &Scenario,
    set: &VariantSet,
    execution: &Execution,
    sink: &mut impl RowSink,
    progress: &mut impl Progress,
) -> Result<StudyResult, StudyError> {
    sink.begin(set.all())?;
    let pools: Vec<WorkerPool> = (0..set.feeds.len())
        .map(|feed| {
            let variants = set.all().iter().filter(|variant| variant.feed == feed).collect();
            WorkerPool::new(&set.feeds[feed], variants)
        })
        .collect();
    let (span_ms, marks) = pools[0].with(|worker, _| {
        worker.feed.path().begin(scenario.seed, 0);
        (span_of(worker.feed.path()), marks_at(worker.feed.path(), 0))
    });
    let mut fold = Fold {
        result: empty(scenario, set, span_ms, &marks),
        sink,
        progress,
        total: scenario.paths,
    };
    let block = block_of(scenario.paths);
    let ended = execution.in_order(
        scenario.paths,
        block,
        |paths| run_block(&pools, scenario.seed, paths),
        |rows| fold.block(&rows),
    );
    let result = fold.result;
    sink.finish()?;
    ended.map(|()| result)
}

/// `marks` are those of the start, which all paths share.
fn empty(scenario: &Scenario, set: &VariantSet, span_ms: (i64, i64), marks: &[f64]) -> StudyResult {
    let variant = |variant: &Variant| {
        let agents = &variant.plan.agents;
        let start = |agent| start_equity(&variant.plan, agent, marks);
        let mut results: Vec<AgentResult> = (agents.iter().enumerate())
            .map(|(index, agent)| AgentResult::new(&agent.name, start(index)))
            .collect();
        if agents.len() > 1 {
            results.push(AgentResult::new("all", (0..agents.len()).map(start).sum()));
        }
        VariantResult { name: variant.name.clone(), agents: results }
    };
    StudyResult {
        paths: 0,
        span_ms,
        replication: scenario.prices.replication(),
        metrics: scenario.plan.metric_scope(),
        variants: set.all().iter().map(variant).collect(),
    }
}

/// Rows of some paths: for each path the variants in order, for each variant its agents.
struct BlockRows {
    paths: Range<u64>,
    rows: Vec<AgentOutcome>,
}

fn run_block(pools: &[WorkerPool], seed: u64, paths: Range<u64>) -> Result<BlockRows, StudyError> {
    use rayon::prelude::*;
    // Feeds in parallel too: a history has one path but several feeds.
    let by_feed: Vec<Vec<AgentOutcome>> = pools
        .par_iter()
        .map(|pool| pool.with(|worker, variants| run_feed(worker, variants, seed, paths.clone())))
        .collect::<Result<_, _>>()?;
    let count = (paths.end - paths.start) as usize;
    let mut rows = Vec::with_capacity(by_feed.iter().map(Vec::len).sum());
    for path in 0..count {
        for feed in &by_feed {
            let width = feed.len() / count;
            rows.extend_from_slice(&feed[path * width..][..width]);
        }
    }
    Ok(BlockRows { paths, rows })
}

fn run_feed(
    worker: &mut Worker,
    variants: &[&Variant],
    seed: u64,
    paths: Range<u64>,
) -> Result<Vec<AgentOutcome>, StudyError> {
    let mut rows = Vec::new();
    for number in paths {
        worker.feed.path().begin(seed, number);
        for (variant, workspace) in variants.iter().zip(&mut worker.workspaces) {
            worker.feed.run(&variant.plan, seed, number, workspace, &mut NoRecorder)?;
            rows.extend_from_slice(workspace.outcomes());
        }
    }
    Ok(rows)
}

/// Takes blocks in order.
struct Fold<'a, S, P> {
    result: StudyResult,
    sink: &'a mut S,
    progress: &'a mut P,
    total: u64,
}

impl<S: RowSink, P: Progress> Fold<'_, S, P> {
    fn block(&mut self, block: &BlockRows) -> Result<u64, StudyError> {
        let mut rows = block.rows.as_slice();
        let scope = self.result.metrics;
        for path in block.paths.clone() {
            for (index, variant) in self.result.variants.iter_mut().enumerate() {
                let several = variant.agents.len() > 1;
                let agents = variant.agents.len() - usize::from(several);
                let (mine, rest) = rows.split_at(agents);
                rows = rest;
                self.sink.accept(index, path, mine)?;
                for (agent, outcome) in variant.agents.iter_mut().zip(mine) {
                    agent.push(outcome, scope, self.total as usize);
                }
                if several && let Some(all) = variant.agents.last_mut() {
                    all.push(&sum_of(mine), scope, self.total as usize);
                }
            }
        }
        self.result.paths = block.paths.end;
        self.progress.advance(block.paths.end, self.total);
        Ok(block.paths.end)
    }
}
