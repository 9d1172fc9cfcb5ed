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

macro_rules! repairs {
    ($($(#[$doc:meta])* $name:ident,)* ; $($(#[$more_doc:meta])* $more:ident,)*) => {
        /// How much was repaired. Its text, kept under `drypowder.repairs`, always names the first
        /// four, and the others in their order where they are not zero:
        /// `rows_sorted=5 duplicates_dropped=0 gaps_filled=1 bars_filled=12 rows_dropped=3`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct Repairs {
            $($(#[$doc])* pub $name: u64,)*
            $($(#[$more_doc])* pub $more: u64,)*
        }

        impl Repairs {
            /// Counters that are always named.
            fn always(&self) -> [(&'static str, u64); 4] {
                [$((stringify!($name), self.$name),)*]
            }

            /// Counters named where they are not zero.
            fn others(&self) -> impl Iterator<Item = (&'static str, u64)> {
                [$((stringify!($more), self.$more),)*].into_iter().filter(|(_, n)| *n > 0)
            }

            fn counter(&mut self, name: &str) -> Option<&mut u64> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    $(stringify!($more) => Some(&mut self.$more),)*
                    _ => None,
                }
            }

            /// Both together; `None` if a count overflows.
            pub fn plus(self, other: Self) -> Option<Self> {
                Some(Self {
                    $($name: self.$name.checked_add(other.$name)?,)*
                    $($more: self.$more.checked_add(other.$more)?,)*
                })
            }
        }
    };
}

repairs! {
    /// Rows that were older than the row before them in the file.
    rows_sorted,
    duplicates_dropped,
    gaps_filled,
    bars_filled,
    ;
    /// Rows that could not be true: unreadable, blank, impossible or inconsistent.
    rows_dropped,
    /// Rows with a price far from its neighbours.
    outliers_dropped,
    /// Newest bars, which may have been cut short.
    last_bars_dropped,
    /// Times moved to the grid of the interval.
    times_snapped,
    /// Times without zone that were moved to UTC.
    times_shifted,
    /// Rows whose two volumes were exchanged.
    volumes_swapped,
    /// Times read in another unit or form than most of their file.
    times_mixed,
}

impl fmt::Display for Repairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, count)) in self.always().into_iter().chain(self.others()).enumerate() {
            write!(f, "{}{name}={count}", if at == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl Repairs {
    /// Reads what `Display` wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut repairs = Self::default();
        for word in text.split(' ') {
            let (name, count) = word.split_once('=')?;
            *repairs.counter(name)? = count.parse().ok()?;
        }
        // Whatever is missing, twice, in another order or written otherwise comes out otherwise.
        (repairs.to_string() == text).then_some(repairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_come_back_from_their_text() {
        let four =
            Repairs { rows_sorted: 5, gaps_filled: 1, bars_filled: 12, ..Repairs::default() };
        let more = Repairs { rows_dropped: 3, times_mixed: 7, ..four };
        let table = [
            (Repairs::default(), "rows_sorted=0 duplicates_dropped=0 gaps_filled=0 bars_filled=0"),
            (four, "rows_sorted=5 duplicates_dropped=0 gaps_filled=1 bars_filled=12"),
            (
                more,
                "rows_sorted=5 duplicates_dropped=0 gaps_filled=1 bars_filled=12 rows_dropped=3 \
                 times_mixed=7",
            ),
        ];
        for (repairs, text) in table {
            assert_eq!(repairs.to_string(), text);
            assert_eq!(Repairs::parse(text), Some(repairs), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_repairs() {
        let four = "rows_sorted=5 duplicates_dropped=0 gaps_filled=1 bars_filled=12";
        for text in [
            "",
            "none",
            "rows_sorted=5 duplicates_dropped=0 gaps_filled=1",
            "duplicates_dropped=0 rows_sorted=5 gaps_filled=1 bars_filled=12",
            &format!("{four} "),
            &format!("{four} rows_lost=1"),
            &format!("{four} rows_dropped=0"),
            &format!("{four} rows_dropped=1 rows_dropped=1"),
            &format!("{four} times_mixed=1 rows_dropped=1"),
            &format!("{four} rows_dropped=-1"),
            &format!("{four} rows_dropped=18446744073709551616"),
        ] {
            assert_eq!(Repairs::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn repairs_add_up_or_overflow() {
        let one = Repairs { rows_sorted: 1, times_shifted: u64::MAX - 1, ..Repairs::default() };
        let two = Repairs { rows_sorted: 2, times_shifted: 1, ..Repairs::default() };
        let sum = Repairs { rows_sorted: 3, times_shifted: u64::MAX, ..Repairs::default() };
        assert_eq!(one.plus(two), Some(sum));
        assert_eq!(sum.plus(two), None);
    }
}
