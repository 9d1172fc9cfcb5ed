//! Columns of a table, filled row by row.

use super::cells::{Cell, read_cell};
use super::context::{Context, remark};
use super::series_rows::WHOLE_ROW;
use super::stamps::Stamp;
use crate::data::raw::{Cells, RawTable, TableColumn, Written};
use crate::prices::history::HistoryError;

/// Most cells that one member's table may have, 2^28: 2 GiB of numbers.
const CELLS_MAX: usize = 1 << 28;
/// Most columns of a table.
pub(super) const COLUMNS_MAX: usize = 4_096;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Content<'t> {
    Text(&'t [u8]),
    Number(f64),
    Blank,
}

/// Fills a table. A column is numeric until a text stands in it.
pub(super) struct Grid<'g> {
    table: &'g mut RawTable,
    context: &'g Context<'g>,
    n_rows: usize,
    n_new_cells: usize,
}

impl<'g> Grid<'g> {
    /// `columns`: names, and whether a column is text from its first row on. `time`: the name of
    /// the column of times.
    pub fn new(
        table: &'g mut RawTable,
        context: &'g Context<'g>,
        columns: &[(&str, bool)],
        time: Option<&str>,
    ) -> Self {
        if table.columns.is_empty() {
            let cells = |is_text| match is_text {
                true => Cells::Text(Vec::new()),
                false => Cells::Number(Vec::new()),
            };
            let column = |&(name, is_text): &(&str, bool)| TableColumn {
                name: name.to_owned(),
                cells: cells(is_text),
            };
            table.columns = columns.iter().map(column).collect();
            table.time = time.map(|_| Vec::new());
            table.time_name = time.map(str::to_owned);
        }
        let n_rows = table.rows.len();
        Self { table, context, n_rows, n_new_cells: 0 }
    }

    /// Begins a row; what it says of the time is `None` for a table without times.
    ///
    /// # Errors
    /// If the table has grown beyond its limits.
    pub fn begin_row(
        &mut self,
        line: u32,
        time: Option<(Stamp, &[u8])>,
    ) -> Result<(), HistoryError> {
        self.context.check_rows(self.n_rows)?;
        self.n_new_cells += self.table.columns.len() + 1;
        if self.n_new_cells > CELLS_MAX {
            let problem = format!("a table of more than {CELLS_MAX} cells");
            return Err(self.context.fault(problem, "split the file"));
        }
        self.n_rows += 1;
        self.table.rows.line.push(line);
        let Some(times) = &mut self.table.time else { return Ok(()) };
        let (stamp, text) = time.unwrap_or((Stamp::UNREADABLE, b""));
        times.push(stamp.ms);
        self.table.written.push(stamp.written);
        self.table.finer_than_ms += u64::from(stamp.finer);
        if stamp.written == Written::Unreadable && time.is_some() {
            self.tell_time(text);
        }
        Ok(())
    }

    fn tell_time(&mut self, text: &[u8]) {
        let at = self.table.columns.len();
        let unread = &mut self.table.unread;
        if read_cell(text) == Cell::Blank {
            unread.blank[at] += 1;
        } else {
            unread.odd[at] += 1;
            let name = self.table.time_name.as_deref().unwrap_or("time");
            unread.tell(self.n_rows - 1, name, text);
        }
    }

    /// Puts a cell of the row that was begun; the first of several for one column counts.
    pub fn set(&mut self, at: usize, content: Content<'_>) {
        let Some(column) = self.table.columns.get_mut(at) else { return };
        if length(&column.cells) >= self.n_rows {
            return;
        }
        let cell = match content {
            Content::Text(text) => read_cell(text),
            Content::Number(number) if number.is_finite() => Cell::Number(number),
            Content::Number(_) => Cell::Odd,
            Content::Blank => Cell::Blank,
        };
        if cell == Cell::Blank {
            self.table.unread.blank[at] += 1;
        }
        let text = match content {
            Content::Text(text) => text,
            Content::Number(_) | Content::Blank => b"",
        };
        match (&mut column.cells, cell) {
            (Cells::Number(values), Cell::Number(number)) => values.push(number),
            (Cells::Number(values), Cell::Blank) => values.push(f64::NAN),
            (Cells::Number(values), Cell::Odd) if is_infinite(text) => {
                values.push(f64::NAN);
                self.table.unread.odd[at] += 1;
                self.table.unread.tell(self.n_rows - 1, &column.name, text);
            }
            (Cells::Number(values), Cell::Odd) => {
                if values.iter().any(|value| !value.is_nan()) {
                    let row = self.table.rows.line.last().copied().unwrap_or(0);
                    let how = "numbers before it are kept as the shortest text";
                    let said = format!("{} is no number from row {row} on: {how}", column.name);
                    remark(&mut self.table.remarks, &said);
                }
                let mut texts: Vec<Box<str>> = values.iter().map(|value| written(*value)).collect();
                texts.push(lossy(text));
                column.cells = Cells::Text(texts);
            }
            (Cells::Text(texts), Cell::Blank) => texts.push(Box::default()),
            (Cells::Text(texts), cell) => texts.push(match (content, cell) {
                (Content::Number(number), _) => written(number),
                _ => lossy(text),
            }),
        }
    }

    /// Ends the row: columns without a cell get a blank one.
    pub fn end_row(&mut self) {
        for at in 0..self.table.columns.len() {
            self.set(at, Content::Blank);
        }
    }

    /// Marks the row that was begun as one that could not be split into cells, and ends it.
    pub fn end_ragged(&mut self, text: &[u8]) {
        self.table.unread.ragged += 1;
        self.table.unread.tell(self.n_rows - 1, WHOLE_ROW, text);
        for column in &mut self.table.columns {
            match &mut column.cells {
                Cells::Number(values) => values.resize(self.n_rows, f64::NAN),
                Cells::Text(texts) => texts.resize(self.n_rows, Box::default()),
            }
        }
    }

    /// The column of this name, made if there is none: blank in the rows before.
    ///
    /// # Errors
    /// If there are too many.
    pub fn column(&mut self, name: &str) -> Result<usize, HistoryError> {
        let known = self.table.columns.iter().position(|column| column.name == name);
        if let Some(at) = known {
            return Ok(at);
        }
        let at = self.table.columns.len();
        if at >= COLUMNS_MAX {
            let problem = format!("more than {COLUMNS_MAX} columns");
            return Err(self.context.fault(problem, "give it as a table of fewer columns"));
        }
        let before = self.n_rows.saturating_sub(1);
        let cells = Cells::Number(vec![f64::NAN; before]);
        self.n_new_cells += before;
        self.table.columns.push(TableColumn { name: name.to_owned(), cells });
        self.table.unread.blank.insert(at, before as u64);
        self.table.unread.odd.insert(at, 0);
        Ok(at)
    }

    /// Takes a column out, as if it had not been there.
    pub fn drop_column(&mut self, name: &str) {
        let at = self.table.columns.iter().position(|column| column.name == name);
        if let Some(at) = at {
            self.table.columns.remove(at);
            self.table.unread.blank.remove(at);
            self.table.unread.odd.remove(at);
        }
    }

    /// Adds a remark.
    pub fn remark(&mut self, text: &str) {
        remark(&mut self.table.remarks, text);
    }

    /// Name of the column of times.
    pub fn time_name(&self) -> Option<&str> {
        self.table.time_name.as_deref()
    }
}

fn length(cells: &Cells) -> usize {
    match cells {
        Cells::Number(values) => values.len(),
        Cells::Text(texts) => texts.len(),
    }
}

fn lossy(text: &[u8]) -> Box<str> {
    String::from_utf8_lossy(text).into()
}

fn written(value: f64) -> Box<str> {
    if value.is_nan() { Box::default() } else { value.to_string().into() }
}

/// Infinite or beyond the numbers, which no text is.
fn is_infinite(text: &[u8]) -> bool {
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
    text.is_empty() || number.is_some()
}
