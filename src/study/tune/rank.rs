//! Which candidate is better.

use std::cmp::Ordering;

use super::search::Found;
use super::types::{Judged, Standing};
use crate::scenario::{Coordinate, ObjectiveSpec, TuneSpec};

/// How far values lie beyond their limits, as parts of these; 0 where all are kept.
pub(super) fn excess(judged: &Judged, objective: &ObjectiveSpec) -> f64 {
    let both = objective.limits.iter().zip(&judged.verdicts);
    both.map(|(limit, verdict)| {
        let scale = if limit.limit == 0.0 { 1.0 } else { limit.limit.abs() };
        (-limit.room(verdict.value)).max(0.0) / scale
    })
    .sum()
}

/// By values alone: what keeps its limits first, the greater objective first; of the rest what is
/// nearer to keeping them. What could not run comes last.
pub(super) fn by_value(
    a: Option<&Judged>,
    b: Option<&Judged>,
    objective: &ObjectiveSpec,
) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return b.is_some().cmp(&a.is_some()) };
    let beyond = excess(a, objective).total_cmp(&excess(b, objective));
    beyond.then_with(|| b.objective.value.total_cmp(&a.objective.value))
}

/// The same, but what is known to keep its limits comes before what seems to.
fn by_standing(a: Option<&Judged>, b: Option<&Judged>, objective: &ObjectiveSpec) -> Ordering {
    let doubtful = |one: Option<&Judged>| one.is_some_and(|one| one.standing() != Standing::Holds);
    doubtful(a).cmp(&doubtful(b)).then_with(|| by_value(a, b, objective))
}

/// The candidates that ran over all paths, the best first.
pub(super) fn ranking(found: &Found, objective: &ObjectiveSpec) -> Vec<usize> {
    let last = found.rungs.len().saturating_sub(1);
    let ran = |at: &usize| {
        let candidate = &found.candidates[*at];
        candidate.rung == last && candidate.outcome.is_ok()
    };
    let mut order: Vec<usize> = (0..found.candidates.len()).filter(ran).collect();
    let judged = |at: &usize| found.candidates[*at].outcome.as_ref().ok();
    order.sort_by(|a, b| by_standing(judged(a), judged(b), objective).then(a.cmp(b)));
    order
}

/// Which run on fresh paths. The first half are the best of those that are known to keep their limits,
/// each [`RUNG`] further from them than the one before: what just keeps a limit in the search was
/// chosen among others for doing so, and may not keep it again. Then come the best by value, since
/// fewer are corrected for there, and what the search could not tell may be told. A candidate that did
/// the same on every path as one before, or is next to it on every axis, adds nothing. The scenario as
/// it stands is always among them.
pub(super) fn finalists(
    found: &Found,
    ranking: &[usize],
    search: &TuneSpec,
    objective: &ObjectiveSpec,
) -> Vec<usize> {
    let count = search.finalists;
    let judged = |at: &usize| found.candidates[*at].outcome.as_ref().ok();
    let mut chosen: Vec<usize> = Vec::new();
    let is_new = |at: usize, chosen: &[usize]| {
        !chosen.iter().any(|known| {
            found.samples[*known] == found.samples[at] || beside(found, search, *known, at)
        })
    };
    let mut least = f64::NEG_INFINITY;
    for at in ranking {
        let Some(one) = judged(at).filter(|one| one.standing() == Standing::Holds) else {
            continue;
        };
        let margin = margin(one, objective);
        if chosen.len() < count.div_ceil(2) && margin >= least && is_new(*at, &chosen) {
            chosen.push(*at);
            least = margin + RUNG;
        }
    }
    let mut values: Vec<usize> = ranking.to_vec();
    values.sort_by(|a, b| by_value(judged(a), judged(b), objective).then(a.cmp(b)));
    for at in values {
        if chosen.len() < count && is_new(at, &chosen) {
            chosen.push(at);
        }
    }
    // To change nothing is an answer too.
    if judged(&0).is_some() && !chosen.contains(&0) {
        chosen.push(0);
    }
    let place = |at: &usize| ranking.iter().position(|known| known == at);
    chosen.sort_by_key(place);
    chosen
}

/// How much further from a limit the next finalist's interval ends, in lengths from a value to the end
/// of its interval.
const RUNG: f64 = 0.5;

/// Part of an axis within which candidates are next to each other.
const BESIDE: f64 = 0.02;

/// By how much the ends of intervals keep their limits, in lengths from value to end: the least.
fn margin(judged: &Judged, objective: &ObjectiveSpec) -> f64 {
    let both = objective.limits.iter().zip(&judged.verdicts);
    both.map(|(limit, verdict)| {
        let end = verdict.end.unwrap_or(verdict.value);
        let (room, length) = (limit.room(end), (end - verdict.value).abs());
        if length > 0.0 { room / length } else { f64::INFINITY }
    })
    .fold(f64::INFINITY, f64::min)
}

/// Whether two candidates are next to each other on every axis.
fn beside(found: &Found, search: &TuneSpec, one: usize, other: usize) -> bool {
    let points = found.candidates[one].point.iter().zip(&found.candidates[other].point);
    search.space.axes.iter().zip(points).all(|(axis, (one, other))| {
        let place = |value: &Option<Coordinate>| axis.unit(value.as_ref()?);
        matches!((place(one), place(other)), (Some(a), Some(b)) if (a - b).abs() <= BESIDE)
    })
}

/// Candidates whose objective equals the best's on all paths of the search.
pub(super) fn ties(found: &Found, ranking: &[usize]) -> Vec<usize> {
    let Some((best, rest)) = ranking.split_first() else { return Vec::new() };
    let same = |at: &&usize| found.samples[**at] == found.samples[*best];
    rest.iter().filter(same).copied().collect()
}
