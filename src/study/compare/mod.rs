//! Variants against a baseline on the same paths: what differs path by path, and where it begins.

mod entrants;
mod rules;
mod traced;

use super::columns::StudyResult;
use super::execution::{Execution, Progress, StudyError};
use super::kills::{Kill, kill_review};
use super::run::run;
use super::variants::VariantSet;
use crate::engine::{MetricLevel, MetricScope};
use crate::scenario::Scenario;

pub use entrants::{Entrants, EntrantsError, entrants, entrants_of_files};
pub use rules::RuleDifference;
pub use traced::{OneSided, PathDifference};

/// A finished comparison.
#[derive(Clone)]
pub struct Comparison {
    /// What ran; the first is the baseline.
    pub set: VariantSet,
    /// Its figures.
    pub study: StudyResult,
    /// Metrics that every variant has.
    pub scope: MetricScope,
    /// Rules that fired at all, by variant, agent and rule.
    pub rules: Vec<RuleDifference>,
    /// Every kill, judged by a second run without any, where that is asked for.
    pub kills: Option<Vec<Kill>>,
    /// Of each variant the paths with the largest difference of final equity, told.
    pub traced: Vec<PathDifference>,
}

/// Runs all entrants over the same paths, then the paths that differ most once more, watched.
/// `scenario` gives prices, seed and number of paths.
///
/// # Errors
/// If a path cannot be run, the study is stopped or threads cannot be started.
pub fn compare(
    scenario: &Scenario,
    entrants: &Entrants,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<Comparison, StudyError> {
    let set = VariantSet::of_plans(&scenario.prices, entrants.plans.iter().cloned())?;
    let mut rules = rules::Counts::of(&set);
    let study = run(scenario, &set, execution, &mut rules, progress)?;
    let scope = set.all().iter().map(|variant| variant.plan.metric_scope());
    let scope = scope.reduce(common).unwrap_or(study.metrics);
    let kills = scenario
        .kill_review
        .map(|review| kill_review(scenario, &set, &study, review, execution))
        .transpose()?;
    let traced = traced::differences(scenario, &set, &study, entrants.trace_paths, execution)?;
    Ok(Comparison { rules: rules.differences(&study), set, study, scope, kills, traced })
}

/// What is in both.
fn common(a: MetricScope, b: MetricScope) -> MetricScope {
    let full = a.level == MetricLevel::Full && b.level == MetricLevel::Full;
    MetricScope {
        level: if full { MetricLevel::Full } else { MetricLevel::Events },
        prime: a.prime && b.prime,
        fleet: a.fleet && b.fleet,
        impact: a.impact && b.impact,
    }
}
