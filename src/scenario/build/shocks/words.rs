//! Shocks in words.

use crate::fields::{Duration, Fraction};

/// Values by name; once where all are the same.
pub(super) fn each<T: Copy + PartialEq>(
    names: &[&str],
    values: &[T],
    show: fn(T) -> String,
) -> String {
    match values {
        [first, rest @ ..] if rest.iter().all(|value| value == first) => show(*first),
        _ => {
            let one = |(name, value): (&&str, &T)| format!("{name} {}", show(*value));
            let all: Vec<String> = names.iter().zip(values).map(one).collect();
            all.join(", ")
        }
    }
}

/// How long it takes.
pub(super) fn over(ms: i64) -> String {
    if ms == 0 { " at once".to_owned() } else { format!(" over {}", Duration { ms }) }
}

pub(super) fn percent(fraction: f64) -> String {
    let rounded = format!("{:.2}", fraction * 100.0);
    format!("{} %", rounded.trim_end_matches('0').trim_end_matches('.'))
}

/// A part that is lost, with its sign.
pub(super) fn fall(size: Fraction) -> String {
    if size.0 == 0.0 {
        "0 %".to_owned()
    } else if size.0 > 0.0 {
        format!("−{}", percent(size.0))
    } else {
        format!("+{}", percent(-size.0))
    }
}

pub(super) fn times(factor: f64) -> String {
    format!("× {factor}")
}

pub(super) fn divided(factor: f64) -> String {
    format!("÷ {factor}")
}

pub(super) fn added(rate: Fraction) -> String {
    if rate.0 == 0.0 {
        return "0 %".to_owned();
    }
    let sign = if rate.0 < 0.0 { '−' } else { '+' };
    let rounded = format!("{:.4}", rate.0.abs() * 100.0);
    format!("{sign}{} %", rounded.trim_end_matches('0').trim_end_matches('.'))
}
