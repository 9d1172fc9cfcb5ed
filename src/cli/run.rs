//! `drypowder run`.

use std::path::{Path, PathBuf};

use super::common::{CliError, Format, ScenarioArgs, WorkArgs};
use super::{interrupt, print, progress::Bar};
use crate::report::{Finished, ProduceError, produce, summary_json, terminal_report};
use crate::scenario::{Scenario, distances};
use crate::study::{Execution, StudyError, VariantSet};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: drypowder run scenarios/quickstart.toml --set \
                        policy.top_up.warning_threshold=1.8 --out reports/earlier\n\n\
                        Files grow in <out>.partial, which takes its name when complete. Ctrl-C \
                        leaves it behind; a new run starts over.")]
pub(super) struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,

    /// Number of paths
    #[arg(long, value_name = "N")]
    paths: Option<u64>,

    /// Folder of the report [default: reports/<name>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Format of the table of paths
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// Replace the report that is already there
    #[arg(long)]
    force: bool,

    /// Print the summary as JSON and nothing else
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    work: WorkArgs,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let scenario = args.scenario.load(&[
        ("paths", args.paths.map(|paths| paths.to_string())),
        ("report.format", args.format.map(Format::field)),
    ])?;
    let set = VariantSet::of(&scenario)?;
    let out = args.out.clone().unwrap_or_else(|| Path::new("reports").join(&scenario.name));
    let execution = Execution { threads: args.work.thread_count(), stop: interrupt::flag() };
    let mut bar = Bar::new(scenario.paths, args.work.quiet);
    let finished = produce(&scenario, &set, &execution, &out, args.force, &mut bar);
    bar.clear();
    let finished = finished.map_err(|error| explain_stop(error, &scenario, &out))?;
    print(&if args.json {
        json(&scenario, &finished)
    } else {
        let distances = distances(&scenario);
        terminal_report(&scenario, &set, &finished.findings, &distances, &finished.folder)
    })
}

fn json(scenario: &Scenario, finished: &Finished) -> String {
    let Finished { findings, manifest, .. } = finished;
    let hash = &manifest.result_hash;
    format!("{}\n", summary_json(scenario, &findings.result, &findings.summary, hash))
}

/// Says what a stopped run leaves behind.
fn explain_stop(error: ProduceError, scenario: &Scenario, out: &Path) -> CliError {
    let ProduceError::Study(StudyError::Stopped { done }) = error else { return error.into() };
    let holds = if scenario.report.paths {
        format!("holds the rows of the first {done} paths")
    } else {
        "holds no rows (report.paths_file is off)".to_owned()
    };
    CliError::Failed(format!(
        "stopped after {done} of {} paths: {}.partial {holds}, and no summary; a new run starts over",
        scenario.paths,
        out.display()
    ))
}
