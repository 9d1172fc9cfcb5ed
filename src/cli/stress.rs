//! `drypowder stress`.

use std::path::Path;

use super::common::{CliError, ScenarioArgs, StudyArgs};
use super::{print, progress::Bar};
use crate::report::{ProduceError, produce_stress, stress_json, stress_report};
use crate::scenario::Scenario;
use crate::study::{StudyError, stress_paths};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: drypowder stress scenarios/crash_2025_10_10.toml --paths 500\n\n\
                        Shocks are those of [prices.shocks] and [stress]; a scenario that names \
                        none meets every preset crash that knows its assets. Writes stress.csv, \
                        stress.png and manifest.json.")]
pub(super) struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,

    #[command(flatten)]
    study: StudyArgs,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let scenario = args.scenario.load(&args.study.changes())?;
    check(&scenario)?;
    let out = args.study.folder(&scenario, "stress");
    let execution = args.study.execution();
    let mut bar = Bar::new(stress_paths(&scenario), args.study.work.quiet);
    let finished = produce_stress(&scenario, &execution, &out, args.study.force, &mut bar);
    bar.clear();
    let finished = finished.map_err(|error| explain_stop(error, &out))?;
    if args.study.json {
        return print(&format!("{}\n", stress_json(&scenario, &finished)));
    }
    print(&stress_report(&scenario, &finished))
}

/// A stress without a shock would say nothing.
fn check(scenario: &Scenario) -> Result<(), CliError> {
    if !scenario.stress.shocks.is_empty() {
        return Ok(());
    }
    let why = match scenario.stress.remarks.as_slice() {
        [] => String::new(),
        remarks => format!(" ({})", remarks.join("; ")),
    };
    let name = scenario.file.display();
    let text = format!(
        "{name} names no shock{why}: give [stress] presets = [\"2025-10-10\"] or [stress.shocks.NAME], \
         see docs/STRESS.md"
    );
    Err(CliError::Input(text))
}

/// Says what a stopped stress leaves behind.
fn explain_stop(error: ProduceError, out: &Path) -> CliError {
    let ProduceError::Study(StudyError::Stopped { done }) = error else { return error.into() };
    CliError::Failed(format!(
        "stopped after {done} paths: {}.partial holds no figures; a new stress starts over",
        out.display()
    ))
}
