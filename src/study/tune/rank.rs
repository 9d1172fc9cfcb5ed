//! Which candidate is better.

use std::cmp::Ordering;

use super::search::Found;
use super::types::{Judged, Standing};
use crate::scenario::ObjectiveSpec;

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

/// Which run on fresh paths: the first half of the ranking's best, which are known to keep their limits
/// where any are; then the best by value, since fewer are corrected for there, and what the search
/// could not tell may be told. Candidates that did the same as one before on every path add nothing. The
/// scenario as it stands is always among them.
pub(super) fn finalists(
    found: &Found,
    ranking: &[usize],
    objective: &ObjectiveSpec,
    count: usize,
) -> Vec<usize> {
    let mut values: Vec<usize> = ranking.to_vec();
    let judged = |at: &usize| found.candidates[*at].outcome.as_ref().ok();
    values.sort_by(|a, b| by_value(judged(a), judged(b), objective).then(a.cmp(b)));
    let mut chosen: Vec<usize> = Vec::new();
    for (order, up_to) in [(ranking, count.div_ceil(2)), (&values[..], count)] {
        for at in order {
            let twin = |known: &usize| found.samples[*known] == found.samples[*at];
            if chosen.len() < up_to && !chosen.iter().any(twin) {
                chosen.push(*at);
            }
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

/// Candidates whose objective equals the best's on all paths of the search.
pub(super) fn ties(found: &Found, ranking: &[usize]) -> Vec<usize> {
    let Some((best, rest)) = ranking.split_first() else { return Vec::new() };
    let same = |at: &&usize| found.samples[**at] == found.samples[*best];
    rest.iter().filter(same).copied().collect()
}
