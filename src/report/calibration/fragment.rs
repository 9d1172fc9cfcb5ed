//! The fragment of a scenario.

use std::fmt::Write;

use super::Calibrated;
use crate::fields::Duration;
use crate::prices::calibrate::{ModelChoice, Parameter, Unit};
use crate::report::number::count;
use crate::units::time::to_iso;

/// Width of the sentences.
const WIDTH: usize = 100;

/// `[prices]` of a scenario (TOML), each figure with its standard error in a comment.
pub fn fragment(of: &Calibrated) -> String {
    let mut text = String::new();
    head(&mut text, of);
    let step = Duration { ms: of.returns.step_ms };
    let _ = writeln!(text, "\n[prices]\nmodel = \"{}\"\nstep = \"{step}\"", of.model_name());
    if matches!(of.model, ModelChoice::Garch) && of.returns.names.len() > 1 {
        text.push_str("tails = \"common\"\n");
    }
    let mut table = "";
    let written: Vec<&Parameter> = of.found.parameters.iter().filter(|one| one.written).collect();
    let tables = written.iter().map(|one| one.table.as_str());
    let mut order: Vec<&str> = Vec::new();
    tables.for_each(|name| {
        if !order.contains(&name) {
            order.push(name);
        }
    });
    for name in order {
        if name != table {
            let _ = writeln!(text, "\n[prices.{name}]");
            table = name;
        }
        if let (ModelChoice::Bootstrap, Some(asset)) = (of.model, name.strip_prefix("assets.")) {
            let _ = writeln!(text, "file = \"{}\"\nkind = \"close\"", closes_file(asset));
        }
        for one in written.iter().filter(|one| one.table == name) {
            line(&mut text, one);
        }
    }
    text
}

/// Name of the file of closes that a bootstrap draws from.
pub(super) fn closes_file(asset: &str) -> String {
    format!("{asset}.close.parquet")
}

fn head(text: &mut String, of: &Calibrated) {
    let (from, to) = of.span();
    let mut say = |words: &str| wrap(text, words);
    say("A part of a scenario: it stands there in place of its [prices].");
    say(&format!(
        "Calibrated by drypowder {} from {} log returns of {}, closes of {} to {}. A figure is \
         followed by ± its standard error; what they mean, and what they do not, is in \
         docs/CALIBRATION.md.",
        env!("CARGO_PKG_VERSION"),
        count(of.returns.count() as f64),
        Duration { ms: of.returns.step_ms },
        to_iso(from),
        to_iso(to)
    ));
    for source in &of.sources {
        say(&format!("{}, sha256 {}", source.name, source.sha256));
    }
    of.repairs.iter().chain(&of.found.notes).for_each(|note| say(note));
    for one in of.found.parameters.iter().filter(|one| !one.written) {
        let (value, error) = figures(one);
        let error = error.map_or_else(String::new, |error| format!(" ± {error}"));
        let unit = unit(one);
        say(&format!("Not written: {} {}: {value}{error}{unit}", one.table, one.key));
    }
}

/// A comment of lines that are not too long.
fn wrap(text: &mut String, words: &str) {
    let mut line = "#".to_owned();
    for word in words.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line != "#" {
            let _ = writeln!(text, "{line}");
            line = "#".to_owned();
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}

fn line(text: &mut String, one: &Parameter) {
    let (value, error) = figures(one);
    let bare = one.key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let key = if bare { one.key.clone() } else { format!("\"{}\"", one.key) };
    let value = if one.unit == Unit::Time { format!("\"{value}\"") } else { value };
    let _ = match error {
        Some(error) => writeln!(text, "{key} = {value} # ± {error}{}", unit(one)),
        None => writeln!(text, "{key} = {value}"),
    };
}

fn unit(one: &Parameter) -> String {
    match one.unit {
        Unit::Time | Unit::Pure => String::new(),
        unit => format!(" {}", unit.text()),
    }
}

/// Value and error as they are written: six figures and two, no figure far below the error; prices
/// in full, lengths of time in whole units of at most a thousandth or so.
pub(super) fn figures(one: &Parameter) -> (String, Option<String>) {
    match one.unit {
        Unit::Time => (time(one.value, one.value), one.error.map(|error| time(error, one.value))),
        Unit::Usdc => (format!("{}", one.value), None),
        _ => {
            let value = match one.error {
                Some(error) if error > 0.0 && one.value.abs() < error => {
                    rounded_to(one.value, error / 1_000.0)
                }
                _ => rounded(one.value, 6),
            };
            (value, one.error.map(|error| rounded(error, 2)))
        }
    }
}

/// A length of time in ms, in the whole units that suit `size`: hours from two days on, minutes from
/// an hour on, else seconds.
fn time(ms: f64, size: f64) -> String {
    let unit = match size {
        size if size >= 172_800_000.0 => 3_600_000.0,
        size if size >= 3_600_000.0 => 60_000.0,
        _ => 1_000.0,
    };
    Duration { ms: (libm::round(ms / unit) * unit).max(1.0) as i64 }.to_string()
}

/// To so many significant figures, without an exponent.
pub(super) fn rounded(value: f64, figures: usize) -> String {
    let text = format!("{value:.*e}", figures - 1);
    text.parse::<f64>().map_or(text, |value| format!("{value}"))
}

/// To a multiple of the power of ten below `unit`.
fn rounded_to(value: f64, unit: f64) -> String {
    let decimals = (-libm::floor(libm::log10(unit))).clamp(0.0, 15.0) as usize;
    let text = format!("{value:.decimals$}");
    text.parse::<f64>().map_or(text, |value| format!("{}", value + 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_read_back() {
        let table = [
            (0.123_456_789, "0.123457"),
            (301.504_44, "301.504"),
            (0.0, "0"),
            (-2e-7, "-0.0000002"),
        ];
        for (value, expected) in table {
            assert_eq!(rounded(value, 6), expected);
        }
        assert_eq!(rounded_to(-4.748_7e-6, 1.3e-6), "-0.000005");
        assert_eq!(rounded_to(-1e-9, 1e-6), "0");
        assert_eq!(time(86_400_000.0 * 3.0 + 10.0, 86_400_000.0 * 3.0 + 10.0), "3d");
        assert_eq!(time(846_420_000.0, 846_420_000.0), "235h");
        assert_eq!(time(5_461_000.0, 5_461_000.0), "91m");
        assert_eq!(time(90_400.0, 90_400.0), "90s");
        assert_eq!(time(2_380_000.0, 23_100_000.0), "40m");
    }
}
