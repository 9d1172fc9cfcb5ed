//! Impact feedback: the forced fills of the venue move the prices of their assets, which may
//! force the next.
//!
//! The prices of the path stay what they are; [`overlay`] keeps by how much forced fills have
//! moved each asset, [`rounds`] repeats the venue checks until no fill follows, [`chains`] counts
//! what hung together.

mod chains;
mod overlay;
mod rounds;
mod spec;

pub use overlay::{ImpactOverlay, OutOfRange};
pub use spec::{AssetImpact, ImpactSpec};

pub(super) use rounds::{ForcedFill, ImpactState};
