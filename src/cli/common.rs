//! Flags that several subcommands share, and how errors end the program.

use std::io::{IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use crate::prices::models::ModelError;
use crate::report::{FolderError, ProduceError};
use crate::scenario::{Diagnostics, Scenario, ScenarioFile};
use crate::study::{Execution, StudyError};

use super::interrupt;

/// The scenario and what is changed in it.
#[derive(Debug, clap::Args)]
pub(super) struct ScenarioArgs {
    /// Scenario file (TOML)
    pub scenario: PathBuf,

    /// Set any field of the scenario, e.g. --set policy.top_up.warning_threshold=1.8 (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = parse_set)]
    pub sets: Vec<(String, String)>,

    /// Seed of every random stream
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

impl ScenarioArgs {
    /// Loads the scenario with these changes and `more`; the later of two wins.
    pub fn load(&self, more: &[(&str, Option<String>)]) -> Result<Scenario, CliError> {
        Scenario::load(&self.scenario, &self.changes(more)).map_err(CliError::Scenario)
    }

    /// The same, to be loaded again with other fields.
    pub fn open(&self, more: &[(&str, Option<String>)]) -> Result<ScenarioFile, CliError> {
        ScenarioFile::open(&self.scenario, &self.changes(more)).map_err(CliError::Scenario)
    }

    fn changes(&self, more: &[(&str, Option<String>)]) -> Vec<(String, String)> {
        let mut sets = self.sets.clone();
        let seed = ("seed", self.seed.map(|seed| seed.to_string()));
        for (path, value) in std::iter::once(&seed).chain(more) {
            if let Some(value) = value {
                sets.push(((*path).to_owned(), value.clone()));
            }
        }
        sets
    }
}

pub(super) fn parse_set(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() => {
            Ok((path.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("expected PATH=VALUE, e.g. paths=1000".to_owned()),
    }
}

/// How the work is carried out.
#[derive(Debug, clap::Args)]
pub(super) struct WorkArgs {
    /// Threads; unless given, one per processor. Results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// No progress bar
    #[arg(long)]
    pub quiet: bool,
}

impl WorkArgs {
    /// Threads as the study counts them: 0 is one per processor.
    pub fn thread_count(&self) -> usize {
        self.threads.map_or(0, usize::from)
    }
}

/// What every study of many runs takes beside its scenario.
#[derive(Debug, clap::Args)]
pub(super) struct StudyArgs {
    /// Number of paths
    #[arg(long, value_name = "N")]
    pub paths: Option<u64>,

    /// Folder of the report [default: reports/<name>_<command>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Replace the report that is already there
    #[arg(long)]
    pub force: bool,

    /// Print the figures as JSON and nothing else
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub work: WorkArgs,
}

impl StudyArgs {
    /// The number of paths as a change of the scenario.
    pub fn changes(&self) -> [(&'static str, Option<String>); 1] {
        [("paths", self.paths.map(|paths| paths.to_string()))]
    }

    /// Where the report of a command on a scenario goes.
    pub fn folder(&self, scenario: &Scenario, command: &str) -> PathBuf {
        let usual = || Path::new("reports").join(format!("{}_{command}", scenario.name));
        self.out.clone().unwrap_or_else(usual)
    }

    /// Threads, and the flag that Ctrl-C sets.
    pub fn execution(&self) -> Execution<'static> {
        Execution { threads: self.work.thread_count(), stop: interrupt::flag() }
    }
}

/// Format of tables on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Csv,
    Parquet,
}

impl Format {
    /// As a scenario writes it: a TOML string.
    pub fn field(self) -> String {
        match self {
            Self::Csv => "\"csv\"".to_owned(),
            Self::Parquet => "\"parquet\"".to_owned(),
        }
    }
}

/// Why the program ends without success.
#[derive(Debug)]
pub(super) enum CliError {
    /// The scenario is wrong.
    Scenario(Diagnostics),
    /// Something else that the user gave is wrong.
    Input(String),
    /// The run failed or was stopped.
    Failed(String),
}

impl CliError {
    /// Says why on the standard error.
    pub fn print(&self) {
        let text = match self {
            Self::Scenario(diagnostics) => diagnostics.render(stderr().is_terminal()),
            Self::Input(text) | Self::Failed(text) => format!("error: {text}"),
        };
        // A reader that has gone away changes nothing about how the program ends.
        let _unread = writeln!(stderr(), "{text}");
    }

    /// 1 for a failed run, 2 for wrong input.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Scenario(_) | Self::Input(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::from(1),
        }
    }
}

impl From<ModelError> for CliError {
    fn from(error: ModelError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<StudyError> for CliError {
    fn from(error: StudyError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<ProduceError> for CliError {
    fn from(error: ProduceError) -> Self {
        match error {
            ProduceError::Folder(FolderError::Exists(_) | FolderError::Foreign(_)) => {
                Self::Input(error.to_string())
            }
            ProduceError::Model(_) => Self::Input(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}
