//! The folder of a run: it grows as `<out>.partial` and takes its name when complete.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Stands in a folder that is not complete.
const MARK: &str = "UNFINISHED";

/// Stands in a folder that is.
const MANIFEST: &str = "manifest.json";

/// Why a folder cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A finished run stands there.
    #[error("{} exists: give another --out, or --force to replace it", .0.display())]
    Exists(PathBuf),
    /// Something else stands there; it is never replaced.
    #[error(
        "{} exists and was not written by drypowder: give another --out", .0.display()
    )]
    Foreign(PathBuf),
    /// The system refused.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// What was written.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// A folder under way.
#[derive(Debug)]
pub struct OutFolder {
    out: PathBuf,
    partial: PathBuf,
}

impl OutFolder {
    /// Opens `<out>.partial`, empty: what an earlier run left there is removed, since a run
    /// starts over. A finished folder is replaced only by force, and only when complete.
    pub fn open(out: &Path, force: bool) -> Result<Self, FolderError> {
        let text = "A drypowder run is writing here, or was stopped. A new run starts over.\n";
        Self::open_marked(out, force, text, false).map(|(folder, _)| folder)
    }

    /// Opens `<out>.partial` as it is, if work of the same key was stopped there, else empty; says
    /// whether there was any.
    pub fn resume(out: &Path, force: bool, key: &str) -> Result<(Self, bool), FolderError> {
        let text = format!(
            "A drypowder study is writing here, or was stopped: the same command goes on with it.\n\
             {key}\n"
        );
        Self::open_marked(out, force, &text, true)
    }

    /// `text` stands in the mark; a folder that has the same is gone on with where that is wanted.
    fn open_marked(
        out: &Path,
        force: bool,
        text: &str,
        go_on: bool,
    ) -> Result<(Self, bool), FolderError> {
        check_target(out, force)?;
        let mut name = out.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let partial = out.with_file_name(name);
        let mark = partial.join(MARK);
        if partial.exists() {
            if !mark.is_file() && !is_empty(&partial) {
                return Err(FolderError::Foreign(partial));
            }
            if go_on && fs::read_to_string(&mark).is_ok_and(|found| found == text) {
                return Ok((Self { out: out.to_owned(), partial }, true));
            }
            at(&partial, fs::remove_dir_all(&partial))?;
        }
        at(&partial, fs::create_dir_all(&partial))?;
        at(&mark, fs::write(&mark, text))?;
        Ok((Self { out: out.to_owned(), partial }, false))
    }

    /// Where a file of that name grows.
    pub fn path(&self, name: &str) -> PathBuf {
        self.partial.join(name)
    }

    /// The folder as it is until it is finished.
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Names of the files in it so far, ascending, without the mark.
    pub fn files(&self) -> Result<Vec<String>, FolderError> {
        let mut names = Vec::new();
        for entry in at(&self.partial, fs::read_dir(&self.partial))? {
            let name = at(&self.partial, entry)?.file_name().to_string_lossy().into_owned();
            if name != MARK {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Gives the folder its name.
    pub fn finish(self) -> Result<PathBuf, FolderError> {
        let mark = self.path(MARK);
        at(&mark, fs::remove_file(&mark))?;
        if self.out.exists() {
            at(&self.out, fs::remove_dir_all(&self.out))?;
        }
        at(&self.out, fs::rename(&self.partial, &self.out))?;
        Ok(self.out)
    }
}

fn check_target(out: &Path, force: bool) -> Result<(), FolderError> {
    if out.file_name().is_none() {
        return Err(FolderError::Foreign(out.to_owned()));
    }
    if !out.exists() || is_empty(out) {
        return Ok(());
    }
    if !out.join(MANIFEST).is_file() {
        return Err(FolderError::Foreign(out.to_owned()));
    }
    if force { Ok(()) } else { Err(FolderError::Exists(out.to_owned())) }
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// Names the path in an error of the system.
pub(super) fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, FolderError> {
    result.map_err(|source| FolderError::Io { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_and_takes_its_name() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("run");
        let folder = OutFolder::open(&out, false).unwrap();
        fs::write(folder.path(MANIFEST), "{}").unwrap();
        assert_eq!(folder.files().unwrap(), [MANIFEST]);
        assert!(!out.exists());
        assert_eq!(folder.finish().unwrap(), out);
        assert!(out.join(MANIFEST).is_file() && !out.join(MARK).exists());

        assert!(matches!(OutFolder::open(&out, false), Err(FolderError::Exists(_))));
        let again = OutFolder::open(&out, true).unwrap();
        assert!(out.join(MANIFEST).is_file(), "replaced only when complete");
        drop(again);
        OutFolder::open(&out, true).unwrap().finish().unwrap();
        assert!(!out.join(MANIFEST).exists());
    }

    #[test]
    fn never_replaces_what_is_not_its_own() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("mine");
        fs::create_dir(&out).unwrap();
        fs::write(out.join("letter.txt"), "dear").unwrap();
        assert!(matches!(OutFolder::open(&out, true), Err(FolderError::Foreign(_))));
        let other = home.path().join("other");
        fs::create_dir(home.path().join("other.partial")).unwrap();
        fs::write(home.path().join("other.partial/letter.txt"), "dear").unwrap();
        assert!(matches!(OutFolder::open(&other, true), Err(FolderError::Foreign(_))));
    }
}
