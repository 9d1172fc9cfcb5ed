//! Risk of fleets: rows of `summary.csv`, `diversification.csv`, and what a run prints.

mod curves;
mod powder;
mod rows;
mod table;

pub(super) use curves::write_curves_csv;
pub(super) use rows::{STATISTICS, rows};
pub(super) use table::tables;
