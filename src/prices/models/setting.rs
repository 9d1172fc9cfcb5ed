//! Drift and factor loadings that hold over a stretch of steps.

/// One chunk of normals holds so many ticks per factor.
pub(super) const CHUNK: usize = 8 * super::levels::BLOCK;

/// What turns independent normals into the steps of all assets.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// Per asset: what is added to every step.
    pub drift: Vec<f64>,
    /// Per asset: half the variance of a step's noise.
    pub half_variance: Vec<f64>,
    /// Per asset: its row of the correlation's factor × its scale.
    pub loadings: Vec<Vec<f64>>,
    /// Under a copula, per asset: its scale; the loadings then make standard normals.
    pub spread: Option<Vec<f64>>,
}

impl Setting {
    /// Writes `drift + Σ loading·normal` of one asset, under a copula without the drift; `factors` holds one chunk of normals per
    /// asset, `from` is where in the chunk the steps begin.
    pub fn write(&self, asset: usize, factors: &[f64], from: usize, steps: &mut [f64]) {
        let count = steps.len();
        let drift = if self.spread.is_none() { self.drift[asset] } else { 0.0 };
        let factor = |index: usize| &factors[index * CHUNK + from..index * CHUNK + from + count];
        match self.loadings[asset].as_slice() {
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
                let (fours, ones) = rest.as_chunks::<4>();
                for (index, loadings) in fours.iter().enumerate() {
                    let at = |place: usize| factor(4 * index + 2 + place);
                    add_four(loadings, [at(0), at(1), at(2), at(3)], steps);
                }
                for (index, loading) in ones.iter().enumerate() {
                    for (step, z) in steps.iter_mut().zip(factor(4 * fours.len() + 2 + index)) {
                        *step += loading * z;
                    }
                }
            }
            [] => {}
        }
    }
}

/// Adds four factors to every step, one after the other, in one walk over the steps: with hundreds of
/// factors reading and writing the steps is what costs.
fn add_four([a, b, c, d]: &[f64; 4], factors: [&[f64]; 4], steps: &mut [f64]) {
    let [za, zb, zc, zd] = factors.map(|factor| &factor[..steps.len()]);
    for (index, step) in steps.iter_mut().enumerate() {
        *step = *step + a * za[index] + b * zb[index] + c * zc[index] + d * zd[index];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `drift + Σ loading·normal`, added from the first factor on, to the bit: of 1 to 11 factors.
    #[test]
    fn factors_are_added_in_their_order() {
        let normal =
            |factor: usize, tick: usize| libm::sin((factor * 31 + tick * 7 + 1) as f64) * 3.0;
        let factors: Vec<f64> = (0..11 * CHUNK).map(|i| normal(i / CHUNK, i % CHUNK)).collect();
        let loadings: Vec<Vec<f64>> =
            (1..=11).map(|n| (0..n).map(|factor| 0.37 / (1 + factor) as f64).collect()).collect();
        let drift: Vec<f64> = (0..11).map(|asset| 0.001 * asset as f64).collect();
        let setting = Setting { drift, half_variance: vec![0.0; 11], loadings, spread: None };
        let (from, mut steps) = (5, [f64::NAN; 23]);
        for asset in 0..11 {
            setting.write(asset, &factors, from, &mut steps);
            for (tick, step) in steps.iter().enumerate() {
                let terms = setting.loadings[asset].iter().enumerate();
                let sum = terms.fold(setting.drift[asset], |sum, (factor, loading)| {
                    sum + loading * normal(factor, from + tick)
                });
                assert_eq!(step.to_bits(), sum.to_bits(), "{asset} {tick}");
            }
        }
    }
}
