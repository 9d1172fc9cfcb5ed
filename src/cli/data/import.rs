//! `drypowder data import`.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::command::{advice, import_command, passing};
use super::flags::Shared;
use super::{OUTPUT, read_files, told};
use crate::cli::common::CliError;
use crate::cli::print;
use crate::data::{
    Inspection, Judged, ReadOptions, RepairOptions, add_marks, align, blocking_text,
    inspection_json, plan, write, written_text,
};
use crate::units::time::to_iso;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: drypowder data import BTCUSDT-1h-2025-*.zip --out BTC.last.parquet\n\
                  Example: drypowder data import futures/*.feather --align --out histories/\n\n\
                  Nothing is written while anything is wrong: the exit status is 2, and the \
                  command that goes through is printed. Into a folder goes one file a series, \
                  ASSET.role.parquet, and history.toml, a part of a scenario that names them."
)]
pub(super) struct Args {
    #[command(flatten)]
    shared: Shared,

    /// File.parquet for one series, or a folder (DIR/) for any number
    #[arg(long, help_heading = OUTPUT, value_name = "PATH")]
    out: PathBuf,

    /// Cut bars to the span that all of them cover, and series of values to it as well
    #[arg(long, help_heading = OUTPUT)]
    align: bool,

    /// Marks in longer bars (repeatable): makes a mark in the bars of the last price beside it
    #[arg(long, help_heading = OUTPUT, value_name = "FILE")]
    mark_from: Vec<PathBuf>,

    /// Print JSON and nothing else
    #[arg(long, help_heading = OUTPUT)]
    json: bool,

    /// Replace files that are already there
    #[arg(long, help_heading = OUTPUT)]
    force: bool,

    /// No progress bar
    #[arg(long, help_heading = OUTPUT)]
    quiet: bool,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let shared = &args.shared;
    let (options, repairs) = (shared.read.options(), shared.repair.options());
    check_out(&args.out, args.force)?;
    let mut inspection = read_files(&shared.files, &options, &repairs, args.quiet)?;
    if options.layout.is_none() {
        refuse_tables(&inspection)?;
    }
    if !inspection.is_clean() {
        return refuse(args, &inspection);
    }
    if !args.mark_from.is_empty() {
        let none = RepairOptions::default();
        let marks = read_files(&args.mark_from, &ReadOptions::default(), &none, args.quiet)?;
        add_marks(&mut inspection.series, &marks.series).map_err(told)?;
    }
    let cut = match args.align {
        true => align(&mut inspection.series).map_err(|error| told(vec![error]))?,
        false => None,
    };
    let inputs: Vec<PathBuf> = shared.files.iter().chain(&args.mark_from).cloned().collect();
    let plan = plan(&args.out, &inspection.series, &inputs, args.force).map_err(told)?;
    let written = write(&plan, &inspection.series).map_err(told)?;
    if args.json {
        let mut json = inspection_json(&inspection, &[], None);
        json["written"] = written.iter().map(|path| path.display().to_string()).collect();
        json["cut_to"] = json!(cut.map(|(from, to)| [to_iso(from), to_iso(to)]));
        return print(&format!("{json:#}\n"));
    }
    let mut text = String::new();
    if let Some((from, to)) = cut {
        text.push_str(&format!("cut to {} up to {}\n", to_iso(from), to_iso(to)));
    }
    text.push_str(&written_text(&written, &inspection.series));
    print(&text)
}

/// What can be told before anything is read.
fn check_out(out: &Path, force: bool) -> Result<(), CliError> {
    if out.is_file() && !force {
        let text = format!("{} exists: give another --out, or --force", out.display());
        return Err(CliError::Input(text));
    }
    Ok(())
}

/// Says what blocks, and the command that goes through.
fn refuse(args: &Args, inspection: &Inspection) -> Result<(), CliError> {
    let again = |shared: &Shared| {
        let (options, repairs) = (shared.read.options(), shared.repair.options());
        read_files(&shared.files, &options, &repairs, args.quiet)
    };
    let passing = passing(&args.shared, inspection, again);
    let passing = passing.map(|shared| {
        let command = import_command(&shared, &own_words(args), &args.out);
        (shared, command)
    });
    let kinds: usize = inspection.series.iter().map(|one| Judged::blocking(one).count()).sum();
    let stops = if kinds == 1 { "one kind of defect stops" } else { "defects stop" };
    let mut text = format!("{stops} the import; nothing was written\n\n");
    text.push_str(&blocking_text(inspection));
    text.push_str(&match &passing {
        Ok((passing, command)) => advice(&args.shared, passing, command),
        Err(why) => why.clone(),
    });
    if args.json {
        let command = passing.as_ref().ok().map(|(_, command)| command.as_str());
        print(&format!("{:#}\n", inspection_json(inspection, &[], command)))?;
    }
    Err(CliError::Input(text))
}

/// A file that is no history of a known layout is kept as a table only where that is said.
fn refuse_tables(inspection: &Inspection) -> Result<(), CliError> {
    let tables = inspection.series.iter().filter(|one| {
        one.facts.shape.is_none() && matches!(one.facts.layout, "table" | "json-table")
    });
    let lines: Vec<String> = tables
        .map(|one| {
            format!(
                "{}: no prices or rates of a known layout; --columns names the columns of a CSV, \
                 --layout {} keeps it as a table",
                one.facts.members.join(", "),
                one.facts.layout
            )
        })
        .collect();
    if lines.is_empty() { Ok(()) } else { Err(CliError::Input(lines.join("\n"))) }
}

/// Flags of this command alone, as one types them.
fn own_words(args: &Args) -> Vec<String> {
    let mut words = Vec::new();
    for file in &args.mark_from {
        words.extend(["--mark-from".to_owned(), file.display().to_string()]);
    }
    let switches = [
        ("--align", args.align),
        ("--json", args.json),
        ("--force", args.force),
        ("--quiet", args.quiet),
    ];
    words.extend(switches.iter().filter(|(_, on)| *on).map(|(word, _)| (*word).to_owned()));
    words
}
