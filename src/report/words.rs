//! An event in a few words.

use crate::engine::{Event, Plan};
use crate::report::events::{asset_name, subject};
use crate::report::number::{health, money, price, quantity};
use crate::units::time::to_iso;

/// Time, kind, what it is about and its numbers.
pub(super) fn event_words(plan: &Plan, event: &Event) -> String {
    let kind = event.kind.name().replace('_', " ");
    let mut words = format!("{} {kind}: {}", to_iso(event.time_ms), subject(plan, event));
    if !event.amount.is_nan() {
        let asset = asset_name(plan, event.asset);
        let amount = if asset == "USDC" { money(event.amount) } else { quantity(event.amount) };
        words.push_str(&format!(", {amount} {asset}"));
    }
    if !event.price.is_nan() {
        words.push_str(&format!(" at {}", price(event.price)));
    }
    if !event.health_factor.is_nan() {
        words.push_str(&format!(", health factor {}", health(event.health_factor)));
    }
    if !event.reason.is_empty() {
        words.push_str(&format!(" ({})", event.reason));
    }
    words
}
