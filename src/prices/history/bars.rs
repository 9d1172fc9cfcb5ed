//! Histories as the engine takes them: bars and plain series.

use std::collections::BTreeMap;
use std::fmt;

/// Metadata key: `"bars"`, `"close"` or `"series"`.
pub(crate) const LAYOUT_KEY: &str = "drypowder.layout";
/// Metadata key: length of a bar, ms.
pub(crate) const INTERVAL_KEY: &str = "drypowder.interval_ms";
/// Metadata key: SHA-256 of the file the history was first read from, in lower-case hex.
pub(crate) const SOURCE_KEY: &str = "drypowder.source_sha256";
/// Metadata key: what was repaired, see [`Repairs`].
pub(crate) const REPAIRS_KEY: &str = "drypowder.repairs";

/// Price bars of one asset, oldest first. All vectors have one entry per bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// Length of a bar, ms. Times are apart by a multiple of it; by exactly it unless the file
    /// was loaded with `GapRule::Keep`.
    pub interval_ms: i64,
    /// Start of each bar, UTC ms since the epoch, strictly increasing. The bar covers
    /// `[open_time, open_time + interval_ms)`.
    pub open_time: Vec<i64>,
    /// Prices, in the file's quote unit, > 0. Copies of `close` where `close_only`.
    pub open: Vec<f64>,
    pub high: Vec<f64>,
    pub low: Vec<f64>,
    pub close: Vec<f64>,
    /// Traded amount in the file's own unit, ≥ 0.
    pub volume: Option<Vec<f64>>,
    /// Only closes are known: `open`, `high` and `low` carry no information.
    pub close_only: bool,
    /// Key-value pairs of the file, and those of [`super::normal_form`].
    pub metadata: BTreeMap<String, String>,
}

/// Values at instants, oldest first, such as the funding rates a venue charged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// UTC ms since the epoch, strictly increasing.
    pub time: Vec<i64>,
    /// Finite; for funding, the fraction of notional paid at that instant by longs to shorts.
    pub value: Vec<f64>,
    /// As in [`Bars`].
    pub metadata: BTreeMap<String, String>,
}

impl Bars {
    /// What was repaired on the way from the source to here. A text that is no such record
    /// counts as none; a loader refuses it.
    pub fn repairs(&self) -> Repairs {
        recorded(&self.metadata).unwrap_or_default()
    }
}

impl Series {
    /// As [`Bars::repairs`].
    pub fn repairs(&self) -> Repairs {
        recorded(&self.metadata).unwrap_or_default()
    }
}

/// The record in `metadata`: none made reads as nothing repaired; `None` if it is not readable.
pub(super) fn recorded(metadata: &BTreeMap<String, String>) -> Option<Repairs> {
    metadata.get(REPAIRS_KEY).map_or(Some(Repairs::default()), |text| Repairs::parse(text))
}

/// How much was repaired. Its text, kept under `drypowder.repairs`, always names all four:
/// `rows_sorted=5 duplicates_dropped=0 gaps_filled=1 bars_filled=12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Repairs {
    /// Rows that were older than the row before them in the file.
    pub rows_sorted: u64,
    pub duplicates_dropped: u64,
    pub gaps_filled: u64,
    pub bars_filled: u64,
}

impl fmt::Display for Repairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows_sorted, duplicates_dropped, gaps_filled, bars_filled } = self;
        write!(f, "rows_sorted={rows_sorted} duplicates_dropped={duplicates_dropped} ")?;
        write!(f, "gaps_filled={gaps_filled} bars_filled={bars_filled}")
    }
}

impl Repairs {
    /// Reads what `Display` wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let mut count = |name: &str| -> Option<u64> {
            words.next()?.strip_prefix(name)?.strip_prefix('=')?.parse().ok()
        };
        let repairs = Self {
            rows_sorted: count("rows_sorted")?,
            duplicates_dropped: count("duplicates_dropped")?,
            gaps_filled: count("gaps_filled")?,
            bars_filled: count("bars_filled")?,
        };
        words.next().is_none().then_some(repairs)
    }

    /// Both together; `None` if a count overflows.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            rows_sorted: self.rows_sorted.checked_add(other.rows_sorted)?,
            duplicates_dropped: self.duplicates_dropped.checked_add(other.duplicates_dropped)?,
            gaps_filled: self.gaps_filled.checked_add(other.gaps_filled)?,
            bars_filled: self.bars_filled.checked_add(other.bars_filled)?,
        })
    }
}
