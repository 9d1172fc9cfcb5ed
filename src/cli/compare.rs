//! `drypowder compare`.

use std::path::{Path, PathBuf};

use super::common::{CliError, ScenarioArgs, StudyArgs, parse_set};
use super::{print, progress::Bar};
use crate::report::{ProduceError, compare_json, compare_report, produce_compare};
use crate::scenario::Scenario;
use crate::study::{Entrants, EntrantsError, StudyError, entrants, entrants_of_files};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: drypowder compare scenarios/compare_kill_switch.toml --paths 500\n\n\
                        One scenario: the variants of its [compare] and its null policies. Several: each \
                        is a variant, the first the baseline. All see the same paths. Writes compare.csv, \
                        compare_events.csv, compare_paths.csv, compare.png and manifest.json."
)]
pub(super) struct Args {
    /// Scenario files (TOML); of several the first is the baseline
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<PathBuf>,

    /// Set any field of every scenario, e.g. --set policy.top_up.warning_threshold=1.8 (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = parse_set)]
    sets: Vec<(String, String)>,

    /// Seed of every random stream
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    #[command(flatten)]
    study: StudyArgs,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let (scenario, entrants) = load(args)?;
    let out = args.study.folder(&scenario, "compare");
    let execution = args.study.execution();
    let mut bar = Bar::new(scenario.paths, args.study.work.quiet);
    let finished =
        produce_compare(&scenario, &entrants, &execution, &out, args.study.force, &mut bar);
    bar.clear();
    let finished = finished.map_err(|error| explain_stop(error, &out))?;
    if args.study.json {
        return print(&format!("{}\n", compare_json(&scenario, &finished)));
    }
    print(&compare_report(&scenario, &finished))
}

fn load(args: &Args) -> Result<(Scenario, Entrants), CliError> {
    let more = args.study.changes();
    let of = |scenario: &PathBuf| ScenarioArgs {
        scenario: scenario.clone(),
        sets: args.sets.clone(),
        seed: args.seed,
    };
    if let [only] = args.scenarios.as_slice() {
        let file = of(only).open(&more)?;
        let entrants = entrants(&file)?;
        return Ok((file.base().clone(), entrants));
    }
    let mut scenarios =
        args.scenarios.iter().map(|one| of(one).load(&more)).collect::<Result<Vec<_>, _>>()?;
    let entrants = entrants_of_files(&scenarios)?;
    Ok((scenarios.swap_remove(0), entrants))
}

impl From<EntrantsError> for CliError {
    fn from(error: EntrantsError) -> Self {
        Self::Input(error.to_string())
    }
}

/// Says what a stopped comparison leaves behind.
fn explain_stop(error: ProduceError, out: &Path) -> CliError {
    let ProduceError::Study(StudyError::Stopped { done }) = error else { return error.into() };
    CliError::Failed(format!(
        "stopped after {done} paths: {}.partial holds no figures; a new comparison starts over",
        out.display()
    ))
}
