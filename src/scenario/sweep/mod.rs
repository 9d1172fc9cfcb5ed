//! The variants of a sweep: axes, points made of them, and what points must meet.

mod axis;
mod constraint;
mod design;
mod ground;
mod list;
mod points;
mod single;
mod space;
#[cfg(test)]
mod tests;

pub use axis::{Axis, Coordinate};
pub use constraint::Constraint;
pub use design::Design;
pub(super) use design::design;
pub(super) use ground::Ground;
pub(super) use single::setting;
pub use space::Space;
