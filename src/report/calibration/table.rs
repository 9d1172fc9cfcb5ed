//! The parameters as a table: on the terminal, as CSV and as JSON.

use std::path::Path;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use serde_json::{Value, json};

use super::fragment::{figures, rounded};
use super::{Calibrated, Compared};
use crate::fields::Duration;
use crate::report::number::count;
use crate::report::terminal::push_wrapped;
use crate::units::time::to_iso;

/// What a calibration prints.
pub fn calibration_text(of: &Calibrated, compared: &[Compared], written: &Path) -> String {
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
    if !compared.is_empty() {
        text.push_str("\nThe history beside simulated paths of its length:\n");
        text.push_str(&comparison(compared));
        text.push('\n');
    }
    let warnings: Vec<String> = compared.iter().filter_map(Compared::warning).collect();
    for note in of.repairs.iter().chain(&of.found.notes).chain(&warnings) {
        push_wrapped(&mut text, "- ", note);
    }
    text.push_str(&format!("Files: {}\n", written.display()));
    text
}

fn comparison(compared: &[Compared]) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["asset", "figure", "history", "model, 5 %", "50 %", "95 %"]);
    for one in compared {
        let number = |value: f64| Cell::new(rounded(value, 4)).set_alignment(CellAlignment::Right);
        let [low, middle, high] = one.model.map(number);
        let name = Cell::new(&one.asset);
        table.add_row([name, Cell::new(one.figure), number(one.history), low, middle, high]);
    }
    table.to_string()
}

/// `asset,figure,history,model_p05,model_p50,model_p95`.
pub(super) fn comparison_csv(compared: &[Compared]) -> String {
    let mut text = "asset,figure,history,model_p05,model_p50,model_p95\n".to_owned();
    for Compared { asset, figure, history, model: [low, middle, high] } in compared {
        let figure =
            if figure.contains(',') { format!("\"{figure}\"") } else { (*figure).to_owned() };
        text.push_str(&format!("{asset},{figure},{history},{low},{middle},{high}\n"));
    }
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
pub fn calibration_json(of: &Calibrated, compared: &[Compared]) -> Value {
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
    let warnings: Vec<String> = compared.iter().filter_map(Compared::warning).collect();
    let notes: Vec<&String> = of.repairs.iter().chain(&of.found.notes).chain(&warnings).collect();
    let figure = |one: &Compared| json!({ "asset": one.asset, "figure": one.figure, "history": one.history, "model": one.model });
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
        "comparison": compared.iter().map(figure).collect::<Vec<Value>>(),
        "notes": notes,
    })
}
