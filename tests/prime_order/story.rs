//! The events of a path as a table.

use drypowder::engine::{About, Event};

use crate::common::NEW_YEAR_MS;
use crate::player::Played;

/// When, ms after the start; whom and what it concerns; what; how much (`NONE`: no amount).
pub type Row = (i64, &'static str, &'static str, f64);

/// No amount.
pub const NONE: f64 = f64::NAN;

/// Everything that happened after the first instant, and nothing else.
#[track_caller]
pub fn assert_story(played: &Played, expected: &[Row]) {
    let later = played.events.iter().filter(|event| event.time_ms > NEW_YEAR_MS);
    let told: Vec<_> = later.map(line).collect();
    let same = told.len() == expected.len()
        && told.iter().zip(expected).all(|(told, row)| {
            let amounts = (told.3 - row.3).abs() < 5e-9 || (told.3.is_nan() && row.3.is_nan());
            (told.0, told.1.as_str(), told.2) == (row.0, row.1, row.2) && amounts
        });
    let text = |rows: Vec<String>| rows.join("\n");
    assert!(
        same,
        "told:\n{}\nexpected:\n{}",
        text(told.iter().map(|line| format!("{line:?},")).collect()),
        text(expected.iter().map(|row| format!("{row:?},")).collect()),
    );
}

fn line(event: &Event) -> (i64, String, &'static str, f64) {
    let agent = ["a", "b", "c", "d"][event.agent];
    let subject = match (event.position, event.about) {
        (Some(position), _) => format!("{agent} position {position}"),
        (None, About::Account) => format!("{agent} {}", event.reason),
        (None, About::Loan(number)) => format!("{agent} loan {number}"),
        (None, About::Contract(number)) => format!("{agent} contract {number}"),
        (None, About::Agreement(number)) => format!("{agent} agreement {number}"),
        (None, About::Service(service)) => format!("{agent} {}", service.name()),
        (None, About::Holding(asset)) => format!("{agent} asset {}", asset.0),
        (None, About::Price(asset)) => format!("{agent} price {asset}"),
        (None, About::Fleet(number)) => format!("{agent} fleet {number}"),
        (None, About::Move(from, to)) => format!("{agent} {} > {}", from.name(), to.name()),
    };
    (event.time_ms - NEW_YEAR_MS, subject, event.kind.name(), event.amount)
}
