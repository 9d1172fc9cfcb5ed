//! An inspection as JSON, for another program. Keys are stable; a value that there is none of is
//! null.

use serde_json::{Value, json};

use super::coverage::{Coverage, coverage};
use crate::data::compare::{Agreement, Pair, Side};
use crate::data::{Example, Facts, Finding, Inspection, Judged, Severity, Shape};
use crate::units::time::to_iso;

/// `{series: […], sources: […], coverage: […], pairs: […], command}`; `command` is the import that
/// would go through.
pub fn inspection_json(inspection: &Inspection, pairs: &[Pair], command: Option<&str>) -> Value {
    let source = |source: &crate::data::SourceHash| {
        json!({
            "file": source.path.display().to_string(),
            "sha256": source.sha256,
            "bytes": source.bytes,
        })
    };
    json!({
        "series": inspection.series.iter().map(series).collect::<Vec<_>>(),
        "sources": inspection.sources.iter().map(source).collect::<Vec<_>>(),
        "coverage": coverage(&inspection.series).iter().map(covered).collect::<Vec<_>>(),
        "pairs": pairs.iter().map(pair).collect::<Vec<_>>(),
        "command": command,
    })
}

fn series(judged: &Judged) -> Value {
    let mut value = facts(&judged.facts);
    value["blocked"] = json!(judged.clean.is_none());
    value["findings"] = judged.findings.iter().map(finding).collect();
    value
}

fn facts(facts: &Facts) -> Value {
    let forms = facts.written.iter();
    json!({
        "asset": facts.label.asset,
        "quote": facts.label.quote,
        "role": facts.label.role.name(),
        "layout": facts.layout,
        "shape": facts.shape.map(shape_word),
        "members": facts.members,
        "rows_read": facts.rows_read,
        "rows_in_span": facts.rows_in_span,
        "first": facts.span.map(|span| to_iso(span.0)),
        "last": facts.span.map(|span| to_iso(span.1)),
        "interval_ms": facts.interval_ms,
        "times": forms.map(|(form, rows)| json!({ "form": form.name(), "rows": rows }))
            .collect::<Vec<_>>(),
        "range": facts.range.map(|range| json!([number(range.0), number(range.1)])),
        "columns": facts.columns,
    })
}

fn shape_word(shape: Shape) -> &'static str {
    match shape {
        Shape::Bars => "bars",
        Shape::Close => "close",
        Shape::Series => "series",
    }
}

fn finding(finding: &Finding) -> Value {
    json!({
        "kind": finding.kind.word(),
        "severity": severity_word(finding.severity),
        "count": finding.count,
        "summary": finding.summary,
        "examples": finding.examples.iter().map(example).collect::<Vec<_>>(),
        "remedy": finding.remedy,
    })
}

fn example(example: &Example) -> Value {
    json!({
        "member": example.place.as_ref().map(|place| &place.member),
        "row": example.place.as_ref().map(|place| place.line),
        "time": example.time.map(to_iso),
        "text": example.text,
    })
}

/// The word for it in tables and JSON.
pub(super) fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Repaired => "repaired",
        Severity::Accepted => "accepted",
        Severity::Blocks => "blocks",
    }
}

fn covered(coverage: &Coverage) -> Value {
    let series = coverage.series.iter().map(|one| {
        json!({
            "name": one.name,
            "start": to_iso(one.start),
            "end": to_iso(one.end),
            "start_apart_ms": one.start_apart_ms,
            "end_apart_ms": one.end_apart_ms,
        })
    });
    json!({
        "interval_ms": coverage.interval_ms,
        "common_start": coverage.common.map(|span| to_iso(span.0)),
        "common_end": coverage.common.map(|span| to_iso(span.1)),
        "series": series.collect::<Vec<_>>(),
    })
}

fn pair(pair: &Pair) -> Value {
    let (agreement, problem) = match &pair.agreement {
        Ok(agreement) => (Some(agreed(agreement)), None),
        Err(problem) => (None, Some(problem)),
    };
    json!({ "a": pair.a, "b": pair.b, "problem": problem, "agreement": agreement })
}

fn agreed(found: &Agreement) -> Value {
    let incomplete = found.incomplete.iter().map(|bar| {
        json!({
            "time": to_iso(bar.time),
            "have": bar.have,
            "of": bar.of,
            "volume_ratio": bar.volume_ratio.map(number),
        })
    });
    let examples = found.examples.iter().map(|one| {
        json!({
            "time": to_iso(one.time),
            "column": one.column,
            "a": number(one.a),
            "b": number(one.b),
        })
    });
    let columns = found.columns.iter().map(|column| {
        json!({
            "name": column.name,
            "differing": column.differing,
            "greatest_relative": number(column.greatest),
        })
    });
    json!({
        "verdict": found.verdict(),
        "interval_ms": found.interval_ms,
        "summed_up": found.summed_up.map(|side| if side == Side::A { "a" } else { "b" }),
        "common_bars": found.common_bars,
        "common_first": found.common_span.map(|span| to_iso(span.0)),
        "common_last": found.common_span.map(|span| to_iso(span.1)),
        "equal_bits": found.equal_bits,
        "equal_closely": found.equal_closely,
        "equal_closes": found.equal_closes,
        "differing": found.differing,
        "examples": examples.collect::<Vec<_>>(),
        "columns": columns.collect::<Vec<_>>(),
        "only_in_a": found.only_in_a,
        "only_in_b": found.only_in_b,
        "incomplete": found.n_incomplete,
        "incomplete_last": incomplete.collect::<Vec<_>>(),
        "basis_mean_bps": found.basis.map(|basis| number(basis.mean_bps)),
        "basis_mean_size_bps": found.basis.map(|basis| number(basis.mean_size_bps)),
        "basis_max_bps": found.basis.map(|basis| number(basis.max_bps)),
        "basis_max_time": found.basis.map(|basis| to_iso(basis.max_time)),
        "lag_bars": found.lag.map(|lag| lag.bars),
        "lag_correlation": found.lag.map(|lag| number(lag.correlation)),
        "unshifted_correlation": found.lag.and_then(|lag| lag.unshifted).map(number),
    })
}

/// A number, as text where JSON has none for it.
fn number(value: f64) -> Value {
    serde_json::Number::from_f64(value + 0.0)
        .map_or_else(|| Value::String(value.to_string()), Value::Number)
}
