//! Fractions: `0.15` or `"15 %"`.

use serde_json::{Value as Json, json};

use super::split_unit;
use crate::fields::bounds::Bounds;
use crate::fields::leaf::{Leaf, number_schema};
use crate::fields::node::Value;

/// A part of a whole; 1 is all of it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Fraction(pub f64);

impl Leaf for Fraction {
    const KIND: &'static str = "fraction";
    const RANGE: Bounds = Bounds::within(-1e6, 1e6);

    fn read(value: &Value) -> Result<Self, String> {
        let help = "write 0.15 or \"15 %\"";
        match value {
            Value::Integer(whole) => Ok(Self(*whole as f64)),
            Value::Float(number) => Ok(Self(*number)),
            Value::Text(text) => {
                let (number, unit) = split_unit(text);
                let percent = unit == "%" && !number.contains('_');
                // Shifting the decimal point, so that "15 %" and 0.15 are the same number.
                let shifted = percent.then(|| format!("{number}e-2").parse().ok()).flatten();
                shifted.map(Self).ok_or_else(|| help.to_owned())
            }
            _ => Err(help.to_owned()),
        }
    }

    fn measure(&self) -> Option<f64> {
        Some(self.0)
    }

    fn show(measure: f64) -> String {
        measure.to_string()
    }

    fn to_json(&self) -> Json {
        json!(self.0)
    }

    fn schema(bounds: &Bounds) -> Json {
        let percent = super::text_schema(r"^-?[0-9]+(\.[0-9]+)? ?%$", "15 %");
        json!({ "anyOf": [number_schema("number", bounds), percent] })
    }

    fn any() -> Self {
        Self(0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_and_number_are_the_same_bits() {
        for (text, number) in [("15 %", 0.15), ("0.1%", 0.001), ("-31 %", -0.31), ("7 %", 0.07)] {
            assert_eq!(Fraction::read(&Value::from(text)), Ok(Fraction(number)), "{text}");
        }
        for text in ["15", "15 percent", "%", "1_0 %", "a %"] {
            assert!(Fraction::read(&Value::from(text)).is_err(), "{text}");
        }
    }
}
