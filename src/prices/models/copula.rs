//! The t copula (P. Embrechts, A. McNeil & D. Straumann 2002, *Correlation and dependence in risk
//! management*): the extremes of a step come together, while each asset's normal stays one.
//!
//! With y the correlated normals of a step and G one gamma variable of shape ν/2 for all assets,
//! t = y·√(ν/2G) are Student t with a common mixing variable, and z = Φ⁻¹(T_ν(t)) are standard
//! normals again. Their copula is that of the multivariate t, with the model's matrix R: Kendall's
//! τ stays 2/π·asin ρ, the chance of a joint extreme tends to λ = 2·T_{ν+1}(−√((ν+1)(1−ρ)/(1+ρ)))
//! of that of one, where without the copula it tends to 0.

use super::draw::Draw;
use super::dynamics::Chunk;
use super::levels::Levels;
use super::setting::CHUNK;
use super::{ModelError, ModelKind, ModelSpec};
use crate::stats::{NormalOfT, Stream, StreamKey};

/// The mixing variable of the present path.
#[derive(Clone, Debug)]
pub(super) struct Copula {
    degrees: f64,
    normal: NormalOfT,
    key: StreamKey,
    stream: Stream,
    /// 1/2G of one chunk.
    mixed: Vec<f64>,
}

impl Copula {
    /// That of a model, if it has one; refuses models with tails of their own.
    pub fn of(spec: &ModelSpec) -> Result<Option<Self>, ModelError> {
        let Some(degrees) = spec.options.copula_df else { return Ok(None) };
        let fault =
            |problem: String| Err(ModelError::Parameter { name: "copula".to_owned(), problem });
        if !(degrees > 2.0 && degrees.is_finite()) {
            return fault(format!("df = {degrees} is not above 2"));
        }
        if let ModelKind::Garch(_) | ModelKind::Bootstrap(_) = &spec.kind {
            return fault("this model has a joint law of its own".to_owned());
        }
        let key = StreamKey::new("copula", "");
        let (normal, stream) = (NormalOfT::new(degrees), key.open(0, 0));
        Ok(Some(Self { degrees, normal, key, stream, mixed: vec![0.0; CHUNK] }))
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        self.stream = draw.open(&self.key);
    }

    /// Turns the correlated normals that [`Setting::write`](super::setting::Setting::write) left
    /// into those of the copula, and those into steps.
    pub fn finish(&mut self, levels: &mut Levels, chunk: &Chunk<'_>) {
        let (stream, shape) = (&mut self.stream, self.degrees / 2.0);
        let mixed = &mut self.mixed[..chunk.count];
        mixed.iter_mut().for_each(|mixed| *mixed = 0.5 / stream.gamma(shape));
        for run in chunk.runs {
            let setting = &chunk.settings[run.setting];
            let Some(spreads) = &setting.spread else { continue };
            let mixed = &self.mixed[run.from..];
            for (asset, (drift, spread)) in setting.drift.iter().zip(spreads).enumerate() {
                let steps = levels.steps(asset, chunk.first + run.from, run.count);
                for (step, mixed) in steps.iter_mut().zip(mixed) {
                    let normal = self.normal.of_square(*step, *step * *step * mixed);
                    *step = drift + spread * normal;
                }
            }
        }
    }
}

/// Correlation of two normals under the t copula of correlation ρ: below |ρ|, since extremes also
/// come together with opposite signs. With the pair of t's in polar coordinates, r²/ν =
/// (1 − s)^(−2/ν) − 1 for an even s and an even angle; the midpoint rule over both.
pub(super) fn normal_correlation(rho: f64, degrees: f64) -> f64 {
    const RINGS: u32 = 400;
    const ANGLES: u32 = 180;
    let rest = (1.0 - rho * rho).max(0.0).sqrt();
    let normal = NormalOfT::new(degrees);
    let angle = |k: u32| std::f64::consts::PI * (f64::from(k) + 0.5) / f64::from(ANGLES);
    let directions: Vec<(f64, f64)> = (0..ANGLES)
        .map(|k| (libm::cos(angle(k)), libm::sin(angle(k))))
        .map(|(x, y)| (x, rho * x + rest * y))
        .collect();
    let (mut product, mut square) = (0.0, 0.0);
    for ring in 0..RINGS {
        let outside = (f64::from(ring) + 0.5) / f64::from(RINGS);
        let radius = libm::expm1(-2.0 / degrees * libm::log(outside));
        for (x, y) in &directions {
            let [x, y] = [x, y].map(|axis| normal.of_square(*axis, axis * axis * radius));
            product += x * y;
            square += 0.5 * (x * x + y * y);
        }
    }
    // Both means suffer alike from the outermost ring: E x² is 1.
    product / square
}
