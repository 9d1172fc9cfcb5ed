//! Files with a header that no exchange's layout fits: columns by their usual names.

use super::label::NameFacts;
use super::named::{CLOSE, SYMBOL, TRADES, price_role, prices, source};
use super::plan::{Output, Plan, Source, TimeColumn};
use super::sheet::{Clock, Sheet};
use super::volumes::volumes;
use crate::data::raw::{Meaning, Role, Shape};

/// Keys of columns of times. An unnamed first column counts too.
const TIMES: &[&str] = &[
    "time",
    "timestamp",
    "date",
    "datetime",
    "opentime",
    "unix",
    "unixtimestamp",
    "unixtime",
    "ts",
    "t",
    "dt",
    "timestampms",
    "timestamputc",
    "timeutc",
    "dateutc",
    "datetimeutc",
    "utctime",
    "opentimems",
    "starttime",
    "start",
    "periodstart",
    "timeperiodstart",
    "begin",
    "epoch",
    "blocktimestamp",
    "candlebegintime",
    "fundingtime",
    "day",
];

/// Whether a column of this key is named as one of times.
pub(super) fn is_time_key(key: &str) -> bool {
    TIMES.contains(&key)
}

/// The column of times: of those that are named like one and read like one, the first that leaves
/// no doubt of the zone, else the first. Another beside it must agree with it.
pub(super) fn time_column(sheet: &Sheet) -> Option<TimeColumn> {
    let named = |at: &usize| {
        let key = sheet.keys[*at].as_str();
        is_time_key(key) || (*at == 0 && key.is_empty())
    };
    let candidates: Vec<usize> = (0..sheet.keys.len()).filter(named).collect();
    let reads = |at: &&usize, wanted: Clock| sheet.clock(**at) == Some(wanted);
    // A time of day beside its date: neither is a time by itself, so that the rows are refused.
    if let Some(&at) = candidates.iter().find(|at| is_time_of_day(sheet, **at)) {
        return Some(TimeColumn::new(at, &sheet.name(at)));
    }
    let certain = candidates.iter().find(|at| reads(at, Clock::Certain));
    let naive = candidates.iter().find(|at| reads(at, Clock::Naive));
    let none_reads = || candidates.first().filter(|at| !sheet.keys[**at].is_empty());
    let at = *certain.or(naive).or_else(none_reads)?;
    let mut time = TimeColumn::new(at, &sheet.name(at));
    let twin = certain.and(naive).map(|&at| (at, sheet.name(at)));
    time.twin = twin;
    Some(time)
}

/// Whether every cell of the head is a time of day such as `01:00` or `01:00:00`.
fn is_time_of_day(sheet: &Sheet, at: usize) -> bool {
    let clock = |cell: &[u8]| {
        let parts: Vec<&[u8]> = cell.split(|&b| b == b':').collect();
        (2..=3).contains(&parts.len())
            && parts
                .iter()
                .all(|part| (1..=2).contains(&part.len()) && part.iter().all(u8::is_ascii_digit))
    };
    let mut cells = sheet.cells(at).peekable();
    cells.peek().is_some() && cells.all(clock)
}

/// Bars: a time and four prices, the rest as there is.
pub(super) fn bars(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let time = time_column(sheet)?;
    let mut columns = prices(sheet)?;
    let symbol = symbol_column(sheet);
    columns.extend(volumes(sheet, facts.asset.as_deref(), symbol));
    columns.extend(source(sheet, Meaning::Trades, TRADES));
    let mut plan = Plan::new("csv", time, Output::new(price_role(facts), Shape::Bars, columns));
    plan.symbol = symbol;
    if is_time_of_day(sheet, plan.time.at) {
        plan.remarks
            .push("dates and times of day stand in two columns: join them in one".to_owned());
    }
    Some(plan)
}

/// A column that names the asset of each row.
fn symbol_column(sheet: &Sheet) -> Option<usize> {
    sheet.find(SYMBOL).filter(|&at| !sheet.is_numeric(at))
}

/// A time and closes, one column an asset (`WETH,USDC`), or one column `close` or `price`.
pub(super) fn closes(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let time = time_column(sheet)?;
    let twin = time.twin.as_ref().map(|(at, _)| *at);
    let rest: Vec<usize> =
        (0..sheet.keys.len()).filter(|&at| at != time.at && Some(at) != twin).collect();
    if rest.is_empty() || !rest.iter().all(|&at| sheet.is_numeric(at)) {
        return None;
    }
    if rest.iter().all(|&at| is_ticker(&sheet.name(at))) {
        let role = price_role(facts);
        let outputs = rest.iter().map(|&at| asset_output(sheet, at, role)).collect();
        return Some(Plan { layout: "csv", time, symbol: None, outputs, remarks: Vec::new() });
    }
    let close = sheet.find(CLOSE).or_else(|| sheet.find(&["price", "last", "lastprice", "mid"]))?;
    let mut columns = vec![Source::new(Meaning::Close, &sheet.name(close), close)];
    columns.extend(volumes(sheet, facts.asset.as_deref(), None).into_iter().take(1));
    let is_all = columns.len() == rest.len();
    let role = price_role(facts);
    is_all.then(|| Plan::new("csv", time, Output::new(role, Shape::Close, columns)))
}

fn asset_output(sheet: &Sheet, at: usize, role: Role) -> Output {
    let name = sheet.name(at);
    let columns = vec![Source::new(Meaning::Close, &name, at)];
    let asset = Some(super::label::symbol_of(&name));
    Output { asset, role, shape: Shape::Close, columns, from_listing: true }
}

/// Capitals and digits, as symbols of assets are written.
fn is_ticker(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '/' | '-');
    (2..=20).contains(&name.len())
        && name.chars().all(fits)
        && name.chars().any(|c| c.is_ascii_uppercase())
}

/// A time and one number.
pub(super) fn series(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let time = time_column(sheet)?;
    let twin = time.twin.as_ref().map(|(at, _)| *at);
    let symbol = symbol_column(sheet);
    let others = |at: &usize| *at != time.at && Some(*at) != twin && Some(*at) != symbol;
    let rest: Vec<usize> = (0..sheet.keys.len()).filter(others).collect();
    let &[at] = rest.as_slice() else { return None };
    if !sheet.is_numeric(at) {
        return None;
    }
    let role = series_role(&sheet.keys[at], facts);
    let value = vec![Source::new(Meaning::Value, &sheet.name(at), at)];
    let mut plan = Plan::new("csv", time, Output::new(role, Shape::Series, value));
    plan.symbol = symbol;
    Some(plan)
}

fn series_role(key: &str, facts: &NameFacts) -> Role {
    match key {
        "funding" | "fundingrate" | "lastfundingrate" => Role::Funding,
        "openinterest" | "oi" => Role::OpenInterest,
        "basis" => Role::Basis,
        "borrowrate" | "variableborrowrate" => Role::BorrowRate,
        "lendrate" | "liquidityrate" | "supplyrate" => Role::LendRate,
        _ => facts.role.filter(|role| !role.is_price()).unwrap_or(Role::Value),
    }
}
