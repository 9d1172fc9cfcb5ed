//! Prices far from their neighbours.
//!
//! The neighbours are the closes of the five rows before and the five after. Their two medians
//! span a band; a real crash or rally moves from one to the other, so that only a price outside
//! the band on either side stands out. It must lie beyond the band by a factor of 1.5, or of 20
//! times the usual change of the file (the median of the absolute log returns) where that is more:
//! coarse bars of a wild market change more. A side of fewer than three rows has no say.
//!
//! Lows and highs are other than opens and closes. In the crash of 2025-10-10 the order books of
//! many assets were swept and for a minute trades went through at fractions of the price. Such a
//! wick is real. So a low or high must be off by a factor of 3, and if the bar's volume is at
//! least three times the median of the rows around it, it is told as a note and blocks nothing.
//!
//! A step by a factor of 5 between neighbours that lasts is a change of unit or of asset.

use super::case::Case;
use super::log::Sights;
use super::words::{counted, iso};
use crate::data::finding::FindingKind;
use crate::data::raw::Meaning;

/// Rows on either side.
const SIDE: usize = 5;
/// Fewest of them that have a say.
const SIDE_MIN: usize = 3;
/// Factors beyond which open and close, a wick, and a lasting step stand out.
const FACTOR: f64 = 1.5;
const WICK_FACTOR: f64 = 3.0;
const STEP_FACTOR: f64 = 5.0;
/// Times the usual change.
const CHANGES: f64 = 20.0;
/// A wick with so many times the usual volume is taken for real.
const REAL_VOLUME: f64 = 3.0;

/// Names and drops prices far from their neighbours. Rows are sorted, one a time.
pub(super) fn judge(case: &mut Case<'_>) {
    if !case.has_prices() {
        return;
    }
    let reach = libm::log(FACTOR).max(CHANGES * usual_change(case));
    let wick_reach = reach.max(libm::log(WICK_FACTOR));
    let mut found = Sights::default();
    let mut wicks = Sights::default();
    let mut steps = Sights::default();
    let mut marks = vec![true; case.len()];
    for row in (0..case.len()).filter(|&row| !case.bad[row]) {
        let before = side(case, (0..row).rev());
        let after = side(case, row + 1..case.len());
        let Some(band) = Band::of(before, after) else { continue };
        let [open, high, low, close] = case.bar(row);
        let named = [("open", open, reach), ("close", close, reach)];
        let far = named.into_iter().find(|&(_, price, reach)| band.beyond(price) > reach);
        let wick = [("high", high), ("low", low)];
        let far_wick = wick.into_iter().find(|&(_, price)| band.beyond(price) > wick_reach);
        let time = case.stamps.time[row];
        let text = |name: &str, price: f64| {
            format!("{name} {price}, neighbours about {}", band.middle(price))
        };
        if let Some((name, price, _)) = far {
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
}

impl Band {
    fn of(before: Option<f64>, after: Option<f64>) -> Option<Self> {
        let (a, b) = (before.or(after)?, after.or(before)?);
        Some(Self { low: a.min(b), high: a.max(b) })
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
    let around = row.saturating_sub(SIDE)..case.len().min(row + SIDE + 1);
    let mut others: Vec<f64> = around
        .filter(|&at| at != row && !case.bad[at] && volumes[at].is_finite())
        .map(|at| volumes[at])
        .collect();
    median(&mut others).is_some_and(|usual| volumes[row] >= REAL_VOLUME * usual)
}

/// The close before a step by [`STEP_FACTOR`] that the medians on both sides keep.
fn lasting_step(case: &Case<'_>, row: usize, before: Option<f64>) -> Option<f64> {
    let closes = case.closes();
    let last = closes[row.checked_sub(1)?];
    if case.bad[row - 1] || !is_step(closes[row], last) {
        return None;
    }
    let from_here = side(case, row..case.len())?;
    is_step(from_here, before?).then_some(last)
}

fn is_step(a: f64, b: f64) -> bool {
    a >= b * STEP_FACTOR || b >= a * STEP_FACTOR
}
