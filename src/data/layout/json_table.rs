//! JSON that is no history as a table: the first array of objects in it, objects of such arrays by
//! their keys, or the values of one object.

use std::cell::Cell as Slot;
use std::io::BufRead;

use serde::de::DeserializeSeed;

use super::cells::{Cell, read_cell};
use super::context::Context;
use super::gather::Gather;
use super::generic::is_time_key;
use super::grid::Grid;
use super::json_input::{JsonInput, Scalar, json_fault};
use super::json_parts::Part;
use super::json_rows::{FlatRow, FlatValue};
use super::lines::{Lines, is_blank};
use super::sheet::key_of;
use crate::data::raw::Role;
use crate::prices::history::HistoryError;

const LAYOUT: &str = "json-table";
/// Column of the key under which a row's array stands.
const KEY: &str = "key";
/// Values beside a table, or of one object.
const VALUES_MAX: usize = 100_000;

/// Reads one JSON text.
pub(super) fn read(
    input: &mut dyn BufRead,
    head: &[u8],
    context: &Context<'_>,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    let line = Slot::new(1);
    let by_line = head.trim_ascii().contains(&b'\n');
    let mut table = Table::new(context, gather, by_line.then_some(&line));
    let read = JsonInput::new(input, &line).map_err(serde_json::Error::io).and_then(|input| {
        let mut json = serde_json::Deserializer::from_reader(input);
        Part { path: String::new(), table: &mut table }.deserialize(&mut json)?;
        json.end()
    });
    let fault = table.fault.take();
    read.map_err(|error| vec![fault.unwrap_or_else(|| json_fault(context, &error))])?;
    table.finish().map_err(|error| vec![error])
}

/// Reads lines each of which is a JSON object.
pub(super) fn read_lines(
    lines: &mut Lines<'_>,
    context: &Context<'_>,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    let line = Slot::new(1);
    let mut table = Table::new(context, gather, Some(&line));
    let mut row = FlatRow::default();
    loop {
        match lines.next_line() {
            Ok(true) if is_blank(lines.text()) => continue,
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(vec![error]),
        }
        line.set(lines.number());
        row.cells.clear();
        let mut json = serde_json::Deserializer::from_slice(lines.text());
        let value = FlatValue { name: String::new(), row: &mut row };
        let read = value.deserialize(&mut json).and_then(|()| json.end());
        read.map_err(|error| vec![json_fault(context, &error).at(u64::from(line.get()))])?;
        table.add(None, &row, line.get()).map_err(|error| vec![error])?;
    }
    table.finish().map_err(|error| vec![error])
}

/// The table as far as it is read.
pub(super) struct Table<'g, 'l> {
    context: &'g Context<'g>,
    gather: Option<&'g mut Gather>,
    grid: Option<Grid<'g>>,
    /// Line that is read; `None`: rows are told apart by their number.
    pub line: Option<&'l Slot<u32>>,
    n_rows: u32,
    /// Names of the first row's cells.
    names: Vec<String>,
    /// Name of the column of keys.
    key_name: &'static str,
    /// Keys of the arrays that are in the table.
    pub n_keys: u64,
    /// Values that stand beside the table, with their lines.
    values: Vec<(String, Scalar<'static>, u32)>,
    pub left_out: Vec<String>,
    pub fault: Option<HistoryError>,
}

impl<'g, 'l> Table<'g, 'l> {
    fn new(context: &'g Context<'g>, gather: &'g mut Gather, line: Option<&'l Slot<u32>>) -> Self {
        Self {
            context,
            gather: Some(gather),
            grid: None,
            line,
            n_rows: 0,
            names: Vec::new(),
            key_name: KEY,
            n_keys: 0,
            values: Vec::new(),
            left_out: Vec::new(),
            fault: None,
        }
    }

    pub fn here(&self) -> u32 {
        self.line.map_or_else(|| self.n_rows.saturating_add(1), Slot::get)
    }

    /// Begins the table with the names of its first row.
    fn begin(&mut self, key: Option<&str>, row: &FlatRow) {
        let Some(gather) = self.gather.take() else { return };
        let unit = self.context.options.time_unit;
        let is_time = |(name, cell): &&(String, Scalar<'_>)| {
            let named = is_time_key(&key_of(name)) || name.ends_with("_timestamp");
            named && cell.stamp(unit) != super::stamps::Stamp::UNREADABLE
        };
        let time = row.cells.iter().find(is_time).map(|(name, _)| name.as_str());
        if key.is_some() && row.get(KEY).is_some() {
            self.key_name = "path";
        }
        let mut columns: Vec<(&str, bool)> =
            key.map(|_| (self.key_name, true)).into_iter().collect();
        let others = row.cells.iter().filter(|(name, _)| Some(name.as_str()) != time);
        columns.extend(others.map(|(name, cell)| (name.as_str(), is_text(cell))));
        let role = if time.is_some() { Role::Events } else { Role::Parameters };
        let heading = self.context.heading(self.context.table_label(role), LAYOUT);
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let table = gather.table(&heading, &names);
        self.grid = Some(Grid::new(table, self.context, &columns, time));
        self.names = row.names().iter().map(|name| (*name).to_owned()).collect();
    }

    /// Adds a row of the array under `key`.
    pub fn add(&mut self, key: Option<&str>, row: &FlatRow, line: u32) -> Result<(), HistoryError> {
        if self.grid.is_none() {
            self.begin(key, row);
        }
        self.n_rows = self.n_rows.saturating_add(1);
        let Some(grid) = &mut self.grid else { return Ok(()) };
        let unit = self.context.options.time_unit;
        let time_name = grid.time_name().map(str::to_owned);
        let time = time_name.as_deref().map(|name| row.get(name).unwrap_or(&Scalar::Blank));
        let text = time.map(|cell| (cell.stamp(unit), cell.text()));
        grid.begin_row(line, text.as_ref().map(|(stamp, text)| (*stamp, text.as_bytes())))?;
        if let Some(key) = key {
            let at = grid.column(self.key_name)?;
            grid.set(at, super::grid::Content::Text(key.as_bytes()));
        }
        for (name, cell) in row.cells.iter().filter(|(name, _)| Some(name) != time_name.as_ref()) {
            let at = grid.column(name)?;
            if let Scalar::List(_) = cell {
                grid.remark(&format!("{name} holds lists, which are left out"));
            }
            grid.set(at, cell.content());
        }
        grid.end_row();
        Ok(())
    }

    /// Whether an array that begins with this row belongs to the table.
    pub fn takes(&self, row: &FlatRow) -> bool {
        self.grid.is_none() || (self.values.is_empty() && self.names == row.names())
    }

    pub fn keep_value(&mut self, name: String, cell: Scalar<'static>) -> Result<(), HistoryError> {
        if self.values.len() >= VALUES_MAX {
            let problem = format!("more than {VALUES_MAX} values that are no table");
            return Err(self.context.fault(problem, "give it as an array of objects"));
        }
        let line = self.here();
        self.values.push((name, cell, line));
        Ok(())
    }

    /// Ends a table, or makes one of the values.
    fn finish(mut self) -> Result<(), HistoryError> {
        if self.grid.is_none() {
            let values = std::mem::take(&mut self.values);
            let has_text = values.iter().any(|(_, cell, _)| is_text(cell));
            for (name, cell, line) in values {
                let value = if has_text && !matches!(cell, Scalar::Blank | Scalar::List(_)) {
                    Scalar::Text(cell.text().into_owned().into())
                } else {
                    cell
                };
                let cells =
                    vec![(KEY.to_owned(), Scalar::Text(name.into())), ("value".to_owned(), value)];
                self.add(None, &FlatRow { cells, is_object: true }, line)?;
            }
        }
        let n_rows = self.n_rows;
        if let Some(grid) = &mut self.grid {
            if self.n_keys == 1 {
                grid.drop_column(self.key_name);
            }
            let beside = self.values.iter().map(|(name, _, _)| name).chain(&self.left_out);
            let beside: Vec<&str> = beside.map(String::as_str).collect();
            if !beside.is_empty() {
                let shown = beside[..beside.len().min(10)].join(", ");
                let n = beside.len();
                grid.remark(&format!("{n} values beside the table are left out: {shown}"));
            }
        }
        self.context.check_any(u64::from(n_rows))
    }
}

fn is_text(cell: &Scalar<'_>) -> bool {
    matches!(cell, Scalar::Text(text) if read_cell(text.as_bytes()) == Cell::Odd)
}
