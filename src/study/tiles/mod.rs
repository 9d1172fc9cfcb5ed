//! Many variants over many paths, tile by tile: a tile is some paths times some variants.
//!
//! The paths of a tile are drawn once, a few at a time, so that they stay in the cache while every
//! variant runs over them. What a tile found leaves it as bytes ([`record`]), which may be kept in
//! memory or on disk; tiles come in their order whatever the number of threads, and their number
//! hangs on nothing but the numbers of variants and paths.

mod record;
mod worker;

use std::ops::Range;

use super::columns::{AgentResult, VariantResult};
use super::execution::{Execution, StudyError};
use super::feed::Feed;
use super::trace::{marks_at, span_of, start_equity};
use crate::engine::{MetricScope, Plan};
use crate::prices::Prices;
use crate::stats::Replication;
use worker::Workers;

/// Bytes of prices that the paths of a tile have, about: less than a core's own cache.
const CACHED: u64 = 512 * 1024;
/// Paths of a tile, at most.
const MOST: u64 = 32;
/// Tiles there should be at least, for every thread to have some.
const LEAST: u64 = 64;

/// A plan on the prices of a group.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub name: String,
    pub plan: Plan,
    pub group: usize,
}

/// Plans over the same paths.
pub(super) struct Tiles {
    members: Vec<Member>,
    /// The different prices they run on.
    groups: Vec<Prices>,
    seed: u64,
    paths: Range<u64>,
    /// Paths and variants of a tile.
    size: [u64; 2],
}

/// What one tile found: a record per variant, one after the other.
#[derive(Debug)]
pub struct TileRows {
    /// Its number.
    pub number: u64,
    /// The records.
    pub bytes: Vec<u8>,
    /// Where each record ends.
    pub ends: Vec<u64>,
}

impl TileRows {
    /// The record of the variant at a place.
    pub fn record(&self, place: usize) -> &[u8] {
        let from = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[from as usize..self.ends[place] as usize]
    }
}

/// One variant over all paths.
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

impl Tiles {
    /// Plans that run over the paths of a seed. Members stand in the order of their groups.
    pub fn new(members: Vec<Member>, groups: Vec<Prices>, seed: u64, paths: Range<u64>) -> Self {
        let kept = groups.iter().map(kept).min().unwrap_or(1);
        let size = size_of_tile(paths.end - paths.start, members.len() as u64, kept);
        Self { members, groups, seed, paths, size }
    }

    /// How many tiles there are.
    pub fn count(&self) -> u64 {
        let [paths, variants] = self.size;
        (self.paths.end - self.paths.start).div_ceil(paths)
            * (self.members.len() as u64).div_ceil(variants)
    }

    /// Variants times paths of a tile.
    pub fn cells(&self, tile: u64) -> u64 {
        let (paths, variants) = self.place(tile);
        (paths.end - paths.start) * variants.len() as u64
    }

    /// The tiles that hold a variant, and its place among the records of each.
    pub fn of_variant(&self, variant: usize) -> impl Iterator<Item = (u64, usize)> + '_ {
        let [paths, variants] = self.size;
        let across = (self.members.len() as u64).div_ceil(variants);
        let blocks = (self.paths.end - self.paths.start).div_ceil(paths);
        let (column, place) = (variant as u64 / variants, variant as u64 % variants);
        (0..blocks).map(move |block| (block * across + column, place as usize))
    }

    /// Paths and variants of a tile.
    fn place(&self, tile: u64) -> (Range<u64>, Range<usize>) {
        let [paths, variants] = self.size;
        let across = (self.members.len() as u64).div_ceil(variants);
        let first = self.paths.start + tile / across * paths;
        let member = (tile % across * variants) as usize;
        let end = (member + variants as usize).min(self.members.len());
        (first..(first + paths).min(self.paths.end), member..end)
    }

    /// Runs the tiles from number `first` on; `keep` takes each in its order and says how many
    /// cells are done.
    ///
    /// # Errors
    /// If `keep` fails, the study is stopped or threads cannot be started.
    pub fn run(
        &self,
        first: u64,
        execution: &Execution,
        keep: impl FnMut(TileRows) -> Result<u64, StudyError> + Send,
    ) -> Result<(), StudyError> {
        let workers = Workers::new(&self.members, &self.groups, self.seed);
        let count = self.count().saturating_sub(first);
        let job = |tiles: Range<u64>| {
            let number = first + tiles.start;
            let (paths, variants) = self.place(number);
            let (bytes, ends) = workers.run(paths, variants)?;
            Ok(TileRows { number, bytes, ends })
        };
        execution.in_order(count, 1, job, keep)
    }

    /// The figures of a variant; `record` gives its records of each tile, in their order.
    ///
    /// # Errors
    /// Why the variant failed.
    pub fn trial(
        &self,
        variant: usize,
        records: impl IntoIterator<Item = std::io::Result<Vec<u8>>>,
    ) -> Result<Trial, String> {
        let mut trial = self.empty(variant)?;
        let expected = (self.paths.end - self.paths.start) as usize;
        for bytes in records {
            let bytes = bytes.map_err(|error| format!("its kept rows cannot be read: {error}"))?;
            record::read(&bytes, trial.metrics, expected, &mut trial.figures.agents)?;
        }
        Ok(trial)
    }

    fn empty(&self, variant: usize) -> Result<Trial, String> {
        let Member { name, plan, group } = &self.members[variant];
        let prices = &self.groups[*group];
        let mut feed = Feed::new(prices).map_err(|error| error.to_string())?;
        feed.path().begin(self.seed, self.paths.start);
        let marks = marks_at(feed.path(), 0);
        let start = |agent| start_equity(plan, agent, &marks);
        let mut agents: Vec<AgentResult> = (plan.agents.iter().enumerate())
            .map(|(index, agent)| AgentResult::new(&agent.name, start(index)))
            .collect();
        if agents.len() > 1 {
            agents.push(AgentResult::new("all", (0..agents.len()).map(start).sum()));
        }
        Ok(Trial {
            name: name.clone(),
            metrics: plan.metric_scope(),
            span_ms: span_of(feed.path()),
            replication: prices.replication(),
            figures: VariantResult { name: name.clone(), agents },
        })
    }
}

/// How many paths of some prices stay in the cache.
fn kept(prices: &Prices) -> u64 {
    let (ticks, assets) = match prices {
        Prices::Model(spec) => ((spec.steps + 1) << spec.options.refine, spec.assets.len()),
        // All paths of a history share its bars.
        Prices::History(_) => return MOST,
    };
    (CACHED / (ticks * assets * size_of::<f64>()) as u64).clamp(1, MOST)
}

/// Paths and variants of a tile, so that `kept` paths stay in the cache and there are tiles for
/// every thread.
fn size_of_tile(paths: u64, variants: u64, kept: u64) -> [u64; 2] {
    let tall = kept.min((paths / LEAST).max(1));
    let blocks = paths.div_ceil(tall);
    // Few paths: the variants are divided too.
    let wide = if blocks < LEAST { (variants * blocks).div_ceil(LEAST) } else { variants };
    [tall, wide.max(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_have_work_for_every_thread_and_fit_the_cache() {
        // Paths, variants, kept: paths and variants of a tile.
        let rows = [
            ([2_000, 1_000, 30], [30, 1_000]),
            ([200, 1_000, 30], [3, 1_000]),
            // 64 tiles of 157 variants, or fewer where there are fewer.
            ([1, 10_000, 16], [1, 157]),
            ([10, 64, 16], [1, 10]),
            ([1, 3, 16], [1, 1]),
            ([100_000, 2, 1], [1, 2]),
        ];
        for ([paths, variants, kept], size) in rows {
            assert_eq!(size_of_tile(paths, variants, kept), size, "{paths} {variants} {kept}");
        }
    }
}
