//! `drypowder explain`.

use std::path::{Path, PathBuf};

use super::common::{CliError, ScenarioArgs, WorkArgs};
use super::{interrupt, print, progress::Bar};
use crate::report::{
    ExplainError, Explained, Figure, RowAsked, explain_figure, explain_row, story_of,
};
use crate::scenario::{Scenario, ScenarioFile};
use crate::study::{Execution, Role, VariantSet, trace};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    drypowder explain scenarios/guarded_monte_carlo.toml --path 17\n  \
    drypowder explain scenarios/guarded_monte_carlo.toml --row reports/guarded_monte_carlo/summary.csv:12\n  \
    drypowder explain scenarios/guarded_monte_carlo.toml --metric es_95 --variant do_nothing\n  \
    drypowder explain scenarios/tune_top_up.toml --row reports/tune_top_up_tune/tune.csv:2 --metric es_95\n\n\
    A row is found by its file and line (line 1 is the header); the scenario must be the one that the \
    table was made of.")]
pub(super) struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,

    /// Number of paths, as the table was made with
    #[arg(long, value_name = "N")]
    paths: Option<u64>,

    /// Number of the path, from 0; a history has path 0 [default: 0]
    #[arg(long, value_name = "K", conflicts_with_all = ["row", "metric"])]
    path: Option<u64>,

    /// A row of a table of a report: FILE:LINE
    #[arg(long, value_name = "FILE:LINE", value_parser = parse_row)]
    row: Option<(PathBuf, u64)>,

    /// A figure by its name in summary.csv; with --row of a table with several figures in a line
    /// (sweep.csv, tune*.csv, walk_forward.csv) the one that is meant [there: final_equity]
    #[arg(long, value_name = "NAME")]
    metric: Option<String>,

    /// The quantile of the metric, from 0 to 1
    #[arg(long, value_name = "P", requires = "metric", conflicts_with = "row")]
    quantile: Option<f64>,

    /// Variant, e.g. do_nothing [default: the plan]
    #[arg(long, value_name = "NAME", conflicts_with = "row")]
    variant: Option<String>,

    /// One agent [default: all; of more than 12 those to whom something happened]
    #[arg(long, value_name = "NAME", conflicts_with = "row")]
    agent: Option<String>,

    #[command(flatten)]
    work: WorkArgs,
}

fn parse_row(text: &str) -> Result<(PathBuf, u64), String> {
    let wrong = || "expected FILE:LINE, e.g. reports/mine/summary.csv:12".to_owned();
    let (file, line) = text.rsplit_once(':').ok_or_else(wrong)?;
    let line: u64 = line.parse().map_err(|_| wrong())?;
    match line {
        0 | 1 => Err("line 1 is the header: give a line from 2 on".to_owned()),
        _ if file.is_empty() => Err(wrong()),
        line => Ok((PathBuf::from(file), line)),
    }
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let paths = args.paths.map(|paths| paths.to_string());
    if args.row.is_none() && args.metric.is_none() {
        return told(&args.scenario.load(&[("paths", paths)])?, args);
    }
    let file = args.scenario.open(&[("paths", paths)])?;
    let execution = Execution { threads: args.work.thread_count(), stop: interrupt::flag() };
    let mut bar = Bar::new(file.base().paths, args.work.quiet);
    let found = match &args.row {
        Some((table, line)) => row(&file, args, table, *line, &execution, &mut bar),
        None => figure(&file, args, &execution, &mut bar),
    };
    bar.clear();
    print(&found?)
}

fn row(
    file: &ScenarioFile,
    args: &Args,
    table: &Path,
    line: u64,
    execution: &Execution,
    bar: &mut Bar,
) -> Result<String, CliError> {
    let asked = RowAsked { file: table, line, figure: args.metric.as_deref() };
    Ok(explain_row(file, &asked, execution, bar)?.text)
}

fn figure(
    file: &ScenarioFile,
    args: &Args,
    execution: &Execution,
    bar: &mut Bar,
) -> Result<String, CliError> {
    let name = args.metric.clone().unwrap_or_default();
    let figure = match args.quantile {
        Some(p) => Figure::Quantile(name, p),
        None => Figure::Named(name),
    };
    let explained = Explained { variant: args.variant.clone(), agent: args.agent.clone(), figure };
    Ok(explain_figure(file, &explained, execution, bar)?.text)
}

/// The story of one path.
fn told(scenario: &Scenario, args: &Args) -> Result<(), CliError> {
    let path = args.path.unwrap_or(0);
    if path >= scenario.paths {
        let text = format!("path {path} is not run: there are {}, from 0", scenario.paths);
        return Err(CliError::Input(text));
    }
    let set = VariantSet::of(scenario)?;
    let variant = match &args.variant {
        None => 0,
        Some(name) => set.find(name).ok_or_else(|| {
            let names: Vec<&str> = set.all().iter().map(|v| v.name.as_str()).collect();
            CliError::Input(format!("no variant is called {name}; there are {}", names.join(", ")))
        })?,
    };
    let agents = &set.all()[variant].plan.agents;
    let only = args.agent.as_ref().map(|name| {
        let known: Vec<&str> = agents.iter().map(|agent| agent.name.as_str()).collect();
        known.binary_search(&name.as_str()).map_err(|_| {
            let near = crate::fields::nearest(name, &known);
            let help = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            CliError::Input(format!("no agent is called {name}{help}"))
        })
    });
    let only = only.transpose()?;
    let told = trace(scenario, &set, variant, path, 0)?;
    let null = set
        .beside(variant, Role::DoNothing)
        .map(|index| trace(scenario, &set, index, path, 0))
        .transpose()?;
    print(&story_of(scenario, &set, &told, null.as_ref(), only))
}

impl From<ExplainError> for CliError {
    fn from(error: ExplainError) -> Self {
        match error {
            ExplainError::Study(error) => error.into(),
            other => Self::Input(other.to_string()),
        }
    }
}
