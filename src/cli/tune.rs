//! `drypowder tune`.

use std::path::Path;

use super::common::{CliError, ScenarioArgs, StudyArgs};
use super::{print, progress::Bar};
use crate::report::{ProduceError, ProduceTuneError, produce_tune, tune_json, tune_report};
use crate::study::{StudyError, tune_work};

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

    #[command(flatten)]
    study: StudyArgs,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let file = args.scenario.open(&args.study.changes())?;
    let out = args.study.folder(file.base(), "tune");
    let execution = args.study.execution();
    let mut bar = Bar::new(tune_work(file.base()), args.study.work.quiet);
    let finished = produce_tune(&file, &execution, &out, args.study.force, &mut bar);
    bar.clear();
    let finished = finished.map_err(|error| explain(error, &out))?;
    if args.study.json {
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
