//! Which setting holds at which step.

use super::correlation_drift::{self, STAIRS};
use super::draw::{Branch, Draw};
use super::regimes::Chain;
use super::watch::Watch;
use super::{ModelError, ModelKind, ModelSpec};

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
    /// By the drawdown of a market.
    Watch(Watch),
    /// As a chain says.
    Chain(Chain),
}

impl Timetable {
    /// That of a model.
    pub fn of(spec: &ModelSpec) -> Result<Self, ModelError> {
        if let Some(watch) = Watch::of(spec)? {
            return Ok(Self::Watch(watch));
        }
        Ok(match (&spec.kind, &spec.options.correlation_drift) {
            (ModelKind::Regimes(regimes), _) => Self::Chain(Chain::new(spec, regimes)),
            (_, Some(_)) => Self::Schedule,
            (_, None) => Self::Always,
        })
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        match self {
            Self::Always | Self::Schedule => {}
            Self::Watch(watch) => watch.begin(draw),
            Self::Chain(chain) => chain.begin(draw),
        }
    }

    /// A market that is drawn ahead takes the same branches.
    pub fn leave_at(&mut self, branches: &[Branch]) {
        if let Self::Watch(watch) = self {
            watch.leave_at(branches);
        }
    }

    /// A market that is drawn ahead has the same normals, of so many steps.
    pub fn give(&mut self, normals: &[f64], steps: usize) {
        if let Self::Watch(watch) = self {
            watch.give(normals, steps);
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
            (Self::Watch(watch), _) => watch.runs(first, count, runs),
            (Self::Schedule, Some(drift)) => drift.runs(spec.step_ms, first, count, runs),
            _ => runs.push(Run { from: 0, count, setting: 0 }),
        }
    }

    /// Weight of the crisis in the step to a tick (at least 1) that has been drawn.
    pub fn crisis_weight(&self, spec: &ModelSpec, tick: usize) -> f64 {
        match (self, &spec.options.correlation_drift) {
            (Self::Watch(watch), _) => watch.weight(tick),
            (_, Some(drift)) => {
                let stair =
                    correlation_drift::stair(drift.weight((tick as i64 - 1) * spec.step_ms));
                stair as f64 / STAIRS as f64
            }
            (_, None) => 0.0,
        }
    }
}
