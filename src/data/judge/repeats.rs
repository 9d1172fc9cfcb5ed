//! Stretches of bars that stand twice: once at their own times and once at others.
//!
//! Two bars rarely agree in all four prices and in the volume; several in a row that agree with
//! several in a row elsewhere were copied, as where a collector shifted its clock and fetched the
//! same hours again.

use super::case::Case;
use super::log::Sights;
use super::words::{counted, iso};
use crate::data::finding::{Example, FindingKind};
use crate::data::raw::{Meaning, Shape};

/// Shortest run that is told. Single bars agree by chance where prices move in few steps.
const RUN_MIN: usize = 3;

/// A run of rows, and how many rows later it stands again.
struct Run {
    from: usize,
    rows: usize,
    later: usize,
}

/// Notes runs of equal bars. Bars without volume or without movement prove nothing.
pub(super) fn judge(case: &mut Case<'_>) {
    if case.shape != Shape::Bars || case.values(Meaning::Volume).is_none() {
        return;
    }
    let runs = runs(&twins(case));
    let mut sights = Sights::default();
    let rows: usize = runs.iter().map(|run| run.rows).sum();
    for run in &runs {
        let time = |row: usize| case.stamps.time[row];
        let again = run.from + run.later;
        let text = format!(
            "{} to {} equal {} to {}",
            iso(time(again)),
            iso(time(again + run.rows - 1)),
            iso(time(run.from)),
            iso(time(run.from + run.rows - 1))
        );
        let place = case.stamps.place(again);
        sights.add(Some((time(again), time(again + run.rows - 1))), || Example {
            place: Some(place),
            time: Some(time(again)),
            text,
        });
    }
    if !runs.is_empty() {
        sights.count = rows as u64;
        let summary = format!(
            "{} equal others in a row in every price and the volume: the same hours under other times",
            counted(sights.count, "bar")
        );
        case.log.note(FindingKind::RepeatedRun, sights, summary);
    }
}

/// Pairs of equal bars, as (rows apart, first row), ascending.
fn twins(case: &Case<'_>) -> Vec<(u32, u32)> {
    let columns: Vec<&[f64]> =
        case.columns.iter().take(5).map(|column| column.values.as_slice()).collect();
    let [open, high, low, close, volume] = columns.as_slice() else { return Vec::new() };
    let print = |row: usize| {
        [open, high, low, close, volume].iter().fold(0_u64, |mixed, values| {
            (mixed ^ values[row].to_bits()).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
        })
    };
    let telling = |row: &usize| !case.bad[*row] && volume[*row] > 0.0 && high[*row] > low[*row];
    let mut prints: Vec<(u64, u32)> =
        (0..case.len()).filter(telling).map(|row| (print(row), row as u32)).collect();
    prints.sort_unstable();
    let same = |a: usize, b: usize| columns.iter().all(|values| values[a] == values[b]);
    // A bar that stands there more than twice is a usual one.
    let mut twins: Vec<(u32, u32)> = (prints.chunk_by(|a, b| a.0 == b.0))
        .filter_map(|group| match group {
            [(_, a), (_, b)] if same(*a as usize, *b as usize) => Some((b - a, *a)),
            _ => None,
        })
        .collect();
    twins.sort_unstable();
    twins
}

fn runs(twins: &[(u32, u32)]) -> Vec<Run> {
    let follows = |a: &(u32, u32), b: &(u32, u32)| a.0 == b.0 && a.1 + 1 == b.1;
    (twins.chunk_by(follows))
        .filter(|run| run.len() >= RUN_MIN)
        .map(|run| Run { from: run[0].1 as usize, rows: run.len(), later: run[0].0 as usize })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_told_from_single_twins() {
        // Rows 10..13 stand again 5 later; 40 and 41 again 7 later are too few; 90 stands alone.
        let twins = [(5, 10), (5, 11), (5, 12), (7, 40), (7, 41), (9, 90)];
        let runs = runs(&twins);
        assert_eq!(runs.len(), 1);
        assert_eq!((runs[0].from, runs[0].rows, runs[0].later), (10, 3, 5));
    }
}
