//! Puts cells of typed columns into a raw series.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::gather::{Gather, Heading};
use super::label::NameFacts;
use super::stamps::Stamp;
use crate::data::options::ReadOptions;
use crate::data::raw::{
    Label, Meaning, NO_TIME, RawSeries, Role, Shape, Unread, UnreadCell, Written,
};
use crate::prices::history::{HistoryError, TimeUnit};

/// Most rows of a series: 2^25, a year of seconds.
pub(super) const ROWS_MAX: usize = 1 << 25;

/// A member whose rows go into series, and what its name and the caller say of it.
pub(super) struct Target<'a> {
    pub member: &'a str,
    /// What messages begin with.
    pub origin: &'a str,
    pub layout: &'static str,
    pub facts: &'a NameFacts,
    pub options: &'a ReadOptions,
}

impl Target<'_> {
    /// The label of a series with this role, unless the caller says another.
    pub fn label(&self, role: Role) -> Result<Label, Vec<HistoryError>> {
        let asset = self.options.asset.as_ref().or(self.facts.asset.as_ref()).ok_or_else(|| {
            let remedy = "say which with --asset, or put it into the file's name as BTCUSDT";
            vec![HistoryError::new(self.origin, "nothing says of which asset it is", remedy)]
        })?;
        let role = self.options.role.unwrap_or(role);
        Ok(Label { asset: asset.clone(), quote: self.facts.quote.clone(), role })
    }

    /// Appends `n_rows` rows, which `fill` must hand over, all or none.
    ///
    /// # Errors
    /// Those of `fill`, and one if it panics: the decoders under it do on damaged bytes.
    pub fn append(
        &self,
        gather: &mut Gather,
        label: Label,
        (shape, columns): (Shape, Vec<(Meaning, &str)>),
        n_rows: usize,
        fill: impl FnOnce(&mut Filler<'_>) -> Result<(), Vec<HistoryError>>,
    ) -> Result<(), Vec<HistoryError>> {
        let one = self.options.asset.is_some();
        let stem = if one { String::new() } else { self.facts.stem.clone() };
        let heading = Heading { member: self.member, stem, label, layout: self.layout };
        let series = gather.series(&heading, shape, &columns);
        let first = series.time.len();
        if n_rows > ROWS_MAX - first.min(ROWS_MAX) {
            let problem = format!("more than {ROWS_MAX} rows in one series");
            return Err(vec![HistoryError::new(self.origin, problem, "split the data by time")]);
        }
        self.state(series);
        let mut filler = Filler { series, first };
        // A panic leaves columns of unequal lengths; they are cut back to what was there before.
        let filled = catch_unwind(AssertUnwindSafe(|| fill(&mut filler)))
            .unwrap_or_else(|_| Err(damaged(self.origin)));
        let equal = filler.is_equal(first + n_rows);
        let filled = filled.and(if equal { Ok(()) } else { Err(damaged(self.origin)) });
        match filled {
            Ok(()) => series.rows.line.extend((1..=n_rows).map(|row| row as u32)),
            Err(_) => filler.cut(),
        }
        filled
    }

    /// What the name says of interval and span.
    fn state(&self, series: &mut RawSeries) {
        series.stated_interval_ms = series.stated_interval_ms.or(self.facts.interval_ms);
        if let Some((from, to)) = self.facts.span_ms {
            let (first, last) = series.stated_span_ms.unwrap_or((from, to));
            series.stated_span_ms = Some((first.min(from), last.max(to)));
        }
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

    /// Says something of the series, once.
    pub fn remark(&mut self, text: String) {
        if !self.series.remarks.contains(&text) {
            self.series.remarks.push(text);
        }
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
