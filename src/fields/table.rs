//! The table of defaults, from shapes.

use std::fmt::Write;

use super::decode::FieldInfo;
use super::node::Value;
use super::schema::TemplatePlace;
use super::shape::Shape;

/// Markdown tables of all fields, one for each table of the document, outermost first. A table
/// that another place has too is written once.
pub fn table_of(fields: &[FieldInfo], places: &[TemplatePlace]) -> String {
    let mut tables = Tables { places: places.to_vec(), ..Tables::default() };
    tables.write_table("", "", "", fields);
    tables.text
}

#[derive(Default)]
struct Tables {
    text: String,
    /// What has been written: all rows of a table and of those below it, and its title.
    written: Vec<(String, String)>,
    /// Where a table may be a template.
    places: Vec<TemplatePlace>,
}

impl Tables {
    /// `when` is what the tags on the way must be.
    fn write_table(&mut self, path: &str, when: &str, doc: &str, fields: &[FieldInfo]) {
        let whole = signature(fields);
        let title = match path {
            "" => "The document itself".to_owned(),
            path => format!("`{path}`{when}"),
        };
        // Writing to a String cannot fail.
        if let Some((_, other)) = self.written.iter().find(|(known, _)| *known == whole) {
            let _ = writeln!(self.text, "{title}: as {other}.\n");
            return;
        }
        let _ = writeln!(self.text, "### {title}\n");
        if !doc.is_empty() {
            let _ = writeln!(self.text, "{doc}\n");
        }
        let mut rows: String = fields.iter().map(row).collect();
        if let Some(place) = self.places.iter().find(|place| place.path == path) {
            let (most, count) = (place.most, super::schema::COUNT);
            // Writing to a String cannot fail.
            let _ = writeln!(
                rows,
                "| `count` | whole number | none | at least 1, at most {most} | {count} |"
            );
        }
        let head = "| field | type | default | range | meaning |\n|---|---|---|---|---|\n";
        let _ = match fields {
            [] => writeln!(self.text, "No further fields.\n"),
            _ => writeln!(self.text, "{head}{rows}"),
        };
        if !fields.is_empty() {
            self.written.push((whole, title));
        }
        for field in fields {
            let path = super::source::join(path, field.name);
            self.write_parts(&path, when, field.doc, &field.shape);
        }
    }

    fn write_parts(&mut self, path: &str, when: &str, doc: &str, shape: &Shape) {
        match shape {
            Shape::Table(fields) => self.write_table(path, when, doc, fields),
            Shape::Tagged { tag, variants } => {
                for variant in variants.iter().filter(|variant| !variant.fields.is_empty()) {
                    let when = format!("{when}, {tag} = \"{}\"", variant.name);
                    self.write_table(path, &when, variant.doc, &variant.fields);
                }
            }
            Shape::List(item) => self.write_parts(&format!("{path}[]"), when, doc, item),
            Shape::Named(item) => self.write_parts(&format!("{path}.NAME"), when, doc, item),
            Shape::Optional(inner) | Shape::OrFile(inner) | Shape::OrList(inner) => {
                self.write_parts(path, when, doc, inner);
            }
            Shape::Leaf { .. } | Shape::Choice(_) => {}
        }
    }
}

/// All that would be written about a table and those below it.
fn signature(fields: &[FieldInfo]) -> String {
    fields.iter().map(|field| row(field) + &signature_of(&field.shape)).collect()
}

fn signature_of(shape: &Shape) -> String {
    match shape {
        Shape::Table(fields) => signature(fields),
        Shape::Tagged { variants, .. } => {
            variants.iter().map(|variant| signature(&variant.fields)).collect()
        }
        Shape::List(inner) | Shape::Named(inner) => signature_of(inner),
        Shape::Optional(inner) | Shape::OrFile(inner) | Shape::OrList(inner) => signature_of(inner),
        Shape::Leaf { .. } | Shape::Choice(_) => String::new(),
    }
}

fn row(field: &FieldInfo) -> String {
    let (kind, range) = field.shape.words(&field.bounds);
    let default = match &field.default {
        Some(Value::Table(table)) if table.is_empty() => String::new(),
        Some(value) => format!("`{}`", value.toml()),
        None if matches!(field.shape, Shape::Optional(_)) => "none".to_owned(),
        None => "required".to_owned(),
    };
    let kind = match field.shape.inner() {
        Shape::Tagged { tag, variants } => {
            let names: Vec<&str> = variants.iter().map(|variant| variant.name).collect();
            format!("{kind} with {tag} = {}", names.join(", "))
        }
        _ => kind,
    };
    format!("| `{}` | {kind} | {default} | {range} | {} |\n", field.name, field.doc)
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
            Self::Unusable => String::new(),
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
