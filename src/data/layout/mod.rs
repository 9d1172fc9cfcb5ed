//! Layouts: what a member holds, and the readers.

mod gather;

pub use gather::{Gather, Heading};
