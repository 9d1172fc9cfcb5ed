//! The finalists under other conditions than those of the search: what the answer hangs on, and what
//! being wrong costs.

use super::finals::{Finals, ground};
use super::rank::excess;
use super::runner::Runner;
use super::search::Found;
use super::types::{Difference, Judged, Standing};
use crate::prices::{Fall, Intrabar, Prices, ReplaySpec};
use crate::scenario::{ObjectiveSpec, Scenario, Setting, TuneSpec};
use crate::stats::Replication;
use crate::study::execution::{Progress, StudyError};

/// What is added to and taken from the arithmetic drift per year of every asset.
pub const DRIFT_SHIFT: f64 = 0.5;

/// Paths of a random bridge where the scenario's own history is one path.
const BRIDGE_PATHS: u64 = 50;

/// What is other than in the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConditionKind {
    /// Nothing: the fresh paths.
    Own,
    /// The price model.
    Model,
    /// The drift.
    Drift,
    /// How the price gets through a bar.
    Intrabar,
    /// A history that the search did not see.
    History,
}

impl ConditionKind {
    /// In a word or two.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Model => "model",
            Self::Drift => "drift",
            Self::Intrabar => "intrabar mode",
            Self::History => "history",
        }
    }
}

/// The finalists under one condition.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Its name, unique.
    pub name: String,
    /// What is other.
    pub kind: ConditionKind,
    /// Paths, or windows of a history.
    pub paths: u64,
    /// What the finalists are worth, in their order; else why one could not run.
    pub worth: Vec<Result<Judged, String>>,
}

/// How an answer stands under a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Bearing {
    /// It keeps its limits, and no finalist is told to be better.
    Stands,
    /// Whether it keeps its limits cannot be told, while it could on its own paths.
    CannotTell,
    /// A limit, by its number, is violated that was not on its own paths.
    Breaks(usize),
    /// A finalist whose limits hold here is better, by what.
    Beaten(usize, Difference),
    /// It was better than the scenario as it stands, and is worse here, by what.
    Turns(Difference),
    /// It could not run.
    Failed(String),
}

/// What a verdict on a history rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// First and last instant, UTC ms.
    pub span_ms: (i64, i64),
    /// Its falls (see [`super::FALL`]).
    pub falls: Vec<Fall>,
}

/// The finalists under all conditions.
#[derive(Clone, Debug, Default)]
pub struct Robustness {
    /// The fresh paths first; none where it was not asked for.
    pub conditions: Vec<Condition>,
    /// What the condition of a history rests on, where there is one.
    pub history: Option<Witness>,
}

impl Condition {
    /// How the centre, by its place among the finalists, stands here against its `own` worth. `base` is
    /// the place of the scenario as it stands.
    pub fn bearing(&self, own: &Self, centre: usize, base: Option<usize>) -> Bearing {
        let (here, before) = match (&self.worth[centre], &own.worth[centre]) {
            (Ok(here), Ok(before)) => (here, before),
            (Err(why), _) | (_, Err(why)) => return Bearing::Failed(why.clone()),
        };
        let verdicts = here.verdicts.iter().zip(&before.verdicts);
        for (limit, (now, then)) in verdicts.enumerate() {
            if now.standing == Standing::Violated && then.standing != Standing::Violated {
                return Bearing::Breaks(limit);
            }
        }
        let others = self.worth.iter().enumerate().filter(|(at, _)| *at != centre);
        let mut beaten: Option<(usize, Difference)> = None;
        for (at, other) in others {
            let Ok(other) = other else { continue };
            let less = other.less(here);
            let is_greater = beaten.as_ref().is_none_or(|(_, known)| less.value > known.value);
            let holds = other.standing() == Standing::Holds;
            if holds && is_greater && self.is_more(&less) {
                beaten = Some((at, less));
            }
        }
        if let Some(base) = base.filter(|base| *base != centre)
            && let (Ok(base), Ok(base_before)) = (&self.worth[base], &own.worth[base])
        {
            let (loss, gain) = (base.less(here), before.less(base_before));
            if own.is_more(&gain) && self.is_more(&loss) {
                return Bearing::Turns(loss);
            }
        }
        if let Some((at, less)) = beaten {
            return Bearing::Beaten(at, less);
        }
        match (here.standing(), before.standing()) {
            (Standing::CannotTell, Standing::Holds) => Bearing::CannotTell,
            _ => Bearing::Stands,
        }
    }

    /// Whether a difference is above 0 for more than chance; on a single path, at all.
    fn is_more(&self, less: &Difference) -> bool {
        less.value > 0.0 && (self.paths == 1 || less.is_seen(0.95))
    }

    /// The finalist with the greatest objective among those that keep their limits by value; among all
    /// where none does.
    pub fn best(&self, objective: &ObjectiveSpec) -> Option<usize> {
        let any = self.any_keeps(objective);
        let mut best: Option<(usize, f64)> = None;
        for (at, worth) in self.worth.iter().enumerate() {
            let Ok(judged) = worth else { continue };
            let value = judged.objective.value;
            let may = !any || excess(judged, objective) == 0.0;
            if may && best.is_none_or(|(_, known)| value > known) {
                best = Some((at, value));
            }
        }
        best.map(|(at, _)| at)
    }

    /// What each finalist's objective lacks to that of the best; infinite where it breaks a limit that
    /// another keeps, or could not run.
    pub fn regrets(&self, objective: &ObjectiveSpec) -> Vec<f64> {
        let any = self.any_keeps(objective);
        let best = self.best(objective).and_then(|at| self.worth[at].as_ref().ok());
        let one = |worth: &Result<Judged, String>| match (worth, best) {
            (Ok(own), Some(best)) if !any || excess(own, objective) == 0.0 => {
                best.objective.value - own.objective.value
            }
            _ => f64::INFINITY,
        };
        self.worth.iter().map(one).collect()
    }

    fn any_keeps(&self, objective: &ObjectiveSpec) -> bool {
        self.worth.iter().flatten().any(|judged| excess(judged, objective) == 0.0)
    }
}

impl Robustness {
    /// Each finalist's greatest regret over all conditions.
    pub fn worst_regrets(&self, objective: &ObjectiveSpec) -> Vec<f64> {
        let all: Vec<Vec<f64>> =
            self.conditions.iter().map(|condition| condition.regrets(objective)).collect();
        let count = all.first().map_or(0, Vec::len);
        (0..count).map(|at| all.iter().map(|regrets| regrets[at]).fold(0.0, f64::max)).collect()
    }

    /// The finalist whose greatest regret is least (Savage 1951); of equals the first. `None` where each
    /// breaks a limit somewhere that another keeps.
    pub fn minimax(&self, objective: &ObjectiveSpec) -> Option<usize> {
        let worst = self.worst_regrets(objective);
        let least = worst.iter().copied().fold(f64::INFINITY, f64::min);
        least.is_finite().then(|| worst.iter().position(|regret| *regret == least)).flatten()
    }
}

/// Other prices, by the name of the condition.
fn other_prices(scenario: &Scenario, paths: u64) -> Vec<(String, ConditionKind, u64, Prices)> {
    let mut all = Vec::new();
    match &scenario.prices {
        Prices::Model(own) => {
            for (name, model) in &scenario.other_models {
                let prices = Prices::Model(model.clone());
                all.push((format!("model {name}"), ConditionKind::Model, paths, prices));
            }
            for (sign, shift) in [("+", DRIFT_SHIFT), ("−", -DRIFT_SHIFT)] {
                let name = format!("drift {sign}{} % a year", 100.0 * DRIFT_SHIFT);
                let prices = Prices::Model(own.with_drift_shift(shift));
                all.push((name, ConditionKind::Drift, paths, prices));
            }
        }
        Prices::History(own) if !own.close_only => {
            for (word, mode) in
                [("jump", Intrabar::Jump), ("walk", Intrabar::Walk), ("bridge", Intrabar::Bridge)]
            {
                if mode == own.intrabar {
                    continue;
                }
                let count = match mode {
                    Intrabar::Bridge => BRIDGE_PATHS,
                    Intrabar::Jump | Intrabar::Walk => 1,
                };
                let prices = Prices::History(ReplaySpec { intrabar: mode, ..own.clone() });
                all.push((format!("intrabar {word}"), ConditionKind::Intrabar, count, prices));
            }
        }
        Prices::History(_) => {}
    }
    all
}

/// The windows of the history that the search does not see, from the run's own start prices on.
fn windows(scenario: &Scenario, history: &ReplaySpec) -> Vec<Prices> {
    let (span_ms, starts): (i64, Vec<f64>) = match &scenario.prices {
        Prices::Model(own) => {
            let starts = own.assets.iter().map(|asset| asset.start_price).collect();
            (own.steps as i64 * own.step_ms, starts)
        }
        Prices::History(own) => {
            let first = |asset: &crate::prices::ReplayAsset| asset.mark[0].first().copied();
            let starts = own.assets.iter().map(|asset| first(asset).unwrap_or(1.0)).collect();
            (own.span_ms(), starts)
        }
    };
    let length = (span_ms / history.interval_ms.max(1)) as usize;
    let cut = history.windows(length).into_iter();
    cut.map(|window| Prices::History(window.starting_at(&starts))).collect()
}

/// Settings times paths of all conditions.
pub(super) fn work(scenario: &Scenario, search: &TuneSpec) -> u64 {
    let fresh = if scenario.paths == 1 { 1 } else { search.validation_paths };
    let mut paths: u64 = 0;
    if search.robustness {
        paths = other_prices(scenario, fresh).iter().map(|(_, _, paths, _)| paths).sum();
    }
    if let Some(history) = &search.history {
        paths += windows(scenario, history).len() as u64;
    }
    paths.saturating_mul(search.finalists as u64 + 1)
}

/// Runs the finalists under every other condition.
pub(super) fn robustness<P: Progress>(
    runner: &mut Runner<'_, P>,
    found: &Found,
    finals: &Finals,
) -> Result<Robustness, StudyError> {
    let (scenario, search) = (runner.file.base(), runner.search);
    let settings: Vec<Setting> = (finals.finalists.iter())
        .map(|one| found.candidates[one.candidate].setting.clone())
        .collect();
    let (seed, paths) = ground(runner);
    let others = match search.robustness {
        true => other_prices(scenario, paths),
        false => Vec::new(),
    };
    if others.is_empty() && search.history.is_none() {
        return Ok(Robustness::default());
    }
    let mut conditions = vec![Condition {
        name: "own".to_owned(),
        kind: ConditionKind::Own,
        paths,
        worth: finals.finalists.iter().map(|one| one.fresh.clone()).collect(),
    }];
    let tried = settings.len();
    for (name, kind, paths, prices) in others {
        // What is drawn in sets takes whole ones.
        let size = prices.replication().size() as u64;
        let paths = if paths == 1 { 1 } else { paths.div_ceil(size) * size };
        let worth = runner.judged_on(&prices, &settings, (seed, paths), tried)?;
        conditions.push(Condition { name, kind, paths, worth });
    }
    let mut history = None;
    if let Some(spec) = &search.history {
        let windows = windows(scenario, spec);
        conditions.push(on_windows(runner, &windows, &settings, seed)?);
        history = Some(super::walk::witness(spec));
    }
    Ok(Robustness { conditions, history })
}

/// Settings on windows of a history, each a path.
fn on_windows<P: Progress>(
    runner: &mut Runner<'_, P>,
    windows: &[Prices],
    settings: &[Setting],
    seed: u64,
) -> Result<Condition, StudyError> {
    let mut joined: Option<Vec<super::runner::Sampled>> = None;
    for samples in runner.run_each(windows, settings, (seed, 1))? {
        joined = Some(match joined {
            None => samples,
            Some(known) => known
                .into_iter()
                .zip(samples)
                .map(|(all, more)| {
                    let (mut all, more) = (all?, more?);
                    all.extend(more);
                    Ok(all)
                })
                .collect(),
        });
    }
    let (paths, samples) = (windows.len() as u64, joined.unwrap_or_default());
    let worth = runner.judge_all(&samples, (seed, paths), Replication::INDEPENDENT, settings.len());
    Ok(Condition { name: "history".to_owned(), kind: ConditionKind::History, paths, worth })
}
