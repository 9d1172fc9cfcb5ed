//! What a tuning found.

use super::axis::AxisReport;
use super::condition::Robustness;
use super::walk::WalkForward;
use crate::scenario::{Coordinate, ObjectiveSpec, Setting, TuneSpec};
use crate::stats::{Draws, Interval};

/// A finished tuning.
#[derive(Clone, Debug)]
pub struct TuneResult {
    /// What was maximised.
    pub objective: ObjectiveSpec,
    /// How.
    pub search: TuneSpec,
    /// Paths of the search.
    pub paths: u64,
    /// Paths and candidates of each rung of the search; one where there is no halving.
    pub rungs: Vec<Rung>,
    /// The scenario as it stands, then what was tried, in the order of trial.
    pub candidates: Vec<Candidate>,
    /// Numbers of the candidates that ran over all paths, the best first (see
    /// [`TuneResult::standing`]).
    pub ranking: Vec<usize>,
    /// Candidates that did the same as the ranking's first on every path.
    pub ties: Vec<usize>,
    /// The best of these on fresh paths, in the order of the ranking. On a single path, which is what
    /// happened and has no fresh ones, on the same.
    pub finalists: Vec<Finalist>,
    /// The scenario as it stands on the paths of the finalists; else why it could not run.
    pub base: Result<Judged, String>,
    /// Which finalist is recommended; none where no finalist's limits all hold.
    pub recommended: Option<usize>,
    /// The finalist that profiles are drawn about: the recommended one, else the nearest to one.
    pub centre: usize,
    /// Objective of the search's winner there less on fresh paths; `None` on a single path.
    pub optimism: Option<Difference>,
    /// What each axis does.
    pub axes: Vec<AxisReport>,
    /// What is traded against what, and the candidates that no other is better than in both.
    pub front: Front,
    /// The finalists under other conditions.
    pub robustness: Robustness,
    /// The best of each window of a replay on the next; none where prices are drawn.
    pub walk: Option<WalkForward>,
}

/// A rung of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Paths.
    pub paths: u64,
    /// Candidates that ran over them.
    pub candidates: usize,
}

/// A setting that was tried.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its fields.
    pub setting: Setting,
    /// Its coordinate on each axis; `None` where the scenario has no value.
    pub point: Vec<Option<Coordinate>>,
    /// The last rung that it ran on, from 0.
    pub rung: usize,
    /// What it is worth on the paths of that rung; else why it could not run.
    pub outcome: Result<Judged, String>,
}

/// A finalist on fresh paths.
#[derive(Clone, Debug)]
pub struct Finalist {
    /// Its number among the candidates.
    pub candidate: usize,
    /// What it is worth there; else why it could not run.
    pub fresh: Result<Judged, String>,
}

/// A setting's worth on some paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Paths.
    pub paths: u64,
    /// The objective.
    pub objective: Estimate,
    /// The figures of [`ObjectiveSpec::figures`], in their order.
    pub figures: Vec<Estimate>,
    /// The limits, in their order.
    pub verdicts: Vec<Verdict>,
    /// The objective in the resamples.
    pub(super) draws: Draws,
}

/// A figure with its interval of 95 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Its value.
    pub value: f64,
    /// The interval.
    pub interval: Interval,
}

impl Estimate {
    pub(super) const NONE: Self = Self { value: f64::NAN, interval: Interval::UNBOUNDED };
}

/// Whether a limit holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The figure.
    pub value: f64,
    /// The end of its one-sided interval towards the limit, corrected for the candidates tried;
    /// `None` where so few paths do not bound it.
    pub end: Option<f64>,
    /// Whether that end keeps the limit.
    pub standing: Standing,
}

/// Whether a limit holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The end of the interval towards the limit keeps it. On a single path: the value does.
    Holds,
    /// The limit lies inside the interval, or the paths do not bound the figure.
    CannotTell,
    /// The whole interval lies beyond the limit.
    Violated,
}

impl Standing {
    /// In a word or two.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::CannotTell => "cannot tell",
            Self::Violated => "violated",
        }
    }
}

impl Judged {
    /// How all limits stand: as the worst of them does.
    pub fn standing(&self) -> Standing {
        self.verdicts.iter().map(|verdict| verdict.standing).max().unwrap_or(Standing::Holds)
    }

    /// How much greater the objective is than another's on the same paths, paired.
    ///
    /// # Panics
    /// If it was judged on other paths.
    pub fn less(&self, other: &Self) -> Difference {
        assert_eq!(self.paths, other.paths, "settings on different paths");
        let draws = self.draws.less(&other.draws);
        let value = self.objective.value - other.objective.value;
        let is_open = [self, other].iter().any(|one| {
            let Interval { low, high } = one.objective.interval;
            low.is_none() || high.is_none()
        });
        let error = draws.error();
        // What bounds neither bounds no difference, unless there is none on any path.
        let error = if is_open && error > 0.0 { f64::INFINITY } else { error };
        Difference { value, error, degrees: draws.degrees() as u64 }
    }

    /// The standard error of the objective, and its degrees of freedom.
    pub(super) fn error(&self) -> (f64, usize) {
        (self.draws.error(), self.draws.degrees())
    }

    /// What the objective is off by in the resamples; `None` where its paths do not bound it.
    pub(super) fn deviations(&self) -> Option<Vec<f64>> {
        let Interval { low, high } = self.objective.interval;
        low.and(high).and_then(|_| self.draws.deviations())
    }
}

/// A difference of two objectives with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The difference.
    pub value: f64,
    /// Its standard error; infinite where it is not known.
    pub error: f64,
    /// Degrees of freedom of that error.
    pub degrees: u64,
}

impl Difference {
    /// Interval of a level.
    pub fn interval(&self, level: f64) -> Interval {
        if !self.error.is_finite() || self.degrees == 0 {
            return Interval::UNBOUNDED;
        }
        let half = crate::stats::student_t_two_sided(level, self.degrees) * self.error;
        Interval::bounded(self.value - half, self.value + half)
    }

    /// Whether the interval of a level leaves out 0.
    pub fn is_seen(&self, level: f64) -> bool {
        let interval = self.interval(level);
        interval != Interval::UNBOUNDED && !interval.contains(0.0)
    }
}

/// Two figures against each other.
#[derive(Clone, Debug)]
pub struct Front {
    /// What is to be great: the terms of the objective that are no tail of wealth, or all.
    pub gain: String,
    /// Unit of the gain; `None` where it is a sum of figures with weights.
    pub gain_unit: Option<&'static str>,
    /// What is to be small, or great: name of a figure, its unit, and which.
    pub risk: String,
    /// Unit of the risk.
    pub risk_unit: &'static str,
    /// Whether more of the risk's figure is better, as of a quantile of final equity.
    pub more_is_better: bool,
    /// The candidates on all paths: number, gain, risk.
    pub points: Vec<FrontPoint>,
}

/// A candidate between gain and risk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrontPoint {
    /// Its number.
    pub candidate: usize,
    /// The gain.
    pub gain: f64,
    /// The risk, with its interval.
    pub risk: Estimate,
    /// Whether no other candidate is as good in both and better in one.
    pub on_front: bool,
}

impl TuneResult {
    /// The candidate of a finalist.
    pub fn candidate(&self, finalist: usize) -> &Candidate {
        &self.candidates[self.finalists[finalist].candidate]
    }

    /// Paths of the finalists.
    pub fn validation_paths(&self) -> u64 {
        if self.paths == 1 { 1 } else { self.search.validation_paths }
    }

    /// How many candidates were tried.
    pub fn tried(&self) -> usize {
        self.candidates.len()
    }
}
