//! Tick positions and labels of time axes (UTC).

use super::ticks::Tick;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// 5 January 1970, the first Monday.
const MONDAY: i64 = 4 * DAY;
const FIXED: [i64; 19] = [
    SECOND,
    5 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
];
const MONTHS: [i64; 10] = [1, 2, 3, 6, 12, 24, 60, 120, 240, 1200];
const NAMES: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Ticks of [lo, hi] (milliseconds since the epoch), `count` of them at most: times of day with
/// their date below, days or months with their year below, or years. The context is given at the
/// first tick and where it changes.
pub(super) fn time_ticks(lo: i64, hi: i64, count: usize) -> Vec<Tick> {
    let span = hi.saturating_sub(lo);
    let count = count.max(1) as i64;
    let mut ticks = match FIXED.iter().find(|&&step| span / step <= count) {
        Some(&step) => fixed_ticks(lo, hi, step),
        None => month_ticks(lo, hi, count),
    };
    let mut last = String::new();
    for tick in &mut ticks {
        if tick.context == last {
            tick.context.clear();
        } else {
            last.clone_from(&tick.context);
        }
    }
    ticks
}

fn fixed_ticks(lo: i64, hi: i64, step: i64) -> Vec<Tick> {
    let origin = if step >= 7 * DAY { MONDAY } else { 0 };
    let first = (lo - origin).div_euclid(step) + i64::from((lo - origin).rem_euclid(step) != 0);
    let instants = (first..).map(|i| origin + i * step).take_while(|&ms| ms <= hi);
    let label = |ms| civil(ms).map(|t| labelled(ms, t, step));
    instants.filter_map(label).collect()
}

fn labelled(ms: i64, t: DateTime, step: i64) -> Tick {
    let month = NAMES[t.month() as usize - 1];
    let (label, context) = if step < MINUTE {
        let label = format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second());
        (label, format!("{} {month} {}", t.day(), t.year()))
    } else if step < DAY {
        let label = format!("{:02}:{:02}", t.hour(), t.minute());
        (label, format!("{} {month} {}", t.day(), t.year()))
    } else {
        (format!("{} {month}", t.day()), t.year().to_string())
    };
    Tick { at: ms as f64, label, context }
}

fn month_ticks(lo: i64, hi: i64, count: i64) -> Vec<Tick> {
    let month_of = |ms| civil(ms).map(|t| i64::from(t.year()) * 12 + i64::from(t.month()) - 1);
    let (Some(from), Some(to)) = (month_of(lo), month_of(hi)) else { return Vec::new() };
    let step = MONTHS.into_iter().find(|step| (to - from) / step <= count).unwrap_or(12_000);
    let months = (from.div_euclid(step)..=to.div_euclid(step)).map(|i| i * step);
    let tick = |month: i64| {
        let (year, index) = (month.div_euclid(12), month.rem_euclid(12));
        let start = DateTime::new(year.try_into().ok()?, index as i8 + 1, 1, 0, 0, 0, 0).ok()?;
        let ms = start.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond();
        let (label, context) = if step < 12 {
            (NAMES[index as usize].to_string(), year.to_string())
        } else {
            (year.to_string(), String::new())
        };
        (lo <= ms && ms <= hi).then_some(Tick { at: ms as f64, label, context })
    };
    months.filter_map(tick).collect()
}

fn civil(ms: i64) -> Option<DateTime> {
    Some(Timestamp::from_millisecond(ms).ok()?.to_zoned(TimeZone::UTC).datetime())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_fit_the_span() {
        let noon = 1_542_196_800_000; // 14 November 2018, 12:00
        for (span, first, context) in [
            (20 * SECOND, "12:00:00", "14 Nov 2018"),
            (6 * HOUR, "12:00", "14 Nov 2018"),
            (5 * DAY, "15 Nov", "2018"),
            (300 * DAY, "Jan", "2019"),
            (4000 * DAY, "2020", ""),
        ] {
            let ticks = time_ticks(noon, noon + span, 8);
            assert_eq!((ticks[0].label.as_str(), ticks[0].context.as_str()), (first, context));
            assert!((3..=9).contains(&ticks.len()), "{span}: {ticks:?}");
        }
    }

    #[test]
    fn impossible_spans_have_no_ticks() {
        assert!(time_ticks(i64::MIN, i64::MAX, 8).is_empty());
    }
}
