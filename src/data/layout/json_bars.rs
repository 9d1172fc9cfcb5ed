//! Bars as JSON arrays of arrays: Binance's REST klines, and `[time, open, high, low, close, volume]`.

use std::cell::Cell as Slot;
use std::fmt;
use std::io::BufRead;

use serde::de::{DeserializeSeed, Deserializer as _, Error, IgnoredAny, SeqAccess, Visitor};

use super::cells::{Cell, read_cell};
use super::context::{Context, NAMELESS, remark};
use super::gather::Gather;
use super::json_cells::{NumberCell, TimeCell};
use super::json_input::{JsonInput, json_fault};
use super::named::price_role;
use super::series_rows::WHOLE_ROW;
use super::stamps::Stamp;
use crate::data::raw::{Meaning, RawSeries, Shape, Written};
use crate::prices::history::{HistoryError, TimeUnit};

/// Which of two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// 11 or 12 entries.
    Klines,
    /// 6 entries.
    Six,
}

impl Form {
    pub fn layout(self) -> &'static str {
        match self {
            Self::Klines => "binance-rest",
            Self::Six => "json-bars",
        }
    }

    /// Meaning, name and place of the columns.
    fn columns(self) -> &'static [(Meaning, &'static str, usize)] {
        const ALL: [(Meaning, &str, usize); 7] = [
            (Meaning::Open, "open", 1),
            (Meaning::High, "high", 2),
            (Meaning::Low, "low", 3),
            (Meaning::Close, "close", 4),
            (Meaning::Volume, "volume", 5),
            (Meaning::QuoteVolume, "quote_volume", 7),
            (Meaning::Trades, "count", 8),
        ];
        match self {
            Self::Klines => &ALL,
            Self::Six => &ALL[..5],
        }
    }

    fn fits(self, n_entries: usize) -> bool {
        match self {
            Self::Klines => (11..=12).contains(&n_entries),
            Self::Six => n_entries == 6,
        }
    }

    /// The form of the first row in `head`; `None` if it is no array of such arrays.
    pub fn of(head: &[u8]) -> Option<Self> {
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        let rows = head.strip_prefix(b"[")?.trim_ascii_start();
        let end = rows.iter().position(|&byte| byte == b']')?;
        let row: Vec<serde_json::Value> = serde_json::from_slice(&rows[..=end]).ok()?;
        let is_number = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => {
                matches!(read_cell(text.as_bytes()), Cell::Number(_))
            }
            value => value.is_number(),
        };
        let is_time = row.first().is_some_and(|value| value.is_u64() || value.is_f64());
        let fits = |form: &Self| form.fits(row.len()) && is_time && row[1..6].iter().all(is_number);
        [Self::Klines, Self::Six].into_iter().find(fits)
    }
}

/// Reads all rows of a member.
pub(super) fn read(
    input: &mut dyn BufRead,
    form: Form,
    head: &[u8],
    context: &Context<'_>,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    let heading = context.heading(context.label(None, price_role(&context.facts)), form.layout());
    let columns: Vec<(Meaning, &str)> =
        form.columns().iter().map(|&(meaning, name, _)| (meaning, name)).collect();
    let series = gather.series(&heading, Shape::Bars, &columns);
    let line = Slot::new(1);
    // In a file of one line, rows are told apart by their number.
    let by_line = head.trim_ascii().contains(&b'\n');
    let mut fault = None;
    let n_before = series.time.len();
    let rows =
        Rows { series: &mut *series, form, context, line: &line, by_line, fault: &mut fault };
    let read = JsonInput::new(input, &line).map_err(serde_json::Error::io).and_then(|input| {
        let mut json = serde_json::Deserializer::from_reader(input);
        json.deserialize_seq(rows).and_then(|()| json.end())
    });
    if let Err(error) = read {
        return Err(vec![fault.unwrap_or_else(|| json_fault(context, &error))]);
    }
    context.state(series);
    if context.is_nameless() {
        remark(&mut series.remarks, NAMELESS);
    }
    context.check_any((series.time.len() - n_before) as u64).map_err(|error| vec![error])
}

/// The outer array.
struct Rows<'a> {
    series: &'a mut RawSeries,
    form: Form,
    context: &'a Context<'a>,
    line: &'a Slot<u32>,
    by_line: bool,
    fault: &'a mut Option<HistoryError>,
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of bars")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let mut n = 0_u32;
        loop {
            if let Err(error) = self.context.check_rows(self.series.time.len()) {
                *self.fault = Some(error);
                return Err(A::Error::custom("too many rows"));
            }
            n = n.saturating_add(1);
            let (form, unit) = (self.form, self.context.options.time_unit);
            let ordinal = (!self.by_line).then_some(n);
            let row = Row { series: self.series, form, unit, line: self.line, ordinal };
            if rows.next_element_seed(row)?.is_none() {
                return Ok(());
            }
        }
    }
}

/// One bar.
struct Row<'a> {
    series: &'a mut RawSeries,
    form: Form,
    unit: TimeUnit,
    line: &'a Slot<u32>,
    /// Number of the row, where it stands for the line.
    ordinal: Option<u32>,
}

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a bar as an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut cells: A) -> Result<(), A::Error> {
        let row = self.series.time.len();
        let line = self.ordinal.unwrap_or_else(|| self.line.get());
        self.series.rows.line.push(line);
        let stamp = cells.next_element_seed(TimeCell(self.unit))?.unwrap_or(Stamp::UNREADABLE);
        self.series.time.push(stamp.ms);
        self.series.written.push(stamp.written);
        self.series.finer_than_ms += u64::from(stamp.finer);
        let mut n = 1;
        let mut columns = self.form.columns().iter().enumerate().peekable();
        loop {
            let column = columns.next_if(|(_, (_, _, place))| *place == n).map(|(at, _)| at);
            let Some(at) = column else {
                if cells.next_element::<IgnoredAny>()?.is_none() {
                    break;
                }
                n += 1;
                continue;
            };
            match cells.next_element_seed(NumberCell)? {
                Some(cell) => push(self.series, row, at, cell),
                None => break,
            }
            n += 1;
        }
        for column in &mut self.series.columns {
            column.values.resize(row + 1, f64::NAN);
        }
        let fits = self.form.fits(n);
        if !fits {
            self.series.unread.ragged += 1;
            self.series.unread.tell(row, WHOLE_ROW, format!("{n} entries").as_bytes());
        } else if stamp.written == Written::Unreadable {
            let at = self.series.columns.len();
            self.series.unread.odd[at] += 1;
        }
        Ok(())
    }
}

fn push(series: &mut RawSeries, row: usize, at: usize, cell: Cell) {
    let value = match cell {
        Cell::Number(number) => number,
        Cell::Blank => {
            series.unread.blank[at] += 1;
            f64::NAN
        }
        Cell::Odd => {
            series.unread.odd[at] += 1;
            series.unread.tell(row, series.columns[at].name.clone().as_str(), b"no number");
            f64::NAN
        }
    };
    series.columns[at].values.push(value);
}
