//! What a model does with the steps of a chunk beyond drift and correlated normals.

use super::bootstrap::Bootstrap;
use super::draw::Draw;
use super::garch::Garch;
use super::heston::Heston;
use super::levels::Levels;
use super::merton::Jumps;
use super::setting::{CHUNK, Setting};
use super::timetable::Run;
use super::trail::Trail;
use super::{ModelError, ModelKind, ModelSpec};

/// The steps that lead to the ticks `first..first + count`.
pub(super) struct Chunk<'a> {
    pub first: usize,
    pub count: usize,
    /// Which settings hold.
    pub runs: &'a [Run],
    pub settings: &'a [Setting],
    /// Factors on the volatility, one row per asset; `None`: 1 throughout.
    pub scales: Option<&'a [f64]>,
}

impl Chunk<'_> {
    /// Factors on an asset's volatility.
    pub fn scales_of(&self, asset: usize) -> Option<&[f64]> {
        self.scales.map(|scales| &scales[asset * CHUNK..asset * CHUNK + self.count])
    }
}

/// The state that a model carries along a path.
#[derive(Clone, Debug)]
pub(super) enum Dynamics {
    /// None.
    Diffusion,
    /// Jumps to come.
    Merton(Jumps),
    /// Conditional variances.
    Garch(Garch),
    /// Variances.
    Heston(Heston),
    /// The block that is being read.
    Bootstrap(Bootstrap),
}

impl Dynamics {
    /// That of a model; refuses parameters that it cannot be simulated with.
    pub fn of(spec: &ModelSpec) -> Result<Self, ModelError> {
        Ok(match &spec.kind {
            ModelKind::Gbm | ModelKind::Regimes(_) => Self::Diffusion,
            ModelKind::Merton(jumps) => Self::Merton(Jumps::new(spec, jumps)?),
            ModelKind::Garch(garch) => Self::Garch(Garch::new(spec, garch)?),
            ModelKind::Heston(heston) => Self::Heston(Heston::new(spec, heston)?),
            ModelKind::Bootstrap(rows) => Self::Bootstrap(Bootstrap::new(spec, rows)?),
        })
    }

    /// Whether it is made of the assets' correlated normals.
    pub fn takes_normals(&self) -> bool {
        !matches!(self, Self::Bootstrap(_))
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        match self {
            Self::Diffusion => {}
            Self::Merton(jumps) => jumps.begin(draw),
            Self::Garch(garch) => garch.begin(draw),
            Self::Heston(heston) => heston.begin(draw),
            Self::Bootstrap(bootstrap) => bootstrap.begin(draw),
        }
    }

    /// Goes on from a tick with the streams of a branch.
    pub fn branch(&mut self, draw: Draw, tick: usize) {
        match self {
            Self::Diffusion => {}
            Self::Merton(jumps) => jumps.branch(draw, tick),
            Self::Garch(garch) => garch.branch(draw),
            Self::Heston(heston) => heston.branch(draw),
            Self::Bootstrap(bootstrap) => bootstrap.branch(draw, tick),
        }
    }

    /// Keeps from now on where a path's jumps lie.
    pub fn keep_jumps(&mut self) {
        if let Self::Merton(jumps) = self {
            jumps.keep();
        }
    }

    /// The jumps kept that lie in the step to a tick: time in steps, and size.
    pub fn jumps_in(&self, asset: usize, tick: usize) -> &[(f64, f64)] {
        match self {
            Self::Merton(jumps) => jumps.within(asset, tick),
            _ => &[],
        }
    }

    /// Turns what [`Setting::write`] left into the steps of the chunk; a model that moves its own
    /// variance writes the standard deviation of each into the trail.
    #[inline]
    pub fn finish(&mut self, levels: &mut Levels, chunk: &Chunk<'_>, trail: Option<&mut Trail>) {
        match self {
            Self::Diffusion => rescale(levels, chunk),
            Self::Merton(jumps) => {
                rescale(levels, chunk);
                jumps.add(levels, chunk.first, chunk.count);
            }
            Self::Garch(garch) => garch.finish(levels, chunk, trail),
            Self::Heston(heston) => heston.finish(levels, chunk, trail),
            Self::Bootstrap(bootstrap) => bootstrap.finish(levels, chunk),
        }
    }
}

/// Multiplies the volatility of a diffusion; the expected price stays what it is.
fn rescale(levels: &mut Levels, chunk: &Chunk<'_>) {
    for run in chunk.runs.iter().filter(|_| chunk.scales.is_some()) {
        let setting = &chunk.settings[run.setting];
        for (asset, (drift, half)) in setting.drift.iter().zip(&setting.half_variance).enumerate() {
            let Some(scales) = chunk.scales_of(asset) else { continue };
            let steps = levels.steps(asset, chunk.first + run.from, run.count);
            for (step, scale) in steps.iter_mut().zip(&scales[run.from..]) {
                if *scale != 1.0 {
                    let noise = *step - drift;
                    *step = drift + half * (1.0 - scale * scale) + scale * noise;
                }
            }
        }
    }
}
