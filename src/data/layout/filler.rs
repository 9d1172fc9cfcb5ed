//! Puts cells of typed columns into a raw series.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::context::{Context, NAMELESS, remark};
use super::gather::Gather;
use super::stamps::Stamp;
use crate::data::raw::{Meaning, NO_TIME, RawSeries, Role, Shape, Unread, UnreadCell, Written};
use crate::prices::history::{HistoryError, TimeUnit};

/// Where rows of a member go.
pub(super) struct Target<'a> {
    pub context: &'a Context<'a>,
    /// Name of the layout.
    pub layout: &'static str,
    pub role: Role,
    pub shape: Shape,
    pub columns: Vec<(Meaning, &'a str)>,
}

impl Target<'_> {
    /// Appends `n_rows` rows, which `fill` must hand over, all or none.
    ///
    /// # Errors
    /// Those of `fill`; one if it panics, as decoders do on damaged bytes; one if there are too
    /// many rows or none.
    pub fn append(
        &self,
        gather: &mut Gather,
        n_rows: usize,
        fill: impl FnOnce(&mut Filler<'_>) -> Result<(), Vec<HistoryError>>,
    ) -> Result<(), Vec<HistoryError>> {
        let context = self.context;
        context.check_any(n_rows as u64).map_err(|error| vec![error])?;
        let heading = context.heading(context.label(None, self.role), self.layout);
        let series = gather.series(&heading, self.shape, &self.columns);
        let first = series.time.len();
        // Both are at most the limit, so their sum is within bounds; the last row is checked.
        context.check_rows(first + n_rows - 1).map_err(|error| vec![error])?;
        context.state(series);
        if context.is_nameless() {
            remark(&mut series.remarks, NAMELESS);
        }
        let mut filler = Filler { series, first };
        // A panic leaves columns of unequal lengths; they are cut back to what was there before.
        let filled = catch_unwind(AssertUnwindSafe(|| fill(&mut filler)))
            .unwrap_or_else(|_| Err(damaged(context.origin)));
        let equal = filler.is_equal(first + n_rows);
        let filled = filled.and(if equal { Ok(()) } else { Err(damaged(context.origin)) });
        match filled {
            Ok(()) => series.rows.line.extend((1..=n_rows).map(|row| row as u32)),
            Err(_) => filler.cut(),
        }
        filled
    }
}

/// A number whose unit the column's type says; cut down to ms.
pub(super) fn of_unit(number: i64, written: Written) -> Stamp {
    let (ms, finer) = match written {
        Written::Seconds => (number.checked_mul(1_000), false),
        Written::Days => (number.checked_mul(86_400_000), false),
        Written::Micros => (Some(number.div_euclid(1_000)), number % 1_000 != 0),
        Written::Nanos => (Some(number.div_euclid(1_000_000)), number % 1_000_000 != 0),
        _ => (Some(number), false),
    };
    let stamp = ms.map_or(Stamp::UNREADABLE, |ms| Stamp::of_number(ms, TimeUnit::Millis));
    if stamp.ms == NO_TIME { stamp } else { Stamp { written, finer, ..stamp } }
}

/// A fault of the whole file.
pub(super) fn damaged(origin: &str) -> Vec<HistoryError> {
    vec![HistoryError::new(origin, "the bytes are damaged", "fetch or write the file anew")]
}

/// Rows on their way into a series, from the row `first` on.
pub(super) struct Filler<'s> {
    series: &'s mut RawSeries,
    first: usize,
}

impl Filler<'_> {
    /// The next time; `None` where the cell is null. `shown` is its text if it cannot be read.
    pub fn time(&mut self, name: &str, stamp: Option<Stamp>, shown: impl Display) {
        let series = &mut *self.series;
        let last = series.columns.len();
        match stamp {
            None => series.unread.blank[last] += 1,
            Some(stamp) if stamp.ms == NO_TIME => {
                series.unread.odd[last] += 1;
                if series.unread.examples.len() < Unread::SHOWN {
                    let text = shown.to_string().chars().take(60).collect();
                    let row = series.time.len();
                    let cell = UnreadCell { row, column: name.to_owned(), text };
                    series.unread.examples.push(cell);
                }
            }
            Some(stamp) => series.finer_than_ms += u64::from(stamp.finer),
        }
        series.time.push(stamp.map_or(NO_TIME, |stamp| stamp.ms));
        series.written.push(stamp.map_or(Written::Unreadable, |stamp| stamp.written));
    }

    /// The next number of a column, counted as they were named; null and NaN are blank.
    pub fn number(&mut self, column: usize, value: Option<f64>) {
        let value = value.unwrap_or(f64::NAN);
        if value.is_nan() {
            self.series.unread.blank[column] += 1;
        }
        self.series.columns[column].values.push(value);
    }

    /// The times of this member name no zone.
    pub fn name_no_zone(&mut self) {
        for written in &mut self.series.written[self.first..] {
            if *written != Written::Unreadable {
                *written = Written::IsoNaive;
            }
        }
    }

    /// What the member says of its own past.
    pub fn earlier(&mut self, metadata: &BTreeMap<String, String>) {
        self.series.earlier.push(metadata.clone());
    }

    /// Says something of the series, once.
    pub fn remark(&mut self, text: &str) {
        remark(&mut self.series.remarks, text);
    }

    /// Whether every column has `n` rows.
    fn is_equal(&self, n: usize) -> bool {
        let Self { series, .. } = self;
        let times = [series.time.len(), series.written.len()];
        let lengths = series.columns.iter().map(|column| column.values.len());
        times.into_iter().chain(lengths).all(|length| length == n)
    }

    /// Takes the new rows away.
    fn cut(&mut self) {
        self.series.time.truncate(self.first);
        self.series.written.truncate(self.first);
        for column in &mut self.series.columns {
            column.values.truncate(self.first);
        }
    }
}
