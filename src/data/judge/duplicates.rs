//! Rows of one time.
//!
//! They are alike if all kept values are equal; a volume may be the other one rounded to fewer
//! decimals, as collectors do that changed their source.

use super::case::Case;
use super::log::Sights;
use super::words::{HOUR_MS, counted, iso};
use super::zone::Local;
use crate::data::finding::FindingKind;
use crate::data::options::Keep;
use crate::data::raw::Meaning;

/// Names rows of one time and keeps one of each time: as told, else the first so that later
/// checks can run. Rows are sorted.
pub(super) fn judge(case: &mut Case<'_>) {
    let times = &case.stamps.time;
    if times.windows(2).all(|w| w[0] != w[1]) {
        return;
    }
    let keep_last = case.repair.dedupe == Some(Keep::Last);
    let repeated: &[i64] = match &case.local {
        Some(Local::Summer { repeated, .. }) => repeated,
        _ => &[],
    };
    let mut same = Sights::default();
    let mut other = Sights::default();
    let mut marks = vec![true; case.len()];
    let mut start = 0;
    for group in times.chunk_by(|a, b| a == b) {
        let (first, end) = (start, start + group.len());
        start = end;
        let kept = if keep_last { end - 1 } else { first };
        marks[first..end].fill(false);
        marks[kept] = true;
        let time = group[0];
        if repeated.contains(&(time - time.rem_euclid(HOUR_MS))) {
            continue;
        }
        for row in first + 1..end {
            let differing = difference(case, first, row);
            let sights = if differing.is_none() { &mut same } else { &mut other };
            sights.row(
                || case.stamps.place(row),
                time,
                || {
                    let before = case.stamps.place(first);
                    differing.map_or_else(
                        || format!("{} as in {before}", iso(time)),
                        |(name, a, b)| format!("{}: {name} = {b}, in {before} {a}", iso(time)),
                    )
                },
            );
        }
    }
    let dropped = same.count + other.count;
    tell(case, FindingKind::Duplicate, same, "with the same values");
    tell(case, FindingKind::ConflictingDuplicate, other, "with other values");
    if case.repair.dedupe.is_some() {
        case.repairs.duplicates_dropped += dropped;
    }
    case.keep(&marks);
}

/// The first kept column in which two rows differ, with both values.
fn difference<'c>(case: &'c Case<'_>, a: usize, b: usize) -> Option<(&'c str, f64, f64)> {
    let kept = |meaning| !matches!(meaning, Meaning::QuoteVolume | Meaning::Trades);
    let mut columns = case.columns.iter().filter(|column| kept(column.meaning));
    let column = columns.find(|column| {
        let (a, b) = (column.values[a], column.values[b]);
        let rounded = column.meaning == Meaning::Volume && is_rounded(a, b);
        a.to_bits() != b.to_bits() && !rounded
    })?;
    Some((&column.name, column.values[a], column.values[b]))
}

/// Units of up to eight decimals, as parts of one.
const SCALES: [f64; 9] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/// Whether one of two is the other rounded to fewer decimals.
fn is_rounded(a: f64, b: f64) -> bool {
    let of = |short: f64, long: f64| {
        let mut fits = SCALES.into_iter().filter(|scale| (short * scale).round() / scale == short);
        // A hair more than half a unit, for the sum is not exact.
        fits.next().is_some_and(|scale| (long - short).abs() * scale <= 0.500_001)
    };
    of(a, b) || of(b, a)
}

fn tell(case: &mut Case<'_>, kind: FindingKind, sights: Sights, how: &str) {
    if sights.count == 0 {
        return;
    }
    let repeat = if sights.count == 1 { "repeats" } else { "repeat" };
    let summary = format!("{} {repeat} a time {how}", counted(sights.count, "row"));
    match case.repair.dedupe {
        Some(keep) => {
            let kept = if keep == Keep::First { "first" } else { "last" };
            let summary = format!("{summary}: the {kept} of each time was kept");
            case.log.mended(kind, sights, summary);
        }
        None => {
            let remedy = "--dedupe first or --dedupe last";
            case.log.fatal(kind, sights, summary, remedy);
        }
    }
}
