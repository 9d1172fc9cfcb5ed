//! Dates in names.

use std::ops::Range;

use super::stamps::days_from_civil;

const DAY_MS: i64 = 86_400_000;

/// A date in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameDate {
    /// Midnight, UTC ms.
    Day(i64),
    /// First instant and end of the month.
    Month((i64, i64)),
    Year,
}

impl NameDate {
    /// From its first instant to its end; a year says too little.
    pub fn span(self) -> Option<(i64, i64)> {
        match self {
            Self::Day(ms) => Some((ms, ms + DAY_MS)),
            Self::Month(span) => Some(span),
            Self::Year => None,
        }
    }
}

/// All dates of a name, in order: `20230301`, `2023-03-01`, `2023_03`, `202303`, `2023`. They stand
/// between marks, not within words.
pub(super) fn find_dates(name: &str) -> Vec<(Range<usize>, NameDate)> {
    let bytes = name.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let at_start = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        match date_at(bytes, at).filter(|_| at_start) {
            Some((end, date)) => {
                found.push((at..end, date));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The longest date that begins at `at` and ends at a mark.
fn date_at(bytes: &[u8], at: usize) -> Option<(usize, NameDate)> {
    let run = digits_at(bytes, at);
    let end = at + run.len();
    match run.len() {
        8 => {
            let date = day(number(&run[..4]), number(&run[4..6]), number(&run[6..]))?;
            ends(bytes, end).then_some((end, date))
        }
        6 => {
            let date = month(number(&run[..4]), number(&run[4..]))?;
            ends(bytes, end).then_some((end, date))
        }
        4 => dashed(bytes, end, number(run)),
        _ => None,
    }
}

/// A year, and a month and a day behind it if they are there, parted by one and the same mark.
fn dashed(bytes: &[u8], year_end: usize, year: i64) -> Option<(usize, NameDate)> {
    let two_at = |at: usize| {
        let mark = bytes.get(at).copied().filter(|mark| matches!(mark, b'-' | b'_' | b'.'))?;
        let run = digits_at(bytes, at + 1);
        (run.len() == 2 && ends(bytes, at + 3)).then(|| (mark, number(run)))
    };
    if let Some((mark, month_number)) = two_at(year_end) {
        let full = two_at(year_end + 3).filter(|(other, _)| *other == mark);
        if let Some(date) = full.and_then(|(_, d)| day(year, month_number, d)) {
            return Some((year_end + 6, date));
        }
        if let Some(date) = month(year, month_number) {
            return Some((year_end + 3, date));
        }
    }
    (YEARS.contains(&year) && ends(bytes, year_end)).then_some((year_end, NameDate::Year))
}

const YEARS: Range<i64> = 2009..2100;

fn day(year: i64, month: i64, day: i64) -> Option<NameDate> {
    let days = days_from_civil(year, month, day).filter(|_| YEARS.contains(&year))?;
    Some(NameDate::Day(days * DAY_MS))
}

fn month(year: i64, month: i64) -> Option<NameDate> {
    let first = days_from_civil(year, month, 1).filter(|_| YEARS.contains(&year))?;
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    let end = days_from_civil(year, month, 1)?;
    Some(NameDate::Month((first * DAY_MS, end * DAY_MS)))
}

fn digits_at(bytes: &[u8], at: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or_default();
    &rest[..rest.iter().take_while(|b| b.is_ascii_digit()).count()]
}

/// Value of at most eight digits.
fn number(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
}

/// Whether no word goes on at `at`.
fn ends(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric())
}
