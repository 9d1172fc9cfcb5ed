//! What a caller says about files before they are read, and what may be mended.

use std::collections::BTreeSet;

use super::finding::FindingKind;
use super::raw::Role;
use crate::prices::history::TimeUnit;

/// How to read. By default everything is recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Name of the layout, if it is not to be recognised.
    pub layout: Option<String>,
    /// Columns by name (or by number, the first being 1, in a file without header), for a layout
    /// that is told: `time=…`, `open=…`, `high=…`, `low=…`, `close=…`, `volume=…`, `value=…`.
    pub columns: Vec<(String, String)>,
    /// Asset, instead of what file or name says; all files become one series of it.
    pub asset: Option<String>,
    /// Role, instead of what is recognised.
    pub role: Option<Role>,
    /// Unit of times written as whole numbers.
    pub time_unit: TimeUnit,
    /// Length of a bar, ms, instead of the most frequent difference.
    pub interval_ms: Option<i64>,
    /// First instant kept, UTC ms.
    pub from_ms: Option<i64>,
    /// End, UTC ms, exclusive.
    pub to_ms: Option<i64>,
}

/// Which of rows of one time stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// The first in the file; with newest-first files that is the row nearer the top.
    First,
    Last,
}

/// What times without zone are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoneRule {
    /// Ahead of UTC by so many ms: `+03:00`. `0` states that they are UTC.
    Offset(i64),
    /// A zone of the IANA database: `America/New_York`.
    Named(String),
}

/// What may be mended. By default nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepairOptions {
    /// Sort by time.
    pub sort: bool,
    /// Drop all but one of the rows of one time. Rows with equal values go with any choice.
    pub dedupe: Option<Keep>,
    /// Fill gaps of at most this many ms with flat bars; `i64::MAX`: any.
    pub fill_gaps_up_to_ms: Option<i64>,
    /// Drop rows that cannot be true: unreadable, blank, impossible or inconsistent.
    pub drop_bad: bool,
    pub drop_outliers: bool,
    /// Drop the newest bar.
    pub drop_last: bool,
    /// Move times to the grid if they are off it by at most this many ms.
    pub snap_ms: Option<i64>,
    /// Exchange the two volumes where they are swapped.
    pub swap_volumes: bool,
    /// Take times of several units or forms in one file, each row by its own.
    pub mixed_times: bool,
    /// Zone of times that name none.
    pub zone: Option<ZoneRule>,
    /// Defects to leave as they are.
    pub accept: BTreeSet<FindingKind>,
}
