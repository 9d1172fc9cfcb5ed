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
    let mut text = "ok\n".to_owned();
    text.push_str(describe(&scenario).trim_end());
    text.push('\n');
    for warning in &scenario.warnings {
        text.push_str(&format!("warning: {warning}\n"));
    }
    print(&text)
}
