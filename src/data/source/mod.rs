//! Files and what is packed in them: one member after another, bounded, hashed.
//!
//! ```text
//! file ─▶ Disk (hash, progress) ─▶ gzip? zip? tar? by magic bytes ─▶ Member ─▶ visitor
//! ```
//!
//! A plain file is one member, and so is a gzip file (of one or many gzip members) of something
//! that is no archive. Members of zip, tar and tar.gz come in the natural order of their names
//! (digits count as numbers), so that monthly files follow each other however they were packed.
//! A member may itself be gzip, zip or tar, one level deep. Directories and members that file
//! managers add ([`names::is_metadata`]) are left out; links and encrypted members are refused.
//!
//! Memory: a member streams. Held whole are an archive within an archive (at most
//! [`limits::HELD_MAX`]), and members of a tar.gz whose names are out of order, at most
//! [`tarred::BATCH_MAX`] at a time. [`limits`] says what a hostile file can cost.

mod disk;
mod fault;
mod limits;
mod magic;
mod member;
mod names;
mod tarred;
#[cfg(test)]
mod tests;
mod walk;
mod zipped;

use std::path::{Path, PathBuf};

use crate::prices::history::HistoryError;

pub use member::Member;

use disk::Disk;
use limits::Meter;
use names::Named;
use walk::Walk;

/// What tells a file from others of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHash {
    /// As the caller gave it.
    pub path: PathBuf,
    /// SHA-256 of the bytes on disk, packed as they are, in lower-case hex.
    pub sha256: String,
    /// Number of those bytes.
    pub bytes: u64,
}

/// Opens a file and calls `visit` with each member. `progress` hears how many bytes of the file
/// have been dealt with, from 0 up to its size. Where a tar.gz is read more than once, that
/// counts the share of the whole work.
///
/// # Errors
/// One message if the file cannot be opened or is no regular file, if what is packed in it is
/// damaged, cut short, encrypted, a link, empty or beyond the limits, naming file and member; else
/// whatever `visit` returns first. A member that turns out damaged is told in place of what
/// `visit` made of it.
pub fn each_member(
    path: &Path,
    progress: &mut dyn FnMut(u64),
    visit: &mut dyn FnMut(&mut Member<'_>) -> Result<(), Vec<HistoryError>>,
) -> Result<SourceHash, Vec<HistoryError>> {
    let named = Named::of_file(path);
    let mut disk = Disk::open(path, progress)?;
    let meter = Meter::for_file(disk.len());
    Walk::new(&meter, visit).file(&named, &mut disk)?;
    let (sha256, bytes) = disk.finish().map_err(|error| fault::told(&named.origin, &error))?;
    Ok(SourceHash { path: path.to_owned(), sha256, bytes })
}
