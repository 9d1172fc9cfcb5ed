//! Prices: histories read from files and paths drawn from models.

pub mod history;
pub mod models;
mod path;
mod replay;

pub use path::PricePath;
pub use replay::{Intrabar, ReplayAsset, ReplayPath, ReplaySpec};

/// Where a run's prices come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Prices {
    /// Drawn from a model, one path after another.
    Model(models::ModelSpec),
    /// Replayed from a history; one path, or several where the bridge is random.
    History(ReplaySpec),
}

impl Prices {
    /// Paths of one replicate: see [`models::ModelSpec::replicate_size`].
    pub fn replicate_size(&self) -> u64 {
        match self {
            Self::Model(model) => model.replicate_size(),
            Self::History(_) => 1,
        }
    }
}
