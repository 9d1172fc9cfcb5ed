//! The import that would go through, as one types it.

use std::path::Path;

use clap::Parser;

use super::flags::{ReadArgs, RepairArgs, Shared};
use crate::cli::common::CliError;
use crate::data::{FindingKind, Inspection, Judged, plan};

/// How often what remains may ask for another flag.
const ROUNDS: usize = 6;

/// What an import needs to go through.
#[derive(Debug)]
enum Way {
    /// These flags, which have been tried.
    Through(Box<Shared>),
    /// A flag whose value only the user knows, such as `--time-zone NAME`.
    Asks(String),
    /// No flag helps, or none that remedies name.
    None,
}

/// Flags with which nothing blocks any more: those given and those that remedies name. They are
/// tried: `read` reads the files anew with them.
fn way(
    args: &Shared,
    found: &Inspection,
    mut read: impl FnMut(&Shared) -> Result<Inspection, CliError>,
) -> Way {
    let mut args = args.clone();
    let mut again;
    let mut found = found;
    for _ in 0..ROUNDS {
        if found.is_clean() {
            return Way::Through(Box::new(args));
        }
        let before = args.clone();
        for finding in found.series.iter().flat_map(Judged::blocking) {
            // A crash looks like an outlier, and prices stay as they are until the user has looked.
            let remedy = match finding.kind {
                FindingKind::Outlier => "--accept outlier",
                _ => finding.remedy.as_str(),
            };
            // Alternatives are left to the next round, which sees what the first ones did.
            match next_remedy(&before, remedy) {
                Step::More(more) => args = with(&args, &more),
                Step::Asks(flag) => return Way::Asks(flag),
                Step::Nothing => {}
            }
        }
        if args == before {
            return Way::None;
        }
        match read(&args) {
            Ok(inspection) => again = inspection,
            Err(_) => return Way::None,
        }
        found = &again;
    }
    if found.is_clean() { Way::Through(Box::new(args)) } else { Way::None }
}

/// The flags that go through, or in a sentence why none are named.
pub(super) fn passing(
    args: &Shared,
    found: &Inspection,
    read: impl FnMut(&Shared) -> Result<Inspection, CliError>,
) -> Result<Shared, String> {
    let mut args = args.clone();
    // A table is kept as one only where that is said.
    let tables = || found.series.iter().map(|one| one.facts.layout);
    if tables().all(|layout| layout == "table" || layout == "json-table") {
        args.read.layout = args.read.layout.or_else(|| tables().next().map(str::to_owned));
    }
    match way(&args, found, read) {
        Way::Through(args) => Ok(*args),
        Way::Asks(flag) => Err(format!("Say what the files do not: {flag}.")),
        Way::None => Err("No flag mends all of it: see the remedies above.".to_owned()),
    }
}

/// Remedies are flags like any others.
#[derive(Debug, PartialEq, Parser)]
struct Remedy {
    #[command(flatten)]
    read: ReadArgs,

    #[command(flatten)]
    repair: RepairArgs,
}

/// What a remedy adds.
#[derive(Debug, PartialEq)]
enum Step {
    More(Box<Remedy>),
    Asks(String),
    Nothing,
}

/// The flags with those of a remedy.
fn with(given: &Shared, remedy: &Remedy) -> Shared {
    let (read, repair) = (given.read.and(&remedy.read), given.repair.and(&remedy.repair));
    Shared { read, repair, ..given.clone() }
}

/// The first of a remedy's alternatives that is not among the flags yet.
fn next_remedy(given: &Shared, remedy: &str) -> Step {
    let words: Vec<&str> = remedy.split_whitespace().collect();
    let bare =
        |word: &str| word.trim_end_matches([',', ';', '.', ')']).trim_start_matches('(').to_owned();
    for (at, word) in words.iter().enumerate() {
        let flag = bare(word);
        if !flag.starts_with("--") {
            continue;
        }
        // A flag that a comma ends has no value.
        let ends = flag.len() < word.trim_start_matches('(').len();
        let value = words.get(at + 1).filter(|_| !ends).map(|value| bare(value));
        let mut typed = vec!["remedy".to_owned(), flag];
        let alone = Remedy::try_parse_from(&typed);
        typed.extend(value);
        if typed.last().is_some_and(|value| is_placeholder(value)) {
            return Step::Asks(typed[1..].join(" "));
        }
        if let Ok(remedy) = Remedy::try_parse_from(&typed).or(alone)
            && with(given, &remedy) != *given
        {
            return Step::More(Box::new(remedy));
        }
    }
    Step::Nothing
}

/// `NAME`: a value to be filled in.
fn is_placeholder(value: &str) -> bool {
    value.len() > 1 && value.chars().all(|c| c.is_ascii_uppercase())
}

/// The import that goes through, and what to look at before it is run.
pub(super) fn advice(given: &Shared, passing: &Shared, command: &str) -> String {
    let mut text = format!("This import goes through:\n  {command}");
    let accepts = |args: &Shared| args.repair.accept.contains(&FindingKind::Outlier);
    if accepts(passing) && !accepts(given) {
        text.push_str(
            "\n  Look at the outliers first: those that are false go with --drop-outliers in place \
             of --accept outlier; a crash stays.",
        );
    }
    if passing.repair.utc_offset != given.repair.utc_offset {
        text.push_str("\n  The zone is a guess: make sure of it, or compare with --against.");
    }
    text
}

/// A path that no flag is mistaken for.
fn plain(path: &Path) -> String {
    let text = path.display().to_string();
    if text.starts_with('-') { format!("./{text}") } else { text }
}

/// The command line, quoted for a shell.
pub(super) fn import_command(args: &Shared, extra: &[String], out: &Path) -> String {
    let mut words = vec!["drypowder".to_owned(), "data".to_owned(), "import".to_owned()];
    words.extend(args.files.iter().map(|file| plain(file)));
    words.extend(args.read.words());
    words.extend(args.repair.words());
    words.extend_from_slice(extra);
    words.extend(["--out".to_owned(), plain(out)]);
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// An `--out` that the series fit.
pub(super) fn out_for(args: &Shared, series: &[Judged]) -> Option<std::path::PathBuf> {
    let out = match series {
        [only] => format!("{}.parquet", only.facts.label),
        _ => "histories/".to_owned(),
    };
    plan(Path::new(&out), series, &args.files, true).ok().map(|_| out.into())
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remedies_are_taken_at_their_word() {
        let none =
            Shared { files: Vec::new(), read: ReadArgs::default(), repair: RepairArgs::default() };
        let typed = |remedy: &Remedy| {
            let args = with(&none, remedy);
            [args.read.words(), args.repair.words()].concat().join(" ")
        };
        #[rustfmt::skip]
        let table = [
            ("--sort, or --accept disorder", "--sort"),
            ("--dedupe first or --dedupe last, or --accept duplicate", "--dedupe first"),
            ("--fill-gaps=34h, or --accept gap", "--fill-gaps=34h"),
            ("--fill-gaps, --fill-gaps=34h for the longest, or --accept gap", "--fill-gaps"),
            ("--utc-offset -05:00, --utc-offset +00:00 if they are UTC", "--utc-offset -05:00"),
            ("(--drop-last)", "--drop-last"),
            ("--snap 500ms", "--snap 500ms"),
            ("--columns open=low,high=open,low=high,close=close", "--columns open=low,high=open,low=high,close=close"),
            ("--interval, or --from and --to, or --accept gap", "--accept gap"),
        ];
        for (remedy, expected) in table {
            match next_remedy(&none, remedy) {
                Step::More(more) => assert_eq!(typed(&more), expected, "{remedy}"),
                other => panic!("{remedy}: {other:?}"),
            }
        }
        let zone = "--time-zone NAME, --utc-offset +00:00 if they are UTC, or --accept x";
        assert_eq!(next_remedy(&none, zone), Step::Asks("--time-zone NAME".into()));
        for remedy in ["", "fetch the file again", "--sort-of"] {
            assert_eq!(next_remedy(&none, remedy), Step::Nothing, "{remedy}");
        }
        let repair = RepairArgs { sort: true, ..none.repair.clone() };
        let sorted = Shared { repair, ..none.clone() };
        match next_remedy(&sorted, "--sort, or --accept disorder") {
            Step::More(more) => assert_eq!(typed(&more), "--accept disorder"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        let table = [("a-b.csv", "a-b.csv"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''")];
        for (word, expected) in table {
            assert_eq!(quoted(word), expected);
        }
    }
}
