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
        let files = files_sha256(folder)?;
        let names: Vec<&str> = set.all().iter().map(|variant| variant.name.as_str()).collect();
        let data = data_sha256(scenario);
        let manifest = json!({
            "program": "drypowder",
            "version": env!("CARGO_PKG_VERSION"),
            "name": scenario.name,
            "question": scenario.question,
            "seed": scenario.seed,
            "paths": paths,
            "variants": names,
            "result_hash": self.result_hash,
            "scenario_sha256": hex(&Sha256::digest(scenario.resolved.to_string())),
            "data_sha256": data,
            "files_sha256": files,
            "scenario": scenario.resolved,
            "not_modelled": not_modelled(&scenario.plan),
            "metrics": dictionary_json(),
        });
        let path = folder.path("manifest.json");
        let text = format!("{manifest:#}\n");
        at(&path, std::fs::write(&path, text))
    }
}

/// SHA-256 of every file that stands in the folder.
pub(super) fn files_sha256(folder: &OutFolder) -> Result<Map<String, Value>, FolderError> {
    let mut files = Map::new();
    for name in folder.files()? {
        let path = folder.path(&name);
        files.insert(name, Value::String(at(&path, hash_file(&path))?));
    }
    Ok(files)
}

/// SHA-256 of the data files that were read.
pub(super) fn data_sha256(scenario: &Scenario) -> Map<String, Value> {
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
