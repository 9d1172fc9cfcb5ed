//! Prices: histories read from files, paths drawn from models, and models fitted to histories.

pub mod calibrate;
pub mod history;
pub mod models;
mod path;
pub mod presets;
mod replay;
mod shock;

use crate::stats::Replication;

pub use path::PricePath;
pub use replay::{Fall, Intrabar, ReplayAsset, ReplayPath, ReplaySpec, Series};
pub use shock::{Onset, Shock, ShockKind, ShockPart, greatest_rise};

/// Where a run's prices come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Prices {
    /// Drawn from a model, one path after another.
    Model(models::ModelSpec),
    /// Replayed from a history; one path, or several where the bridge is random.
    History(ReplaySpec),
}

impl Prices {
    /// Which paths depend on each other.
    pub fn replication(&self) -> Replication {
        match self {
            Self::Model(spec) => Replication::of(spec.replicate_size() as usize),
            Self::History(_) => Replication::INDEPENDENT,
        }
    }

    /// Steps of a path: those of the model, the bars of a history.
    pub fn steps(&self) -> u64 {
        match self {
            Self::Model(spec) => spec.steps as u64,
            Self::History(spec) => spec.bars() as u64,
        }
    }
}
