//! Times as files write them, turned into UTC milliseconds.

use jiff::{Timestamp, civil::DateTime};

use super::error::Faults;
use super::options::TimeUnit;
use super::table::{NO_TIME, shown};

/// Accepted instants, ms: 1970-01-01 up to, not including, 2200-01-01. Whatever lies outside is a
/// wrong unit, and inside no difference can overflow.
const RANGE_MS: std::ops::Range<i64> = 0..7_258_118_400_000;

/// One time as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    /// A whole number whose unit is still to be settled.
    Number(i64),
    /// UTC ms, from ISO-8601 text.
    Iso(i64),
    /// Unreadable; a fault was reported.
    Bad,
}

/// What a column's times are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Seconds,
    Millis,
    Micros,
    Nanos,
    Days,
    Iso,
}

impl Written {
    fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Millis => "milliseconds",
            Self::Micros => "microseconds",
            Self::Nanos => "nanoseconds",
            Self::Days => "days",
            Self::Iso => "ISO-8601 text",
        }
    }
}

type Complaint = (&'static str, &'static str);

const UNREADABLE: Complaint = (
    "not a time",
    "write a whole number of seconds, ms or µs since 1970, or ISO-8601 as 2018-11-25T10:00:00Z",
);

/// Reads a whole number, an ISO-8601 date (midnight), or a date-time with `T` or a blank between.
/// A date-time without `Z` or offset is taken as UTC.
pub(super) fn read_stamp(text: &str) -> Result<Stamp, Complaint> {
    if let Ok(number) = text.parse::<i64>() {
        return Ok(Stamp::Number(number));
    }
    // A date of the calendar form and nothing else: jiff alone would take week dates and a zone
    // in brackets, whose offset it would then ignore.
    let dashed = text.len() >= 10 && text.is_ascii() && text.as_bytes()[4] == b'-';
    if !dashed || text.contains('[') {
        return Err(UNREADABLE);
    }
    let clock_only = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | 'T' | 't' | ' ');
    let instant = if text[10..].chars().all(clock_only) {
        let civil: DateTime = text.parse().map_err(|_| UNREADABLE)?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| UNREADABLE)?.timestamp()
    } else {
        text.parse::<Timestamp>().map_err(|_| UNREADABLE)?
    };
    if instant.subsec_nanosecond() % 1_000_000 != 0 {
        return Err(FINER);
    }
    Ok(Stamp::Iso(instant.as_millisecond()))
}

const FINER: Complaint = ("finer than a millisecond", "round it to whole milliseconds");
const OUTSIDE: Complaint =
    ("not between 1970 and 2200", "check the unit of the times, or name another unit");

/// A whole number of `written` units, as ms.
pub(super) fn to_millis(number: i64, written: Written) -> Result<i64, Complaint> {
    let scaled = |per_ms: i64| if number % per_ms == 0 { Ok(number / per_ms) } else { Err(FINER) };
    let ms = match written {
        Written::Seconds => number.checked_mul(1_000).ok_or(OUTSIDE)?,
        Written::Days => number.checked_mul(86_400_000).ok_or(OUTSIDE)?,
        Written::Millis | Written::Iso => number,
        Written::Micros => scaled(1_000)?,
        Written::Nanos => scaled(1_000_000)?,
    };
    if RANGE_MS.contains(&ms) { Ok(ms) } else { Err(OUTSIDE) }
}

/// The unit `number` is in, as the caller says or its magnitude shows.
fn unit_of(number: i64, unit: TimeUnit) -> Option<Written> {
    const E8: i64 = 100_000_000;
    const E11: i64 = 1_000 * E8;
    const E14: i64 = 1_000 * E11;
    const E17: i64 = 1_000 * E14;
    match (unit, number) {
        (TimeUnit::Seconds, _) | (TimeUnit::Auto, E8..E11) => Some(Written::Seconds),
        (TimeUnit::Millis, _) | (TimeUnit::Auto, E11..E14) => Some(Written::Millis),
        (TimeUnit::Micros, _) | (TimeUnit::Auto, E14..E17) => Some(Written::Micros),
        (TimeUnit::Auto, _) => None,
    }
}

/// Turns a whole column into UTC ms, `NO_TIME` where that fails; every fault is reported. All
/// rows must be written alike: a file that changes its unit halfway is refused, once.
pub(super) fn settle(
    stamps: &[Stamp],
    rows: &[u64],
    name: &str,
    unit: TimeUnit,
    faults: &mut Faults,
) -> Vec<i64> {
    let mut first: Option<Written> = None;
    let mut odd: Option<(u64, String, Written)> = None;
    let mut n_odd = 0_u64;
    let mut times = Vec::with_capacity(stamps.len());
    for (&stamp, &row) in stamps.iter().zip(rows) {
        times.push(NO_TIME);
        let (number, written) = match stamp {
            Stamp::Bad => continue,
            Stamp::Iso(ms) => (ms, Some(Written::Iso)),
            Stamp::Number(number) => (number, unit_of(number, unit)),
        };
        let Some(written) = written else {
            faults.push_at(
                row,
                name,
                number,
                "no unit of time suits this number",
                "say whether the times are seconds, ms or µs since 1970",
            );
            continue;
        };
        if written != *first.get_or_insert(written) {
            n_odd += 1;
            odd.get_or_insert_with(|| (row, number.to_string(), written));
            continue;
        }
        match to_millis(number, written) {
            Ok(ms) => {
                if let Some(last) = times.last_mut() {
                    *last = ms;
                }
            }
            Err((problem, remedy)) => faults.push_at(row, name, number, problem, remedy),
        }
    }
    if let (Some((row, value, written)), Some(first)) = (odd, first) {
        let (is, was) = (written.name(), first.name());
        let plural = if n_odd == 1 { "row" } else { "rows" };
        let problem = format!("in {is}, while the file began in {was} ({n_odd} {plural} differ)");
        faults.push_at(row, name, shown(&value), problem, "write all times in one unit");
    }
    times
}

/// `2018-11-25T10:00:00Z`, for messages.
pub(super) fn iso(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| format!("{ms} ms"), |t| t.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_read_as_written() {
        const NOV_25_10H: i64 = 1_543_140_000_000;
        let iso = |ms| Ok(Stamp::Iso(ms));
        let table = [
            ("1543140000", Ok(Stamp::Number(1_543_140_000))),
            ("2018-11-25", iso(NOV_25_10H - 36_000_000)),
            ("2018-11-25 10:00", iso(NOV_25_10H)),
            ("2018-11-25 10:00:00", iso(NOV_25_10H)),
            ("2018-11-25T10:00:00", iso(NOV_25_10H)),
            ("2018-11-25T10:00:00.000000", iso(NOV_25_10H)),
            ("2018-11-25T10:00:00Z", iso(NOV_25_10H)),
            ("2018-11-25 10:00:00+00:00", iso(NOV_25_10H)),
            ("2018-11-25T05:00:00-05:00", iso(NOV_25_10H)),
            ("2018-11-25T10:00:00.125Z", iso(NOV_25_10H + 125)),
            ("2018-11-25T10:00:00.0000005Z", Err(FINER)),
            ("2018-11-25T10:00[Europe/Paris]", Err(UNREADABLE)),
            ("2018-11-25T10:00-05", iso(NOV_25_10H + 5 * 3_600_000)),
            ("2018-13-25", Err(UNREADABLE)),
            ("2018-W47-7", Err(UNREADABLE)),
            ("25.11.2018", Err(UNREADABLE)),
            ("2018-11-25 10-AM", Err(UNREADABLE)),
            ("1543140000.0", Err(UNREADABLE)),
            ("", Err(UNREADABLE)),
        ];
        for (text, expected) in table {
            assert_eq!(read_stamp(text), expected, "{text:?}");
        }
    }
}
