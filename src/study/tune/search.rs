//! Candidates on common paths: rung by rung, or one after the other.

use std::collections::BTreeSet;

use super::TuneError;
use super::judge::Sample;
use super::optimiser;
use super::rank::by_value;
use super::runner::{Runner, Sampled};
use super::types::{Candidate, Judged, Rung};
use crate::scenario::{Coordinate, SearchKind, Setting, TuneSpec};
use crate::stats::Replication;
use crate::study::execution::{Progress, StudyError};

/// Name of the scenario as it stands.
pub(super) const BASE: &str = "base";

/// What a search found.
pub(super) struct Found {
    /// The scenario as it stands, then what was tried.
    pub candidates: Vec<Candidate>,
    pub rungs: Vec<Rung>,
    /// The candidates that belong to a design, with what they are worth on the first rung.
    pub design: Vec<(usize, Judged)>,
    /// Candidates that ran over all paths, which limits are corrected for too.
    pub samples: Vec<Option<Sample>>,
}

/// Paths of each rung: the last has all.
fn rungs(search: &TuneSpec, paths: u64, replication: Replication) -> Vec<u64> {
    let Some(halving) = search.halving else { return vec![paths] };
    let size = replication.size() as u64;
    let mut rungs = vec![halving.paths.min(paths)];
    while let Some(&last) = rungs.last().filter(|last| **last < paths) {
        let wanted = libm::ceil(last as f64 / halving.keep) as u64;
        let whole = wanted.div_ceil(size) * size;
        rungs.push(whole.max(last + size).min(paths));
    }
    rungs
}

/// How many of some go on to the next rung.
fn kept(search: &TuneSpec, candidates: usize) -> usize {
    let part = search.halving.map_or(1.0, |halving| halving.keep);
    let kept = libm::ceil(candidates as f64 * part) as usize;
    kept.max(search.finalists).min(candidates)
}

/// Settings times paths of a whole tuning, about.
pub(super) fn work(search: &TuneSpec, paths: u64, replication: Replication) -> u64 {
    let (mut sum, mut count, mut before) = (0_u64, search.candidates as usize + 1, 0);
    for rung in rungs(search, paths, replication) {
        sum = sum.saturating_add(count as u64 * (rung - before));
        count = kept(search, count);
        before = rung;
    }
    let fresh = if paths > 1 { search.validation_paths } else { 1 };
    let profiles: usize = search.space.axes.iter().map(super::profile::length).sum();
    let later = (search.finalists.min(search.candidates as usize + 1) + 1 + profiles) as u64;
    sum.saturating_add(later.saturating_mul(fresh))
}

/// Looks for candidates.
pub(super) fn search<P: Progress>(runner: &mut Runner<'_, P>) -> Result<Found, TuneError> {
    let search = runner.search;
    let points = match search.search {
        SearchKind::Optimiser => optimiser::first(search),
        _ => search.points(search.candidates),
    };
    let mut candidates = vec![Candidate {
        setting: Setting { name: BASE.to_owned(), sets: Vec::new() },
        point: search.own.clone(),
        rung: 0,
        outcome: Err(String::new()),
    }];
    let width = search.candidates.to_string().len().max(3);
    for (number, point) in points.into_iter().enumerate() {
        candidates.push(candidate(search, format!("c{:0width$}", number + 1), point));
    }
    let mut found =
        Found { samples: Vec::new(), rungs: Vec::new(), design: Vec::new(), candidates };
    found.samples = vec![None; found.candidates.len()];
    climb(runner, &mut found)?;
    if let Err(why) = &found.candidates[0].outcome {
        return Err(TuneError::Base(why.clone()));
    }
    if search.search == SearchKind::Optimiser {
        optimiser::improve(runner, &mut found)?;
        // A limit is judged as one of all that were tried in the end.
        judge_all(runner, &mut found);
    }
    Ok(found)
}

/// A candidate that has not run.
pub(super) fn candidate(search: &TuneSpec, name: String, point: Vec<Coordinate>) -> Candidate {
    Candidate {
        setting: search.space.setting(name, &point),
        point: point.into_iter().map(Some).collect(),
        rung: 0,
        outcome: Err(String::new()),
    }
}

/// Runs candidates rung by rung; the better part of each goes on, and always the scenario as it stands.
fn climb<P: Progress>(runner: &mut Runner<'_, P>, found: &mut Found) -> Result<(), StudyError> {
    let search = runner.search;
    let seed = runner.file.base().seed;
    let judge = runner.judge(seed);
    let tried = found.candidates.len();
    let mut alive: Vec<usize> = (0..tried).collect();
    let mut before = 0;
    let rungs = rungs(search, runner.paths(), runner.replication);
    for (rung, &paths) in rungs.iter().enumerate() {
        let settings: Vec<Setting> =
            alive.iter().map(|at| found.candidates[*at].setting.clone()).collect();
        let samples = runner.run(&settings, seed, before..paths, None)?;
        found.rungs.push(Rung { paths, candidates: alive.len() });
        let resamples = judge.resamples(paths, runner.replication);
        for (&at, sample) in alive.iter().zip(samples) {
            let whole = joined(found.samples[at].take(), sample);
            let candidate = &mut found.candidates[at];
            candidate.rung = rung;
            candidate.outcome = match &whole {
                Ok(whole) => Ok(judge.judge(whole, runner.replication, &resamples, tried)),
                Err(why) => Err(why.clone()),
            };
            found.samples[at] = whole.ok();
        }
        if rung == 0 {
            let judged = |at: usize| found.candidates[at].outcome.as_ref().ok().cloned();
            found.design = (1..tried).filter_map(|at| Some((at, judged(at)?))).collect();
        }
        alive.retain(|at| found.candidates[*at].outcome.is_ok());
        if rung + 1 < rungs.len() {
            alive = better(found, alive, runner);
        }
        for at in 0..tried {
            if !alive.contains(&at) {
                found.samples[at] = None;
            }
        }
        before = paths;
    }
    Ok(())
}

fn joined(known: Option<Sample>, more: Sampled) -> Sampled {
    let more = more?;
    Ok(match known {
        Some(mut whole) => {
            whole.extend(more);
            whole
        }
        None => more,
    })
}

/// The better part of some candidates, by number. What did the same on every path as a better one comes
/// after all others: it would take a place and tell nothing.
fn better<P: Progress>(found: &Found, alive: Vec<usize>, runner: &Runner<'_, P>) -> Vec<usize> {
    let mut order = alive;
    let judged = |at: &usize| found.candidates[*at].outcome.as_ref().ok();
    order.sort_by(|a, b| by_value(judged(a), judged(b), runner.objective).then(a.cmp(b)));
    let mut known = BTreeSet::new();
    let (mut order, copies): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|at| {
        found.samples[*at].as_ref().is_none_or(|sample| known.insert(sample.bits()))
    });
    order.extend(copies);
    let count = kept(runner.search, order.len());
    let is_base_out = !order[..count].contains(&0);
    order.truncate(count);
    if is_base_out {
        order.push(0);
    }
    order.sort_unstable();
    order
}

/// Judges every candidate anew.
fn judge_all<P: Progress>(runner: &Runner<'_, P>, found: &mut Found) {
    let (seed, paths) = (runner.file.base().seed, runner.paths());
    let judge = runner.judge(seed);
    let resamples = judge.resamples(paths, runner.replication);
    let tried = found.candidates.len();
    for (candidate, sample) in found.candidates.iter_mut().zip(&found.samples) {
        if let Some(sample) = sample {
            candidate.outcome = Ok(judge.judge(sample, runner.replication, &resamples, tried));
        }
    }
}

/// Runs one more candidate over all paths, judged as one of `tried`.
pub(super) fn try_one<P: Progress>(
    runner: &mut Runner<'_, P>,
    found: &mut Found,
    mut candidate: Candidate,
    tried: usize,
) -> Result<Option<Judged>, StudyError> {
    let (seed, paths) = (runner.file.base().seed, runner.paths());
    let mut done = runner.judged(std::slice::from_ref(&candidate.setting), seed, paths, tried)?;
    let Some((sample, judged)) = done.pop() else { return Ok(None) };
    candidate.outcome = judged.clone();
    found.candidates.push(candidate);
    found.samples.push(sample.ok());
    if let Some(rung) = found.rungs.first_mut() {
        rung.candidates += 1;
    }
    Ok(judged.ok())
}
