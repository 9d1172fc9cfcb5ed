//! Runs of test scenarios from end to end into a folder that is gone afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use drypowder::report::{Finished, produce};
use drypowder::scenario::Scenario;
use drypowder::study::{Execution, NoProgress, VariantSet};

pub fn scenario_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(format!("{name}.toml"))
}

pub fn load(name: &str, sets: &[(&str, &str)]) -> Scenario {
    let sets: Vec<(String, String)> =
        sets.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    Scenario::load(scenario_file(name), &sets).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// A finished run and the folder that holds it.
pub struct Run {
    pub finished: Finished,
    home: tempfile::TempDir,
}

impl Run {
    pub fn of(name: &str, sets: &[(&str, &str)], threads: usize) -> Self {
        Self::of_scenario(&load(name, sets), threads)
    }

    pub fn of_scenario(scenario: &Scenario, threads: usize) -> Self {
        let home = tempfile::tempdir().unwrap();
        let stop = AtomicBool::new(false);
        let execution = Execution { threads, stop: &stop };
        let set = VariantSet::of(scenario).unwrap();
        let out = home.path().join("out");
        let finished = produce(scenario, &set, &execution, &out, false, &mut NoProgress).unwrap();
        Self { finished, home }
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.home.path().join("out").join(file)
    }

    pub fn bytes(&self, file: &str) -> Vec<u8> {
        fs::read(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Names of all files, ascending.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.home.path().join("out")).unwrap();
        let mut names: Vec<String> =
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}
