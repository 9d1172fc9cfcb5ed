//! The parameters as a table: on the terminal, as CSV and as JSON.

use std::path::Path;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use serde_json::{Value, json};

use super::Calibrated;
use super::fragment::figures;
use crate::fields::Duration;
use crate::report::number::count;
use crate::units::time::to_iso;

/// What a calibration prints.
pub fn calibration_text(of: &Calibrated, written: &Path) -> String {
    let (from, to) = of.span();
    let mut text = format!(
        "{} of {}: {} log returns of {}, {} to {}\n",
        of.model_name(),
        of.returns.names.join(", "),
        count(of.returns.count() as f64),
        Duration { ms: of.returns.step_ms },
        to_iso(from),
        to_iso(to)
    );
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["parameter", "estimate", "standard error", "unit", "in the fragment"]);
    for one in &of.found.parameters {
        let (value, error) = figures(one);
        let name = [one.table.as_str(), one.key.as_str()].join(".");
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        table.add_row([
            Cell::new(name.trim_start_matches('.')),
            right(value),
            right(error.unwrap_or_else(|| "–".to_owned())),
            Cell::new(one.unit.text()),
            Cell::new(if one.written { "yes" } else { "no" }),
        ]);
    }
    text.push_str(&table.to_string());
    text.push('\n');
    if let Some(log_likelihood) = of.found.log_likelihood {
        text.push_str(&format!("Log likelihood: {log_likelihood:.2}\n"));
    }
    for note in of.repairs.iter().chain(&of.found.notes) {
        text.push_str(&format!("- {note}\n"));
    }
    text.push_str(&format!("Files: {}\n", written.display()));
    text
}

/// The same as CSV: `parameter,estimate,standard_error,unit,written`; empty where no error is known.
/// Numbers read back the same; lengths of time in ms.
pub(super) fn csv(of: &Calibrated) -> String {
    let mut text = "parameter,estimate,standard_error,unit,written\n".to_owned();
    for one in &of.found.parameters {
        let name = [one.table.as_str(), one.key.as_str()].join(".");
        let name = name.trim_start_matches('.');
        let name = if name.contains(',') { format!("\"{name}\"") } else { name.to_owned() };
        let error = one.error.map_or_else(String::new, |error| error.to_string());
        let unit = match one.unit {
            crate::prices::calibrate::Unit::Time => "ms",
            unit => unit.text(),
        };
        text.push_str(&format!("{name},{},{error},{unit},{}\n", one.value, one.written));
    }
    text
}

/// The same as JSON, with what it came from.
pub fn calibration_json(of: &Calibrated) -> Value {
    let (from, to) = of.span();
    let parameters: Vec<Value> = (of.found.parameters.iter())
        .map(|one| {
            json!({
                "table": one.table,
                "key": one.key,
                "estimate": one.value,
                "standard_error": one.error,
                "unit": match one.unit {
                    crate::prices::calibrate::Unit::Time => "ms",
                    unit => unit.text(),
                },
                "written": one.written,
            })
        })
        .collect();
    let sources: Vec<Value> = (of.sources.iter())
        .map(|source| json!({ "name": source.name, "sha256": source.sha256 }))
        .collect();
    let notes: Vec<&String> = of.repairs.iter().chain(&of.found.notes).collect();
    json!({
        "model": of.model_name(),
        "assets": of.returns.names,
        "step_ms": of.returns.step_ms,
        "returns": of.returns.count(),
        "from": to_iso(from),
        "to": to_iso(to),
        "sources": sources,
        "parameters": parameters,
        "log_likelihood": of.found.log_likelihood,
        "notes": notes,
    })
}
