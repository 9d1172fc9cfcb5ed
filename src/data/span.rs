//! Histories cut to the span that all of them cover.

use super::judged::{Clean, Judged};
use crate::prices::history::{Bars, HistoryError, Series};
use crate::units::time::to_iso;

/// Metadata key: the span that a history was cut to.
const CUT_KEY: &str = "drypowder.cut_to";

/// Cuts all bars to their common span, series of values to it as well, and records the span in
/// the metadata. Tables stay as they are. The span, UTC ms, the end exclusive; `None` where there
/// are no bars.
///
/// # Errors
/// If the bars have no time in common.
pub fn align(series: &mut [Judged]) -> Result<Option<(i64, i64)>, HistoryError> {
    let mut span = None;
    // Bars of different lengths may lose a part of the span at their own edges; it only shrinks.
    loop {
        let all = || series.iter().filter_map(|judged| bars_of(judged));
        let covered = |bars: &Bars| {
            let first = *bars.open_time.first()?;
            Some((first, bars.open_time.last()?.saturating_add(bars.interval_ms)))
        };
        let ends: Vec<Option<(i64, i64)>> = all().map(covered).collect();
        if ends.is_empty() {
            return Ok(None);
        }
        let whole: Option<Vec<(i64, i64)>> = ends.into_iter().collect();
        let common = whole.and_then(|ends| {
            let from = ends.iter().map(|end| end.0).max()?;
            let to = ends.iter().map(|end| end.1).min()?;
            (from < to).then_some((from, to))
        });
        let (from, to) = common.ok_or_else(nothing_common)?;
        if span == Some((from, to)) {
            break;
        }
        span = Some((from, to));
        for judged in series.iter_mut() {
            if let Some(Clean::Bars(bars)) = &mut judged.clean {
                cut_bars(bars, from, to);
            }
        }
    }
    if let Some((from, to)) = span {
        for clean in series.iter_mut().filter_map(|judged| judged.clean.as_mut()) {
            match clean {
                Clean::Table(_) => continue,
                Clean::Series(values) => {
                    cut_series(values, from, to);
                    if values.time.is_empty() {
                        return Err(nothing_common());
                    }
                }
                Clean::Bars(_) => {}
            }
            let text = format!("{} to {}", to_iso(from), to_iso(to));
            clean.metadata_mut().insert(CUT_KEY.to_owned(), text);
        }
    }
    Ok(span)
}

fn nothing_common() -> HistoryError {
    let remedy = "leave --align out, or import those apart that cover another time";
    HistoryError::new("--align", "the series have no time in common", remedy)
}

fn bars_of(judged: &Judged) -> Option<&Bars> {
    match &judged.clean {
        Some(Clean::Bars(bars)) => Some(bars),
        _ => None,
    }
}

/// Keeps the bars that lie wholly inside.
fn cut_bars(bars: &mut Bars, from: i64, to: i64) {
    let length = bars.interval_ms;
    let first = bars.open_time.partition_point(|&time| time < from);
    let end = bars.open_time.partition_point(|&time| time.saturating_add(length) <= to).max(first);
    keep(&mut bars.open_time, first, end);
    for column in [&mut bars.open, &mut bars.high, &mut bars.low, &mut bars.close] {
        keep(column, first, end);
    }
    if let Some(volume) = &mut bars.volume {
        keep(volume, first, end);
    }
}

fn cut_series(series: &mut Series, from: i64, to: i64) {
    let first = series.time.partition_point(|&time| time < from);
    let end = series.time.partition_point(|&time| time < to).max(first);
    keep(&mut series.time, first, end);
    keep(&mut series.value, first, end);
}

fn keep<T>(values: &mut Vec<T>, first: usize, end: usize) {
    values.truncate(end);
    values.drain(..first);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::testing::judged_bars;

    const HOUR_MS: i64 = 3_600_000;

    #[test]
    fn everything_is_cut_to_the_common_span() {
        // Hours 1 to 29 and hours 3 to 5, the last of which ends at 6.
        let hours: Vec<i64> = (1..30).collect();
        let mut both = [judged_bars("A", HOUR_MS, &hours), judged_bars("B", HOUR_MS, &[3, 4, 5])];
        let span = align(&mut both).unwrap();
        assert_eq!(span, Some((3 * HOUR_MS, 6 * HOUR_MS)));
        for judged in &both {
            let bars = bars_of(judged).unwrap();
            assert_eq!(bars.open_time, [3 * HOUR_MS, 4 * HOUR_MS, 5 * HOUR_MS]);
            assert_eq!((bars.close.len(), bars.high.len()), (3, 3));
            let cut = &bars.metadata[CUT_KEY];
            assert_eq!(cut, "1970-01-01T03:00:00Z to 1970-01-01T06:00:00Z");
        }
    }

    #[test]
    fn bars_of_other_lengths_lose_their_edges() {
        // Hours 1..60 and the days 0, 1 and 2, of which only day 1 lies inside whole.
        let hours: Vec<i64> = (1..60).collect();
        let mut both =
            [judged_bars("A", HOUR_MS, &hours), judged_bars("B", 24 * HOUR_MS, &[0, 1, 2])];
        assert_eq!(align(&mut both).unwrap(), Some((24 * HOUR_MS, 48 * HOUR_MS)));
        assert_eq!(bars_of(&both[0]).unwrap().open_time.len(), 24);
        assert_eq!(bars_of(&both[1]).unwrap().open_time, [24 * HOUR_MS]);
    }

    #[test]
    fn nothing_in_common_is_an_error() {
        let mut both = [judged_bars("A", HOUR_MS, &[0, 1]), judged_bars("B", HOUR_MS, &[2, 3])];
        assert!(align(&mut both).unwrap_err().to_string().contains("no time in common"));
    }
}
