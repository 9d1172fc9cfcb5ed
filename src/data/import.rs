//! Files in, judged series out: the way from names of files to what can be written.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use super::judge::judge;
use super::judged::{Clean, Judged, Outline};
use super::layout::{Gather, read_member};
use super::mark::mark_within;
use super::options::{ReadOptions, RepairOptions};
use super::raw::Role;
use super::source::{SourceHash, each_member};
use crate::prices::history::{HistoryError, SOURCE_KEY, sha256_hex};

/// Metadata key: `<sha256>  <file name>`, a line each.
const SOURCES_KEY: &str = "drypowder.sources";
/// How many files are named there.
const SOURCES_MAX: usize = 200;

/// What some files hold.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// In the order of first appearance.
    pub series: Vec<Judged>,
    /// In the order given.
    pub sources: Vec<SourceHash>,
}

impl Inspection {
    /// Whether nothing stops an import.
    pub fn is_clean(&self) -> bool {
        self.series.iter().all(|judged| judged.clean.is_some())
    }
}

/// Reads and judges files; what is clean carries the hashes of its own files as metadata.
/// `progress` hears how many bytes on disk have been dealt with.
///
/// # Errors
/// Every file that cannot be read at all, with its reason.
pub fn read(
    files: &[PathBuf],
    options: &ReadOptions,
    repairs: &RepairOptions,
    progress: &mut dyn FnMut(u64),
) -> Result<Inspection, Vec<HistoryError>> {
    let mut gather = Gather::default();
    let mut sources = Vec::new();
    // Names of members and the file each came from.
    let mut members: Vec<(String, usize)> = Vec::new();
    let mut errors = Vec::new();
    let mut before = 0_u64;
    for (at, file) in files.iter().enumerate() {
        let read = each_member(file, &mut |bytes| progress(before + bytes), &mut |member| {
            members.push((member.name().to_owned(), at));
            read_member(member, options, &mut gather).map(|_| ())
        });
        match read {
            Ok(source) => {
                before += source.bytes;
                sources.push(source);
            }
            Err(faults) => errors.extend(faults),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    members.sort();
    let mut series = Vec::new();
    for raw in gather.finish() {
        let mut judged = judge(raw, options, repairs);
        let files = files_of(&judged.facts.members, &members);
        let own: Vec<&SourceHash> = files.into_iter().filter_map(|at| sources.get(at)).collect();
        if let Some(clean) = &mut judged.clean {
            record(clean, &own);
        }
        series.push(judged);
    }
    if series.is_empty() {
        let problem = "nothing in it that is a history or a table";
        let name = files.first().map_or_else(String::new, |file| file.display().to_string());
        return Err(vec![HistoryError::new(&name, problem, "give files with rows")]);
    }
    Ok(Inspection { series, sources })
}

/// Which files members came from; `members` is sorted.
fn files_of(names: &[String], members: &[(String, usize)]) -> BTreeSet<usize> {
    let mut files = BTreeSet::new();
    for name in names {
        let first = members.partition_point(|(other, _)| other < name);
        let equal = members[first..].iter().take_while(|(other, _)| other == name);
        files.extend(equal.map(|(_, file)| *file));
    }
    files
}

/// Hash of the one file read; of several, of the lines that `sha256sum` prints for them.
fn record(clean: &mut Clean, sources: &[&SourceHash]) {
    let lines: Vec<String> = sources.iter().map(|source| line(source)).collect();
    let digest = match sources {
        [only] => only.sha256.clone(),
        _ => sha256_hex(lines.concat().as_bytes()),
    };
    let mut shown = lines[..lines.len().min(SOURCES_MAX)].concat();
    if lines.len() > SOURCES_MAX {
        let _ = writeln!(shown, "and {} more", lines.len() - SOURCES_MAX); // To a String.
    }
    let metadata = clean.metadata_mut();
    metadata.entry(SOURCE_KEY.to_owned()).or_insert(digest);
    metadata.entry(SOURCES_KEY.to_owned()).or_insert_with(|| shown.trim_end().to_owned());
}

/// As `sha256sum` prints it, the folder left out.
fn line(source: &SourceHash) -> String {
    let name = source.path.file_name().unwrap_or_default().to_string_lossy();
    format!("{}  {name}\n", source.sha256)
}

/// Adds to each series of last prices the marks in its bars, made from `marks` in longer ones
/// (see [`mark_within`]). A series takes the marks of its asset and of no other.
///
/// # Errors
/// No last prices, marks that are missing, block or do not fit.
pub fn add_marks(series: &mut Vec<Judged>, marks: &[Judged]) -> Result<(), Vec<HistoryError>> {
    let last = series.iter().filter(|judged| judged.facts.label.role == Role::Last);
    let last: Vec<&Judged> = last.collect();
    if last.is_empty() {
        let remedy = "import the last prices in the same call";
        return Err(vec![HistoryError::new("--mark-from", "no last prices to go by", remedy)]);
    }
    let mut made = Vec::new();
    let mut faults = Vec::new();
    for one in &last {
        let label = &one.facts.label;
        let of_asset = |mark: &&Judged| mark.facts.label.asset == label.asset;
        match marks.iter().find(of_asset).map(|mark| made_mark(one, mark)) {
            Some(Ok(judged)) => made.push(judged),
            Some(Err(found)) => faults.extend(found),
            None => {
                let problem = format!("no marks of {}", label.asset);
                let remedy = "give a file of its marks, or import the asset alone";
                faults.push(HistoryError::new("--mark-from", problem, remedy));
            }
        }
    }
    if faults.is_empty() {
        series.extend(made);
        Ok(())
    } else {
        Err(faults)
    }
}

fn made_mark(last: &Judged, mark: &Judged) -> Result<Judged, Vec<HistoryError>> {
    let name = last.facts.label.to_string();
    let fault = |problem: String, remedy: &str| vec![HistoryError::new(&name, problem, remedy)];
    let member = mark.facts.members.first().cloned().unwrap_or_default();
    let bars = match &mark.clean {
        Some(Clean::Bars(bars)) => bars,
        Some(_) => return Err(fault(format!("{member} has no bars"), "give bars of the mark")),
        None => {
            let remedy = "import it on its own first, and give the file that is written";
            return Err(fault(format!("the marks in {member} have defects that block"), remedy));
        }
    };
    let Some(Clean::Bars(of_last)) = &last.clean else {
        return Err(fault("no bars of the last price".to_owned(), "mend what blocks them"));
    };
    let made = mark_within(&name, of_last, bars)?;
    let mut facts = mark.facts.clone();
    facts.label = last.facts.label.clone();
    facts.label.role = Role::Mark;
    facts.interval_ms = Some(made.interval_ms);
    facts.span = made.open_time.first().copied().zip(made.open_time.last().copied());
    let clean = Some(Clean::Bars(made));
    Ok(Judged { facts, findings: Vec::new(), clean, outline: Outline::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::CleanTable;

    fn source(sha: char, name: &str) -> SourceHash {
        SourceHash { path: format!("some/folder/{name}").into(), sha256: sha.to_string(), bytes: 1 }
    }

    fn recorded(sources: &[SourceHash]) -> (String, String) {
        let table = CleanTable { time: None, columns: Vec::new(), metadata: Default::default() };
        let mut clean = Clean::Table(table);
        record(&mut clean, &sources.iter().collect::<Vec<_>>());
        let metadata = clean.metadata_mut();
        (metadata[SOURCE_KEY].clone(), metadata[SOURCES_KEY].clone())
    }

    #[test]
    fn sources_are_recorded_as_sha256sum_prints_them() {
        assert_eq!(recorded(&[source('a', "x.csv")]), ("a".to_owned(), "a  x.csv".to_owned()));
        // printf 'a  x.csv\nb  y.csv\n' | sha256sum
        let digest = "b88b89437a20cc73c82f6d3313a34aa5add2200b937f52f86f4d3e889a7f8d23";
        let both = recorded(&[source('a', "x.csv"), source('b', "y.csv")]);
        assert_eq!(both, (digest.to_owned(), "a  x.csv\nb  y.csv".to_owned()));
        let many = recorded(&vec![source('a', "x.csv"); 203]).1;
        assert_eq!((many.lines().count(), many.lines().last()), (201, Some("and 3 more")));
    }

    #[test]
    fn a_series_names_its_own_files_only() {
        let member = |name: &str, file| (name.to_owned(), file);
        let members = [member("a", 0), member("b", 1), member("b", 2), member("c", 3)];
        let of = |names: &[&str]| -> Vec<usize> {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            files_of(&names, &members).into_iter().collect()
        };
        assert_eq!(of(&["b"]), [1, 2]);
        assert_eq!(of(&["c", "a"]), [0, 3]);
        assert!(of(&["d"]).is_empty());
    }
}
