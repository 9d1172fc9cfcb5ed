//! One file in, one checked history out.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use parquet::file::reader::ChunkReader;
use sha2::{Digest, Sha256};

use super::bars::{
    Bars, INTERVAL_KEY, LAYOUT_KEY, REPAIRS_KEY, Repairs, SOURCE_KEY, Series, recorded,
};
use super::check::check_values;
use super::csv_form::read_csv;
use super::error::{Faults, HistoryError};
use super::normal_form::read_parquet;
use super::options::LoadOptions;
use super::repair::{Step, check_spacing, interval, order, steps};
use super::table::{Ask, Layout, NO_TIME, Table};

/// Largest file read, bytes.
const FILE_BYTES_MAX: u64 = 1 << 32;

/// Reads bars from a `.csv` or `.parquet` file.
///
/// Checked: times strictly increase by multiples of the interval, without gaps unless
/// `GapRule::Keep`; prices are finite and > 0, low ≤ open, close ≤ high; volumes are ≥ 0.
/// `metadata` carries the file's own key-value pairs, the SHA-256 of the first source, and what
/// was repaired.
///
/// # Errors
/// Every fault found, at most 20 one by one and then their number.
pub fn load_bars(path: impl AsRef<Path>, options: &LoadOptions) -> Result<Bars, Vec<HistoryError>> {
    let mut faults = Faults::new(&path.as_ref().display().to_string());
    let ask = Ask::Bars(options.columns.as_ref());
    let bars = read(path.as_ref(), ask, options, &mut faults)
        .and_then(|table| bars_of(table, options, &mut faults));
    finish(bars, faults)
}

/// Reads a series, such as funding rates, from a `.csv` or `.parquet` file.
///
/// Checked: times strictly increase and are at most `max_gap_ms` apart if that is given; values
/// are finite.
///
/// # Errors
/// As [`load_bars`].
pub fn load_series(
    path: impl AsRef<Path>,
    options: &LoadOptions,
) -> Result<Series, Vec<HistoryError>> {
    let mut faults = Faults::new(&path.as_ref().display().to_string());
    let ask = Ask::Series(&options.series);
    let series = read(path.as_ref(), ask, options, &mut faults)
        .and_then(|table| series_of(table, options, &mut faults));
    finish(series, faults)
}

/// A history is handed over only if nothing at all was wrong.
fn finish<T>(history: Option<T>, faults: Faults) -> Result<T, Vec<HistoryError>> {
    match history {
        Some(history) if faults.is_empty() => Ok(history),
        _ => Err(faults.into_errors()),
    }
}

fn read(path: &Path, ask: Ask<'_>, options: &LoadOptions, faults: &mut Faults) -> Option<Table> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    let is_parquet = match ending.as_deref() {
        Some("parquet") => true,
        Some("csv") => false,
        _ => {
            faults.push("neither .csv nor .parquet", "unpack, convert or rename the file");
            return None;
        }
    };
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    let (about, file) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            faults.push(format!("cannot be opened: {error}"), "check the path");
            return None;
        }
    };
    if !about.is_file() || about.len() > FILE_BYTES_MAX {
        let problem = format!("not a file of at most {FILE_BYTES_MAX} bytes");
        faults.push(problem, "give one file; split a larger one by time");
        return None;
    }
    // Read whole and at once: what is hashed is what is parsed, whoever writes to the file.
    let length = usize::try_from(about.len()).unwrap_or(usize::MAX);
    let bytes = match file.get_bytes(0, length) {
        Ok(bytes) => bytes,
        Err(error) => {
            faults.push(format!("cannot be read: {error}"), "check the file");
            return None;
        }
    };
    let digest = sha256_hex(&bytes);
    let mut table = if is_parquet {
        read_parquet(bytes, ask, options.time_unit, faults)?
    } else {
        read_csv(&bytes, ask, options.time_unit, faults)?
    };
    table.metadata.entry(SOURCE_KEY.to_owned()).or_insert(digest);
    Some(table)
}

/// In lower-case hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // Writing to a String cannot fail.
        hex
    })
}

/// What both kinds of history go through: values, order, and the record of repairs so far.
fn settle(
    table: &Table,
    options: &LoadOptions,
    faults: &mut Faults,
) -> Option<(Vec<usize>, Repairs)> {
    if table.row.is_empty() {
        faults.push("no rows", "give a file with data");
        return None;
    }
    check_values(table, faults);
    let mut repairs = Repairs::default();
    let rows = order(table, options, &mut repairs, faults);
    // A row whose time is unknown would show up as a gap, which it is not.
    (!table.time.contains(&NO_TIME)).then_some((rows, repairs))
}

fn bars_of(mut table: Table, options: &LoadOptions, faults: &mut Faults) -> Option<Bars> {
    let stated = stated_interval(&table.metadata, faults);
    let (rows, mut repairs) = settle(&table, options, faults)?;
    let interval_ms = interval(&table, &rows, options.interval_ms.or(stated), faults)?;
    let steps = steps(&table, &rows, interval_ms, options, &mut repairs, faults);
    let metadata = described(&mut table, repairs, faults)?;
    if !faults.is_empty() {
        return None;
    }
    let close_only = table.layout == Layout::Close;
    let close_at = table.layout.n_prices() - 1;
    let column = |column: usize| filled(&table, &steps, column, close_at);
    let close = column(close_at);
    let [open, high, low] = [0, 1, 2].map(|at| if close_only { close.clone() } else { column(at) });
    let volume = table.values.get(close_at + 1).map(|values| {
        let flat = |step: &Step| std::iter::repeat_n(0.0, step.n_missing);
        steps.iter().flat_map(|step| flat(step).chain([values[step.row]])).collect()
    });
    let open_time = steps
        .iter()
        .flat_map(|step| {
            let time = table.time[step.row];
            (0..=step.n_missing as i64).rev().map(move |back| time - back * interval_ms)
        })
        .collect();
    Some(Bars { interval_ms, open_time, open, high, low, close, volume, close_only, metadata })
}

/// A price column in order, gaps filled with the close before them.
fn filled(table: &Table, steps: &[Step], column: usize, close_at: usize) -> Vec<f64> {
    let mut prices = Vec::with_capacity(steps.iter().map(|s| s.n_missing + 1).sum());
    let mut last_close = f64::NAN; // Nothing is ever missing before the first row.
    for step in steps {
        prices.extend(std::iter::repeat_n(last_close, step.n_missing));
        prices.push(table.values[column][step.row]);
        last_close = table.values[close_at][step.row];
    }
    prices
}

fn series_of(mut table: Table, options: &LoadOptions, faults: &mut Faults) -> Option<Series> {
    let (rows, repairs) = settle(&table, options, faults)?;
    check_spacing(&table, &rows, options.max_gap_ms, faults);
    let metadata = described(&mut table, repairs, faults)?;
    Some(Series {
        time: rows.iter().map(|&row| table.time[row]).collect(),
        value: rows.iter().map(|&row| table.values[0][row]).collect(),
        metadata,
    })
}

fn stated_interval(metadata: &BTreeMap<String, String>, faults: &mut Faults) -> Option<i64> {
    let text = metadata.get(INTERVAL_KEY)?;
    let stated = text.parse().ok();
    if stated.is_none() {
        let problem = format!("metadata {INTERVAL_KEY} is no number of ms");
        faults.push(problem, "write the file anew");
    }
    stated
}

/// The metadata handed over: layout and interval are fields already; repairs add up.
fn described(
    table: &mut Table,
    repairs: Repairs,
    faults: &mut Faults,
) -> Option<BTreeMap<String, String>> {
    let mut metadata = std::mem::take(&mut table.metadata);
    metadata.remove(LAYOUT_KEY);
    metadata.remove(INTERVAL_KEY);
    let Some(sum) = recorded(&metadata).and_then(|earlier| earlier.plus(repairs)) else {
        faults.push(format!("metadata {REPAIRS_KEY} is not readable"), "write the file anew");
        return None;
    };
    metadata.insert(REPAIRS_KEY.to_owned(), sum.to_string());
    Some(metadata)
}
