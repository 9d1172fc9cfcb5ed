//! One line of trades and quotes, as the collectors write it.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::cells::{Cell, read_cell};
use super::grid::Content;

/// The event in a line of barter's; `None` if it is none.
pub(super) fn barter_line(line: &[u8]) -> Option<Event<'_>> {
    serde_json::from_slice::<Item<'_>>(line).ok().map(|line| line.item)
}

/// The local stamp and the message in a line of a stream.
pub(super) fn stream_line(line: &[u8]) -> Option<(&[u8], Message<'_>)> {
    let at = line.iter().position(|byte| !byte.is_ascii_digit()).filter(|&at| at > 0)?;
    let (time, rest) = line.split_at(at);
    let message: Message<'_> = serde_json::from_slice(rest.strip_prefix(b" ")?).ok()?;
    let is_whole = message.data.is_some() || matches!(message.bids, Amount::Levels(_));
    is_whole.then_some((time, message))
}

#[derive(Deserialize)]
struct Item<'t> {
    #[serde(rename = "Item", borrow)]
    item: Event<'t>,
}

#[derive(Deserialize)]
pub(super) struct Event<'t> {
    #[serde(borrow)]
    pub time_exchange: Cow<'t, str>,
    #[serde(default)]
    pub instrument: Amount,
    #[serde(borrow)]
    pub kind: Kind<'t>,
}

#[derive(Deserialize)]
pub(super) struct Kind<'t> {
    #[serde(rename = "Trade", borrow)]
    pub trade: Option<Trade<'t>>,
    #[serde(rename = "OrderBookL1")]
    pub quote: Option<Quote>,
}

#[derive(Deserialize)]
pub(super) struct Trade<'t> {
    pub price: Amount,
    pub amount: Amount,
    #[serde(borrow)]
    pub side: Cow<'t, str>,
}

#[derive(Deserialize)]
pub(super) struct Quote {
    pub best_bid: Option<Level>,
    pub best_ask: Option<Level>,
}

#[derive(Deserialize)]
pub(super) struct Level {
    pub price: Amount,
    pub amount: Amount,
}

/// A message of a stream, or a snapshot of the book.
#[derive(Deserialize)]
pub(super) struct Message<'t> {
    #[serde(borrow)]
    pub stream: Option<Cow<'t, str>>,
    pub data: Option<Data>,
    /// Of a snapshot of the book, which has neither stream nor data.
    #[serde(default)]
    pub bids: Amount,
    #[serde(default)]
    pub asks: Amount,
}

#[derive(Deserialize, Default)]
pub(super) struct Data {
    #[serde(rename = "E", default)]
    pub event_time: Amount,
    #[serde(rename = "p", default)]
    pub price: Amount,
    #[serde(rename = "q", default)]
    pub quantity: Amount,
    #[serde(rename = "m")]
    pub buyer_is_maker: Option<bool>,
    #[serde(rename = "b", default)]
    pub bid: Amount,
    #[serde(rename = "B", default)]
    pub bid_quantity: Amount,
    #[serde(rename = "a", default)]
    pub ask: Amount,
    #[serde(rename = "A", default)]
    pub ask_quantity: Amount,
}

/// A number, written as one or as text, or the number of levels in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Amount {
    Number(f64),
    Levels(u64),
    /// Neither.
    Odd,
    #[default]
    Blank,
}

impl Amount {
    /// As a cell of a table; levels are counted elsewhere.
    pub fn content(&self) -> Content<'static> {
        match self {
            Self::Number(number) => Content::Number(*number),
            Self::Odd => Content::Number(f64::NAN),
            Self::Levels(_) | Self::Blank => Content::Blank,
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

struct AmountVisitor;

impl<'de> Visitor<'de> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E>(self, value: i64) -> Result<Amount, E> {
        Ok(Amount::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Amount, E> {
        Ok(Amount::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Amount, E> {
        Ok(Amount::Number(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Amount, E> {
        Ok(match read_cell(text.as_bytes()) {
            Cell::Number(number) => Amount::Number(number),
            Cell::Blank => Amount::Blank,
            Cell::Odd => Amount::Odd,
        })
    }

    fn visit_unit<E>(self) -> Result<Amount, E> {
        Ok(Amount::Blank)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut levels: A) -> Result<Amount, A::Error> {
        let mut n = 0;
        while levels.next_element::<IgnoredAny>()?.is_some() {
            n += 1;
        }
        Ok(Amount::Levels(n))
    }
}
