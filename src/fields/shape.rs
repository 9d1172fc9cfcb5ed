//! What may be written at a place, as data: schema, table and template are made from it.

use serde_json::Value as Json;

use super::bounds::Bounds;
use super::decode::FieldInfo;
use super::node::{Node, Value};

/// See [`Shape::Leaf`].
pub type Measure = fn(&Value, &Bounds) -> Result<Option<f64>, (String, String)>;

/// What may be written.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A value without parts.
    Leaf {
        /// Its type in a word.
        kind: String,
        /// Its JSON schema within bounds.
        schema: fn(&Bounds) -> Json,
        /// A number of its range as one writes it.
        show: fn(f64) -> String,
        /// The number that a written value measures, or what is wrong with it (problem, help).
        measure: Measure,
    },
    /// One of these texts.
    Choice(Vec<&'static str>),
    /// A table of declared fields.
    Table(Vec<FieldInfo>),
    /// A table whose fields depend on one of them.
    Tagged {
        /// The field that decides.
        tag: &'static str,
        /// What each of its values brings.
        variants: Vec<Variant>,
    },
    /// A list.
    List(Box<Shape>),
    /// A table of entries that the user names.
    Named(Box<Shape>),
    /// What need not be there.
    Optional(Box<Shape>),
    /// A table, or the name of a file that holds it.
    OrFile(Box<Shape>),
    /// A table, or a list of values.
    OrList(Box<Shape>),
}

/// One value of a tag and the fields that it brings.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The tag's value.
    pub name: &'static str,
    /// One sentence on it.
    pub doc: &'static str,
    /// Its fields.
    pub fields: Vec<FieldInfo>,
}

impl Shape {
    /// Without the wrapping that says that it may be missing.
    pub fn inner(&self) -> &Self {
        match self {
            Self::Optional(inner) => inner.inner(),
            other => other,
        }
    }

    /// What may be written at a field of the table `node`; `None` where it has none of that name.
    /// `bounds` are those of the table, which entries by name and of lists hand on.
    pub fn below<'a>(
        &'a self,
        node: &Node,
        name: &str,
        bounds: &'a Bounds,
    ) -> Option<(&'a Self, &'a Bounds)> {
        let among = |fields: &'a [FieldInfo]| {
            let field = fields.iter().find(|field| field.name == name);
            field.map(|field| (&field.shape, &field.bounds))
        };
        match self {
            Self::Table(fields) => among(fields),
            Self::Tagged { tag, variants } => {
                let chosen = node.child(tag).and_then(Node::text);
                let of_chosen = |variant: &&Variant| chosen.is_none_or(|tag| tag == variant.name);
                variants.iter().filter(of_chosen).find_map(|variant| among(&variant.fields))
            }
            Self::List(item) | Self::Named(item) => Some((item, bounds)),
            Self::Optional(inner) | Self::OrFile(inner) | Self::OrList(inner) => {
                inner.below(node, name, bounds)
            }
            Self::Leaf { .. } | Self::Choice(_) => None,
        }
    }

    /// Its type in words, and the words of its range.
    pub fn words(&self, bounds: &Bounds) -> (String, String) {
        match self {
            Self::Leaf { kind, show, .. } => (kind.clone(), bounds.words(*show)),
            Self::Choice(names) => {
                let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
                ("choice".to_owned(), quoted.join(", "))
            }
            Self::Table(_) | Self::Tagged { .. } => ("table".to_owned(), String::new()),
            Self::List(item) => {
                let (kind, range) = item.words(bounds);
                (format!("list of {kind}"), range)
            }
            Self::Named(item) => {
                let (kind, range) = item.words(bounds);
                (format!("{kind} by name"), range)
            }
            Self::Optional(inner) => inner.words(bounds),
            Self::OrFile(inner) => {
                let (kind, range) = inner.words(bounds);
                (format!("{kind} or file name"), range)
            }
            Self::OrList(inner) => {
                let (kind, range) = inner.words(bounds);
                (format!("{kind} or list"), range)
            }
        }
    }
}
