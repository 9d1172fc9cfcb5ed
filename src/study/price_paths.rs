//! The price paths themselves, without any plan.

use super::execution::{Execution, StudyError, block_of};
use super::feed::WorkerPool;
use super::variants::VariantSet;
use crate::prices::PricePath;
use crate::scenario::Scenario;

/// Makes the first `paths` paths of the scenario's own feed, lets `encode` read each on any
/// thread, and hands what it made to `write` in the order of the paths. `write` says how many
/// paths are written.
pub fn each_price_path<T: Send>(
    scenario: &Scenario,
    set: &VariantSet,
    paths: u64,
    execution: &Execution,
    encode: impl Fn(u64, &mut dyn PricePath) -> T + Sync,
    mut write: impl FnMut(T) -> std::io::Result<()> + Send,
) -> Result<(), StudyError> {
    let pool = WorkerPool::new(&set.feeds[0], Vec::new());
    let block = block_of(paths).min(4);
    let job = |range: std::ops::Range<u64>| {
        Ok(pool.with(|worker, _| {
            let mut made = Vec::with_capacity(block as usize);
            let end = range.end;
            for number in range {
                worker.feed.path().begin(scenario.seed, number);
                made.push(encode(number, worker.feed.path()));
            }
            (end, made)
        }))
    };
    execution.in_order(paths, block, job, |(end, made)| {
        made.into_iter().try_for_each(&mut write)?;
        Ok(end)
    })
}

/// Marks of one path of a variant's feed over time, one series per asset, for a picture: at most
/// about `most` points, of each stretch the first and the extremes.
pub fn price_series(
    scenario: &Scenario,
    set: &VariantSet,
    variant: usize,
    path: u64,
    most: usize,
) -> Vec<Vec<(i64, f64)>> {
    let mut feed = set.feeds[set.all()[variant].feed].clone();
    let source = feed.path();
    source.begin(scenario.seed, path);
    let (assets, ticks) = (source.assets(), source.ticks());
    let stretch = ticks.div_ceil((most / 3).max(1));
    let (mut marks, mut lasts) = (vec![0.0; assets], vec![0.0; assets]);
    let mut series = vec![Vec::new(); assets];
    let mut stretches = vec![Vec::new(); assets];
    for tick in 0..ticks {
        source.load(tick, &mut marks, &mut lasts);
        for (points, &mark) in stretches.iter_mut().zip(&marks) {
            points.push((source.tick_ms(tick), mark));
        }
        if (tick + 1) % stretch == 0 || tick + 1 == ticks {
            for (out, points) in series.iter_mut().zip(&mut stretches) {
                out.extend(first_and_extremes(points));
                points.clear();
            }
        }
    }
    series
}

/// Of some points the first, the lowest, the highest and the last, in order of time.
fn first_and_extremes(points: &[(i64, f64)]) -> Vec<(i64, f64)> {
    let by_value = |a: &&(i64, f64), b: &&(i64, f64)| a.1.total_cmp(&b.1);
    let chosen = [
        points.first(),
        points.iter().min_by(by_value),
        points.iter().max_by(by_value),
        points.last(),
    ];
    let mut kept: Vec<(i64, f64)> = chosen.into_iter().flatten().copied().collect();
    kept.sort_by_key(|point| point.0);
    kept.dedup_by_key(|point| point.0);
    kept
}
