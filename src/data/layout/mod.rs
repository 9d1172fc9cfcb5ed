//! Layouts: what a member holds, and the readers.

mod arrow_cells;
mod arrow_file;
mod choose;
mod columnar;
pub mod feather;
mod filler;
mod gather;
mod label;
mod name_dates;
mod name_words;
pub mod parquet;
mod parquet_cells;
mod stamps;

pub use gather::{Gather, Heading};
pub use label::{NameFacts, label_of, symbol_of};
