//! Writes what is clean in normal form, see [`crate::prices::history::normal_form`].

use std::path::Path;

use super::judged::{Clean, CleanTable};
use super::raw::Cells;
use crate::prices::history::normal_form::{LAYOUT_KEY, TIME};
use crate::prices::history::{HistoryError, Values, write_bars, write_columns, write_series};

/// Writes a history or a table; an existing file is replaced once the new one is whole.
///
/// # Errors
/// If the file cannot be written.
///
/// # Panics
/// If the columns of `clean` differ in length, which nothing judged does.
pub fn write(path: &Path, clean: &Clean) -> Result<(), Vec<HistoryError>> {
    match clean {
        Clean::Bars(bars) => write_bars(path, bars),
        Clean::Series(series) => write_series(path, series),
        Clean::Table(table) => write_table(path, table),
    }
}

fn write_table(path: &Path, table: &CleanTable) -> Result<(), Vec<HistoryError>> {
    let time = table.time.iter().map(|time| (TIME, Values::Time(time)));
    let others = table.columns.iter().map(|(name, cells)| {
        let values = match cells {
            Cells::Number(values) => Values::NumberOrNull(values),
            Cells::Text(texts) => Values::TextOrNull(texts),
        };
        (name.as_str(), values)
    });
    let columns: Vec<_> = time.chain(others).collect();
    let layout = if table.time.is_some() { "events" } else { "table" };
    let mut metadata = table.metadata.clone();
    metadata.insert(LAYOUT_KEY.to_owned(), layout.to_owned());
    write_columns(path, &columns, metadata)
}
