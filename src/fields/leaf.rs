//! Values without parts.

use serde_json::{Value as Json, json};

use super::bounds::Bounds;
use super::decode::Decode;
use super::faults::Faults;
use super::node::{Node, Value};
use super::shape::Shape;

/// A value without parts: how it is read, what it measures and how it is written.
pub trait Leaf: Sized {
    /// Its type in a word or two.
    const KIND: &'static str;

    /// What no value of the type may leave, in its own measure.
    const RANGE: Bounds;

    /// Reads it, or says what would be right.
    fn read(value: &Value) -> Result<Self, String>;

    /// The number that bounds apply to; `None` where there is none.
    fn measure(&self) -> Option<f64>;

    /// A number of its measure as one writes it.
    fn show(measure: f64) -> String;

    /// Canonical form.
    fn to_json(&self) -> Json;

    /// JSON schema within bounds.
    fn schema(bounds: &Bounds) -> Json;

    /// Any value of the type, see [`Decode::stand_in`].
    fn any() -> Self;
}

impl<T: Leaf> Decode for T {
    fn shape() -> Shape {
        Shape::Leaf {
            kind: T::KIND.to_owned(),
            schema: T::schema,
            show: T::show,
            measure: |value, bounds| judged::<T>(value, bounds).map(|leaf| leaf.measure()),
        }
    }

    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        match judged(&node.value, bounds) {
            Ok(leaf) => Some(leaf),
            Err((problem, help)) => {
                faults.error_about(node, &problem, help);
                None
            }
        }
    }

    fn json(&self) -> Option<Json> {
        Some(self.to_json())
    }

    fn stand_in() -> Option<Self> {
        Some(T::any())
    }
}

/// Reads a value and holds it to its range; else what is wrong, and what would be right.
fn judged<T: Leaf>(value: &Value, bounds: &Bounds) -> Result<T, (String, String)> {
    let leaf = T::read(value).map_err(|help| {
        let article = if T::KIND.starts_with('a') { "an" } else { "a" };
        let help = super::spread::misplaced(value).map_or(help, str::to_owned);
        (format!("is not {article} {}", T::KIND), help)
    })?;
    let range = bounds.and(T::RANGE);
    match leaf.measure() {
        Some(measure) if !range.holds(measure) => {
            let problem = format!("is out of range: {} is expected", range.words(T::show));
            Err((problem, String::new()))
        }
        _ => Ok(leaf),
    }
}

/// The schema of a number within bounds; a bound that is not finite is left out.
pub(super) fn number_schema(kind: &str, bounds: &Bounds) -> Json {
    let mut schema = json!({ "type": kind });
    let ends = [
        (bounds.low, bounds.low_open, "minimum", "exclusiveMinimum"),
        (bounds.high, bounds.high_open, "maximum", "exclusiveMaximum"),
    ];
    for (end, open, closed_name, open_name) in ends.into_iter().filter(|end| end.0.is_finite()) {
        let name = if open { open_name } else { closed_name };
        schema[name] = if kind == "integer" { json!(end as i64) } else { json!(end) };
    }
    schema
}

impl Leaf for f64 {
    const KIND: &'static str = "number";
    const RANGE: Bounds = Bounds::within(-1e15, 1e15);

    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Integer(whole) => Ok(*whole as f64),
            Value::Float(number) => Ok(*number),
            _ => Err("write a plain number, e.g. 1.5".to_owned()),
        }
    }

    fn measure(&self) -> Option<f64> {
        Some(*self)
    }

    fn show(measure: f64) -> String {
        measure.to_string()
    }

    fn to_json(&self) -> Json {
        json!(self)
    }

    fn schema(bounds: &Bounds) -> Json {
        number_schema("number", bounds)
    }

    fn any() -> Self {
        1.0
    }
}

impl Leaf for u64 {
    const KIND: &'static str = "whole number";
    const RANGE: Bounds = Bounds::at_least(0.0);

    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Integer(whole) => {
                Self::try_from(*whole).map_err(|_| "write one that is not negative".to_owned())
            }
            _ => Err("write one without quotes or decimals, e.g. 1000".to_owned()),
        }
    }

    fn measure(&self) -> Option<f64> {
        Some(*self as f64)
    }

    fn show(measure: f64) -> String {
        measure.to_string()
    }

    fn to_json(&self) -> Json {
        json!(self)
    }

    fn schema(bounds: &Bounds) -> Json {
        number_schema("integer", &bounds.and(Self::RANGE))
    }

    fn any() -> Self {
        1
    }
}

impl Leaf for bool {
    const KIND: &'static str = "truth value";
    const RANGE: Bounds = Bounds::ANY;

    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bool(truth) => Ok(*truth),
            _ => Err("write true or false, without quotes".to_owned()),
        }
    }

    fn measure(&self) -> Option<f64> {
        None
    }

    fn show(_: f64) -> String {
        String::new()
    }

    fn to_json(&self) -> Json {
        json!(self)
    }

    fn schema(_: &Bounds) -> Json {
        json!({ "type": "boolean" })
    }

    fn any() -> Self {
        false
    }
}

impl Leaf for String {
    const KIND: &'static str = "text";
    const RANGE: Bounds = Bounds::ANY;

    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text.clone()),
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
        json!(self)
    }

    fn schema(_: &Bounds) -> Json {
        json!({ "type": "string" })
    }

    fn any() -> Self {
        Self::new()
    }
}
