//! Which setting holds at which step.

use super::draw::Draw;
use super::regimes::Chain;
use super::{ModelKind, ModelSpec};

/// Steps of a chunk over which one setting holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// First of them, counted from the start of the chunk.
    pub from: usize,
    /// How many.
    pub count: usize,
    /// Which setting.
    pub setting: usize,
}

/// Which setting holds when.
#[derive(Clone, Debug)]
pub(super) enum Timetable {
    /// The first, always.
    Always,
    /// By schedule: see [`super::CorrelationDrift`].
    Schedule,
    /// As a chain says.
    Chain(Chain),
}

impl Timetable {
    /// That of a model.
    pub fn of(spec: &ModelSpec) -> Self {
        match (&spec.kind, &spec.options.correlation_drift) {
            (ModelKind::Regimes(regimes), _) => Self::Chain(Chain::new(spec, regimes)),
            (_, Some(_)) => Self::Schedule,
            (_, None) => Self::Always,
        }
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        if let Self::Chain(chain) = self {
            chain.begin(draw);
        }
    }

    /// Goes on from a tick with the streams of a branch.
    pub fn branch(&mut self, draw: Draw, tick: usize) {
        if let Self::Chain(chain) = self {
            chain.branch(draw, tick);
        }
    }

    /// The settings of the steps to the ticks `first..first + count`.
    pub fn runs(&mut self, spec: &ModelSpec, first: usize, count: usize, runs: &mut Vec<Run>) {
        runs.clear();
        match (self, &spec.options.correlation_drift) {
            (Self::Chain(chain), _) => chain.runs(first, count, runs),
            (Self::Schedule, Some(drift)) => drift.runs(spec.step_ms, first, count, runs),
            _ => runs.push(Run { from: 0, count, setting: 0 }),
        }
    }
}
