//! Finer ticks inside the steps of a model: a Brownian bridge on dyadic nodes.
//!
//! Inside a step from x₀ to x₁ the log price is `x₀ + t·(x₁ − x₀) + Σ L·B(t)`, t from 0 to 1, with
//! B independent standard Brownian bridges, one per factor, and L the step's loadings: the law of
//! the model given both ends where it is a Brownian motion within a step (gbm; Merton's between
//! his jumps, which are placed first, each at its own instant; a regime, which changes only
//! between steps). GARCH and Heston are taken for Brownian within a step of their variance in that
//! step (Heston's is the mean of its ends). What a shock takes in a step it takes evenly over it.
//!
//! Node after node from the coarsest on (Lévy's construction; Glasserman 2004, §3.1) from streams
//! keyed by (seed, path, step): a finer level adds nodes and moves none, and no step is touched at
//! its ends.
//!
//! A step is refined only when something in it is looked at: where a bound of the quiet interval is
//! so near that the bridge crosses it with a probability above [`NEGLIGIBLE`]. Between x₀ and x₁,
//! both at distances a and b on one side of it, that probability is e^(−2ab/v), v the variance of
//! the step.

use super::trail::variance;
use super::{Branch, ModelError, ModelKind, ModelPath, ModelSpec};
use crate::prices::PricePath;
use crate::stats::StreamKey;

/// A step that crosses a bound with a smaller probability than this is not refined for its sake.
pub const NEGLIGIBLE: f64 = 1e-15;

/// Levels at most: 4,096 ticks a step.
pub const MOST_LEVELS: u32 = 12;

/// A path of a [`ModelSpec`] with `2^refine` ticks per step.
#[derive(Clone, Debug)]
pub struct RefinedPath {
    coarse: ModelPath,
    levels: u32,
    /// Ticks a step.
    fine: usize,
    keys: Vec<StreamKey>,
    /// −ln of [`NEGLIGIBLE`], halved: a bound is near where ab/v is below it.
    reach: f64,
    /// Variance of a step's noise by setting and asset.
    variances: Vec<Vec<f64>>,
    /// The step whose inside is made; 0: none.
    step: usize,
    /// Log prices inside it: `inside[asset·(fine + 1) + node]`.
    inside: Vec<f64>,
    /// Bridges of the factors, in the same order.
    bridges: Vec<f64>,
    /// How many steps were refined so far.
    refined: u64,
    /// Whether all are, wherever the bounds lie.
    every: bool,
}

impl RefinedPath {
    /// Refuses what [`ModelPath::new`] refuses, a bootstrap and a copula (no law is known inside their steps), and
    /// more levels than there are milliseconds in a step or than [`MOST_LEVELS`].
    pub fn new(spec: &ModelSpec) -> Result<Self, ModelError> {
        check(spec)?;
        let mut coarse = ModelPath::new(spec)?;
        coarse.keep_noise();
        let n = spec.assets.len();
        let levels = spec.options.refine;
        let fine = 1_usize << levels;
        let of_setting =
            |setting| (0..n).map(|asset| variance(setting, asset)).collect::<Vec<f64>>();
        let variances = coarse.settings().iter().map(of_setting).collect();
        let keys = spec.assets.iter().map(|asset| StreamKey::new("bridge", &asset.name)).collect();
        let room = vec![0.0; n * (fine + 1)];
        Ok(Self {
            coarse,
            levels,
            fine,
            keys,
            reach: -libm::log(NEGLIGIBLE) / 2.0,
            variances,
            step: 0,
            inside: room.clone(),
            bridges: room,
            refined: 0,
            every: false,
        })
    }

    /// Refines every step that is passed, whether anything is near or not: what the quick way is
    /// held to.
    pub fn refine_every_step(&mut self) {
        self.every = true;
    }

    /// Steps that were refined since the path was made.
    pub fn steps_refined(&self) -> u64 {
        self.refined
    }

    /// As [`ModelPath::begin_branch`]; branches begin at ends of steps.
    pub fn begin_branch(&mut self, seed: u64, path: u64, branches: &[Branch]) {
        self.coarse.begin_branch(seed, path, branches);
        self.step = 0;
    }

    /// The end of the step that holds a tick, as a tick of the coarse path.
    pub fn step_of(&self, tick: usize) -> usize {
        tick.div_ceil(self.fine)
    }

    /// Makes the inside of the step that leads to a tick of the coarse path.
    fn refine(&mut self, step: usize) {
        if self.step == step {
            return;
        }
        self.coarse.reach(step);
        self.draw_bridges(step);
        let (n, width) = (self.keys.len(), self.fine + 1);
        for asset in 0..n {
            let (setting, scale) = self.coarse.noise(asset, step);
            let loadings = &self.coarse.settings()[setting].loadings[asset];
            let (from, to) = (self.coarse.level(step - 1, asset), self.coarse.level(step, asset));
            let jumps = self.coarse.jumps_in(asset, step);
            let leapt: f64 = jumps.iter().map(|(_, size)| size).sum();
            let row = &mut self.inside[asset * width..(asset + 1) * width];
            for (node, value) in row.iter_mut().enumerate() {
                let part = node as f64 / self.fine as f64;
                let now = (step - 1) as f64 + part;
                let mut level = from + part * (to - from - leapt);
                for (time, size) in jumps {
                    level += if *time < now { *size } else { 0.0 };
                }
                for (factor, loading) in loadings.iter().enumerate() {
                    level += scale * loading * self.bridges[factor * width + node];
                }
                *value = level;
            }
        }
        self.step = step;
        self.refined += 1;
    }

    /// Standard bridges over one step, from the coarsest node on.
    fn draw_bridges(&mut self, step: usize) {
        let draw = self.coarse.draw_of(step);
        let width = self.fine + 1;
        for (factor, key) in self.keys.iter().enumerate() {
            let mut stream = key.open_at(draw.seed, draw.path, step as u64, draw.branch);
            let row = &mut self.bridges[factor * width..(factor + 1) * width];
            (row[0], row[self.fine]) = (0.0, 0.0);
            let mut length = 1.0_f64;
            for level in 0..self.levels {
                let half = self.fine >> (level + 1);
                let deviation = draw.sign * length.sqrt() / 2.0;
                for node in (half..self.fine).step_by(2 * half) {
                    let middle = (row[node - half] + row[node + half]) / 2.0;
                    row[node] = middle + deviation * stream.normal();
                }
                length /= 2.0;
            }
        }
    }

    /// Whether something in a step may leave a quiet interval that both its ends are in.
    fn may_cross(&self, step: usize) -> bool {
        (0..self.keys.len()).any(|asset| {
            let (from, to) = (self.coarse.level(step - 1, asset), self.coarse.level(step, asset));
            let (setting, scale) = self.coarse.noise(asset, step);
            let reach = self.reach * self.variances[setting][asset] * scale * scale;
            let [low, high] = self.coarse.quiet(asset);
            let outside = from <= low || to <= low || from >= high || to >= high;
            let near = |bound: f64| (from - bound) * (to - bound) < reach;
            outside || near(low) || near(high) || !self.coarse.jumps_in(asset, step).is_empty()
        })
    }

    /// The first node of `nodes` inside a step at which an asset leaves its quiet interval.
    fn loud_node(&mut self, step: usize, nodes: std::ops::Range<usize>) -> Option<usize> {
        if !self.every && !self.may_cross(step) {
            return None;
        }
        self.refine(step);
        let width = self.fine + 1;
        nodes.into_iter().find(|node| {
            (0..self.keys.len()).any(|asset| {
                let [low, high] = self.coarse.quiet(asset);
                let value = self.inside[asset * width + node];
                !(value > low && value < high)
            })
        })
    }
}

/// Refuses what cannot be refined.
pub(super) fn check(spec: &ModelSpec) -> Result<(), ModelError> {
    let fault = |problem: String| Err(ModelError::Parameter { name: "refine".to_owned(), problem });
    let levels = spec.options.refine;
    if spec.options.copula_df.is_some() {
        return fault("a copula is a law of whole steps: there is none inside them".to_owned());
    }
    if matches!(spec.kind, ModelKind::Bootstrap(_)) {
        return fault("a bootstrap has no law inside its rows".to_owned());
    }
    if !(1..=MOST_LEVELS).contains(&levels) {
        return fault(format!("{levels} levels: give 1 to {MOST_LEVELS}"));
    }
    if spec.step_ms < 1 << levels {
        return fault(format!("2^{levels} ticks in a step of {} ms", spec.step_ms));
    }
    Ok(())
}

impl PricePath for RefinedPath {
    fn begin(&mut self, seed: u64, path: u64) {
        self.coarse.begin(seed, path);
        self.step = 0;
    }

    fn assets(&self) -> usize {
        self.coarse.assets()
    }

    fn ticks(&self) -> usize {
        (self.coarse.ticks() - 1) * self.fine + 1
    }

    fn tick_ms(&self, tick: usize) -> i64 {
        let (step, node) = (tick / self.fine, tick % self.fine);
        let step_ms = self.coarse.bar_ms();
        self.coarse.tick_ms(step) + node as i64 * step_ms / self.fine as i64
    }

    fn tick_at(&self, time_ms: i64) -> usize {
        let step = self.coarse.tick_at(time_ms);
        let passed = (time_ms - self.coarse.tick_ms(step)).max(0);
        // The last node with ⌊node·step/fine⌋ ≤ passed.
        let node = ((passed + 1) * self.fine as i64 - 1) / self.coarse.bar_ms();
        (step * self.fine + node as usize).min(self.ticks() - 1)
    }

    fn load(&mut self, tick: usize, marks: &mut [f64], lasts: &mut [f64]) {
        let (step, node) = (tick / self.fine, tick % self.fine);
        if node == 0 {
            self.coarse.load(step, marks, lasts);
            return;
        }
        self.refine(step + 1);
        for (asset, (mark, last)) in marks.iter_mut().zip(lasts).enumerate() {
            let start = self.coarse.first_close(asset);
            *mark = start * libm::exp(self.inside[asset * (self.fine + 1) + node]);
            *last = *mark;
        }
    }

    fn expect_loads(&mut self, _: usize, _: usize) {}

    fn set_quiet(&mut self, low: &[f64], high: &[f64]) {
        self.coarse.set_quiet(low, high);
    }

    fn set_quiet_of(&mut self, changed: &[usize], low: &[f64], high: &[f64]) {
        self.coarse.set_quiet_of(changed, low, high);
    }

    fn next_loud(&mut self, from: usize, to: usize) -> usize {
        let mut tick = from;
        while tick < to {
            let (step, node) = (tick / self.fine, tick % self.fine);
            if node == 0 {
                if self.coarse.next_loud(step, step + 1) == step {
                    return tick;
                }
                tick += 1;
                continue;
            }
            let end = ((step + 1) * self.fine).min(to);
            self.coarse.reach(step + 1);
            if let Some(loud) = self.loud_node(step + 1, node..node + end - tick) {
                return step * self.fine + loud;
            }
            tick = end;
        }
        to
    }

    fn bars_before(&self, time_ms: i64) -> usize {
        self.coarse.bars_before(time_ms)
    }

    fn bar(&mut self, bar: usize, asset: usize) -> [f64; 3] {
        self.coarse.bar(bar, asset)
    }

    fn first_close(&mut self, asset: usize) -> f64 {
        self.coarse.first_close(asset)
    }

    fn bar_ms(&self) -> i64 {
        self.coarse.bar_ms()
    }

    fn crisis_weight(&mut self, tick: usize) -> f64 {
        self.coarse.crisis_weight(self.step_of(tick))
    }
}
