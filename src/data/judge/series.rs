//! The stages that a series goes through.

use std::collections::BTreeMap;

use super::case::Case;
use super::log::Log;
use super::stamps::Stamps;
use super::{
    bars, cells, duplicates, gaps, grid, last, order, outlier, past, repeats, times, volumes, zone,
};
use crate::data::finding::Severity;
use crate::data::judged::{Clean, Facts, Judged, Outline};
use crate::data::options::{ReadOptions, RepairOptions};
use crate::data::raw::{Label, Meaning, RawSeries, Shape};
use crate::prices::history::{Bars, Repairs, Series};

/// Judges a series and mends it as told.
pub(super) fn judge(raw: RawSeries, read: &ReadOptions, repair: &RepairOptions) -> Judged {
    let mut log = Log::new(&repair.accept);
    let mut facts = facts_of(&raw);
    times::remarks(raw.remarks, &mut log);
    times::finer(raw.finer_than_ms, &mut log);
    let earlier = raw.earlier;
    let bad = vec![false; raw.time.len()];
    let mut case = Case {
        label: raw.label,
        layout: raw.layout,
        shape: raw.shape,
        stamps: Stamps::new(raw.rows, raw.time, raw.written),
        columns: raw.columns,
        bad,
        unread: raw.unread,
        stated_interval_ms: raw.stated_interval_ms,
        stated_span_ms: raw.stated_span_ms,
        read,
        repair,
        log,
        repairs: Repairs::default(),
        cut: false,
        later: false,
        excuses: Vec::new(),
        local: None,
        interval_ms: None,
    };
    read_times(&mut case);
    facts.rows_in_span = case.len() as u64;
    facts.span = case.stamps.span();
    if case.len() == 0 {
        times::nothing_there(read, &mut case.log);
    }
    values(&mut case);
    in_order(&mut case);
    let fills = spacing(&mut case);
    if case.len() == 0 && !case.log.blocks() {
        times::nothing_left(&mut case.log);
    }
    facts.interval_ms = case.interval_ms;
    facts.range = range(&case);
    facts
        .columns
        .retain(|name| name == "time" || case.columns.iter().any(|column| column.name == *name));
    let outline = outline(&case);
    let mut judged = finish(case, facts, outline, &fills);
    if let Some(clean) = &mut judged.clean {
        past::inherit(clean.metadata_mut(), &earlier);
    }
    judged
}

/// Settles what instant each row is at, and which rows are in the span.
fn read_times(case: &mut Case<'_>) {
    let Case { stamps, repair, log, repairs, .. } = case;
    let skipped = zone::apply(stamps, repair.zone.as_ref(), log, repairs);
    let columns = &case.columns;
    let told = times::unreadable(
        &case.stamps,
        &case.unread,
        |name| columns.iter().any(|column| column.name == name),
        &skipped,
        case.repair,
        &mut case.log,
        &mut case.repairs,
    );
    if let Some((marks, excuses)) = told {
        case.keep(&marks);
        case.excuses = excuses;
    }
    if let Some(cut) = times::cut(&case.stamps, case.read) {
        case.later = cut.later;
        case.keep(&cut.marks);
    }
    times::mixed(&case.stamps, case.repair, &mut case.log, &mut case.repairs);
}

/// Judges what stands in each row by itself, and drops the rows that cannot be, if told.
fn values(case: &mut Case<'_>) {
    cells::judge(case);
    bars::judge(case);
    volumes::swapped(case);
    cells::drop_bad(case);
}

/// Sorts the rows and leaves one a time; whether that was told is the findings' matter.
fn in_order(case: &mut Case<'_>) {
    let order = order::measure(&case.stamps);
    if let Some(by_time) = order::by_time(&case.stamps.time) {
        case.reorder(&by_time);
    }
    let naive = case.len() > 0 && case.stamps.written.iter().all(|written| written.is_naive());
    if naive && case.repair.zone.is_none() {
        case.local = zone::detect(&case.stamps.time);
        if let Some(local) = &case.local {
            zone::tell(local, case.len() as u64, &mut case.log);
        }
        if case.log.accepts(crate::data::finding::FindingKind::NaiveLocalTime) {
            case.local = None;
        }
    }
    let by_summer_time = match &case.local {
        Some(zone::Local::Summer { repeated, .. }) => order.n_back() <= repeated.len() as u64,
        _ => false,
    };
    if !by_summer_time {
        order.tell(case.repair, &mut case.log, &mut case.repairs);
    }
    duplicates::judge(case);
}

/// Judges neighbours: interval, grid, outliers, gaps, the newest bar. Returns what to fill.
fn spacing(case: &mut Case<'_>) -> Vec<gaps::Fill> {
    if case.len() == 0 {
        return Vec::new();
    }
    grid::interval(case);
    grid::name(case);
    if case.shape == Shape::Series {
        let spacing = grid::spacing(&case.stamps.time);
        if let grid::Spacing::Regular(usual) = &spacing {
            grid::off_grid(case, usual[0]);
        }
        gaps::series(case, &spacing);
        return Vec::new();
    }
    let Some(interval) = case.interval_ms else { return Vec::new() };
    if !matches!(case.local, Some(zone::Local::TwoOffsets { .. })) {
        grid::off_grid(case, interval);
    }
    outlier::judge(case);
    last::judge(case);
    volumes::empty(case);
    repeats::judge(case);
    gaps::bars(case, interval)
}

fn facts_of(raw: &RawSeries) -> Facts {
    let kept = raw
        .columns
        .iter()
        .filter(|column| !matches!(column.meaning, Meaning::QuoteVolume | Meaning::Trades));
    Facts {
        label: raw.label.clone(),
        layout: raw.layout,
        shape: Some(raw.shape),
        members: raw.rows.members.iter().map(|(_, name)| name.clone()).collect(),
        rows_read: raw.time.len() as u64,
        rows_in_span: 0,
        span: None,
        interval_ms: None,
        written: times::forms(&raw.written),
        range: None,
        columns: std::iter::once("time".to_owned())
            .chain(kept.map(|column| column.name.clone()))
            .collect(),
    }
}

/// Least and greatest price or value.
fn range(case: &Case<'_>) -> Option<(f64, f64)> {
    let columns = case.columns.get(..case.n_prices()).unwrap_or_default();
    let values = || columns.iter().flat_map(|c| &c.values).copied().filter(|v| v.is_finite());
    Some((values().reduce(f64::min)?, values().reduce(f64::max)?))
}

/// Most points of an outline: far more than a picture has columns of pixels.
const POINTS_MAX: usize = 1 << 16;

/// The prices by blocks of rows, each its first time, low, high and last close.
fn outline(case: &Case<'_>) -> Outline {
    let mut outline = Outline::default();
    let rows = case.len();
    let block = rows.div_ceil(POINTS_MAX).max(1);
    for start in (0..rows).step_by(block) {
        let end = rows.min(start + block);
        let bars = (start..end).map(|row| case.bar(row));
        let usable = bars.filter(|[_, high, low, close]| {
            high.is_finite() && low.is_finite() && close.is_finite()
        });
        let merged = usable.reduce(|a, b| [a[0], a[1].max(b[1]), a[2].min(b[2]), b[3]]);
        if let Some([_, high, low, close]) = merged {
            outline.time.push(case.stamps.time[start]);
            outline.low.push(low);
            outline.high.push(high);
            outline.close.push(close);
        }
    }
    outline
}

fn finish(mut case: Case<'_>, facts: Facts, outline: Outline, fills: &[gaps::Fill]) -> Judged {
    let sound = !case.log.blocks();
    let clean = sound.then(|| {
        case.columns.retain(|c| !matches!(c.meaning, Meaning::QuoteVolume | Meaning::Trades));
        if let Some(interval) = case.interval_ms {
            gaps::fill(&mut case, interval, fills);
        }
        let accepted = case.log.accepted();
        let metadata = metadata(&case.label, case.layout, case.repairs, accepted);
        hand_over(&mut case, metadata)
    });
    let findings = case.log.finish();
    debug_assert!(clean.is_some() || findings.iter().any(|f| f.severity == Severity::Blocks));
    Judged { facts, findings, clean: clean.flatten(), outline }
}

/// What the normal form says of where a history comes from.
pub(super) fn metadata(
    label: &Label,
    layout: &str,
    repairs: Repairs,
    accepted: Option<String>,
) -> BTreeMap<String, String> {
    let pairs = [
        ("drypowder.repairs", Some(repairs.to_string())),
        ("drypowder.accepted", accepted),
        ("drypowder.asset", Some(label.asset.clone())),
        ("drypowder.quote", label.quote.clone()),
        ("drypowder.role", Some(label.role.name().to_owned())),
        ("drypowder.source_layout", Some(layout.to_owned())),
    ];
    pairs.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?))).collect()
}

fn hand_over(case: &mut Case<'_>, metadata: BTreeMap<String, String>) -> Option<Clean> {
    let time = std::mem::take(&mut case.stamps.time);
    let mut take = |meaning: Meaning| {
        let column = case.columns.iter_mut().find(|column| column.meaning == meaning)?;
        Some(std::mem::take(&mut column.values))
    };
    if case.shape == Shape::Series {
        return Some(Clean::Series(Series { time, value: take(Meaning::Value)?, metadata }));
    }
    let interval_ms = case.interval_ms?;
    let close_only = case.shape == Shape::Close;
    let close = take(Meaning::Close)?;
    let [open, high, low] = if close_only {
        [close.clone(), close.clone(), close.clone()]
    } else {
        [take(Meaning::Open)?, take(Meaning::High)?, take(Meaning::Low)?]
    };
    let volume = take(Meaning::Volume);
    Some(Clean::Bars(Bars {
        interval_ms,
        open_time: time,
        open,
        high,
        low,
        close,
        volume,
        close_only,
        metadata,
    }))
}
