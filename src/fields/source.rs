//! The texts that values come from, and places in them.

use std::ops::Range;
use std::sync::Arc;

/// A text and what it is called.
#[derive(Clone, Debug)]
struct Source {
    name: String,
    text: String,
    numbered: bool,
}

/// All texts that a document was put together from.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

/// A place in one of the texts, and the path of the field that stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// Which text.
    pub source: usize,
    /// Bytes of it.
    pub span: Range<usize>,
    /// Dotted path of the field; empty for the document.
    pub path: String,
    /// Name of the copy of a template that it belongs to; none elsewhere.
    pub copy: Option<Arc<str>>,
}

impl Spot {
    /// A place of a text.
    pub fn new(source: usize, span: Range<usize>, path: String) -> Self {
        Self { source, span, path, copy: None }
    }

    /// The same place, for a field below this one.
    pub fn below(&self, name: &str) -> Self {
        Self { path: join(&self.path, name), ..self.clone() }
    }
}

/// `name` under `path`.
pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

impl Sources {
    /// Adds a file's text; its faults are reported with line numbers.
    pub fn add_file(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        self.add(name.into(), text.into(), true)
    }

    /// Adds an argument of the command line; it has no lines.
    pub fn add_argument(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        self.add(name.into(), text.into(), false)
    }

    fn add(&mut self, name: String, text: String, numbered: bool) -> usize {
        self.0.push(Source { name, text, numbered });
        self.0.len() - 1
    }

    /// The text of a source; empty where there is none.
    pub fn text(&self, source: usize) -> &str {
        self.0.get(source).map_or("", |source| &source.text)
    }

    /// The name of a source.
    pub fn name(&self, source: usize) -> &str {
        self.0.get(source).map_or("", |source| &source.name)
    }

    /// The bytes of a spot, moved to character boundaries inside its text.
    pub fn span(&self, spot: &Spot) -> Range<usize> {
        let text = self.text(spot.source);
        let inside = |at: usize| {
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = inside(spot.span.start);
        start..inside(spot.span.end).max(start)
    }

    /// What stands at a spot: its first line, cut where it is long.
    pub fn written(&self, spot: &Spot) -> String {
        const SHOWN_MAX: usize = 60;
        let all = &self.text(spot.source)[self.span(spot)];
        let line = all.lines().next().unwrap_or_default();
        if line.chars().count() <= SHOWN_MAX && line.len() == all.len() {
            return line.to_owned();
        }
        let short: String = line.chars().take(SHOWN_MAX).collect();
        format!("{short}…")
    }

    /// Line of a spot, the first being 1; `None` in an argument.
    pub fn line(&self, spot: &Spot) -> Option<usize> {
        let source = self.0.get(spot.source)?;
        let before = &source.text[..self.span(spot).start];
        source.numbered.then(|| before.matches('\n').count() + 1)
    }

    /// `file:line`, or the argument as it was given.
    pub fn place(&self, spot: &Spot) -> String {
        match self.line(spot) {
            Some(line) => format!("{}:{line}", self.name(spot.source)),
            None => format!("{} {}", self.name(spot.source), self.text(spot.source)),
        }
    }
}
