//! Where an import is written, and writing it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::fragment::fragment;
use super::judged::{Clean, Judged};
use super::normal;
use super::raw::Role;
use crate::fields::{Leaf, Name, Value};
use crate::prices::history::HistoryError;

/// Name of the fragment of a scenario.
const FRAGMENT: &str = "history.toml";

/// Files to be written, one a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// In the order of the series.
    pub files: Vec<PathBuf>,
    /// Folder, if the files go into one; it gets a `history.toml` as well.
    pub folder: Option<PathBuf>,
}

/// Where the series go: `out` is a file that ends in `.parquet` for one series, else a folder, in
/// which each is called `ASSET.role.parquet`. Beside a file of last prices, marks that were made
/// from them take its name with `mark` in place of `last`.
///
/// # Errors
/// Several series of one name or for one file, an asset whose name is none for a file, a file that
/// is there already (or its `.partial`) unless `force`, a file that is one of `inputs`.
pub fn plan(
    out: &Path,
    series: &[Judged],
    inputs: &[PathBuf],
    force: bool,
) -> Result<Plan, Vec<HistoryError>> {
    let plan = if is_folder(out, series) {
        in_folder(out, series)?
    } else {
        beside(out, series).map_err(|error| vec![error])?
    };
    let mut faults = Vec::new();
    let fragment = plan.folder.as_ref().map(|folder| folder.join(FRAGMENT));
    for path in plan.files.iter().chain(&fragment) {
        faults.extend(refusal(path, inputs, force));
    }
    if faults.is_empty() { Ok(plan) } else { Err(faults) }
}

fn is_folder(out: &Path, series: &[Judged]) -> bool {
    let text = out.as_os_str().to_string_lossy();
    let is_file = out.extension().is_some_and(|ending| ending == "parquet");
    text.ends_with(std::path::is_separator) || out.is_dir() || (n_read(series) > 1 && !is_file)
}

/// Series that are not made from another one.
fn n_read(series: &[Judged]) -> usize {
    series.iter().filter(|judged| !is_made(judged, series)).count()
}

/// A mark that was made for the last prices beside it.
fn is_made(judged: &Judged, series: &[Judged]) -> bool {
    let metadata = match &judged.clean {
        Some(Clean::Bars(bars)) => &bars.metadata,
        _ => return false,
    };
    let label = &judged.facts.label;
    let beside_last = series.iter().any(|other| {
        other.facts.label.role == Role::Last && other.facts.label.asset == label.asset
    });
    label.role == Role::Mark && beside_last && metadata.contains_key(super::mark::CONSTRUCTED_KEY)
}

fn in_folder(out: &Path, series: &[Judged]) -> Result<Plan, Vec<HistoryError>> {
    let mut faults = Vec::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut files = Vec::new();
    for judged in series {
        let label = &judged.facts.label;
        if Name::read(&Value::from(label.asset.as_str())).is_err() {
            let problem = format!("the asset {:?} is no name for a file", label.asset);
            faults.push(HistoryError::new("--out", problem, "name it with --asset"));
        }
        let name = format!("{label}.parquet");
        files.push(out.join(&name));
        // Some file systems take BTC and btc for one.
        if !names.insert(name.to_lowercase()) {
            let problem = format!("two series are {label} ({})", judged.facts.members.join(", "));
            let remedy = "import them in separate calls, or name one with --asset or --role";
            faults.push(HistoryError::new("--out", problem, remedy));
        }
    }
    let folder = Some(out.to_owned());
    if faults.is_empty() { Ok(Plan { files, folder }) } else { Err(faults) }
}

fn beside(out: &Path, series: &[Judged]) -> Result<Plan, HistoryError> {
    let refuse = |problem: String, remedy: &str| {
        Err(HistoryError::new("--out", format!("{}: {problem}", out.display()), remedy))
    };
    if out.extension().is_none_or(|ending| ending != "parquet") {
        return refuse("neither .parquet nor a folder".to_owned(), "end a folder's name in /");
    }
    let count = n_read(series);
    if count != 1 {
        let names: Vec<String> = series.iter().map(|one| one.facts.label.to_string()).collect();
        let problem = format!("{count} series do not go into one file: {}", names.join(", "));
        return refuse(problem, "give a folder: --out DIR/");
    }
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let stem = stem.strip_suffix(".last").unwrap_or(&stem);
    let mark = out.with_file_name(format!("{stem}.mark.parquet"));
    let path =
        |judged: &Judged| if is_made(judged, series) { mark.clone() } else { out.to_owned() };
    Ok(Plan { files: series.iter().map(path).collect(), folder: None })
}

/// Why a file is not written.
fn refusal(path: &Path, inputs: &[PathBuf], force: bool) -> Option<HistoryError> {
    let refuse = |problem: &str, remedy: &str| {
        Some(HistoryError::new(&path.display().to_string(), problem, remedy))
    };
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    if let Some(there) = real(path)
        && inputs.iter().any(|input| real(input).as_ref() == Some(&there))
    {
        return refuse("one of the files read", "give another --out");
    }
    if path.is_dir() {
        return refuse("a folder of that name is there", "give another --out");
    }
    if force {
        return None;
    }
    let partial = partial_of(path);
    // A link that leads nowhere is there too.
    if path.symlink_metadata().is_ok() {
        refuse("there already", "give another --out, or --force to replace it")
    } else if partial.exists() {
        let problem = format!("{} is there", partial.display());
        refuse(&problem, "move it, or --force to replace it")
    } else {
        None
    }
}

fn partial_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    path.with_file_name(name)
}

/// Writes every series where the plan says, and the fragment of a scenario into a folder. The
/// files written.
///
/// # Errors
/// A folder or file that cannot be written; what was written before it stays.
pub fn write(plan: &Plan, series: &[Judged]) -> Result<Vec<PathBuf>, Vec<HistoryError>> {
    let failed = |path: &Path, error: std::io::Error| {
        let problem = format!("cannot be written: {error}");
        vec![HistoryError::new(&path.display().to_string(), problem, "check the folder")]
    };
    if let Some(folder) = &plan.folder {
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    }
    let mut written = Vec::new();
    for (path, judged) in plan.files.iter().zip(series) {
        if let Some(clean) = &judged.clean {
            normal::write(path, clean)?;
            written.push(path.clone());
        }
    }
    if let Some(folder) = &plan.folder
        && let Some(text) = fragment(series)
    {
        let path = folder.join(FRAGMENT);
        let partial = partial_of(&path);
        std::fs::write(&partial, text)
            .and_then(|()| std::fs::rename(&partial, &path))
            .map_err(|error| failed(&path, error))?;
        written.push(path);
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::testing::judged_bars;

    fn names(plan: &Plan) -> Vec<String> {
        plan.files.iter().map(|file| file.display().to_string()).collect()
    }

    #[test]
    fn series_find_their_files() {
        let one = [judged_bars("BTC", 1, &[0])];
        let two = [judged_bars("BTC", 1, &[0]), judged_bars("ETH", 1, &[0])];
        let both = ["d/BTC.last.parquet".to_owned(), "d/ETH.last.parquet".to_owned()];
        let plan_of = |out: &str, series: &[Judged]| plan(Path::new(out), series, &[], false);
        assert_eq!(names(&plan_of("x.parquet", &one).unwrap()), ["x.parquet"]);
        assert_eq!(names(&plan_of("d/", &one).unwrap()), both[..1]);
        assert_eq!(names(&plan_of("d", &two).unwrap()), both);
        assert_eq!(names(&plan_of("d/", &two).unwrap()), both);
        let mut marked = one.to_vec();
        marked.push(judged_bars("BTC", 1, &[0]));
        marked[1].facts.label.role = Role::Mark;
        if let Some(clean) = &mut marked[1].clean {
            clean.metadata_mut().insert(crate::data::mark::CONSTRUCTED_KEY.into(), "x".into());
        }
        let plan = plan_of("a/BTC.last.parquet", &marked).unwrap();
        assert_eq!(names(&plan), ["a/BTC.last.parquet", "a/BTC.mark.parquet"]);
    }

    #[test]
    fn what_has_no_place_says_why() {
        let one = [judged_bars("BTC", 1, &[0])];
        let twice = [judged_bars("BTC", 1, &[0]), judged_bars("btc", 1, &[0])];
        let hostile = [judged_bars("../BTC", 1, &[0])];
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join("x.parquet");
        std::fs::write(&there, "x").unwrap();
        let table: [(&Path, &[Judged], &str); 5] = [
            (Path::new("x.csv"), &one, "neither .parquet nor a folder"),
            (
                Path::new("x.parquet"),
                &twice,
                "2 series do not go into one file: BTC.last, btc.last",
            ),
            (Path::new("d/"), &twice, "two series are btc.last"),
            (Path::new("d/"), &hostile, "is no name for a file"),
            (&there, &one, "there already"),
        ];
        for (out, series, expected) in table {
            let faults = plan(out, series, &[], false).unwrap_err();
            assert!(faults[0].to_string().contains(expected), "{expected}: {faults:?}");
        }
        assert!(plan(&there, &one, &[], true).is_ok());
        let faults = plan(&there, &one, std::slice::from_ref(&there), true).unwrap_err();
        assert!(faults[0].to_string().contains("one of the files read"), "{faults:?}");
    }
}
