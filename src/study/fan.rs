//! Equity over time as quantiles over paths.

use std::ops::Range;

use super::execution::{Execution, StudyError, block_of};
use super::feed::WorkerPool;
use super::trace::{instants, span_of};
use super::variants::{Variant, VariantSet};
use crate::engine::{AccountSample, Event, PositionSample, Recorder};
use crate::scenario::Scenario;
use crate::stats::quantile_type7;
use crate::units::time::NEVER_MS;

/// The quantiles of a fan.
pub const FAN_QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Instants of a fan at most.
const FAN_INSTANTS: u64 = 200;

/// Quantiles at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FanStep {
    /// UTC ms.
    pub time_ms: i64,
    /// Equity of all agents together at [`FAN_QUANTILES`], USDC.
    pub equity_usdc: [f64; 5],
}

/// The fan of one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    /// Index of the variant.
    pub variant: usize,
    /// Paths that it was drawn from.
    pub paths: u64,
    /// In order of time.
    pub steps: Vec<FanStep>,
}

/// Fans of the variants on the scenario's own feed, from its first `fan_paths` paths.
pub fn fans(
    scenario: &Scenario,
    set: &VariantSet,
    execution: &Execution,
) -> Result<Vec<Fan>, StudyError> {
    let paths = scenario.report.fan_paths.min(scenario.paths);
    let main: Vec<(usize, &Variant)> = set.main().collect();
    if paths == 0 {
        return Ok(Vec::new());
    }
    let pool = WorkerPool::new(&set.feeds[0], main.iter().map(|(_, variant)| *variant).collect());
    let times = pool.with(|worker, _| {
        worker.feed.path().begin(scenario.seed, 0);
        instants(span_of(worker.feed.path()), FAN_INSTANTS.min(scenario.report.samples))
    });
    let mut equity = vec![vec![Vec::with_capacity(paths as usize); times.len()]; main.len()];
    execution.in_order(
        paths,
        block_of(paths),
        |range| equity_of(&pool, scenario.seed, range, &times),
        |block| {
            for row in block.rows {
                for (column, value) in equity[row.variant].iter_mut().zip(row.equity_usdc) {
                    column.push(value);
                }
            }
            Ok(block.end)
        },
    )?;
    let fan = |((variant, _), columns): (&(usize, &Variant), Vec<Vec<f64>>)| Fan {
        variant: *variant,
        paths,
        steps: times.iter().zip(columns).map(|(&time, values)| step(time, values)).collect(),
    };
    Ok(main.iter().zip(equity).map(fan).collect())
}

fn step(time_ms: i64, mut values: Vec<f64>) -> FanStep {
    values.sort_by(f64::total_cmp);
    FanStep { time_ms, equity_usdc: FAN_QUANTILES.map(|p| quantile_type7(&values, p)) }
}

struct EquityRow {
    variant: usize,
    equity_usdc: Vec<f64>,
}

struct EquityBlock {
    end: u64,
    rows: Vec<EquityRow>,
}

fn equity_of(
    pool: &WorkerPool,
    seed: u64,
    paths: Range<u64>,
    times: &[i64],
) -> Result<EquityBlock, StudyError> {
    let end = paths.end;
    let mut rows = Vec::new();
    pool.with(|worker, variants| {
        for number in paths {
            worker.feed.path().begin(seed, number);
            for (index, variant) in variants.iter().enumerate() {
                let mut recorder = Equity { times, usdc: Vec::with_capacity(times.len()) };
                let workspace = &mut worker.workspaces[index];
                worker.feed.run(&variant.plan, seed, number, workspace, &mut recorder)?;
                rows.push(EquityRow { variant: index, equity_usdc: recorder.usdc });
            }
        }
        Ok(EquityBlock { end, rows })
    })
}

/// Keeps the equity of all agents at given instants.
struct Equity<'a> {
    times: &'a [i64],
    usdc: Vec<f64>,
}

impl Recorder for Equity<'_> {
    const EVENTS: bool = false;

    fn event(&mut self, _: &Event) {}

    fn next_sample_ms(&self) -> i64 {
        self.times.get(self.usdc.len()).copied().unwrap_or(NEVER_MS)
    }

    fn sample(&mut self, _: i64, accounts: &[AccountSample], _: &[PositionSample]) {
        self.usdc.push(accounts.iter().map(|account| account.equity).sum());
    }
}
