//! `drypowder data inspect`.

use std::path::PathBuf;

use super::command::{advice, import_command, out_for, passing};
use super::flags::Shared;
use super::{OUTPUT, picture, read_files};
use crate::cli::common::CliError;
use crate::cli::print;
use crate::data::{Inspection, inspection_json, inspection_text, pairs, pairs_text};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: drypowder data inspect BTCUSDT-1h-2025-*.zip --picture btc.png\n\
                  Example: drypowder data inspect hourly.csv.gz --sort --against daily.csv\n\n\
                  Repairs are tried, not written: the report shows what would remain. The exit \
                  status is 0 whatever is found, and 2 if a file cannot be read at all.")]
pub(super) struct Args {
    #[command(flatten)]
    shared: Shared,

    /// Draw prices and defects, up to six series
    #[arg(long, help_heading = OUTPUT, value_name = "FILE.png")]
    picture: Option<PathBuf>,

    /// Compare the prices with those of these files, read and mended likewise; a longer bar is
    /// compared with what the shorter ones make
    #[arg(long, help_heading = OUTPUT, value_name = "FILE", num_args = 1..)]
    against: Vec<PathBuf>,

    /// Print JSON and nothing else
    #[arg(long, help_heading = OUTPUT)]
    json: bool,

    /// Replace the picture that is already there
    #[arg(long, help_heading = OUTPUT)]
    force: bool,

    /// No progress bar
    #[arg(long, help_heading = OUTPUT)]
    quiet: bool,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    if let Some(out) = &args.picture {
        picture::check(out, args.force)?;
    }
    let shared = &args.shared;
    let (options, repairs) = (shared.read.options(), shared.repair.options());
    let inspection = read_files(&shared.files, &options, &repairs, args.quiet)?;
    let pairs = match args.against.as_slice() {
        [] => Vec::new(),
        files => {
            let other = read_files(files, &options, &repairs, args.quiet)?;
            pairs(&inspection.series, &other.series)
        }
    };
    if let Some(out) = &args.picture {
        picture::picture(&inspection, out)?;
    }
    let command = command(shared, &inspection, args.quiet);
    if args.json {
        let command = command.as_ref().ok().map(|(_, command)| command.as_str());
        let json = inspection_json(&inspection, &pairs, command);
        return print(&format!("{json:#}\n"));
    }
    let next = match &command {
        Ok((passing, command)) => advice(shared, passing, command),
        Err(why) => why.clone(),
    };
    print(&format!("{}{}{next}\n", inspection_text(&inspection), pairs_text(&pairs)))
}

/// The import that goes through, or why none is named.
fn command(
    shared: &Shared,
    inspection: &Inspection,
    quiet: bool,
) -> Result<(Shared, String), String> {
    let again = |args: &Shared| {
        read_files(&args.files, &args.read.options(), &args.repair.options(), quiet)
    };
    let passing = passing(shared, inspection, again)?;
    let out = out_for(shared, &inspection.series).ok_or(
        "Several series have one name: import them in separate calls, or with --asset or --role.",
    )?;
    let command = import_command(&passing, &[], &out);
    Ok((passing, command))
}
