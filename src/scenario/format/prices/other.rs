//! Prices of another model beside those of a run.

use serde_json::{Value as Json, json};

use super::PricesSection;
use crate::fields::{Bounds, Decode, Faults, Node, Shape};

/// A table as `[prices]`, whose fields are not told again.
#[derive(Clone, Debug)]
pub(crate) struct OtherModel(pub PricesSection);

impl Decode for OtherModel {
    fn shape() -> Shape {
        let schema = |_: &Bounds| {
            let model = json!({ "type": "string" });
            json!({ "type": "object", "properties": { "model": model }, "required": ["model"] })
        };
        Shape::Leaf {
            kind: "table as [prices]".to_owned(),
            schema,
            show: |n| n.to_string(),
            measure: |_, _| Ok(None),
        }
    }

    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        PricesSection::decode(node, bounds, faults).map(Self)
    }

    fn json(&self) -> Option<Json> {
        self.0.json()
    }
}
