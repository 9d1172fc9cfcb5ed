//! A commented document to start from: what is written stands, everything else is a comment.

use std::fmt::Write;

use super::decode::FieldInfo;
use super::node::{Node, Value};
use super::shape::Shape;
use super::source::join;

/// `written` as a TOML document in which every declared field that it leaves out stands as a
/// comment with its default.
pub fn template_of(fields: &[FieldInfo], written: &Node) -> String {
    let mut text = String::new();
    write_table(&mut text, "", fields, written);
    text
}

/// Widest part of a line before its comment, characters.
const COLUMN: usize = 40;

/// Only what is written, for entries whose fields another place already explains.
fn write_bare(text: &mut String, fields: &[FieldInfo], node: &Node) {
    for field in fields {
        if let Some(child) = node.child(field.name) {
            let line = format!("{} = {}", field.name, child.value.toml());
            let _ = writeln!(text, "{line:COLUMN$} # {}", field.doc);
        }
    }
}

fn write_table(text: &mut String, path: &str, fields: &[FieldInfo], node: &Node) {
    let (parts, values): (Vec<_>, Vec<_>) =
        fields.iter().partition(|field| has_parts(&field.shape));
    for field in values {
        let line = match (node.child(field.name), &field.default) {
            (Some(child), _) => format!("{} = {}", field.name, child.value.toml()),
            (None, Some(default)) => format!("# {} = {}", field.name, default.toml()),
            (None, None) => format!("# {} =", field.name),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{line:COLUMN$} # {}", field.doc);
    }
    for field in parts {
        let path = join(path, field.name);
        match node.child(field.name) {
            Some(child) => write_part(text, &path, field.doc, &field.shape, child),
            None => write_absent(text, &path, field),
        }
    }
}

fn has_parts(shape: &Shape) -> bool {
    match shape.inner() {
        Shape::Table(_) | Shape::Tagged { .. } | Shape::OrFile(_) | Shape::OrList(_) => true,
        Shape::List(item) | Shape::Named(item) => has_parts(item),
        _ => false,
    }
}

fn write_part(text: &mut String, path: &str, doc: &str, shape: &Shape, node: &Node) {
    match (shape, &node.value) {
        (Shape::Optional(inner) | Shape::OrFile(inner) | Shape::OrList(inner), _) => {
            write_part(text, path, doc, inner, node);
        }
        (Shape::Table(fields), Value::Table(_)) => {
            let _ = writeln!(text, "\n# {doc}\n[{path}]");
            write_table(text, path, fields, node);
        }
        (Shape::Tagged { tag, variants }, Value::Table(_)) => {
            let chosen = node.child(tag).and_then(Node::text).unwrap_or_default();
            let names: Vec<&str> = variants.iter().map(|variant| variant.name).collect();
            let _ = writeln!(text, "\n# {doc}\n[{path}]");
            let line = format!("{tag} = \"{chosen}\"");
            let _ = writeln!(text, "{line:COLUMN$} # One of {}.", names.join(", "));
            if let Some(variant) = variants.iter().find(|variant| variant.name == chosen) {
                write_table(text, path, &variant.fields, node);
            }
        }
        (Shape::List(item), Value::List(list)) => {
            for (index, entry) in list.iter().enumerate() {
                match item.inner() {
                    Shape::Table(fields) if index == 0 => {
                        let _ = writeln!(text, "\n# {doc}\n[[{path}]]");
                        write_table(text, path, fields, entry);
                    }
                    Shape::Table(fields) => {
                        let _ = writeln!(text, "\n[[{path}]]");
                        write_bare(text, fields, entry);
                    }
                    _ => {}
                }
            }
        }
        (Shape::Named(item), Value::Table(table)) => {
            let _ = writeln!(text, "\n# {doc}");
            for (name, entry) in table {
                if let Shape::Table(fields) = item.inner() {
                    let _ = writeln!(text, "[{}]", join(path, name));
                    write_bare(text, fields, entry);
                }
            }
        }
        _ => {}
    }
}

/// A table that is left out, in a line or two.
fn write_absent(text: &mut String, path: &str, field: &FieldInfo) {
    let is_list = matches!(field.shape.inner(), Shape::List(_));
    let header = if is_list { format!("[[{path}]]") } else { format!("[{path}]") };
    let about = match field.shape.inner() {
        Shape::Tagged { tag, variants } => {
            let names: Vec<&str> = variants.iter().map(|variant| variant.name).collect();
            format!("{tag} = one of {}", names.join(", "))
        }
        shape => format!("fields: {}", names_of(shape).join(", ")),
    };
    let _ = writeln!(text, "\n# {header} {}\n#   {about}", field.doc);
}

fn names_of(shape: &Shape) -> Vec<&'static str> {
    match shape.inner() {
        Shape::Table(fields) => fields.iter().map(|field| field.name).collect(),
        Shape::OrFile(inner) | Shape::OrList(inner) | Shape::List(inner) | Shape::Named(inner) => {
            names_of(inner)
        }
        _ => Vec::new(),
    }
}
