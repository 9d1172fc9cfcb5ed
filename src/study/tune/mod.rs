//! Looks for the setting of a scenario that is best by its objective, and for what speaks against it.
//!
//! Candidates run over common paths and are compared path by path (`judge`); the best run again on
//! fresh paths, where the one that is best is recommended (`finals`); then each axis is walked along
//! through it (`profile`).

mod axis;
mod condition;
mod finals;
mod front;
mod judge;
mod optimiser;
mod profile;
mod rank;
mod robust;
mod runner;
mod search;
mod types;
mod walk;

use super::execution::{Execution, Progress, StudyError};
use crate::prices::Prices;
use crate::scenario::{ObjectiveSpec, Scenario, ScenarioFile, TuneSpec};
use runner::Runner;

pub use axis::{AxisReport, Finding, ProfilePoint, ProfileWorth};
pub use condition::{Bearing, Condition, ConditionKind, Robustness, Witness};
pub use robust::DRIFT_SHIFT;
pub use types::{
    Candidate, Difference, Estimate, Finalist, Front, FrontPoint, Judged, Rung, Standing,
    TuneResult, Verdict,
};
pub use walk::{FALL, FALL_WITHIN_MS, WalkForward, WalkStep, Walked};

/// Why a tuning ended early.
#[derive(Debug, thiserror::Error)]
pub enum TuneError {
    /// The study failed or was stopped.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// The scenario does not say what is good, or what may vary.
    #[error("{0}")]
    Missing(String),
    /// The scenario as it stands cannot be judged.
    #[error("the scenario as it stands cannot be judged: {0}")]
    Base(String),
}

/// What is maximised, and how it is looked for; an error that says what to write where a scenario lacks
/// either.
pub fn goal_of(scenario: &Scenario) -> Result<(&ObjectiveSpec, &TuneSpec), TuneError> {
    let missing = |section: &str, example: &str| {
        let name = scenario.file.display();
        TuneError::Missing(format!(
            "{name} has no [{section}]: write e.g. {example}, see docs/TUNING.md"
        ))
    };
    let objective = scenario.objective.as_deref().ok_or_else(|| {
        missing(
            "objective",
            "terms = [{ metric = \"net_yield\" }, { metric = \"es_95\", weight = -0.5 }]",
        )
    })?;
    let search = scenario.tune.as_deref().ok_or_else(|| {
        missing(
            "tune",
            "[tune.fields] with \"policy.top_up.warning_threshold\" = { from = 1.2, to = 2 }",
        )
    })?;
    Ok((objective, search))
}

/// The part of a tuning that a row of its tables rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TunePart {
    /// The search, over its first so many paths.
    Search(u64),
    /// The fresh paths of the finalists.
    Fresh,
    /// A condition by its name.
    Condition(String),
    /// A step of the walk-forward, from 0: the window that it was tested on.
    Walk(usize),
}

/// Seed, paths and prices of a part of a tuning.
#[derive(Clone, Debug)]
pub struct TuneGround {
    /// Seed.
    pub seed: u64,
    /// Paths of each of the prices.
    pub paths: u64,
    /// Prices in place of the setting's own, which none stands for; several are windows of a history.
    pub prices: Vec<Prices>,
}

/// What a part of a tuning runs on; `None` where the tuning has no such part.
pub fn tune_ground(scenario: &Scenario, search: &TuneSpec, part: &TunePart) -> Option<TuneGround> {
    let own = |(seed, paths)| Some(TuneGround { seed, paths, prices: Vec::new() });
    match part {
        TunePart::Search(paths) => own((scenario.seed, *paths)),
        TunePart::Fresh => own(finals::fresh(scenario, search)),
        TunePart::Condition(name) => robust::ground_of(scenario, search, name),
        TunePart::Walk(step) => walk::ground_of(scenario, search, *step),
    }
}

/// Settings times paths of a tuning, about; 0 where a scenario lacks what is needed.
pub fn tune_work(scenario: &Scenario) -> u64 {
    goal_of(scenario).map_or(0, |(_, goal)| work(scenario, goal))
}

fn work(scenario: &Scenario, goal: &TuneSpec) -> u64 {
    let searched = search::work(goal, scenario.paths, scenario.prices.replication());
    searched.saturating_add(robust::work(scenario, goal)).saturating_add(walk::work(scenario, goal))
}

/// Looks for the best setting, and says what is known of it.
///
/// # Errors
/// If the study fails or is stopped; a scenario that cannot be judged as it stands.
pub fn tune(
    file: &ScenarioFile,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<TuneResult, TuneError> {
    let scenario = file.base();
    let (objective, search) = goal_of(scenario)?;
    let mut runner = Runner::new(file, objective, search, execution, progress);
    let found = search::search(&mut runner)?;
    let ranking = rank::ranking(&found, objective);
    let chosen = rank::finalists(&found, &ranking, search, objective);
    let finals = finals::run(&mut runner, &found, &chosen)?;
    let axes = profile::axes(&mut runner, &found, &finals)?;
    let robustness = robust::robustness(&mut runner, &found, &finals)?;
    let walk = walk::walk_forward(&mut runner, &found)?;
    let ties = rank::ties(&found, &ranking);
    let front = front::front(objective, &found.candidates, &ranking);
    Ok(TuneResult {
        objective: objective.clone(),
        search: search.clone(),
        paths: scenario.paths,
        rungs: found.rungs,
        candidates: found.candidates,
        ranking,
        ties,
        finalists: finals.finalists,
        base: finals.base,
        recommended: finals.recommended,
        centre: finals.centre,
        optimism: finals.optimism,
        axes,
        front,
        robustness,
        walk,
    })
}
