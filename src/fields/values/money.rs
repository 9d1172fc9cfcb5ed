//! Money: `"500 USDC"`, or a bare number of USDC.

use serde_json::{Value as Json, json};

use super::split_unit;
use crate::fields::bounds::Bounds;
use crate::fields::leaf::{Leaf, number_schema};
use crate::fields::node::Value;
use crate::units::Amount;

/// An amount of USDC, exact to the micro-unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(pub Amount);

/// Decimals of the ledger.
const DECIMALS: usize = 6;

impl Leaf for Money {
    const KIND: &'static str = "amount of USDC";
    const RANGE: Bounds = Bounds::within(-1e12, 1e12);

    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Integer(whole) => read_decimal(&whole.to_string()),
            Value::Float(number) if number.is_finite() => read_decimal(&number.to_string()),
            Value::Text(text) => match split_unit(text) {
                (number, "USDC") => read_decimal(&number.replace('_', "")),
                (number, unit)
                    if number.parse::<f64>().is_ok() && unit.chars().all(char::is_alphabetic) =>
                {
                    Err(format!("amounts are in USDC: write \"{number} USDC\""))
                }
                _ => Err(examples()),
            },
            _ => Err(examples()),
        }
    }

    fn measure(&self) -> Option<f64> {
        Some(self.0.usdc())
    }

    fn show(measure: f64) -> String {
        format!("{measure} USDC")
    }

    fn to_json(&self) -> Json {
        json!(self.to_string())
    }

    fn schema(bounds: &Bounds) -> Json {
        let text = super::text_schema(r"^-?[0-9_]+(\.[0-9]+)? ?USDC$", "500 USDC");
        json!({ "anyOf": [text, number_schema("number", bounds)] })
    }

    fn any() -> Self {
        Self(Amount::ZERO)
    }
}

impl std::fmt::Display for Money {
    /// `500 USDC`: no more decimals than needed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = self.0.to_string();
        let short = all.trim_end_matches('0').trim_end_matches('.');
        write!(f, "{short} USDC")
    }
}

fn examples() -> String {
    "write e.g. \"500 USDC\", \"0.25 USDC\" or 500".to_owned()
}

/// Exactly, without passing through a binary fraction.
fn read_decimal(text: &str) -> Result<Money, String> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(decimals) {
        return Err(examples());
    }
    let decimals = decimals.trim_end_matches('0');
    if decimals.len() > DECIMALS {
        return Err("the ledger keeps micro-USDC: write at most six decimals".to_owned());
    }
    let micro = format!("{whole}{decimals:0<DECIMALS$}").parse::<i64>();
    let micro = micro.map_err(|_| "the ledger holds at most 1e12 USDC".to_owned())?;
    Ok(Money(Amount::from_micro(if negative { -micro } else { micro })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_or_refused() {
        let good = [
            (Value::from("500 USDC"), 500_000_000, "500 USDC"),
            (Value::from("3_000USDC"), 3_000_000_000, "3000 USDC"),
            (Value::from(0.1), 100_000, "0.1 USDC"),
            (Value::from("-0.000001 USDC"), -1, "-0.000001 USDC"),
            (Value::from(0.0), 0, "0 USDC"),
        ];
        for (value, micro, shown) in good {
            let money = Money::read(&value).unwrap();
            assert_eq!((money.0.micro(), money.to_string().as_str()), (micro, shown));
        }
        let bad = [
            (Value::from("500 USD"), "write \"500 USDC\""),
            (Value::from("500"), "write \"500 USDC\""),
            (Value::from("1,000 USDC"), "e.g."),
            (Value::from(0.000_000_1), "six decimals"),
            (Value::from("1e30 USDC"), "e.g."),
            (Value::from(1e300), "at most 1e12"),
            (Value::from(f64::NAN), "e.g."),
            (Value::from(true), "e.g."),
        ];
        for (value, help) in bad {
            let got = Money::read(&value).unwrap_err();
            assert!(got.contains(help), "{value:?}: {got}");
        }
    }
}
