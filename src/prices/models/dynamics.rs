//! What a model does with the steps of a chunk beyond drift and correlated normals.

use super::draw::Draw;
use super::garch::Garch;
use super::levels::Levels;
use super::merton::Jumps;
use super::{ModelError, ModelKind, ModelSpec};

/// The state that a model carries along a path.
#[derive(Clone, Debug)]
pub(super) enum Dynamics {
    /// None.
    Gbm,
    /// Jumps to come.
    Merton(Jumps),
    /// Conditional variances.
    Garch(Garch),
}

impl Dynamics {
    /// That of a model; refuses parameters that it cannot be simulated with.
    pub fn of(spec: &ModelSpec) -> Result<Self, ModelError> {
        Ok(match &spec.kind {
            ModelKind::Gbm => Self::Gbm,
            ModelKind::Merton(jumps) => Self::Merton(Jumps::new(spec, jumps)),
            ModelKind::Garch(garch) => Self::Garch(Garch::new(spec, garch)?),
        })
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        match self {
            Self::Gbm => {}
            Self::Merton(jumps) => jumps.begin(draw),
            Self::Garch(garch) => garch.begin(draw),
        }
    }

    /// Turns what [`super::setting::Setting::write`] left into the steps that lead to the ticks
    /// `first..first + count`.
    #[inline]
    pub fn finish(&mut self, levels: &mut Levels, first: usize, count: usize) {
        match self {
            Self::Gbm => {}
            Self::Merton(jumps) => jumps.add(levels, first, count),
            Self::Garch(garch) => garch.finish(levels, first, count),
        }
    }
}
