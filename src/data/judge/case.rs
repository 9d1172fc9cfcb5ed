//! A series while it is judged.

use super::log::Log;
use super::stamps::{Stamps, keep, reordered};
use super::times::Excuse;
use super::zone::Local;
use crate::data::options::{ReadOptions, RepairOptions};
use crate::data::raw::{Column, Label, Meaning, Shape, Unread};
use crate::prices::history::Repairs;

/// The columns, changed in place stage by stage, and what is known of them so far.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub label: Label,
    pub layout: &'static str,
    pub shape: Shape,
    pub stamps: Stamps,
    pub columns: Vec<Column>,
    /// Rows with a value that cannot be: they stay for their times, their values are not judged.
    pub bad: Vec<bool>,
    pub unread: Unread,
    pub stated_interval_ms: Option<i64>,
    pub stated_span_ms: Option<(i64, i64)>,
    pub read: &'a ReadOptions,
    pub repair: &'a RepairOptions,
    pub log: Log<'a>,
    pub repairs: Repairs,
    /// Rows were left out of the columns since they were read.
    pub cut: bool,
    /// Rows lie beyond the span asked for, so that its last bar was closed.
    pub later: bool,
    pub excuses: Vec<Excuse>,
    /// A summer time that is not mended: what follows from it is no defect of its own.
    pub local: Option<Local>,
    pub interval_ms: Option<i64>,
}

impl Case<'_> {
    pub fn len(&self) -> usize {
        self.stamps.len()
    }

    /// How many of the columns, the first ones, are prices or values.
    pub fn n_prices(&self) -> usize {
        match self.shape {
            Shape::Bars => 4,
            Shape::Close | Shape::Series => 1,
        }
    }

    /// Whether the columns are prices of bars.
    pub fn has_prices(&self) -> bool {
        self.shape != Shape::Series
    }

    /// Closes, or the values of a series.
    pub fn closes(&self) -> &[f64] {
        &self.columns[self.n_prices() - 1].values
    }

    pub fn values(&self, meaning: Meaning) -> Option<&[f64]> {
        let column = self.columns.iter().find(|column| column.meaning == meaning)?;
        Some(&column.values)
    }

    /// Open, high, low and close of a row; for closes and series all the same.
    pub fn bar(&self, at: usize) -> [f64; 4] {
        match self.shape {
            Shape::Bars => [0, 1, 2, 3].map(|column| self.columns[column].values[at]),
            Shape::Close | Shape::Series => [self.columns[0].values[at]; 4],
        }
    }

    /// Drops the rows whose mark is false, column by column in place.
    pub fn keep(&mut self, marks: &[bool]) {
        self.stamps.keep(marks);
        keep(&mut self.bad, marks);
        for column in &mut self.columns {
            keep(&mut column.values, marks);
        }
        self.cut = true;
    }

    /// Puts the rows in another order, one column at a time.
    pub fn reorder(&mut self, order: &[u32]) {
        self.stamps.reorder(order);
        self.bad = reordered(&self.bad, order);
        for column in &mut self.columns {
            column.values = reordered(&column.values, order);
        }
    }
}
