//! The command line: parse, call the library, print. One file per subcommand.
//!
//! Exit status: 0 success, 1 the run failed or was stopped, 2 the input is wrong.

mod calibrate;
mod common;
mod compare;
mod data;
mod explain;
mod init;
mod interrupt;
mod paths;
mod progress;
mod run;
mod schema;
mod stress;
mod sweep;
mod tune;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use common::CliError;

/// Learn what top-up and kill-switch thresholds do in a crash, before the crash.
#[derive(Debug, Parser)]
#[command(
    name = "drypowder",
    version,
    max_term_width = 100,
    after_help = "Example: drypowder run scenarios/quickstart.toml\n\n\
                  Exit status: 0 success, 1 the run failed or was stopped, 2 the input is wrong."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a commented scenario to start from
    Init(init::Args),
    /// Check a scenario: all errors at once, or "ok" and what it resolves to
    Validate(validate::Args),
    /// Run one scenario: a history or a Monte Carlo
    Run(run::Args),
    /// Run many settings of a scenario's fields on the same paths: its [sweep]
    Sweep(sweep::Args),
    /// Compare variants, or several scenarios, path by path
    Compare(compare::Args),
    /// Lay shocks over a scenario, one by one and stacked, and rank them by damage
    Stress(stress::Args),
    /// Look for the best setting of a scenario by its [objective], and check it on fresh paths
    Tune(tune::Args),
    /// Tell the story of one path, event by event
    Explain(explain::Args),
    /// Write the price paths themselves, for anyone to recompute
    Paths(paths::Args),
    /// Look at price files as people have them, and bring them into normal form
    Data(data::Args),
    /// Fit a price model to histories: a fragment of a scenario, with standard errors
    Calibrate(calibrate::Args),
    /// Print the JSON schema of a scenario
    Schema(schema::Args),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    interrupt::report_file_limits();
    let done = match Cli::parse().command {
        Command::Init(args) => init::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Sweep(args) => sweep::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Stress(args) => stress::run(&args),
        Command::Tune(args) => tune::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Paths(args) => paths::run(&args),
        Command::Data(args) => data::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
        Command::Schema(args) => schema::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error.print();
            error.exit_code()
        }
    }
}

/// Prints to the standard output; a reader that has gone away is no error.
fn print(text: &str) -> Result<(), CliError> {
    use std::io::{ErrorKind, Write, stdout};
    let mut out = stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(CliError::Failed(format!("cannot write to the standard output: {error}")))
        }
        _ => Ok(()),
    }
}
