//! `drypowder data`: market data as people have it, looked at and brought into normal form.

mod command;
mod flags;
mod import;
mod inspect;
mod picture;
mod values;

use std::path::PathBuf;

pub(super) use flags::{ReadArgs, RepairArgs};
pub(super) use values::duration;

use clap::Subcommand;

use super::common::CliError;
use super::progress::Bar;
use crate::data::{Inspection, ReadOptions, RepairOptions, read};
use crate::prices::history::HistoryError;

/// Heading of flags that are one command's own.
const OUTPUT: &str = "Output";

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: drypowder data inspect BTCUSDT-1h-*.zip && drypowder data import \
                  BTCUSDT-1h-*.zip --out BTC.last.parquet\n\n\
                  docs/DATA.md says what layouts are recognised and what defects are looked for."
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what files hold and what is wrong with it; writes nothing
    Inspect(inspect::Args),
    /// Bring files into normal form, repaired as told, refused while anything is wrong
    Import(import::Args),
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    match &args.command {
        Command::Inspect(args) => inspect::run(args),
        Command::Import(args) => import::run(args),
    }
}

/// Reads with a progress bar.
pub(super) fn read_files(
    files: &[PathBuf],
    options: &ReadOptions,
    repairs: &RepairOptions,
    quiet: bool,
) -> Result<Inspection, CliError> {
    let sizes = files.iter().filter_map(|file| std::fs::metadata(file).ok());
    let mut bar = Bar::of_bytes(sizes.map(|about| about.len()).sum(), quiet);
    let inspection = read(files, options, repairs, &mut |done| bar.set(done));
    bar.clear();
    inspection.map_err(told)
}

/// Faults of files, a line each.
pub(super) fn told(faults: Vec<HistoryError>) -> CliError {
    let lines: Vec<String> = faults.iter().map(HistoryError::to_string).collect();
    CliError::Input(lines.join("\nerror: "))
}
