//! Layouts: what a member holds, and the readers.

mod gather;
mod label;
mod name_dates;
mod name_words;
mod stamps;

pub use gather::{Gather, Heading};
pub use label::{NameFacts, label_of, symbol_of};
