//! One Monte Carlo path, drawn as it is read: `exp` is taken only of what is loaded.

use std::sync::Arc;

use super::copula::Copula;
use super::draw::{Branch, Draw};
use super::dynamics::{Chunk, Dynamics};
use super::levels::{BLOCK, Levels};
use super::prepared::Prepared;
use super::setting::{CHUNK, Setting};
use super::shocks::Shocks;
use super::starts::Starts;
use super::timetable::{Run, Timetable};
use super::trail::Trail;
use super::{ModelError, ModelSpec};
use crate::prices::PricePath;
use crate::stats::Stream;

/// Part of the price by which the quiet interval is narrowed, against rounding: far more than
/// the error of a threshold's price, far less than a price move.
const MARGIN: f64 = 1e-9;

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

    /// Goes to the start of a branch of a path: up to the tick of each branch it is what it was
    /// before, afterwards it draws from that branch's streams. The state that a model carries is
    /// kept, and every wait for a jump, a regime or the end of a block has no memory, so that what
    /// comes has the law of the model given what has been. Instants of shocks are the path's.
    ///
    /// `branches` stand in the order of their ticks.
    pub fn begin_branch(&mut self, seed: u64, path: u64, branches: &[Branch]) {
        self.begin(seed, path);
        self.branches.extend_from_slice(branches);
    }

    /// Goes to the start of a path whose independent normals are given, `normals[asset·steps +
    /// step − 1]`; all other draws are those of the path.
    ///
    /// # Panics
    /// If there are not as many as assets times steps.
    pub fn begin_given(&mut self, seed: u64, path: u64, normals: &[f64]) {
        let wanted = self.streams.len() * (self.levels.ticks() - 1);
        assert_eq!(normals.len(), wanted, "one normal per asset and step");
        self.begin(seed, path);
        self.given.extend_from_slice(normals);
    }

    /// What an asset's log price takes of each independent normal in the first step.
    pub fn loadings(&self, asset: usize) -> &[f64] {
        &self.prepared.settings[0].loadings[asset]
    }

    /// Takes the branches that begin before a tick.
    fn take_branches(&mut self, first: usize) {
        while let Some(branch) = self.branches.get(self.next_branch).filter(|b| b.tick < first) {
            self.draw.branch = branch.stream;
            for (stream, key) in self.streams.iter_mut().zip(&self.prepared.keys) {
                *stream = self.draw.open(key);
            }
            self.dynamics.branch(self.draw, branch.tick);
            self.timetable.branch(self.draw, branch.tick);
            if let Some(copula) = &mut self.copula {
                copula.begin(self.draw);
            }
            self.next_branch += 1;
        }
    }

    /// Keeps from now on how much noise each step holds.
    pub(super) fn keep_noise(&mut self) {
        self.trail = Some(Box::new(Trail::new(self.streams.len(), self.levels.ticks())));
        self.dynamics.keep_jumps();
    }

    /// Index of the setting of the step to a tick that was made, and the scale of an asset's noise.
    #[inline]
    pub(super) fn noise(&self, asset: usize, tick: usize) -> (usize, f64) {
        self.trail.as_ref().map_or((0, 1.0), |trail| trail.of(asset, tick))
    }

    /// What an asset's steps are made of.
    pub(super) fn settings(&self) -> &[Setting] {
        &self.prepared.settings
    }

    /// Jumps in the step to a tick that was made: time in steps, and size of the log price.
    pub(super) fn jumps_in(&self, asset: usize, tick: usize) -> &[(f64, f64)] {
        self.dynamics.jumps_in(asset, tick)
    }

    /// Log price over the start price at a tick that was made.
    #[inline]
    pub(super) fn log_price(&self, tick: usize, asset: usize) -> f64 {
        self.levels.at(tick, asset)
    }

    /// The open interval of log prices over the start price that is quiet.
    #[inline]
    pub(super) fn quiet(&self, asset: usize) -> [f64; 2] {
        self.levels.quiet[asset]
    }

    /// The draws that the step to a tick is made of.
    pub(super) fn draw_of(&self, tick: usize) -> Draw {
        let branch = self.branches.iter().rev().find(|branch| branch.tick < tick);
        Draw { branch: branch.map_or(0, |branch| branch.stream), ..self.draw }
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
        if let Some(copula) = &mut self.copula {
            copula.finish(&mut self.levels, &chunk);
        }
        if let Some(trail) = &mut self.trail {
            trail.keep(self.streams.len(), &chunk);
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
    pub(super) fn drawn_log_price(&mut self, tick: usize, asset: usize) -> f64 {
        self.reach(tick);
        self.levels.at(tick, asset)
    }

    fn price(&self, tick: usize, asset: usize) -> f64 {
        let start = self.prepared.spec.assets[asset].start_price;
        start * libm::exp(self.levels.at(tick, asset))
    }
}

impl PricePath for ModelPath {
    fn begin(&mut self, seed: u64, path: u64) {
        let prepared = &self.prepared;
        self.draw = Draw::of(seed, path, prepared.spec.options.antithetic);
        self.branches.clear();
        self.given.clear();
        self.next_branch = 0;
        for (stream, key) in self.streams.iter_mut().zip(&prepared.keys) {
            *stream = self.draw.open(key);
        }
        if let Some(starts) = &mut self.starts {
            starts.begin(self.draw);
        }
        if let Some(copula) = &mut self.copula {
            copula.begin(self.draw);
        }
        self.dynamics.begin(self.draw);
        self.timetable.begin(self.draw);
        self.shocks.begin(self.draw);
        // Tick 0 stands at the start price; its chunk starts with a step of nothing.
        self.levels.begin();
        self.made = 1;
        self.priced = 0;
    }

    fn assets(&self) -> usize {
        self.streams.len()
    }

    fn ticks(&self) -> usize {
        self.levels.ticks()
    }

    fn tick_ms(&self, tick: usize) -> i64 {
        self.prepared.spec.start_ms + tick as i64 * self.prepared.spec.step_ms
    }

    fn tick_at(&self, time_ms: i64) -> usize {
        let passed = (time_ms - self.prepared.spec.start_ms) / self.prepared.spec.step_ms;
        (passed.max(0) as usize).min(self.levels.ticks() - 1)
    }

    fn load(&mut self, tick: usize, marks: &mut [f64], lasts: &mut [f64]) {
        let n = self.streams.len();
        if tick / BLOCK < self.priced {
            marks.copy_from_slice(&self.prices[tick * n..(tick + 1) * n]);
            lasts.copy_from_slice(marks);
            return;
        }
        self.reach(tick);
        for (asset, (mark, last)) in marks.iter_mut().zip(lasts).enumerate() {
            *mark = self.price(tick, asset);
            *last = *mark;
        }
    }

    fn expect_loads(&mut self, _: usize, to: usize) {
        let n = self.streams.len();
        self.prices.resize(self.levels.ticks() * n, 0.0);
        let wanted = to.div_ceil(BLOCK);
        while self.priced < wanted {
            let end = ((self.priced + 1) * BLOCK).min(self.levels.ticks());
            self.reach(end - 1);
            for tick in self.priced * BLOCK..end {
                for asset in 0..n {
                    self.prices[tick * n + asset] = self.price(tick, asset);
                }
            }
            self.priced += 1;
        }
    }

    fn set_quiet(&mut self, low: &[f64], high: &[f64]) {
        for (asset, quiet) in self.levels.quiet.iter_mut().enumerate() {
            let start = self.prepared.spec.assets[asset].start_price;
            let least = low[asset] / start * (1.0 + MARGIN);
            let most = high[asset] / start * (1.0 - MARGIN);
            quiet[0] = if least > 0.0 { libm::log(least) } else { f64::NEG_INFINITY };
            quiet[1] = if most > 0.0 { libm::log(most) } else { f64::NEG_INFINITY };
        }
    }

    fn next_loud(&mut self, from: usize, to: usize) -> usize {
        let mut tick = from;
        while tick < to {
            self.reach(tick);
            let block = tick / BLOCK;
            let end = ((block + 1) * BLOCK).min(to).min(self.made);
            if !self.levels.block_is_quiet(block) {
                for candidate in tick..end {
                    if !self.levels.tick_is_quiet(candidate) {
                        return candidate;
                    }
                }
            }
            tick = end;
        }
        to
    }

    fn bars_before(&self, time_ms: i64) -> usize {
        let spec = &self.prepared.spec;
        let done = (time_ms - spec.start_ms - 1) / spec.step_ms;
        (done.max(0) as usize).min(spec.steps)
    }

    fn bar(&mut self, bar: usize, asset: usize) -> [f64; 3] {
        self.reach(bar + 1);
        [self.price(bar + 1, asset); 3]
    }

    fn first_close(&mut self, asset: usize) -> f64 {
        self.prepared.spec.assets[asset].start_price
    }

    fn bar_ms(&self) -> i64 {
        self.prepared.spec.step_ms
    }

    fn crisis_weight(&mut self, tick: usize) -> f64 {
        if tick == 0 {
            return 0.0;
        }
        self.reach(tick);
        self.timetable.crisis_weight(&self.prepared.spec, tick)
    }
}
