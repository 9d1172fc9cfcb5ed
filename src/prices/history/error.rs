//! Faults of a history: one clear message each, all of a file at once.

use std::fmt::{self, Display};

/// How many faults are shown one by one; the rest are counted.
const SHOWN_MAX: usize = 20;

/// One fault of one file or asset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct HistoryError {
    /// What is at fault: the path as the caller gave it, or the asset's name in `align`.
    pub origin: String,
    /// CSV: line of the file, the header being line 1. Parquet: row, the first being 1.
    pub row: Option<u64>,
    /// Column, as the file names it.
    pub field: Option<String>,
    /// The offending value, as text.
    pub value: Option<String>,
    pub problem: String,
    /// What would put it right; empty where nothing is to be said.
    pub remedy: String,
}

impl Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.origin)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        match (&self.field, &self.value) {
            (Some(field), Some(value)) => write!(f, ", {field} = {value}")?,
            (Some(field), None) => write!(f, ", {field}")?,
            (None, Some(value)) => write!(f, ", {value}")?,
            (None, None) => {}
        }
        write!(f, ": {}", self.problem)?;
        if self.remedy.is_empty() { Ok(()) } else { write!(f, "; {}", self.remedy) }
    }
}

impl HistoryError {
    /// A fault of the whole file or asset; [`Self::at`] and [`Self::of`] narrow it down.
    pub(crate) fn new(origin: &str, problem: impl Display, remedy: impl Display) -> Self {
        Self {
            origin: origin.to_owned(),
            row: None,
            field: None,
            value: None,
            problem: problem.to_string(),
            remedy: remedy.to_string(),
        }
    }

    pub(crate) fn at(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    pub(crate) fn of(mut self, field: &str, value: impl Display) -> Self {
        self.field = Some(field.to_owned());
        self.value = Some(value.to_string());
        self
    }

    pub(crate) fn in_field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }
}

/// Gathers the faults of one file: keeps the first few, counts the rest, so that a file that is
/// wrong in every row costs no more memory than one that is wrong in twenty.
#[derive(Debug)]
pub(crate) struct Faults {
    pub origin: String,
    shown: Vec<HistoryError>,
    more: u64,
}

impl Faults {
    pub fn new(origin: &str) -> Self {
        Self { origin: origin.to_owned(), shown: Vec::new(), more: 0 }
    }

    /// Adds a fault; `make` runs only if it will be shown.
    pub fn push_with(&mut self, make: impl FnOnce(&str) -> HistoryError) {
        if self.shown.len() < SHOWN_MAX {
            self.shown.push(make(&self.origin));
        } else {
            self.more += 1;
        }
    }

    /// A fault of the whole file.
    pub fn push(&mut self, problem: impl Display, remedy: impl Display) {
        self.push_with(|origin| HistoryError::new(origin, problem, remedy));
    }

    /// A fault of one value.
    pub fn push_at(
        &mut self,
        row: u64,
        field: &str,
        value: impl Display,
        problem: impl Display,
        remedy: impl Display,
    ) {
        self.push_with(|origin| {
            HistoryError::new(origin, problem, remedy).at(row).of(field, value)
        });
    }

    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// The faults, closed by "and N more" where some were only counted.
    pub fn into_errors(self) -> Vec<HistoryError> {
        let mut errors = self.shown;
        if self.more > 0 {
            let plural = if self.more == 1 { "" } else { "s" };
            let problem = format!("and {} more fault{plural}", self.more);
            errors.push(HistoryError::new(&self.origin, problem, ""));
        }
        errors
    }
}
