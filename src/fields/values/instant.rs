//! Instants: a TOML date or `"2018-11-01T00:00Z"`; UTC.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::{Value as Json, json};

use crate::fields::bounds::Bounds;
use crate::fields::leaf::Leaf;
use crate::fields::node::Value;
use crate::units::time::to_iso;

/// An instant in UTC milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    /// Milliseconds since the epoch.
    pub ms: i64,
}

const HELP: &str = "write e.g. 2018-11-01T00:00:00Z, 2018-11-01 or \"2018-11-01T00:00Z\"";

impl Leaf for Instant {
    const KIND: &'static str = "date";
    /// 1970 up to 2200.
    const RANGE: Bounds = Bounds::below(0.0, 7_258_118_400_000.0);

    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Datetime(text) | Value::Text(text) => read_text(text.trim()),
            _ => Err(HELP.to_owned()),
        }
    }

    fn measure(&self) -> Option<f64> {
        Some(self.ms as f64)
    }

    fn show(measure: f64) -> String {
        to_iso(measure as i64)
    }

    fn to_json(&self) -> Json {
        json!(to_iso(self.ms))
    }

    fn schema(_: &Bounds) -> Json {
        json!({ "type": "string", "examples": ["2018-11-01T00:00:00Z"] })
    }

    fn any() -> Self {
        Self { ms: 0 }
    }
}

/// A date is its midnight; a time without zone is UTC.
fn read_text(text: &str) -> Result<Instant, String> {
    let zoned = text.parse::<Timestamp>().ok();
    let civil = || text.parse::<DateTime>().ok().filter(|_| text.len() > "2018-11-01".len());
    let day = || text.parse::<Date>().ok().map(|day| day.at(0, 0, 0, 0));
    let utc = |civil: DateTime| civil.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let instant = zoned
        .or_else(|| civil().or_else(day).and_then(utc).map(|zoned| zoned.timestamp()))
        .ok_or_else(|| HELP.to_owned())?;
    if instant.subsec_nanosecond() % 1_000_000 != 0 {
        return Err("write whole milliseconds".to_owned());
    }
    Ok(Instant { ms: instant.as_millisecond() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_in_many_spellings() {
        let day = 1_541_030_400_000;
        let rows = [
            ("2018-11-01T00:00Z", day),
            ("2018-11-01T00:00:00Z", day),
            ("2018-11-01T01:00:00+01:00", day),
            ("2018-11-01", day),
            ("2018-11-01T00:00:00", day),
            ("2018-11-01 00:00:00.005", day + 5),
        ];
        for (text, ms) in rows {
            assert_eq!(Instant::read(&Value::from(text)), Ok(Instant { ms }), "{text}");
        }
        for text in ["yesterday", "2018-13-01", "00:00:00", "", "2018-11-01T00:00:00.0001Z"] {
            assert!(Instant::read(&Value::from(text)).is_err(), "{text}");
        }
    }
}
