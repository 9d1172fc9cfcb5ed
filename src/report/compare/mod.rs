//! What `drypowder compare` writes and prints.

mod figures;
mod picture;
mod remarks;
mod tables;
mod tail;
mod text;

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::dictionary::dictionary_json;
use super::files::FilesError;
use super::folder::{FolderError, OutFolder, at};
use super::json::{ends, member, number};
use super::kills;
use super::manifest::{self, hex};
use super::produce::ProduceError;
use super::summary::Summary;
use crate::scenario::Scenario;
use crate::study::{self, Comparison, Entrants, Execution, Progress};

pub use figures::{CompareFigures, CompareRow};
pub use text::compare_report;

/// A finished comparison and what it wrote.
pub struct CompareFinished {
    /// What was found.
    pub found: Comparison,
    /// Its figures.
    pub figures: CompareFigures,
    /// SHA-256 over `compare.csv`, `compare_events.csv` and `compare_paths.csv`.
    pub result_hash: String,
    /// Where its files are.
    pub folder: PathBuf,
}

/// Compares entrants and writes `compare.csv`, `compare_events.csv`, `compare_paths.csv`, `kills.csv` and
/// `kill_summary.csv` (where kills are judged), `compare.png` (where charts are wanted) and `manifest.json`. `scenario` gives prices, seed and paths. The folder
/// grows as `<out>.partial`; a comparison that is stopped leaves it behind.
///
/// # Errors
/// If the folder cannot be written, the study is stopped, or a path cannot be run.
pub fn produce_compare(
    scenario: &Scenario,
    entrants: &Entrants,
    execution: &Execution,
    out: &Path,
    force: bool,
    progress: &mut impl Progress,
) -> Result<CompareFinished, ProduceError> {
    let folder = OutFolder::open(out, force)?;
    let found = study::compare(scenario, entrants, execution, progress)?;
    let figures = CompareFigures::of(scenario, &found);
    let result_hash = write(&folder, scenario, entrants, &found, &figures)?;
    Ok(CompareFinished { found, figures, result_hash, folder: folder.finish()? })
}

fn write(
    folder: &OutFolder,
    scenario: &Scenario,
    entrants: &Entrants,
    found: &Comparison,
    figures: &CompareFigures,
) -> Result<String, FilesError> {
    let mut hash = Sha256::new();
    let mut table = |name: &str, write: &dyn Fn(&mut Vec<u8>) -> io::Result<()>| {
        let path = folder.path(name);
        let mut bytes = Vec::new();
        at(&path, write(&mut bytes).and_then(|()| std::fs::write(&path, &bytes)))?;
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(&bytes);
        Ok::<_, FolderError>(())
    };
    table("compare.csv", &|out| tables::write_figures(out, figures))?;
    table("compare_events.csv", &|out| tables::write_rules(out, found))?;
    table("compare_paths.csv", &|out| tables::write_paths(out, found))?;
    if let Some(kills) = &found.kills {
        table("kills.csv", &|out| kills::write_csv(out, &found.set, kills))?;
        let summary = kill_summary(found);
        table("kill_summary.csv", &|out| summary.write_csv(out))?;
    }
    if scenario.report.charts {
        picture::draw(scenario, found, &folder.path("compare.png"))?;
    }
    let hash = hex(&hash.finalize());
    write_manifest(folder, scenario, entrants, figures, &hash)?;
    Ok(hash)
}

/// The figures of kills, by variant, agent and figure.
fn kill_summary(found: &Comparison) -> Summary {
    Summary::of_rows(kills::rows(found.kills.as_deref().unwrap_or_default(), &found.study))
}

fn write_manifest(
    folder: &OutFolder,
    scenario: &Scenario,
    entrants: &Entrants,
    figures: &CompareFigures,
    result_hash: &str,
) -> Result<(), FolderError> {
    let variants: Vec<Value> = (entrants.plans.iter().zip(&entrants.sets))
        .map(|((name, _), sets)| {
            let sets: Map<String, Value> =
                sets.iter().map(|(path, value)| (path.clone(), json!(value))).collect();
            json!({ "name": name, "sets": sets })
        })
        .collect();
    let own = [
        ("paths", json!(scenario.paths)),
        ("baseline", json!(entrants.plans[0].0)),
        ("several_files", json!(entrants.several)),
        ("variants", json!(variants)),
        ("tests", json!(figures.tests)),
        ("result_hash", json!(result_hash)),
    ];
    manifest::write(folder, scenario, "compare", own, dictionary_json())
}

/// `{name, baseline, seed, paths, tests, result_hash, metrics: {variant: {agent: {metric: {baseline,
/// value, difference, interval, p_sign, p_holm, paths_more, paths_fewer, paths_same}}}}}`; what there is
/// none of is null.
pub fn compare_json(scenario: &Scenario, finished: &CompareFinished) -> Value {
    let mut metrics = Map::new();
    for row in &finished.figures.rows {
        let agent = member(member(&mut metrics, &row.variant), &row.agent);
        let value = |value: Option<f64>| value.map_or(Value::Null, number);
        let paths = |place: usize| row.paths.map(|paths| paths[place]);
        let entry = json!({
            "baseline": value(row.baseline),
            "value": value(row.value),
            "difference": value(row.difference),
            "interval": ends(&row.interval),
            "p_sign": value(row.p_sign),
            "p_holm": value(row.p_holm),
            "paths_more": paths(0),
            "paths_fewer": paths(1),
            "paths_same": paths(2),
        });
        agent.insert(row.metric.clone(), entry);
    }
    json!({
        "name": scenario.name,
        "baseline": finished.found.study.variants[0].name,
        "seed": scenario.seed,
        "paths": finished.found.study.paths,
        "tests": finished.figures.tests,
        "result_hash": finished.result_hash,
        "metrics": metrics,
    })
}
