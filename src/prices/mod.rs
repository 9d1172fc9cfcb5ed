//! Prices: histories read from files and paths drawn from models.

pub mod history;
pub mod models;
mod path;
pub mod presets;
mod replay;
mod shock;

pub use path::PricePath;
pub use replay::{Intrabar, ReplayAsset, ReplayPath, ReplaySpec};
pub use shock::{Onset, Shock, ShockKind, ShockPart, greatest_rise};

/// Where a run's prices come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Prices {
    /// Drawn from a model, one path after another.
    Model(models::ModelSpec),
    /// Replayed from a history; one path, or several where the bridge is random.
    History(ReplaySpec),
}
