//! Missing rows, and flat bars to put in their place.
//!
//! Bars: every time of the grid between the first and the last. A plain series: neighbours that
//! stand apart by more than 1.5 times what is usual there, the larger of the medians of the ten
//! differences before and after, so that a change of the interval is no gap.

use super::case::Case;
use super::grid::Spacing;
use super::log::Sights;
use super::words::{HOUR_MS, counted, iso, length};
use super::zone::Local;
use crate::data::finding::{Example, FindingKind};

/// Most rows of a history, as its loader takes them.
const ROWS_MAX: u64 = 1 << 25;
/// Differences on either side that show what is usual.
const SIDE: usize = 10;

/// Flat bars to put before a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fill {
    pub row: u32,
    pub n_bars: u32,
}

/// What is missing, all or in part.
#[derive(Debug, Default)]
struct Missing {
    sights: Sights,
    bars: u64,
    longest: (i64, i64),
}

impl Missing {
    fn add(&mut self, case: &Case<'_>, row: usize, n_missing: i64, interval: i64) {
        let (before, after) = (case.stamps.time[row - 1], case.stamps.time[row]);
        self.bars += n_missing.unsigned_abs();
        if n_missing > self.longest.0 {
            self.longest = (n_missing, before + interval);
        }
        self.sights.add(Some((before + interval, after)), || Example {
            place: Some(case.stamps.place(row)),
            time: Some(before + interval),
            text: format!(
                "{} missing after {}",
                counted(n_missing.unsigned_abs(), noun(case)),
                iso(before)
            ),
        });
    }

    fn summary(&self, noun: &str) -> String {
        let (longest, from) = self.longest;
        format!(
            "{}, {} missing, the longest {} from {}",
            counted(self.sights.count, "gap"),
            counted(self.bars, noun),
            counted(longest.unsigned_abs(), noun),
            iso(from)
        )
    }
}

fn noun(case: &Case<'_>) -> &'static str {
    if case.has_prices() { "bar" } else { "row" }
}

/// Names the gaps of bars. Returns the flat bars to fill in, as told.
pub(super) fn bars(case: &mut Case<'_>, interval: i64) -> Vec<Fill> {
    let most_ms = case.repair.fill_gaps_up_to_ms.unwrap_or(0);
    let mut filled = Missing::default();
    let mut left = Missing::default();
    let mut fills = Vec::new();
    for row in 1..case.len() {
        let apart = case.stamps.time[row] - case.stamps.time[row - 1];
        if apart <= interval {
            continue;
        }
        // To the nearest, half an interval down: a bar in the middle is off the grid, no gap.
        let n_missing = (apart + (interval - 1) / 2) / interval - 1;
        if n_missing == 0 || excused(case, row, n_missing) {
            continue;
        }
        let fits = n_missing.saturating_mul(interval) <= most_ms;
        match u32::try_from(n_missing).ok().filter(|_| fits) {
            Some(n_bars) => {
                fills.push(Fill { row: row as u32, n_bars });
                filled.add(case, row, n_missing, interval);
            }
            None => left.add(case, row, n_missing, interval),
        }
    }
    tell(case, filled, left, interval, &mut fills);
    fills
}

fn tell(case: &mut Case<'_>, filled: Missing, left: Missing, interval: i64, fills: &mut Vec<Fill>) {
    let noun = noun(case);
    let n_after = (case.len() as u64).saturating_add(filled.bars);
    if n_after > ROWS_MAX {
        fills.clear();
        let summary = format!(
            "{}; filling them would make {n_after} bars, above {ROWS_MAX}",
            filled.summary(noun)
        );
        let remedy = "--interval, or --fill-gaps=MAX, or --from and --to";
        case.log.fatal(FindingKind::Gap, filled.sights, summary, remedy);
    } else if filled.bars > 0 {
        case.repairs.gaps_filled += filled.sights.count;
        case.repairs.bars_filled += filled.bars;
        let summary = format!("{}: filled with flat bars", filled.summary(noun));
        case.log.mended(FindingKind::Gap, filled.sights, summary);
    }
    if left.bars > 0 {
        let longest = left.longest.0.saturating_mul(interval);
        let more = if interval == HOUR_MS {
            String::new()
        } else {
            let missing_ms = left.bars as f64 * interval as f64;
            format!(", {} in all", in_hours(missing_ms))
        };
        let mut summary = format!("{}{more}", left.summary(noun));
        let mut remedy = String::new();
        match (case.has_prices(), case.repair.fill_gaps_up_to_ms) {
            (true, most) => {
                remedy = format!("--fill-gaps, --fill-gaps={} for the longest", length(longest));
                let more = most.map(|most| format!("; {} may be filled", length(most)));
                summary += &more.unwrap_or_default();
            }
            (false, Some(_)) => summary += "; rows of a plain series are not made up",
            (false, None) => {}
        }
        case.log.fault(FindingKind::Gap, left.sights, summary, &remedy);
    }
}

fn in_hours(ms: f64) -> String {
    let hours = ms / HOUR_MS as f64;
    match hours {
        10.0.. => format!("{hours:.0} hours"),
        1.0.. => format!("{hours:.1} hours"),
        _ => format!("{:.1} minutes", hours * 60.0),
    }
}

/// Rows of unreadable time stand there, or a clock that was put forward.
fn excused(case: &Case<'_>, row: usize, n_missing: i64) -> bool {
    let (before, after) = (case.stamps.time[row - 1], case.stamps.time[row]);
    let at = case.excuses.partition_point(|excuse| (excuse.before, excuse.after) < (before, after));
    let rows =
        case.excuses.get(at).filter(|excuse| (excuse.before, excuse.after) == (before, after));
    let put_forward = match &case.local {
        Some(Local::Summer { skipped, .. }) => skipped.iter().any(|&s| before < s && s < after),
        _ => false,
    };
    put_forward || rows.is_some_and(|excuse| excuse.rows >= n_missing)
}

/// Names the gaps of a plain series, and changes of its interval.
pub(super) fn series(case: &mut Case<'_>, spacing: &Spacing) {
    let Spacing::Regular(usual) = spacing else {
        if case.len() > 2 {
            let summary = "the times follow no regular grid: gaps are not judged".to_owned();
            case.log.note(FindingKind::Remark, Sights::default(), summary);
        }
        return;
    };
    if usual.len() > 1 {
        let steps: Vec<String> = usual.iter().map(|&step| length(step)).collect();
        let summary = format!("the interval changes: steps of {}", steps.join(", "));
        case.log.note(FindingKind::Remark, Sights::of(usual.len() as u64), summary);
    }
    let mut left = Missing::default();
    for row in 1..case.len() {
        let apart = case.stamps.time[row] - case.stamps.time[row - 1];
        if apart * 2 <= usual[0] * 3 {
            continue;
        }
        let step = prevailing(&case.stamps.time, row);
        if apart * 2 > step * 3 && step > 0 {
            let n_missing = (apart + step / 2) / step - 1;
            if !excused(case, row, n_missing) {
                left.add(case, row, n_missing, step);
            }
        }
    }
    let step = usual[0];
    tell(case, Missing::default(), left, step, &mut Vec::new());
}

/// What is usual around the step to `row`.
fn prevailing(times: &[i64], row: usize) -> i64 {
    let step = |at: usize| times[at] - times[at - 1];
    let before = (1..row).rev().take(SIDE).map(step).collect();
    let after = (row + 1..times.len()).take(SIDE).map(step).collect();
    let middle = |mut steps: Vec<i64>| {
        steps.sort_unstable();
        steps.get(steps.len() / 2).copied().unwrap_or(0)
    };
    middle(before).max(middle(after))
}

/// Puts the flat bars in, one column at a time: prices are the close before, volume is 0.
pub(super) fn fill(case: &mut Case<'_>, interval: i64, fills: &[Fill]) {
    if fills.is_empty() {
        return;
    }
    case.stamps.time = filled(&case.stamps.time, fills, |times, fill, nth| {
        times[fill.row as usize - 1] + interval * i64::from(nth)
    });
    let close_at = case.n_prices() - 1;
    // The closes last: the other prices are filled from them.
    for at in (0..case.columns.len()).filter(|&at| at != close_at).chain([close_at]) {
        let column = &case.columns[at].values;
        let values = if at <= close_at {
            let closes = &case.columns[close_at].values;
            filled(column, fills, |_, fill, _| closes[fill.row as usize - 1])
        } else {
            filled(column, fills, |_, _, _| 0.0)
        };
        case.columns[at].values = values;
    }
}

/// The values with those that `flat` gives put before the rows to fill; `nth` counts from 1.
fn filled<T: Copy>(values: &[T], fills: &[Fill], flat: impl Fn(&[T], Fill, u32) -> T) -> Vec<T> {
    let n_more: usize = fills.iter().map(|fill| fill.n_bars as usize).sum();
    let mut all = Vec::with_capacity(values.len() + n_more);
    let mut from = 0;
    for &fill in fills {
        all.extend_from_slice(&values[from..fill.row as usize]);
        all.extend((1..=fill.n_bars).map(|nth| flat(values, fill, nth)));
        from = fill.row as usize;
    }
    all.extend_from_slice(&values[from..]);
    all
}
