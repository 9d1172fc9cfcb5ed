//! What an answer is worth under other conditions, and how it stands there.

use super::rank::excess;
use super::types::{Difference, Judged, Standing};
use crate::prices::Fall;
use crate::scenario::ObjectiveSpec;
use crate::stats::Interval;

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
    /// Whether it keeps its limits cannot be told.
    CannotTell,
    /// Its paths bound no difference between finalists.
    Unbounded,
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
        let (mut compared, mut bounded) = (0, 0);
        for (at, other) in others {
            let Ok(other) = other else { continue };
            let less = other.less(here);
            compared += 1;
            bounded += usize::from(self.paths == 1 || less.interval(0.95) != Interval::UNBOUNDED);
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
        match here.standing() {
            Standing::CannotTell => Bearing::CannotTell,
            _ if compared > 0 && bounded == 0 => Bearing::Unbounded,
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
