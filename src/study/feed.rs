//! A generator of price paths of either kind, and a pool of workers that reuse theirs.

use std::sync::{Arc, Mutex, PoisonError};

use super::variants::Variant;
use crate::engine::{self, Plan, Recorder, RunError, Workspace};
use crate::prices::models::{Branch, ModelError, ModelPath, RefinedPath};
use crate::prices::{PricePath, Prices, ReplayPath, ReplaySpec};

/// A generator of price paths. A copy makes the same paths.
#[derive(Clone)]
pub(super) enum Feed {
    Model(Box<ModelPath>),
    Refined(Box<RefinedPath>),
    Replay(ReplayPath),
}

impl Feed {
    pub(super) fn new(prices: &Prices) -> Result<Self, ModelError> {
        match prices {
            Prices::Model(spec) if spec.options.refine > 0 => {
                RefinedPath::new(spec).map(|path| Self::Refined(Box::new(path)))
            }
            Prices::Model(spec) => ModelPath::new(spec).map(|path| Self::Model(Box::new(path))),
            Prices::History(spec) => Ok(Self::replay(spec.clone())),
        }
    }

    pub(super) fn replay(spec: ReplaySpec) -> Self {
        Self::Replay(ReplayPath::new(Arc::new(spec)))
    }

    /// The path behind it, where speed does not matter.
    pub(super) fn path(&mut self) -> &mut dyn PricePath {
        match self {
            Self::Model(path) => path.as_mut(),
            Self::Refined(path) => path.as_mut(),
            Self::Replay(path) => path,
        }
    }

    /// Goes to the start of a branch of a path; a replay has no draws to branch.
    pub(super) fn begin_branch(&mut self, seed: u64, path: u64, branches: &[Branch]) {
        match self {
            Self::Model(model) => model.begin_branch(seed, path, branches),
            Self::Refined(model) => model.begin_branch(seed, path, branches),
            Self::Replay(replay) => replay.begin(seed, path),
        }
    }

    /// The tick of a branch that keeps everything up to a tick of the path.
    pub(super) fn branch_tick(&self, tick: usize) -> usize {
        match self {
            Self::Refined(model) => model.step_of(tick),
            _ => tick,
        }
    }

    /// Runs a plan over the path that was begun last.
    pub(super) fn run<R: Recorder>(
        &mut self,
        plan: &Plan,
        seed: u64,
        number: u64,
        workspace: &mut Workspace,
        recorder: &mut R,
    ) -> Result<(), RunError> {
        match self {
            Self::Model(path) => {
                engine::run(plan, path.as_mut(), seed, number, workspace, recorder)
            }
            Self::Refined(path) => {
                engine::run(plan, path.as_mut(), seed, number, workspace, recorder)
            }
            Self::Replay(path) => engine::run(plan, path, seed, number, workspace, recorder),
        }
    }
}

/// What one thread needs to run some variants over the paths of one feed.
pub(super) struct Worker {
    pub(super) feed: Feed,
    /// One workspace per variant, in the order of `variants`.
    pub(super) workspaces: Vec<Workspace>,
}

/// Workers that wait for their next block.
pub(super) struct WorkerPool<'a> {
    feed: &'a Feed,
    pub(super) variants: Vec<&'a Variant>,
    idle: Mutex<Vec<Worker>>,
}

impl<'a> WorkerPool<'a> {
    pub(super) fn new(feed: &'a Feed, variants: Vec<&'a Variant>) -> Self {
        Self { feed, variants, idle: Mutex::new(Vec::new()) }
    }

    /// Lends a worker to a piece of work.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Worker, &[&Variant]) -> T) -> T {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut worker = idle.unwrap_or_else(|| self.make());
        let result = work(&mut worker, &self.variants);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        result
    }

    fn make(&self) -> Worker {
        let mut feed = self.feed.clone();
        let assets = feed.path().assets();
        let workspaces =
            self.variants.iter().map(|variant| Workspace::new(&variant.plan, assets)).collect();
        Worker { feed, workspaces }
    }
}
