//! Prices: histories read from files, paths drawn from models, and models fitted to histories.

pub mod calibrate;
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
