//! Any text of fields with a header as a table.

use std::collections::BTreeSet;

use super::cells::{Cell, read_cell};
use super::context::Context;
use super::gather::Gather;
use super::generic::is_time_key;
use super::grid::{COLUMNS_MAX, Content, Grid};
use super::lines::{Fields, Lines, is_blank};
use super::sheet::{Clock, Sheet};
use super::stamps::Stamp;
use crate::data::raw::Role;
use crate::prices::history::HistoryError;

/// Reads all rows of a member. `time`: the column of times, where the caller names it.
pub(super) fn read(
    lines: &mut Lines<'_>,
    sheet: &Sheet,
    time: Option<usize>,
    context: &Context<'_>,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    read_rows(lines, sheet, time, context, gather).map_err(|error| vec![error])
}

fn read_rows(
    lines: &mut Lines<'_>,
    sheet: &Sheet,
    time: Option<usize>,
    context: &Context<'_>,
    gather: &mut Gather,
) -> Result<(), HistoryError> {
    if sheet.width > COLUMNS_MAX {
        let problem = format!("more than {COLUMNS_MAX} columns");
        return Err(context.fault(problem, "give it as a table of fewer columns"));
    }
    let time = time.or_else(|| time_column(sheet));
    let names = unique_names(sheet);
    let at: Vec<usize> = (0..sheet.width).filter(|at| Some(*at) != time).collect();
    let columns: Vec<(&str, bool)> =
        at.iter().map(|&at| (names[at].as_str(), is_text(sheet, at))).collect();
    let role = if time.is_some() { Role::Events } else { Role::Parameters };
    let heading = context.heading(context.table_label(role), "table");
    let keys: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let table = gather.table(&heading, &keys);
    let mut grid = Grid::new(table, context, &columns, time.map(|at| names[at].as_str()));
    for line in &sheet.notices {
        grid.remark(&super::recognise::notice(line));
    }
    let mut fields = Fields::default();
    let mut n_rows = 0;
    while lines.next_line()? {
        if lines.number() < sheet.first_row || is_blank(lines.text()) {
            continue;
        }
        lines.close_quotes()?;
        lines.split(sheet.delimiter, &mut fields);
        n_rows += 1;
        if !fields.fits(sheet.width) {
            grid.begin_row(lines.number(), None)?;
            grid.end_ragged(lines.text());
            continue;
        }
        let time = time.map(|at| lines.field(&fields, at));
        let stamp = time.map(|text| (Stamp::read(text, sheet.unit), text));
        grid.begin_row(lines.number(), stamp)?;
        for (column, &at) in at.iter().enumerate() {
            grid.set(column, Content::Text(lines.field(&fields, at)));
        }
    }
    context.check_any(n_rows)
}

/// The column that is named as one of times and reads as one; rather one that leaves no doubt of
/// the zone.
fn time_column(sheet: &Sheet) -> Option<usize> {
    let named = |at: &usize| {
        let name = sheet.name(*at).to_ascii_lowercase();
        is_time_key(&sheet.keys[*at]) || name.ends_with("_timestamp")
    };
    let candidates: Vec<usize> = (0..sheet.keys.len()).filter(named).collect();
    let reads = |wanted: Clock| candidates.iter().find(|at| sheet.clock(**at) == Some(wanted));
    reads(Clock::Certain).or_else(|| reads(Clock::Naive)).copied()
}

/// Whether a sample cell is neither blank nor a number.
fn is_text(sheet: &Sheet, at: usize) -> bool {
    sheet.cells(at).any(|cell| {
        let is_infinite =
            || std::str::from_utf8(cell).is_ok_and(|cell| cell.parse::<f64>().is_ok());
        read_cell(cell) == Cell::Odd && !is_infinite()
    })
}

/// Names of the columns; what has the name of one before it gets a number.
fn unique_names(sheet: &Sheet) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::with_capacity(sheet.width);
    for at in 0..sheet.width {
        let plain = sheet.name(at);
        let mut name = plain.clone();
        let mut n = 1;
        while !taken.insert(name.clone()) {
            n += 1;
            name = format!("{plain} {n}");
        }
        names.push(name);
    }
    names
}
