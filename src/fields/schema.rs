//! JSON schema, draft 2020-12, from a shape.

use serde_json::{Map, Value as Json, json};

use super::bounds::Bounds;
use super::decode::FieldInfo;
use super::node::{Node, Value};
use super::shape::{Shape, Variant};

/// The schema of a document of declared fields.
pub fn schema_of(title: &str, fields: &[FieldInfo]) -> Json {
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!(title));
    if let Json::Object(table) = table(fields, None) {
        schema.extend(table);
    }
    Json::Object(schema)
}

fn of(shape: &Shape, bounds: &Bounds) -> Json {
    match shape {
        Shape::Leaf { schema, .. } => schema(bounds),
        Shape::Choice(names) => json!({ "enum": names }),
        Shape::Table(fields) => table(fields, None),
        Shape::Tagged { tag, variants } => {
            let of_variant =
                |variant: &Variant| table(&variant.fields, Some((tag, variant.name, variant.doc)));
            json!({ "oneOf": variants.iter().map(of_variant).collect::<Vec<_>>() })
        }
        Shape::List(item) => json!({ "type": "array", "items": of(item, bounds) }),
        Shape::Named(item) => {
            json!({ "type": "object", "additionalProperties": of(item, bounds) })
        }
        Shape::Optional(inner) => of(inner, bounds),
        Shape::OrFile(inner) => json!({ "anyOf": [of(inner, bounds), { "type": "string" }] }),
    }
}

fn table(fields: &[FieldInfo], tag: Option<(&str, &str, &str)>) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut schema = Map::new();
    if let Some((name, value, doc)) = tag {
        schema.insert("description".to_owned(), json!(doc));
        properties.insert(name.to_owned(), json!({ "const": value }));
        required.push(json!(name));
    }
    for field in fields {
        let mut property = of(&field.shape, &field.bounds);
        if let Json::Object(property) = &mut property {
            property.insert("description".to_owned(), json!(field.doc));
            if let Some(default) = &field.default {
                property.insert("default".to_owned(), plain(default));
            }
        }
        if field.default.is_none() && !matches!(field.shape, Shape::Optional(_)) {
            required.push(json!(field.name));
        }
        properties.insert(field.name.to_owned(), property);
    }
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Json::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), Json::Array(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    Json::Object(schema)
}

/// A default as JSON.
fn plain(value: &Value) -> Json {
    match value {
        Value::Text(text) | Value::Datetime(text) => json!(text),
        Value::Integer(whole) => json!(whole),
        Value::Float(number) => json!(number),
        Value::Bool(truth) => json!(truth),
        Value::List(list) => list.iter().map(|node: &Node| plain(&node.value)).collect(),
        Value::Table(table) => Json::Object(
            table.iter().map(|(name, node)| (name.clone(), plain(&node.value))).collect(),
        ),
    }
}
