//! One Monte Carlo path, drawn as it is read.
//!
//! It is kept as log prices over the start price, asset by asset, with the least and greatest of
//! every block of ticks: the engine looks for a tick outside an interval, and a block inside it
//! is passed over at once. `exp` is taken only of what is loaded.

use std::sync::Arc;

use super::prepared::Prepared;
use super::{ModelError, ModelKind, ModelSpec};
use crate::prices::PricePath;
use crate::stats::Stream;
use crate::units::time::YEAR_MS;

/// Ticks whose least and greatest value are kept together.
const BLOCK: usize = 64;
/// Ticks drawn at a time.
const CHUNK: usize = 8 * BLOCK;
/// Part of the price by which the quiet interval is narrowed, against rounding: far more than
/// the error of a threshold's price, far less than a price move.
const MARGIN: f64 = 1e-9;

/// Jumps of one asset on the present path.
#[derive(Clone, Debug)]
struct JumpState {
    stream: Stream,
    /// Time of the next jump, in steps.
    next: f64,
}

/// A path of a [`ModelSpec`]; clones share what does not change.
#[derive(Clone, Debug)]
pub struct ModelPath {
    prepared: Arc<Prepared>,
    streams: Vec<Stream>,
    jumps: Vec<JumpState>,
    /// Ticks made so far.
    made: usize,
    /// `logs[asset·stride + tick]`.
    logs: Vec<f64>,
    stride: usize,
    /// Least and greatest of each block: `bounds[asset·blocks + block]`.
    bounds: Vec<[f64; 2]>,
    blocks: usize,
    /// Prices of the blocks that have them: `prices[tick·assets + asset]`.
    prices: Vec<f64>,
    /// Blocks below this one, of which every load is expected, have prices.
    priced: usize,
    /// Quiet interval in logs over the start price.
    quiet: Vec<[f64; 2]>,
    /// One chunk of normals per asset.
    normals: Vec<f64>,
}

impl ModelPath {
    /// Prepares a model; refuses a correlation matrix that is not positive semi-definite.
    pub fn new(spec: &ModelSpec) -> Result<Self, ModelError> {
        let prepared = Prepared::of(spec)?;
        let n = spec.assets.len();
        let ticks = spec.steps + 1;
        let blocks = ticks.div_ceil(BLOCK);
        let streams = prepared.keys.iter().map(|key| key.open(0, 0)).collect();
        let mut path = Self {
            prepared: Arc::new(prepared),
            streams,
            jumps: Vec::new(),
            made: 0,
            logs: vec![0.0; n * ticks],
            stride: ticks,
            bounds: vec![[0.0; 2]; n * blocks],
            blocks,
            prices: Vec::new(),
            priced: 0,
            quiet: vec![[f64::NEG_INFINITY, f64::INFINITY]; n],
            normals: vec![0.0; n * CHUNK],
        };
        path.begin(0, 0);
        Ok(path)
    }

    /// Draws the whole path: what reading it to its end would cost.
    pub fn draw_all(&mut self) {
        while self.made < self.stride {
            self.draw_chunk();
        }
    }

    /// Makes the path up to and including a tick.
    #[inline]
    fn reach(&mut self, tick: usize) {
        while self.made <= tick {
            self.draw_chunk();
        }
    }

    /// Draws the ticks up to the next multiple of the chunk length.
    fn draw_chunk(&mut self) {
        let first = self.made;
        let end = (first / CHUNK + 1).saturating_mul(CHUNK).min(self.stride);
        let count = end - first;
        for (asset, stream) in self.streams.iter_mut().enumerate() {
            stream.fill_normal(&mut self.normals[asset * CHUNK..asset * CHUNK + count]);
        }
        for asset in 0..self.streams.len() {
            self.increments(asset, first, count);
            if let ModelKind::Merton(_) = self.prepared.spec.kind {
                self.add_jumps(asset, first, count);
            }
        }
        for asset in (0..self.streams.len()).step_by(3) {
            match self.streams.len() - asset {
                1 => self.accumulate::<1>(asset, first, count),
                2 => self.accumulate::<2>(asset, first, count),
                _ => self.accumulate::<3>(asset, first, count),
            }
        }
        self.made = end;
    }

    /// Writes the steps of one asset where its log prices will stand.
    fn increments(&mut self, asset: usize, first: usize, count: usize) {
        let loadings = &self.prepared.loadings[asset];
        let drift = self.prepared.drift[asset];
        let start = asset * self.stride + first;
        let steps = &mut self.logs[start..start + count];
        let normals = &self.normals;
        let factor = |index: usize| &normals[index * CHUNK..index * CHUNK + count];
        match loadings.as_slice() {
            [a] => {
                for (step, za) in steps.iter_mut().zip(factor(0)) {
                    *step = drift + a * za;
                }
            }
            [a, b] => {
                for ((step, za), zb) in steps.iter_mut().zip(factor(0)).zip(factor(1)) {
                    *step = drift + a * za + b * zb;
                }
            }
            [a, b, rest @ ..] => {
                for ((step, za), zb) in steps.iter_mut().zip(factor(0)).zip(factor(1)) {
                    *step = drift + a * za + b * zb;
                }
                for (index, loading) in rest.iter().enumerate() {
                    for (step, z) in steps.iter_mut().zip(factor(index + 2)) {
                        *step += loading * z;
                    }
                }
            }
            [] => {}
        }
    }

    /// Adds the jumps that fall into these steps.
    fn add_jumps(&mut self, asset: usize, first: usize, count: usize) {
        let ModelKind::Merton(all) = &self.prepared.spec.kind else { return };
        let spec = all[asset];
        let per_step = spec.intensity * self.prepared.spec.step_ms as f64 / YEAR_MS as f64;
        let state = &mut self.jumps[asset];
        let start = asset * self.stride;
        // Step k leads from tick k − 1 to tick k; a jump at time t falls into step ⌊t⌋ + 1.
        while state.next < (first + count - 1) as f64 {
            let tick = state.next as usize + 1;
            self.logs[start + tick] += spec.mean + spec.deviation * state.stream.normal();
            state.next += state.stream.exponential() / per_step;
        }
    }

    /// Sums the steps of `N` assets to log prices, keeping each block's least and greatest. Each
    /// sum waits for the one before it, so several are on their way at once.
    fn accumulate<const N: usize>(&mut self, asset: usize, first: usize, count: usize) {
        let (stride, blocks) = (self.stride, self.blocks);
        let mut rows = self.logs[asset * stride..].chunks_exact_mut(stride);
        let mut rows: [&mut [f64]; N] = std::array::from_fn(|_| rows.next().unwrap_or_default());
        let mut level: [f64; N] =
            std::array::from_fn(|row| if first == 0 { 0.0 } else { rows[row][first - 1] });
        let mut tick = first;
        while tick < first + count {
            let block = tick / BLOCK;
            let end = ((block + 1) * BLOCK).min(first + count);
            let length = end - tick;
            let cells = rows.each_mut().map(|row| &mut row[tick..][..length]);
            let (mut least, mut greatest) = ([f64::INFINITY; N], [f64::NEG_INFINITY; N]);
            #[expect(clippy::needless_range_loop, reason = "the rows are walked in step")]
            for index in 0..length {
                for (row, level) in level.iter_mut().enumerate() {
                    *level += cells[row][index];
                    cells[row][index] = *level;
                    least[row] = if *level < least[row] { *level } else { least[row] };
                    greatest[row] = if *level > greatest[row] { *level } else { greatest[row] };
                }
            }
            for row in 0..N {
                let kept = &mut self.bounds[(asset + row) * blocks + block];
                *kept = if tick == block * BLOCK {
                    [least[row], greatest[row]]
                } else {
                    [kept[0].min(least[row]), kept[1].max(greatest[row])]
                };
            }
            tick = end;
        }
    }

    /// Whether no asset leaves its quiet interval anywhere in a block.
    #[inline]
    fn block_is_quiet(&self, block: usize) -> bool {
        self.quiet.iter().enumerate().all(|(asset, [low, high])| {
            let [least, greatest] = self.bounds[asset * self.blocks + block];
            least > *low && greatest < *high
        })
    }

    #[inline]
    fn tick_is_quiet(&self, tick: usize) -> bool {
        self.quiet.iter().enumerate().all(|(asset, [low, high])| {
            let value = self.logs[asset * self.stride + tick];
            value > *low && value < *high
        })
    }

    fn price(&self, tick: usize, asset: usize) -> f64 {
        let start = self.prepared.spec.assets[asset].start_price;
        start * libm::exp(self.logs[asset * self.stride + tick])
    }
}

impl PricePath for ModelPath {
    fn begin(&mut self, seed: u64, path: u64) {
        let prepared = &self.prepared;
        for (stream, key) in self.streams.iter_mut().zip(&prepared.keys) {
            *stream = key.open(seed, path);
        }
        if let ModelKind::Merton(jumps) = &prepared.spec.kind {
            self.jumps.clear();
            let steps_a_year = YEAR_MS as f64 / prepared.spec.step_ms as f64;
            self.jumps.extend(prepared.jump_keys.iter().zip(jumps).map(|(key, spec)| {
                let mut stream = key.open(seed, path);
                // Without jumps the first never comes.
                let next = stream.exponential() * steps_a_year / spec.intensity;
                JumpState { stream, next }
            }));
        }
        // Tick 0 stands at the start price; its chunk starts with a step of nothing.
        for asset in 0..self.streams.len() {
            self.logs[asset * self.stride] = 0.0;
            self.bounds[asset * self.blocks] = [0.0; 2];
        }
        self.made = 1;
        self.priced = 0;
    }

    fn assets(&self) -> usize {
        self.streams.len()
    }

    fn ticks(&self) -> usize {
        self.stride
    }

    fn tick_ms(&self, tick: usize) -> i64 {
        self.prepared.spec.start_ms + tick as i64 * self.prepared.spec.step_ms
    }

    fn tick_at(&self, time_ms: i64) -> usize {
        let passed = (time_ms - self.prepared.spec.start_ms) / self.prepared.spec.step_ms;
        (passed.max(0) as usize).min(self.stride - 1)
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
        self.prices.resize(self.stride * n, 0.0);
        let wanted = to.div_ceil(BLOCK);
        while self.priced < wanted {
            let end = ((self.priced + 1) * BLOCK).min(self.stride);
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
        for (asset, quiet) in self.quiet.iter_mut().enumerate() {
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
            if !self.block_is_quiet(block) {
                for candidate in tick..end {
                    if !self.tick_is_quiet(candidate) {
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
}
