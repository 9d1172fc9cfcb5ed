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
                for (index, loading) in rest.iter().enumerate() {
                    for (step, z) in steps.iter_mut().zip(factor(index + 2)) {
                        *step += loading * z;
                    }
                }
            }
            [] => {}
        }
    }
}
