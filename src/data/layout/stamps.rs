//! Times as text, in whatever form files write them, turned into UTC ms.

use crate::data::raw::{NO_TIME, Written};
use crate::prices::history::TimeUnit;

const DAY_MS: i64 = 86_400_000;

/// Accepted instants, ms: 1970-01-01 up to, not including, 2200-01-01.
const RANGE_MS: std::ops::Range<i64> = 0..7_258_118_400_000;

/// One time as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// UTC ms, a time without zone read as UTC; or [`NO_TIME`].
    pub ms: i64,
    pub written: Written,
    /// Whether the text was finer than a millisecond and `ms` is cut down.
    pub finer: bool,
}

impl Stamp {
    /// No time, or none between 1970 and 2200.
    pub const UNREADABLE: Self = Self { ms: NO_TIME, written: Written::Unreadable, finer: false };

    fn new(ms: Option<i64>, written: Written, finer: bool) -> Self {
        let ms = ms.filter(|ms| RANGE_MS.contains(ms));
        ms.map_or(Self::UNREADABLE, |ms| Self { ms, written, finer })
    }

    /// A whole number of `unit`, or of the unit that its magnitude shows: 1e8..1e11 seconds,
    /// 1e11..1e14 ms, 1e14..1e17 µs, from 1e17 ns.
    pub fn of_number(number: i64, unit: TimeUnit) -> Self {
        const E8: i64 = 100_000_000;
        const E11: i64 = 1_000 * E8;
        const E14: i64 = 1_000 * E11;
        const E17: i64 = 1_000 * E14;
        match (unit, number) {
            (TimeUnit::Seconds, _) | (TimeUnit::Auto, E8..E11) => {
                Self::new(number.checked_mul(1_000), Written::Seconds, false)
            }
            (TimeUnit::Millis, _) | (TimeUnit::Auto, E11..E14) => {
                Self::new(Some(number), Written::Millis, false)
            }
            (TimeUnit::Micros, _) | (TimeUnit::Auto, E14..E17) => {
                Self::new(Some(number.div_euclid(1_000)), Written::Micros, number % 1_000 != 0)
            }
            (TimeUnit::Auto, E17..) => {
                let ms = number.div_euclid(1_000_000);
                Self::new(Some(ms), Written::Nanos, number % 1_000_000 != 0)
            }
            (TimeUnit::Auto, _) => Self::UNREADABLE,
        }
    }

    /// Milliseconds since the midnight `midnight_ms`.
    pub fn of_day(text: &[u8], midnight_ms: i64) -> Self {
        let ms = digits(text).filter(|ms| (0..DAY_MS).contains(ms));
        let ms = ms.and_then(|ms| ms.checked_add(midnight_ms));
        Self::new(ms, Written::MillisOfDay, false)
    }

    /// A time in any form that is not ambiguous.
    pub fn read(text: &[u8], unit: TimeUnit) -> Self {
        match text.iter().position(|b| !b.is_ascii_digit()) {
            None => Self::read_digits(text, unit),
            Some(4) if matches!(text[4], b'-' | b'/') => Self::read_date(text),
            Some(8) if matches!(text[8], b' ' | b'T') => Self::read_compact(text),
            Some(at) if at > 0 && text[at] == b'.' => Self::read_point(text, at, unit),
            Some(_) => Self::UNREADABLE,
        }
    }

    /// Digits alone: a number, or with eight of them a date.
    fn read_digits(text: &[u8], unit: TimeUnit) -> Self {
        if text.len() == 8 && unit == TimeUnit::Auto {
            return Self::new(compact_day(text), Written::Compact, false);
        }
        if let (TimeUnit::Auto, Some(ms)) = (unit, compact_time(text)) {
            return Self::new(Some(ms), Written::Compact, false);
        }
        digits(text).map_or(Self::UNREADABLE, |number| Self::of_number(number, unit))
    }

    /// `1502942400.0`: seconds, or another unit by magnitude.
    fn read_point(text: &[u8], point: usize, unit: TimeUnit) -> Self {
        let fraction = &text[point + 1..];
        let whole = digits(&text[..point]).map(|number| Self::of_number(number, unit));
        let Some(whole) = whole.filter(|_| fraction.iter().all(u8::is_ascii_digit)) else {
            return Self::UNREADABLE;
        };
        let (thousandths, finer) = milliseconds(fraction);
        match whole.written {
            Written::Seconds => {
                let ms = whole.ms.checked_add(thousandths);
                Self::new(ms, Written::SecondsWithPoint, finer)
            }
            _ => Self { finer: whole.finer || finer || thousandths > 0, ..whole },
        }
    }

    /// `20181125 00:00`, seconds and their fraction if they are there.
    fn read_compact(text: &[u8]) -> Self {
        let day = compact_day(&text[..8]);
        let clock = clock(&text[9..]).filter(|(_, rest)| rest.is_empty());
        let Some((day, (clock, _))) = day.zip(clock) else { return Self::UNREADABLE };
        Self::new(Some(day + clock.ms), Written::Compact, clock.finer)
    }

    /// `2018-11-25`, alone or with a time of day behind `T` or a blank.
    fn read_date(text: &[u8]) -> Self {
        let Some(day) = dashed_day(text) else { return Self::UNREADABLE };
        match text.get(10) {
            None => Self::new(Some(day), Written::Date, false),
            Some(b'T' | b't' | b' ') => Self::read_time_of_day(day, &text[11..]),
            Some(_) => Self::UNREADABLE,
        }
    }

    fn read_time_of_day(day: i64, text: &[u8]) -> Self {
        if let Some(ms) = twelve_hour(text) {
            return Self::new(Some(day + ms), Written::TwelveHour, false);
        }
        let Some((clock, rest)) = clock(text) else { return Self::UNREADABLE };
        let ms = day + clock.ms;
        match offset(rest) {
            Some(None) => Self::new(Some(ms), Written::IsoNaive, clock.finer),
            Some(Some(ahead)) => Self::new(Some(ms - ahead), Written::IsoZoned, clock.finer),
            None => Self::UNREADABLE,
        }
    }
}

/// `2018112500`, `201811250000` or `20181125000000` of this century. As seconds the first would lie
/// after May 2033, as milliseconds the second before 1977 and the third after 2600.
fn compact_time(text: &[u8]) -> Option<i64> {
    if !text.starts_with(b"20") || !matches!(text.len(), 10 | 12 | 14) {
        return None;
    }
    let part = |at: usize| text.get(at..at + 2).map_or(Some(0), digits);
    let (hour, minute, second) = (part(8)?, part(10)?, part(12)?);
    let sound = hour < 24 && minute < 60 && second < 60;
    let day = compact_day(&text[..8]).filter(|_| sound)?;
    Some(day + ((hour * 60 + minute) * 60 + second) * 1_000)
}

/// Whether the text is a date such as `11/25/2018` or `25.11.2018`, of which nothing says what is
/// the month.
pub(super) fn is_ambiguous(text: &[u8]) -> bool {
    let run = |from: usize| {
        text.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count()
    };
    let first = run(0);
    let second = run(first + 1);
    let third = run(first + second + 2);
    let mark = text.get(first).copied();
    (1..=2).contains(&first)
        && (1..=2).contains(&second)
        && matches!(third, 2 | 4)
        && matches!(mark, Some(b'/' | b'.' | b'-'))
        && text.get(first + second + 1).copied() == mark
}

/// Days since 1970-01-01 of a date of the calendar; `None` if there is no such date.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    const LENGTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = LENGTHS.get(usize::try_from(month - 1).ok()?)?;
    let length = length + i64::from(leap && month == 2);
    if !(1..=length).contains(&day) || !(0..=9_999).contains(&year) {
        return None;
    }
    // Years that begin in March put the leap day last; 153 days make five months from there.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Value of a text of 1 to 19 digits.
fn digits(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 19 {
        return None;
    }
    text.iter().try_fold(0_i64, |sum, &byte| {
        let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

/// First three digits of a fraction as ms, and whether anything behind them is not 0.
fn milliseconds(fraction: &[u8]) -> (i64, bool) {
    let digit = |at: usize| fraction.get(at).map_or(0, |byte| i64::from(byte - b'0'));
    let finer = fraction.iter().skip(3).any(|&byte| byte != b'0');
    (100 * digit(0) + 10 * digit(1) + digit(2), finer)
}

/// Midnight of `20181125`, ms.
fn compact_day(text: &[u8]) -> Option<i64> {
    let (year, month, day) = (digits(&text[..4])?, digits(&text[4..6])?, digits(&text[6..8])?);
    Some(days_from_civil(year, month, day)? * DAY_MS)
}

/// Midnight of the `2018-11-25` that `text` begins with, ms.
fn dashed_day(text: &[u8]) -> Option<i64> {
    if text.len() < 10 || text[7] != text[4] {
        return None;
    }
    let (year, month, day) = (digits(&text[..4])?, digits(&text[5..7])?, digits(&text[8..10])?);
    Some(days_from_civil(year, month, day)? * DAY_MS)
}

/// A time of day.
#[derive(Debug, Clone, Copy)]
struct Clock {
    ms: i64,
    finer: bool,
}

/// `10:00`, `10:00:30` or `10:00:30.125` and what follows.
fn clock(text: &[u8]) -> Option<(Clock, &[u8])> {
    if text.len() < 5 || text[2] != b':' {
        return None;
    }
    let (hour, minute) = (digits(&text[..2])?, digits(&text[3..5])?);
    let mut ms = (60 * hour + minute) * 60_000;
    let mut rest = &text[5..];
    let mut finer = false;
    let mut second = 0;
    if rest.first() == Some(&b':') {
        second = digits(rest.get(1..3)?)?;
        rest = &rest[3..];
        if rest.first() == Some(&b'.') {
            let length = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
            let (fraction, behind) = rest[1..].split_at(length);
            let (thousandths, is_finer) = milliseconds(fraction);
            ms += thousandths;
            finer = is_finer;
            rest = behind;
        }
    }
    let sound = hour < 24 && minute < 60 && second < 60;
    sound.then_some((Clock { ms: ms + 1_000 * second, finer }, rest))
}

/// What stands behind a time of day: nothing (`Some(None)`), or how far ahead of UTC it is, ms.
fn offset(text: &[u8]) -> Option<Option<i64>> {
    match text {
        [] => return Some(None),
        b"Z" | b"z" | b" UTC" | b"UTC" | b" GMT" | b" Z" => return Some(Some(0)),
        _ => {}
    }
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let (sign, text) = match text.split_first()? {
        (b'+', rest) => (1, rest),
        (b'-', rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match text.len() {
        2 => (digits(text)?, 0),
        4 => (digits(&text[..2])?, digits(&text[2..])?),
        5 if text[2] == b':' => (digits(&text[..2])?, digits(&text[3..])?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(Some(sign * (60 * hours + minutes) * 60_000))
}

/// `04-AM` as ms since midnight; 12-AM is midnight.
fn twelve_hour(text: &[u8]) -> Option<i64> {
    let (hour, half) = text.split_at_checked(2)?;
    let half = match half {
        b"-AM" | b"-am" => 0,
        b"-PM" | b"-pm" => 12,
        _ => return None,
    };
    let hour = digits(hour).filter(|hour| (1..=12).contains(hour))?;
    Some((hour % 12 + half) * 3_600_000)
}

#[cfg(test)]
#[path = "stamps_tests.rs"]
mod tests;
