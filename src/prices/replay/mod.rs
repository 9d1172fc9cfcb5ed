//! Replaying a history: bars become ticks, as the intrabar mode says.

mod bridge;
mod falls;
mod path;
mod shifts;
mod slice;
mod spec;
mod template;
#[cfg(test)]
mod tests;

pub use falls::Fall;
pub use path::ReplayPath;
pub use spec::{Intrabar, ReplayAsset, ReplaySpec, Series};
