//! Which spans several price series cover.

use std::collections::BTreeMap;

use crate::data::{Clean, Judged};

/// Series of prices with bars of one length, and what they have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    pub interval_ms: i64,
    /// Latest start and earliest end, UTC ms, the end exclusive; `None` where nothing is common.
    pub common: Option<(i64, i64)>,
    pub series: Vec<Covered>,
}

/// One series' span.
#[derive(Debug, Clone, PartialEq)]
pub struct Covered {
    /// Such as `BTC.last`.
    pub name: String,
    /// UTC ms; the end exclusive.
    pub start: i64,
    pub end: i64,
    /// How much later than the most frequent start it starts, and end it ends, ms.
    pub start_apart_ms: i64,
    pub end_apart_ms: i64,
}

impl Coverage {
    /// Whether all start and end together.
    pub fn together(&self) -> bool {
        self.series.iter().all(|one| one.start_apart_ms == 0 && one.end_apart_ms == 0)
    }
}

/// Coverage of each interval that two or more series of prices have; the shortest first.
pub fn coverage(series: &[Judged]) -> Vec<Coverage> {
    let mut by_interval: BTreeMap<i64, Vec<(String, i64, i64)>> = BTreeMap::new();
    for judged in series {
        let facts = &judged.facts;
        let whole = (facts.interval_ms, span(judged));
        if let (true, (Some(interval), Some((first, last)))) = (facts.label.role.is_price(), whole)
        {
            let row = (facts.label.to_string(), first, last.saturating_add(interval));
            by_interval.entry(interval).or_default().push(row);
        }
    }
    by_interval.retain(|_, rows| rows.len() > 1);
    by_interval.into_iter().map(|(interval_ms, rows)| of_one(interval_ms, rows)).collect()
}

/// First and last bar: of what is left where all is mended, else of what was read.
fn span(judged: &Judged) -> Option<(i64, i64)> {
    match &judged.clean {
        Some(Clean::Bars(bars)) => Some((*bars.open_time.first()?, *bars.open_time.last()?)),
        _ => judged.facts.span,
    }
}

fn of_one(interval_ms: i64, rows: Vec<(String, i64, i64)>) -> Coverage {
    let start = most_frequent(rows.iter().map(|row| row.1));
    let end = most_frequent(rows.iter().map(|row| row.2));
    let latest = rows.iter().map(|row| row.1).max();
    let earliest = rows.iter().map(|row| row.2).min();
    let series = rows.into_iter().map(|(name, from, to)| Covered {
        name,
        start: from,
        end: to,
        start_apart_ms: from.saturating_sub(start),
        end_apart_ms: to.saturating_sub(end),
    });
    Coverage {
        interval_ms,
        common: latest.zip(earliest).filter(|(from, to)| from < to),
        series: series.collect(),
    }
}

/// The most frequent value; the earliest of several. 0 of none.
fn most_frequent(values: impl Iterator<Item = i64>) -> i64 {
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut best = (0, 0);
    for (value, count) in counts {
        if count > best.1 {
            best = (value, count);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_is_shifted_stands_out() {
        let row = |name: &str, from, to| (name.to_owned(), from, to);
        let found = of_one(10, vec![row("A", 0, 100), row("B", 0, 100), row("C", -10, 90)]);
        assert_eq!(found.common, Some((0, 90)));
        let apart: Vec<_> =
            found.series.iter().map(|one| (one.start_apart_ms, one.end_apart_ms)).collect();
        assert_eq!(apart, [(0, 0), (0, 0), (-10, -10)]);
        assert!(!found.together());
        assert_eq!(of_one(10, vec![row("A", 0, 50), row("B", 50, 90)]).common, None);
    }
}
