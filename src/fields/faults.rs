//! Faults, gathered rather than thrown.

use std::fmt;

use super::node::Node;
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
}

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
        let written = self.sources.written(&node.spot);
        self.error(&node.spot, format!("{written} {problem}"), help);
    }

    /// A value that several sections inherit is reported once.
    fn add(&mut self, level: Level, spot: &Spot, message: String, help: String) {
        let fault = Fault { level, spot: spot.clone(), message, help };
        if !self.list.contains(&fault) {
            self.list.push(fault);
        }
    }

    /// Whether anything found so far makes the document unusable.
    pub fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.list.iter().filter(|fault| fault.level == Level::Error).count()
    }

    /// The warnings, each as one line.
    pub fn warnings(&self) -> Vec<String> {
        let warnings = self.list.iter().filter(|fault| fault.level == Level::Warning);
        warnings.map(|fault| plain(&self.sources, fault)).collect()
    }

    /// The errors, in the order of the texts; warnings are for a document without any.
    pub fn into_diagnostics(self) -> Diagnostics {
        let mut faults = self.list;
        faults.retain(|fault| fault.level == Level::Error);
        faults.sort_by_key(|fault| (fault.spot.source, fault.spot.span.start));
        Diagnostics { sources: self.sources, faults }
    }
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
