//! `drypowder paths`.

use std::path::{Path, PathBuf};

use super::common::{CliError, ScenarioArgs, WorkArgs};
use super::{interrupt, progress::Bar};
use crate::report::price_table;
use crate::scenario::TableFormat;
use crate::study::{Execution, Progress, VariantSet, each_price_path};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: drypowder paths scenarios/guarded_monte_carlo.toml --paths 100 \
                        --out prices.csv\n\n\
                        Columns: path, step, time (UTC), then one per asset: its mark, as the \
                        shortest number that reads back the same. One row per tick.")]
pub(super) struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,

    /// File to write; its name ends in .csv or .parquet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Number of paths, the first so many; may be more than the scenario runs
    #[arg(long, value_name = "N")]
    paths: Option<u64>,

    /// Replace the file that is already there
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    work: WorkArgs,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let format = match args.out.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => TableFormat::Csv,
        Some("parquet") => TableFormat::Parquet,
        _ => {
            let text =
                format!("--out {}: the name must end in .csv or .parquet", args.out.display());
            return Err(CliError::Input(text));
        }
    };
    if args.out.exists() && !args.force {
        let text = format!("{} exists: give another --out, or --force", args.out.display());
        return Err(CliError::Input(text));
    }
    let partial = partial_of(&args.out);
    if partial.exists() && !args.force {
        let text = format!("{} exists: move it, or --force to replace it", partial.display());
        return Err(CliError::Input(text));
    }
    let scenario = args.scenario.load(&[])?;
    let paths = args.paths.unwrap_or(scenario.paths);
    let set = VariantSet::of(&scenario)?;
    let execution = Execution { threads: args.work.thread_count(), stop: interrupt::flag() };
    let failed = |error| CliError::Failed(format!("cannot write {}: {error}", partial.display()));
    let (table, mut file) = price_table(&partial, format, &scenario.plan.assets).map_err(failed)?;
    let mut bar = Bar::new(paths, args.work.quiet);
    let mut done = 0;
    let written = each_price_path(
        &scenario,
        &set,
        paths,
        &execution,
        |number, path| table.encode(number, path),
        |path| {
            done += 1;
            bar.advance(done, paths);
            file.write(path)
        },
    );
    bar.clear();
    written?;
    file.finish().and_then(|()| std::fs::rename(&partial, &args.out)).map_err(failed)
}

fn partial_of(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    out.with_file_name(name)
}
