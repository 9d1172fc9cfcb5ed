//! Replaying a history: bars become ticks, as the intrabar mode says.

mod bridge;
mod path;
mod shifts;
mod spec;
mod template;
#[cfg(test)]
mod tests;

pub use path::ReplayPath;
pub use spec::{Intrabar, ReplayAsset, ReplaySpec, Series};
