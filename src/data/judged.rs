//! What comes out of judging and mending one [`super::Raw`].

use std::collections::BTreeMap;

use super::finding::{Finding, Severity};
use super::raw::{Cells, Label, Shape, Written};
use crate::prices::history::{Bars, Series};

/// A raw series or table, judged and mended as told.
#[derive(Debug, Clone)]
pub struct Judged {
    pub facts: Facts,
    /// In the order of [`super::FindingKind::ALL`].
    pub findings: Vec<Finding>,
    /// `None` if a finding blocks.
    pub clean: Option<Clean>,
    /// For the picture, whether clean or not: time and low, high, close as far as readable,
    /// oldest first. Lows and highs are the values themselves for a series. Empty for tables.
    pub outline: Outline,
}

/// What a report says first of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub label: Label,
    pub layout: &'static str,
    /// `None` for a table.
    pub shape: Option<Shape>,
    /// Members read, in order.
    pub members: Vec<String>,
    /// Rows read, before any cut to a span.
    pub rows_read: u64,
    /// Rows inside the span asked for.
    pub rows_in_span: u64,
    /// First and last time there, UTC ms.
    pub span: Option<(i64, i64)>,
    /// Stated or most frequent difference of neighbours, ms; `None` for tables and where one row
    /// does not tell.
    pub interval_ms: Option<i64>,
    /// Forms of the times, most frequent first.
    pub written: Vec<(Written, u64)>,
    /// Least and greatest price or value.
    pub range: Option<(f64, f64)>,
    /// Names of the columns kept, the time first.
    pub columns: Vec<String>,
}

/// A history or a table that nothing is wrong with any more.
#[derive(Debug, Clone)]
pub enum Clean {
    Bars(Bars),
    Series(Series),
    Table(CleanTable),
}

/// Events, sorted by time (rows of one time in file order), or parameters in file order.
#[derive(Debug, Clone)]
pub struct CleanTable {
    pub time: Option<Vec<i64>>,
    pub columns: Vec<(String, Cells)>,
    pub metadata: BTreeMap<String, String>,
}

/// What a picture of a series needs. All vectors have the same length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outline {
    pub time: Vec<i64>,
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    pub close: Vec<f64>,
}

impl Clean {
    /// Key-value pairs of the file to be written.
    pub fn metadata_mut(&mut self) -> &mut BTreeMap<String, String> {
        match self {
            Self::Bars(bars) => &mut bars.metadata,
            Self::Series(series) => &mut series.metadata,
            Self::Table(table) => &mut table.metadata,
        }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        match self {
            Self::Bars(bars) => bars.open_time.len(),
            Self::Series(series) => series.time.len(),
            Self::Table(table) => table.columns.first().map_or(0, |(_, cells)| match cells {
                Cells::Number(cells) => cells.len(),
                Cells::Text(cells) => cells.len(),
            }),
        }
    }
}

impl Judged {
    /// Findings that stop an import.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Blocks)
    }
}
