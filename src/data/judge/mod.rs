//! What is wrong with a raw series or table, and what the caller has mended.
//!
//! Stages run over the columns in place: times, zone, span; cells, bars, volumes; order,
//! duplicates; interval, grid, outliers, the newest bar, gaps. Each names what it finds and goes on as
//! if it were mended, so that all defects come out at once and none is told twice: if something
//! blocks, nothing is handed over. Beside the columns a stage takes one more column and an index
//! of rows. Thresholds are constants of the stages, with their reasons.

mod bars;
mod case;
mod cells;
mod duplicates;
mod gaps;
mod grid;
mod last;
mod log;
mod order;
mod outlier;
mod past;
mod repeats;
mod series;
mod stamps;
mod table;
mod table_notes;
#[cfg(test)]
mod tests;
mod times;
mod volumes;
mod words;
mod zone;

use super::judged::Judged;
use super::options::{ReadOptions, RepairOptions};
use super::raw::Raw;

/// Judges what was read, mends what is told, and hands over what is clean.
pub fn judge(raw: Raw, read: &ReadOptions, repair: &RepairOptions) -> Judged {
    match raw {
        Raw::Series(raw) => series::judge(raw, read, repair),
        Raw::Table(raw) => table::judge(raw, read, repair),
    }
}
