//! What both file forms are read into before anything is checked, and which columns are wanted.

use std::collections::BTreeMap;

use super::bars::LAYOUT_KEY;
use super::error::{Faults, HistoryError};
use super::options::{CsvColumns, SeriesColumns};

/// Most rows a history may have, filled bars included: 2^25, a year of seconds. It bounds memory
/// (about 2 GiB of bars) against a file whose few bytes claim many rows.
pub(super) const ROWS_MAX: usize = 1 << 25;

/// Stands in `Table::time` for a time that could not be read; a fault says so already.
pub(super) const NO_TIME: i64 = i64::MIN;

/// What the columns of a table mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// open, high, low, close, perhaps volume.
    Bars,
    /// close, perhaps volume.
    Close,
    /// One value.
    Series,
}

impl Layout {
    pub fn name(self) -> &'static str {
        match self {
            Self::Bars => "bars",
            Self::Close => "close",
            Self::Series => "series",
        }
    }

    /// How many of the value columns are prices.
    pub fn n_prices(self) -> usize {
        match self {
            Self::Bars => 4,
            Self::Close => 1,
            Self::Series => 0,
        }
    }
}

/// Columns in file order of rows; faults are reported elsewhere, the table only marks them.
#[derive(Debug)]
pub(super) struct Table {
    pub layout: Layout,
    /// Where each row stands in the file, as `HistoryError::row` counts.
    pub row: Vec<u64>,
    /// UTC ms, or `NO_TIME`.
    pub time: Vec<i64>,
    pub time_name: String,
    /// Value columns in the order of the layout; NaN where a value could not be read.
    pub values: Vec<Vec<f64>>,
    pub names: Vec<String>,
    /// Rows of which a value could not be read: their values are not judged again.
    pub told: Vec<bool>,
    pub metadata: BTreeMap<String, String>,
}

/// Names of the columns to read.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub layout: Layout,
    pub time: String,
    pub values: Vec<String>,
    /// A last value column that is taken if it is there.
    pub optional: Option<String>,
}

/// Where the wanted columns stand in a file.
#[derive(Debug)]
pub(super) struct Located {
    pub time: usize,
    pub values: Vec<usize>,
    pub names: Vec<String>,
}

/// What the caller asked to read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ask<'a> {
    Bars(Option<&'a CsvColumns>),
    Series(&'a SeriesColumns),
}

impl Ask<'_> {
    /// The columns to look for, given what the file says of itself.
    pub fn wanted(
        &self,
        metadata: &BTreeMap<String, String>,
        faults: &mut Faults,
    ) -> Option<Wanted> {
        let layout = metadata.get(LAYOUT_KEY).map(String::as_str);
        match (self, layout) {
            (Ask::Bars(_), Some("series")) => {
                faults.push("the file holds a series, not bars", "give it as funding");
                None
            }
            (Ask::Series(_), Some("bars" | "close")) => {
                faults.push("the file holds bars, not a series", "give it as prices");
                None
            }
            (Ask::Bars(None), Some("close")) => {
                let mut wanted = wanted_bars(&CsvColumns::close_only("time", "close"), faults)?;
                wanted.optional = Some("volume".to_owned());
                Some(wanted)
            }
            (Ask::Bars(None), _) => {
                let mut wanted = wanted_bars(&CsvColumns::default(), faults)?;
                wanted.optional = wanted.values.pop();
                Some(wanted)
            }
            (Ask::Bars(Some(columns)), _) => wanted_bars(columns, faults),
            (Ask::Series(columns), _) => Some(Wanted {
                layout: Layout::Series,
                time: columns.time.clone(),
                values: vec![columns.value.clone()],
                optional: None,
            }),
        }
    }
}

fn wanted_bars(columns: &CsvColumns, faults: &mut Faults) -> Option<Wanted> {
    let CsvColumns { time, open, high, low, close, volume } = columns;
    let (layout, mut values) = match (open, high, low) {
        (Some(open), Some(high), Some(low)) => {
            (Layout::Bars, vec![open.clone(), high.clone(), low.clone(), close.clone()])
        }
        (None, None, None) => (Layout::Close, vec![close.clone()]),
        _ => {
            faults.push(
                "open, high and low columns are named only in part",
                "name all three, or none for a close-only file",
            );
            return None;
        }
    };
    values.extend(volume.clone());
    Some(Wanted { layout, time: time.clone(), values, optional: None })
}

/// Finds the wanted columns among `headers`; a fault for each that is missing or there twice.
pub(super) fn locate(wanted: &Wanted, headers: &[String], faults: &mut Faults) -> Option<Located> {
    let time = find(&wanted.time, headers, faults);
    let mut values = Vec::new();
    let mut names = wanted.values.clone();
    for name in &wanted.values {
        values.extend(find(name, headers, faults));
    }
    if let Some(name) = wanted.optional.as_ref().filter(|&name| headers.contains(name)) {
        values.extend(find(name, headers, faults));
        names.push(name.clone());
    }
    let time = time?;
    (values.len() == names.len()).then_some(Located { time, values, names })
}

fn find(name: &str, headers: &[String], faults: &mut Faults) -> Option<usize> {
    let mut places = headers.iter().enumerate().filter(|(_, header)| *header == name);
    let place = places.next();
    let twice = places.next().is_some();
    match place {
        Some((index, _)) if !twice => Some(index),
        Some(_) => {
            faults.push_with(|origin| {
                HistoryError::new(origin, "the column is there twice", "rename one of the two")
                    .in_field(name)
            });
            None
        }
        None => {
            faults.push_with(|origin| {
                let problem = format!("no such column; the columns are {}", list(headers));
                HistoryError::new(origin, problem, remedy_for(name, headers)).in_field(name)
            });
            None
        }
    }
}

fn list(headers: &[String]) -> String {
    const LISTED_MAX: usize = 30;
    let mut names: Vec<String> = headers.iter().take(LISTED_MAX).map(|h| shown(h)).collect();
    if headers.len() > LISTED_MAX {
        names.push(format!("and {} more", headers.len() - LISTED_MAX));
    }
    names.join(", ")
}

fn remedy_for(name: &str, headers: &[String]) -> String {
    if let [only] = headers {
        let mark = [';', '\t', '|'].into_iter().find(|&mark| only.contains(mark));
        return match mark {
            Some(mark) => format!("the fields seem to be separated by {mark:?}: use commas"),
            None => "if the first line is a notice, remove it: it must name the columns".to_owned(),
        };
    }
    // The nearest is told only if it is near: a name of one letter more, less or other case.
    let distance = |header: &str| {
        let header: String = header.chars().take(64).collect();
        strsim::osa_distance(&header.to_lowercase(), &name.to_lowercase())
    };
    let named = headers.iter().filter(|header| !header.is_empty());
    match named.min_by_key(|header| distance(header)) {
        Some(near) if distance(near) < name.len() => {
            format!("name the column to read; the nearest is {}", shown(near))
        }
        _ => "name the column to read".to_owned(),
    }
}

/// A text from a file, fit for a message: quoted, escaped and not endless.
pub(super) fn shown(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    let mut short: String = text.chars().take(CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}
