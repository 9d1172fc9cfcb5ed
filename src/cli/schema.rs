//! `drypowder schema`.

use super::common::CliError;
use super::print;
use crate::scenario::schema;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: drypowder schema > scenario.schema.json")]
pub(super) struct Args {}

pub(super) fn run(_: &Args) -> Result<(), CliError> {
    print(&format!("{:#}\n", schema()))
}
