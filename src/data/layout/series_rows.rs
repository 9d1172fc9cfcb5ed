//! One row of fields as a row of a series, and what of it could not be read.

use super::cells::{Cell, read_cell, shown};
use super::lines::{Fields, Lines};
use super::plan::Output;
use super::stamps::Stamp;
use crate::data::raw::{RawSeries, Unread, UnreadCell};

/// Column named in the example of a row whose number of fields is wrong.
pub(super) const WHOLE_ROW: &str = "whole row";

/// Adds a row; without `output` all of it is unreadable, for its number of fields is wrong.
pub(super) fn push_row(
    series: &mut RawSeries,
    lines: &Lines<'_>,
    fields: &Fields,
    output: Option<&Output>,
    stamp: Stamp,
) {
    let row = series.time.len();
    series.rows.line.push(lines.number());
    series.time.push(stamp.ms);
    series.written.push(stamp.written);
    series.finer_than_ms += u64::from(stamp.finer);
    let Some(output) = output else {
        series.unread.ragged += 1;
        series.unread.tell(row, WHOLE_ROW, lines.text());
        series.columns.iter_mut().for_each(|column| column.values.push(f64::NAN));
        return;
    };
    for (at, (column, source)) in series.columns.iter_mut().zip(&output.columns).enumerate() {
        let text = lines.field(fields, source.at);
        let value = match read_cell(text) {
            Cell::Number(number) => number,
            Cell::Blank => {
                series.unread.blank[at] += 1;
                f64::NAN
            }
            Cell::Odd => {
                series.unread.odd[at] += 1;
                series.unread.tell(row, &column.name, text);
                f64::NAN
            }
        };
        column.values.push(value);
    }
}

/// Counts the last row's time, which is not readable.
pub(super) fn tell_time(series: &mut RawSeries, text: &[u8], name: &str) {
    let at = series.columns.len();
    if is_absent(text) {
        series.unread.blank[at] += 1;
    } else {
        series.unread.odd[at] += 1;
        series.unread.tell(series.time.len() - 1, name, text);
    }
}

/// Whether a cell holds nothing.
pub(super) fn is_absent(text: &[u8]) -> bool {
    read_cell(text) == Cell::Blank
}

impl Unread {
    /// Keeps one of the first few cells word for word.
    pub(super) fn tell(&mut self, row: usize, column: &str, text: &[u8]) {
        if self.examples.len() < Self::SHOWN {
            self.examples.push(UnreadCell { row, column: column.to_owned(), text: shown(text) });
        }
    }
}
