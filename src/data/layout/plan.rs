//! What to read from lines of fields: which columns become which series.

use crate::data::raw::{Meaning, Role, Shape};

/// How a member's rows become one or several series.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub layout: &'static str,
    pub time: TimeColumn,
    /// Column that says which asset a row is about; each symbol is a series of its own.
    pub symbol: Option<usize>,
    pub outputs: Vec<Output>,
    pub remarks: Vec<String>,
}

/// Where the time stands and how it is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TimeColumn {
    pub at: usize,
    pub name: String,
    /// Times are ms since this midnight, UTC ms.
    pub midnight_ms: Option<i64>,
    /// A second column of times, which should agree with the first.
    pub twin: Option<(usize, String)>,
}

/// One series that a member holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Output {
    /// Asset and quote that the columns' names say.
    pub asset: Option<(String, Option<String>)>,
    pub role: Role,
    pub shape: Shape,
    pub columns: Vec<Source>,
    /// Blank rows before the first that is not do not belong to the series.
    pub from_listing: bool,
}

/// One column of a series, and where it stands in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub meaning: Meaning,
    pub name: String,
    pub at: usize,
}

impl TimeColumn {
    pub fn new(at: usize, name: &str) -> Self {
        Self { at, name: name.to_owned(), midnight_ms: None, twin: None }
    }
}

impl Source {
    pub fn new(meaning: Meaning, name: &str, at: usize) -> Self {
        Self { meaning, name: name.to_owned(), at }
    }
}

impl Output {
    /// A series whose asset the file's name or a column of symbols says.
    pub fn new(role: Role, shape: Shape, columns: Vec<Source>) -> Self {
        Self { asset: None, role, shape, columns, from_listing: false }
    }
}

impl Plan {
    /// A plan of one series.
    pub fn new(layout: &'static str, time: TimeColumn, output: Output) -> Self {
        Self { layout, time, symbol: None, outputs: vec![output], remarks: Vec::new() }
    }
}
