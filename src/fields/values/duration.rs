//! Durations: `"30s"`, `"5m"`, `"24h"`, `"1d"`, `"200ms"`.

use serde_json::{Value as Json, json};

use super::{split_unit, text_schema};
use crate::fields::bounds::Bounds;
use crate::fields::leaf::Leaf;
use crate::fields::node::Value;
use crate::units::time::{DAY_MS, HOUR_MS, SECOND_MS};

/// A length of time in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    /// Its milliseconds.
    pub ms: i64,
}

const UNITS: [(&str, i64); 5] =
    [("d", DAY_MS), ("h", HOUR_MS), ("m", 60 * SECOND_MS), ("s", SECOND_MS), ("ms", 1)];

impl Leaf for Duration {
    const KIND: &'static str = "duration";
    /// From nothing to two hundred years.
    const RANGE: Bounds = Bounds::within(0.0, (73_000 * DAY_MS) as f64);

    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => read_text(text),
            Value::Integer(number) => Err(format!("say the unit: \"{number}s\", \"{number}m\", …")),
            _ => Err(examples()),
        }
    }

    fn measure(&self) -> Option<f64> {
        Some(self.ms as f64)
    }

    fn show(measure: f64) -> String {
        Self { ms: measure as i64 }.to_string()
    }

    fn to_json(&self) -> Json {
        json!(self.to_string())
    }

    fn schema(_: &Bounds) -> Json {
        text_schema("^[0-9]+(ms|s|m|h|d)$", "5m")
    }

    fn any() -> Self {
        Self { ms: 1 }
    }
}

impl std::fmt::Display for Duration {
    /// In the largest unit that needs no decimals.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.ms == 0 {
            return f.write_str("0s");
        }
        let (name, length) = UNITS.iter().find(|unit| self.ms % unit.1 == 0).unwrap_or(&("ms", 1));
        write!(f, "{}{name}", self.ms / length)
    }
}

fn examples() -> String {
    "write a whole number and a unit, e.g. \"200ms\", \"30s\", \"5m\", \"24h\", \"1d\"".to_owned()
}

fn read_text(text: &str) -> Result<Duration, String> {
    let (number, unit) = split_unit(text);
    let length = |unit: &str| UNITS.iter().find(|known| known.0 == unit).map(|known| known.1);
    let whole = number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse::<i64>().ok());
    if let (Some(Some(number)), Some(length)) = (whole, length(unit))
        && !text.contains(char::is_whitespace)
    {
        return number
            .checked_mul(length)
            .map(|ms| Duration { ms })
            .ok_or_else(|| "write a shorter one".to_owned());
    }
    let meant = match unit.to_lowercase().as_str() {
        "" => return Err(examples()),
        "millisecond" | "milliseconds" | "msec" | "msecs" => "ms",
        word => match word.chars().next() {
            Some('s') => "s",
            Some('m') if !word.starts_with("mo") => "m",
            Some('h') => "h",
            Some('d') => "d",
            _ => return Err(examples()),
        },
    };
    let scaled = number.parse::<f64>().ok().zip(length(if unit == "ms" { unit } else { meant }));
    match scaled.map(|(number, length)| number * length as f64) {
        Some(ms) if ms.fract() == 0.0 && Duration::RANGE.holds(ms) => {
            Err(format!("write \"{}\"", Duration::show(ms)))
        }
        _ => Err(examples()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_right_and_says_what_would_be() {
        let good = [("200ms", 200), ("30s", 30_000), ("5m", 300_000), ("1d", DAY_MS), ("0s", 0)];
        for (text, ms) in good {
            assert_eq!(Duration::read(&Value::from(text)), Ok(Duration { ms }), "{text}");
        }
        let bad = [
            ("5 minutes", "write \"5m\""),
            ("1.5h", "write \"90m\""),
            ("30 s", "write \"30s\""),
            ("5M", "write \"5m\""),
            ("soon", "whole number and a unit"),
            ("-5s", "whole number and a unit"),
            ("3 months", "whole number and a unit"),
            ("9999999999999999d", "shorter"),
        ];
        for (text, help) in bad {
            let got = Duration::read(&Value::from(text)).unwrap_err();
            assert!(got.contains(help), "{text}: {got}");
        }
        assert!(Duration::read(&Value::from(30)).unwrap_err().contains("\"30s\""));
        assert_eq!(Duration { ms: 90 * 60_000 }.to_string(), "90m");
    }
}
