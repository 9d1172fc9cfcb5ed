//! Amounts of an asset: `1.5`, or `"1.5 ETH"`, which also says which.

use serde_json::{Value as Json, json};

use super::split_unit;
use crate::fields::bounds::Bounds;
use crate::fields::leaf::{Leaf, number_schema};
use crate::fields::node::Value;

/// Units of an asset, and the asset's name where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Units {
    /// How many.
    pub number: f64,
    /// Of what, as written.
    pub asset: Option<String>,
}

impl Leaf for Units {
    const KIND: &'static str = "amount of an asset";
    const RANGE: Bounds = Bounds::within(-1e12, 1e12);

    fn read(value: &Value) -> Result<Self, String> {
        let help = || "write units, e.g. 1.5 or \"1.5 ETH\"".to_owned();
        match value {
            Value::Integer(whole) => Ok(Self { number: *whole as f64, asset: None }),
            Value::Float(number) => Ok(Self { number: *number, asset: None }),
            Value::Text(text) => {
                let (number, unit) = split_unit(text);
                let number = number.replace('_', "").parse::<f64>().map_err(|_| help())?;
                match super::check_name(unit) {
                    Ok(()) => Ok(Self { number, asset: Some(unit.to_owned()) }),
                    Err(_) => Err(help()),
                }
            }
            _ => Err(help()),
        }
    }

    fn measure(&self) -> Option<f64> {
        Some(self.number)
    }

    fn show(measure: f64) -> String {
        measure.to_string()
    }

    fn to_json(&self) -> Json {
        match &self.asset {
            Some(asset) => json!(format!("{} {asset}", self.number)),
            None => json!(self.number),
        }
    }

    fn schema(bounds: &Bounds) -> Json {
        let text = super::text_schema(r"^[0-9_]+(\.[0-9]+)? ?[A-Za-z0-9_]+$", "1.5 ETH");
        json!({ "anyOf": [number_schema("number", bounds), text] })
    }

    fn any() -> Self {
        Self { number: 1.0, asset: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_perhaps_of_what() {
        let rows = [
            (Value::from(2), 2.0, None),
            (Value::from(0.12), 0.12, None),
            (Value::from("1.5 ETH"), 1.5, Some("ETH")),
            (Value::from("1_000USDC"), 1_000.0, Some("USDC")),
        ];
        for (value, number, asset) in rows {
            let expected = Units { number, asset: asset.map(str::to_owned) };
            assert_eq!(Units::read(&value), Ok(expected), "{value:?}");
        }
        for text in ["ETH", "1.5", "1.5.5 ETH", "1 E/T", ""] {
            let help = Units::read(&Value::from(text)).unwrap_err();
            assert!(help.contains("\"1.5 ETH\""), "{text}: {help}");
        }
        assert_eq!(Units::read(&Value::from("1.50 ETH")).unwrap().to_json(), json!("1.5 ETH"));
    }
}
