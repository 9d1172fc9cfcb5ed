//! `drypowder validate`.

use super::common::{CliError, ScenarioArgs};
use super::print;
use crate::scenario::describe;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: drypowder validate scenarios/quickstart.toml")]
pub(super) struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let scenario = args.scenario.load(&[])?;
    print(&format!("ok\n{}", describe(&scenario)))
}
