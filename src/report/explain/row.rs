//! A line of a table, and the manifest beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{ExplainError, RowAsked};
use crate::report::manifest::{hash_file, hex};
use crate::scenario::Scenario;

/// Columns that are told of a line.
const TOLD: usize = 8;

/// A line of a table.
pub(super) struct Row {
    /// Name of the table's file.
    pub table: String,
    /// Its folder.
    folder: PathBuf,
    /// The command that wrote it.
    pub command: String,
    /// The manifest of its folder.
    pub manifest: Value,
    /// Columns in their order.
    pub fields: Vec<(String, String)>,
}

impl Row {
    /// Reads the line and the manifest in the folder of the table.
    pub fn read(asked: &RowAsked<'_>) -> Result<Self, ExplainError> {
        let shown = asked.file.display();
        let wrong = |words: String| ExplainError::Input(words);
        let name = asked.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".csv") {
            return Err(wrong(format!(
                "{shown} is no table that lines can be read of: give a .csv of a report, as \
                 reports/NAME/summary.csv:12"
            )));
        }
        let unreadable = |error: csv::Error| wrong(format!("{shown} cannot be read: {error}"));
        let mut table = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_path(asked.file)
            .map_err(unreadable)?;
        let (mut header, mut found, mut last) = (None, None, 0);
        for record in table.records() {
            let record = record.map_err(unreadable)?;
            last = record.position().map_or(last + 1, csv::Position::line);
            if header.is_none() {
                header = Some(record);
            } else if last == asked.line {
                found = Some(record);
                break;
            }
        }
        let (Some(header), Some(found)) = (header, found) else {
            return Err(wrong(format!(
                "{shown} has no line {}: line 1 is the header, the last is {last}",
                asked.line
            )));
        };
        let fields = header.iter().zip(found.iter());
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let beside = asked.file.with_file_name("manifest.json");
        let manifest = std::fs::read_to_string(&beside).map_err(|error| {
            wrong(format!(
                "{} cannot be read: {error}; a row is explained by the manifest beside its table",
                beside.display()
            ))
        })?;
        let manifest: Value = serde_json::from_str(&manifest)
            .map_err(|error| wrong(format!("{} is no JSON: {error}", beside.display())))?;
        untouched(asked.file, &name, &manifest)?;
        let command = manifest["command"].as_str().unwrap_or("run").to_owned();
        let folder = asked.file.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { table: name, folder, command, manifest, fields })
    }

    /// The first line of another table of the folder that has a value in a column.
    pub fn beside(
        &self,
        name: &str,
        (column, value): (&str, &str),
    ) -> Result<Vec<(String, String)>, ExplainError> {
        let path = self.folder.join(name);
        let wrong = |error: String| {
            let shown = path.display();
            ExplainError::Input(format!("{shown}, which a row of {} needs, {error}", self.table))
        };
        let unreadable = |error: csv::Error| wrong(format!("cannot be read: {error}"));
        let mut table = csv::Reader::from_path(&path).map_err(unreadable)?;
        untouched(&path, name, &self.manifest)?;
        let header = table.headers().map_err(unreadable)?.clone();
        for record in table.records() {
            let record = record.map_err(unreadable)?;
            let fields = header.iter().zip(record.iter());
            let fields: Vec<(String, String)> =
                fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            if fields.iter().any(|(name, found)| name == column && found == value) {
                return Ok(fields);
            }
        }
        Err(wrong(format!("has no line with {column} {value}")))
    }

    /// A column; `None` where it is not there or empty.
    pub fn get(&self, column: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(name, _)| name == column);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The line in words.
    pub fn words(&self) -> String {
        let told = self.fields.iter().filter(|(_, value)| !value.is_empty()).take(TOLD);
        told.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
    }

    /// Whether the scenario is the one that the table was made of.
    pub fn check(&self, scenario: &Scenario) -> Result<(), ExplainError> {
        let ours = hex(&Sha256::digest(scenario.resolved.to_string()));
        if self.manifest["scenario_sha256"].as_str() == Some(ours.as_str()) {
            return self.check_data(scenario);
        }
        let mut changed = BTreeMap::new();
        differing("", &self.manifest["scenario"], &scenario.resolved, &mut changed);
        let all = changed.len();
        changed.retain(|path, _| !NO_RESULT.iter().any(|field| path.starts_with(field)));
        if changed.is_empty() && all > 0 {
            return self.check_data(scenario);
        }
        let shown = changed
            .iter()
            .take(5)
            .map(|(path, [then, now])| format!("{path} was {then}, is {now}"));
        let shown: Vec<String> = shown.collect();
        let more = match changed.len().saturating_sub(shown.len()) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let what = if shown.is_empty() {
            "nothing that the manifest names, so the program has other fields".to_owned()
        } else {
            shown.join("; ")
        };
        Err(ExplainError::Input(format!(
            "the table was not made of this scenario: {what}{more}; give the same file and the same --set, \
             --seed and --paths as then"
        )))
    }

    /// Whether the data files are the same.
    fn check_data(&self, scenario: &Scenario) -> Result<(), ExplainError> {
        for (name, hash) in &scenario.data_files {
            if self.manifest["data_sha256"][name].as_str() != Some(hash.as_str()) {
                return Err(ExplainError::Input(format!(
                    "the data file {name} is not the one that the table was made of: its hash differs"
                )));
            }
        }
        Ok(())
    }
}

/// Fields that decide what is written, and no result.
const NO_RESULT: [&str; 6] =
    ["name", "question", "report.", "sweep.figures", "sweep.paths_file", "compare.trace_paths"];

/// Refuses a table that is not as it was written.
fn untouched(file: &Path, name: &str, manifest: &Value) -> Result<(), ExplainError> {
    let Some(written) = manifest["files_sha256"][name].as_str() else { return Ok(()) };
    let shown = file.display();
    let found = hash_file(file)
        .map_err(|error| ExplainError::Input(format!("{shown} cannot be read: {error}")))?;
    if found == written {
        return Ok(());
    }
    Err(ExplainError::Input(format!(
        "{shown} is not as it was written: its hash is not that of the manifest beside it; make it again"
    )))
}

/// Fields that differ, by their paths: then and now.
fn differing(path: &str, then: &Value, now: &Value, found: &mut BTreeMap<String, [String; 2]>) {
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match (then, now) {
        (Value::Object(a), Value::Object(b)) => {
            let mut names: Vec<&String> = a.keys().chain(b.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let [a, b] = [a, b].map(|table| table.get(name).unwrap_or(&Value::Null));
                differing(&below(name), a, b, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differing(&below(&index.to_string()), a, b, found);
            }
        }
        _ if then != now => {
            found.insert(path.to_owned(), [then, now].map(short));
        }
        _ => {}
    }
}

/// A value, cut where it is long.
fn short(value: &Value) -> String {
    let text = match value {
        Value::Null => "not written".to_owned(),
        value => value.to_string(),
    };
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
