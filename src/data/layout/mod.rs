//! Layouts: what a member holds, and the readers.
//!
//! ```text
//! Member ─▶ recognise (first 64 KiB) ─▶ series (lines of fields, by a Plan) ─┐
//!                                     ─▶ table, trades, json_… ──────────────┼─▶ Gather ─▶ Raw
//!                                     ─▶ feather, parquet ───────────────────┘
//! ```
//!
//! Readers stream: beside the columns they fill, they hold one line, or one JSON value.

mod arrow_cells;
mod arrow_file;
mod bare;
mod cells;
mod choose;
mod columnar;
mod context;
mod feather;
mod filler;
mod gather;
mod generic;
mod grid;
mod json_bars;
mod json_cells;
mod json_funding;
mod json_input;
mod json_parts;
mod json_rows;
mod json_table;
mod label;
mod lines;
mod name_dates;
mod name_words;
mod named;
mod parquet;
mod parquet_cells;
mod plan;
mod recognise;
mod series;
mod series_rows;
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

use std::io::BufRead;

use super::options::ReadOptions;
use super::source::Member;
use crate::prices::history::HistoryError;
use context::Context;
use lines::Lines;
use recognise::{Found, Text, recognise};

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
    ("arrow", "Arrow IPC (Feather 2), such as freqtrade writes"),
    ("parquet", "Parquet, such as this program and freqtrade write"),
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
    match &found {
        Found::Arrow => feather::read(member, options, gather)?,
        Found::Parquet => parquet::read(member, options, gather)?,
        Found::Text(text) => read_text(&mut member.reader(), text, &head, &context, gather)?,
    }
    Ok(found.layout())
}

/// Reads all of a text.
fn read_text(
    input: &mut dyn BufRead,
    text: &Text,
    head: &[u8],
    context: &Context<'_>,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    let origin = context.origin;
    match text {
        Text::Series(sheet, plan) => {
            let mut lines = Lines::new(input, head, origin);
            series::read(&mut lines, sheet, plan, context, gather)
        }
        Text::Table(sheet, time) => {
            let mut lines = Lines::new(input, head, origin);
            table::read(&mut lines, sheet, *time, context, gather)
        }
        Text::JsonBars(form) => json_bars::read(input, *form, head, context, gather),
        Text::JsonFunding => json_funding::read(input, head, context, gather),
        Text::JsonTable => json_table::read(input, head, context, gather),
        Text::JsonLines => {
            json_table::read_lines(&mut Lines::new(input, head, origin), context, gather)
        }
        Text::Trades(form) => {
            trades::read(&mut Lines::new(input, head, origin), *form, context, gather)
        }
    }
}
