//! Values with a unit: durations, instants, money, fractions, amounts of assets, names.

mod duration;
mod fraction;
mod instant;
mod limit;
mod money;
mod name;
mod units;

pub use duration::Duration;
pub use fraction::Fraction;
pub use instant::Instant;
pub use limit::{Limit, LimitUnit};
pub use money::Money;
pub use name::{Name, check_name};
pub use units::Units;

use serde_json::{Value as Json, json};

/// The schema of a text in a given form, with an example.
fn text_schema(pattern: &str, example: &str) -> Json {
    json!({ "type": "string", "pattern": pattern, "examples": [example] })
}

/// A number and the word after it: `"5 minutes"` → (`"5"`, `"minutes"`).
fn split_unit(text: &str) -> (&str, &str) {
    let text = text.trim();
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | '_');
    let end = text.find(|c| !is_number(c)).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim())
}
