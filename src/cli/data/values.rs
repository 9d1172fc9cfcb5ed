//! Values of flags: read and written again.

use crate::data::layout::LAYOUTS;
use crate::data::{FindingKind, Keep, Role};
use crate::fields::{Duration, Instant, Leaf, Name, Value};
use crate::prices::history::TimeUnit;

/// Names that `--columns` takes.
const COLUMNS: &[&str] = &["time", "open", "high", "low", "close", "volume", "value"];

pub(super) fn layout(text: &str) -> Result<String, String> {
    let names: Vec<&str> = LAYOUTS.iter().map(|(name, _)| *name).collect();
    match names.contains(&text) {
        true => Ok(text.to_owned()),
        false => Err(format!("no such layout; there are {}", names.join(", "))),
    }
}

pub(super) fn column(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, column)) if COLUMNS.contains(&name) && !column.is_empty() => {
            Ok((name.to_owned(), column.to_owned()))
        }
        _ => Err(format!("expected NAME=COLUMN, NAME being one of {}", COLUMNS.join(", "))),
    }
}

pub(super) fn asset(text: &str) -> Result<String, String> {
    Name::read(&Value::from(text)).map(|name| name.0)
}

pub(super) fn role(text: &str) -> Result<Role, String> {
    let names = || Role::ALL.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ");
    Role::named(text).ok_or_else(|| format!("expected one of {}", names()))
}

pub(super) fn kind(text: &str) -> Result<FindingKind, String> {
    let words = || FindingKind::ALL.iter().map(|kind| kind.word());
    let found = FindingKind::ALL.iter().find(|kind| kind.word() == text).copied();
    found.ok_or_else(|| format!("expected one of {}", words().collect::<Vec<_>>().join(", ")))
}

pub(super) fn time_unit(text: &str) -> Result<TimeUnit, String> {
    match text {
        "s" => Ok(TimeUnit::Seconds),
        "ms" => Ok(TimeUnit::Millis),
        "us" => Ok(TimeUnit::Micros),
        _ => Err("expected s, ms or us".to_owned()),
    }
}

pub(super) fn time_unit_text(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Auto => "auto",
        TimeUnit::Seconds => "s",
        TimeUnit::Millis => "ms",
        TimeUnit::Micros => "us",
    }
}

pub(super) fn keep(text: &str) -> Result<Keep, String> {
    match text {
        "first" => Ok(Keep::First),
        "last" => Ok(Keep::Last),
        _ => Err("expected first or last".to_owned()),
    }
}

pub(super) fn keep_text(keep: Keep) -> &'static str {
    match keep {
        Keep::First => "first",
        Keep::Last => "last",
    }
}

/// A length of time above zero.
pub(in crate::cli) fn duration(text: &str) -> Result<Duration, String> {
    let duration = Duration::read(&Value::from(text))?;
    if duration.ms > 0 { Ok(duration) } else { Err("expected one above zero".to_owned()) }
}

/// The longest gap to fill: a length, or `any`.
pub(super) fn longest_gap(text: &str) -> Result<i64, String> {
    if text == "any" { Ok(i64::MAX) } else { duration(text).map(|longest| longest.ms) }
}

pub(super) fn longest_gap_text(ms: i64) -> String {
    if ms == i64::MAX { "any".to_owned() } else { Duration { ms }.to_string() }
}

pub(super) fn instant(text: &str) -> Result<i64, String> {
    Instant::read(&Value::from(text)).map(|instant| instant.ms)
}

/// `+03:00`, as ms ahead of UTC.
pub(super) fn offset(text: &str) -> Result<i64, String> {
    let read = || {
        let (sign, rest) = match text.as_bytes().first()? {
            b'+' => (1, &text[1..]),
            b'-' => (-1, &text[1..]),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !(digits(hours) && digits(minutes)) {
            return None;
        }
        let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours <= 15 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
    };
    read().ok_or_else(|| "expected ±HH:MM, e.g. +03:00".to_owned())
}

pub(super) fn offset_text(ms: i64) -> String {
    let minutes = ms.abs() / 60_000;
    format!("{}{:02}:{:02}", if ms < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
}

pub(super) fn zone(text: &str) -> Result<String, String> {
    match jiff::tz::TimeZone::get(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("no such zone; expected e.g. America/New_York".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_written_again() {
        for (text, ms) in [("+03:00", 10_800_000), ("-05:30", -19_800_000), ("+00:00", 0)] {
            assert_eq!((offset(text), offset_text(ms).as_str()), (Ok(ms), text));
        }
        for text in ["3:00", "+3", "+03:60", "+16:00", "+0x:00", "", "+", "±03:00"] {
            assert!(offset(text).is_err(), "{text}");
        }
        for (text, ms) in [("any", i64::MAX), ("34h", 122_400_000)] {
            assert_eq!((longest_gap(text), longest_gap_text(ms).as_str()), (Ok(ms), text));
        }
        assert!(duration("0s").is_err() && duration("soon").is_err());
        assert_eq!(column("open=Open price"), Ok(("open".into(), "Open price".into())));
        assert!(column("opening=x").is_err() && column("open=").is_err());
        assert!(zone("Europe/Paris").is_ok() && zone("Europe/Atlantis").is_err());
        assert!(asset("BTC").is_ok() && asset("../BTC").is_err());
        for &kind_of in FindingKind::ALL {
            assert_eq!(kind(kind_of.word()), Ok(kind_of));
        }
        for role_of in Role::ALL {
            assert_eq!(role(role_of.name()), Ok(*role_of));
        }
    }
}
