//! Members of zip files.

use std::io::{self, BufReader, Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::fault::{Refusal, refuse, told};
use super::limits::{Metered, guarded};
use super::names::{Named, is_metadata, natural, printable};
use super::walk::Walk;
use crate::prices::history::HistoryError;

/// Visits all members in the natural order of their names.
pub(super) fn each_in_zip<R: Read + Seek>(
    walk: &mut Walk<'_>,
    named: &Named,
    file: R,
) -> Result<(), Vec<HistoryError>> {
    let mut archive = guarded(|| ZipArchive::new(file).map_err(raise))
        .map_err(|error| told(&named.origin, &error))?;
    if archive.has_duplicate_names() {
        return refuse(&named.origin, "two members have one name", "pack it anew");
    }
    walk.within(named, |walk| {
        let members = list(walk, named, &archive)?;
        if members.is_empty() {
            return refuse(&named.origin, "nothing is packed in it", "fetch the file anew");
        }
        for (path, index) in members {
            let inner = named.inner(&path);
            let member = guarded(|| archive.by_index(index).map_err(raise))
                .map_err(|error| told(&inner.origin, &error))?;
            let metered = Metered { inner: member, meter: walk.meter };
            walk.packed(inner, &mut BufReader::with_capacity(1 << 16, metered))?;
        }
        Ok(())
    })
}

/// Name and number of each member that holds data.
fn list<R: Read + Seek>(
    walk: &mut Walk<'_>,
    named: &Named,
    archive: &ZipArchive<R>,
) -> Result<Vec<(String, usize)>, Vec<HistoryError>> {
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let entry = guarded(|| archive.by_index_data(index).map_err(raise))
            .map_err(|error| told(&named.origin, &error))?;
        walk.count(named, entry.name_raw())?;
        let path = match entry.name() {
            Ok(name) => printable(&name),
            Err(_) => printable(&String::from_utf8_lossy(entry.name_raw())),
        };
        if path == "[Content_Types].xml" {
            let remedy = "save the sheet as CSV and give that";
            return refuse(
                &named.origin,
                "an office document, such as a workbook of Excel",
                remedy,
            );
        }
        if entry.is_dir() || is_metadata(&path) {
            continue;
        }
        let inner = named.inner(&path);
        if entry.is_symlink() {
            return refuse(&inner.origin, "a link, not a file", "pack the file it points to");
        }
        if entry.encrypted() {
            return refuse(
                &inner.origin,
                "encrypted",
                "unpack it with its password, and give the files",
            );
        }
        members.push((path, index));
    }
    members.sort_by(|a, b| natural(&a.0, &b.0).then(a.1.cmp(&b.1)));
    Ok(members)
}

/// Words for what the crate finds at fault.
fn raise(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) => error,
        ZipError::InvalidArchive(problem) => Refusal::raise(
            format!("the zip's table of contents cannot be read ({problem}): cut short or damaged"),
            "fetch the file anew, and compare its size or hash with the source's",
        ),
        other => other.into(),
    }
}
