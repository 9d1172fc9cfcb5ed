//! `drypowder tune`.

use std::path::{Path, PathBuf};

use super::common::{CliError, ScenarioArgs, WorkArgs};
use super::{interrupt, print, progress::Bar};
use crate::report::{ProduceError, ProduceTuneError, produce_tune, tune_json, tune_report};
use crate::study::{Execution, StudyError, tune_work};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: drypowder tune scenarios/tune_top_up.toml\n\n\
                        Looks for the setting of [tune.fields] that is best by [objective], and runs the \
                        best again on fresh paths. Writes tune.csv, tune_profile.csv, manifest.json and, \
                        where a setting is recommended, recommendation.toml and topup.json. Where no \
                        setting is known to keep every limit nothing is recommended, and that is no \
                        error.")]
pub(super) struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,

    /// Number of paths of the search
    #[arg(long, value_name = "N")]
    paths: Option<u64>,

    /// Folder of the report [default: reports/<name>_tune]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Replace the report that is already there
    #[arg(long)]
    force: bool,

    /// Print the result as JSON and nothing else
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    work: WorkArgs,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let file = args.scenario.open(&[("paths", args.paths.map(|paths| paths.to_string()))])?;
    let folder = || Path::new("reports").join(format!("{}_tune", file.base().name));
    let out = args.out.clone().unwrap_or_else(folder);
    let execution = Execution { threads: args.work.thread_count(), stop: interrupt::flag() };
    let mut bar = Bar::new(tune_work(file.base()), args.work.quiet);
    let finished = produce_tune(&file, &execution, &out, args.force, &mut bar);
    bar.clear();
    let finished = finished.map_err(|error| explain(error, &out))?;
    if args.json {
        return print(&format!("{}\n", tune_json(&file, &finished)));
    }
    print(&tune_report(&file, &finished))
}

fn explain(error: ProduceTuneError, out: &Path) -> CliError {
    match error {
        ProduceTuneError::Input(text) => CliError::Input(text),
        ProduceTuneError::Produce(ProduceError::Study(StudyError::Stopped { .. })) => {
            CliError::Failed(format!(
                "stopped: {}.partial holds no figures; a new tuning starts over",
                out.display()
            ))
        }
        ProduceTuneError::Produce(error) => error.into(),
    }
}
