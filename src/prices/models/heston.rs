//! Stochastic volatility (S. L. Heston 1993, *A closed-form solution for options with stochastic
//! volatility*): `dS/S = μ·dt + √v·dB`, `dv = κ(θ − v)·dt + ξ√v·dB_v`, `dB·dB_v = ρ·dt`.
//!
//! Steps are those of the quadratic-exponential scheme with martingale correction, QE-M, central
//! discretisation, ψ_c = 1.5 (L. Andersen 2008, *Simple and efficient simulation of the Heston
//! stochastic volatility model*, J. Comp. Finance 11(3), §3.2, §4.2): v has its exact mean and
//! variance at every step, stays at 0 or above whether or not Feller's condition 2κθ ≥ ξ² holds,
//! and the expected price is S·e^(μ·dt) at every step. The exponential branch takes its uniform
//! from the normal, so that every step takes two normals.
//!
//! The normals of prices and those of variances are independent, and each are correlated between
//! assets by the factor matrix R: drivers of two prices have correlation
//! R·(ρ₁ρ₂ + √(1 − ρ₁²)√(1 − ρ₂²)), which is R where both have the same ρ.

use super::draw::Draw;
use super::dynamics::Chunk;
use super::levels::Levels;
use super::setting::CHUNK;
use super::trail::Trail;
use super::{ModelError, ModelSpec};
use crate::stats::{Stream, StreamKey, normal_cdf};
use crate::units::time::YEAR_MS;

/// ψ up to which v is drawn as a scaled square of a normal.
const SQUARE_UP_TO: f64 = 1.5;

/// The variance of one asset. θ is its [`volatility`](super::GbmAsset::volatility) squared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HestonAsset {
    /// κ, speed of return per year, above 0.
    pub mean_reversion: f64,
    /// ξ, volatility of the variance per √year, above 0.
    pub vol_of_vol: f64,
    /// ρ, correlation of price and variance, −1 to 1.
    pub price_variance: f64,
    /// Volatility per √year at the start; `None`: that of the long run.
    pub start_volatility: Option<f64>,
}

impl HestonAsset {
    /// Feller's ratio 2κθ/ξ²: below 1 the variance touches 0.
    pub fn feller(&self, volatility: f64) -> f64 {
        2.0 * self.mean_reversion * volatility * volatility / (self.vol_of_vol * self.vol_of_vol)
    }

    /// What is wrong with the parameters, if anything; `most` is the greatest factor that shocks
    /// put on the volatility.
    fn problem(&self, volatility: f64, years: f64, most: f64) -> Option<String> {
        let Self { mean_reversion, vol_of_vol, price_variance, start_volatility } = *self;
        let positive = [
            ("volatility", volatility),
            ("mean reversion", mean_reversion),
            ("vol of vol", vol_of_vol),
        ];
        for (name, value) in positive {
            if !(value > 0.0 && value.is_finite()) {
                return Some(format!("{name} {value} is not above 0"));
            }
        }
        if !(-1.0..=1.0).contains(&price_variance) {
            return Some(format!("correlation {price_variance} of price and variance"));
        }
        let start = start_volatility.unwrap_or_default();
        if !(start >= 0.0 && start.is_finite()) {
            return Some(format!("start volatility {start}"));
        }
        // E[e^(A·v')] is finite where A·ξ²(1 − e^(−κΔ))/κ < 1: both branches' scales of v' are
        // less than ξ²(1 − e^(−κΔ))/κ. A ≤ ρ·m·(1 + κΔ/2)/ξ.
        let decayed = -libm::expm1(-mean_reversion * years);
        let slope = price_variance * most * (1.0 + mean_reversion * years / 2.0) * vol_of_vol;
        (slope * decayed / mean_reversion >= 1.0).then(|| {
            format!("the step is too long for a correlation of {price_variance} with the variance")
        })
    }
}

/// Weights of v' and of the rest in a log step, with the volatility times `scale`. That of v is
/// taken out again by the martingale correction.
#[derive(Clone, Copy, Debug)]
struct Weights {
    scale: f64,
    /// Of v'.
    after: f64,
    /// Of v + v' in the variance of the rest.
    spread: f64,
}

/// One asset on the present path.
#[derive(Clone, Debug)]
struct Asset {
    key: StreamKey,
    stream: Stream,
    spec: HestonAsset,
    years: f64,
    drift: f64,
    /// E[v'] = reverted + decay·v.
    decay: f64,
    reverted: f64,
    /// Var[v'] = settled + moving·v.
    moving: f64,
    settled: f64,
    start: f64,
    variance: f64,
    weights: Weights,
}

impl Asset {
    fn weights_of(spec: &HestonAsset, years: f64, scale: f64) -> Weights {
        let HestonAsset { mean_reversion, vol_of_vol, price_variance: rho, .. } = *spec;
        let both = years / 2.0 * (scale * mean_reversion * rho / vol_of_vol - scale * scale / 2.0);
        let after = both + scale * rho / vol_of_vol;
        let spread = years / 2.0 * scale * scale * (1.0 - rho * rho);
        Weights { scale, after, spread }
    }

    /// v' and ln E[e^(A·v')].
    #[inline]
    fn move_variance(&self, normal: f64, a: f64) -> (f64, f64) {
        let mean = self.reverted + self.decay * self.variance;
        let psi = (self.settled + self.moving * self.variance) / (mean * mean);
        if psi <= SQUARE_UP_TO {
            let y = 2.0 / psi;
            let b2 = y - 1.0 + (y * (y - 1.0)).sqrt();
            let scale = mean / (1.0 + b2);
            let root = b2.sqrt() + normal;
            let rest = 1.0 - 2.0 * a * scale;
            return (scale * root * root, a * b2 * scale / rest - 0.5 * libm::log(rest));
        }
        let zero = (psi - 1.0) / (psi + 1.0);
        let rate = (1.0 - zero) / mean;
        let above = normal_cdf(-normal);
        let moved = if above < 1.0 - zero { libm::log((1.0 - zero) / above) / rate } else { 0.0 };
        (moved, libm::log(zero + rate * (1.0 - zero) / (rate - a)))
    }

    /// A log step, given the normal of the price and that of the variance.
    #[inline]
    fn step(&mut self, price: f64, normal: f64) -> f64 {
        let Weights { after, spread, .. } = self.weights;
        let before_v = self.variance;
        let (after_v, log_mean) = self.move_variance(normal, after + spread / 2.0);
        self.variance = after_v;
        self.drift - log_mean - spread / 2.0 * before_v
            + after * after_v
            + (spread * (before_v + after_v)).sqrt() * price
    }
}

/// The variances of all assets.
#[derive(Clone, Debug)]
pub(super) struct Heston {
    assets: Vec<Asset>,
    /// One chunk of the variances' independent normals per asset, and one correlated.
    normals: Vec<f64>,
    correlated: Vec<f64>,
    sign: f64,
}

impl Heston {
    /// Refuses parameters under which v has no law or the price no expectation.
    pub fn new(spec: &ModelSpec, heston: &[HestonAsset]) -> Result<Self, ModelError> {
        if heston.len() != spec.assets.len() {
            return Err(ModelError::sizes(heston.len(), spec.assets.len()));
        }
        let years = spec.step_ms as f64 / YEAR_MS as f64;
        let mut assets = Vec::with_capacity(heston.len());
        for (place, (own, of)) in heston.iter().zip(&spec.assets).enumerate() {
            let most = spec.options.greatest_scale(place);
            if let Some(problem) = own.problem(of.volatility, years, most) {
                return Err(ModelError::Parameter { name: of.name.clone(), problem });
            }
            let theta = of.volatility * of.volatility;
            let (kappa, xi) = (own.mean_reversion, own.vol_of_vol);
            let decay = libm::exp(-kappa * years);
            let decayed = -libm::expm1(-kappa * years);
            let start = own.start_volatility.map_or(theta, |start| start * start);
            let key = StreamKey::new("variance", &of.name);
            assets.push(Asset {
                key,
                stream: key.open(0, 0),
                spec: *own,
                years,
                drift: of.drift * years,
                decay,
                reverted: theta * decayed,
                moving: xi * xi * decay * decayed / kappa,
                settled: theta * xi * xi * decayed * decayed / (2.0 * kappa),
                start,
                variance: start,
                weights: Asset::weights_of(own, years, 1.0),
            });
        }
        let normals = vec![0.0; heston.len() * CHUNK];
        Ok(Self { assets, normals, correlated: vec![0.0; CHUNK], sign: 1.0 })
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        self.sign = draw.sign;
        self.assets.iter_mut().for_each(|asset| asset.variance = asset.start);
        self.branch(draw);
    }

    /// Goes on with the streams of a branch; the variances stay.
    pub fn branch(&mut self, draw: Draw) {
        self.assets.iter_mut().for_each(|asset| asset.stream = draw.open(&asset.key));
    }

    /// Turns correlated normals into steps.
    pub fn finish(
        &mut self,
        levels: &mut Levels,
        chunk: &Chunk<'_>,
        mut trail: Option<&mut Trail>,
    ) {
        let count = chunk.count;
        for (place, asset) in self.assets.iter_mut().enumerate() {
            let normals = &mut self.normals[place * CHUNK..place * CHUNK + count];
            asset.stream.fill_normal(normals);
            normals.iter_mut().for_each(|normal| *normal *= self.sign);
        }
        for (place, asset) in self.assets.iter_mut().enumerate() {
            for run in chunk.runs {
                let steps = &mut self.correlated[run.from..run.from + run.count];
                chunk.settings[run.setting].write(place, &self.normals, run.from, steps);
            }
            let steps = levels.steps(place, chunk.first, count);
            let scales = chunk.scales_of(place);
            for (index, (step, normal)) in steps.iter_mut().zip(&self.correlated).enumerate() {
                let scale = scales.map_or(1.0, |scales| scales[index]);
                if scale != asset.weights.scale {
                    asset.weights = Asset::weights_of(&asset.spec, asset.years, scale);
                }
                let before = asset.variance;
                *step = asset.step(*step, *normal);
                if let Some(trail) = &mut trail {
                    let mean = (before + asset.variance) / 2.0;
                    trail.set(place, chunk.first + index, scale * (mean * asset.years).sqrt());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{GbmAsset, ModelKind, ModelOptions};
    use super::*;
    use crate::stats::mean_and_stderr;
    use crate::units::time::DAY_MS;

    /// One asset of 60 % with κ = 3 on daily steps.
    fn of(vol_of_vol: f64, start_volatility: f64) -> Asset {
        let heston = vec![HestonAsset {
            mean_reversion: 3.0,
            vol_of_vol,
            price_variance: -0.5,
            start_volatility: Some(start_volatility),
        }];
        let asset = GbmAsset { name: "A".into(), start_price: 100.0, volatility: 0.6, drift: 0.0 };
        let spec = ModelSpec {
            start_ms: 0,
            step_ms: DAY_MS,
            steps: 1,
            assets: vec![asset],
            correlation: vec![1.0],
            kind: ModelKind::Heston(heston.clone()),
            options: ModelOptions::default(),
        };
        Heston::new(&spec, &heston).unwrap().assets.remove(0)
    }

    /// Cox, Ingersoll & Ross 1985: E v = θ + (v₀ − θ)e^(−κt), Var v = v₀ξ²/κ·(e^(−κt) − e^(−2κt)) +
    /// θξ²/(2κ)·(1 − e^(−κt))². Feller's ratio 2·3·.36/ξ² is 8.6, .96 and .24. Sixteen figures;
    /// four and a half standard errors.
    #[test]
    fn the_variance_has_the_moments_of_its_law() {
        for (vol_of_vol, start) in [(0.5, 0.6), (1.5, 0.6), (3.0, 0.6), (3.0, 1.2)] {
            let mut asset = of(vol_of_vol, start);
            let mut stream = StreamKey::new("test", "heston").open(1, 0);
            for days in [20, 200] {
                let mut ends = Vec::new();
                for _ in 0..20_000 {
                    asset.variance = start * start;
                    for _ in 0..days {
                        asset.variance = asset.move_variance(stream.normal(), 0.0).0;
                        assert!(asset.variance >= 0.0);
                    }
                    ends.push(asset.variance);
                }
                let (t, theta, kappa) = (f64::from(days) / 365.0, 0.36, 3.0);
                let e = libm::exp(-kappa * t);
                let mean = theta + (start * start - theta) * e;
                let xi2 = vol_of_vol * vol_of_vol;
                let variance = start * start * xi2 / kappa * (e - e * e)
                    + theta * xi2 / (2.0 * kappa) * (1.0 - e) * (1.0 - e);
                let (found, stderr) = mean_and_stderr(&ends);
                assert!((found - mean).abs() < 4.5 * stderr, "ξ {vol_of_vol}: {found}, {mean}");
                let squares: Vec<f64> = ends.iter().map(|v| (v - mean) * (v - mean)).collect();
                let (found, stderr) = mean_and_stderr(&squares);
                assert!(
                    (found - variance).abs() < 4.5 * stderr,
                    "ξ {vol_of_vol}: {found}, {variance}"
                );
            }
        }
    }

    /// One step from θ: Cov(ln S', v') = ρξθ·dt to first order in dt (1e-2 here).
    #[test]
    fn price_and_variance_are_correlated() {
        let mut stream = StreamKey::new("test", "leverage").open(1, 0);
        let (mut asset, dt) = (of(1.0, 0.6), 1.0 / 365.0);
        let products: Vec<f64> = (0..200_000)
            .map(|_| {
                asset.variance = 0.36;
                let step = asset.step(stream.normal(), stream.normal());
                step * (asset.variance - 0.36) / (0.36 * dt)
            })
            .collect();
        let (found, stderr) = mean_and_stderr(&products);
        assert!((found + 0.5).abs() < 4.0 * stderr + 0.005, "{found} ± {stderr}");
    }

    /// What is taken off the log price is what the step's exponential is expected to be, in both
    /// branches: by Simpson's rule over the normal of the variance.
    #[test]
    fn the_correction_is_the_expectation() {
        for (vol_of_vol, v, a) in [
            (0.5, 0.36, -0.9),
            (1.5, 0.02, -0.3),
            (3.0, 1e-4, -0.2),
            (3.0, 0.0, 0.1),
            (2.0, 0.5, 0.3),
        ] {
            let mut asset = of(vol_of_vol, 0.6);
            asset.variance = v;
            let (low, n) = (-9.0, 200_000);
            let width = 18.0 / f64::from(n);
            let mut sum = 0.0;
            for k in 0..=n {
                let z = low + f64::from(k) * width;
                let weight = if k == 0 || k == n {
                    1.0
                } else if k % 2 == 1 {
                    4.0
                } else {
                    2.0
                };
                let density = libm::exp(-z * z / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
                sum += weight * density * libm::exp(a * asset.move_variance(z, a).0);
            }
            let truth = libm::log(sum * width / 3.0);
            let (_, found) = asset.move_variance(0.0, a);
            assert!(
                (found - truth).abs() < 1e-6 * truth.abs(),
                "{vol_of_vol} {v}: {found}, {truth}"
            );
        }
    }
}
