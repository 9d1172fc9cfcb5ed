//! `drypowder explain`.

use super::common::{CliError, ScenarioArgs};
use super::print;
use crate::report::story_of;
use crate::study::{Role, VariantSet, trace};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: drypowder explain scenarios/guarded_monte_carlo.toml --path 17")]
pub(super) struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,

    /// Number of the path, from 0; a history has path 0
    #[arg(long, value_name = "K", default_value_t = 0)]
    path: u64,

    /// Variant, e.g. do_nothing [default: the plan]
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,

    /// One agent [default: all; of more than 12 those to whom something happened]
    #[arg(long, value_name = "NAME")]
    agent: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let scenario = args.scenario.load(&[])?;
    if args.path >= scenario.paths {
        let text = format!("path {} is not run: there are {}, from 0", args.path, scenario.paths);
        return Err(CliError::Input(text));
    }
    let set = VariantSet::of(&scenario)?;
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
    let told = trace(&scenario, &set, variant, args.path, 0)?;
    let null = set
        .beside(variant, Role::DoNothing)
        .map(|index| trace(&scenario, &set, index, args.path, 0))
        .transpose()?;
    print(&story_of(&scenario, &set, &told, null.as_ref(), only))
}
