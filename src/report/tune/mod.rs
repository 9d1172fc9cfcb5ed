//! What `drypowder tune` writes and prints.

mod conditions;
mod picture;
mod scenario;
mod table;
mod text;

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::dictionary::dictionary_json;
use super::files::FilesError;
use super::folder::{FolderError, OutFolder, at};
use super::json::number;
use super::manifest::{self, hex};
use super::produce::ProduceError;
use crate::scenario::{ScenarioFile, live_top_up};
use crate::study::{self, Candidate, Estimate, Execution, Judged, Progress, TuneError, TuneResult};

pub use text::tune_report;

/// Names of the files.
const CANDIDATES: &str = "tune.csv";
const PROFILES: &str = "tune_profile.csv";
const CONDITIONS: &str = "tune_conditions.csv";
const WALK: &str = "walk_forward.csv";
const SCENARIO: &str = "recommendation.toml";
const LIVE: &str = "topup.json";

/// A finished tuning and what it wrote.
#[derive(Clone, Debug)]
pub struct TuneFinished {
    /// What was found.
    pub found: TuneResult,
    /// What of the recommendation could not be written, and why.
    pub remarks: Vec<String>,
    /// SHA-256 of the tables.
    pub result_hash: String,
    /// Where its files are.
    pub folder: PathBuf,
}

/// Why a tuning has no result.
#[derive(Debug, thiserror::Error)]
pub enum ProduceTuneError {
    /// The scenario does not say what to tune, or cannot be judged as it stands.
    #[error("{0}")]
    Input(String),
    /// The study or its files.
    #[error(transparent)]
    Produce(#[from] ProduceError),
}

impl From<TuneError> for ProduceTuneError {
    fn from(error: TuneError) -> Self {
        match error {
            TuneError::Study(error) => Self::Produce(ProduceError::Study(error)),
            other => Self::Input(other.to_string()),
        }
    }
}

/// Tunes a scenario and writes `tune.csv`, `tune_profile.csv`, `tune_conditions.csv`, pictures and
/// `manifest.json`; for a replay `walk_forward.csv`; where a setting is recommended, `recommendation.toml`
/// and `topup.json`. The folder grows as `<out>.partial`; a tuning
/// that is stopped leaves it behind.
///
/// # Errors
/// As [`study::tune`]; a folder that cannot be written.
pub fn produce_tune(
    file: &ScenarioFile,
    execution: &Execution,
    out: &Path,
    force: bool,
    progress: &mut impl Progress,
) -> Result<TuneFinished, ProduceTuneError> {
    study::goal_of(file.base())?;
    let folder = OutFolder::open(out, force).map_err(ProduceError::from)?;
    let found = study::tune(file, execution, progress)?;
    let (result_hash, remarks) = write(&folder, file, &found).map_err(ProduceError::from)?;
    let folder = folder.finish().map_err(ProduceError::from)?;
    Ok(TuneFinished { found, remarks, result_hash, folder })
}

fn write(
    folder: &OutFolder,
    file: &ScenarioFile,
    found: &TuneResult,
) -> Result<(String, Vec<String>), FilesError> {
    let mut hash = Sha256::new();
    let mut write = |name: &str, table: fn(&TuneResult, &mut Vec<u8>) -> io::Result<()>| {
        let (path, mut bytes) = (folder.path(name), Vec::new());
        at(&path, table(found, &mut bytes))?;
        hash.update(&bytes);
        at(&path, std::fs::write(&path, &bytes))
    };
    write(CANDIDATES, table::write_candidates)?;
    write(PROFILES, table::write_profiles)?;
    if !found.robustness.conditions.is_empty() {
        write(CONDITIONS, conditions::write)?;
    }
    if found.walk.is_some() {
        write(WALK, conditions::write_walk)?;
    }
    if file.base().report.charts {
        picture::draw(folder, file, found)?;
    }
    let mut remarks = Vec::new();
    if let Some(recommended) = found.recommended {
        write_scenario(folder, file, found, recommended, &mut remarks)?;
        write_live(folder, file, found, recommended, &mut remarks)?;
    }
    let hash = hex(&hash.finalize());
    write_manifest(folder, file, found, &hash)?;
    Ok((hash, remarks))
}

/// The winning scenario, which leads to the same data from the folder: where it grows is beside where it
/// will stand.
fn write_scenario(
    folder: &OutFolder,
    file: &ScenarioFile,
    found: &TuneResult,
    recommended: usize,
    remarks: &mut Vec<String>,
) -> Result<(), FolderError> {
    let candidate = found.candidate(recommended);
    match scenario::scenario_text(file, &candidate.setting, folder.partial()) {
        Ok(text) => {
            let path = folder.path(SCENARIO);
            at(&path, std::fs::write(&path, text))
        }
        Err(why) => {
            let sets = candidate.setting.sets.iter();
            let sets: Vec<String> =
                sets.map(|(path, value)| format!("--set '{path}={value}'")).collect();
            remarks.push(format!("{SCENARIO} was not written: {why}; use {}", sets.join(" ")));
            Ok(())
        }
    }
}

/// The live configuration: one file, or one for each agent where they differ and none is named.
fn write_live(
    folder: &OutFolder,
    file: &ScenarioFile,
    found: &TuneResult,
    recommended: usize,
    remarks: &mut Vec<String>,
) -> Result<(), FolderError> {
    let Ok(scenario) = file.with(&found.candidate(recommended).setting) else { return Ok(()) };
    let agents = &scenario.plan.agents;
    let named = found.objective.agent.and_then(|at| agents.get(at));
    let of = |name: &str| live_top_up(&scenario, name).map(|live| (name.to_owned(), live));
    let lives: Vec<(String, Value)> = match named {
        Some(agent) => of(&agent.name).into_iter().collect(),
        None => agents.iter().filter_map(|agent| of(&agent.name)).collect(),
    };
    let Some((_, first)) = lives.first() else {
        remarks.push(format!("{LIVE} was not written: no agent has a top-up"));
        return Ok(());
    };
    let write = |name: &str, live: &Value| {
        let path = folder.path(name);
        at(&path, std::fs::write(&path, format!("{live:#}\n")))
    };
    if lives.iter().all(|(_, live)| live == first) {
        return write(LIVE, first);
    }
    let names = "agents have different top-ups: each has a file topup_NAME.json of its own";
    remarks.push(format!("{LIVE} was not written: {names}"));
    lives.iter().try_for_each(|(name, live)| write(&format!("topup_{name}.json"), live))
}

fn write_manifest(
    folder: &OutFolder,
    file: &ScenarioFile,
    found: &TuneResult,
    result_hash: &str,
) -> Result<(), FolderError> {
    let scenario = file.base();
    let name = |candidate: &Candidate| candidate.setting.name.clone();
    let recommended = found.recommended.map(|at| name(found.candidate(at)));
    let centre =
        found.finalists.get(found.centre).map(|one| name(&found.candidates[one.candidate]));
    let own = [
        ("paths", json!(found.paths)),
        ("validation_seed", json!(found.search.validation_seed)),
        ("validation_paths", json!(found.validation_paths())),
        ("search", json!(found.search.search.word())),
        ("candidates", json!(found.tried())),
        ("recommended", json!(recommended)),
        ("centre", json!(centre)),
        ("result_hash", json!(result_hash)),
    ];
    manifest::write(folder, scenario, "tune", own, dictionary_json())
}

/// `{name, seed, paths, result_hash, objective, recommended, sets, finalists, optimism, axes}`: a
/// figure is `{value, low, high}`, an end that there is none of null.
pub fn tune_json(file: &ScenarioFile, finished: &TuneFinished) -> Value {
    let (scenario, found) = (file.base(), &finished.found);
    let finalists: Vec<Value> = (found.finalists.iter())
        .map(|one| {
            let candidate = &found.candidates[one.candidate];
            json!({
                "candidate": candidate.setting.name,
                "sets": sets(&candidate.setting.sets),
                "search": candidate.outcome.as_ref().ok().map(|judged| worth(found, judged)),
                "fresh": one.fresh.as_ref().ok().map(|judged| worth(found, judged)),
            })
        })
        .collect();
    let recommended = found.recommended.map(|at| found.candidate(at));
    let axes: Vec<Value> = (found.axes.iter())
        .map(|axis| {
            json!({
                "path": axis.path,
                "finding": table::finding_word(axis.finding),
                "variance_share": axis.effect.map(|effect| number(effect.share)),
                "p_value": axis.effect.and_then(|effect| effect.p_value).map(number),
                "flat": axis.flat().map(|one| one.text.clone()),
            })
        })
        .collect();
    json!({
        "name": scenario.name,
        "seed": scenario.seed,
        "paths": found.paths,
        "result_hash": finished.result_hash,
        "objective": found.objective.formula(),
        "candidates": found.tried(),
        "recommended": recommended.map(|one| one.setting.name.clone()),
        "sets": recommended.map(|one| sets(&one.setting.sets)),
        "finalists": finalists,
        "base": found.base.as_ref().ok().map(|judged| worth(found, judged)),
        "optimism": found.optimism.map(|one| {
            estimate(&Estimate { value: one.value, interval: one.interval(0.95) })
        }),
        "axes": axes,
        "conditions": conditions::json(found),
        "walk_forward_efficiency":
            found.walk.as_ref().and_then(study::WalkForward::efficiency).map(number),
    })
}

fn sets(sets: &[(String, String)]) -> Value {
    sets.iter().map(|(path, value)| (path.clone(), json!(value))).collect()
}

fn estimate(one: &Estimate) -> Value {
    let end = |end: Option<f64>| end.map_or(Value::Null, number);
    json!({
        "value": number(one.value), "low": end(one.interval.low), "high": end(one.interval.high)
    })
}

fn worth(found: &TuneResult, judged: &Judged) -> Value {
    let figures = found.objective.figures();
    let figures: serde_json::Map<String, Value> = (figures.iter().zip(&judged.figures))
        .map(|((name, _), one)| ((*name).to_owned(), estimate(one)))
        .collect();
    let limits: Vec<Value> = (found.objective.limits.iter().zip(&judged.verdicts))
        .map(|(limit, verdict)| {
            json!({
                "metric": limit.name,
                "limit": number(limit.limit),
                "end": verdict.end.map(number),
                "standing": verdict.standing.word(),
            })
        })
        .collect();
    json!({
        "paths": judged.paths,
        "objective": estimate(&judged.objective),
        "figures": figures,
        "limits": limits,
    })
}
