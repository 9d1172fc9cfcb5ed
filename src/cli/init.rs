//! `drypowder init`.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use super::common::CliError;
use super::print;
use crate::scenario::template;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: drypowder init my.toml && drypowder run my.toml")]
pub(super) struct Args {
    /// File to write
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,

    /// Replace the file that is already there
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let mut options = OpenOptions::new();
    options.write(true).truncate(args.force).create(args.force).create_new(!args.force);
    let written =
        options.open(&args.file).and_then(|mut file| file.write_all(template().as_bytes()));
    let name = args.file.display();
    match written {
        Ok(()) => print(&format!("wrote {name}; next: drypowder run {name}\n")),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(CliError::Input(format!("{name} exists: give another name, or --force")))
        }
        Err(error) => Err(CliError::Failed(format!("cannot write {name}: {error}"))),
    }
}
