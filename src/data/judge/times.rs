//! Whether times can be read, are written alike, and lie in the span asked for.

use std::collections::BTreeMap;

use super::log::{Log, Sights};
use super::stamps::Stamps;
use super::words::{counted, iso, plural};
use crate::data::finding::{Example, Finding, FindingKind};
use crate::data::options::{ReadOptions, RepairOptions};
use crate::data::raw::{NO_TIME, Unread, Written};
use crate::prices::history::Repairs;

/// Between two times stand rows of unreadable time that were not dropped: what seems to be missing
/// there is no gap, if it is no more than those rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Excuse {
    pub before: i64,
    pub after: i64,
    pub rows: i64,
}

/// Times that the clock of the zone named skipped in spring; they were made unreadable.
#[derive(Debug, Default)]
pub(super) struct Skipped {
    pub count: u64,
    pub examples: BTreeMap<u32, String>,
}

/// Stands as the column's name of a row that could not be split into cells.
const WHOLE_ROW: &str = "whole row";

/// Names rows of another number of fields than the others, which have neither time nor values, and
/// rows of unreadable time. Returns which rows stay, which none of those do, and the excuses for
/// the gaps they leave if they are not dropped by order.
pub(super) fn unreadable(
    stamps: &Stamps,
    unread: &Unread,
    is_value: impl Fn(&str) -> bool,
    skipped: &Skipped,
    repair: &RepairOptions,
    log: &mut Log<'_>,
    repairs: &mut Repairs,
) -> Option<(Vec<bool>, Vec<Excuse>)> {
    let marks: Vec<bool> = stamps.time.iter().map(|&time| time != NO_TIME).collect();
    let lost = marks.iter().filter(|mark| !**mark).count() as u64;
    if lost == 0 {
        return None;
    }
    let ragged = unread.ragged.min(lost);
    if ragged > 0 {
        let sights = ragged_sights(stamps, unread, ragged);
        tell(FindingKind::UnreadableCell, sights, ragged_summary(ragged), repair, log);
    }
    if lost > ragged {
        let mut sights = time_sights(stamps, unread, is_value, skipped);
        sights.count = lost - ragged;
        let mut summary = format!("{} without a readable time", counted(sights.count, "row"));
        if skipped.count > 0 {
            let of_them = skipped.count;
            summary += &format!(", {of_them} of them a time that the zone's clock skipped");
        }
        tell(FindingKind::UnreadableTime, sights, summary, repair, log);
    }
    if repair.drop_bad {
        repairs.rows_dropped += lost;
        return Some((marks, Vec::new()));
    }
    Some((marks, excuses(&stamps.time)))
}

fn tell(
    kind: FindingKind,
    sights: Sights,
    summary: String,
    repair: &RepairOptions,
    log: &mut Log<'_>,
) {
    if repair.drop_bad {
        log.mended(kind, sights, format!("{summary}: dropped"));
    } else {
        log.fatal(kind, sights, summary, "--drop-bad");
    }
}

fn ragged_sights(stamps: &Stamps, unread: &Unread, count: u64) -> Sights {
    let rows = unread.examples.iter().filter(|cell| cell.column == WHOLE_ROW);
    let shown = rows.take(Finding::SHOWN).map(|cell| Example {
        place: Some(stamps.rows.place(cell.row)),
        time: None,
        text: format!("{:?}", cell.text),
    });
    Sights { count, examples: shown.collect(), marks: Vec::new() }
}

fn time_sights(
    stamps: &Stamps,
    unread: &Unread,
    is_value: impl Fn(&str) -> bool,
    skipped: &Skipped,
) -> Sights {
    let mut sights = Sights::default();
    let lost = (0..stamps.len()).filter(|&at| stamps.time[at] == NO_TIME);
    for at in lost {
        if sights.examples.len() == Finding::SHOWN {
            break;
        }
        let row = stamps.row[at];
        let mut cells = unread.examples.iter();
        let cell = cells.find(|cell| cell.row == row as usize && !is_value(&cell.column));
        let text = match (skipped.examples.get(&row), cell) {
            (_, Some(cell)) if cell.column == WHOLE_ROW => continue,
            (Some(text), _) => text.clone(),
            (None, Some(cell)) => format!("{} = {:?}", cell.column, cell.text),
            (None, None) => "blank, or not a time from 1970 to 2200".to_owned(),
        };
        sights.examples.push(Example { place: Some(stamps.place(at)), time: None, text });
    }
    sights
}

/// The readable neighbours of each run of unreadable times.
fn excuses(times: &[i64]) -> Vec<Excuse> {
    let mut excuses = Vec::new();
    let mut last: Option<i64> = None;
    let mut rows = 0;
    for &time in times {
        if time == NO_TIME {
            rows += 1;
            continue;
        }
        if let Some(last) = last.filter(|_| rows > 0) {
            excuses.push(Excuse { before: last.min(time), after: last.max(time), rows });
        }
        (last, rows) = (Some(time), 0);
    }
    excuses.sort_unstable();
    excuses
}

/// What the cut to a span leaves.
#[derive(Debug)]
pub(super) struct Cut {
    /// Which rows stay.
    pub marks: Vec<bool>,
    /// Rows lie at or beyond the end of the span.
    pub later: bool,
}

/// The cut to the span asked for; `None` if none is asked for.
pub(super) fn cut(stamps: &Stamps, read: &ReadOptions) -> Option<Cut> {
    if read.from_ms.is_none() && read.to_ms.is_none() {
        return None;
    }
    let from = read.from_ms.unwrap_or(NO_TIME + 1);
    let to = read.to_ms.unwrap_or(i64::MAX);
    let marks = stamps.time.iter().map(|&time| from <= time && time < to).collect();
    Some(Cut { marks, later: stamps.time.iter().any(|&time| time >= to) })
}

/// Forms of the times of all rows, most frequent first.
pub(super) fn forms(written: &[Written]) -> Vec<(Written, u64)> {
    let mut counts: BTreeMap<Written, u64> = BTreeMap::new();
    for &form in written {
        *counts.entry(form).or_default() += 1;
    }
    let mut forms: Vec<_> = counts.into_iter().collect();
    forms.sort_by_key(|&(form, count)| (std::cmp::Reverse(count), form));
    forms
}

/// Forms that read as one unit: whether seconds have a point does not matter.
fn unit(form: Written) -> Written {
    if form == Written::SecondsWithPoint { Written::Seconds } else { form }
}

fn is_text(form: Written) -> bool {
    form.is_naive() || form == Written::IsoZoned
}

/// Judges how times are written: alike inside each member; members may differ, as where an
/// exchange went over to microseconds one day.
pub(super) fn mixed(
    stamps: &Stamps,
    repair: &RepairOptions,
    log: &mut Log<'_>,
    repairs: &mut Repairs,
) {
    let mut units = Sights::default();
    let mut formats = Sights::default();
    let mut members: BTreeMap<Written, u64> = BTreeMap::new();
    for (_, range) in stamps.by_member() {
        let all = forms(&stamps.written[range.clone()]);
        let Some(&(most, _)) = all.first() else { continue };
        *members.entry(unit(most)).or_default() += 1;
        if all.iter().all(|&(form, _)| unit(form) == unit(most)) {
            continue;
        }
        let numbers_only = all.iter().all(|&(form, _)| !is_text(form));
        let sights = if numbers_only { &mut units } else { &mut formats };
        let mut last = unit(most);
        for at in range {
            let form = unit(stamps.written[at]);
            if form == unit(most) {
                last = form;
                continue;
            }
            sights.count += 1;
            if form != last && sights.examples.len() < Finding::SHOWN {
                let text = format!("from here on {}, elsewhere {}", form.name(), most.name());
                let time = Some(stamps.time[at]);
                sights.examples.push(Example { place: Some(stamps.place(at)), time, text });
            }
            last = form;
        }
    }
    for (kind, sights, what) in [
        (FindingKind::MixedTimeUnits, units, "unit"),
        (FindingKind::MixedDateFormats, formats, "form"),
    ] {
        if sights.count == 0 {
            continue;
        }
        let rows = counted(sights.count, "row");
        let listed = list(&stamps.written);
        if repair.mixed_times {
            repairs.times_mixed += sights.count;
            let summary = format!(
                "times of more than one {what} in one file ({listed}): each of the {rows} that \
                 differ was read by its own"
            );
            log.mended(kind, sights, summary);
        } else {
            let differ = if sights.count == 1 { "differs" } else { "differ" };
            let summary =
                format!("times of more than one {what} in one file ({listed}): {rows} {differ}");
            log.fault(kind, sights, summary, "--mixed-times");
        }
    }
    if members.len() > 1 {
        let each: Vec<String> = members
            .iter()
            .map(|(form, &count)| format!("{} in {}", form.name(), counted(count, "file")))
            .collect();
        let summary = format!("the files write times differently: {}", each.join(", "));
        log.note(FindingKind::Remark, Sights::of(members.values().sum()), summary);
    }
}

fn list(written: &[Written]) -> String {
    let all = forms(written);
    let each: Vec<String> =
        all.iter().map(|(form, count)| format!("{} in {count}", form.name())).collect();
    each.join(", ")
}

/// Says that times were cut to a millisecond.
pub(super) fn finer(count: u64, log: &mut Log<'_>) {
    if count > 0 {
        let times = counted(count, "time");
        let were = if count == 1 { "was" } else { "were" };
        let summary = format!("{times} finer than a millisecond {were} cut down to it");
        log.note(FindingKind::Remark, Sights::of(count), summary);
    }
}

/// Says that there is no row, or none in the span asked for; never acceptable.
pub(super) fn nothing_there(read: &ReadOptions, log: &mut Log<'_>) {
    let from = read.from_ms.map(|ms| format!("from {}", iso(ms)));
    let to = read.to_ms.map(|ms| format!("before {}", iso(ms)));
    let ends: Vec<String> = from.into_iter().chain(to).collect();
    let (summary, remedy) = match ends.is_empty() {
        true => ("no rows of readable time".to_owned(), "give files with data"),
        false => (format!("no rows {}", ends.join(" and ")), "--from and --to of another span"),
    };
    log.fatal(FindingKind::Remark, Sights::default(), summary, remedy);
}

/// Says that every row was dropped; never acceptable.
pub(super) fn nothing_left(log: &mut Log<'_>) {
    let summary = "no row is left after the repairs".to_owned();
    log.fatal(FindingKind::Remark, Sights::default(), summary, "drop less, or give more data");
}

/// The layout's own remarks.
pub(super) fn remarks(remarks: Vec<String>, log: &mut Log<'_>) {
    for remark in remarks {
        let blank = remark.starts_with("not listed");
        let kind = if blank { FindingKind::NotYetListed } else { FindingKind::Remark };
        log.note(kind, Sights::of(1), remark);
    }
}

/// Rows with another number of fields than the others.
pub(super) fn ragged_summary(count: u64) -> String {
    let has = if count == 1 { "has" } else { "have" };
    format!("{count} row{} {has} another number of fields than the others", plural(count))
}
