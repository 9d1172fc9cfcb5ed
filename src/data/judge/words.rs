//! Numbers, times and lengths of time in words.

pub(super) use crate::units::time::{DAY_MS, HOUR_MS, to_iso as iso};

pub(super) const SECOND_MS: i64 = 1_000;
pub(super) const MINUTE_MS: i64 = 60 * SECOND_MS;

/// `1 row`, `2 rows`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", plural(count))
}

/// The letter that a noun takes.
pub(super) fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// `8h`, `90s`, as flags take it: the largest unit that leaves no remainder.
pub(super) fn length(ms: i64) -> String {
    let units = [(DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "m"), (SECOND_MS, "s"), (1, "ms")];
    let (unit, letter) =
        units.into_iter().find(|(unit, _)| ms != 0 && ms % unit == 0).unwrap_or((1, "ms"));
    format!("{}{letter}", ms / unit)
}

/// `+03:00`, as `--utc-offset` takes it.
pub(super) fn offset(ms: i64) -> String {
    let minutes = ms.unsigned_abs() / MINUTE_MS.unsigned_abs();
    let sign = if ms < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_largest_whole_unit() {
        let table = [
            (0, "0ms"),
            (250, "250ms"),
            (90_000, "90s"),
            (300_000, "5m"),
            (28_800_000, "8h"),
            (86_400_000, "1d"),
            (90_000_000, "25h"),
        ];
        for (ms, text) in table {
            assert_eq!(length(ms), text);
        }
    }

    #[test]
    fn offsets_are_signed_hours_and_minutes() {
        let table = [(10_800_000, "+03:00"), (-18_000_000, "-05:00"), (-12_600_000, "-03:30")];
        for (ms, text) in table {
            assert_eq!(offset(ms), text);
        }
    }

    #[test]
    fn lists_end_in_or() {
        let words = |n: usize| ["a", "b", "c"].iter().take(n).map(|s| (*s).into()).collect();
        let table = [(0, ""), (1, "a"), (2, "a or b"), (3, "a, b or c")];
        for (n, text) in table {
            let list: Vec<String> = words(n);
            assert_eq!(either(&list), text);
        }
    }
}
