//! From nodes to typed sections.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::bounds::Bounds;
use super::faults::Faults;
use super::node::{Node, Value};
use super::shape::Shape;
use super::source::Spot;

/// A type that a field can have.
pub trait Decode: Sized {
    /// What may be written.
    fn shape() -> Shape;

    /// Reads it; `None` when a fault was reported and nothing can stand in.
    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self>;

    /// The value in canonical form; `None` where there is none.
    fn json(&self) -> Option<Json>;

    /// What a field without a default is when it is not written; `None`: it must be written.
    fn absent() -> Option<Self> {
        None
    }

    /// What stands in for a field that must be written and is unusable, so that the rest of the
    /// document can still be judged; it is marked in [`Places`] and never leaves a decoder that
    /// reported no error.
    fn stand_in() -> Option<Self> {
        None
    }
}

/// A table of declared fields ([`section!`](super::section)).
pub trait Section: Sized {
    /// Its fields in the order of their declaration.
    fn fields() -> Vec<FieldInfo>;

    /// Their names.
    fn names() -> Vec<&'static str>;

    /// Reads the declared fields of a table and leaves others alone.
    fn decode_fields(node: &Node, faults: &mut Faults) -> Option<Self>;

    /// Where they were written.
    fn at(&self) -> &Places;

    /// Adds its fields to a table in canonical form.
    fn add_json(&self, table: &mut Map<String, Json>);
}

/// A table that is not written: every default. `None` where a field must be written.
pub fn defaults<T: Section>(at: &Places, name: &str) -> Option<T> {
    let spot = at.section().below(name);
    let node = Node { value: Value::empty(), key: spot.span.clone(), spot };
    let mut unused = Faults::default();
    T::decode_fields(&node, &mut unused).filter(|_| !unused.has_errors())
}

/// One declared field.
#[derive(Clone, Debug)]
pub struct FieldInfo {
    /// Its name.
    pub name: &'static str,
    /// One sentence on it.
    pub doc: &'static str,
    /// What it is when it is not written.
    pub default: Option<Value>,
    /// Its range.
    pub bounds: Bounds,
    /// What may be written.
    pub shape: Shape,
}

/// Where the fields of a section were written, and which of them are unusable.
#[derive(Clone, Debug)]
pub struct Places {
    section: Spot,
    written: BTreeMap<&'static str, Spot>,
    bad: BTreeSet<&'static str>,
}

impl Places {
    /// Those of a table of which nothing is known yet.
    pub fn of_section(node: &Node) -> Self {
        Self::of_spot(node.spot.clone())
    }

    /// Those of a table of which only its place is known.
    pub fn of_spot(section: Spot) -> Self {
        Self { section, written: BTreeMap::new(), bad: BTreeSet::new() }
    }

    /// The place of the table itself.
    pub fn section(&self) -> &Spot {
        &self.section
    }

    /// The place of a field; that of its table, under the field's path, where it is not written.
    pub fn of(&self, name: &str) -> Spot {
        self.written.get(name).cloned().unwrap_or_else(|| self.section.below(name))
    }

    /// Whether a field is written.
    pub fn has(&self, name: &str) -> bool {
        self.written.contains_key(name)
    }

    /// Whether all of these fields hold what was meant.
    pub fn sound(&self, names: &[&str]) -> bool {
        names.iter().all(|name| !self.bad.contains(name))
    }

    /// Notes where a field is written, or where the value that it inherits is.
    pub fn note(&mut self, name: &'static str, spot: Spot) {
        self.written.insert(name, spot);
    }

    /// Notes that a field is unusable.
    pub fn spoil(&mut self, name: &'static str) {
        self.bad.insert(name);
    }
}

impl<T: Decode> Decode for Option<T> {
    fn shape() -> Shape {
        Shape::Optional(Box::new(T::shape()))
    }

    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        T::decode(node, bounds, faults).map(Some)
    }

    fn json(&self) -> Option<Json> {
        self.as_ref().and_then(T::json)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }

    /// Entries that cannot be read are left out.
    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        let list = super::support::list(node, faults)?;
        Some(list.iter().filter_map(|item| T::decode(item, bounds, faults)).collect())
    }

    fn stand_in() -> Option<Self> {
        Some(Self::new())
    }

    fn json(&self) -> Option<Json> {
        Some(Json::Array(self.iter().filter_map(T::json).collect()))
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn shape() -> Shape {
        Shape::Named(Box::new(T::shape()))
    }

    /// Entries that cannot be read are left out.
    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        let Value::Table(table) = &node.value else {
            faults.error_about(node, "is not a table", "give a table of named entries");
            return None;
        };
        let mut entries = Self::new();
        for (name, item) in table {
            if let Err(problem) = super::values::check_name(name)
                && item.value != Value::Unusable
            {
                faults.error(&item.key_spot(), format!("\"{name}\" {problem}"), "");
            }
            if let Some(entry) = T::decode(item, bounds, faults) {
                entries.insert(name.clone(), entry);
            }
        }
        Some(entries)
    }

    fn stand_in() -> Option<Self> {
        Some(Self::new())
    }

    fn json(&self) -> Option<Json> {
        let entry = |(name, item): (&String, &T)| item.json().map(|json| (name.clone(), json));
        Some(Json::Object(self.iter().filter_map(entry).collect()))
    }
}

/// A table that may also be given as the name of a file; whoever loads the document puts the
/// file's table in its place before it is decoded.
#[derive(Clone, Debug)]
pub struct OrFile<T>(pub T);

impl<T: Decode> Decode for OrFile<T> {
    fn shape() -> Shape {
        Shape::OrFile(Box::new(T::shape()))
    }

    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        T::decode(node, bounds, faults).map(Self)
    }

    fn json(&self) -> Option<Json> {
        self.0.json()
    }
}

/// A value that knows where it was written: for the entries of lists and of tables by name, whose
/// places [`Places`] does not keep.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub spot: Spot,
}

impl<T: Decode> Decode for Located<T> {
    fn shape() -> Shape {
        T::shape()
    }

    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        let value = T::decode(node, bounds, faults)?;
        Some(Self { value, spot: node.spot.clone() })
    }

    fn json(&self) -> Option<Json> {
        self.value.json()
    }
}
