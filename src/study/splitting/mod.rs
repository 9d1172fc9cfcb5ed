//! Multilevel splitting: small probabilities of the real plan, run by the engine.
//!
//! A path that comes nearer to the event than a level is split: children that share it up to the
//! tick at which it came there and draw the rest for themselves. With p₁ the part of the paths that
//! reach the first level, p₂ of their children the second, … the probability is estimated as
//! p₁·p₂·…: *fixed-effort* splitting, the same number of paths at each stage (Garvels 2000;
//! L'Ecuyer, Le Gland, Lezaud & Tuffin 2009, §3.2.2). Parents are taken by systematic resampling, so that each is expected to have
//! the same number of children; levels are fixed before, or chosen by a pilot (Cérou & Guyader
//! 2007) that shares no draw with the estimate. Under both the estimate has no bias, whatever the
//! levels are, since a path counts as having reached a level also when the event came first.
//!
//! What is split is the path of prices. Other draws of the engine (failures of top-ups, flows of
//! services) and the instants of shocks are those of the path that a child descends from.

mod pilot;
mod runner;
mod spec;
mod watcher;

pub use spec::{SplittingError, SplittingResult, SplittingStage};

use self::runner::{Particle, Runner, stream_of};
use self::watcher::Seen;
pub(in crate::study) use self::watcher::{Goal, Watcher};
use super::execution::{Execution, Progress, StudyError};
use super::feed::Feed;
use crate::engine::Plan;
use crate::prices::Prices;
use crate::scenario::SplittingSpec;
use crate::stats::{StreamKey, rare_estimate};

/// Particles at most: their number must fit beside the stage in a stream's number.
const MOST_PARTICLES: u64 = 1 << 32;

/// Estimates the probability of an event within the run of a plan.
///
/// The result is the same at any number of threads.
///
/// # Errors
/// Prices from a history, antithetic paths, parameters out of bounds, a pilot that does not come
/// nearer to the event, or a run that fails or is stopped.
pub fn splitting(
    plan: &Plan,
    prices: &Prices,
    seed: u64,
    spec: &SplittingSpec,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<SplittingResult, SplittingError> {
    check(plan, prices, spec)?;
    let feed = Feed::new(prices)?;
    let runner = Runner::new(plan, feed, seed, spec);
    execution.pool()?.install(|| estimate(&runner, seed, spec, execution, progress))
}

fn check(plan: &Plan, prices: &Prices, spec: &SplittingSpec) -> Result<(), SplittingError> {
    let fault = |problem: &str| Err(SplittingError::Parameter(problem.to_owned()));
    match prices {
        Prices::History(_) => return Err(SplittingError::Prices("a price model, not a history")),
        Prices::Model(model) if model.replicate_size() > 1 => {
            return Err(SplittingError::Prices(
                "paths drawn one by one: neither antithetic nor sobol",
            ));
        }
        Prices::Model(_) => {}
    }
    if spec.agent.is_some_and(|agent| agent >= plan.agents.len()) {
        return fault("no such agent");
    }
    if !(2..=MOST_PARTICLES).contains(&spec.particles) || spec.replicates < 2 {
        return fault("at least 2 particles and 2 replicates");
    }
    if !(spec.share > 0.0 && spec.share < 1.0) {
        return fault("the share that reaches the next level must be between 0 and 1");
    }
    let sound = spec.levels.iter().all(|level| level.is_finite());
    if !sound || spec.levels.windows(2).any(|pair| pair[1] >= pair[0]) {
        return fault("levels must be finite and strictly descending");
    }
    Ok(())
}

fn estimate(
    runner: &Runner<'_>,
    seed: u64,
    spec: &SplittingSpec,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<SplittingResult, SplittingError> {
    let stopped = |done: u64| execution.go_on(done);
    let (levels, pilot_runs) = if spec.levels.is_empty() {
        pilot::levels(runner, spec, stopped)?
    } else {
        (spec.levels.clone(), 0)
    };
    let goals = levels.iter().map(|level| Goal::Level(*level)).chain([Goal::Event]);
    let goals: Vec<Goal> = goals.collect();
    let mut stages: Vec<SplittingStage> = (levels.iter().map(|level| Some(*level)))
        .chain([None])
        .map(|level| SplittingStage { level, reached: 0, of: 0 })
        .collect();
    let mut replicates = Vec::new();
    for replicate in 0..spec.replicates {
        let runs: u64 = stages.iter().map(|stage| stage.of).sum();
        stopped(pilot_runs + runs)?;
        let estimate = one_replicate(runner, seed, spec, replicate, &goals, &mut stages)?;
        replicates.push(estimate);
        progress.advance(replicate + 1, spec.replicates);
    }
    Ok(SplittingResult {
        spec: spec.clone(),
        estimate: rare_estimate(&replicates),
        replicates,
        runs: stages.iter().map(|stage| stage.of).sum(),
        stages,
        pilot_runs,
    })
}

/// One replicate: p₁·p₂·…
fn one_replicate(
    runner: &Runner<'_>,
    seed: u64,
    spec: &SplittingSpec,
    replicate: u64,
    goals: &[Goal],
    stages: &mut [SplittingStage],
) -> Result<f64, StudyError> {
    let key = StreamKey::new("splitting", "parents");
    let first = replicate * spec.particles;
    let mut particles: Vec<Particle> = (first..first + spec.particles)
        .map(|root| Particle { root, ..Particle::default() })
        .collect();
    let mut probability = 1.0;
    for (stage, (goal, count)) in goals.iter().zip(stages).enumerate() {
        let seen = runner.run(&particles, *goal)?;
        let hits: Vec<(&Particle, usize)> = (particles.iter().zip(&seen))
            .filter_map(|(particle, seen)| Some((particle, reached(seen, *goal)?)))
            .collect();
        count.of += spec.particles;
        count.reached += hits.len() as u64;
        probability *= hits.len() as f64 / spec.particles as f64;
        if hits.is_empty() {
            break;
        }
        let shift = key.open_at(seed, replicate, stage as u64, 0).uniform();
        let child = |place: u64| {
            let at = (place as f64 + shift) * hits.len() as f64 / spec.particles as f64;
            let (parent, tick) = hits[(at as usize).min(hits.len() - 1)];
            parent.child(runner.branch_tick(tick), stream_of(stage, place))
        };
        particles = (0..spec.particles).map(child).collect();
    }
    Ok(probability)
}

/// The tick at which a path came to a goal.
fn reached(seen: &Seen, goal: Goal) -> Option<usize> {
    match goal {
        Goal::Event => seen.event,
        _ => seen.level.into_iter().chain(seen.event).min(),
    }
}
