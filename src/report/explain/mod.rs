//! From a row of a table to the path and the instant behind it.
//!
//! [`row`] reads the line and the manifest beside it, [`tables`] knows what each table's columns mean
//! ([`tuned`] of a tuning), [`world`] makes the plan and prices of its variant again, [`pick`] finds the path, [`moment`] the
//! instant that mattered.

mod kills;
mod moment;
mod pick;
mod row;
mod tables;
mod tuned;
mod world;

use std::path::Path;

use super::number::exact;
use super::story::story_of;
use crate::prices::models::ModelError;
use crate::scenario::ScenarioFile;
use crate::study::{Execution, Progress, StudyError, trace};

pub use tables::{Figure, RowEvent, RowMoment};

/// Why a row cannot be explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The row, the table or the scenario is not what it should be.
    #[error("{0}")]
    Input(String),
    /// A path could not be run, or the user stopped it.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// The scenario's model cannot be simulated.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// A line of a table.
#[derive(Clone, Debug)]
pub struct RowAsked<'a> {
    /// The table.
    pub file: &'a Path,
    /// The line, from 1, which is the header.
    pub line: u64,
    /// The figure, for tables that have several in a line.
    pub figure: Option<&'a str>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Variant; `None`: the plan.
    pub variant: Option<String>,
    /// Agent; `None`: the whole account.
    pub agent: Option<String>,
    /// Which path.
    pub figure: Figure,
}

/// An explanation.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Number of the path; of the window of a history where windows are the paths.
    pub path: u64,
    /// The instant that mattered, UTC ms.
    pub moment_ms: Option<i64>,
    /// Everything, as it is printed.
    pub text: String,
}

/// Explains a line of a table that a run of the scenario wrote.
///
/// # Errors
/// A line that is not there or has no path behind it, a scenario that is not the one of the table, a path
/// that cannot be run.
pub fn explain_row(
    file: &ScenarioFile,
    asked: &RowAsked<'_>,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<Explanation, ExplainError> {
    let row = row::Row::read(asked)?;
    row.check(file.base())?;
    let mut meant = tables::resolve(&row, asked.figure)?;
    if meant.tuned.is_some() {
        meant.explained.agent = tuned::agent(file.base());
    }
    let world = world::World::of_row(file, &row, &meant)?;
    let lead = format!("{}, line {}: {}\n", asked.file.display(), asked.line, row.words());
    explain(&world, &meant.explained, &lead, execution, progress)
}

/// Explains a figure of a run of the scenario.
///
/// # Errors
/// A variant, agent or figure that is not there, a path that cannot be run.
pub fn explain_figure(
    file: &ScenarioFile,
    explained: &Explained,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<Explanation, ExplainError> {
    let world = world::World::of_run(file.base(), explained.variant.as_deref())?;
    explain(&world, explained, "", execution, progress)
}

fn explain(
    world: &world::World,
    explained: &Explained,
    lead: &str,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<Explanation, ExplainError> {
    let agent = world.agent(explained.agent.as_deref())?;
    let found = pick::pick(world, agent, &explained.figure, execution, progress)?;
    let (own, path, count) = world.place(found.path);
    let told = trace(&world.scenario, &world.set, own, path, 0)?;
    let variant = &world.set.all()[own];
    let only = agent.filter(|agent| *agent < variant.plan.agents.len());
    let null =
        world.base.map(|base| trace(&world.scenario, &world.set, base, path, 0)).transpose()?;
    let base = world.base.map(|base| &world.set.all()[base].plan);
    let figure = match &found.moment {
        Some(moment) => &Figure::Path(found.path, Some(moment.clone())),
        None => &explained.figure,
    };
    let sides = base.zip(null.as_ref().map(|null| null.events.as_slice()));
    let own_side = (&variant.plan, told.events.as_slice());
    let moment = moment::of(own_side, sides, figure, only, found.value);
    let mut text = lead.to_owned();
    text.push_str(&format!(
        "{} {} of {count}, from 0, seed {}, variant {}{}: {}.\n",
        if world.windows { "Window" } else { "Path" },
        found.path,
        world.scenario.seed,
        variant.name,
        world.ground,
        found.why
    ));
    if let Some(value) = found.value {
        text.push_str(&format!("Its {}: {}\n", found.what, exact(value)));
    }
    text.push_str(&format!("{}\n\n", moment.words(&variant.plan, base)));
    text.push_str(&story_of(&world.scenario, &world.set, &told, null.as_ref(), only));
    Ok(Explanation { path: found.path, moment_ms: moment.time_ms(), text })
}
