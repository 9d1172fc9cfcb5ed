//! What a caller says about a file before it is read.

/// Names of the columns that hold bars, in CSV or Parquet. They are matched exactly: no alias and
/// no other case is accepted, so that a column is never taken for another.
///
/// `open`, `high` and `low` come together; without them the file is close-only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvColumns {
    pub time: String,
    pub open: Option<String>,
    pub high: Option<String>,
    pub low: Option<String>,
    pub close: String,
    pub volume: Option<String>,
}

impl Default for CsvColumns {
    /// `time`, `open`, `high`, `low`, `close`, `volume`.
    fn default() -> Self {
        let name = |s: &str| Some(s.to_owned());
        Self {
            time: "time".into(),
            open: name("open"),
            high: name("high"),
            low: name("low"),
            close: "close".into(),
            volume: name("volume"),
        }
    }
}

impl CsvColumns {
    /// Columns of a file that has closes and nothing else.
    pub fn close_only(time: &str, close: &str) -> Self {
        Self {
            time: time.into(),
            open: None,
            high: None,
            low: None,
            close: close.into(),
            volume: None,
        }
    }
}

/// Names of the columns that hold a series, such as funding rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesColumns {
    pub time: String,
    pub value: String,
}

impl Default for SeriesColumns {
    /// `time`, `rate`.
    fn default() -> Self {
        Self { time: "time".into(), value: "rate".into() }
    }
}

/// Unit of times written as whole numbers. Times written as ISO-8601 text need none, and neither
/// does a Parquet column whose type says its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum TimeUnit {
    /// Judged by magnitude: 1e8..1e11 seconds, 1e11..1e14 ms, 1e14..1e17 µs. Every row must come
    /// out alike; outside these ranges the unit has to be said.
    #[default]
    Auto,
    Seconds,
    Millis,
    Micros,
}

/// What to do where bars are missing between two that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GapRule {
    /// A gap is a fault.
    #[default]
    Refuse,
    /// Each missing bar becomes a flat one: open, high, low and close are the last close before
    /// the gap, volume is 0. See `LoadOptions::max_gap_ms`.
    Fill,
    /// The gap stays. `align` refuses it only if the span asked for contains it.
    Keep,
}

/// What to do where two rows have the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DuplicateRule {
    #[default]
    Refuse,
    /// Keep the row that comes first in the file.
    KeepFirst,
    /// Keep the row that comes last in the file.
    KeepLast,
}

/// What to do where a row is older than the row before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DisorderRule {
    #[default]
    Refuse,
    /// Sort by time; rows of equal time keep the file's order.
    Sort,
}

/// How to read a file. By default nothing is repaired.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoadOptions {
    /// Columns of bars. `None`: what a file in normal form says of itself, else the default
    /// names, of which `volume` may be absent. Columns named here must all be there.
    pub columns: Option<CsvColumns>,
    /// Columns of a series.
    pub series: SeriesColumns,
    pub time_unit: TimeUnit,
    /// Length of a bar, ms. `None`: what the file in normal form says, else the most frequent
    /// difference between times (the smaller of two equally frequent).
    pub interval_ms: Option<i64>,
    pub gaps: GapRule,
    /// Longest stretch without a row that is accepted, ms; `None`: any. For bars it bounds what
    /// `GapRule::Fill` may close, measured as missing bars × interval. For a series it bounds the
    /// spacing of neighbours, the only thing about spacing that is checked there: venues change
    /// their funding interval.
    pub max_gap_ms: Option<i64>,
    pub duplicates: DuplicateRule,
    pub disorder: DisorderRule,
}
