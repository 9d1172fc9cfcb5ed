//! The normal form: one asset's history in one Parquet file.
//!
//! | layout   | columns                                               |
//! |----------|-------------------------------------------------------|
//! | `bars`   | `time`, `open`, `high`, `low`, `close`, may be `volume` |
//! | `close`  | `time`, `close`, may be `volume`                      |
//! | `series` | `time`, `rate`                                        |
//! | `events` | `time`, any others                                    |
//! | `table`  | any, without time                                     |
//!
//! `time` is INT64, UTC milliseconds since the epoch (typed as such a timestamp), the other
//! columns are DOUBLE, none has nulls, rows are oldest first, compression is zstd. Key-value
//! metadata: `drypowder.layout`, `drypowder.interval_ms` (bars only), `drypowder.source_sha256` (of
//! the file first read), `drypowder.repairs` (`rows_sorted=0 duplicates_dropped=0 gaps_filled=0
//! bars_filled=0`, and other counts where they are not zero), and any others. The same history
//! gives the same bytes. Numbers come back bit for bit.
//!
//! `events` and `table` hold what is no history of prices: liquidations, trades, parameters. Their
//! columns keep the names of the file and are DOUBLE or UTF8 text, null where a cell was blank.
//! Events are oldest first, several may share a time; a table keeps the order of the file.
//!
//! The reader takes Parquet from others too: columns of any order and of names the caller gives,
//! times as INT64 (ms, µs or ns by type, else by the caller's unit) or as days, naive ones as
//! UTC; numbers as DOUBLE, FLOAT, INT32 or INT64; compressed by zstd, snappy or not at all. Nulls
//! are faults.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use parquet::errors::Result as ParquetResult;
use parquet::file::reader::{ChunkReader, FileReader};
use parquet::file::serialized_reader::SerializedFileReader;

pub(crate) use super::bars::LAYOUT_KEY;
use super::bars::{Bars, INTERVAL_KEY, Series};
use super::error::{Faults, HistoryError};
use super::options::TimeUnit;
use super::parquet_columns::{TimeKind, check_number, read_numbers, read_whole, time_kind};
use super::parquet_writer::{Values, write_columns};
use super::table::{Ask, Layout, Located, NO_TIME, ROWS_MAX, Table, Wanted, locate};
use super::times::{Stamp, settle, to_millis};

/// Name of the column of times.
pub(crate) const TIME: &str = "time";

/// Writes bars in normal form; an existing file is replaced once the new one is whole.
///
/// # Errors
/// If the file cannot be written.
///
/// # Panics
/// If the vectors of `bars` differ in length.
pub fn write_bars(path: impl AsRef<Path>, bars: &Bars) -> Result<(), Vec<HistoryError>> {
    let Bars { open_time, open, high, low, close, volume, .. } = bars;
    let mut columns: Vec<(&str, &[f64])> = if bars.close_only {
        vec![("close", close)]
    } else {
        vec![("open", open), ("high", high), ("low", low), ("close", close)]
    };
    columns.extend(volume.as_ref().map(|volume| ("volume", volume.as_slice())));
    let layout = if bars.close_only { Layout::Close } else { Layout::Bars };
    let mut metadata = bars.metadata.clone();
    metadata.insert(LAYOUT_KEY.to_owned(), layout.name().to_owned());
    metadata.insert(INTERVAL_KEY.to_owned(), bars.interval_ms.to_string());
    write_history(path.as_ref(), open_time, &columns, metadata)
}

/// Writes a series in normal form, its value as `rate`.
///
/// # Errors
/// As [`write_bars`].
///
/// # Panics
/// If the vectors of `series` differ in length.
pub fn write_series(path: impl AsRef<Path>, series: &Series) -> Result<(), Vec<HistoryError>> {
    let mut metadata = series.metadata.clone();
    metadata.insert(LAYOUT_KEY.to_owned(), Layout::Series.name().to_owned());
    write_history(path.as_ref(), &series.time, &[("rate", &series.value)], metadata)
}

/// Times and columns without nulls.
fn write_history(
    path: &Path,
    time: &[i64],
    columns: &[(&str, &[f64])],
    metadata: BTreeMap<String, String>,
) -> Result<(), Vec<HistoryError>> {
    let times = std::iter::once((TIME, Values::Time(time)));
    let numbers = columns.iter().map(|(name, values)| (*name, Values::Number(values)));
    let columns: Vec<_> = times.chain(numbers).collect();
    write_columns(path, &columns, metadata)
}

/// Reads the columns asked for from Parquet; faults are added to `faults`.
pub(super) fn read_parquet<R: ChunkReader + 'static>(
    bytes: R,
    ask: Ask<'_>,
    unit: TimeUnit,
    faults: &mut Faults,
) -> Option<Table> {
    // The parquet crate checks much but not all of what a file claims: with single bytes changed,
    // its assertions on column offsets, encodings and bit widths have been seen to panic. That is
    // a fault of the file, so it becomes a message (the panic's own line still goes to stderr: a
    // library does not touch the hook). What survives a panic is only the list of faults, whole.
    let outcome = catch_unwind(AssertUnwindSafe(|| read_table(bytes, ask, unit, &mut *faults)));
    let problem = match outcome {
        Ok(Ok(table)) => return table,
        Ok(Err(error)) => format!("not readable as Parquet: {error}"),
        Err(_) => "not readable as Parquet: the bytes are damaged".to_owned(),
    };
    faults.push(problem, "fetch or write the file anew, compressed by zstd, snappy or not at all");
    None
}

fn read_table<R: ChunkReader + 'static>(
    bytes: R,
    ask: Ask<'_>,
    unit: TimeUnit,
    faults: &mut Faults,
) -> ParquetResult<Option<Table>> {
    let file = SerializedFileReader::new(bytes)?;
    let metadata = key_values(&file);
    let Some(n_rows) = checked_rows(&file, faults) else { return Ok(None) };
    let Some(wanted) = ask.wanted(&metadata, faults) else { return Ok(None) };
    let Some(located) = find_columns(&file, &wanted, faults) else { return Ok(None) };

    let row: Vec<u64> = (1..=n_rows).collect();
    let time = read_times(&file, &located, &wanted.time, &row, unit, faults)?;
    let mut told = vec![false; row.len()];
    let mut values = Vec::new();
    for (&column, name) in located.values.iter().zip(&located.names) {
        let cells = read_numbers(&file, column)?;
        for ((cell, &row), told) in cells.iter().zip(&row).zip(&mut told) {
            if cell.is_none() {
                *told = true;
                tell_null(row, name, faults);
            }
        }
        values.push(cells.into_iter().map(|cell| cell.unwrap_or(f64::NAN)).collect());
    }
    let (layout, names, time_name) = (wanted.layout, located.names, wanted.time);
    Ok(Some(Table { layout, row, time, time_name, values, names, told, metadata }))
}

/// The file's key-value pairs, without the schemas that Arrow and pandas add for themselves: they
/// describe that very file and would mislead in another.
pub(crate) fn key_values(file: &dyn FileReader) -> BTreeMap<String, String> {
    let pairs = file.metadata().file_metadata().key_value_metadata();
    let pairs = pairs.into_iter().flatten();
    pairs
        .filter(|pair| !matches!(pair.key.as_str(), "ARROW:schema" | "pandas"))
        .filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?)))
        .collect()
}

/// Number of rows, if the row groups agree with it and it is not beyond measure.
pub(crate) fn checked_rows(file: &dyn FileReader, faults: &mut Faults) -> Option<u64> {
    let claimed = file.metadata().file_metadata().num_rows();
    let mut counted = Some(0_u64);
    for group in file.metadata().row_groups() {
        let rows = u64::try_from(group.num_rows()).ok();
        counted = counted.zip(rows).and_then(|(sum, rows)| sum.checked_add(rows));
    }
    match counted {
        Some(rows) if u64::try_from(claimed) != Ok(rows) => {
            faults.push("its row groups do not add up to its rows", "write the file anew");
            None
        }
        Some(rows) if rows <= ROWS_MAX as u64 => Some(rows),
        _ => {
            faults.push(format!("more than {ROWS_MAX} rows"), "split the file by time");
            None
        }
    }
}

/// Where the wanted columns are; each that is nested or of a wrong type is a fault.
fn find_columns(file: &dyn FileReader, wanted: &Wanted, faults: &mut Faults) -> Option<Located> {
    let schema = file.metadata().file_metadata().schema_descr();
    let headers: Vec<String> =
        schema.columns().iter().map(|column| column.path().string()).collect();
    let located = locate(wanted, &headers, faults)?;
    let mut refuse = |name: &str, problem: String| {
        faults.push_with(|origin| {
            let remedy = "write times as INT64 timestamps and numbers as DOUBLE";
            HistoryError::new(origin, problem, remedy).in_field(name)
        });
    };
    let mut sound = true;
    let columns = std::iter::once((located.time, &wanted.time));
    let columns = columns.chain(located.values.iter().copied().zip(&located.names));
    for (place, (at, name)) in columns.enumerate() {
        let column = schema.column(at);
        let nested = column.max_rep_level() > 0 || column.path().parts().len() != 1;
        let fit = match (nested, place) {
            (true, _) => Err("a nested column".to_owned()),
            (false, 0) => time_kind(&column).map(|_| ()),
            (false, _) => check_number(&column),
        };
        if let Err(problem) = fit {
            sound = false;
            refuse(name, problem);
        }
    }
    sound.then_some(located)
}

fn read_times(
    file: &dyn FileReader,
    located: &Located,
    name: &str,
    rows: &[u64],
    unit: TimeUnit,
    faults: &mut Faults,
) -> ParquetResult<Vec<i64>> {
    let cells = read_whole(file, located.time)?;
    for (_, &row) in cells.iter().zip(rows).filter(|(cell, _)| cell.is_none()) {
        tell_null(row, name, faults);
    }
    let column = file.metadata().file_metadata().schema_descr().column(located.time);
    let Ok(TimeKind::Known(written)) = time_kind(&column) else {
        let stamp = |cell: &Option<i64>| cell.map_or(Stamp::Bad, Stamp::Number);
        let stamps: Vec<Stamp> = cells.iter().map(stamp).collect();
        return Ok(settle(&stamps, rows, name, unit, faults));
    };
    let mut times = Vec::with_capacity(cells.len());
    for (cell, &row) in cells.iter().zip(rows) {
        let time = cell.map(|number| (number, to_millis(number, written)));
        if let Some((number, Err((problem, remedy)))) = time {
            faults.push_at(row, name, number, problem, remedy);
        }
        times.push(time.and_then(|(_, ms)| ms.ok()).unwrap_or(NO_TIME));
    }
    Ok(times)
}

fn tell_null(row: u64, name: &str, faults: &mut Faults) {
    faults.push_at(row, name, "null", "no value", "give the value, or leave the row out");
}
