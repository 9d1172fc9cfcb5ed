//! Tests of recognition and of the readers of text.

mod real;

use super::{Gather, read_member};
use crate::data::raw::Raw;
use crate::data::{Member, ReadOptions};
use crate::prices::history::HistoryError;

/// The layout of a text, and what was gathered from it.
fn read_text(
    name: &str,
    text: &str,
    options: &ReadOptions,
) -> Result<(&'static str, Vec<Raw>), Vec<HistoryError>> {
    let mut gather = Gather::default();
    let mut member = Member::of_bytes(name, text.as_bytes());
    let layout = read_member(&mut member, options, &mut gather)?;
    Ok((layout, gather.finish()))
}

/// Number of rows.
fn n_rows(raw: &Raw) -> usize {
    match raw {
        Raw::Series(series) => series.rows.len(),
        Raw::Table(table) => table.rows.len(),
    }
}
