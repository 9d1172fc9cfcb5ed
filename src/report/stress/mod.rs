//! What `drypowder stress` writes and prints.

mod figures;
mod picture;
mod text;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use self::figures::{DICTIONARY, Figures};
use super::files::FilesError;
use super::folder::{FolderError, OutFolder, at};
use super::json::{ends, member, number};
use super::manifest::{self, hex};
use super::produce::ProduceError;
use super::rare::{Rare, rare_files};
use crate::scenario::Scenario;
use crate::study::{self, Execution, Progress, StressError, StressResult, VariantSet};

pub use text::stress_report;

/// A finished stress and what it wrote.
#[derive(Clone, Debug)]
pub struct StressFinished {
    /// What was found.
    pub found: StressResult,
    /// What was asked about rare events.
    pub rare: Rare,
    /// SHA-256 of `stress.csv`.
    pub result_hash: String,
    /// Where its files are.
    pub folder: PathBuf,
    figures: Figures,
}

/// Runs a scenario's shocks and writes `stress.csv`, `stress.png` (where charts are wanted) and
/// `manifest.json`. The folder grows as `<out>.partial`; a stress that is stopped leaves it behind.
pub fn produce_stress(
    scenario: &Scenario,
    execution: &Execution,
    out: &Path,
    force: bool,
    progress: &mut impl Progress,
) -> Result<StressFinished, ProduceError> {
    let folder = OutFolder::open(out, force)?;
    let found = study::stress(scenario, execution, progress).map_err(|error| match error {
        StressError::Model(error) => ProduceError::Model(error),
        StressError::Study(error) => ProduceError::Study(error),
    })?;
    let figures = Figures::of(&found);
    let rare = Rare::of(scenario, execution)?;
    if !rare.is_empty() {
        rare_files(&folder, scenario, &VariantSet::of(scenario)?, &rare)?;
    }
    let result_hash = write(&folder, scenario, &found, &figures)?;
    Ok(StressFinished { found, rare, result_hash, folder: folder.finish()?, figures })
}

fn write(
    folder: &OutFolder,
    scenario: &Scenario,
    found: &StressResult,
    figures: &Figures,
) -> Result<String, FilesError> {
    let path = folder.path("stress.csv");
    let mut table = Vec::new();
    at(&path, figures.write_csv(&mut table).and_then(|()| std::fs::write(&path, &table)))?;
    if scenario.report.charts {
        picture::draw(scenario, found, figures, &folder.path("stress.png"))?;
    }
    let hash = hex(&Sha256::digest(&table));
    write_manifest(folder, scenario, found, &hash)?;
    Ok(hash)
}

fn write_manifest(
    folder: &OutFolder,
    scenario: &Scenario,
    found: &StressResult,
    result_hash: &str,
) -> Result<(), FolderError> {
    let shocks: Map<String, Value> = (scenario.stress.shocks.iter())
        .map(|shock| (shock.name.clone(), json!(shock.words)))
        .collect();
    let runs: Vec<&str> = found.runs.iter().map(|run| run.name.as_str()).collect();
    let metrics: Vec<Value> = (DICTIONARY.iter())
        .map(|(name, unit, meaning)| json!({ "name": name, "unit": unit, "meaning": meaning }))
        .collect();
    let own = [
        ("paths", json!(found.study.paths)),
        ("shocks", json!(shocks)),
        ("left_out", json!(scenario.stress.remarks)),
        ("runs", json!(runs)),
        ("result_hash", json!(result_hash)),
    ];
    manifest::write(folder, scenario, "stress", own, Value::Array(metrics))
}

/// `{name, seed, paths, result_hash, metrics: {shock: {agent: {metric: value}}}}`, and `intervals`
/// alike: `[low, high]` of 95 % where there is one. A value or end that there is none of is null.
pub fn stress_json(scenario: &Scenario, finished: &StressFinished) -> Value {
    let (mut metrics, mut intervals) = (Map::new(), Map::new());
    for one in &finished.figures.0 {
        let agent = member(member(&mut metrics, &one.shock), &one.agent);
        agent.insert(one.metric.to_owned(), one.value.map_or(Value::Null, number));
        if let Some(interval) = ends(&one.interval) {
            let agent = member(member(&mut intervals, &one.shock), &one.agent);
            agent.insert(one.metric.to_owned(), interval);
        }
    }
    let mut all = json!({
        "name": scenario.name,
        "seed": scenario.seed,
        "paths": finished.found.study.paths,
        "result_hash": finished.result_hash,
        "metrics": metrics,
        "intervals": intervals,
    });
    if !finished.rare.is_empty() {
        all["rare"] = finished.rare.json();
    }
    all
}
