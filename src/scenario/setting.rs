//! One scenario file with many settings of its fields.

use std::path::{Path, PathBuf};

use super::load::Memory;
use super::{Design, Diagnostics, Scenario, SweepSpec};

/// A variant of a scenario: its name, and the fields that are set in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Name in every file.
    pub name: String,
    /// Paths of fields and their values as TOML writes them, laid over the file in order.
    pub sets: Vec<(String, String)>,
}

/// A scenario file that is loaded again and again with other fields.
#[derive(Debug)]
pub struct ScenarioFile {
    path: PathBuf,
    text: String,
    sets: Vec<(String, String)>,
    base: Scenario,
    memory: Memory,
}

impl ScenarioFile {
    /// Reads a scenario with overrides as [`Scenario::load`].
    ///
    /// # Errors
    /// As [`Scenario::load`].
    pub fn open(path: &Path, sets: &[(String, String)]) -> Result<Self, Diagnostics> {
        let memory = Memory::default();
        let (text, base) = Scenario::read(path, sets, &memory)?;
        Ok(Self { path: path.to_owned(), text, sets: sets.to_vec(), base, memory })
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is set over it, before any setting.
    pub fn sets(&self) -> &[(String, String)] {
        &self.sets
    }

    /// The scenario without any setting.
    pub fn base(&self) -> &Scenario {
        &self.base
    }

    /// What its sweep is.
    ///
    /// # Errors
    /// If it has none.
    pub fn sweep(&self) -> Result<&SweepSpec, Diagnostics> {
        let missing = || Design::missing(&self.path.display().to_string());
        self.base.sweep.as_ref().ok_or_else(missing)
    }

    /// The scenario under a setting, which is laid over file and overrides.
    ///
    /// # Errors
    /// As [`Scenario::load`].
    pub fn with(&self, setting: &Setting) -> Result<Scenario, Diagnostics> {
        let sets: Vec<_> = self.sets.iter().chain(&setting.sets).cloned().collect();
        Scenario::from_text_with(&self.path, &self.text, &sets, &self.memory)
    }
}
