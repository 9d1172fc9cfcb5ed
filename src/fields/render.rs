//! Faults as a person sees them: the line itself, marked.

use annotate_snippets::{AnnotationKind, Group, Level as Severity, Renderer, Snippet};

use super::faults::{Diagnostics, Fault};

impl Diagnostics {
    /// Every error with its line of text marked, and how many there are; `colour` only for a
    /// terminal.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut shown: Vec<String> = self
            .faults
            .iter()
            .map(|fault| renderer.render(&[self.group(fault)]).to_string())
            .collect();
        shown.push(match self.faults.len() {
            1 => "1 error".to_owned(),
            n => format!("{n} errors"),
        });
        shown.join("\n\n")
    }

    fn group<'a>(&'a self, fault: &'a Fault) -> Group<'a> {
        let title = match fault.spot.path.as_str() {
            "" => fault.message.clone(),
            path => format!("{path}: {}", fault.message),
        };
        let snippet = Snippet::source(self.sources.text(fault.spot.source))
            .path(self.sources.name(fault.spot.source))
            .annotation(AnnotationKind::Primary.span(self.sources.span(&fault.spot)));
        let group = Severity::ERROR.primary_title(title).element(snippet);
        if fault.help.is_empty() {
            return group;
        }
        group.element(Severity::HELP.message(&fault.help))
    }
}
