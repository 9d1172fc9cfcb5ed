//! The stationary block bootstrap (D. N. Politis & J. P. Romano 1994, *The stationary bootstrap*):
//! blocks of a history's log returns, each begun at a row drawn evenly and of geometric length,
//! past the last row going on with the first. A row holds the returns of all assets at one time,
//! so that what moved together does so again.

use std::sync::Arc;

use super::draw::Draw;
use super::dynamics::Chunk;
use super::levels::Levels;
use super::{ModelError, ModelSpec};
use crate::stats::{Stream, StreamKey};
use crate::units::time::YEAR_MS;

/// A history of returns to draw from.
#[derive(Clone, Debug, PartialEq)]
pub struct BootstrapSpec {
    /// Log returns over one step, `returns[asset][row]`, oldest first.
    pub returns: Arc<Vec<Vec<f64>>>,
    /// Mean length of a block, in steps, at least 1.
    pub mean_block: f64,
    /// Whether each asset's returns are shifted so that their mean growth is that of its drift:
    /// the mean of e^r over all rows is e^(μ·dt).
    pub recentred: bool,
}

impl BootstrapSpec {
    /// ln of the mean of e^(scale·r) over all rows of an asset.
    fn log_growth(&self, asset: usize, scale: f64) -> f64 {
        let rows = &self.returns[asset];
        let sum: f64 = rows.iter().map(|row| libm::expm1(scale * row)).sum();
        libm::log1p(sum / rows.len() as f64)
    }

    /// Standard deviation of an asset's returns.
    pub fn deviation(&self, asset: usize) -> f64 {
        self.covariance(asset, asset).sqrt()
    }

    /// Covariance of two assets' returns, over all rows.
    pub fn covariance(&self, one: usize, other: usize) -> f64 {
        let (one, other) = (&self.returns[one], &self.returns[other]);
        let n = one.len() as f64;
        let mean = |rows: &[f64]| rows.iter().sum::<f64>() / n;
        let (first, second) = (mean(one), mean(other));
        one.iter().zip(other).map(|(a, b)| (a - first) * (b - second)).sum::<f64>() / n
    }

    /// Mean growth of an asset's price a year, as a drift: ln of the mean of e^r, over dt.
    pub fn drift(&self, asset: usize, step_ms: i64) -> f64 {
        self.log_growth(asset, 1.0) * YEAR_MS as f64 / step_ms as f64
    }

    fn check(&self, assets: usize) -> Result<(), ModelError> {
        let fault =
            |problem: String| Err(ModelError::Parameter { name: "bootstrap".to_owned(), problem });
        let rows = self.returns.first().map_or(0, Vec::len);
        if self.returns.len() != assets {
            return Err(ModelError::sizes(self.returns.len(), assets));
        }
        if rows == 0 || self.returns.iter().any(|returns| returns.len() != rows) {
            return fault("no returns, or not as many of each asset".to_owned());
        }
        if self.returns.iter().flatten().any(|row| !row.is_finite()) {
            return fault("a return that is not finite".to_owned());
        }
        if !(self.mean_block >= 1.0 && self.mean_block.is_finite()) {
            return fault(format!("a mean block of {} steps is below 1", self.mean_block));
        }
        Ok(())
    }
}

/// The block that is being read.
#[derive(Clone, Debug)]
pub(super) struct Bootstrap {
    spec: BootstrapSpec,
    key: StreamKey,
    stream: Stream,
    /// −ln(1 − 1/mean): a length is 1 + ⌊exponential/rate⌋.
    rate: f64,
    row: usize,
    left: u64,
    /// Per asset: ln of the mean growth of a step.
    growth: Vec<f64>,
    /// The last scale of each asset's returns, and what is added to them.
    shifts: Vec<(f64, f64)>,
    /// Rows of one chunk.
    rows: Vec<usize>,
}

impl Bootstrap {
    /// Refuses a history that there is nothing to draw from.
    pub fn new(model: &ModelSpec, spec: &BootstrapSpec) -> Result<Self, ModelError> {
        spec.check(model.assets.len())?;
        let dt = model.step_ms as f64 / YEAR_MS as f64;
        let growth: Vec<f64> = (model.assets.iter().enumerate())
            .map(
                |(asset, of)| {
                    if spec.recentred { of.drift * dt } else { spec.log_growth(asset, 1.0) }
                },
            )
            .collect();
        let shifts = (growth.iter().enumerate())
            .map(|(asset, growth)| {
                let own = if spec.recentred { growth - spec.log_growth(asset, 1.0) } else { 0.0 };
                (1.0, own)
            })
            .collect();
        let key = StreamKey::new("bootstrap", "");
        Ok(Self {
            spec: spec.clone(),
            key,
            stream: key.open(0, 0),
            rate: -libm::log1p(-1.0 / spec.mean_block),
            row: 0,
            left: 0,
            growth,
            shifts,
            rows: Vec::new(),
        })
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        self.stream = draw.open(&self.key);
        self.left = 0;
    }

    /// Goes on with the streams of a branch. Lengths of blocks are geometric: whether the present
    /// one goes on does not hang on how long it has been.
    pub fn branch(&mut self, draw: Draw, tick: usize) {
        self.stream = draw.open(&self.key);
        if tick > 0 {
            self.left = (self.stream.exponential() / self.rate) as u64;
        }
    }

    /// Writes the steps of a chunk.
    pub fn finish(&mut self, levels: &mut Levels, chunk: &Chunk<'_>) {
        self.draw_rows(chunk.count);
        for (asset, returns) in self.spec.returns.iter().enumerate() {
            let steps = levels.steps(asset, chunk.first, chunk.count);
            let scales = chunk.scales_of(asset);
            for (index, (step, row)) in steps.iter_mut().zip(&self.rows).enumerate() {
                let scale = scales.map_or(1.0, |scales| scales[index]);
                if scale != self.shifts[asset].0 {
                    let own = self.spec.log_growth(asset, scale);
                    self.shifts[asset] = (scale, self.growth[asset] - own);
                }
                *step = scale * returns[*row] + self.shifts[asset].1;
            }
        }
    }

    fn draw_rows(&mut self, count: usize) {
        let rows = self.spec.returns[0].len();
        self.rows.clear();
        for _ in 0..count {
            if self.left == 0 {
                // A mean of 1 has an infinite rate, and every block one row.
                self.left = 1 + (self.stream.exponential() / self.rate) as u64;
                self.row = ((self.stream.uniform() * rows as f64) as usize).min(rows - 1);
            }
            self.rows.push(self.row);
            self.row = if self.row + 1 == rows { 0 } else { self.row + 1 };
            self.left -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{GbmAsset, ModelKind, ModelOptions};
    use super::*;

    /// Rows 0, 1, … of 10,000, so that a step that is not the next row begins a block. Lengths k
    /// have probability p(1 − p)^(k−1); a new block begins at the next row by chance once in
    /// 10,000 times, which is nothing here. χ² of the lengths 1 to 20 and more: near 20 ± √40.
    #[test]
    fn block_lengths_are_geometric() {
        let returns = Arc::new(vec![vec![0.0; 10_000]]);
        for mean_block in [1.0, 2.5, 12.0] {
            let spec = BootstrapSpec { returns: Arc::clone(&returns), mean_block, recentred: true };
            let asset =
                GbmAsset { name: "A".into(), start_price: 1.0, volatility: 0.0, drift: 0.0 };
            let model = ModelSpec {
                start_ms: 0,
                step_ms: 1,
                steps: 1,
                assets: vec![asset],
                correlation: vec![1.0],
                kind: ModelKind::Bootstrap(spec.clone()),
                options: ModelOptions::default(),
            };
            let mut bootstrap = Bootstrap::new(&model, &spec).unwrap();
            bootstrap.begin(Draw::of(1, 0, false));
            let (mut counts, mut length, mut last) = ([0.0; 21], 0_usize, None);
            for _ in 0..2_000 {
                bootstrap.draw_rows(500);
                for &row in &bootstrap.rows {
                    if last.is_some_and(|last| (last + 1) % 10_000 != row) {
                        counts[length.min(21) - 1] += 1.0;
                        length = 0;
                    }
                    length += 1;
                    last = Some(row);
                }
            }
            let blocks: f64 = counts.iter().sum();
            let p: f64 = 1.0 / mean_block;
            if mean_block == 1.0 {
                // Two blocks in a row that follow each other by chance: about one in 10,000.
                assert!(counts[0] > blocks * 0.999 && counts[2] < 3.0, "{counts:?}");
                continue;
            }
            let expected = |place: usize| {
                let reached = libm::pow(1.0 - p, place as f64);
                blocks * if place == 20 { reached } else { reached * p }
            };
            let square = |(place, count): (usize, &f64)| {
                (count - expected(place)) * (count - expected(place)) / expected(place)
            };
            let chi_squared: f64 = counts.iter().enumerate().map(square).sum();
            let deviations = (chi_squared - 20.0) / 40.0_f64.sqrt();
            assert!(deviations.abs() < 5.0, "mean {mean_block}: χ² {chi_squared}, {counts:?}");
        }
    }
}
