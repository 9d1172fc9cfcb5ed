//! Correlations, and how they drift.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::fields::{
    Bounds, Decode, Duration, Faults, Fraction, Name, Node, Shape, Spot, Value, choice, section,
    tagged,
};

section! {
    /// Correlations that drift from those of prices.correlation to those of a crisis, by schedule or when a market has fallen; every matrix on the way is a mean of both.
    CorrelationDriftForm {
        /// Correlation in the crisis: pairs such as "BTC-ETH" = 0.95, order and matrix, or one number for all pairs.
        to: Correlation;
        /// When the drift begins, after the start; with drawdown, from when on the market is watched.
        after: Duration = "0s";
        /// How long it takes.
        over: Duration;
        /// How long the crisis lasts before correlations go back, in the same time; for good unless given.
        stay: Option<Duration>;
        /// The fall that begins the drift; unless given, it begins at after.
        drawdown: Option<DrawdownForm>;
    }
}

section! {
    /// The fall of a market that begins a drift. It is seen at a tick and moves the steps after it.
    DrawdownForm {
        /// The market's asset, of prices.assets.
        asset: Name;
        /// Part of the price lost, from its highest so far, at which the crisis begins. After a crisis that stay has ended, the highest is counted anew.
        depth: Fraction, Bounds::between(0.0, 1.0);
        /// Part of the price lost, below depth, at which the crisis ends; unless given, only stay ends it.
        recovery: Option<Fraction>, Bounds::within(0.0, 1.0);
    }
}

tagged! {
    /// How extremes of a step come together.
    CopulaForm by "kind" {
        /// They do not, far out.
        "gaussian" => Gaussian(NoTails);
        /// As those of a multivariate Student t, while each asset keeps its own law.
        "student_t" => StudentT(SharedTails);
    }
}

section! {
    /// The Gaussian copula.
    NoTails {}
}

section! {
    /// The t copula.
    SharedTails {
        /// Degrees of freedom: the fewer, the more extremes come together.
        df: f64, Bounds::above(2.0, 1e3);
    }
}

/// What is done with correlations that cannot hold together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repair {
    /// They are refused.
    Refuse,
    /// The nearest correlation matrix takes their place.
    Nearest,
}

choice!(Repair { "refuse" => Self::Refuse, "nearest" => Self::Nearest });

section! {
    /// Correlations as a matrix.
    CorrelationMatrix {
        /// The assets in the order of the matrix.
        order: Vec<Name>;
        /// One row per asset.
        matrix: Vec<Vec<f64>>, Bounds::within(-1.0, 1.0);
    }
}

/// Correlations: one for all, as pairs or as a matrix.
#[derive(Clone, Debug)]
pub(crate) enum Correlation {
    /// This one for all pairs.
    All(Spot, f64),
    /// Each pair as written, its value and where it stands.
    Pairs(Spot, BTreeMap<String, (f64, Spot)>),
    /// All of them.
    Matrix(Box<CorrelationMatrix>),
}

impl Decode for Correlation {
    fn shape() -> Shape {
        Shape::Leaf {
            kind: "number or table".to_owned(),
            schema: |_| schema(),
            show: |n| n.to_string(),
            measure: |_, _| Ok(None),
        }
    }

    fn decode(node: &Node, bounds: &Bounds, faults: &mut Faults) -> Option<Self> {
        let range = Bounds::within(-1.0, 1.0);
        let table = match &node.value {
            Value::Table(table) => table,
            Value::Integer(_) | Value::Float(_) => {
                let value = f64::decode(node, &range, faults)?;
                return Some(Self::All(node.spot.clone(), value));
            }
            _ => {
                let help = "write 0.8 for all pairs, or pairs such as { \"BTC-ETH\" = 0.8 }";
                faults.error_about(node, "is no correlation", help);
                return None;
            }
        };
        if table.contains_key("matrix") || table.contains_key("order") {
            let matrix = CorrelationMatrix::decode(node, bounds, faults)?;
            return Some(Self::Matrix(Box::new(matrix)));
        }
        let pairs = table.iter().filter_map(|(pair, value)| {
            let number = f64::decode(value, &range, faults)?;
            Some((pair.clone(), (number, value.spot.clone())))
        });
        Some(Self::Pairs(node.spot.clone(), pairs.collect()))
    }

    fn json(&self) -> Option<Json> {
        match self {
            Self::All(_, value) => Some(json!(value)),
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
    let rows = json!({ "type": "array", "items": { "type": "array", "items": number.clone() } });
    let pairs = json!({
        "type": "object",
        "propertyNames": { "pattern": "^[A-Za-z0-9_]+-[A-Za-z0-9_]+$" },
        "additionalProperties": number.clone(),
    });
    let matrix = json!({
        "type": "object",
        "properties": { "order": names, "matrix": rows },
        "required": ["order", "matrix"],
        "additionalProperties": false,
    });
    json!({ "anyOf": [number, pairs, matrix] })
}
