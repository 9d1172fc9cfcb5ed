//! `drypowder sweep`.

use std::path::Path;
use std::time::Instant;

use super::common::{CliError, ScenarioArgs, StudyArgs};
use super::{print, progress::Bar};
use crate::report::{
    ProduceError, SweepPlan, produce_sweep, sweep_json, sweep_report, sweep_speed,
};
use crate::study::StudyError;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: drypowder sweep scenarios/sweep_top_up.toml --paths 500\n\n\
                        Every variant of [sweep] sees the same paths. Writes sweep.csv, summary.csv, \
                        charts and manifest.json. A sweep that was stopped, or whose process died, goes \
                        on where it was when the same command is given again.")]
pub(super) struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,

    #[command(flatten)]
    study: StudyArgs,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let file = args.scenario.open(&args.study.changes())?;
    let scenario = file.base();
    let out = args.study.folder(scenario, "sweep");
    let execution = args.study.execution();
    let plan = SweepPlan::of(&file).map_err(CliError::Scenario)?;
    let mut bar = Bar::new(plan.cells(), args.study.work.quiet);
    let started = Instant::now();
    let finished = produce_sweep(&plan, &execution, &out, args.study.force, &mut bar);
    bar.clear();
    let finished = finished.map_err(|error| explain_stop(error, &out))?;
    if !args.study.work.quiet {
        eprintln!("{}", sweep_speed(&plan, finished.ran, started.elapsed().as_secs_f64()));
    }
    if args.study.json {
        print(&format!("{}\n", sweep_json(scenario, &plan, &finished)))?;
    } else {
        print(&sweep_report(&plan, &finished))?;
    }
    match finished.rows.iter().all(|row| row.figures.is_err()) {
        true => Err(CliError::Failed("every variant failed: see reason in sweep.csv".to_owned())),
        false => Ok(()),
    }
}

/// Says what a stopped sweep leaves behind.
fn explain_stop(error: ProduceError, out: &Path) -> CliError {
    let kept = format!(
        "what is finished is kept in {}.partial; give the same command again to go on",
        out.display()
    );
    match error {
        ProduceError::Study(StudyError::Stopped { .. }) => {
            CliError::Failed(format!("stopped: {kept}"))
        }
        ProduceError::Folder(error @ crate::report::FolderError::Io { .. }) => {
            CliError::Failed(format!("{error}; {kept}"))
        }
        other => other.into(),
    }
}
