//! Whether the prices of a bar agree: low ≤ open, close ≤ high, exactly.
//!
//! If more than half of the rows disagree, of at least three, it is the columns that are in the
//! wrong place: an order of the four in which at least 99 % agree is looked for. High and low
//! follow from that; which of the other two is the open is told by which lies nearer the close of
//! the bar before.

use super::case::Case;
use super::cells::bad_rows;
use super::log::Sights;
use super::words::counted;
use crate::data::finding::FindingKind;
use crate::data::raw::{NO_TIME, Shape};

/// Fewest rows from which columns are judged.
const ROWS_MIN: usize = 3;

/// Judges bars of four prices.
pub(super) fn judge(case: &mut Case<'_>) {
    if case.shape != Shape::Bars {
        return;
    }
    let disagrees = |row: &usize| !case.bad[*row] && !agrees(case.bar(*row), [0, 1, 2, 3]);
    let wrong = (0..case.len()).filter(disagrees).count();
    if wrong == 0 {
        return;
    }
    let usable: Vec<usize> = (0..case.len()).filter(|&row| !case.bad[row]).collect();
    let most = wrong * 2 > usable.len() && usable.len() >= ROWS_MIN;
    if let Some(order) = most.then(|| right_order(case, &usable)).flatten() {
        swapped(case, order, wrong as u64);
        return;
    }
    let mut sights = Sights::default();
    for row in usable.into_iter().filter(|&row| !agrees(case.bar(row), [0, 1, 2, 3])) {
        let [open, high, low, close] = case.bar(row);
        let text = || format!("open {open}, high {high}, low {low}, close {close}");
        sights.row(|| case.stamps.place(row), case.stamps.time[row], text);
    }
    let summary = format!(
        "{} with high below low, or open or close outside them",
        counted(sights.count, "row")
    );
    bad_rows(case, FindingKind::InconsistentBar, sights, summary, |case, row| {
        !case.bad[row] && !agrees(case.bar(row), [0, 1, 2, 3])
    });
}

/// Whether a bar makes sense if its columns stand in `order`: open, high, low, close.
fn agrees(bar: [f64; 4], order: [usize; 4]) -> bool {
    let [open, high, low, close] = order.map(|at| bar[at]);
    low <= open && low <= close && open <= high && close <= high
}

fn right_order(case: &Case<'_>, usable: &[usize]) -> Option<[usize; 4]> {
    for high in 0..4 {
        for low in (0..4).filter(|&low| low != high) {
            let mut others = (0..4).filter(|&at| at != high && at != low);
            let (Some(one), Some(other)) = (others.next(), others.next()) else { continue };
            let order = [one, high, low, other];
            let right = usable.iter().filter(|&&row| agrees(case.bar(row), order)).count();
            if right * 100 >= usable.len() * 99 {
                let jump = |open, close| jumps(case, usable, open, close);
                let straight = jump(one, other) <= jump(other, one);
                return Some(if straight { order } else { [other, high, low, one] });
            }
        }
    }
    None
}

/// Sum of the jumps from one bar's close to the next one's open.
fn jumps(case: &Case<'_>, usable: &[usize], open: usize, close: usize) -> f64 {
    let times = &case.stamps.time;
    let mut sum = 0.0;
    for w in usable.windows(2).filter(|w| times[w[0]] != NO_TIME && times[w[1]] != NO_TIME) {
        let newer_first = times[w[1]] < times[w[0]];
        let (older, newer) = if newer_first { (w[1], w[0]) } else { (w[0], w[1]) };
        sum += (case.bar(newer)[open] - case.bar(older)[close]).abs();
    }
    sum
}

fn swapped(case: &mut Case<'_>, order: [usize; 4], wrong: u64) {
    let names = order.map(|at| case.columns[at].name.clone());
    let flag = ["open", "high", "low", "close"]
        .iter()
        .zip(&names)
        .map(|(meaning, name)| format!("{meaning}={name}"))
        .collect::<Vec<_>>()
        .join(",");
    let summary = format!(
        "{} disagree as the columns are named; as {flag} they agree",
        counted(wrong, "row")
    );
    let mut sights = Sights::of(wrong);
    let [open, high, low, close] = case.bar(0);
    let text = format!("open {open}, high {high}, low {low}, close {close}");
    sights.examples.push(crate::data::finding::Example {
        place: Some(case.stamps.place(0)),
        time: Some(case.stamps.time[0]),
        text,
    });
    case.log.fatal(FindingKind::SwappedColumns, sights, summary, &format!("--columns {flag}"));
    // For what follows the prices stand where they belong; nothing is handed over.
    let mut columns: Vec<Option<crate::data::raw::Column>> =
        case.columns.drain(..).map(Some).collect();
    let meanings: Vec<_> =
        columns.iter().take(4).filter_map(|c| c.as_ref().map(|c| c.meaning)).collect();
    for (at, meaning) in order.into_iter().zip(meanings) {
        if let Some(mut column) = columns[at].take() {
            column.meaning = meaning;
            case.columns.push(column);
        }
    }
    case.columns.extend(columns.into_iter().flatten());
}
