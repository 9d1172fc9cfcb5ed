//! Reading real files and asking what was found.

use std::path::{Path, PathBuf};

use drypowder::data::{Finding, FindingKind, Judged, ReadOptions, RepairOptions, Severity, read};

/// The folder of real files; `None`, after a line that says so, where there is none.
pub fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("DRYPOWDER_DATA").map(PathBuf::from);
    if folder.is_none() {
        let name = std::thread::current().name().unwrap_or("a test").to_owned();
        eprintln!("skipped: {name} needs the folder of real files in DRYPOWDER_DATA");
    }
    folder
}

/// Reads some files, each a pattern with at most one `*` in its last part.
pub fn judged(
    folder: &Path,
    files: &[&str],
    options: &ReadOptions,
    repairs: &RepairOptions,
) -> Vec<Judged> {
    let files: Vec<PathBuf> = files.iter().flat_map(|file| matching(folder, file)).collect();
    let inspection = read(&files, options, repairs, &mut |_| {});
    inspection.unwrap_or_else(|faults| panic!("{files:?}: {faults:?}")).series
}

/// Files that a pattern names, by name.
pub fn matching(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let path = folder.join(pattern);
    let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
    let Some((before, after)) = name.split_once('*') else { return vec![path] };
    let parent = path.parent().expect("a folder");
    let entries = std::fs::read_dir(parent).unwrap_or_else(|error| panic!("{parent:?}: {error}"));
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with(before) && name.ends_with(after)
        })
        .collect();
    found.sort();
    assert!(!found.is_empty(), "nothing matches {pattern}");
    found
}

/// One series of some files, as it is.
pub fn one(folder: &Path, files: &[&str]) -> Judged {
    let mut series = judged(folder, files, &ReadOptions::default(), &RepairOptions::default());
    assert_eq!(series.len(), 1, "{files:?} are one series");
    series.remove(0)
}

/// A finding of a kind.
pub fn finding(judged: &Judged, kind: FindingKind) -> Option<&Finding> {
    judged.findings.iter().find(|finding| finding.kind == kind)
}

/// How often a kind was found.
pub fn count(judged: &Judged, kind: FindingKind) -> u64 {
    finding(judged, kind).map_or(0, |finding| finding.count)
}

/// Kinds that block, in the order of a report.
pub fn blocking(judged: &Judged) -> Vec<FindingKind> {
    let blocks = judged.findings.iter().filter(|finding| finding.severity == Severity::Blocks);
    blocks.map(|finding| finding.kind).collect()
}
