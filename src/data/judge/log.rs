//! Where findings are collected, and whether they block.

use std::collections::BTreeSet;

use crate::data::finding::{Example, Finding, FindingKind, Severity};
use crate::data::raw::Place;

/// Findings so far.
#[derive(Debug)]
pub(super) struct Log<'a> {
    accept: &'a BTreeSet<FindingKind>,
    findings: Vec<Finding>,
}

/// How often a defect shows, and the first places.
#[derive(Debug, Clone, Default)]
pub(super) struct Sights {
    pub count: u64,
    pub examples: Vec<Example>,
    pub marks: Vec<(i64, i64)>,
}

impl Sights {
    /// Counted elsewhere, shown nowhere.
    pub fn of(count: u64) -> Self {
        Self { count, ..Self::default() }
    }

    /// One more, in a span of time; `example` runs only if it is kept.
    pub fn add(&mut self, span: Option<(i64, i64)>, example: impl FnOnce() -> Example) {
        self.count += 1;
        if self.examples.len() < Finding::SHOWN {
            self.examples.push(example());
        }
        if self.marks.len() < Finding::MARKED {
            self.marks.extend(span);
        }
    }

    /// One more row of a series or table.
    pub fn row(&mut self, place: impl FnOnce() -> Place, time: i64, text: impl FnOnce() -> String) {
        self.add(Some((time, time)), || Example {
            place: Some(place()),
            time: Some(time),
            text: text(),
        });
    }
}

impl<'a> Log<'a> {
    pub fn new(accept: &'a BTreeSet<FindingKind>) -> Self {
        Self { accept, findings: Vec::new() }
    }

    pub fn accepts(&self, kind: FindingKind) -> bool {
        self.accept.contains(&kind)
    }

    /// For the reader only.
    pub fn note(&mut self, kind: FindingKind, sights: Sights, summary: String) {
        self.push(kind, Severity::Note, sights, summary, String::new());
    }

    /// Found and mended, as told.
    pub fn mended(&mut self, kind: FindingKind, sights: Sights, summary: String) {
        self.push(kind, Severity::Repaired, sights, summary, String::new());
    }

    /// Refused unless the caller accepts it.
    pub fn fault(&mut self, kind: FindingKind, sights: Sights, summary: String, remedy: &str) {
        let accept = format!("--accept {}", kind.word());
        if self.accepts(kind) {
            self.push(kind, Severity::Accepted, sights, summary, accept);
            return;
        }
        let remedy = match remedy {
            "" => accept,
            remedy => format!("{remedy}, or {accept}"),
        };
        self.push(kind, Severity::Blocks, sights, summary, remedy);
    }

    /// Refused whatever the caller accepts: no history in normal form can have it.
    pub fn fatal(&mut self, kind: FindingKind, sights: Sights, summary: String, remedy: &str) {
        let mut remedy = remedy.to_owned();
        if self.accepts(kind) {
            remedy += " (it cannot be accepted: no history in normal form has it)";
        }
        self.push(kind, Severity::Blocks, sights, summary, remedy);
    }

    fn push(
        &mut self,
        kind: FindingKind,
        severity: Severity,
        sights: Sights,
        summary: String,
        remedy: String,
    ) {
        let Sights { count, examples, marks } = sights;
        self.findings.push(Finding { kind, severity, count, summary, examples, remedy, marks });
    }

    pub fn blocks(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Blocks)
    }

    /// Words of what was accepted and found, by commas; `None` if nothing was.
    pub fn accepted(&self) -> Option<String> {
        let kinds: BTreeSet<FindingKind> = self
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Accepted)
            .map(|finding| finding.kind)
            .collect();
        let words: Vec<&str> = kinds.into_iter().map(FindingKind::word).collect();
        (!words.is_empty()).then(|| words.join(","))
    }

    /// In the order of [`FindingKind::ALL`]; those of one kind as they were found.
    pub fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| finding.kind);
        self.findings
    }
}
