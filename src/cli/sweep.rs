//! `drypowder sweep`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::common::{CliError, ScenarioArgs, WorkArgs};
use super::{interrupt, print, progress::Bar};
use crate::report::{
    ProduceError, SweepPlan, produce_sweep, sweep_json, sweep_report, sweep_speed,
};
use crate::study::{Execution, StudyError};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: drypowder sweep scenarios/sweep_top_up.toml --paths 500\n\n\
                        Every variant of [sweep] sees the same paths. Writes sweep.csv, summary.csv, \
                        charts and manifest.json. A sweep that was stopped, or whose process died, goes \
                        on where it was when the same command is given again.")]
pub(super) struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,

    /// Number of paths
    #[arg(long, value_name = "N")]
    paths: Option<u64>,

    /// Folder of the report [default: reports/<name>_sweep]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Replace the report that is already there
    #[arg(long)]
    force: bool,

    /// Print the figures as JSON and nothing else
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    work: WorkArgs,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let file = args.scenario.open(&[("paths", args.paths.map(|paths| paths.to_string()))])?;
    let scenario = file.base();
    let folder = || Path::new("reports").join(format!("{}_sweep", scenario.name));
    let out = args.out.clone().unwrap_or_else(folder);
    let execution = Execution { threads: args.work.thread_count(), stop: interrupt::flag() };
    let plan = SweepPlan::of(&file).map_err(CliError::Scenario)?;
    let mut bar = Bar::new(plan.cells(), args.work.quiet);
    let started = Instant::now();
    let finished = produce_sweep(&plan, &execution, &out, args.force, &mut bar);
    bar.clear();
    let finished = finished.map_err(|error| explain_stop(error, &out))?;
    if !args.work.quiet {
        eprintln!("{}", sweep_speed(&plan, finished.ran, started.elapsed().as_secs_f64()));
    }
    if args.json {
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
