//! CSV with a header line. Fields are separated by commas, blanks around them do not count, lines
//! that are empty are passed over, prices are written with a point.

use csv::{ByteRecord, ReaderBuilder, Trim};

use super::error::{Faults, HistoryError};
use super::options::TimeUnit;
use super::table::{Ask, Located, ROWS_MAX, Table, locate, shown};
use super::times::{Stamp, read_stamp, settle};

/// Reads the columns asked for; faults are added to `faults`. `None` if there is no table at all.
pub(super) fn read_csv(
    bytes: &[u8],
    ask: Ask<'_>,
    unit: TimeUnit,
    faults: &mut Faults,
) -> Option<Table> {
    let mut reader = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(bytes);
    let header = match reader.byte_headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            faults.push(format!("not readable as CSV: {error}"), "write plain CSV");
            return None;
        }
    };
    if header.iter().all(<[u8]>::is_empty) {
        faults.push("the file is empty", "give a header line and one line a bar");
        return None;
    }
    let headers: Vec<String> =
        header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let metadata = Default::default();
    let wanted = ask.wanted(&metadata, faults)?;
    let located = locate(&wanted, &headers, faults)?;

    let mut table = Table {
        layout: wanted.layout,
        row: Vec::new(),
        time: Vec::new(),
        time_name: wanted.time,
        values: vec![Vec::new(); located.values.len()],
        names: located.names.clone(),
        told: Vec::new(),
        metadata,
    };
    let mut stamps = Vec::new();
    let mut lines = Lines::default();
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                faults.push(format!("not readable as CSV: {error}"), "write plain CSV");
                return None;
            }
        }
        if table.row.len() == ROWS_MAX {
            faults.push(format!("more than {ROWS_MAX} rows"), "split the file by time");
            return None;
        }
        let start = record.position().map_or(0, csv::Position::byte);
        table.row.push(lines.line_of(bytes, start));
        stamps.push(read_row(&record, headers.len(), &located, &mut table, faults));
    }
    table.time = settle(&stamps, &table.row, &table.time_name, unit, faults);
    Some(table)
}

/// Adds one record's values to the table, and returns its time.
fn read_row(
    record: &ByteRecord,
    n_fields: usize,
    located: &Located,
    table: &mut Table,
    faults: &mut Faults,
) -> Stamp {
    let row = table.row.last().copied().unwrap_or_default();
    if record.len() != n_fields {
        let problem = format!("{} fields where the header has {n_fields}", record.len());
        faults.push_with(|origin| {
            HistoryError::new(origin, problem, "give each line one field a column").at(row)
        });
        table.values.iter_mut().for_each(|column| column.push(f64::NAN));
        table.told.push(true);
        return Stamp::Bad;
    }
    let mut told = false;
    for (column, (&at, name)) in located.values.iter().zip(&located.names).enumerate() {
        let text = String::from_utf8_lossy(&record[at]);
        let value = text.parse::<f64>().ok();
        if value.is_none() {
            told = true;
            let problem = if text.is_empty() { "empty" } else { "not a number" };
            let remedy = "write a number with a decimal point, or leave the row out";
            faults.push_at(row, name, shown(&text), problem, remedy);
        }
        table.values[column].push(value.unwrap_or(f64::NAN));
    }
    table.told.push(told);
    let text = String::from_utf8_lossy(&record[located.time]);
    read_stamp(&text).unwrap_or_else(|(problem, remedy)| {
        faults.push_at(row, &table.time_name, shown(&text), problem, remedy);
        Stamp::Bad
    })
}

/// Counts lines along the file. The csv reader's own count stands where it began to look for a
/// record, which is before the empty lines it passes over.
#[derive(Debug, Default)]
struct Lines {
    byte: usize,
    newlines: u64,
}

impl Lines {
    /// Line of the record that begins at or after `start`; calls must not go backwards.
    fn line_of(&mut self, bytes: &[u8], start: u64) -> u64 {
        let start = usize::try_from(start).unwrap_or(bytes.len()).clamp(self.byte, bytes.len());
        let blank = bytes[start..].iter().take_while(|&&b| b == b'\n' || b == b'\r').count();
        let passed = bytes[self.byte..start + blank].iter().filter(|&&b| b == b'\n').count();
        self.newlines += passed as u64;
        self.byte = start + blank;
        self.newlines + 1
    }
}
