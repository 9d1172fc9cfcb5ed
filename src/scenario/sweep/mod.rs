//! The variants of a sweep: axes, points made of them, and what points must meet.

mod axis;
mod constraint;
mod design;
mod figures;
mod ground;
mod list;
mod points;
mod single;
mod space;
#[cfg(test)]
mod tests;

pub use axis::{Axis, Coordinate};
pub use constraint::Constraint;
pub(super) use design::sweep;
pub use design::{Design, SweepSpec};
pub(super) use figures::Figures;
pub use figures::confidence_name;
pub(super) use ground::Ground;
pub(super) use single::setting;
pub use space::Space;
