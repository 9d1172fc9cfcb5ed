//! Prices far from their neighbours.
//!
//! The neighbours are the closes of the five rows before and the five after. Their two medians
//! span a band; a real crash or rally moves from one to the other, so that only a price outside
//! the band on either side stands out. It must lie beyond the band by a factor of 1.5, or of 20
//! times the usual change of the file (the median of the absolute log returns), or of 5 times that
//! of the neighbours, where that is more: coarse bars of a wild market change more. A side of
//! fewer than three rows has no say. Where the other has it alone, at the ends of a file, the
//! market may have run away, so that the factor is 3.
//!
//! Lows and highs are other than opens and closes. In the crash of 2025-10-10 the order books of
//! many assets were swept and for a minute trades went through at fractions of the price. Such a
//! wick is real. So a low or high must be off by a factor of 3, and if the bar's volume is at
//! least 2.5 times the usual one of the quieter side, the finding is a note and blocks nothing.
//!
//! A step by a factor of 5 between neighbours that lasts is a change of unit or of asset, unless
//! more than ten bars are missing there.

use super::case::Case;
use super::log::Sights;
use super::words::{counted, iso};
use crate::data::finding::FindingKind;
use crate::data::raw::Meaning;

/// Rows on either side.
const SIDE: usize = 5;
/// Fewest of them that have a say.
const SIDE_MIN: usize = 3;
/// Factors beyond which open and close, a wick or whatever stands at an end, and a lasting step
/// stand out.
const FACTOR: f64 = 1.5;
const WIDE_FACTOR: f64 = 3.0;
const STEP_FACTOR: f64 = 5.0;
/// Bars that a lasting step may take.
const NEAR_BARS: i64 = 11;
/// Times the usual change of the file, and of the neighbours.
const CHANGES: f64 = 20.0;
const NEAR_CHANGES: f64 = 5.0;
/// A wick with so many times the usual volume is taken for real.
const REAL_VOLUME: f64 = 2.5;

/// Names and drops prices far from their neighbours. Rows are sorted, one a time.
pub(super) fn judge(case: &mut Case<'_>) {
    if !case.has_prices() {
        return;
    }
    let reach = libm::log(FACTOR).max(CHANGES * usual_change(case));
    let wide_reach = reach.max(libm::log(WIDE_FACTOR));
    let mut found = Sights::default();
    let mut wicks = Sights::default();
    let mut steps = Sights::default();
    let mut marks = vec![true; case.len()];
    for row in (0..case.len()).filter(|&row| !case.bad[row]) {
        let before = side(case, (0..row).rev());
        let after = side(case, row + 1..case.len());
        let Some(band) = Band::of(before, after) else { continue };
        let [open, high, low, close] = case.bar(row);
        let ends_reach = if band.two_sided { reach } else { wide_reach };
        let beyond = |price: f64, reach: f64| {
            let off = band.beyond(price);
            off > reach && off > NEAR_CHANGES * near_change(case, row)
        };
        let ends = [("open", open), ("close", close)];
        let far = ends.into_iter().find(|&(_, price)| beyond(price, ends_reach));
        let wick = [("high", high), ("low", low)];
        let far_wick = wick.into_iter().find(|&(_, price)| beyond(price, wide_reach));
        let time = case.stamps.time[row];
        let text = |name: &str, price: f64| {
            format!("{name} {price}, neighbours about {}", band.middle(price))
        };
        if let Some((name, price)) = far {
            marks[row] = false;
            found.row(|| case.stamps.place(row), time, || text(name, price));
        } else if let Some((name, price)) = far_wick {
            let sights = if traded_much(case, row) {
                &mut wicks
            } else {
                marks[row] = false;
                &mut found
            };
            sights.row(|| case.stamps.place(row), time, || text(name, price));
        } else if let Some(last) = lasting_step(case, row, before) {
            steps.row(
                || case.stamps.place(row),
                time,
                || format!("close {close} after {last} at {}", iso(case.stamps.time[row - 1])),
            );
        }
    }
    tell(case, found, wicks, steps, &marks);
}

fn tell(case: &mut Case<'_>, found: Sights, wicks: Sights, steps: Sights, marks: &[bool]) {
    let kind = FindingKind::Outlier;
    if found.count > 0 {
        let summary =
            format!("{} with a price far from its neighbours", counted(found.count, "row"));
        if case.repair.drop_outliers {
            case.repairs.outliers_dropped += found.count;
            case.log.mended(kind, found, format!("{summary}: dropped"));
            case.keep(marks);
        } else {
            case.log.fault(kind, found, summary, "--drop-outliers");
        }
    }
    if wicks.count > 0 {
        let summary = format!(
            "{} with a low or high far from its neighbours, and the volume of a real crash",
            counted(wicks.count, "row")
        );
        case.log.note(kind, wicks, summary);
    }
    if steps.count > 0 {
        let summary = format!(
            "{} by a factor of five or more that lasts, as if the unit changed",
            counted(steps.count, "step")
        );
        case.log.fault(kind, steps, summary, "--from or --to for a span of one unit");
    }
}

/// Median of the absolute log returns of neighbours, 0 where there are none.
fn usual_change(case: &Case<'_>) -> f64 {
    let closes = case.closes();
    let usable = |at: usize| !case.bad[at] && !case.bad[at + 1];
    let mut changes: Vec<f64> = (0..closes.len().saturating_sub(1))
        .filter(|&at| usable(at))
        .map(|at| libm::log(closes[at + 1] / closes[at]).abs())
        .collect();
    median(&mut changes).unwrap_or(0.0)
}

/// Median of the absolute log returns on either side, the row itself left out.
fn near_change(case: &Case<'_>, row: usize) -> f64 {
    let closes = case.closes();
    let before = row.saturating_sub(SIDE)..row;
    let after = row + 1..closes.len().min(row + SIDE + 1);
    let steps = |rows: std::ops::Range<usize>| (rows.start + 1..rows.end).map(|at| (at - 1, at));
    let mut changes: Vec<f64> = steps(before)
        .chain(steps(after))
        .filter(|&(a, b)| !case.bad[a] && !case.bad[b])
        .map(|(a, b)| libm::log(closes[b] / closes[a]).abs())
        .collect();
    median(&mut changes).unwrap_or(0.0)
}

/// The median, of an even number the upper of the middle two.
fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let middle = values.len() / 2;
    Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
}

/// The median close of the nearest rows that `rows` goes through.
fn side(case: &Case<'_>, rows: impl Iterator<Item = usize>) -> Option<f64> {
    let closes = case.closes();
    let mut near = [0.0; SIDE];
    let mut n_near = 0;
    // Bad rows give no close; beyond as many of them as rows nobody is a neighbour.
    for row in rows.take(2 * SIDE).filter(|&row| !case.bad[row]).take(SIDE) {
        near[n_near] = closes[row];
        n_near += 1;
    }
    if n_near < SIDE_MIN { None } else { median(&mut near[..n_near]) }
}

/// Between the medians of both sides.
#[derive(Debug, Clone, Copy)]
struct Band {
    low: f64,
    high: f64,
    two_sided: bool,
}

impl Band {
    fn of(before: Option<f64>, after: Option<f64>) -> Option<Self> {
        let two_sided = before.is_some() && after.is_some();
        let (a, b) = (before.or(after)?, after.or(before)?);
        Some(Self { low: a.min(b), high: a.max(b), two_sided })
    }

    /// How far a price lies outside, as a logarithm of the factor.
    fn beyond(self, price: f64) -> f64 {
        if price > self.high {
            libm::log(price / self.high)
        } else if price < self.low {
            libm::log(self.low / price)
        } else {
            0.0
        }
    }

    /// The side that a price lies on.
    fn middle(self, price: f64) -> f64 {
        if price > self.high { self.high } else { self.low }
    }
}

fn traded_much(case: &Case<'_>, row: usize) -> bool {
    let Some(volumes) = case.values(Meaning::Volume) else { return false };
    let usual = |rows: std::ops::Range<usize>| {
        let usable = rows.filter(|&at| !case.bad[at] && volumes[at].is_finite());
        let mut near: Vec<f64> = usable.map(|at| volumes[at]).collect();
        median(&mut near)
    };
    let before = usual(row.saturating_sub(SIDE)..row);
    let after = usual(row + 1..case.len().min(row + SIDE + 1));
    let quieter = before.into_iter().chain(after).reduce(f64::min);
    quieter.is_some_and(|usual| volumes[row] >= REAL_VOLUME * usual)
}

/// The close before a step by [`STEP_FACTOR`] that the medians on both sides keep.
fn lasting_step(case: &Case<'_>, row: usize, before: Option<f64>) -> Option<f64> {
    let closes = case.closes();
    let last = closes[row.checked_sub(1)?];
    let apart = case.stamps.time[row] - case.stamps.time[row - 1];
    let near = case.interval_ms.is_none_or(|interval| apart / interval <= NEAR_BARS);
    if case.bad[row - 1] || !near || !is_step(closes[row], last) {
        return None;
    }
    let from_here = side(case, row..case.len())?;
    is_step(from_here, before?).then_some(last)
}

fn is_step(a: f64, b: f64) -> bool {
    a >= b * STEP_FACTOR || b >= a * STEP_FACTOR
}
