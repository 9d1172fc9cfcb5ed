//! Faults, gathered rather than thrown.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::node::{Node, Value};
use super::source::{Sources, Spot};

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The document cannot be used.
    Error,
    /// Odd, but usable.
    Warning,
}

/// One fault at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// How bad it is.
    pub level: Level,
    /// Where, and which field.
    pub spot: Spot,
    /// What is wrong, naming the value.
    pub message: String,
    /// What would be right; empty where nothing is to be said.
    pub help: String,
}

/// The faults found so far, and the texts that they are found in.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Every text read.
    pub sources: Sources,
    list: Vec<Fault>,
    /// Where in the list a fault stands, and which copies of a template have it.
    known: BTreeMap<Identity, (usize, Vec<Arc<str>>)>,
    /// Errors added, those that were known too.
    errors: usize,
}

/// What makes two faults one: level and place, and what is said. Of copies of a template figures and
/// names are left out, so that one fault of many copies is told once.
type Identity = (Level, usize, usize, usize, String, String);

impl Faults {
    /// Adds an error.
    pub fn error(&mut self, spot: &Spot, message: impl Into<String>, help: impl Into<String>) {
        self.add(Level::Error, spot, message.into(), help.into());
    }

    /// Adds a warning.
    pub fn warn(&mut self, spot: &Spot, message: impl Into<String>, help: impl Into<String>) {
        self.add(Level::Warning, spot, message.into(), help.into());
    }

    /// Adds an error about a value, which the message starts with: `30 is not …`.
    pub fn error_about(&mut self, node: &Node, problem: &str, help: impl Into<String>) {
        if node.value == Value::Unusable {
            self.errors += 1;
            return;
        }
        let written = self.sources.written(&node.spot);
        self.error(&node.spot, format!("{written} {problem}"), help);
    }

    /// A value that several sections inherit is reported once.
    fn add(&mut self, level: Level, spot: &Spot, message: String, help: String) {
        if level == Level::Error {
            self.errors += 1;
        }
        let said = match &spot.copy {
            Some(copy) => without_figures(&message.replace(&**copy, "")),
            None => format!("{message}\n{help}"),
        };
        let (start, end) = (spot.span.start, spot.span.end);
        let identity = (level, spot.source, start, end, spot.path.clone(), said);
        let next = self.list.len();
        let known = self.known.entry(identity).or_insert((next, Vec::new()));
        if let Some(copy) = &spot.copy
            && known.1.last() != Some(copy)
        {
            known.1.push(copy.clone());
        }
        if known.0 == next {
            self.list.push(Fault { level, spot: spot.clone(), message, help });
        }
    }

    /// Whether anything found so far makes the document unusable.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many errors have been added, those that were known too: it grows with every one.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// How much has been found so far, errors and warnings: it grows with everything new.
    pub fn count(&self) -> usize {
        self.errors + self.list.len()
    }

    /// The warnings, each as one line.
    pub fn warnings(&self) -> Vec<String> {
        let list = self.told();
        let warnings = list.iter().filter(|fault| fault.level == Level::Warning);
        warnings.map(|fault| plain(&self.sources, fault)).collect()
    }

    /// The errors, in the order of the texts; warnings are for a document without any.
    pub fn into_diagnostics(self) -> Diagnostics {
        let mut faults = self.told();
        faults.retain(|fault| fault.level == Level::Error);
        faults.sort_by_key(|fault| (fault.spot.source, fault.spot.span.start));
        Diagnostics { sources: self.sources, faults }
    }

    /// Every fault; those of copies say of which.
    fn told(&self) -> Vec<Fault> {
        let mut list = self.list.clone();
        for (place, copies) in self.known.values() {
            if let (Some(fault), Some(first)) = (list.get_mut(*place), copies.first()) {
                fault.message += &match copies.len() {
                    1 => format!(" (in {first})"),
                    2 => format!(" (in {first} and {})", copies[1]),
                    more => format!(" (in {first} and {} other copies)", more - 1),
                };
            }
        }
        list
    }
}

/// A message without its numbers.
fn without_figures(message: &str) -> String {
    message.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).collect()
}

/// Everything that is wrong with a document.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    pub(super) sources: Sources,
    pub(super) faults: Vec<Fault>,
}

impl Diagnostics {
    /// The errors, in the order of the texts.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// A line each: `file:line: field: message; help`.
    pub fn plain(&self) -> String {
        let lines: Vec<String> =
            self.faults.iter().map(|fault| plain(&self.sources, fault)).collect();
        lines.join("\n")
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain())
    }
}

impl std::error::Error for Diagnostics {}

fn plain(sources: &Sources, fault: &Fault) -> String {
    let mut line = sources.place(&fault.spot);
    let parts = [": ", &fault.spot.path, ": ", &fault.message, "; ", &fault.help];
    for pair in parts.chunks(2).filter(|pair| !pair[1].is_empty()) {
        line.extend(pair.iter().copied());
    }
    line
}
