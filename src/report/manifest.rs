//! `manifest.json`: what was run, on what, and what came out, by hash.
//!
//! No times, thread counts or places: the same run gives the same bytes.

use std::fs::File;
use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::dictionary::dictionary_json;
use super::folder::{FolderError, OutFolder, at};
use super::not_modelled::not_modelled;
use crate::scenario::Scenario;
use crate::study::VariantSet;

/// What the manifest states beside the files.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// SHA-256 over rows, summary, fired rules and, where there are any, figures of the book and
    /// back-tests; the same for every format of the rows and
    /// whatever else is written.
    pub result_hash: String,
}

impl Manifest {
    /// The result's hash from the rows' digest and the bytes of the tables.
    pub(super) fn of(rows: &[u8; 32], tables: &[Vec<u8>]) -> Self {
        let mut hash = Sha256::new();
        hash.update(rows);
        for table in tables {
            hash.update((table.len() as u64).to_le_bytes());
            hash.update(table);
        }
        Self { result_hash: hex(&hash.finalize()) }
    }

    /// Writes the manifest over every file that stands in the folder.
    pub(super) fn write(
        &self,
        folder: &OutFolder,
        scenario: &Scenario,
        set: &VariantSet,
        paths: u64,
    ) -> Result<(), FolderError> {
        let names: Vec<&str> = set.all().iter().map(|variant| variant.name.as_str()).collect();
        let own = [
            ("paths", json!(paths)),
            ("variants", json!(names)),
            ("result_hash", json!(self.result_hash)),
        ];
        write(folder, scenario, "run", own, dictionary_json())
    }
}

/// Writes `manifest.json` over every file that stands in the folder: what a command was given, what it
/// states of its own, hashes, and what its `metrics` mean.
pub(super) fn write(
    folder: &OutFolder,
    scenario: &Scenario,
    command: &str,
    own: impl IntoIterator<Item = (&'static str, Value)>,
    metrics: Value,
) -> Result<(), FolderError> {
    let given = [
        ("program", json!("drypowder")),
        ("command", json!(command)),
        ("version", json!(env!("CARGO_PKG_VERSION"))),
        ("name", json!(scenario.name)),
        ("question", json!(scenario.question)),
        ("seed", json!(scenario.seed)),
    ];
    let hashes = [
        ("scenario_sha256", json!(hex(&Sha256::digest(scenario.resolved.to_string())))),
        ("data_sha256", Value::Object(data_sha256(scenario))),
        ("files_sha256", Value::Object(files_sha256(folder)?)),
        ("scenario", scenario.resolved.clone()),
        ("not_modelled", json!(not_modelled(&scenario.plan))),
        ("metrics", metrics),
    ];
    let parts = given.into_iter().chain(own).chain(hashes);
    let manifest: Map<String, Value> = parts.map(|(name, part)| (name.to_owned(), part)).collect();
    let path = folder.path("manifest.json");
    at(&path, std::fs::write(&path, format!("{:#}\n", Value::Object(manifest))))
}

/// SHA-256 of every file that stands in the folder.
fn files_sha256(folder: &OutFolder) -> Result<Map<String, Value>, FolderError> {
    let mut files = Map::new();
    for name in folder.files()? {
        let path = folder.path(&name);
        files.insert(name, Value::String(at(&path, hash_file(&path))?));
    }
    Ok(files)
}

/// SHA-256 of the data files that were read.
fn data_sha256(scenario: &Scenario) -> Map<String, Value> {
    let entry = |(name, hash): &(String, String)| (name.clone(), Value::String(hash.clone()));
    scenario.data_files.iter().map(entry).collect()
}

pub(super) fn hash_file(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
