//! Wide tables: bars of several assets side by side, as `BTC:open,BTC:high,…,ETH:open,…`.

use super::generic::time_column;
use super::label::{NameFacts, symbol_of};
use super::named::{CLOSE, HIGH, LOW, OPEN, TRADES, price_role};
use super::plan::{Output, Plan, Source};
use super::sheet::{Sheet, key_of};
use crate::data::raw::{Meaning, Role, Shape};

/// Words before a field's name that are no asset.
const NO_ASSETS: &[&str] = &[
    "ADJ",
    "ADJUSTED",
    "BID",
    "ASK",
    "MARK",
    "INDEX",
    "PREV",
    "PREVIOUS",
    "LAST",
    "QUOTE",
    "BASE",
    "TAKER",
    "BUY",
    "SELL",
    "TAKERBUY",
    "TAKERSELL",
    "TOTAL",
    "AVG",
    "MEAN",
    "PRICE",
    "UNIX",
    "SUM",
];

/// One bars series (or closes) an asset. At least two columns must name their asset, and every
/// asset must have a close.
pub(super) fn wide(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let time = time_column(sheet)?;
    let mut assets: Vec<(String, Vec<Source>)> = Vec::new();
    let mut left_out = 0;
    for at in (0..sheet.keys.len()).filter(|&at| at != time.at) {
        let name = sheet.name(at);
        let Some((asset, meaning)) = split(&name) else {
            left_out += 1;
            continue;
        };
        let source = Source::new(meaning, &name, at);
        match assets.iter_mut().find(|(other, _)| *other == asset) {
            Some((_, sources)) => sources.push(source),
            None => assets.push((asset, vec![source])),
        }
    }
    let n_named: usize = assets.iter().map(|(_, sources)| sources.len()).sum();
    if n_named < 2 || 2 * left_out > n_named {
        return None;
    }
    let role = price_role(facts);
    let outputs: Option<Vec<Output>> =
        assets.into_iter().map(|(asset, sources)| output(&asset, facts, role, &sources)).collect();
    let mut plan =
        Plan { layout: "wide", time, symbol: None, outputs: outputs?, remarks: Vec::new() };
    if left_out > 0 {
        plan.remarks.push(format!("{left_out} columns that name no asset are left out"));
    }
    Some(plan)
}

/// The columns of one asset in the order of a series; `None` without a close.
fn output(asset: &str, facts: &NameFacts, role: Role, sources: &[Source]) -> Option<Output> {
    let of = |meaning| sources.iter().find(|source| source.meaning == meaning).cloned();
    let prices = [Meaning::Open, Meaning::High, Meaning::Low, Meaning::Close].map(of);
    let [_, _, _, close] = &prices;
    let close = close.clone()?;
    let full: Option<Vec<Source>> = prices.into_iter().collect();
    let (shape, mut columns) =
        full.map_or_else(|| (Shape::Close, vec![close]), |prices| (Shape::Bars, prices));
    columns.extend(of(Meaning::Volume));
    if shape == Shape::Bars {
        columns.extend(of(Meaning::Trades));
    }
    let (asset, quote) = symbol_of(asset);
    let asset = Some((asset, quote.or_else(|| facts.quote.clone())));
    Some(Output { asset, role, shape, columns, from_listing: true })
}

/// Splits `BTC:open`, `BTC_open`, `BTC.open`, `BTC/open` or `BTC open`.
fn split(name: &str) -> Option<(String, Meaning)> {
    let (asset, field) = name.rsplit_once([':', '_', '.', '/', ' '])?;
    let key = key_of(field);
    let known = [
        (Meaning::Open, OPEN),
        (Meaning::High, HIGH),
        (Meaning::Low, LOW),
        (Meaning::Close, CLOSE),
        (Meaning::Trades, TRADES),
        (Meaning::Volume, &["volume", "vol"]),
    ];
    let (meaning, _) = known.into_iter().find(|(_, keys)| keys.contains(&key.as_str()))?;
    let upper = asset.trim().to_ascii_uppercase();
    let plain: String = upper.chars().filter(char::is_ascii_alphanumeric).collect();
    let named = plain.len() >= 2 && !NO_ASSETS.contains(&plain.as_str());
    (named && plain.chars().any(|c| c.is_ascii_alphabetic())).then_some((upper, meaning))
}
