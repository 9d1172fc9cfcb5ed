//! Files that people have, from the folder that `DRYPOWDER_DATA` names.

use std::path::{Path, PathBuf};

use super::super::{Gather, read_member};
use super::n_rows;
use crate::data::raw::Raw;
use crate::data::{ReadOptions, each_member};

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("DRYPOWDER_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("DRYPOWDER_DATA is not set: skipped");
    }
    folder
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            files(&path, into);
        } else if !matches!(name.as_str(), "README.md" | "SHA256SUMS" | "LICENSE.md") {
            into.push(path);
        }
    }
}

#[test]
fn explore() {
    let Some(folder) = folder() else { return };
    let mut all = Vec::new();
    files(&folder, &mut all);
    for path in all {
        let short = path.strip_prefix(&folder).unwrap().display().to_string();
        let mut gather = Gather::default();
        let mut layouts = std::collections::BTreeSet::new();
        let start = std::time::Instant::now();
        let read = each_member(&path, &mut |_| {}, &mut |member| {
            layouts.insert(read_member(member, &ReadOptions::default(), &mut gather)?);
            Ok(())
        });
        let ms = start.elapsed().as_millis();
        match read {
            Err(errors) => println!("!! {short}: {}", errors[0]),
            Ok(_) => {
                println!("== {short} {layouts:?} {ms} ms");
                for raw in gather.finish() {
                    let n = n_rows(&raw);
                    match raw {
                        Raw::Series(s) => println!(
                            "   {} quote {:?} {:?} n={n} first {} int {:?} span {:?} written {:?} unread {:?}/{:?} r{} finer {} rem {:?} cols {:?} lines {:?}..{:?}",
                            s.label,
                            s.label.quote,
                            s.shape,
                            s.time[0],
                            s.stated_interval_ms,
                            s.stated_span_ms,
                            s.written.iter().collect::<std::collections::BTreeSet<_>>(),
                            s.unread.blank,
                            s.unread.odd,
                            s.unread.ragged,
                            s.finer_than_ms,
                            s.remarks,
                            s.columns
                                .iter()
                                .map(|c| format!("{}={}", c.name, c.values[0]))
                                .collect::<Vec<_>>(),
                            s.rows.line[0],
                            s.rows.line[n - 1]
                        ),
                        Raw::Table(s) => println!(
                            "   {} quote {:?} n={n} time {:?} {:?} unread {:?}/{:?} r{} finer {} rem {:?} cols {:?}",
                            s.label,
                            s.label.quote,
                            s.time_name,
                            s.time.as_ref().map(|t| t[0]),
                            s.unread.blank,
                            s.unread.odd,
                            s.unread.ragged,
                            s.finer_than_ms,
                            s.remarks,
                            s.columns
                                .iter()
                                .map(|c| match &c.cells {
                                    crate::data::Cells::Number(v) => format!("{}={}", c.name, v[0]),
                                    crate::data::Cells::Text(v) => format!("{}='{}'", c.name, v[0]),
                                })
                                .collect::<Vec<_>>()
                        ),
                    }
                }
            }
        }
    }
}
