//! Numbers as text: exact for files, short for people.

use std::io::{self, Write};

/// Writes the shortest text that reads back as the same number; nothing for NaN.
pub(super) fn write_number(out: &mut impl Write, value: f64) -> io::Result<()> {
    if value.is_nan() {
        Ok(())
    } else if value.fract() == 0.0 && value.abs() < 1e15 {
        write!(out, "{}", value as i64)
    } else if value.is_finite() {
        // Half the time of the standard library's formatter, the same digits.
        serde_json::to_writer(out, &value).map_err(io::Error::from)
    } else {
        write!(out, "{value}")
    }
}

/// The same as a string.
pub(super) fn exact(value: f64) -> String {
    let mut text = Vec::new();
    write_number(&mut text, value).expect("writing to memory does not fail");
    String::from_utf8(text).expect("a number is ASCII")
}

/// The same, empty where there is none.
pub(super) fn exact_or_empty(value: Option<f64>) -> String {
    value.map_or_else(String::new, exact)
}

/// `-1,234.50`: with thousands separators and so many decimals.
pub(super) fn grouped(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "–".to_owned() } else { value.to_string() };
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::with_capacity(text.len() + 4);
    // A value that rounds to zero has no sign.
    if value < 0.0 && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        grouped.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

/// A confidence as it stands in the name of a figure: 0.95 is `95`, 0.999 is `99_9`.
pub(super) fn level(confidence: f64) -> String {
    crate::scenario::confidence_name(confidence)
}

/// A p-value to four digits.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.0001 { "< 0.0001".to_owned() } else { format!("{p:.4}") }
}

/// Money with two decimals.
pub(super) fn money(usdc: f64) -> String {
    grouped(usdc, 2)
}

/// An amount of an asset other than USDC: to its last digit, without trailing zeros.
pub(super) fn quantity(units: f64) -> String {
    let text = grouped(units, 8);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// A change of money with its sign.
pub(super) fn signed_money(usdc: f64) -> String {
    let text = money(usdc);
    if text.starts_with('-') || usdc.is_nan() { text } else { format!("+{text}") }
}

/// A fraction in percent, with the decimals that a small one needs.
pub(super) fn percent(fraction: f64) -> String {
    let size = (fraction * 100.0).abs();
    let decimals = if size == 0.0 || size >= 1.0 {
        1
    } else if size >= 0.1 {
        2
    } else {
        3
    };
    format!("{} %", grouped(fraction * 100.0, decimals))
}

/// A count that may be a mean.
pub(super) fn count(value: f64) -> String {
    let decimals = if value.fract() == 0.0 {
        0
    } else if value.abs() >= 10.0 {
        1
    } else {
        3
    };
    grouped(value, decimals)
}

/// A price with about six significant digits.
pub(super) fn price(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 1_000.0 => 2,
        size if size >= 1.0 => 4,
        _ => 8,
    };
    grouped(value, decimals)
}

/// A health factor.
pub(super) fn health(value: f64) -> String {
    if value == f64::INFINITY { "infinite".to_owned() } else { grouped(value, 3) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back() {
        for value in [0.1, 1e-7, 88_500.0, -2_840.123_456_789_012, 1.0 / 3.0, f64::MAX] {
            assert_eq!(exact(value).parse::<f64>().map(f64::to_bits), Ok(value.to_bits()));
        }
        assert_eq!(exact(-0.0), "0");
        assert_eq!(exact(88_500.0), "88500");
        assert_eq!(exact(f64::NAN), "");
        assert_eq!(exact(f64::INFINITY), "inf");
    }

    #[test]
    fn numbers_for_people() {
        let rows = [
            (money(1_234_567.891), "1,234,567.89"),
            (money(-0.001), "0.00"),
            (money(-999.5), "-999.50"),
            (signed_money(12.0), "+12.00"),
            (quantity(0.8), "0.8"),
            (quantity(1_200.0), "1,200"),
            (quantity(0.000_000_01), "0.00000001"),
            (quantity(f64::NAN), "–"),
            (signed_money(-12.0), "-12.00"),
            (percent(0.341), "34.1 %"),
            (percent(0.000_37), "0.037 %"),
            (percent(0.0), "0.0 %"),
            (count(3.0), "3"),
            (count(0.25), "0.250"),
            (price(88_500.0), "88,500.00"),
            (price(182.0), "182.0000"),
            (health(f64::INFINITY), "infinite"),
            (money(f64::NAN), "–"),
        ];
        for (got, wanted) in rows {
            assert_eq!(got, wanted);
        }
    }
}
