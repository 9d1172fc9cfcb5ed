//! The variants of a sweep: axes, points made of them, and what points must meet.

mod axis;
mod constraint;
mod design;
mod figures;
mod ground;
mod list;
mod points;
mod space;
#[cfg(test)]
mod tests;

pub use axis::{Axis, Coordinate};
pub use constraint::Constraint;
pub use design::Design;
pub(super) use design::design;
pub(super) use figures::check_figures;
pub use figures::{confidence_name, figure_names};
pub(super) use ground::Ground;
pub use space::Space;
