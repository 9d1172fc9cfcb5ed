//! `tune_conditions.csv`: a row per condition and finalist; `walk_forward.csv`: a row per step.

use std::io;

use serde_json::{Value, json};

use crate::report::json::number;
use crate::report::number::{exact, exact_or_empty};
use crate::study::{Condition, TuneResult};
use crate::units::time::to_iso;

/// Writes `tune_conditions.csv`.
pub(super) fn write(found: &TuneResult, out: &mut Vec<u8>) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let names = [
        "condition",
        "kind",
        "paths",
        "candidate",
        "recommended",
        "status",
        "reason",
        "objective",
        "objective_low",
        "objective_high",
        "less_recommended",
        "less_recommended_low",
        "less_recommended_high",
        "regret",
        "limits",
    ];
    let mut header: Vec<String> = names.map(str::to_owned).into();
    for (name, _) in found.objective.figures() {
        header.extend([name.to_owned(), format!("{name}_low"), format!("{name}_high")]);
    }
    table.write_record(&header)?;
    for condition in &found.robustness.conditions {
        let regrets = condition.regrets(&found.objective);
        for (at, regret) in regrets.iter().enumerate() {
            let mut row = row(found, condition, at, *regret);
            row.resize(header.len(), String::new());
            table.write_record(row)?;
        }
    }
    table.flush()
}

/// An infinite regret is written as `inf`: a limit is broken that another keeps.
fn row(found: &TuneResult, condition: &Condition, at: usize, regret: f64) -> Vec<String> {
    let mut row = vec![
        condition.name.clone(),
        condition.kind.word().to_owned(),
        condition.paths.to_string(),
        found.candidate(at).setting.name.clone(),
        u8::from(found.recommended == Some(at)).to_string(),
    ];
    let judged = match &condition.worth[at] {
        Ok(judged) => judged,
        Err(why) => {
            row.extend(["failed".to_owned(), why.clone()]);
            return row;
        }
    };
    row.extend(["done".to_owned(), String::new(), exact(judged.objective.value)]);
    row.push(exact_or_empty(judged.objective.interval.low));
    row.push(exact_or_empty(judged.objective.interval.high));
    match &condition.worth[found.centre] {
        Ok(centre) => {
            let less = judged.less(centre);
            let interval = less.interval(0.95);
            row.push(exact(less.value));
            row.extend([exact_or_empty(interval.low), exact_or_empty(interval.high)]);
        }
        Err(_) => row.extend([String::new(), String::new(), String::new()]),
    }
    row.push(if regret.is_finite() { exact(regret) } else { "inf".to_owned() });
    let none = found.objective.limits.is_empty();
    row.push(if none { "" } else { judged.standing().word() }.to_owned());
    for one in &judged.figures {
        row.push(exact(one.value));
        row.extend([exact_or_empty(one.interval.low), exact_or_empty(one.interval.high)]);
    }
    row
}

/// Writes `walk_forward.csv`.
pub(super) fn write_walk(found: &TuneResult, out: &mut Vec<u8>) -> io::Result<()> {
    let Some(walk) = &found.walk else { return Ok(()) };
    let mut table = csv::Writer::from_writer(out);
    let names = ["step", "searched_from", "searched_to", "tested_from", "tested_to", "candidate"];
    let mut header: Vec<String> = names.map(str::to_owned).into();
    header.extend(found.search.space.axes.iter().map(|axis| axis.path.clone()));
    let figures = ["in_sample", "base_in_sample", "out_of_sample", "base_out_of_sample"];
    header.extend(figures.map(str::to_owned));
    header.extend(["limits_in_sample", "limits_out_of_sample"].map(str::to_owned));
    table.write_record(&header)?;
    for (at, step) in walk.steps.iter().enumerate() {
        let (searched, tested) = (step.searched_ms, step.tested_ms);
        let mut row = vec![(at + 1).to_string()];
        row.extend([searched.0, searched.1, tested.0, tested.1].map(to_iso));
        if let Some(walked) = step.walked {
            let candidate = &found.candidates[walked.candidate];
            row.push(candidate.setting.name.clone());
            row.extend(super::table::coordinates(candidate));
            row.extend([exact(walked.in_sample), exact(walked.base_in_sample)]);
            row.extend([exact(walked.out_of_sample), exact(walked.base_out_of_sample)]);
            let word = |keeps: bool| if keeps { "kept" } else { "broken" }.to_owned();
            row.extend(walked.keeps.map(word));
        }
        row.resize(header.len(), String::new());
        table.write_record(row)?;
    }
    table.flush()
}

/// `[{condition, kind, paths, finalists: [{candidate, objective, regret, limits}]}]`; a regret that is
/// infinite is null.
pub(super) fn json(found: &TuneResult) -> Value {
    let one = |condition: &Condition| {
        let regrets = condition.regrets(&found.objective);
        let finalists: Vec<Value> = (condition.worth.iter().zip(regrets).enumerate())
            .map(|(at, (worth, regret))| {
                let judged = worth.as_ref().ok();
                json!({
                    "candidate": found.candidate(at).setting.name,
                    "objective": judged.map(|one| super::estimate(&one.objective)),
                    "regret": number(regret),
                    "limits": judged.map(|one| one.standing().word()),
                })
            })
            .collect();
        json!({
            "condition": condition.name,
            "kind": condition.kind.word(),
            "paths": condition.paths,
            "finalists": finalists,
        })
    };
    found.robustness.conditions.iter().map(one).collect()
}
