//! Layouts: what a member holds, and the readers.
//!
//! ```text
//! Member ─▶ recognise (first 64 KiB) ─▶ series (lines of fields, by a Plan) ─┐
//!                                     ─▶ table, trades, json_… ──────────────┼─▶ Gather ─▶ Raw
//!                                     ─▶ feather, parquet ───────────────────┘
//! ```
//!
//! Readers stream: beside the columns they fill, they hold one line, or one JSON value.

mod bare;
mod cells;
mod context;
mod gather;
mod generic;
mod grid;
mod json_bars;
mod json_cells;
mod json_funding;
mod json_input;
mod json_rows;
mod json_table;
mod label;
mod lines;
mod name_dates;
mod name_words;
mod named;
mod plan;
mod recognise;
mod series;
mod sheet;
mod stamps;
mod table;
#[cfg(test)]
mod tests;
mod told;
mod trade_lines;
mod trades;
mod volumes;
mod wide;

pub use gather::{Gather, Heading};
pub use label::{NameFacts, label_of, symbol_of};

use super::options::ReadOptions;
use super::source::Member;
use crate::prices::history::HistoryError;
use context::Context;
use lines::Lines;
use recognise::{Found, recognise};

/// Every layout: the name that `--layout` takes, and what it is.
pub const LAYOUTS: &[(&str, &str)] = &[
    ("binance-klines", "Binance bulk klines as CSV, spot or futures, with or without header"),
    ("binance-rest", "Binance REST klines: a JSON array of arrays of 12"),
    ("json-bars", "JSON array of [time, open, high, low, close, volume]"),
    ("funding", "funding rates: CSV with symbol, date and rate; Binance bulk CSV or REST JSON"),
    ("kraken-ohlcvt", "Kraken OHLCVT: seconds, prices, volume, trades, no header"),
    ("cryptodatadownload", "CryptoDataDownload CSV: notice line, symbol, named volumes"),
    ("yahoo", "Yahoo daily CSV with Adj Close"),
    ("lean-bars", "LEAN trade bars, no header"),
    ("lean-quotes", "LEAN quote bars, no header: a bid and an ask series"),
    ("lean-margin-interest", "LEAN funding rates, no header"),
    ("wide", "bars of several assets side by side: BTC:open, BTC:high, …"),
    ("rates", "Aave rates a minute: a lending and a borrowing series"),
    ("open-interest", "Binance open interest as CSV"),
    ("csv", "CSV with columns of usual names, or named by --columns"),
    ("barter-events", "trades and quotes as JSON lines of barter"),
    ("binance-stream", "Binance combined stream: local stamp and JSON a line"),
    ("table", "any other CSV with a header, kept as a table"),
    ("json-table", "any other JSON, kept as a table"),
    ("feather", "Arrow IPC (Feather 2), such as freqtrade writes"),
    ("parquet", "Parquet"),
];

/// Most bytes that [`Member::head`] gives.
const HEAD_MAX: usize = 64 << 10;

/// Recognises what a member holds and reads it all into `gather`; returns the layout's name.
///
/// # Errors
/// If no layout fits, if the one that the caller names does not fit, or if the bytes cannot be
/// read. Cells, rows and times that cannot be read are no error here: they are counted in what is
/// gathered.
pub fn read_member(
    member: &mut Member<'_>,
    options: &ReadOptions,
    gather: &mut Gather,
) -> Result<&'static str, Vec<HistoryError>> {
    let (name, origin) = (member.name().to_owned(), member.origin().to_owned());
    let head = member.head().to_vec();
    let context = Context::new(&name, &origin, options);
    let found = recognise(&head, head.len() < HEAD_MAX, &context)?;
    let mut input = member.reader();
    match &found {
        Found::Series(sheet, plan) => {
            let mut lines = Lines::new(&mut input, &head, &origin);
            series::read(&mut lines, sheet, plan, &context, gather)?;
        }
        Found::Table(sheet, time) => {
            let mut lines = Lines::new(&mut input, &head, &origin);
            table::read(&mut lines, sheet, *time, &context, gather)?;
        }
        Found::JsonBars(form) => json_bars::read(&mut input, *form, &head, &context, gather)?,
        Found::JsonFunding => json_funding::read(&mut input, &head, &context, gather)?,
        Found::JsonTable => json_table::read(&mut input, &head, &context, gather)?,
        Found::JsonLines => {
            json_table::read_lines(&mut Lines::new(&mut input, &head, &origin), &context, gather)?;
        }
        Found::Trades(form) => {
            trades::read(&mut Lines::new(&mut input, &head, &origin), *form, &context, gather)?;
        }
        Found::Arrow | Found::Parquet => {
            let problem = format!("{} is not read here", found.layout());
            return Err(vec![context.fault(problem, "convert it to CSV")]);
        }
    }
    Ok(found.layout())
}
