//! Running particles: paths that branch off other paths.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::watcher::{Goal, Seen, Watcher};
use crate::engine::{MetricLevel, Plan, RunError, Workspace};
use crate::prices::models::Branch;
use crate::scenario::SplittingSpec;
use crate::study::feed::Feed;

/// A path of the model, named by the path that it began as and the branches that it took.
#[derive(Clone, Debug, Default)]
pub(super) struct Particle {
    pub root: u64,
    pub branches: Vec<Branch>,
}

impl Particle {
    /// A child that draws for itself after a tick.
    pub fn child(&self, tick: usize, stream: u64) -> Self {
        let mut branches = Vec::with_capacity(self.branches.len() + 1);
        branches.extend_from_slice(&self.branches);
        branches.push(Branch { tick, stream });
        Self { root: self.root, branches }
    }
}

/// The stream of a child: stage and place in one number, never 0.
pub(super) fn stream_of(stage: usize, place: u64) -> u64 {
    ((stage as u64 + 1) << 40) | place
}

/// Runs particles of one plan on any number of threads.
pub(super) struct Runner<'a> {
    plan: Plan,
    feed: Feed,
    seed: u64,
    spec: &'a SplittingSpec,
    idle: Mutex<Vec<(Feed, Workspace)>>,
}

impl<'a> Runner<'a> {
    pub fn new(plan: &Plan, feed: Feed, seed: u64, spec: &'a SplittingSpec) -> Self {
        // Metrics of every tick change nothing that happens.
        let plan = Plan { metrics: MetricLevel::Events, ..plan.clone() };
        Self { plan, feed, seed, spec, idle: Mutex::new(Vec::new()) }
    }

    /// Runs all particles; what was seen stands in their order.
    pub fn run(&self, particles: &[Particle], goal: Goal) -> Result<Vec<Seen>, RunError> {
        let seen: Vec<Result<Seen, RunError>> =
            particles.par_iter().map(|particle| self.watch(particle, goal)).collect();
        seen.into_iter().collect()
    }

    fn watch(&self, particle: &Particle, goal: Goal) -> Result<Seen, RunError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (mut feed, mut workspace) = idle.unwrap_or_else(|| {
            let mut feed = self.feed.clone();
            let assets = feed.path().assets();
            (feed, Workspace::new(&self.plan, assets))
        });
        let mut watcher = Watcher::new(self.spec, goal);
        feed.begin_branch(self.seed, particle.root, &particle.branches);
        let ran = feed.run(&self.plan, self.seed, particle.root, &mut workspace, &mut watcher);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((feed, workspace));
        ran.map(|()| watcher.seen)
    }

    /// The tick after which a branch may draw for itself, when a tick has been seen.
    pub fn branch_tick(&self, tick: usize) -> usize {
        self.feed.branch_tick(tick)
    }
}
