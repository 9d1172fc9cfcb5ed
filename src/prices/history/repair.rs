//! Order in time: disorder, duplicates and gaps, refused or repaired as the caller says.

use std::collections::BTreeMap;

use super::bars::Repairs;
use super::error::{Faults, HistoryError};
use super::options::{DisorderRule, DuplicateRule, GapRule, LoadOptions};
use super::table::{NO_TIME, ROWS_MAX, Table};
use super::times::iso;

/// Longest bar a caller or a file may state: 366 days. Keeps sums of times from overflowing.
const INTERVAL_MAX_MS: i64 = 366 * 86_400_000;

/// Rows of the table in order of time, one a time. Where something is refused the fault is
/// reported and the order is given all the same, so that later checks can run.
pub(super) fn order(
    table: &Table,
    options: &LoadOptions,
    repairs: &mut Repairs,
    faults: &mut Faults,
) -> Vec<usize> {
    let time = &table.time;
    let mut rows: Vec<usize> = (0..time.len()).filter(|&row| time[row] != NO_TIME).collect();
    let n_back = rows.windows(2).filter(|w| time[w[1]] < time[w[0]]).count();
    if n_back > 0 {
        match options.disorder {
            DisorderRule::Refuse => report_disorder(table, &rows, n_back, faults),
            DisorderRule::Sort => repairs.rows_sorted += n_back as u64,
        }
        rows.sort_by_key(|&row| time[row]);
    }
    drop_duplicates(table, rows, options.duplicates, repairs, faults)
}

fn report_disorder(table: &Table, rows: &[usize], n_back: usize, faults: &mut Faults) {
    let remedy = "sort the file by time, or allow sorting";
    let n_steps = rows.len() - 1;
    if n_back > n_steps / 2 && n_steps > 1 {
        let problem = format!("the file runs newest first ({n_back} of {n_steps} steps go back)");
        faults.push(problem, remedy);
        return;
    }
    for w in rows.windows(2).filter(|w| table.time[w[1]] < table.time[w[0]]) {
        let problem = format!("earlier than row {} before it", table.row[w[0]]);
        let at = iso(table.time[w[1]]);
        faults.push_at(table.row[w[1]], &table.time_name, at, problem, remedy);
    }
}

fn drop_duplicates(
    table: &Table,
    rows: Vec<usize>,
    rule: DuplicateRule,
    repairs: &mut Repairs,
    faults: &mut Faults,
) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(last) = kept.last_mut().filter(|last| table.time[**last] == table.time[row])
        else {
            kept.push(row);
            continue;
        };
        match rule {
            DuplicateRule::Refuse => {
                let problem = format!("the same time as row {}", table.row[*last]);
                let remedy = "drop one of the two, or say whether to keep the first or the last";
                let at = iso(table.time[row]);
                faults.push_at(table.row[row], &table.time_name, at, problem, remedy);
            }
            DuplicateRule::KeepFirst => repairs.duplicates_dropped += 1,
            DuplicateRule::KeepLast => {
                repairs.duplicates_dropped += 1;
                *last = row;
            }
        }
    }
    kept
}

/// Length of a bar: as asked, as the file says, or the most frequent difference of neighbours.
pub(super) fn interval(
    table: &Table,
    rows: &[usize],
    asked: Option<i64>,
    faults: &mut Faults,
) -> Option<i64> {
    if let Some(ms) = asked {
        let sound = (1..=INTERVAL_MAX_MS).contains(&ms);
        if !sound {
            let problem = format!("an interval of {ms} ms");
            faults.push(problem, format!("give 1 to {INTERVAL_MAX_MS} ms"));
        }
        return sound.then_some(ms);
    }
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    for w in rows.windows(2) {
        *counts.entry(table.time[w[1]] - table.time[w[0]]).or_default() += 1;
    }
    // The map runs upwards and a later difference must be more frequent: ties go to the smaller.
    let (mut most, mut best) = (0, None);
    for (difference, count) in counts {
        if count > most {
            (most, best) = (count, Some(difference));
        }
    }
    if best.is_none() {
        let row = table.row.first().copied().unwrap_or_default();
        faults.push_with(|origin| {
            let problem = "a single time does not show how long a bar is";
            HistoryError::new(origin, problem, "give at least two bars, or the interval").at(row)
        });
    }
    best
}

/// A row, and how many flat bars to put before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub row: usize,
    pub n_missing: usize,
}

/// Goes along the ordered rows and settles what is to be filled before each.
pub(super) fn steps(
    table: &Table,
    rows: &[usize],
    interval_ms: i64,
    options: &LoadOptions,
    repairs: &mut Repairs,
    faults: &mut Faults,
) -> Vec<Step> {
    let mut steps: Vec<Step> = rows.iter().map(|&row| Step { row, n_missing: 0 }).collect();
    let mut n_bars = rows.len();
    for (step, w) in steps.iter_mut().skip(1).zip(rows.windows(2)) {
        let (before, after) = (table.time[w[0]], table.time[w[1]]);
        let apart = after - before;
        let mut tell = |problem: String, remedy: &str| {
            faults.push_at(table.row[w[1]], &table.time_name, iso(after), problem, remedy);
        };
        if apart % interval_ms != 0 {
            tell(
                format!("{apart} ms after {}, not a multiple of {interval_ms} ms", iso(before)),
                "correct the time, or give the interval of the bars",
            );
            continue;
        }
        let n_missing = apart / interval_ms - 1;
        if n_missing == 0 || options.gaps == GapRule::Keep {
            continue;
        }
        let bars = if n_missing == 1 { "bar is" } else { "bars are" };
        let gap = format!("{n_missing} {bars} missing after {}", iso(before));
        if options.gaps == GapRule::Refuse {
            tell(
                gap,
                "allow gaps to be filled with flat bars (gaps = \"fill\"), or load a span without gaps",
            );
            continue;
        }
        // Cannot overflow: times, and so what is missing between them, are bounded.
        let missing_ms = n_missing * interval_ms;
        if let Some(max) = options.max_gap_ms.filter(|&max| missing_ms > max) {
            tell(
                format!("{gap}: {missing_ms} ms is longer than the {max} ms that may be filled"),
                "allow longer gaps, or load a span without it",
            );
            continue;
        }
        step.n_missing = usize::try_from(n_missing).unwrap_or(usize::MAX);
        n_bars = n_bars.saturating_add(step.n_missing);
        repairs.gaps_filled += 1;
        repairs.bars_filled += n_missing.unsigned_abs();
    }
    if n_bars > ROWS_MAX {
        let problem = format!("filling the gaps would make {n_bars} bars, above {ROWS_MAX}");
        faults.push(problem, "check the interval, or bound the gaps that may be filled");
    }
    steps
}

/// The check of spacing that a series gets: nothing longer than the caller accepts.
pub(super) fn check_spacing(
    table: &Table,
    rows: &[usize],
    max_gap_ms: Option<i64>,
    faults: &mut Faults,
) {
    let Some(max) = max_gap_ms else { return };
    for w in rows.windows(2) {
        let (before, after) = (table.time[w[0]], table.time[w[1]]);
        if after - before > max {
            let problem = format!("{} ms after {}, above {max} ms", after - before, iso(before));
            let remedy = "give the missing rows, or allow longer gaps";
            faults.push_at(table.row[w[1]], &table.time_name, iso(after), problem, remedy);
        }
    }
}
