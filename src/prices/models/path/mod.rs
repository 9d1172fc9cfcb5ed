//! One Monte Carlo path, drawn as it is read: `exp` is taken only of what is loaded.

mod branches;
mod inside;
mod reading;

use std::sync::Arc;

use super::copula::Copula;
use super::draw::{Branch, Draw};
use super::dynamics::{Chunk, Dynamics};
use super::levels::Levels;
use super::prepared::Prepared;
use super::setting::CHUNK;
use super::shocks::Shocks;
use super::starts::Starts;
use super::timetable::{Run, Timetable};
use super::trail::Trail;
use super::{ModelError, ModelSpec};
use crate::prices::PricePath;
use crate::stats::Stream;

/// A path of a [`ModelSpec`]; clones share what does not change.
#[derive(Clone, Debug)]
pub struct ModelPath {
    prepared: Arc<Prepared>,
    draw: Draw,
    /// Where it leaves the path it was begun as, in the order of ticks.
    branches: Vec<Branch>,
    /// The first of them that is still ahead.
    next_branch: usize,
    streams: Vec<Stream>,
    starts: Option<Starts>,
    copula: Option<Copula>,
    dynamics: Dynamics,
    timetable: Timetable,
    shocks: Shocks,
    /// Settings of the present chunk.
    runs: Vec<Run>,
    /// Ticks made so far.
    made: usize,
    levels: Levels,
    /// Prices of the blocks that have them: `prices[tick·assets + asset]`.
    prices: Vec<f64>,
    /// Blocks below this one, of which every load is expected, have prices.
    priced: usize,
    /// One chunk of normals per asset.
    normals: Vec<f64>,
    /// The independent normals of each step, `given[asset·steps + step − 1]`; empty: drawn.
    given: Vec<f64>,
    /// The noise of each step, where what lies inside them is wanted.
    trail: Option<Box<Trail>>,
}

impl ModelPath {
    /// Prepares a model; refuses one that cannot be simulated.
    pub fn new(spec: &ModelSpec) -> Result<Self, ModelError> {
        Self::with_starts(spec, Starts::of(spec, None)?)
    }

    /// The path of asset `place` of a model, given a model of it `alone`.
    pub(super) fn alone(
        spec: &ModelSpec,
        alone: &ModelSpec,
        place: usize,
    ) -> Result<Self, ModelError> {
        Self::with_starts(alone, Starts::of(spec, Some(place))?)
    }

    fn with_starts(spec: &ModelSpec, starts: Option<Starts>) -> Result<Self, ModelError> {
        let prepared = Prepared::of(spec)?;
        let n = spec.assets.len();
        let first_shocked = prepared.first_shocked();
        let streams = prepared.keys.iter().map(|key| key.open(0, 0)).collect();
        let mut path = Self {
            prepared: Arc::new(prepared),
            draw: Draw::of(0, 0, false),
            branches: Vec::new(),
            next_branch: 0,
            streams,
            starts,
            copula: Copula::of(spec)?,
            dynamics: Dynamics::of(spec)?,
            timetable: Timetable::of(spec)?,
            shocks: Shocks::new(spec, first_shocked)?,
            runs: Vec::new(),
            made: 0,
            levels: Levels::new(n, spec.steps + 1),
            prices: Vec::new(),
            priced: 0,
            normals: vec![0.0; n * CHUNK],
            given: Vec::new(),
            trail: None,
        };
        path.begin(0, 0);
        Ok(path)
    }

    /// Draws the whole path: what reading it to its end would cost.
    pub fn draw_all(&mut self) {
        while self.made < self.levels.ticks() {
            self.draw_chunk();
        }
    }

    /// Makes the path up to and including a tick.
    #[inline]
    pub(super) fn reach(&mut self, tick: usize) {
        while self.made <= tick {
            self.draw_chunk();
        }
    }

    /// Draws the ticks up to the next multiple of the chunk length or the next branch.
    fn draw_chunk(&mut self) {
        let first = self.made;
        self.take_branches(first);
        let own = self.branches.get(self.next_branch).map_or(usize::MAX, |branch| branch.tick + 1);
        let end = (first / CHUNK + 1).saturating_mul(CHUNK).min(self.levels.ticks()).min(own);
        let count = end - first;
        self.fill_normals(first, count);
        let Prepared { spec, settings, .. } = self.prepared.as_ref();
        self.timetable.runs(spec, first, count, &mut self.runs);
        self.shocks.set_correlations(first, count, &mut self.runs);
        for run in self.runs.iter().filter(|_| self.dynamics.takes_normals()) {
            for asset in 0..self.streams.len() {
                let steps = self.levels.steps(asset, first + run.from, run.count);
                settings[run.setting].write(asset, &self.normals, run.from, steps);
            }
        }
        let scales = self.shocks.scales(first, count);
        let chunk = Chunk { first, count, runs: &self.runs, settings, scales };
        if let Some(trail) = &mut self.trail {
            trail.keep(self.streams.len(), &chunk);
        }
        if let Some(copula) = &mut self.copula {
            copula.finish(&mut self.levels, &chunk);
        }
        self.dynamics.finish(&mut self.levels, &chunk, self.trail.as_deref_mut());
        self.shocks.add_crashes(&mut self.levels, first, count);
        self.levels.sum(first, count);
        self.made = end;
    }

    /// The normals of a chunk, where the model is made of any.
    fn fill_normals(&mut self, first: usize, count: usize) {
        if !self.dynamics.takes_normals() {
            return;
        }
        if !self.given.is_empty() {
            let steps = self.levels.ticks() - 1;
            for asset in 0..self.streams.len() {
                let from = asset * steps + first - 1;
                let row = &mut self.normals[asset * CHUNK..asset * CHUNK + count];
                row.copy_from_slice(&self.given[from..from + count]);
            }
            return;
        }
        for (asset, stream) in self.streams.iter_mut().enumerate() {
            let normals = &mut self.normals[asset * CHUNK..asset * CHUNK + count];
            stream.fill_normal(normals);
            if self.draw.sign < 0.0 {
                normals.iter_mut().for_each(|normal| *normal = -*normal);
            }
        }
        if let Some(starts) = &mut self.starts {
            starts.bend(&mut self.normals, count);
        }
    }

    /// Log price over the start price, drawn up to there.
    pub(super) fn log_price(&mut self, tick: usize, asset: usize) -> f64 {
        self.reach(tick);
        self.levels.at(tick, asset)
    }
}
