//! Tables whose keys are paths of fields, and values of which only the path says the type.

use serde_json::{Map, Value as Json, json};

use super::bounds::Bounds;
use super::decode::Decode;
use super::faults::Faults;
use super::node::{Node, Value};
use super::shape::Shape;

/// Entries by the path of a field, in the order in which they are written.
#[derive(Clone, Debug)]
pub struct ByPath<T> {
    /// Path, where it is written, and what stands there.
    pub entries: Vec<PathEntry<T>>,
}

/// One entry of a [`ByPath`].
#[derive(Clone, Debug)]
pub struct PathEntry<T> {
    /// Path of the field.
    pub path: String,
    /// The entry as it was written.
    pub node: Node,
    /// What it says.
    pub value: T,
}

impl<T: Decode> Decode for ByPath<T> {
    fn shape() -> Shape {
        Shape::Named(Box::new(T::shape()))
    }

    /// Entries that cannot be read are left out.
    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        let Value::Table(table) = &node.value else {
            faults.error_about(node, "is not a table", "give a table of paths of fields");
            return None;
        };
        let mut entries = Vec::new();
        for (path, node) in table {
            if let Some(value) = T::decode(node, bounds, faults) {
                entries.push(PathEntry { path: path.trim().to_owned(), node: node.clone(), value });
            }
        }
        entries.sort_by_key(|entry| (entry.node.spot.source, entry.node.key.start));
        Some(Self { entries })
    }

    fn json(&self) -> Option<Json> {
        let entry =
            |entry: &PathEntry<T>| entry.value.json().map(|json| (entry.path.clone(), json));
        Some(Json::Object(self.entries.iter().filter_map(entry).collect::<Map<_, _>>()))
    }
}

/// A value of any type, as it is written.
#[derive(Clone, Debug)]
pub struct Written(pub Node);

impl Decode for Written {
    fn shape() -> Shape {
        Shape::Leaf {
            kind: "value of the field".to_owned(),
            schema: |_| json!({}),
            show: |number| number.to_string(),
            measure: |_, _| Ok(None),
        }
    }

    fn decode(node: &Node, _: &Bounds, _: &mut Faults) -> Option<Self> {
        Some(Self(node.clone()))
    }

    fn json(&self) -> Option<Json> {
        Some(super::schema::plain(&self.0.value))
    }
}
