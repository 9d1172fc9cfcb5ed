//! The table of defaults, from shapes.

use std::fmt::Write;

use super::decode::FieldInfo;
use super::node::Value;
use super::shape::Shape;

/// Markdown tables of all fields, one for each table of the document, outermost first.
pub fn table_of(fields: &[FieldInfo]) -> String {
    let mut text = String::new();
    write_table(&mut text, "", "", fields);
    text
}

fn write_table(text: &mut String, path: &str, doc: &str, fields: &[FieldInfo]) {
    let title =
        if path.is_empty() { "The document itself".to_owned() } else { format!("`{path}`") };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "### {title}\n");
    if !doc.is_empty() {
        let _ = writeln!(text, "{doc}\n");
    }
    if !fields.is_empty() {
        text.push_str("| field | type | default | range | meaning |\n|---|---|---|---|---|\n");
    }
    for field in fields {
        let (kind, range) = field.shape.words(&field.bounds);
        let default = match &field.default {
            Some(Value::Table(_)) => String::new(),
            Some(value) => format!("`{}`", value.toml()),
            None if matches!(field.shape, Shape::Optional(_)) => "none".to_owned(),
            None => "required".to_owned(),
        };
        let range = range.replace('|', "\\|");
        let _ =
            writeln!(text, "| `{}` | {kind} | {default} | {range} | {} |", field.name, field.doc);
    }
    text.push('\n');
    for field in fields {
        write_parts(text, &super::source::join(path, field.name), field.doc, &field.shape);
    }
}

fn write_parts(text: &mut String, path: &str, doc: &str, shape: &Shape) {
    match shape {
        Shape::Table(fields) => write_table(text, path, doc, fields),
        Shape::Tagged { tag, variants } => {
            for variant in variants {
                let path = format!("{path}` with `{tag} = \"{}\"", variant.name);
                write_table(text, &path, variant.doc, &variant.fields);
            }
        }
        Shape::List(item) => write_parts(text, &format!("{path}[]"), doc, item),
        Shape::Named(item) => write_parts(text, &format!("{path}.NAME"), doc, item),
        Shape::Optional(inner) | Shape::OrFile(inner) => write_parts(text, path, doc, inner),
        Shape::Leaf { .. } | Shape::Choice(_) => {}
    }
}

impl Value {
    /// As one writes it in TOML, on one line.
    pub fn toml(&self) -> String {
        match self {
            Self::Text(text) => format!("{text:?}"),
            Self::Integer(whole) => whole.to_string(),
            Self::Float(number) => format!("{number:?}"),
            Self::Bool(truth) => truth.to_string(),
            Self::Datetime(text) => text.clone(),
            Self::List(list) => {
                let items: Vec<String> = list.iter().map(|node| node.value.toml()).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Table(table) => {
                let entry = |(name, node): (&String, &super::Node)| {
                    format!("{name} = {}", node.value.toml())
                };
                let entries: Vec<String> = table.iter().map(entry).collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}
