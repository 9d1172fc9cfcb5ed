//! What was swept, hashes of everything, and the figures as JSON.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{LONG, SweepFinished, SweepPlan, SweepRow, WIDE};
use crate::report::dictionary::dictionary_json;
use crate::report::files::FilesError;
use crate::report::folder::{OutFolder, at};
use crate::report::manifest::{self, hash_file, hex};
use crate::scenario::Scenario;

/// Writes `manifest.json`; the hash of the tables.
pub(super) fn write(
    folder: &OutFolder,
    plan: &SweepPlan<'_>,
    rows: &[SweepRow],
) -> Result<String, FilesError> {
    let scenario = plan.file.base();
    let mut hash = Sha256::new();
    for name in [WIDE, LONG] {
        let path = folder.path(name);
        hash.update(at(&path, hash_file(&path))?);
    }
    let result_hash = hex(&hash.finalize());
    let failed = rows.iter().filter(|row| row.figures.is_err()).count();
    let own = [
        ("paths", json!(scenario.paths)),
        ("variants", json!(rows.len())),
        ("failed", json!(failed)),
        ("dropped", json!(plan.design.dropped)),
        ("axes", json!(plan.axes())),
        ("result_hash", json!(result_hash)),
    ];
    manifest::write(folder, scenario, "sweep", own, dictionary_json())?;
    Ok(result_hash)
}

/// `{name, seed, paths, result_hash, variants: [{variant, status, reason?, fields, metrics: {agent:
/// {figure: value}}}]}`.
pub fn sweep_json(scenario: &Scenario, plan: &SweepPlan<'_>, finished: &SweepFinished) -> Value {
    let variant = |row: &SweepRow| {
        let mut metrics = serde_json::Map::new();
        for figure in row.figures.as_deref().unwrap_or_default() {
            let agent = crate::report::json::member(&mut metrics, &figure.agent);
            let value = figure.value.map_or(Value::Null, crate::report::json::number);
            agent.insert(figure.metric.clone(), value);
        }
        let named = plan
            .axes()
            .into_iter()
            .map(str::to_owned)
            .zip(row.coordinates.iter().map(|text| json!(text)));
        let fields: serde_json::Map<String, Value> = named.collect();
        json!({
            "variant": row.variant,
            "status": if row.figures.is_ok() { "done" } else { "failed" },
            "reason": row.figures.as_ref().err(),
            "fields": fields,
            "metrics": metrics,
        })
    };
    json!({
        "name": scenario.name,
        "seed": scenario.seed,
        "paths": scenario.paths,
        "result_hash": finished.result_hash,
        "variants": finished.rows.iter().map(variant).collect::<Vec<_>>(),
    })
}
