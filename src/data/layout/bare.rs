//! Files without header: what their columns hold tells the layout.

use super::label::NameFacts;
use super::named::price_role;
use super::plan::{Output, Plan, Source, TimeColumn};
use super::sheet::Sheet;
use super::stamps::Stamp;
use crate::data::raw::{Meaning, Role, Shape, Written};
use crate::prices::history::TimeUnit;

const DAY_MS: f64 = 86_400_000.0;

/// Names the four prices in the order that all these layouts have them.
const PRICES: [(Meaning, &str); 4] = [
    (Meaning::Open, "open"),
    (Meaning::High, "high"),
    (Meaning::Low, "low"),
    (Meaning::Close, "close"),
];

/// Binance's bulk klines: 12 columns, the seventh the end of the bar.
pub(super) fn binance_klines(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let ends_later = || {
        let (open, close) = (sheet.numbers(0), sheet.numbers(6));
        most(open.iter().zip(&close).map(|(open, close)| close > open))
    };
    if !(11..=12).contains(&sheet.width) || sheet.clock(0).is_none() || !ends_later() {
        return None;
    }
    let mut columns = sources(1, &PRICES);
    columns.extend(sources(5, &[(Meaning::Volume, "volume")]));
    columns
        .extend(sources(7, &[(Meaning::QuoteVolume, "quote_volume"), (Meaning::Trades, "count")]));
    let output = Output::new(price_role(facts), Shape::Bars, columns);
    Some(Plan::new("binance-klines", TimeColumn::new(0, "open_time"), output))
}

/// Kraken's OHLCVT: seconds, four prices, volume, number of trades.
pub(super) fn kraken(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let whole_trades = || most(sheet.numbers(6).iter().map(|trades| trades.fract() == 0.0));
    let seconds = || {
        most(
            sheet
                .cells(0)
                .map(|cell| Stamp::read(cell, TimeUnit::Auto).written == Written::Seconds),
        )
    };
    if sheet.width != 7 || !seconds() || !are_bars(sheet, 1) || !whole_trades() {
        return None;
    }
    let mut columns = sources(1, &PRICES);
    columns.extend(sources(5, &[(Meaning::Volume, "volume"), (Meaning::Trades, "trades")]));
    let output = Output::new(price_role(facts), Shape::Bars, columns);
    Some(Plan::new("kraken-ohlcvt", TimeColumn::new(0, "time"), output))
}

/// LEAN's time: ms since the midnight of the date in the name, or `20181125 00:00`.
fn lean_time(sheet: &Sheet, facts: &NameFacts) -> Option<TimeColumn> {
    let mut time = TimeColumn::new(0, "time");
    let compact = |cell: &[u8]| {
        cell.len() > 8 && Stamp::read(cell, TimeUnit::Auto).written == Written::Compact
    };
    if most(sheet.cells(0).map(compact)) {
        return Some(time);
    }
    let of_day = most(sheet.numbers(0).iter().map(|&ms| (0.0..DAY_MS).contains(&ms)));
    time.midnight_ms = facts.date_ms.filter(|_| of_day);
    time.midnight_ms.is_some().then_some(time)
}

/// LEAN's trade bars: time, four prices, volume.
pub(super) fn lean_bars(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let time = lean_time(sheet, facts).filter(|_| sheet.width == 6 && are_bars(sheet, 1))?;
    let mut columns = sources(1, &PRICES);
    columns.extend(sources(5, &[(Meaning::Volume, "volume")]));
    Some(Plan::new("lean-bars", time, Output::new(price_role(facts), Shape::Bars, columns)))
}

/// LEAN's quote bars: time, bars of the bid and its size, bars of the ask and its size.
pub(super) fn lean_quotes(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let is_size = |at: usize| sheet.cells(at).next().is_none() || sheet.is_numeric(at);
    let sound = |sheet: &Sheet| {
        sheet.width == 11 && is_size(5) && is_size(10) && (are_bars(sheet, 1) || are_bars(sheet, 6))
    };
    let time = lean_time(sheet, facts).filter(|_| sound(sheet))?;
    let side = |role: Role, from: usize| {
        let mut columns = sources(from, &PRICES);
        columns.extend(sources(from + 4, &[(Meaning::Volume, "size")]));
        Output::new(role, Shape::Bars, columns)
    };
    let mut plan = Plan::new("lean-quotes", time, side(Role::Bid, 1));
    plan.outputs.push(side(Role::Ask, 6));
    plan.remarks.push("volume is the size quoted at the end of a bar".to_owned());
    Some(plan)
}

/// LEAN's margin interest: time and the rate that a payment was made at.
pub(super) fn lean_margin_interest(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    let time = lean_time(sheet, facts).filter(|_| sheet.width == 2 && sheet.is_numeric(1))?;
    let rate = sources(1, &[(Meaning::Value, "rate")]);
    Some(Plan::new("lean-margin-interest", time, Output::new(Role::Funding, Shape::Series, rate)))
}

/// Time, open, high, low, close and perhaps volume in this order, if the prices agree with it.
pub(super) fn bars(sheet: &Sheet, facts: &NameFacts) -> Option<Plan> {
    if !(5..=6).contains(&sheet.width) || sheet.clock(0).is_none() || !are_bars(sheet, 1) {
        return None;
    }
    let mut columns = sources(1, &PRICES);
    if sheet.width == 6 {
        columns.extend(sources(5, &[(Meaning::Volume, "volume")]));
    }
    let names: Vec<&str> = columns.iter().map(|source| source.name.as_str()).collect();
    let remark = format!("no header: the columns are read as time, {}", names.join(", "));
    let output = Output::new(price_role(facts), Shape::Bars, columns);
    let mut plan = Plan::new("csv", TimeColumn::new(0, "time"), output);
    plan.remarks.push(remark);
    Some(plan)
}

/// Columns from `from` on.
fn sources(from: usize, names: &[(Meaning, &str)]) -> Vec<Source> {
    let source =
        |(at, (meaning, name)): (usize, &(Meaning, &str))| Source::new(*meaning, name, from + at);
    names.iter().enumerate().map(source).collect()
}

/// Whether the four columns from `from` on are prices with high and low outside open and close.
fn are_bars(sheet: &Sheet, from: usize) -> bool {
    let [open, high, low, close] = [0, 1, 2, 3].map(|at| sheet.numbers(from + at));
    most((0..sheet.rows.len()).map(|row| {
        let body = (open[row].min(close[row]), open[row].max(close[row]));
        low[row] > 0.0 && low[row] <= body.0 && high[row] >= body.1
    }))
}

/// Whether more than half are true, and there is one.
fn most(found: impl Iterator<Item = bool>) -> bool {
    let (mut n, mut n_true) = (0, 0);
    for is_true in found {
        n += 1;
        n_true += usize::from(is_true);
    }
    2 * n_true > n
}
