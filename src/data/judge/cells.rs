//! Cells that hold no value, or one that cannot be.
//!
//! A blank price has no place in a normal form, so it is dropped with its row or refused. A blank
//! volume may be accepted: then the whole column of volumes is left out. Volumes in the quote asset
//! and numbers of trades serve for judging only, so blanks there are notes.

use super::case::Case;
use super::log::Sights;
use super::words::counted;
use crate::data::finding::FindingKind;
use crate::data::raw::Meaning;

/// Judges the cells of every column, marks bad rows.
pub(super) fn judge(case: &mut Case<'_>) {
    // Backwards, since a column of volumes may go.
    for at in (0..case.columns.len()).rev() {
        missing(case, at);
    }
    impossible(case);
    negative_volume(case);
}

/// NaN stands for a blank or an unreadable cell; which of the two is known for the file as a
/// whole.
fn missing(case: &mut Case<'_>, at: usize) {
    let column = &case.columns[at];
    let meaning = column.meaning;
    let mut sights = Sights::default();
    for row in (0..column.values.len()).filter(|&row| column.values[row].is_nan()) {
        let read = case.stamps.row[row] as usize;
        let time = case.stamps.time[row];
        sights.row(
            || case.stamps.place(row),
            time,
            || {
                let mut cells = case.unread.examples.iter();
                let cell = cells.find(|cell| cell.row == read && cell.column == column.name);
                let held =
                    cell.map_or_else(|| "no number".to_owned(), |cell| format!("{:?}", cell.text));
                format!("{} = {held}", column.name)
            },
        );
    }
    if sights.count == 0 {
        return;
    }
    let odd = case.unread.odd.get(at).copied().unwrap_or(0);
    let blank = case.unread.blank.get(at).copied().unwrap_or(0);
    let (kind, what) = match (odd, blank) {
        (0, _) => (FindingKind::BlankCell, "blank".to_owned()),
        (_, 0) => (FindingKind::UnreadableCell, "not a number".to_owned()),
        _ if case.cut => (FindingKind::UnreadableCell, "blank or not a number".to_owned()),
        _ => (FindingKind::UnreadableCell, format!("not a number ({odd}) or blank ({blank})")),
    };
    let cells = counted(sights.count, "cell");
    let (be, summary) = (if sights.count == 1 { "is" } else { "are" }, &column.name);
    let summary = format!("{cells} of column {summary} {be} {what}");
    match meaning {
        Meaning::QuoteVolume | Meaning::Trades => {
            case.log.note(kind, sights, format!("{summary}; the column is not kept"));
        }
        Meaning::Volume => unusable_volume(case, kind, sights, summary),
        _ => {
            bad_rows(case, kind, sights, summary, |case, row| case.columns[at].values[row].is_nan())
        }
    }
}

/// Rows that are dropped by order or else refused.
pub(super) fn bad_rows(
    case: &mut Case<'_>,
    kind: FindingKind,
    sights: Sights,
    summary: String,
    is_bad: impl Fn(&Case<'_>, usize) -> bool,
) {
    for row in 0..case.len() {
        if is_bad(case, row) {
            case.bad[row] = true;
        }
    }
    if case.repair.drop_bad {
        case.log.mended(kind, sights, format!("{summary}: the rows were dropped"));
    } else {
        case.log.fatal(kind, sights, summary, "--drop-bad");
    }
}

/// A volume that cannot be used: accepted, it costs the column; else it is a bad row.
fn unusable_volume(case: &mut Case<'_>, kind: FindingKind, sights: Sights, summary: String) {
    if case.log.accepts(kind) {
        let summary = format!("{summary}: the column of volumes is left out");
        case.log.fault(kind, sights, summary, "");
        case.columns.retain(|column| column.meaning != Meaning::Volume);
    } else if case.repair.drop_bad {
        bad_rows(case, kind, sights, summary, |case, row| {
            case.values(Meaning::Volume).is_some_and(|values| is_unusable(values[row]))
        });
    } else {
        case.log.fault(kind, sights, summary, "--drop-bad");
    }
}

fn is_unusable(volume: f64) -> bool {
    !(volume.is_finite() && volume >= 0.0)
}

fn impossible(case: &mut Case<'_>) {
    let prices = case.has_prices();
    let is_impossible = move |value: f64| value.is_infinite() || (prices && value <= 0.0);
    let mut sights = Sights::default();
    let kept = &case.columns[..case.n_prices()];
    for row in 0..case.stamps.len() {
        let Some(column) = kept.iter().find(|column| is_impossible(column.values[row])) else {
            continue;
        };
        let text = || format!("{} = {}", column.name, column.values[row]);
        sights.row(|| case.stamps.place(row), case.stamps.time[row], text);
    }
    if sights.count == 0 {
        return;
    }
    let what = if prices { "a price of zero or below, or not finite" } else { "no finite value" };
    let summary = format!("{} with {what}", counted(sights.count, "row"));
    bad_rows(case, FindingKind::ImpossiblePrice, sights, summary, |case, row| {
        let kept = &case.columns[..case.n_prices()];
        kept.iter().any(|column| is_impossible(column.values[row]))
    });
}

fn negative_volume(case: &mut Case<'_>) {
    let Some(column) = case.columns.iter().find(|column| column.meaning == Meaning::Volume) else {
        return;
    };
    let mut sights = Sights::default();
    for (row, &value) in column.values.iter().enumerate() {
        if is_unusable(value) && !value.is_nan() {
            let text = || format!("{} = {value}", column.name);
            sights.row(|| case.stamps.place(row), case.stamps.time[row], text);
        }
    }
    if sights.count > 0 {
        let summary =
            format!("{} with a volume below zero or infinite", counted(sights.count, "row"));
        unusable_volume(case, FindingKind::NegativeVolume, sights, summary);
    }
}

/// Drops the rows found bad so far, if told.
pub(super) fn drop_bad(case: &mut Case<'_>) {
    let count = case.bad.iter().filter(|bad| **bad).count() as u64;
    if case.repair.drop_bad && count > 0 {
        let marks: Vec<bool> = case.bad.iter().map(|bad| !bad).collect();
        case.keep(&marks);
        case.repairs.rows_dropped += count;
    }
}
