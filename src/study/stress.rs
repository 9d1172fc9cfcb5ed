//! Shocks on the same paths as none: each alone, stacked, and laid on one by one.

use super::columns::{AgentResult, StudyResult};
use super::execution::{Execution, Progress, StudyError};
use super::feed::Feed;
use super::run::{NoRows, run};
use super::variants::{Role, Variant, VariantSet};
use crate::engine::Metric;
use crate::prices::models::ModelError;
use crate::scenario::{NONE, NamedShock, STACKED, Scenario, with_shocks};
use crate::stats::mean_and_stderr;

/// What a run of a stress is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StressKind {
    /// Without any shock.
    None,
    /// One shock alone.
    Single,
    /// The most damaging of the stack, so many of them.
    Cumulative,
    /// The whole stack.
    Stacked,
}

/// One run: the scenario's plan with some of its shocks.
#[derive(Clone, Debug, PartialEq)]
pub struct StressRun {
    /// Name in every file: the shock's, `none`, `stacked`, or names joined by `+`.
    pub name: String,
    /// What it is.
    pub kind: StressKind,
    /// Its shocks, by index.
    pub shocks: Vec<usize>,
}

/// A finished stress.
#[derive(Clone, Debug, PartialEq)]
pub struct StressResult {
    /// The runs: none, single ones from the most damaging on, cumulative ones, the stack.
    pub runs: Vec<StressRun>,
    /// Their figures: one variant per run.
    pub study: StudyResult,
}

/// Why a stress ended early.
#[derive(Debug, thiserror::Error)]
pub enum StressError {
    /// A model with its shocks cannot be simulated.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The study failed or was stopped.
    #[error(transparent)]
    Study(#[from] StudyError),
}

impl StressResult {
    /// What a run costs an agent on each path more than none: none's final equity less its own.
    pub fn damages(&self, run: usize, agent: usize) -> Vec<f64> {
        let equity =
            |run: usize| self.study.variants[run].agents[agent].column(Metric::FinalEquity);
        equity(0).iter().zip(equity(run).iter()).map(|(none, shocked)| none - shocked).collect()
    }

    /// The agent of a run whose figures rank it: the only one, or the sum of several.
    pub fn whole(&self) -> usize {
        self.study.variants[0].agents.len() - 1
    }

    /// Figures of an agent of a run.
    pub fn agent(&self, run: usize, agent: usize) -> &AgentResult {
        &self.study.variants[run].agents[agent]
    }

    /// The mean of [`StressResult::damages`] of the whole account: what runs are ranked by.
    pub fn damage(&self, run: usize) -> f64 {
        mean_and_stderr(&self.damages(run, self.whole())).0
    }

    /// Places of the single runs, from 1; equal damages share one. Parallel to the runs.
    pub fn ranks(&self) -> Vec<Option<usize>> {
        let mut ranks: Vec<Option<usize>> = vec![None; self.runs.len()];
        let singles: Vec<usize> = self.of_kind(StressKind::Single).collect();
        for (place, run) in singles.iter().enumerate() {
            let above = place.checked_sub(1).map(|above| singles[above]);
            let tied = above.filter(|above| self.damage(*above) == self.damage(*run));
            ranks[*run] = tied.map_or(Some(place + 1), |above| ranks[above]);
        }
        ranks
    }

    /// The runs of a kind, by index.
    pub fn of_kind(&self, kind: StressKind) -> impl Iterator<Item = usize> + '_ {
        (0..self.runs.len()).filter(move |run| self.runs[*run].kind == kind)
    }
}

/// How many paths [`stress`] runs, over all its parts.
pub fn stress_paths(scenario: &Scenario) -> u64 {
    let parts = if lays_on(scenario) { 2 } else { 1 };
    scenario.paths * parts
}

/// Whether there is anything between a single shock and the whole stack.
fn lays_on(scenario: &Scenario) -> bool {
    scenario.stress.cumulative && scenario.stress.stack.len() > 2
}

/// Runs the scenario's plan on the same paths with no shock, with each, and with all that are
/// stacked; then with the most damaging two, three … of these. On a path a shock begins at the same
/// instant in every run that has it.
///
/// # Errors
/// As [`run`]; a model that cannot be simulated with its shocks.
pub fn stress(
    scenario: &Scenario,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<StressResult, StressError> {
    let spec = &scenario.stress;
    let single = |(index, shock): (usize, &NamedShock)| StressRun {
        name: shock.name.clone(),
        kind: StressKind::Single,
        shocks: vec![index],
    };
    let none = StressRun { name: NONE.to_owned(), kind: StressKind::None, shocks: Vec::new() };
    let mut runs = vec![none];
    runs.extend(spec.shocks.iter().enumerate().map(single));
    let whole = StressRun {
        name: STACKED.to_owned(),
        kind: StressKind::Stacked,
        shocks: spec.stack.clone(),
    };
    let stacked = (spec.stack.len() > 1).then_some(whole);
    runs.extend(stacked.clone());
    let study = study(scenario, &runs, execution, progress)?;
    let mut found = StressResult { runs, study };
    rank(&mut found);
    if lays_on(scenario) {
        let more = laid_on(&found, spec.stack.as_slice());
        let mut after = Offset { progress, paths: scenario.paths };
        let study = self::study(scenario, &more, execution, &mut after)?;
        let last = found.runs.len() - 1;
        found.runs.splice(last..last, more);
        found.study.variants.splice(last..last, study.variants);
    }
    Ok(found)
}

/// Puts the single runs into the order of their damage, the greatest first, then by name.
fn rank(found: &mut StressResult) {
    let damages: Vec<f64> = (0..found.runs.len()).map(|run| found.damage(run)).collect();
    let mut order: Vec<usize> = (0..found.runs.len()).collect();
    let place = |run: &usize| match found.runs[*run].kind {
        StressKind::None => 0,
        StressKind::Single => 1,
        StressKind::Cumulative => 2,
        StressKind::Stacked => 3,
    };
    order.sort_by(|a, b| {
        let by_damage = damages[*b].total_cmp(&damages[*a]);
        let by_name = || found.runs[*a].name.cmp(&found.runs[*b].name);
        place(a).cmp(&place(b)).then(by_damage).then_with(by_name)
    });
    found.runs = order.iter().map(|run| found.runs[*run].clone()).collect();
    found.study.variants = order.iter().map(|run| found.study.variants[*run].clone()).collect();
}

/// The most damaging two of the stack, three, … up to all but one.
fn laid_on(found: &StressResult, stack: &[usize]) -> Vec<StressRun> {
    let singles = found.of_kind(StressKind::Single).map(|run| &found.runs[run]);
    let ranked: Vec<&StressRun> = singles.filter(|run| stack.contains(&run.shocks[0])).collect();
    let first = |count: usize| {
        let names: Vec<&str> = ranked[..count].iter().map(|run| run.name.as_str()).collect();
        let mut shocks: Vec<usize> = ranked[..count].iter().map(|run| run.shocks[0]).collect();
        // Sums do not depend on the order of damage.
        shocks.sort_unstable();
        StressRun { name: names.join("+"), kind: StressKind::Cumulative, shocks }
    };
    (2..ranked.len()).map(first).collect()
}

/// One variant per run; runs with the same prices share their generator.
fn study(
    scenario: &Scenario,
    runs: &[StressRun],
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<StudyResult, StressError> {
    let mut variants = Vec::with_capacity(runs.len());
    let mut feeds: Vec<Feed> = Vec::new();
    let mut known: Vec<Vec<usize>> = Vec::new();
    for run in runs {
        let shocks: Vec<&NamedShock> =
            run.shocks.iter().map(|index| &scenario.stress.shocks[*index]).collect();
        let moves = |index: &&usize| scenario.stress.shocks[**index].prices.is_some();
        let of_prices: Vec<usize> = run.shocks.iter().filter(moves).copied().collect();
        let (prices, plan) = with_shocks(&scenario.prices, &scenario.plan, &shocks);
        let feed = match known.iter().position(|known| *known == of_prices) {
            Some(feed) => feed,
            None => {
                feeds.push(Feed::new(&prices)?);
                known.push(of_prices);
                feeds.len() - 1
            }
        };
        let name = run.name.clone();
        variants.push(Variant { name, role: Role::Plan, plan, intrabar: None, model: None, feed });
    }
    // A study folds its variants feed by feed; the runs get their own order back.
    let mut order: Vec<usize> = (0..variants.len()).collect();
    order.sort_by_key(|run| variants[*run].feed);
    let by_feed = order.iter().map(|run| variants[*run].clone()).collect();
    let set = VariantSet::of_parts(by_feed, feeds);
    let mut result = self::run(scenario, &set, execution, &mut NoRows, progress)?;
    let mut ran: Vec<_> = order.into_iter().zip(result.variants).collect();
    ran.sort_by_key(|(run, _)| *run);
    result.variants = ran.into_iter().map(|(_, variant)| variant).collect();
    Ok(result)
}

/// Counts on after paths that were run before.
struct Offset<'a, P> {
    progress: &'a mut P,
    paths: u64,
}

impl<P: Progress> Progress for Offset<'_, P> {
    fn advance(&mut self, done: u64, total: u64) {
        self.progress.advance(self.paths + done, self.paths + total);
    }
}
