//! `tune.csv`: a row per candidate and stage; `tune_profile.csv`: a row per axis and value.

use std::io;

use crate::report::number::{exact, exact_or_empty};
use crate::study::{Candidate, Finding, Judged, TuneResult};

/// Writes `tune.csv`: every candidate on the paths of the last rung it ran on (stage `search`), and the
/// finalists on fresh ones (stage `validation`).
pub(super) fn write_candidates(found: &TuneResult, out: &mut Vec<u8>) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(header(found))?;
    for (number, candidate) in found.candidates.iter().enumerate() {
        let outcome = candidate.outcome.as_ref();
        table.write_record(row(found, number, "search", outcome.map_err(String::as_str)))?;
    }
    for finalist in &found.finalists {
        let outcome = finalist.fresh.as_ref().map_err(String::as_str);
        table.write_record(row(found, finalist.candidate, "validation", outcome))?;
    }
    table.flush()
}

fn header(found: &TuneResult) -> Vec<String> {
    let names = ["candidate", "stage", "rung", "paths", "status", "reason", "role", "on_front"];
    let mut header: Vec<String> = names.map(str::to_owned).into();
    header.extend(found.search.space.axes.iter().map(|axis| axis.path.clone()));
    let with_ends = |name: &str| [name.to_owned(), format!("{name}_low"), format!("{name}_high")];
    header.extend(with_ends("objective"));
    for (name, _) in found.objective.figures() {
        header.extend(with_ends(name));
    }
    for (at, limit) in found.objective.limits.iter().enumerate() {
        let number = at + 1;
        header.push(format!("limit_{number}_{}_end", limit.name));
        header.push(format!("limit_{number}_{}", limit.name));
    }
    header.push("limits".to_owned());
    header
}

fn row(
    found: &TuneResult,
    number: usize,
    stage: &str,
    outcome: Result<&Judged, &str>,
) -> Vec<String> {
    let candidate = &found.candidates[number];
    let paths = outcome.map_or(String::new(), |judged| judged.paths.to_string());
    let (status, reason) = match outcome {
        Ok(_) => ("done", ""),
        Err(why) => ("failed", why),
    };
    let on_front = found.front.points.iter().any(|one| one.candidate == number && one.on_front);
    let mut row = vec![
        candidate.setting.name.clone(),
        stage.to_owned(),
        (candidate.rung + 1).to_string(),
        paths,
        status.to_owned(),
        reason.to_owned(),
        role(found, number).to_owned(),
        u8::from(on_front).to_string(),
    ];
    row.extend(coordinates(candidate));
    match outcome {
        Ok(judged) => row.extend(figures(found, judged)),
        Err(_) => row.resize(header(found).len(), String::new()),
    }
    row
}

/// What became of a candidate.
fn role(found: &TuneResult, number: usize) -> &'static str {
    let finalist = found.finalists.iter().position(|one| one.candidate == number);
    match finalist {
        Some(at) if found.recommended == Some(at) => "recommended",
        Some(_) => "finalist",
        None if found.ties.contains(&number) => "tie",
        None => "",
    }
}

/// The value of each axis as written; empty where there is none.
pub(super) fn coordinates(candidate: &Candidate) -> Vec<String> {
    let text = |one: &Option<crate::scenario::Coordinate>| {
        one.as_ref().map_or_else(String::new, |one| one.text.clone())
    };
    candidate.point.iter().map(text).collect()
}

fn figures(found: &TuneResult, judged: &Judged) -> Vec<String> {
    let mut row = Vec::new();
    for one in std::iter::once(&judged.objective).chain(&judged.figures) {
        row.push(exact(one.value));
        row.push(exact_or_empty(one.interval.low));
        row.push(exact_or_empty(one.interval.high));
    }
    for verdict in &judged.verdicts {
        row.push(exact_or_empty(verdict.end));
        row.push(verdict.standing.word().to_owned());
    }
    let none = found.objective.limits.is_empty();
    row.push(if none { "" } else { judged.standing().word() }.to_owned());
    row
}

/// Writes `tune_profile.csv`: each axis through the centre, all else as there.
pub(super) fn write_profiles(found: &TuneResult, out: &mut Vec<u8>) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "axis",
        "value",
        "centre",
        "status",
        "reason",
        "objective",
        "objective_low",
        "objective_high",
        "less_centre",
        "less_centre_low",
        "less_centre_high",
        "same",
        "limits",
        "variance_share",
        "p_value",
        "finding",
    ])?;
    for axis in &found.axes {
        let share = axis.effect.map(|effect| effect.share);
        let p_value = axis.effect.and_then(|effect| effect.p_value);
        for (at, point) in axis.profile.iter().enumerate() {
            let centre = u8::from(at == axis.centre).to_string();
            let mut row = vec![axis.path.clone(), point.coordinate.text.clone(), centre];
            match &point.outcome {
                Ok(worth) => {
                    let (objective, less) = (worth.judged.objective, worth.less_centre);
                    let interval = less.interval(0.95);
                    row.extend(["done".to_owned(), String::new(), exact(objective.value)]);
                    row.push(exact_or_empty(objective.interval.low));
                    row.push(exact_or_empty(objective.interval.high));
                    row.push(exact(less.value));
                    row.push(exact_or_empty(interval.low));
                    row.push(exact_or_empty(interval.high));
                    row.push(u8::from(worth.same).to_string());
                    row.push(worth.judged.standing().word().to_owned());
                }
                Err(why) => {
                    row.extend(["failed".to_owned(), why.clone()]);
                    row.resize(13, String::new());
                }
            }
            row.extend([exact_or_empty(share), exact_or_empty(p_value)]);
            row.push(finding_word(axis.finding).to_owned());
            table.write_record(row)?;
        }
    }
    table.flush()
}

/// A finding in the tables.
pub(super) const fn finding_word(finding: Finding) -> &'static str {
    match finding {
        Finding::NoEffect => "no effect",
        Finding::WithinNoise => "within noise",
        Finding::Felt => "felt",
        Finding::Unbounded => "cannot tell",
        Finding::Unknown => "unknown",
    }
}
