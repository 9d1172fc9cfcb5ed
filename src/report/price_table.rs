//! The price paths as a table: `path,step,time,<ASSET>…`, one row per tick.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::OnceLock;

use parquet::basic::{LogicalType, Repetition, TimeUnit};
use parquet::data_type::{DoubleType, Int64Type};
use parquet::file::writer::SerializedFileWriter;

use super::number::write_number;
use super::rows_csv::push_name;
use super::rows_parquet::{file_writer, number_field, whole_field, write_column};
use crate::prices::PricePath;
use crate::scenario::TableFormat;
use crate::units::time::to_iso;

/// A table of price paths: `encode` runs on any thread, `write` takes what it made in order.
pub struct PriceTable {
    format: TableFormat,
    /// Ticks of all paths are the same: their instants are turned into text once.
    times: OnceLock<Vec<String>>,
}

/// One path, ready to be written.
pub enum EncodedPath {
    /// Lines of text.
    Lines(Vec<u8>),
    /// Columns: path, step and time, then one of marks per asset.
    Columns([Vec<i64>; 3], Vec<Vec<f64>>),
}

/// Where encoded paths go.
pub enum PriceFile {
    /// Comma-separated.
    Csv(BufWriter<File>),
    /// Parquet.
    Parquet(SerializedFileWriter<File>),
}

/// A table of that format, and its file with the header written.
pub fn price_table(
    out: &Path,
    format: TableFormat,
    assets: &[String],
) -> io::Result<(PriceTable, PriceFile)> {
    let file = File::create(out)?;
    let table = PriceTable { format, times: OnceLock::new() };
    let file = match format {
        TableFormat::Csv => PriceFile::Csv(csv_file(file, assets)?),
        TableFormat::Parquet => PriceFile::Parquet(parquet_file(file, assets)?),
    };
    Ok((table, file))
}

fn csv_file(file: File, assets: &[String]) -> io::Result<BufWriter<File>> {
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let mut header = b"path,step,time".to_vec();
    for asset in assets {
        header.push(b',');
        push_name(&mut header, asset);
    }
    header.push(b'\n');
    out.write_all(&header)?;
    Ok(out)
}

fn parquet_file(file: File, assets: &[String]) -> io::Result<SerializedFileWriter<File>> {
    let instant = LogicalType::timestamp(true, TimeUnit::MILLIS);
    let mut fields = vec![
        whole_field("path", None)?,
        whole_field("step", None)?,
        whole_field("time", Some(instant))?,
    ];
    for asset in assets {
        fields.push(number_field(asset, Repetition::REQUIRED)?);
    }
    Ok(file_writer(file, fields)?)
}

impl PriceTable {
    /// Reads one path that has begun.
    pub fn encode(&self, number: u64, path: &mut dyn PricePath) -> EncodedPath {
        match self.format {
            TableFormat::Csv => self.lines(number, path),
            TableFormat::Parquet => columns(number, path),
        }
    }

    fn lines(&self, number: u64, path: &mut dyn PricePath) -> EncodedPath {
        let ticks = path.ticks();
        let times =
            self.times.get_or_init(|| (0..ticks).map(|tick| to_iso(path.tick_ms(tick))).collect());
        let mut marks = vec![0.0; path.assets()];
        let mut lasts = marks.clone();
        let mut lines = Vec::with_capacity(ticks * (32 + 20 * marks.len()));
        let mut push = |lines: &mut Vec<u8>| -> io::Result<()> {
            for (tick, time) in times.iter().enumerate() {
                path.load(tick, &mut marks, &mut lasts);
                write!(lines, "{number},{tick},")?;
                lines.extend_from_slice(time.as_bytes());
                for &mark in &marks {
                    lines.push(b',');
                    write_number(lines, mark)?;
                }
                lines.push(b'\n');
            }
            Ok(())
        };
        push(&mut lines).expect("writing to memory does not fail");
        EncodedPath::Lines(lines)
    }
}

fn columns(number: u64, path: &mut dyn PricePath) -> EncodedPath {
    let ticks = path.ticks();
    let mut marks = vec![0.0; path.assets()];
    let mut lasts = marks.clone();
    let mut prices = vec![Vec::with_capacity(ticks); marks.len()];
    for tick in 0..ticks {
        path.load(tick, &mut marks, &mut lasts);
        for (column, &mark) in prices.iter_mut().zip(&marks) {
            column.push(mark);
        }
    }
    let head = [
        vec![number as i64; ticks],
        (0..ticks as i64).collect(),
        (0..ticks).map(|tick| path.tick_ms(tick)).collect(),
    ];
    EncodedPath::Columns(head, prices)
}

impl PriceFile {
    /// Writes the next path.
    pub fn write(&mut self, path: EncodedPath) -> io::Result<()> {
        match (self, path) {
            (Self::Csv(out), EncodedPath::Lines(lines)) => out.write_all(&lines),
            (Self::Parquet(writer), EncodedPath::Columns(head, prices)) => {
                let mut group = writer.next_row_group()?;
                for column in &head {
                    write_column::<_, Int64Type>(&mut group, column, None)?;
                }
                for column in &prices {
                    write_column::<_, DoubleType>(&mut group, column, None)?;
                }
                group.close()?;
                Ok(())
            }
            _ => Err(io::Error::other("the path was encoded for another format")),
        }
    }

    /// Ends the file.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut out) => out.flush(),
            Self::Parquet(writer) => Ok(writer.close().map(drop)?),
        }
    }
}
