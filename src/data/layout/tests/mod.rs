//! Tests of recognition and of the readers of text.

mod fuzz;
mod odd;
mod real;
mod recognised;
mod samples;

use super::{Gather, read_member};
use crate::data::raw::{Raw, RawSeries, RawTable};
use crate::data::{Member, ReadOptions};
use crate::prices::history::HistoryError;

/// The layout of a text, and what was gathered from it.
fn read_with(
    name: &str,
    text: &str,
    options: &ReadOptions,
) -> Result<(&'static str, Vec<Raw>), Vec<HistoryError>> {
    let mut gather = Gather::default();
    let mut member = Member::of_bytes(name, text.as_bytes());
    let layout = read_member(&mut member, options, &mut gather)?;
    Ok((layout, gather.finish()))
}

/// The one series of a text.
fn one_series(name: &str, text: &str) -> RawSeries {
    let (_, mut raws) = read_with(name, text, &ReadOptions::default()).unwrap();
    assert_eq!(raws.len(), 1, "{name}");
    match raws.remove(0) {
        Raw::Series(series) => series,
        Raw::Table(_) => panic!("{name} is a table"),
    }
}

/// The one table of a text.
fn one_table(name: &str, text: &str) -> RawTable {
    let (_, mut raws) = read_with(name, text, &ReadOptions::default()).unwrap();
    assert_eq!(raws.len(), 1, "{name}");
    match raws.remove(0) {
        Raw::Table(table) => table,
        Raw::Series(_) => panic!("{name} is a series"),
    }
}

/// Number of rows.
fn n_rows(raw: &Raw) -> usize {
    match raw {
        Raw::Series(series) => series.rows.len(),
        Raw::Table(table) => table.rows.len(),
    }
}
