//! GARCH(1,1) with Student's t innovations (T. Bollerslev 1986, *Generalized autoregressive
//! conditional heteroskedasticity*; 1987, *A conditionally heteroskedastic time series model for
//! speculative prices and rates of return*).
//!
//! With h the variance of a step, z the correlated normal and W the mixing variable,
//!
//! ```text
//! ε = √W·z                     t innovation of variance 1
//! ln step = μ·dt − h·W/2 + √h·ε
//! h' = ω + α·h·ε² + β·h,  ω = (1 − α − β)·σ²·dt
//! ```
//!
//! A log return with t tails has no expected exponential. Here t is what it is by construction, a
//! normal with a random variance W ∝ 1/χ²: given W the step is lognormal and its expectation is
//! exactly e^(μ·dt). W is at most [`LARGEST`] (before it is scaled to mean 1; a greater one is
//! drawn again), so that its square has a mean too: no step is wilder than that of a normal of 20
//! times the deviation.

use super::draw::Draw;
use super::dynamics::Chunk;
use super::levels::Levels;
use super::setting::CHUNK;
use super::trail::Trail;
use super::{ModelError, ModelSpec};
use crate::stats::{Stream, StreamKey, gamma_upper};
use crate::units::time::YEAR_MS;

/// Largest (ν − 2)/χ²_ν.
const LARGEST: f64 = 400.0;

/// Volatility clustering and tails of one asset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GarchAsset {
    /// Weight of the last step's squared shock; per step, at least 0.
    pub alpha: f64,
    /// Weight of the last step's variance; per step, at least 0; with alpha below 1.
    pub beta: f64,
    /// Degrees of freedom of Student's t, above 2; `None`: normal.
    pub df: Option<f64>,
    /// Volatility per √year at the start; `None`: that of the long run.
    pub start_volatility: Option<f64>,
}

/// GARCH of all assets.
#[derive(Clone, Debug, PartialEq)]
pub struct GarchSpec {
    /// In the order of the assets.
    pub assets: Vec<GarchAsset>,
    /// Whether one W a step holds for all assets (the t copula), so that their tails come
    /// together; they then have the same degrees of freedom.
    pub common_tails: bool,
}

impl GarchSpec {
    /// E[√W] of an asset: with tails of their own, the correlation of two innovations is that of
    /// their normals times both. 1 where tails are common or normal.
    pub fn tail_weight(&self, asset: usize) -> f64 {
        match self.assets[asset].df {
            Some(df) if !self.common_tails => Mixing::of(df).mean_root(),
            _ => 1.0,
        }
    }

    /// What is wrong with an asset's parameters, if anything.
    fn problem(&self, place: usize) -> Option<String> {
        let GarchAsset { alpha, beta, df, start_volatility } = self.assets[place];
        if !(alpha >= 0.0 && beta >= 0.0) {
            return Some(format!("alpha {alpha} and beta {beta} must not be negative"));
        }
        if alpha + beta >= 1.0 {
            let sum = alpha + beta;
            return Some(format!("alpha + beta = {sum} is not below 1: no long-run variance"));
        }
        if df.is_some_and(|df| !(df > 2.0 && df.is_finite())) {
            return Some(format!("df = {} is not above 2: no variance", df.unwrap_or_default()));
        }
        if self.common_tails && df != self.assets[0].df {
            return Some("common tails need the same df for all assets".to_owned());
        }
        let start = start_volatility.unwrap_or_default();
        (!(start >= 0.0 && start.is_finite())).then(|| format!("start volatility {start}"))
    }
}

/// Law of W: (ν − 2)/χ²_ν where that is at most [`LARGEST`], over its mean.
#[derive(Clone, Copy, Debug)]
struct Mixing {
    df: f64,
    /// Least χ²/2 that is taken.
    least: f64,
    /// W·χ²/2.
    numerator: f64,
}

impl Mixing {
    fn of(df: f64) -> Self {
        let least = (df - 2.0) / LARGEST / 2.0;
        // E[1/χ²_ν; χ²_ν ≥ q] = P(χ²_{ν−2} ≥ q)/(ν − 2).
        let mean = gamma_upper(df / 2.0 - 1.0, least) / gamma_upper(df / 2.0, least);
        Self { df, least, numerator: (df - 2.0) / 2.0 / mean }
    }

    /// E[√W] = √numerator · Γ((ν−1)/2, q)/Γ(ν/2, q), both incomplete from q, the least χ²/2.
    fn mean_root(&self) -> f64 {
        let half = self.df / 2.0;
        let ratio = libm::exp(libm::lgamma(half - 0.5) - libm::lgamma(half));
        let within = gamma_upper(half - 0.5, self.least) / gamma_upper(half, self.least);
        self.numerator.sqrt() * ratio * within
    }

    #[inline]
    fn draw(&self, stream: &mut Stream) -> f64 {
        loop {
            let half = stream.gamma(self.df / 2.0);
            if half >= self.least {
                return self.numerator / half;
            }
        }
    }
}

/// One asset on the present path.
#[derive(Clone, Debug)]
struct Asset {
    alpha: f64,
    beta: f64,
    /// (1 − α − β)·σ²·dt.
    omega: f64,
    /// μ·dt.
    drift: f64,
    /// h of the first step.
    start: f64,
    /// h of the next step.
    variance: f64,
}

/// Where W comes from.
#[derive(Clone, Debug)]
struct Tail {
    mixing: Mixing,
    key: StreamKey,
    stream: Stream,
}

/// The conditional variances of all assets.
#[derive(Clone, Debug)]
pub(super) struct Garch {
    assets: Vec<Asset>,
    /// One of each asset, `None` where it is normal; or one for all.
    tails: Vec<Option<Tail>>,
    common: bool,
    /// W of one chunk.
    mixed: Vec<f64>,
}

impl Garch {
    /// Refuses parameters without a long-run variance.
    pub fn new(spec: &ModelSpec, garch: &GarchSpec) -> Result<Self, ModelError> {
        if garch.assets.len() != spec.assets.len() {
            return Err(ModelError::sizes(garch.assets.len(), spec.assets.len()));
        }
        let dt = spec.step_ms as f64 / YEAR_MS as f64;
        let mut assets = Vec::with_capacity(spec.assets.len());
        for (place, (own, of)) in garch.assets.iter().zip(&spec.assets).enumerate() {
            if let Some(problem) = garch.problem(place) {
                return Err(ModelError::Parameter { name: of.name.clone(), problem });
            }
            let variance = of.volatility * of.volatility * dt;
            let start = own.start_volatility.map_or(variance, |start| start * start * dt);
            assets.push(Asset {
                alpha: own.alpha,
                beta: own.beta,
                omega: (1.0 - own.alpha - own.beta) * variance,
                drift: of.drift * dt,
                start,
                variance: start,
            });
        }
        let tail = |df: Option<f64>, name: &str| {
            let key = StreamKey::new("tails", name);
            df.map(|df| Tail { mixing: Mixing::of(df), key, stream: key.open(0, 0) })
        };
        let tails = if garch.common_tails {
            vec![tail(garch.assets.first().and_then(|asset| asset.df), "")]
        } else {
            let named = garch.assets.iter().zip(&spec.assets);
            named.map(|(own, of)| tail(own.df, &of.name)).collect()
        };
        Ok(Self { assets, tails, common: garch.common_tails, mixed: vec![1.0; CHUNK] })
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        self.assets.iter_mut().for_each(|asset| asset.variance = asset.start);
        self.branch(draw);
    }

    /// Goes on with the streams of a branch; the variances stay.
    pub fn branch(&mut self, draw: Draw) {
        for tail in self.tails.iter_mut().flatten() {
            tail.stream = draw.open(&tail.key);
        }
    }

    /// Turns correlated normals into steps.
    pub fn finish(
        &mut self,
        levels: &mut Levels,
        chunk: &Chunk<'_>,
        mut trail: Option<&mut Trail>,
    ) {
        let count = chunk.count;
        if self.common {
            fill(&mut self.tails[0], &mut self.mixed[..count]);
        }
        for (place, asset) in self.assets.iter_mut().enumerate() {
            if !self.common {
                fill(&mut self.tails[place], &mut self.mixed[..count]);
            }
            let scales = chunk.scales_of(place);
            let steps = levels.steps(place, chunk.first, count);
            for (index, (step, w)) in steps.iter_mut().zip(&self.mixed).enumerate() {
                let scale = scales.map_or(1.0, |scales| scales[index]);
                let spread = asset.variance * w;
                let shock = spread.sqrt() * *step;
                *step = asset.drift - scale * scale * spread / 2.0 + scale * shock;
                if let Some(trail) = &mut trail {
                    trail.set(place, chunk.first + index, scale * spread.sqrt());
                }
                asset.variance =
                    asset.omega + asset.alpha * shock * shock + asset.beta * asset.variance;
            }
        }
    }
}

/// One W for each step; 1 where innovations are normal.
fn fill(tail: &mut Option<Tail>, mixed: &mut [f64]) {
    match tail {
        Some(tail) => mixed.iter_mut().for_each(|w| *w = tail.mixing.draw(&mut tail.stream)),
        None => mixed.fill(1.0),
    }
}
