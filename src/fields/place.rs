//! Where the path of a field leads: what may be written there, and what is.

use std::sync::LazyLock;

use super::bounds::Bounds;
use super::decode::{Decode, FieldInfo};
use super::node::{Node, Value};
use super::read::nearest;
use super::shape::Shape;
use super::source::join;

/// A document as it is read, and as it was written before anything was made of it.
#[derive(Clone, Copy)]
pub struct Document<'d> {
    /// What may be written in it.
    pub shape: &'d Shape,
    /// As it is read: copies made, inherited tables laid under.
    pub read: &'d Node,
    /// As it was written; where there is something else in the other, only that.
    pub written: &'d Node,
}

/// A place in a document.
#[derive(Clone, Debug)]
pub struct Place<'d> {
    /// What may be written there.
    pub shape: &'d Shape,
    /// Its range.
    pub bounds: Bounds,
    /// What it is where nothing is written.
    pub default: Option<&'d Value>,
    /// Its path with the numbers of entries of lists, as a [`Spot`](super::Spot) has it.
    pub path: String,
    /// What stands there, as it is read.
    pub node: Option<&'d Node>,
    /// Whether the table that it stands in is there.
    pub inside: bool,
    written: Option<&'d Node>,
}

/// How many copies a template makes: no declared field, and only where it is written.
static COUNT: LazyLock<Shape> = LazyLock::new(u64::shape);

/// What is wrong with a path, and what would be right.
type Wrong = (String, String);

impl<'d> Document<'d> {
    /// The place of a dotted path, whose entries of lists are called by their number from 0 or by
    /// their `name`.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn place(&self, path: &str) -> Result<Place<'d>, Wrong> {
        let mut place = Place {
            shape: self.shape,
            bounds: Bounds::ANY,
            default: None,
            path: String::new(),
            node: Some(self.read),
            inside: true,
            written: Some(self.written),
        };
        for part in path.split('.') {
            if part.trim().is_empty() {
                let help = "write names with dots between, e.g. policy.top_up.warning_threshold";
                return Err((format!("\"{path}\" is no path of a field"), help.to_owned()));
            }
            place = place.below(part)?;
        }
        Ok(place)
    }
}

impl<'d> Place<'d> {
    fn below(self, part: &str) -> Result<Self, Wrong> {
        match bare(self.shape) {
            Shape::Table(fields) => self.field(part, fields.iter(), None),
            Shape::Tagged { tag, variants } => {
                let chosen = self.node.or(self.written).and_then(|node| node.child(tag));
                let chosen = chosen.and_then(Node::text);
                let of_chosen = variants.iter().filter(|v| chosen.is_none_or(|tag| tag == v.name));
                let elsewhere = variants.iter().find(|v| v.fields.iter().any(|f| f.name == part));
                let elsewhere = elsewhere.map(|v| format!("it belongs to {tag} = \"{}\"", v.name));
                if part == *tag {
                    let help =
                        "give values of the whole table, e.g. [{ kind = \"none\" }, { kind = … }]";
                    return Err((
                        format!("{part} decides which fields there are"),
                        help.to_owned(),
                    ));
                }
                self.field(part, of_chosen.flat_map(|variant| &variant.fields), elsewhere)
            }
            Shape::List(item) => self.entry(part, item),
            Shape::Named(item) => self.named(part, item),
            other => {
                let kind = other.words(&self.bounds).0;
                Err((format!("{} is a {kind} and has no field {part}", self.path), String::new()))
            }
        }
    }

    fn field(
        self,
        part: &str,
        fields: impl Iterator<Item = &'d FieldInfo> + Clone,
        elsewhere: Option<String>,
    ) -> Result<Self, Wrong> {
        let child = |node: Option<&'d Node>| node.and_then(|node| node.child(part));
        let (node, written) = (child(self.node), child(self.written));
        let (inside, path) = (self.node.is_some(), join(&self.path, part));
        if let Some(field) = fields.clone().find(|field| field.name == part) {
            let (shape, bounds) = (&field.shape, field.bounds);
            return Ok(Self {
                shape,
                bounds,
                default: field.default.as_ref(),
                path,
                node,
                inside,
                written,
            });
        }
        if part == "count" && written.is_some() {
            let bounds = Bounds::at_least(1.0);
            return Ok(Self { shape: &COUNT, bounds, default: None, path, node, inside, written });
        }
        let names: Vec<&str> = fields.map(|field| field.name).collect();
        let help = match (nearest(part, &names), elsewhere) {
            (_, Some(elsewhere)) => elsewhere,
            (Some(near), None) => format!("did you mean {}?", join(&self.path, near)),
            (None, None) => format!("known here: {}", names.join(", ")),
        };
        Err((format!("there is no field {path}"), help))
    }

    /// An entry of a list.
    fn entry(self, part: &str, item: &'d Shape) -> Result<Self, Wrong> {
        let list = |node: Option<&'d Node>| match node.map(|node| &node.value) {
            Some(Value::List(list)) => Some(list.as_slice()),
            _ => None,
        };
        let (read, known) = (list(self.node).unwrap_or_default(), list(self.written));
        let name = |node: &Node| node.child("name").and_then(Node::text).map(str::to_owned);
        let called =
            |list: &'d [Node]| list.iter().position(|node| name(node).as_deref() == Some(part));
        let number = part.parse::<usize>().ok();
        let at = known.and_then(|known| number.filter(|n| *n < known.len()).or(called(known)));
        let written = at.zip(known).map(|(at, known)| &known[at]);
        let node = match (written.and_then(name), number) {
            (Some(name), _) => {
                read.iter().find(|node| node.child("name").and_then(Node::text) == Some(&name))
            }
            (None, Some(number)) if known.is_none() || at.is_some() => read.get(number),
            (None, _) => called(read).map(|at| &read[at]),
        };
        let number =
            at.or_else(|| node.and_then(|node| read.iter().position(|n| std::ptr::eq(n, node))));
        if node.is_none() && written.is_none() {
            let count = known.unwrap_or(read).len();
            let names: Vec<String> = known.unwrap_or(read).iter().filter_map(name).collect();
            let help = match names.as_slice() {
                [] => "call it by its number from 0".to_owned(),
                names => format!("known here: {}", names.join(", ")),
            };
            let here = &self.path;
            return Err((format!("{here} has {count} entries, and none is \"{part}\""), help));
        }
        let number = number.map_or_else(|| part.to_owned(), |number| number.to_string());
        let path = join(&self.path, &number);
        let inside = self.node.is_some();
        Ok(Self { shape: item, path, default: None, node, inside, written, ..self })
    }

    /// An entry of a table of entries.
    fn named(self, part: &str, item: &'d Shape) -> Result<Self, Wrong> {
        let child = |node: Option<&'d Node>| node.and_then(|node| node.child(part));
        let (node, written) = (child(self.node), child(self.written));
        if node.is_none()
            && written.is_none()
            && let Some(Value::Table(table)) = self.node.map(|node| &node.value)
            && !table.is_empty()
        {
            let names: Vec<&str> = table.keys().map(String::as_str).collect();
            let help = match nearest(part, &names) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("known here: {}", names.join(", ")),
            };
            return Err((format!("{} has no entry {part}", self.path), help));
        }
        let path = join(&self.path, part);
        let inside = self.node.is_some();
        Ok(Self { shape: item, path, default: None, node, inside, written, ..self })
    }

    /// The number that a value measures at this place; what is wrong with it where it may not stand
    /// here. `None` for what has no order, and for tables, which only a whole scenario judges.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn measure(&self, value: &Value) -> Result<Option<f64>, Wrong> {
        match bare(self.shape) {
            Shape::Leaf { measure, .. } => measure(value, &self.bounds),
            Shape::Choice(names) => match value {
                Value::Text(text) if names.contains(&text.as_str()) => Ok(None),
                _ => {
                    let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
                    Err((format!("is not one of {}", quoted.join(", ")), String::new()))
                }
            },
            _ => Ok(None),
        }
    }

    /// Its type in a word or two.
    pub fn kind(&self) -> String {
        self.shape.words(&self.bounds).0
    }
}

/// Without what says that it may be missing or come from elsewhere.
fn bare(shape: &Shape) -> &Shape {
    match shape.inner() {
        Shape::OrFile(inner) | Shape::OrList(inner) => bare(inner),
        other => other,
    }
}
