//! Funding rates as Binance's REST gives them: `[{"symbol":…,"fundingTime":…,"fundingRate":…},…]`.

use std::cell::Cell as Slot;
use std::collections::BTreeMap;
use std::fmt;
use std::io::BufRead;

use serde::de::{DeserializeSeed, Deserializer as _, Error, SeqAccess, Visitor};

use super::cells::{Cell, read_cell};
use super::context::{Context, NAMELESS, remark};
use super::gather::Gather;
use super::json_input::{JsonInput, Scalar, json_fault};
use super::json_rows::{FlatRow, FlatValue};
use super::label::symbol_of;
use crate::data::raw::{Meaning, Role, Shape, Written};
use crate::prices::history::HistoryError;

const TIME: &str = "fundingTime";
const RATE: &str = "fundingRate";
/// Symbols that one member may hold.
const SYMBOLS_MAX: usize = 10_000;

/// Whether the first object of an array, as its names, is of this form.
pub(super) fn fits(names: &[&str]) -> bool {
    names.contains(&TIME) && names.contains(&RATE)
}

/// Reads all rows of a member.
pub(super) fn read(
    input: &mut dyn BufRead,
    head: &[u8],
    context: &Context<'_>,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    let line = Slot::new(1);
    let by_line = head.trim_ascii().contains(&b'\n');
    let mut rows = Rows {
        context,
        gather,
        line: &line,
        by_line,
        series: BTreeMap::new(),
        n_rows: 0,
        fault: None,
    };
    let read = JsonInput::new(input, &line).map_err(serde_json::Error::io).and_then(|input| {
        let mut json = serde_json::Deserializer::from_reader(input);
        json.deserialize_seq(&mut rows).and_then(|()| json.end())
    });
    let fault = rows.fault.take();
    read.map_err(|error| vec![fault.unwrap_or_else(|| json_fault(context, &error))])?;
    rows.finish().map_err(|error| vec![error])
}

struct Rows<'a> {
    context: &'a Context<'a>,
    gather: &'a mut Gather,
    line: &'a Slot<u32>,
    by_line: bool,
    /// Index in [`Gather`] by symbol.
    series: BTreeMap<String, usize>,
    n_rows: u32,
    fault: Option<HistoryError>,
}

impl Rows<'_> {
    fn add(&mut self, row: &FlatRow) -> Result<(), HistoryError> {
        self.n_rows = self.n_rows.saturating_add(1);
        let symbol = row.get("symbol").map(|cell| cell.text().into_owned()).unwrap_or_default();
        let at = self.series_of(&symbol)?;
        let series = self.gather.opened(at);
        self.context.check_rows(series.time.len())?;
        let number = series.time.len();
        series.rows.line.push(if self.by_line { self.line.get() } else { self.n_rows });
        let time = row.get(TIME).unwrap_or(&Scalar::Blank);
        let stamp = time.stamp(self.context.options.time_unit);
        series.time.push(stamp.ms);
        series.written.push(stamp.written);
        series.finer_than_ms += u64::from(stamp.finer);
        if stamp.written == Written::Unreadable {
            series.unread.odd[1] += 1;
            series.unread.tell(number, TIME, time.text().as_bytes());
        }
        let rate = row.get(RATE).unwrap_or(&Scalar::Blank).text();
        series.columns[0].values.push(match read_cell(rate.as_bytes()) {
            Cell::Number(rate) => rate,
            Cell::Blank => {
                series.unread.blank[0] += 1;
                f64::NAN
            }
            Cell::Odd => {
                series.unread.odd[0] += 1;
                series.unread.tell(number, RATE, rate.as_bytes());
                f64::NAN
            }
        });
        Ok(())
    }

    fn series_of(&mut self, symbol: &str) -> Result<usize, HistoryError> {
        if let Some(&at) = self.series.get(symbol) {
            return Ok(at);
        }
        if self.series.len() >= SYMBOLS_MAX {
            let problem = format!("more than {SYMBOLS_MAX} symbols");
            return Err(self.context.fault(problem, "give fewer symbols a file"));
        }
        if let (Some(told), Some(first)) = (&self.context.options.asset, self.series.keys().next())
        {
            let problem = format!("it holds several assets, such as {first} and {symbol}");
            return Err(self.context.fault(problem, "leave --asset out").of("asset", told));
        }
        let asset = (!symbol.is_empty()).then(|| symbol_of(symbol));
        let label = self.context.label(asset.as_ref(), Role::Funding);
        let heading = self.context.heading(label, "funding");
        let at = self.gather.begin_series(&heading, Shape::Series, &[(Meaning::Value, RATE)]);
        self.series.insert(symbol.to_owned(), at);
        Ok(at)
    }

    fn finish(self) -> Result<(), HistoryError> {
        for (symbol, &at) in &self.series {
            let series = self.gather.opened(at);
            self.context.state(series);
            if symbol.is_empty() && self.context.is_nameless() {
                remark(&mut series.remarks, NAMELESS);
            }
        }
        self.context.check_any(u64::from(self.n_rows))
    }
}

impl<'de> Visitor<'de> for &mut Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of funding rates")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let mut row = FlatRow::default();
        loop {
            row.cells.clear();
            if rows.next_element_seed(Entry(&mut row))?.is_none() {
                return Ok(());
            }
            if let Err(fault) = self.add(&row) {
                self.fault = Some(fault);
                return Err(A::Error::custom("a row cannot be taken"));
            }
        }
    }
}

/// One object of the array.
struct Entry<'a>(&'a mut FlatRow);

impl<'de> DeserializeSeed<'de> for Entry<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        FlatValue { name: String::new(), row: self.0 }.deserialize(deserializer)
    }
}
