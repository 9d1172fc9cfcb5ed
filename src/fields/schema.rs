//! JSON schema, draft 2020-12, from a shape.

use serde_json::{Map, Value as Json, json};

use super::bounds::Bounds;
use super::decode::FieldInfo;
use super::node::{Node, Value};
use super::shape::{Shape, Variant};

/// A place at which a table may be a template.
#[derive(Clone, Copy, Debug)]
pub struct TemplatePlace {
    /// Path as the table of fields has it: `agent[]`, `markets.NAME`.
    pub path: &'static str,
    /// Most entries.
    pub most: u64,
}

/// What `count` means, for schema and manual.
pub(super) const COUNT: &str =
    "How many of them: the table is a template, see Templates; one unless given.";

/// The schema of a document of declared fields, with templates at some places.
pub fn schema_of(title: &str, fields: &[FieldInfo], places: &[TemplatePlace]) -> Json {
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!(title));
    let mut maker = Maker { places, path: String::new(), in_template: false };
    if let Json::Object(table) = maker.table(fields, None) {
        schema.extend(table);
    }
    schema.insert("$defs".to_owned(), json!({ "spread": spread() }));
    Json::Object(schema)
}

/// A spread, or a text in which the number of the copy stands.
fn spread() -> Json {
    let one = |form: &str, argument: Json| {
        json!({
            "type": "object",
            "properties": { form: argument },
            "required": [form],
            "additionalProperties": false,
        })
    };
    let ends = || json!({ "type": "array", "minItems": 2, "maxItems": 2 });
    let list = || json!({ "anyOf": [{ "type": "array", "minItems": 1 }, { "type": "string" }] });
    let mut forms: Vec<Json> =
        ["uniform", "log_uniform", "steps"].iter().map(|form| one(form, ends())).collect();
    forms.extend(["cycle", "pick"].iter().map(|form| one(form, list())));
    forms.push(json!({ "type": "string", "pattern": r"\{n\}" }));
    json!({ "description": "A spread over the copies of a template.", "anyOf": forms })
}

/// Walks the shapes.
struct Maker<'a> {
    places: &'a [TemplatePlace],
    path: String,
    in_template: bool,
}

impl Maker<'_> {
    /// What may be written at a path below.
    fn at(&mut self, below: &str, shape: &Shape, bounds: &Bounds) -> Json {
        let (length, outer) = (self.path.len(), self.in_template);
        self.path.push_str(below);
        let place = self.places.iter().find(|place| place.path == self.path).copied();
        self.in_template |= place.is_some();
        let mut schema = self.of(shape, bounds);
        if let Some(place) = place {
            let count = json!({
                "type": "integer", "minimum": 1, "maximum": place.most, "description": COUNT,
            });
            if let Some(properties) = schema.get_mut("properties") {
                properties["count"] = count;
            }
        }
        self.path.truncate(length);
        self.in_template = outer;
        schema
    }

    fn of(&mut self, shape: &Shape, bounds: &Bounds) -> Json {
        let plain = match shape {
            Shape::Leaf { schema, .. } => schema(bounds),
            Shape::Choice(names) => json!({ "enum": names }),
            Shape::Table(fields) => self.table(fields, None),
            Shape::Tagged { tag, variants } => {
                let of_variant = |variant: &Variant| {
                    self.table(&variant.fields, Some((tag, variant.name, variant.doc)))
                };
                json!({ "oneOf": variants.iter().map(of_variant).collect::<Vec<_>>() })
            }
            Shape::List(item) => {
                json!({ "type": "array", "items": self.at("[]", item, bounds) })
            }
            Shape::Named(item) => {
                json!({ "type": "object", "additionalProperties": self.at(".NAME", item, bounds) })
            }
            Shape::Optional(inner) => return self.of(inner, bounds),
            Shape::OrList(inner) => {
                let list = json!({ "type": "array", "minItems": 1 });
                json!({ "anyOf": [self.of(inner, bounds), list] })
            }
            Shape::OrFile(inner) => {
                json!({ "anyOf": [self.of(inner, bounds), { "type": "string" }] })
            }
        };
        match shape {
            Shape::Leaf { .. } | Shape::Choice(_) if self.in_template => {
                json!({ "anyOf": [plain, { "$ref": "#/$defs/spread" }] })
            }
            _ => plain,
        }
    }

    fn table(&mut self, fields: &[FieldInfo], tag: Option<(&str, &str, &str)>) -> Json {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut schema = Map::new();
        if let Some((name, value, doc)) = tag {
            schema.insert("description".to_owned(), json!(doc));
            properties.insert(name.to_owned(), json!({ "const": value }));
            required.push(json!(name));
        }
        for field in fields {
            let dot = if self.path.is_empty() { "" } else { "." };
            let below = format!("{dot}{}", field.name);
            let mut property = self.at(&below, &field.shape, &field.bounds);
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
}

/// A default as JSON.
pub(super) fn plain(value: &Value) -> Json {
    match value {
        Value::Text(text) | Value::Datetime(text) => json!(text),
        Value::Integer(whole) => json!(whole),
        Value::Float(number) => json!(number),
        Value::Bool(truth) => json!(truth),
        Value::Unusable => Json::Null,
        Value::List(list) => list.iter().map(|node: &Node| plain(&node.value)).collect(),
        Value::Table(table) => Json::Object(
            table.iter().map(|(name, node)| (name.clone(), plain(&node.value))).collect(),
        ),
    }
}
