//! The import that would go through, as one types it.

use std::path::Path;

use clap::Parser;

use super::flags::{RepairArgs, Shared};
use crate::cli::common::CliError;
use crate::data::{Inspection, Judged, plan};

/// How often what remains may ask for another flag.
const ROUNDS: usize = 6;

/// Flags with which nothing blocks any more: those given and those that remedies name. They are
/// tried: `read` reads the files anew with them. `None` if remedies name no flag that helps.
pub(super) fn passing(
    args: &Shared,
    found: &Inspection,
    mut read: impl FnMut(&Shared) -> Result<Inspection, CliError>,
) -> Option<Shared> {
    let mut args = args.clone();
    let mut again;
    let mut found = found;
    for _ in 0..ROUNDS {
        if found.is_clean() {
            return Some(args);
        }
        let before = args.repair.clone();
        for finding in found.series.iter().flat_map(Judged::blocking) {
            if let Some(more) = next_remedy(&args.repair, &finding.remedy) {
                args.repair = more;
            }
        }
        if args.repair == before {
            return None;
        }
        again = read(&args).ok()?;
        found = &again;
    }
    found.is_clean().then_some(args)
}

/// Remedies are flags like any others.
#[derive(Debug, Parser)]
struct Remedy {
    #[command(flatten)]
    repair: RepairArgs,
}

/// The flags with the first of a remedy's alternatives that is not among them yet.
fn next_remedy(given: &RepairArgs, remedy: &str) -> Option<RepairArgs> {
    let words: Vec<&str> = remedy.split_whitespace().collect();
    let bare =
        |word: &str| word.trim_end_matches([',', ';', '.', ')']).trim_start_matches('(').to_owned();
    words.iter().enumerate().find_map(|(at, word)| {
        let flag = bare(word);
        if !flag.starts_with("--") {
            return None;
        }
        let value = words.get(at + 1).filter(|_| flag == word.trim_start_matches('('));
        let value = value.map(|value| bare(value));
        let parsed = value
            .and_then(|value| {
                Remedy::try_parse_from(["remedy", flag.as_str(), value.as_str()]).ok()
            })
            .or_else(|| Remedy::try_parse_from(["remedy", flag.as_str()]).ok())?;
        let more = given.and(&parsed.repair);
        (more != *given).then_some(more)
    })
}

/// The command line, quoted for a shell.
pub(super) fn import_command(args: &Shared, extra: &[String], out: &Path) -> String {
    let mut words = vec!["drypowder".to_owned(), "data".to_owned(), "import".to_owned()];
    words.extend(args.files.iter().map(|file| file.display().to_string()));
    words.extend(args.read.words());
    words.extend(args.repair.words());
    words.extend_from_slice(extra);
    words.extend(["--out".to_owned(), out.display().to_string()]);
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
        let none = RepairArgs::default();
        #[rustfmt::skip]
        let table = [
            ("--sort, or --accept disorder", "--sort"),
            ("--dedupe first or --dedupe last", "--dedupe first"),
            ("--fill-gaps=34h, or --accept gap", "--fill-gaps=34h"),
            ("--fill-gaps, or --accept gap", "--fill-gaps"),
            ("say the zone: --utc-offset ±HH:MM or --time-zone NAME, or --accept naive_local_time", "--accept naive_local_time"),
            ("--utc-offset -05:00 (they look so)", "--utc-offset -05:00"),
            ("(--drop-last)", "--drop-last"),
            ("--snap 500ms", "--snap 500ms"),
        ];
        for (remedy, expected) in table {
            let found = next_remedy(&none, remedy).map(|args| args.words().join(" "));
            assert_eq!(found.as_deref(), Some(expected), "{remedy}");
        }
        for remedy in ["", "fetch the file again", "--layout csv", "--sort-of"] {
            assert_eq!(next_remedy(&none, remedy), None, "{remedy}");
        }
        let sorted = RepairArgs { sort: true, ..none };
        let next = next_remedy(&sorted, "--sort, or --accept disorder").unwrap();
        assert_eq!(next.words().join(" "), "--sort --accept disorder");
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        let table = [("a-b.csv", "a-b.csv"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''")];
        for (word, expected) in table {
            assert_eq!(quoted(word), expected);
        }
    }
}
