//! What a member's name tells: asset, role, interval, dates.

use super::name_dates::{NameDate, find_dates};
use super::name_words::{
    asset_of_address, canonical, interval_of, is_noise, pair_of, quote_of, role_of,
};
use crate::data::raw::Role;

/// Facts in a name; `None` where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameFacts {
    /// In capitals; `XBT` reads as `BTC`.
    pub asset: Option<String>,
    pub quote: Option<String>,
    pub role: Option<Role>,
    /// Length of a bar, ms.
    pub interval_ms: Option<i64>,
    /// From a month, or from two dates: UTC ms, the end exclusive. One date alone gives none, for
    /// in some collections it is a day and in others the first day of a week or a month.
    pub span_ms: Option<(i64, i64)>,
    /// Midnight of the one full date in the name, UTC ms.
    pub date_ms: Option<i64>,
    /// The name without dates and without `.gz`: equal for the monthly files of one series.
    pub stem: String,
}

/// Reads a member's name, which may be a path with archives in it. The innermost part that tells
/// something decides; folders outside archives count only if their whole name is one word.
pub fn label_of(member_name: &str) -> NameFacts {
    let parts: Vec<&str> = member_name.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    let archive = parts.iter().position(|part| is_archive(part));
    let own_from = archive.unwrap_or(parts.len().saturating_sub(1));
    let mut facts = NameFacts { stem: stem_of(member_name), ..NameFacts::default() };
    for (at, part) in parts.iter().enumerate().rev() {
        let is_folder = at < own_from;
        let found = if is_folder { folder_facts(part) } else { part_facts(part) };
        if facts.asset.is_none() && found.asset.is_some() {
            facts.asset = found.asset;
            facts.quote = found.quote;
        } else if facts.quote.is_none() && facts.asset.is_none() {
            facts.quote = found.quote;
        }
        facts.role = facts.role.or(found.role);
        facts.interval_ms = facts.interval_ms.or(found.interval_ms);
        if !is_folder {
            facts.span_ms = facts.span_ms.or(found.span_ms);
            facts.date_ms = facts.date_ms.or(found.date_ms);
        }
    }
    facts
}

/// Asset and quote of a symbol in a file, such as `BTC/USDT`, `BTCUSD` or `BTC/USDT:USDT`; what is
/// no pair is an asset.
pub fn symbol_of(symbol: &str) -> (String, Option<String>) {
    let symbol = symbol.trim();
    let front = symbol.split(':').next().unwrap_or(symbol);
    if let Some((base, quote)) = front.split_once(['/', '-', '_']) {
        return (canonical(base), quote_of(quote.split(['-', '_']).next().unwrap_or(quote)));
    }
    pair_of(front).map_or_else(|| (canonical(front), None), |(base, quote)| (base, Some(quote)))
}

fn is_archive(part: &str) -> bool {
    let lower = part.to_ascii_lowercase();
    [".zip", ".tar", ".tar.gz", ".tgz"].iter().any(|end| lower.ends_with(end))
}

/// A folder counts if it is wholly a symbol, an interval or a role.
fn folder_facts(part: &str) -> NameFacts {
    let asset = pair_of(part).filter(|(base, _)| base.len() >= 3);
    let (asset, quote) = asset.unzip();
    let role = role_of(&[&part.to_ascii_lowercase()]);
    NameFacts { asset, quote, role, interval_ms: interval_of(part), ..NameFacts::default() }
}

/// Facts of a file's or an archive's own name, or of a folder in an archive.
fn part_facts(part: &str) -> NameFacts {
    if let Some(facts) = own_form(part) {
        return facts;
    }
    let name = without_endings(part);
    let dates = find_dates(name);
    let rest = without_brackets(&without_dates(name, &dates));
    let words: Vec<&str> =
        rest.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let (asset, quote) = asset_in(&words, &lower);
    NameFacts {
        asset,
        quote,
        role: role_of(&lower),
        interval_ms: words.iter().find_map(|word| interval_of(word)).or_else(|| minutes_in(&words)),
        span_ms: span_of(&dates),
        date_ms: match dates.as_slice() {
            [(_, NameDate::Day(ms))] => Some(*ms),
            _ => None,
        },
        stem: String::new(),
    }
}

/// A file as this program names it: `BTC.last.parquet`.
fn own_form(part: &str) -> Option<NameFacts> {
    let (asset, role) = part.strip_suffix(".parquet")?.rsplit_once('.')?;
    let role = Role::named(role)?;
    Some(NameFacts { asset: Some(asset.to_owned()), role: Some(role), ..NameFacts::default() })
}

/// Base and quote: a joined pair, else two neighbours, else one word that is an asset.
fn asset_in(words: &[&str], lower: &[&str]) -> (Option<String>, Option<String>) {
    if let Some(word) = words.iter().find(|word| word.len() == 42 && word.starts_with("0x")) {
        return (Some(asset_of_address(word)), None);
    }
    let is_name = |at: usize| {
        !is_noise(lower[at]) && interval_of(words[at]).is_none() && role_of(&[lower[at]]).is_none()
    };
    let mut joined = (0..words.len()).filter(|&at| is_name(at)).filter_map(|at| pair_of(words[at]));
    if let Some((base, quote)) = joined.next() {
        // A name with several pairs is about none of them alone.
        let is_one = joined.all(|(other, _)| other == base);
        return (is_one.then_some(base), Some(quote).filter(|_| is_one));
    }
    for at in 1..words.len() {
        let base = words[at - 1];
        let named = is_name(at - 1) && base.chars().any(|c| c.is_ascii_alphabetic());
        if named && let Some(quote) = quote_of(words[at]) {
            return (Some(canonical(base)), Some(quote));
        }
        if named && matches!(lower[at], "perp" | "swap" | "perpetual") {
            return (Some(canonical(base)), None);
        }
    }
    match (0..words.len()).find(|&at| super::name_words::is_known_asset(words[at])) {
        Some(at) => (Some(canonical(words[at])), None),
        None => (None, words.iter().find_map(|word| quote_of(word))),
    }
}

/// Kraken writes the interval in minutes behind the pair: `XBTUSD_1440`.
fn minutes_in(words: &[&str]) -> Option<i64> {
    const KNOWN: [i64; 10] = [1, 5, 15, 30, 60, 240, 720, 1_440, 10_080, 21_600];
    let [pair, minutes] = words else { return None };
    pair_of(pair)?;
    let minutes: i64 = minutes.parse().ok()?;
    KNOWN.contains(&minutes).then_some(minutes * 60_000)
}

/// A month, or the first of several dates up to the end of the last.
fn span_of(dates: &[(std::ops::Range<usize>, NameDate)]) -> Option<(i64, i64)> {
    let spans: Vec<(i64, i64)> = dates.iter().filter_map(|(_, date)| date.span()).collect();
    match (spans.as_slice(), dates) {
        ([span], [(_, NameDate::Month(_))]) => Some(*span),
        ([first, .., last], _) if first.0 <= last.0 => Some((first.0, last.1)),
        _ => None,
    }
}

/// The name without what stands in brackets: `bitfinex_(BTC,ETH)USD_d` is about several assets.
fn without_brackets(name: &str) -> String {
    match (name.find('('), name.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}_{}", &name[..open], &name[close + 1..])
        }
        _ => name.to_owned(),
    }
}

/// The name without the endings that say how it is packed and written.
fn without_endings(part: &str) -> &str {
    const ENDINGS: [&str; 16] = [
        ".gz", ".tar", ".tgz", ".zip", ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson",
        ".parquet", ".feather", ".arrow", ".ipc", ".dat", ".pq",
    ];
    let mut name = part;
    loop {
        let end = ENDINGS.iter().find(|end| {
            let at = name.len().checked_sub(end.len());
            at.and_then(|at| name.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        });
        match end {
            Some(end) => name = &name[..name.len() - end.len()],
            None => return name,
        }
    }
}

fn stem_of(member_name: &str) -> String {
    let name = member_name.strip_suffix(".gz").unwrap_or(member_name);
    let parts: Vec<String> =
        name.split('/').map(|part| without_dates(part, &find_dates(part))).collect();
    parts.join("/")
}

/// `part` without its dates, each with one mark before it (or behind it at the start).
fn without_dates(part: &str, dates: &[(std::ops::Range<usize>, NameDate)]) -> String {
    let mut rest = String::with_capacity(part.len());
    let mut from = 0;
    for (place, _) in dates {
        rest.push_str(&part[from..place.start]);
        from = place.end;
        if rest.ends_with(['-', '_', ' ', '.']) {
            rest.pop();
        } else if rest.is_empty() && part[from..].starts_with(['-', '_', ' ']) {
            from += 1;
        }
    }
    rest.push_str(&part[from..]);
    rest
}

#[cfg(test)]
#[path = "label_tests.rs"]
mod tests;
