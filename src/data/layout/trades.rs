//! Trades and quotes as lines of JSON: those of the barter collector, and Binance's combined stream
//! with a local stamp before each message.

use super::context::Context;
use super::gather::Gather;
use super::grid::{Content, Grid};
use super::lines::{Lines, is_blank};
use super::stamps::Stamp;
use super::trade_lines::{Amount, Event, Kind, Message, barter_line, stream_line};
use crate::data::raw::Role;
use crate::prices::history::{HistoryError, TimeUnit};

/// Which collector's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Barter,
    BinanceStream,
}

/// Columns of a table: name, and whether it is text.
type Columns = &'static [(&'static str, bool)];

impl Form {
    pub fn layout(self) -> &'static str {
        match self {
            Self::Barter => "barter-events",
            Self::BinanceStream => "binance-stream",
        }
    }

    fn columns(self) -> Columns {
        const BARTER: Columns = &[
            ("instrument", false),
            ("kind", true),
            ("price", false),
            ("amount", false),
            ("side", true),
            ("bid", false),
            ("bid_amount", false),
            ("ask", false),
            ("ask_amount", false),
        ];
        const STREAM: Columns = &[
            ("stream", true),
            ("event_time", false),
            ("price", false),
            ("amount", false),
            ("side", true),
            ("bid", false),
            ("bid_amount", false),
            ("ask", false),
            ("ask_amount", false),
            ("bid_levels", false),
            ("ask_levels", false),
        ];
        match self {
            Self::Barter => BARTER,
            Self::BinanceStream => STREAM,
        }
    }

    fn time_name(self) -> &'static str {
        match self {
            Self::Barter => "time_exchange",
            Self::BinanceStream => "local_time",
        }
    }

    /// The form of the first line of `head`.
    pub fn of(head: &[u8]) -> Option<Self> {
        let end = head.iter().position(|&byte| byte == b'\n').unwrap_or(head.len());
        let line = head.get(..end)?;
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii();
        if barter_line(line).is_some() {
            return Some(Self::Barter);
        }
        stream_line(line).map(|_| Self::BinanceStream)
    }
}

/// Reads all lines of a member.
pub(super) fn read(
    lines: &mut Lines<'_>,
    form: Form,
    context: &Context<'_>,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    read_rows(lines, form, context, gather).map_err(|error| vec![error])
}

fn read_rows(
    lines: &mut Lines<'_>,
    form: Form,
    context: &Context<'_>,
    gather: &mut Gather,
) -> Result<(), HistoryError> {
    let heading = context.heading(context.table_label(Role::Events), form.layout());
    let names: Vec<&str> = form.columns().iter().map(|(name, _)| *name).collect();
    let table = gather.table(&heading, &names);
    let mut grid = Grid::new(table, context, form.columns(), Some(form.time_name()));
    let unit = context.options.time_unit;
    let mut n_rows = 0;
    while lines.next_line()? {
        let line = lines.text().trim_ascii();
        if is_blank(line) {
            continue;
        }
        n_rows += 1;
        let added = match form {
            Form::Barter => {
                barter_line(line).map(|event| add_barter(&mut grid, &event, lines.number(), unit))
            }
            Form::BinanceStream => stream_line(line).map(|(time, message)| {
                add_message(&mut grid, time, &message, lines.number(), unit)
            }),
        };
        if let Some(added) = added {
            added?;
        } else {
            grid.begin_row(lines.number(), None)?;
            grid.end_ragged(line);
        }
    }
    context.check_any(n_rows)
}

fn add_barter(
    grid: &mut Grid<'_>,
    event: &Event<'_>,
    line: u32,
    unit: TimeUnit,
) -> Result<(), HistoryError> {
    let time = event.time_exchange.as_bytes();
    grid.begin_row(line, Some((Stamp::read(time, unit), time)))?;
    grid.set(0, event.instrument.content());
    match &event.kind {
        Kind { trade: Some(trade), .. } => {
            grid.set(1, Content::Text(b"trade"));
            grid.set(2, trade.price.content());
            grid.set(3, trade.amount.content());
            grid.set(4, Content::Text(trade.side.as_bytes()));
        }
        Kind { quote: Some(quote), .. } => {
            grid.set(1, Content::Text(b"quote"));
            for (at, level) in [(5, &quote.best_bid), (7, &quote.best_ask)] {
                let Some(level) = level else { continue };
                grid.set(at, level.price.content());
                grid.set(at + 1, level.amount.content());
            }
        }
        Kind { .. } => grid.set(1, Content::Text(b"other")),
    }
    grid.end_row();
    Ok(())
}

fn add_message(
    grid: &mut Grid<'_>,
    time: &[u8],
    message: &Message<'_>,
    line: u32,
    unit: TimeUnit,
) -> Result<(), HistoryError> {
    grid.begin_row(line, Some((Stamp::read(time, unit), time)))?;
    let Some(data) = &message.data else {
        grid.set(0, Content::Text(b"snapshot"));
        for (at, levels) in [(9, message.bids), (10, message.asks)] {
            if let Amount::Levels(n) = levels {
                grid.set(at, Content::Number(n as f64));
            }
        }
        grid.end_row();
        return Ok(());
    };
    grid.set(0, Content::Text(message.stream.as_deref().unwrap_or_default().as_bytes()));
    grid.set(1, data.event_time.content());
    grid.set(2, data.price.content());
    grid.set(3, data.quantity.content());
    // The buyer was the maker: the trade was a sale into the book.
    let side = data.buyer_is_maker.map(|sold| if sold { "sell" } else { "buy" });
    grid.set(4, side.map_or(Content::Blank, |side| Content::Text(side.as_bytes())));
    let sides = [(5, 9, &data.bid, &data.bid_quantity), (7, 10, &data.ask, &data.ask_quantity)];
    // A message of a trade may have numbers of orders under the same names.
    let is_quote = data.price == Amount::Blank;
    for (at, levels, price, quantity) in sides.into_iter().filter(|_| is_quote) {
        match price {
            Amount::Levels(n) => grid.set(levels, Content::Number(*n as f64)),
            price => {
                grid.set(at, price.content());
                grid.set(at + 1, quantity.content());
            }
        }
    }
    grid.end_row();
    Ok(())
}
