//! Walk-forward over a replay: the best of each window on the next, which its choice did not see
//! (Pardo 1992, *Design, Testing and Optimization of Trading Systems*).

use super::TuneGround;
use super::condition::Witness;
use super::rank::{by_value, excess};
use super::runner::Runner;
use super::search::Found;
use super::types::Judged;
use crate::prices::{Prices, ReplaySpec};
use crate::scenario::{Scenario, Setting, TuneSpec};
use crate::stats::Replication;
use crate::study::execution::{Progress, StudyError};
use crate::units::time::DAY_MS;

/// The part of a price that is lost in what counts as a fall.
pub const FALL: f64 = 0.2;
/// From the highest of so long before; what is no further apart is one fall.
pub const FALL_WITHIN_MS: i64 = 30 * DAY_MS;

/// A walk over a replay.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkForward {
    /// Each window but the last with the one after it.
    pub steps: Vec<WalkStep>,
    /// What the whole history rests on.
    pub witness: Witness,
}

/// A window that was searched, and the next.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkStep {
    /// First and last instant of the searched window, UTC ms.
    pub searched_ms: (i64, i64),
    /// Of the next.
    pub tested_ms: (i64, i64),
    /// The best candidate there by value, and what became of it; `None` where none could run.
    pub walked: Option<Walked>,
}

/// A choice of one window on the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Walked {
    /// Number of the candidate.
    pub candidate: usize,
    /// Its objective where it was chosen.
    pub in_sample: f64,
    /// That of the scenario as it stands there.
    pub base_in_sample: f64,
    /// Its objective on the next window.
    pub out_of_sample: f64,
    /// That of the scenario as it stands there.
    pub base_out_of_sample: f64,
    /// Whether it keeps every limit by value: where it was chosen, and on the next window.
    pub keeps: [bool; 2],
}

impl WalkForward {
    /// Gain over the scenario as it stands out of sample, as a part of that in sample, summed over all
    /// steps; `None` where nothing was gained in sample.
    pub fn efficiency(&self) -> Option<f64> {
        let walked = || self.steps.iter().filter_map(|step| step.walked);
        let inside: f64 = walked().map(|one| one.in_sample - one.base_in_sample).sum();
        let outside: f64 = walked().map(|one| one.out_of_sample - one.base_out_of_sample).sum();
        (inside > 0.0).then(|| outside / inside)
    }
}

/// What a verdict on a history rests on.
pub(super) fn witness(spec: &ReplaySpec) -> Witness {
    let end_ms = spec.start_ms + spec.span_ms();
    Witness { span_ms: (spec.start_ms, end_ms), falls: spec.falls(FALL, FALL_WITHIN_MS) }
}

/// The replay that is walked: one without shocks, which have their instants in the whole.
fn replay(scenario: &Scenario) -> Option<&ReplaySpec> {
    match &scenario.prices {
        Prices::History(spec) if spec.shocks.is_empty() => Some(spec),
        Prices::History(_) | Prices::Model(_) => None,
    }
}

fn windows(scenario: &Scenario, search: &TuneSpec) -> Vec<ReplaySpec> {
    let Some(spec) = replay(scenario) else { return Vec::new() };
    let count = search.walk_forward as usize;
    let length = spec.bars() / count;
    if length < 2 {
        return Vec::new();
    }
    let mut windows = spec.windows(length);
    windows.truncate(count);
    windows
}

/// The window that a step (from 0) was tested on, with the scenario's seed and paths.
pub(super) fn ground_of(scenario: &Scenario, search: &TuneSpec, step: usize) -> Option<TuneGround> {
    let window = windows(scenario, search).into_iter().nth(step.checked_add(1)?)?;
    let prices = vec![Prices::History(window)];
    Some(TuneGround { seed: scenario.seed, paths: scenario.paths, prices })
}

/// Settings times paths, about.
pub(super) fn work(scenario: &Scenario, search: &TuneSpec) -> u64 {
    let runs = windows(scenario, search).len() as u64 * scenario.paths;
    runs.saturating_mul(search.candidates + 1)
}

/// Every candidate on every window; what was the best of each on the next.
pub(super) fn walk_forward<P: Progress>(
    runner: &mut Runner<'_, P>,
    found: &Found,
) -> Result<Option<WalkForward>, StudyError> {
    let scenario = runner.file.base();
    let cut = windows(scenario, runner.search);
    let (Some(spec), false) = (replay(scenario), cut.len() < 2) else { return Ok(None) };
    let settings: Vec<Setting> = found.candidates.iter().map(|one| one.setting.clone()).collect();
    let on = (scenario.seed, scenario.paths);
    let prices: Vec<Prices> = cut.iter().cloned().map(Prices::History).collect();
    let mut worth = Vec::with_capacity(cut.len());
    for samples in runner.run_each(&prices, &settings, on)? {
        worth.push(runner.judge_all(&samples, on, Replication::INDEPENDENT, settings.len()));
    }
    let span = |spec: &ReplaySpec| (spec.start_ms, spec.start_ms + spec.span_ms());
    let steps = (1..cut.len())
        .map(|next| WalkStep {
            searched_ms: span(&cut[next - 1]),
            tested_ms: span(&cut[next]),
            walked: step(&worth[next - 1], &worth[next], runner),
        })
        .collect();
    Ok(Some(WalkForward { steps, witness: witness(spec) }))
}

type Worth = Result<Judged, String>;

fn step<P>(searched: &[Worth], tested: &[Worth], runner: &Runner<'_, P>) -> Option<Walked> {
    let objective = runner.objective;
    let both = |at: &usize| searched[*at].is_ok() && tested[*at].is_ok();
    let judged = |at: usize| searched[at].as_ref().ok();
    let candidate = (0..searched.len())
        .filter(both)
        .min_by(|a, b| by_value(judged(*a), judged(*b), objective).then(a.cmp(b)))?;
    let value = |worth: &Worth| worth.as_ref().map_or(f64::NAN, |one| one.objective.value);
    let keeps = |worth: &Worth| worth.as_ref().is_ok_and(|one| excess(one, objective) == 0.0);
    Some(Walked {
        candidate,
        in_sample: value(&searched[candidate]),
        base_in_sample: value(&searched[0]),
        out_of_sample: value(&tested[candidate]),
        base_out_of_sample: value(&tested[0]),
        keeps: [keeps(&searched[candidate]), keeps(&tested[candidate])],
    })
}
