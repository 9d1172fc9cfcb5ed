//! The best of the search on paths that it did not see.

use super::judge::Sample;
use super::rank::excess;
use super::runner::Runner;
use super::search::Found;
use super::types::{Difference, Finalist, Judged, Standing};
use crate::scenario::{Scenario, Setting, TuneSpec};
use crate::study::execution::{Progress, StudyError};

/// What fresh paths said.
pub(super) struct Finals {
    pub finalists: Vec<Finalist>,
    /// The scenario as it stands.
    pub base: Result<Judged, String>,
    pub recommended: Option<usize>,
    pub centre: usize,
    pub optimism: Option<Difference>,
    /// What the centre did there.
    pub sample: Option<Sample>,
}

/// Seed and number of the paths that finalists run on: fresh ones, where there are any.
pub(super) fn ground<P>(runner: &Runner<'_, P>) -> (u64, u64) {
    fresh(runner.file.base(), runner.search)
}

/// The same of a scenario and its search.
pub(super) fn fresh(scenario: &Scenario, search: &TuneSpec) -> (u64, u64) {
    match scenario.paths {
        1 => (scenario.seed, 1),
        _ => (search.validation_seed, search.validation_paths),
    }
}

/// Runs the chosen candidates on fresh paths. Their limits are corrected for as many as there are: no
/// choice among others was made by these paths.
pub(super) fn run<P: Progress>(
    runner: &mut Runner<'_, P>,
    found: &Found,
    chosen: &[usize],
) -> Result<Finals, StudyError> {
    let own = chosen.iter().position(|at| *at == 0);
    let beside = own.is_none().then_some(&0);
    let settings: Vec<Setting> =
        chosen.iter().chain(beside).map(|at| found.candidates[*at].setting.clone()).collect();
    let (seed, paths) = ground(runner);
    let fresh = runner.judged(&settings, seed, paths, chosen.len())?;
    let base = fresh.get(own.unwrap_or(chosen.len())).map(|(_, judged)| judged.clone());
    let base = base.unwrap_or_else(|| Err("it has not run".to_owned()));
    let (mut finalists, mut samples) = (Vec::new(), Vec::new());
    for (&candidate, (sample, judged)) in chosen.iter().zip(fresh) {
        finalists.push(Finalist { candidate, fresh: judged });
        samples.push(sample.ok());
    }
    let recommended = recommended(&finalists);
    let centre = recommended.unwrap_or_else(|| nearest(runner, &finalists));
    let optimism = if runner.paths() > 1 { optimism(found, &finalists) } else { None };
    let sample = samples.get_mut(centre).and_then(Option::take);
    Ok(Finals { finalists, base, recommended, centre, optimism, sample })
}

/// The best of those whose limits all hold; of equals the first in the ranking.
fn recommended(finalists: &[Finalist]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (at, finalist) in finalists.iter().enumerate() {
        if let Ok(judged) = &finalist.fresh
            && judged.standing() == Standing::Holds
            && best.is_none_or(|(_, value)| judged.objective.value > value)
        {
            best = Some((at, judged.objective.value));
        }
    }
    best.map(|(at, _)| at)
}

/// The finalist that is nearest to keeping its limits.
fn nearest<P>(runner: &Runner<'_, P>, finalists: &[Finalist]) -> usize {
    let key = |judged: &Judged| (judged.standing(), excess(judged, runner.objective));
    let mut best: Option<(usize, (Standing, f64))> = None;
    for (at, finalist) in finalists.iter().enumerate() {
        let Ok(key) = finalist.fresh.as_ref().map(key) else { continue };
        if best.is_none_or(|(_, known)| key.0 < known.0 || key.0 == known.0 && key.1 < known.1) {
            best = Some((at, key));
        }
    }
    best.map_or(0, |(at, _)| at)
}

/// What the objective of the search's winner loses on fresh paths. Both are independent: the errors add
/// in squares, with the degrees of freedom of the smaller.
fn optimism(found: &Found, finalists: &[Finalist]) -> Option<Difference> {
    let winner = finalists.first()?;
    let search = found.candidates[winner.candidate].outcome.as_ref().ok()?;
    let fresh = winner.fresh.as_ref().ok()?;
    let ((one, of_one), (other, of_other)) = (search.error(), fresh.error());
    Some(Difference {
        value: search.objective.value - fresh.objective.value,
        error: (one * one + other * other).sqrt(),
        degrees: of_one.min(of_other) as u64,
    })
}
