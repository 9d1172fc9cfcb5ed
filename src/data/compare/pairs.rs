//! Which series are compared with which.

use super::{Agreement, compare};
use crate::data::report::length;
use crate::data::{Clean, Facts, Judged};
use crate::prices::history::Bars;

/// Two series and how they agree, or why that cannot be said.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Name of the series and where it came from.
    pub a: String,
    pub b: String,
    pub agreement: Result<Agreement, String>,
}

/// Compares the prices of `a` with those of `b`: one series with one, else those of equal asset
/// and role, else those of equal asset.
pub fn pairs(a: &[Judged], b: &[Judged]) -> Vec<Pair> {
    let prices = |all: &'_ [Judged]| -> Vec<usize> {
        let price = |at: &usize| all[*at].facts.label.role.is_price();
        (0..all.len()).filter(price).collect()
    };
    let (of_a, of_b) = (prices(a), prices(b));
    let mut pairs = Vec::new();
    for &i in &of_a {
        let label = |at: usize| &b[at].facts.label;
        let mine = &a[i].facts.label;
        let asset = |at: &&usize| label(**at).asset == mine.asset;
        let both = |at: &&usize| asset(at) && label(**at).role == mine.role;
        let mut found: Vec<usize> = of_b.iter().filter(both).copied().collect();
        if found.is_empty() {
            found = of_b.iter().filter(asset).copied().collect();
        }
        if let (true, [only], [_]) = (found.is_empty(), of_b.as_slice(), of_a.as_slice()) {
            found.push(*only);
        }
        pairs.extend(found.into_iter().map(|j| pair(&a[i], &b[j])));
    }
    pairs
}

fn pair(a: &Judged, b: &Judged) -> Pair {
    let agreement = bars(a)
        .and_then(|of_a| Ok((of_a, bars(b)?)))
        .and_then(|(a, b)| compare(a, b).map_err(|error| error.to_string()));
    Pair { a: name(&a.facts), b: name(&b.facts), agreement }
}

fn bars(judged: &Judged) -> Result<&Bars, String> {
    match &judged.clean {
        Some(Clean::Bars(bars)) => Ok(bars),
        Some(_) => Err(format!("{} has no bars", name(&judged.facts))),
        None => Err(format!("{} has defects that block: mend or accept them", name(&judged.facts))),
    }
}

/// `BTC.last 1h (BTCUSDT.csv.gz)`.
fn name(facts: &Facts) -> String {
    let every = facts.interval_ms.map_or_else(String::new, |ms| format!(" {}", length(ms)));
    let label = format!("{}{every}", facts.label);
    match facts.members.as_slice() {
        [] => label,
        [only] => format!("{label} ({only})"),
        [first, rest @ ..] => format!("{label} ({first} and {} more)", rest.len()),
    }
}
