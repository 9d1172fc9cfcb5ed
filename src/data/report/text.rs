//! An inspection as text: a header and a table for every series, then what they have in common.

use std::path::PathBuf;

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets,
};

use super::coverage::{Coverage, coverage};
use super::json::severity_word;
use super::number::{count, length, plural};
use crate::data::{
    Clean, Example, Facts, Finding, FindingKind, Inspection, Judged, Severity, Shape,
};
use crate::units::time::to_iso;

const WIDTH: u16 = 132;
/// Widths that sentences and remedies take at most; examples take what is left.
const WHAT_MAX: u16 = 34;
const REMEDY_MAX: u16 = 26;
/// Examples in the table; JSON has all.
const EXAMPLES: usize = 3;
/// Series that a table of coverage lists one by one.
const LISTED_MAX: usize = 40;

/// The report on everything inspected.
pub fn inspection_text(inspection: &Inspection) -> String {
    let mut text = String::new();
    for judged in &inspection.series {
        text.push_str(&header(&judged.facts));
        text.push_str(&findings(judged, judged.findings.iter()));
        text.push('\n');
    }
    for coverage in coverage(&inspection.series) {
        text.push_str(&covered(&coverage));
    }
    text
}

/// Only the series that block, and of them only what blocks.
pub fn blocking_text(inspection: &Inspection) -> String {
    let mut text = String::new();
    for judged in inspection.series.iter().filter(|judged| judged.clean.is_none()) {
        text.push_str(&header(&judged.facts));
        text.push_str(&findings(judged, judged.blocking()));
        text.push('\n');
    }
    text
}

fn header(facts: &Facts) -> String {
    let quote = facts.label.quote.as_ref().map_or_else(String::new, |quote| format!(" in {quote}"));
    let mut text = format!("{}{quote}: layout {}", facts.label, facts.layout);
    match facts.members.as_slice() {
        [only] => text.push_str(&format!(", {only}")),
        members => text.push_str(&format!(", {}", plural(members.len() as u64, "part"))),
    }
    text.push_str(&format!(", {}", plural(facts.rows_read, "row")));
    if facts.rows_in_span != facts.rows_read {
        text.push_str(&format!(", {} inside the span asked for", count(facts.rows_in_span)));
    }
    text.push('\n');
    let mut line: Vec<String> = Vec::new();
    if let Some((first, last)) = facts.span {
        line.push(format!("{} to {}", to_iso(first), to_iso(last)));
    }
    match (facts.interval_ms, facts.shape) {
        (Some(ms), Some(Shape::Series)) => line.push(format!("a value every {}", length(ms))),
        (Some(ms), Some(Shape::Close)) => line.push(format!("a close every {}", length(ms))),
        (Some(ms), _) => line.push(format!("bars of {}", length(ms))),
        (None, _) => {}
    }
    if let Some((least, greatest)) = facts.range {
        line.push(format!("values {least} to {greatest}"));
    }
    if !facts.written.is_empty() {
        let whole = facts.written.len() == 1;
        let form = |(form, rows): &(crate::data::Written, u64)| match whole {
            true => form.name().to_owned(),
            false => format!("{} {}", count(*rows), form.name()),
        };
        let forms: Vec<String> = facts.written.iter().map(form).collect();
        line.push(format!("times in {}", forms.join(", ")));
    }
    if !line.is_empty() {
        text.push_str(&format!("  {}\n", line.join("; ")));
    }
    if facts.shape.is_none() && !facts.columns.is_empty() {
        text.push_str(&format!("  columns {}\n", facts.columns.join(", ")));
    }
    text
}

fn findings<'a>(judged: &Judged, findings: impl Iterator<Item = &'a Finding>) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(WIDTH);
    table.set_header(["defect", "severity", "count", "what", "first examples", "remedy"]);
    for (column, most) in [(3, WHAT_MAX), (5, REMEDY_MAX)] {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(most)));
        }
    }
    let one_member = judged.facts.members.len() <= 1;
    let mut rows = 0;
    for finding in findings {
        let shown = finding.examples.iter().take(EXAMPLES);
        let examples: Vec<String> = shown.map(|one| example(one, one_member)).collect();
        table.add_row([
            Cell::new(finding.kind.word()),
            Cell::new(severity_word(finding.severity)),
            Cell::new(count(finding.count)).set_alignment(CellAlignment::Right),
            Cell::new(&finding.summary),
            Cell::new(examples.join("\n")),
            Cell::new(&finding.remedy),
        ]);
        rows += 1;
    }
    if rows == 0 { "  no defect found\n".to_owned() } else { format!("{table}\n") }
}

/// `row 7, 2018-11-25T10:00:00Z: what is there`; of a member in an archive its last name.
fn example(example: &Example, one_member: bool) -> String {
    let place = example.place.as_ref().map(|place| match one_member {
        true => format!("row {}", place.line),
        false => {
            let name = place.member.rsplit('/').next().unwrap_or_default();
            format!("{name}, row {}", place.line)
        }
    });
    let at: Vec<String> = place.into_iter().chain(example.time.map(to_iso)).collect();
    match (at.is_empty(), example.text.is_empty()) {
        (true, _) => example.text.clone(),
        (false, true) => at.join(", "),
        (false, false) => format!("{}: {}", at.join(", "), example.text),
    }
}

fn covered(coverage: &Coverage) -> String {
    let n = coverage.series.len() as u64;
    let common = match coverage.common {
        Some((from, to)) => format!("in common {} to {}", to_iso(from), to_iso(to)),
        None => "no time in common".to_owned(),
    };
    let of = length(coverage.interval_ms);
    let mut text = format!("Coverage of {} series of prices in bars of {of}: {common}", count(n));
    if coverage.together() {
        text.push_str("; all start and end together\n");
        return text;
    }
    let apart = |one: &&super::Covered| one.start_apart_ms != 0 || one.end_apart_ms != 0;
    let apart: Vec<_> = match coverage.series.len() <= LISTED_MAX {
        true => coverage.series.iter().collect(),
        false => coverage.series.iter().filter(apart).collect(),
    };
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["series", "start", "end", "start apart", "end apart"]);
    for one in apart.iter().take(LISTED_MAX) {
        table.add_row([
            one.name.clone(),
            to_iso(one.start),
            to_iso(one.end),
            shift(one.start_apart_ms),
            shift(one.end_apart_ms),
        ]);
    }
    let more = apart.len().saturating_sub(LISTED_MAX);
    let more =
        if more > 0 { format!("and {more} more that start or end apart\n") } else { String::new() };
    format!("{text}\n{table}\n{more}")
}

/// `1h later`, or nothing.
fn shift(ms: i64) -> String {
    match ms {
        0 => String::new(),
        1.. => format!("{} later", length(ms)),
        _ => format!("{} earlier", length(ms.saturating_neg())),
    }
}

/// What an import wrote: a line a file, and below it what was mended or left as it was.
pub fn written_text(files: &[PathBuf], series: &[Judged]) -> String {
    let mut text = String::new();
    for (at, file) in files.iter().enumerate() {
        text.push_str(&format!("wrote {}", file.display()));
        // Files of series come first, in their order.
        let Some(judged) = series.get(at) else {
            text.push('\n');
            continue;
        };
        text.push_str(&format!(": {}\n", held(judged)));
        for finding in &judged.findings {
            // What every file has is left to an inspection.
            let usual = matches!(
                finding.kind,
                FindingKind::LastBarUnproven | FindingKind::LastDayShort | FindingKind::Remark
            );
            if finding.severity != Severity::Note || !usual {
                let word = severity_word(finding.severity);
                text.push_str(&format!("  {word}: {}\n", finding.summary));
            }
        }
    }
    text
}

/// `BTC.last, 720 bars of 1h, 2024-11-01T00:00:00Z to …`.
fn held(judged: &Judged) -> String {
    let rows = judged.clean.as_ref().map_or(0, Clean::n_rows) as u64;
    let (what, times) = match &judged.clean {
        Some(Clean::Bars(bars)) => (
            format!("{} of {}", plural(rows, "bar"), length(bars.interval_ms)),
            &bars.open_time[..],
        ),
        Some(Clean::Series(series)) => (plural(rows, "value"), &series.time[..]),
        Some(Clean::Table(table)) => {
            (plural(rows, "row"), table.time.as_deref().unwrap_or_default())
        }
        None => (String::new(), &[][..]),
    };
    let span = times.first().zip(times.last());
    let span = span.map_or_else(String::new, |(first, last)| {
        format!(", {} to {}", to_iso(*first), to_iso(*last))
    });
    format!("{}, {what}{span}", judged.facts.label)
}
