//! Tick positions and labels of number axes.

/// A mark on an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// In axis units.
    pub at: f64,
    pub label: String,
    /// A second line under the label, such as the year; empty if none.
    pub context: String,
}

/// Ticks at multiples of a nice step inside [lo, hi], about `count` of them at most but
/// two where possible.
pub(super) fn number_ticks(lo: f64, hi: f64, count: usize) -> Vec<Tick> {
    let coarse = nice_step((hi - lo) / count.max(1) as f64);
    let within = |step: f64| (hi / step + 1e-9).floor() - (lo / step - 1e-9).ceil();
    let step = if within(coarse) < 1.0 { nice_step(0.45 * coarse) } else { coarse };
    let (first, last) = ((lo / step - 1e-9).ceil(), (hi / step + 1e-9).floor());
    if !(first.is_finite() && last.is_finite()) || last - first > 1000.0 {
        return Vec::new();
    }
    let millions = (1e7..1e12).contains(&lo.abs().max(hi.abs())) && step >= 1e4;
    let label = |at: f64| match millions {
        true if at != 0.0 => format!("{} M", number(at / 1e6, step / 1e6)),
        _ => number(at, step),
    };
    (0..=(last - first).max(0.0) as usize)
        .map(|i| (first + i as f64) * step)
        .map(|at| Tick { at, label: label(at), context: String::new() })
        .collect()
}

/// The least 1, 2 or 5 · 10^k, or 25, 250 and so on, that is not below `least`.
pub(super) fn nice_step(least: f64) -> f64 {
    if !(least.is_finite() && least > 0.0) {
        return 1.0;
    }
    let power = libm::pow(10.0, libm::floor(libm::log10(least)));
    let enough = |f: &f64| f * power >= least * (1.0 - 1e-9) && (*f != 2.5 || power > 5.0);
    let factor = [1.0, 2.0, 2.5, 5.0].into_iter().find(enough);
    factor.unwrap_or(10.0) * power
}

/// A value as a person writes it, to the precision of `step`: "3,000", "−0.25".
pub(super) fn number(value: f64, step: f64) -> String {
    if !value.is_finite() {
        return "–".to_string();
    }
    let magnitude = value.abs();
    if magnitude >= 1e15 || (value != 0.0 && step < 1e-9) {
        return format!("{value:.2e}").replace('-', "−");
    }
    grouped(value, step)
}

fn grouped(value: f64, step: f64) -> String {
    let decimals = (0..=9).find(|&d| {
        let scaled = step * libm::pow(10.0, f64::from(d));
        (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1e-3)
    });
    let text = format!("{:.*}", decimals.unwrap_or(9) as usize, value.abs());
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(w, r)| (w, r));
    let mut out = String::new();
    if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('−');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
    out
}

/// A share in [0, 1] as a percentage with three figures at most: "63.2 %", "0.04 %".
pub(super) fn percent(share: f64) -> String {
    let value = share * 100.0;
    let step = match value.abs() {
        v if v >= 99.95 || v == 0.0 => 1.0,
        v if v >= 1.0 => 0.1,
        _ => 0.01,
    };
    format!("{} %", number(value, step))
}

/// An amount as it stands in a text: whole from a hundred on, else to two decimals or three figures.
pub(super) fn amount(value: f64) -> String {
    let magnitude = value.abs();
    let step = match magnitude {
        m if m >= 100.0 || m.fract() == 0.0 => 1.0,
        m if m >= 1.0 => 0.01,
        m => libm::pow(10.0, libm::floor(libm::log10(m)) - 2.0),
    };
    number(value, step)
}

/// The same without trailing zeros.
pub(super) fn short(value: f64) -> String {
    let text = amount(value);
    match text.contains('.') && !text.contains('e') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_a_person_writes_them() {
        for (value, step, text) in [
            (3000.0, 500.0, "3,000"),
            (-0.25, 0.25, "−0.25"),
            (12_500_000.0, 500_000.0, "12,500,000"),
            (-0.0001, 0.1, "0.0"),
            (1e20, 1e19, "1.00e20"),
            (f64::NAN, 1.0, "–"),
        ] {
            assert_eq!(number(value, step), text);
        }
        assert_eq!((amount(3021.4), amount(0.041_23)), ("3,021".into(), "0.0412".into()));
        assert_eq!(
            (short(12.4), short(-0.031), short(1e20)),
            ("12.4".into(), "−0.031".into(), "1.00e20".into())
        );
        assert_eq!(
            (percent(1.0), percent(0.632), percent(0.0004)),
            ("100 %".into(), "63.2 %".into(), "0.04 %".into())
        );
    }

    #[test]
    fn ticks_cover_the_range_with_round_steps() {
        let at = |lo, hi, n| number_ticks(lo, hi, n).iter().map(|t| t.at).collect::<Vec<_>>();
        assert_eq!(at(0.0, 4.0, 5), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(at(-30.0, 130.0, 4), [0.0, 50.0, 100.0]);
        assert_eq!(number_ticks(7e6, 1.3e7, 3)[0].label, "8 M");
        assert!(at(5.0, 5.0, 4).len() <= 1 && at(f64::NEG_INFINITY, 1.0, 4).is_empty());
    }
}
