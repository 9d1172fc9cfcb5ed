//! Numbers and lengths of time for people.

use crate::fields::Duration;

/// `1,234.5`: with thousands separators and so many decimals.
pub(in crate::data) fn grouped(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.decimals$}", value.abs());
    let whole = text.find('.').unwrap_or(text.len());
    // A value that rounds to zero has no sign.
    let negative = value < 0.0 && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    let mut grouped = String::from(if negative { "-" } else { "" });
    for (at, digit) in text.chars().enumerate() {
        if at > 0 && at < whole && (whole - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count, such as `29,553`.
pub(super) fn count(n: u64) -> String {
    grouped(n as f64, 0)
}

/// A length of time in its largest whole unit, such as `90m`.
pub(in crate::data) fn length(ms: i64) -> String {
    Duration { ms }.to_string()
}

/// `1 file`, `2 files`.
pub(super) fn plural(n: u64, one: &str) -> String {
    format!("{} {one}{}", count(n), if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        let rows = [
            (grouped(1_234_567.891, 2), "1,234,567.89"),
            (grouped(-0.001, 2), "0.00"),
            (grouped(-1234.5, 1), "-1,234.5"),
            (grouped(f64::NAN, 1), "–"),
            (count(999), "999"),
            (count(20_143), "20,143"),
            (length(5_400_000), "90m"),
            (plural(1, "file"), "1 file"),
            (plural(0, "row"), "0 rows"),
        ];
        for (got, wanted) in rows {
            assert_eq!(got, wanted);
        }
    }
}
