//! What is made from the declarations of fields: schema, manual and the scenario of `init`.

use super::copies::PLACES;
use super::document::PRIME;
use super::format::Root;
use crate::fields::{Faults, Section, schema_of, table_of, template_of};

/// JSON schema of a scenario, draft 2020-12.
pub fn schema() -> serde_json::Value {
    schema_of("drypowder scenario", &Root::fields(), &PLACES)
}

/// The manual of the format, Markdown: every field with type, default, range and meaning.
pub fn manual() -> String {
    let introduction = include_str!("manual.md").replace("{prime}", PRIME.trim_end());
    format!("{introduction}\n## Fields\n\n{}\n", table_of(&Root::fields(), &PLACES).trim_end())
}

/// A commented scenario to start from.
pub fn template() -> String {
    let mut faults = Faults::default();
    let source = faults.sources.add_file("template", include_str!("template.toml"));
    let head = "# A scenario to start from. What stands is needed or differs from its default; what is a\n\
                # comment shows a field with its default. All fields: docs/SCENARIO.md.\n\n";
    match crate::fields::Node::parse(source, &mut faults) {
        Some(written) => format!("{head}{}", template_of(&Root::fields(), &written)),
        // The text is a part of the program, and a test parses it.
        None => unreachable!("{}", faults.into_diagnostics()),
    }
}
