//! Merton's jumps (R. C. Merton 1976, *Option pricing when underlying stock returns are
//! discontinuous*): a compound Poisson process of lognormal jumps on top of the diffusion.

use super::draw::Draw;
use super::levels::Levels;
use super::{ModelError, ModelSpec};
use crate::stats::{Stream, StreamKey};
use crate::units::time::YEAR_MS;

/// Jumps of one asset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MertonJumps {
    /// Expected jumps a year.
    pub intensity: f64,
    /// Mean of the jump of the log price.
    pub mean: f64,
    /// Standard deviation of the jump of the log price.
    pub deviation: f64,
    /// Whether the drift is reduced by λ·(E[e^J] − 1), so that μ stays the expected return.
    pub compensated: bool,
}

impl MertonJumps {
    /// What the jumps add to the expected return a year, `λ·(E[e^J] − 1)` with
    /// `E[e^J] = e^(mean + deviation²/2)`; zero where they are not compensated.
    pub fn compensation(&self) -> f64 {
        if !self.compensated {
            return 0.0;
        }
        self.intensity * libm::expm1(self.mean + self.deviation * self.deviation / 2.0)
    }

    /// What the jumps add to the variance of a year's log return, `λ·(mean² + deviation²)`.
    pub fn variance(&self) -> f64 {
        self.intensity * (self.mean * self.mean + self.deviation * self.deviation)
    }
}

/// The jumps of all assets on the present path.
#[derive(Clone, Debug)]
pub(super) struct Jumps {
    trains: Vec<Train>,
    steps_a_year: f64,
    sign: f64,
    /// Whether it is kept where the jumps lie.
    kept: bool,
}

/// The jumps of one asset.
#[derive(Clone, Debug)]
struct Train {
    spec: MertonJumps,
    key: StreamKey,
    stream: Stream,
    per_step: f64,
    /// Time of the next jump, in steps.
    next: f64,
    /// Time and size of the jumps of the present path so far, where they are kept.
    placed: Vec<(f64, f64)>,
}

impl Jumps {
    /// One train per asset; refuses another number of them.
    pub fn new(spec: &ModelSpec, jumps: &[MertonJumps]) -> Result<Self, ModelError> {
        if jumps.len() != spec.assets.len() {
            return Err(ModelError::sizes(jumps.len(), spec.assets.len()));
        }
        let train = |(asset, jumps): (&super::GbmAsset, &MertonJumps)| {
            let key = StreamKey::new("jumps", &asset.name);
            let per_step = jumps.intensity * spec.step_ms as f64 / YEAR_MS as f64;
            let (stream, next) = (key.open(0, 0), f64::INFINITY);
            Train { spec: *jumps, key, stream, per_step, next, placed: Vec::new() }
        };
        let trains = spec.assets.iter().zip(jumps).map(train).collect();
        Ok(Self {
            trains,
            steps_a_year: YEAR_MS as f64 / spec.step_ms as f64,
            sign: 1.0,
            kept: false,
        })
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        self.sign = draw.sign;
        for train in &mut self.trains {
            train.stream = draw.open(&train.key);
            train.placed.clear();
            // Without jumps the first never comes.
            train.next = train.stream.exponential() * self.steps_a_year / train.spec.intensity;
        }
    }

    /// Goes on from a tick with the streams of a branch: the wait for a jump has no memory.
    pub fn branch(&mut self, draw: Draw, tick: usize) {
        for train in &mut self.trains {
            train.stream = draw.open(&train.key);
            train.next = tick as f64 + train.stream.exponential() / train.per_step;
        }
    }

    /// Keeps from the next path on where the jumps lie.
    pub fn keep(&mut self) {
        self.kept = true;
    }

    /// The jumps kept that lie in the step to a tick, in the order of time.
    pub fn within(&self, asset: usize, tick: usize) -> &[(f64, f64)] {
        let placed = &self.trains[asset].placed;
        let from = placed.partition_point(|(time, _)| *time < (tick - 1) as f64);
        let to = placed.partition_point(|(time, _)| *time < tick as f64);
        &placed[from..to]
    }

    /// Adds the jumps that fall into the steps to the ticks `first..first + count`.
    pub fn add(&mut self, levels: &mut Levels, first: usize, count: usize) {
        for (asset, train) in self.trains.iter_mut().enumerate() {
            let steps = levels.steps(asset, first, count);
            // Step k leads from tick k − 1 to tick k; a jump at time t falls into step ⌊t⌋ + 1.
            while train.next < (first + count - 1) as f64 {
                let tick = train.next as usize + 1;
                let size = self.sign * train.stream.normal();
                let size = train.spec.mean + train.spec.deviation * size;
                steps[tick - first] += size;
                if self.kept {
                    train.placed.push((train.next, size));
                }
                train.next += train.stream.exponential() / train.per_step;
            }
        }
    }
}
