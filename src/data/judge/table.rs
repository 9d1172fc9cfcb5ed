//! Tables: events, of which several may share a time, and parameters without time.
//!
//! Refused are rows of unreadable time, rows out of order and rows that repeat another in full.
//! Everything else that shows is a note: what a column means is not known here.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::log::{Log, Sights};
use super::series::metadata;
use super::stamps::{Stamps, keep, reordered};
use super::words::counted;
use super::{order, table_notes, times, zone};
use crate::data::finding::FindingKind;
use crate::data::judged::{Clean, CleanTable, Facts, Judged, Outline};
use crate::data::options::{Keep, ReadOptions, RepairOptions};
use crate::data::raw::{Cells, RawTable, TableColumn};
use crate::prices::history::Repairs;

/// Streams of which neither numbers of trades nor times finer than a millisecond are kept, so that
/// rows which look alike need not be the same.
const STREAMS: [&str; 2] = ["barter-events", "binance-stream"];

/// Judges a table and mends it as told.
pub(super) fn judge(raw: RawTable, read: &ReadOptions, repair: &RepairOptions) -> Judged {
    let mut log = Log::new(&repair.accept);
    let mut repairs = Repairs::default();
    let mut facts = facts_of(&raw);
    times::remarks(raw.remarks, &mut log);
    times::finer(raw.finer_than_ms, &mut log);
    let timed = raw.time.is_some();
    // A table without time has one for every row: no stage of times runs.
    let time = raw.time.unwrap_or_else(|| vec![0; raw.rows.len()]);
    let mut stamps = Stamps::new(raw.rows, time, raw.written);
    let mut columns = raw.columns;
    if timed {
        let skipped = zone::apply(&mut stamps, repair.zone.as_ref(), &mut log, &mut repairs);
        let told = times::unreadable(
            &stamps,
            &raw.unread,
            |name| columns.iter().any(|column| column.name == name),
            &skipped,
            repair,
            &mut log,
            &mut repairs,
        );
        if let Some((marks, _)) = told {
            keep_rows(&mut stamps, &mut columns, &marks);
        }
        if let Some(cut) = times::cut(&stamps, read) {
            keep_rows(&mut stamps, &mut columns, &cut.marks);
        }
        times::mixed(&stamps, repair, &mut log, &mut repairs);
        facts.span = stamps.span();
    } else {
        blank_rows(&mut stamps, &mut columns, raw.unread.ragged, repair, &mut log, &mut repairs);
    }
    if !timed && (read.from_ms.is_some() || read.to_ms.is_some()) {
        let summary = "the rows have no time: the span asked for cuts nothing".to_owned();
        log.note(FindingKind::Remark, Sights::default(), summary);
    }
    facts.rows_in_span = stamps.len() as u64;
    if stamps.len() == 0 {
        times::nothing_there(read, &mut log);
    }
    if timed {
        let order = order::measure(&stamps);
        if let Some(by_time) = order::by_time(&stamps.time) {
            stamps.reorder(&by_time);
            for column in &mut columns {
                reorder_cells(&mut column.cells, &by_time);
            }
        }
        order.tell(repair, &mut log, &mut repairs);
    }
    table_notes::judge(&columns, &stamps, timed, &mut log);
    if !STREAMS.contains(&facts.layout) {
        repeated(&mut stamps, &mut columns, timed, repair, &mut log, &mut repairs);
    }
    if timed {
        shared_times(&stamps, &mut log);
    }
    unique_names(&mut columns, timed, &mut log);

    let clean = (!log.blocks()).then(|| {
        let metadata = metadata(&facts.label, facts.layout, repairs, log.accepted());
        let columns = columns.into_iter().map(|column| (column.name, column.cells)).collect();
        Clean::Table(CleanTable { time: timed.then_some(stamps.time), columns, metadata })
    });
    Judged { facts, findings: log.finish(), clean, outline: Outline::default() }
}

fn facts_of(raw: &RawTable) -> Facts {
    let columns = raw.columns.iter().map(|column| column.name.clone());
    Facts {
        label: raw.label.clone(),
        layout: raw.layout,
        shape: None,
        members: raw.rows.members.iter().map(|(_, name)| name.clone()).collect(),
        rows_read: raw.rows.len() as u64,
        rows_in_span: 0,
        span: None,
        interval_ms: None,
        written: times::forms(&raw.written),
        range: None,
        columns: raw.time_name.clone().into_iter().chain(columns).collect(),
    }
}

fn keep_rows(stamps: &mut Stamps, columns: &mut [TableColumn], marks: &[bool]) {
    stamps.keep(marks);
    for column in columns {
        match &mut column.cells {
            Cells::Number(values) => keep(values, marks),
            Cells::Text(texts) => keep(texts, marks),
        }
    }
}

fn reorder_cells(cells: &mut Cells, order: &[u32]) {
    match cells {
        Cells::Number(values) => *values = reordered(values, order),
        Cells::Text(texts) => {
            *texts = order.iter().map(|&at| std::mem::take(&mut texts[at as usize])).collect();
        }
    }
}

/// In a table without time a row of another number of fields is told by its cells: all blank.
fn blank_rows(
    stamps: &mut Stamps,
    columns: &mut [TableColumn],
    ragged: u64,
    repair: &RepairOptions,
    log: &mut Log<'_>,
    repairs: &mut Repairs,
) {
    if ragged == 0 {
        return;
    }
    let summary = times::ragged_summary(ragged);
    if !repair.drop_bad {
        log.fatal(FindingKind::UnreadableCell, Sights::of(ragged), summary, "--drop-bad");
        return;
    }
    let is_filled = |row: usize| {
        columns.iter().any(|column| match &column.cells {
            Cells::Number(values) => !values[row].is_nan(),
            Cells::Text(texts) => !texts[row].is_empty(),
        })
    };
    let marks: Vec<bool> = (0..stamps.len()).map(is_filled).collect();
    repairs.rows_dropped += marks.iter().filter(|mark| !**mark).count() as u64;
    keep_rows(stamps, columns, &marks);
    let sights = Sights::of(ragged);
    log.mended(FindingKind::UnreadableCell, sights, format!("{summary}: blank rows dropped"));
}

/// Names rows that repeat another in full, and drops them if told. Rows of one time stand
/// together; a table without time is one group.
fn repeated(
    stamps: &mut Stamps,
    columns: &mut [TableColumn],
    timed: bool,
    repair: &RepairOptions,
    log: &mut Log<'_>,
    repairs: &mut Repairs,
) {
    let mut sights = Sights::default();
    let mut marks = vec![true; stamps.len()];
    let mut start = 0;
    for group in stamps.time.chunk_by(|a, b| a == b) {
        let rows = start..start + group.len() as u32;
        start = rows.end;
        if group.len() == 1 {
            continue;
        }
        let mut alike: Vec<u32> = rows.collect();
        alike.sort_by(|&a, &b| compare(columns, a, b));
        for same in alike.chunk_by(|&a, &b| compare(columns, a, b) == Ordering::Equal) {
            let kept = if repair.dedupe == Some(Keep::Last) { same.len() - 1 } else { 0 };
            for (nth, &row) in same.iter().enumerate() {
                let row = row as usize;
                marks[row] = nth == kept;
                if nth > 0 {
                    let span = timed.then_some((stamps.time[row], stamps.time[row]));
                    sights.add(span, || crate::data::finding::Example {
                        place: Some(stamps.place(row)),
                        time: timed.then_some(stamps.time[row]),
                        text: format!("as {}", stamps.place(same[0] as usize)),
                    });
                }
            }
        }
    }
    if sights.count == 0 {
        return;
    }
    let repeat = if sights.count == 1 { "repeats" } else { "repeat" };
    let summary = format!("{} {repeat} another in full", counted(sights.count, "row"));
    if repair.dedupe.is_some() {
        repairs.duplicates_dropped += sights.count;
        log.mended(FindingKind::RepeatedRow, sights, format!("{summary}: dropped"));
    } else {
        log.fault(FindingKind::RepeatedRow, sights, summary, "--dedupe first");
        if log.accepts(FindingKind::RepeatedRow) {
            return;
        }
    }
    keep_rows(stamps, columns, &marks);
}

fn compare(columns: &[TableColumn], a: u32, b: u32) -> Ordering {
    let (a, b) = (a as usize, b as usize);
    let by_column = columns.iter().map(|column| match &column.cells {
        Cells::Number(values) => values[a].total_cmp(&values[b]),
        Cells::Text(texts) => texts[a].cmp(&texts[b]),
    });
    by_column.fold(Ordering::Equal, Ordering::then)
}

fn shared_times(stamps: &Stamps, log: &mut Log<'_>) {
    let groups = stamps.time.chunk_by(|a, b| a == b).filter(|group| group.len() > 1);
    let count: u64 = groups.map(|group| group.len() as u64).sum();
    if count > 0 {
        let summary = format!("{} share their time with another", counted(count, "row"));
        log.note(FindingKind::Remark, Sights::of(count), summary);
    }
}

/// The normal form tells columns by name and calls the time `time`.
fn unique_names(columns: &mut [TableColumn], timed: bool, log: &mut Log<'_>) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    if timed {
        taken.insert("time".to_owned());
    }
    for (at, column) in columns.iter_mut().enumerate() {
        let wanted = match column.name.trim() {
            "" => format!("column_{}", at + 1),
            name => name.to_owned(),
        };
        let mut name = wanted.clone();
        let mut nth = 2;
        while !taken.insert(name.clone()) {
            name = format!("{wanted}_{nth}");
            nth += 1;
        }
        if name != column.name {
            let summary = format!("column {:?} is kept as {name}", column.name);
            log.note(FindingKind::Remark, Sights::of(1), summary);
            column.name = name;
        }
    }
}
