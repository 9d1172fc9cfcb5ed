//! Correlations, and how they drift.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::fields::{Bounds, Decode, Duration, Faults, Name, Node, Shape, Spot, Value, section};

section! {
    /// Correlations that drift from those of prices.correlation to those of a crisis, by schedule; every matrix on the way is a mean of both.
    CorrelationDrift {
        /// Correlation in the crisis: pairs such as "BTC-ETH" = 0.95, or order and matrix.
        to: Correlation;
        /// When the drift begins, after the start.
        after: Duration = "0s";
        /// How long it takes.
        over: Duration;
        /// How long the crisis lasts before correlations go back, in the same time; for good unless given.
        stay: Option<Duration>;
    }
}

section! {
    /// Correlations as a matrix.
    CorrelationMatrix {
        /// The assets in the order of the matrix.
        order: Vec<Name>;
        /// One row per asset.
        matrix: Vec<Vec<f64>>, Bounds::within(-1.0, 1.0);
    }
}

/// Correlations, as pairs or as a matrix.
#[derive(Clone, Debug)]
pub(crate) enum Correlation {
    /// Each pair as written, its value and where it stands.
    Pairs(Spot, BTreeMap<String, (f64, Spot)>),
    /// All of them.
    Matrix(Box<CorrelationMatrix>),
}

impl Decode for Correlation {
    fn shape() -> Shape {
        Shape::Leaf { kind: "table".to_owned(), schema: |_| schema(), show: |n| n.to_string() }
    }

    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        let Value::Table(table) = &node.value else {
            faults.error_about(node, "is not a table", "write pairs such as \"BTC-ETH\" = 0.8");
            return None;
        };
        if table.contains_key("matrix") || table.contains_key("order") {
            let matrix = CorrelationMatrix::decode(node, bounds, faults)?;
            return Some(Self::Matrix(Box::new(matrix)));
        }
        let range = Bounds::within(-1.0, 1.0);
        let pairs = table.iter().filter_map(|(pair, value)| {
            let number = f64::decode(value, &range, faults)?;
            Some((pair.clone(), (number, value.spot.clone())))
        });
        Some(Self::Pairs(node.spot.clone(), pairs.collect()))
    }

    fn json(&self) -> Option<Json> {
        match self {
            Self::Pairs(_, pairs) => {
                let pair = |(name, value): (&String, &(f64, Spot))| (name.clone(), json!(value.0));
                Some(Json::Object(pairs.iter().map(pair).collect::<Map<_, _>>()))
            }
            Self::Matrix(matrix) => matrix.json(),
        }
    }
}

fn schema() -> Json {
    let number = json!({ "type": "number", "minimum": -1, "maximum": 1 });
    let names = json!({ "type": "array", "items": { "type": "string" } });
    let rows = json!({ "type": "array", "items": { "type": "array", "items": number } });
    let pairs = json!({
        "type": "object",
        "propertyNames": { "pattern": "^[A-Za-z0-9_]+-[A-Za-z0-9_]+$" },
        "additionalProperties": number,
    });
    let matrix = json!({
        "type": "object",
        "properties": { "order": names, "matrix": rows },
        "required": ["order", "matrix"],
        "additionalProperties": false,
    });
    json!({ "anyOf": [pairs, matrix] })
}
