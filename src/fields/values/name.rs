//! Names: letters, digits, `_` and `-`.

use serde_json::{Value as Json, json};

use crate::fields::bounds::Bounds;
use crate::fields::leaf::Leaf;
use crate::fields::node::Value;

/// A name that can stand in a path of fields, a file name and a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(pub String);

/// Longest name, characters.
const LENGTH_MAX: usize = 64;

/// Whether a text is a name; says what is wrong where it is not.
pub fn check_name(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("is no name: it is empty");
    }
    if text.len() > LENGTH_MAX {
        return Err("is no name: it is longer than 64 characters");
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !text.chars().all(allowed) {
        return Err("is no name: only letters, digits, _ and - may stand in it");
    }
    Ok(())
}

impl Leaf for Name {
    const KIND: &'static str = "name";
    const RANGE: Bounds = Bounds::ANY;

    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) if check_name(text).is_ok() => Ok(Self(text.clone())),
            Value::Text(_) => Err("write 1 to 64 letters, digits, _ or -".to_owned()),
            _ => Err("write it in \"quotes\"".to_owned()),
        }
    }

    fn measure(&self) -> Option<f64> {
        None
    }

    fn show(_: f64) -> String {
        String::new()
    }

    fn to_json(&self) -> Json {
        json!(self.0)
    }

    fn schema(_: &Bounds) -> Json {
        super::text_schema("^[A-Za-z0-9_-]{1,64}$", "quickstart")
    }

    fn any() -> Self {
        Self("unnamed".to_owned())
    }
}
