//! Whether the newest bar was closed when it was collected.
//!
//! A file that was fetched while a bar was open ends in a bar cut short. Its volume, or its number
//! of trades, is below a fifth of the median of the 24 bars before it and below half of the least
//! of them: the quiet hour after a wild day is no less than other quiet hours. Fewer than five
//! bars, or one without volume among them, show nothing: there the market is too thin. Sizes that
//! quotes name are no volume. A bar that is cut late in its time is not found by this, so a note
//! says that nothing proves the newest one.

use super::case::Case;
use super::log::Sights;
use super::words::{DAY_MS, counted, iso};
use crate::data::finding::FindingKind;
use crate::data::raw::{Meaning, Role};

/// Bars that the newest is compared with, and the fewest of them.
const BEFORE: usize = 24;
const BEFORE_MIN: usize = 5;
/// Shares of the median and of the least below which the newest bar is cut short.
const SHARE: f64 = 0.2;
const SHARE_OF_LEAST: f64 = 0.5;

/// Judges the newest bar and the newest day; drops the newest bar if told. Rows are sorted.
pub(super) fn judge(case: &mut Case<'_>) {
    let Some(at) = case.len().checked_sub(1) else { return };
    if !case.has_prices() {
        return;
    }
    let time = case.stamps.time[at];
    let short = short_of(case, at).filter(|_| !case.later);
    let mut sights = Sights::default();
    let text = short.clone().unwrap_or_else(|| format!("newest bar at {}", iso(time)));
    sights.row(|| case.stamps.place(at), time, || text);
    let kind = match short {
        Some(_) => FindingKind::PartialLastBar,
        None => FindingKind::LastBarUnproven,
    };
    if case.repair.drop_last {
        let mut marks = vec![true; case.len()];
        marks[at] = false;
        case.keep(&marks);
        case.repairs.last_bars_dropped += 1;
        case.log.mended(kind, sights, format!("the newest bar, of {}, was dropped", iso(time)));
    } else if let Some(short) = short {
        let summary = format!("the newest bar looks cut short: {short}");
        case.log.fault(kind, sights, summary, "--drop-last");
    } else if !case.later {
        let summary = "nothing in the file shows that the newest bar was closed when it was \
                       collected";
        case.log.note(kind, sights, summary.to_owned());
    }
    day(case);
}

/// In words how the bar falls short, by volume or else by trades.
fn short_of(case: &Case<'_>, at: usize) -> Option<String> {
    if case.label.role != Role::Last {
        return None;
    }
    [(Meaning::Volume, "volume"), (Meaning::Trades, "trades")].into_iter().find_map(
        |(meaning, name)| {
            let values = case.values(meaning)?;
            let before = &values[at.saturating_sub(BEFORE)..at];
            if before.len() < BEFORE_MIN || !before.iter().all(|value| *value > 0.0) {
                return None;
            }
            let mut sorted = before.to_vec();
            sorted.sort_unstable_by(f64::total_cmp);
            let usual = sorted[sorted.len() / 2];
            let value = values[at];
            let short = value < SHARE * usual && value < SHARE_OF_LEAST * sorted[0];
            short.then(|| {
                format!(
                    "{name} {value}, about {usual} in the {} before",
                    counted(before.len() as u64, "bar")
                )
            })
        },
    )
}

/// Notes that the newest day has fewer bars than the day before.
fn day(case: &mut Case<'_>) {
    let times = &case.stamps.time;
    let Some(&last) = times.last() else { return };
    if case.interval_ms.is_none_or(|interval| interval >= DAY_MS) || case.later {
        return;
    }
    let midnight = last - last.rem_euclid(DAY_MS);
    let since = |from: i64| times.len() - times.partition_point(|&time| time < from);
    let newest = since(midnight);
    let before = since(midnight - DAY_MS) - newest;
    if newest < before {
        let summary = format!(
            "the newest day, {}, has {} of the {before} of the day before",
            iso(midnight).split('T').next().unwrap_or_default(),
            counted(newest as u64, "bar")
        );
        case.log.note(FindingKind::LastDayShort, Sights::of(1), summary);
    }
}
