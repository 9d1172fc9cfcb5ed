//! A limit of a figure of any unit: `"1 %"`, `"9000 USDC"`, or a bare number.

use serde_json::{Value as Json, json};

use super::{Fraction, Money, split_unit};
use crate::fields::bounds::Bounds;
use crate::fields::leaf::{Leaf, number_schema};
use crate::fields::node::Value;

/// A number, and the unit that it was written with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// The number: of a percentage its fraction.
    pub number: f64,
    /// The unit.
    pub unit: LimitUnit,
}

/// The unit of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitUnit {
    /// None: that of the figure.
    Bare,
    /// A percentage.
    Percent,
    /// USDC.
    Usdc,
}

impl Leaf for Limit {
    const KIND: &'static str = "limit";
    const RANGE: Bounds = Bounds::within(-1e15, 1e15);

    fn read(value: &Value) -> Result<Self, String> {
        let help = "write e.g. \"1 %\", \"9000 USDC\" or a number in the unit of the metric";
        let of = |number, unit| Ok(Self { number, unit });
        match value {
            Value::Integer(whole) => of(*whole as f64, LimitUnit::Bare),
            Value::Float(number) => of(*number, LimitUnit::Bare),
            Value::Text(text) => match split_unit(text).1 {
                "%" => Fraction::read(value).and_then(|share| of(share.0, LimitUnit::Percent)),
                "USDC" => Money::read(value).and_then(|money| of(money.0.usdc(), LimitUnit::Usdc)),
                _ => Err(help.to_owned()),
            },
            _ => Err(help.to_owned()),
        }
    }

    fn measure(&self) -> Option<f64> {
        Some(self.number)
    }

    fn show(measure: f64) -> String {
        measure.to_string()
    }

    fn to_json(&self) -> Json {
        match self.unit {
            LimitUnit::Usdc => json!(format!("{} USDC", self.number)),
            LimitUnit::Bare | LimitUnit::Percent => json!(self.number),
        }
    }

    fn schema(bounds: &Bounds) -> Json {
        let text = super::text_schema(r"^-?[0-9_]+(\.[0-9]+)? ?(%|USDC)$", "1 %");
        json!({ "anyOf": [number_schema("number", bounds), text] })
    }

    fn any() -> Self {
        Self { number: 0.0, unit: LimitUnit::Bare }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_kept() {
        for (value, number, unit) in [
            (Value::from("1 %"), 0.01, LimitUnit::Percent),
            (Value::from("-250.5 USDC"), -250.5, LimitUnit::Usdc),
            (Value::from(3_i64), 3.0, LimitUnit::Bare),
        ] {
            assert_eq!(Limit::read(&value), Ok(Limit { number, unit }));
        }
        for text in ["1", "1 percent", "", "5m"] {
            assert!(Limit::read(&Value::from(text)).is_err(), "{text}");
        }
    }
}
