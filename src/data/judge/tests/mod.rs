//! Small series and tables built by hand, and what is to be found in them.

mod property;
mod real_files;
mod spacing;
mod tables;
mod times;
mod values;

use super::judge;
use crate::data::finding::{Finding, FindingKind, Severity};
use crate::data::judged::{Clean, CleanTable, Judged};
use crate::data::options::{ReadOptions, RepairOptions};
use crate::data::raw::{
    Column, Label, Meaning, Raw, RawSeries, Role, Rows, Shape, Unread, UnreadCell, Written,
};
use crate::prices::history::{Bars, Repairs, Series};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// 2020-01-01T00:00:00Z, a Wednesday.
const START: i64 = 1_577_836_800_000;

fn label(role: Role) -> Label {
    Label { asset: "BTC".into(), quote: Some("USDT".into()), role }
}

fn rows(n_rows: usize) -> Rows {
    // A header is line 1.
    let line = (0..n_rows).map(|row| u32::try_from(row).unwrap() + 2).collect();
    Rows { members: vec![(0, "a.csv".into())], line }
}

/// Sound hourly bars: close 100, 101, 100, 101 …, the open the close before, volume 10.
fn hourly(n_rows: usize) -> RawSeries {
    let close = |row: usize| 100.0 + (row % 2) as f64;
    let column = |meaning, name: &str, value: &dyn Fn(usize) -> f64| Column {
        meaning,
        name: name.into(),
        values: (0..n_rows).map(value).collect(),
    };
    RawSeries {
        label: label(Role::Last),
        layout: "test",
        shape: Shape::Bars,
        rows: rows(n_rows),
        time: (0..n_rows as i64).map(|row| START + row * HOUR).collect(),
        written: vec![Written::Millis; n_rows],
        columns: vec![
            column(Meaning::Open, "open", &|row| close(row + 1)),
            column(Meaning::High, "high", &|_| 101.5),
            column(Meaning::Low, "low", &|_| 99.5),
            column(Meaning::Close, "close", &close),
            column(Meaning::Volume, "volume", &|_| 10.0),
        ],
        finer_than_ms: 0,
        unread: Unread { blank: vec![0; 6], odd: vec![0; 6], ..Unread::default() },
        stated_interval_ms: None,
        stated_span_ms: None,
        remarks: Vec::new(),
        earlier: Vec::new(),
    }
}

/// Payments at these times, 0.0001 each.
fn payments(times: Vec<i64>, written: Written) -> RawSeries {
    let n_rows = times.len();
    RawSeries {
        label: label(Role::Funding),
        shape: Shape::Series,
        rows: rows(n_rows),
        time: times,
        written: vec![written; n_rows],
        columns: vec![Column {
            meaning: Meaning::Value,
            name: "rate".into(),
            values: vec![0.0001; n_rows],
        }],
        unread: Unread { blank: vec![0; 2], odd: vec![0; 2], ..Unread::default() },
        ..hourly(0)
    }
}

/// Drops rows by number, as if the file had never had them.
fn without(mut raw: RawSeries, dropped: &[usize]) -> RawSeries {
    let kept: Vec<usize> = (0..raw.time.len()).filter(|row| !dropped.contains(row)).collect();
    pick(&mut raw, &kept);
    raw
}

/// Makes these rows, in this order, the rows of the series; lines are numbered anew.
fn pick(raw: &mut RawSeries, order: &[usize]) {
    raw.time = order.iter().map(|&row| raw.time[row]).collect();
    raw.written = order.iter().map(|&row| raw.written[row]).collect();
    for column in &mut raw.columns {
        column.values = order.iter().map(|&row| column.values[row]).collect();
    }
    raw.rows.line = (0..order.len()).map(|row| u32::try_from(row).unwrap() + 2).collect();
}

fn set(raw: &mut RawSeries, row: usize, meaning: Meaning, value: f64) {
    let column = raw.columns.iter_mut().find(|column| column.meaning == meaning).unwrap();
    column.values[row] = value;
}

fn add(raw: &mut RawSeries, meaning: Meaning, name: &str, values: Vec<f64>) {
    raw.columns.push(Column { meaning, name: name.into(), values });
    raw.unread.blank.push(0);
    raw.unread.odd.push(0);
}

fn cell(row: usize, column: &str, text: &str) -> UnreadCell {
    UnreadCell { row, column: column.into(), text: text.into() }
}

fn told(raw: RawSeries, repair: &RepairOptions) -> Judged {
    judge(Raw::Series(raw), &ReadOptions::default(), repair)
}

fn untold(raw: RawSeries) -> Judged {
    told(raw, &RepairOptions::default())
}

fn accepting(kind: FindingKind) -> RepairOptions {
    RepairOptions { accept: [kind].into(), ..RepairOptions::default() }
}

/// Kinds and counts of the findings of one severity, in order.
fn of(judged: &Judged, severity: Severity) -> Vec<(FindingKind, u64)> {
    let found = judged.findings.iter().filter(|finding| finding.severity == severity);
    found.map(|finding| (finding.kind, finding.count)).collect()
}

fn the(judged: &Judged, kind: FindingKind) -> &Finding {
    let mut found = judged.findings.iter().filter(|finding| finding.kind == kind);
    let first = found.next().unwrap_or_else(|| panic!("no {}: {judged:?}", kind.word()));
    assert!(found.next().is_none(), "{} twice", kind.word());
    first
}

fn has(judged: &Judged, kind: FindingKind) -> bool {
    judged.findings.iter().any(|finding| finding.kind == kind)
}

/// Exactly this finding blocks, so often, with this remedy; nothing is handed over.
#[track_caller]
fn assert_blocks(judged: &Judged, kind: FindingKind, count: u64, remedy: &str) {
    assert_eq!(of(judged, Severity::Blocks), [(kind, count)], "{:?}", judged.findings);
    let finding = judged.blocking().next().unwrap();
    assert_eq!(finding.remedy, remedy);
    assert!(judged.clean.is_none());
}

/// Exactly this finding was repaired, so often, and nothing blocks.
#[track_caller]
fn assert_repaired(judged: &Judged, kind: FindingKind, count: u64) {
    assert_eq!(of(judged, Severity::Blocks), [], "{:?}", judged.findings);
    assert_eq!(of(judged, Severity::Repaired), [(kind, count)]);
    assert!(judged.clean.is_some());
}

#[track_caller]
fn bars(judged: &Judged) -> &Bars {
    match &judged.clean {
        Some(Clean::Bars(bars)) => bars,
        other => panic!("no bars: {other:?}, {:?}", judged.findings),
    }
}

#[track_caller]
fn series(judged: &Judged) -> &Series {
    match &judged.clean {
        Some(Clean::Series(series)) => series,
        other => panic!("no series: {other:?}, {:?}", judged.findings),
    }
}

#[track_caller]
fn table(judged: &Judged) -> &CleanTable {
    match &judged.clean {
        Some(Clean::Table(table)) => table,
        other => panic!("no table: {other:?}, {:?}", judged.findings),
    }
}

fn hours(times: &[i64]) -> Vec<i64> {
    times.iter().map(|time| (time - START) / HOUR).collect()
}

#[test]
fn sound_bars_are_handed_over_as_they_are() {
    let judged = untold(hourly(30));
    assert_eq!(of(&judged, Severity::Blocks), []);
    // 30 hours: the second day has 6 bars, the first 24.
    assert_eq!(
        of(&judged, Severity::Note),
        [(FindingKind::LastBarUnproven, 1), (FindingKind::LastDayShort, 1)]
    );
    assert_eq!(judged.findings.len(), 2);
    let bars = bars(&judged);
    assert_eq!(hours(&bars.open_time), (0..30).collect::<Vec<_>>());
    assert_eq!(bars.interval_ms, HOUR);
    assert_eq!(bars.close[..3], [100.0, 101.0, 100.0]);
    assert_eq!(bars.open[..3], [101.0, 100.0, 101.0]);
    assert_eq!(bars.volume.as_deref(), Some(&[10.0; 30][..]));
    assert_eq!(bars.repairs(), Repairs::default());
    let metadata: Vec<(&str, &str)> =
        bars.metadata.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    assert_eq!(
        metadata,
        [
            ("drypowder.asset", "BTC"),
            ("drypowder.quote", "USDT"),
            ("drypowder.repairs", &Repairs::default().to_string()),
            ("drypowder.role", "last"),
            ("drypowder.source_layout", "test"),
        ]
    );
    let facts = &judged.facts;
    assert_eq!((facts.rows_read, facts.rows_in_span), (30, 30));
    assert_eq!(facts.span, Some((START, START + 29 * HOUR)));
    assert_eq!(facts.interval_ms, Some(HOUR));
    assert_eq!(facts.range, Some((99.5, 101.5)));
    assert_eq!(facts.written, [(Written::Millis, 30)]);
    assert_eq!(facts.columns, ["time", "open", "high", "low", "close", "volume"]);
    assert_eq!(judged.outline.time.len(), 30);
    assert_eq!(judged.outline.low[7], 99.5);
    assert_eq!(judged.outline.close[7], 101.0);
}

#[test]
fn every_defect_of_a_file_comes_out_at_once() {
    // Rows 0..=40 hourly, newest first; bar 10 missing, bar 20 twice, a price 0 in bar 30.
    let mut raw = hourly(41);
    set(&mut raw, 30, Meaning::Low, 0.0);
    let order: Vec<usize> = (0..=40).rev().filter(|&row| row != 10).chain([20]).collect();
    pick(&mut raw, &order);
    let judged = untold(raw);
    assert_eq!(
        of(&judged, Severity::Blocks),
        [
            (FindingKind::ImpossiblePrice, 1),
            // 39 steps back in 40 rows, then one forth to the second row of bar 20.
            (FindingKind::Disorder, 39),
            (FindingKind::Duplicate, 1),
            (FindingKind::Gap, 1),
        ]
    );
}

#[test]
fn an_outline_of_many_rows_keeps_extremes() {
    // 65 537 rows make blocks of two: 32 769 points, the last of one row.
    let mut raw = hourly((1 << 16) + 1);
    set(&mut raw, 1, Meaning::High, 102.0);
    let outline = untold(raw).outline;
    assert_eq!(outline.time.len(), 32_769);
    assert_eq!((outline.time[0], outline.time[1]), (START, START + 2 * HOUR));
    assert_eq!((outline.high[0], outline.high[1]), (102.0, 101.5));
    assert_eq!(outline.close[0], 101.0);
}
