//! Cells of Parquet columns as times and numbers.

use parquet::basic::{LogicalType, Type};
use parquet::data_type::{ByteArrayType, Int96, Int96Type};
use parquet::errors::Result;
use parquet::file::reader::FileReader;
use parquet::schema::types::ColumnDescriptor;

use super::choose::Field;
use super::filler::{Filler, of_unit};
use super::stamps::Stamp;
use crate::data::raw::Written;
use crate::prices::history::parquet_columns::{
    TimeKind, check_number, read_column, read_numbers, read_whole, time_kind,
};
use crate::prices::history::{TimeUnit, TimeWritten};

/// What a column can be.
pub(super) fn field_of(column: &ColumnDescriptor) -> Field {
    let flat = column.max_rep_level() == 0 && column.path().parts().len() == 1;
    let is_number = flat && check_number(column).is_ok();
    let is_time = flat && (time_kind(column).is_ok() || is_text(column) || is_int96(column));
    let of_type = match column.logical_type_ref() {
        _ if !flat => "nested".to_owned(),
        Some(logical) => format!("{} {logical:?}", column.physical_type()),
        None => column.physical_type().to_string(),
    };
    Field { name: column.path().string(), is_time, is_number, of_type }
}

fn is_text(column: &ColumnDescriptor) -> bool {
    column.physical_type() == Type::BYTE_ARRAY
        && matches!(column.logical_type_ref(), None | Some(LogicalType::String))
}

fn is_int96(column: &ColumnDescriptor) -> bool {
    column.physical_type() == Type::INT96
}

/// Whether the column is a timestamp that names no zone.
pub(super) fn is_naive(column: &ColumnDescriptor) -> bool {
    match column.logical_type_ref() {
        Some(LogicalType::Timestamp(stamp)) => !stamp.is_adjusted_to_u_t_c,
        _ => is_int96(column),
    }
}

/// Appends all cells of a column that [`field_of`] calls a time.
pub(super) fn append_times(
    filler: &mut Filler<'_>,
    file: &dyn FileReader,
    at: usize,
    unit: TimeUnit,
) -> Result<()> {
    let column = file.metadata().file_metadata().schema_descr().column(at);
    let name = column.path().string();
    if is_int96(&column) {
        for cell in read_column::<Int96Type, _>(file, at, |cell| of_int96(&cell))? {
            filler.time(&name, cell, "an INT96");
        }
        return Ok(());
    }
    if is_text(&column) {
        // Only texts that are no time are kept, cut short.
        let read = |text: &[u8]| match Stamp::read(text, unit) {
            Stamp::UNREADABLE => {
                let shown = String::from_utf8_lossy(&text[..text.len().min(240)]).into_owned();
                (Stamp::UNREADABLE, shown)
            }
            stamp => (stamp, String::new()),
        };
        for cell in read_column::<ByteArrayType, _>(file, at, |cell| read(cell.data()))? {
            let (stamp, shown) = cell.unzip();
            filler.time(&name, stamp, shown.unwrap_or_default());
        }
        return Ok(());
    }
    let written = match time_kind(&column) {
        Ok(TimeKind::Known(written)) => Some(written_of(written)),
        _ => None,
    };
    for cell in read_whole(file, at)? {
        let stamp = cell.map(|number| match written {
            Some(written) => of_unit(number, written),
            None => Stamp::of_number(number, unit),
        });
        filler.time(&name, stamp, cell.unwrap_or_default());
    }
    Ok(())
}

/// Nanoseconds of a day, and the day by Julian count, as Impala and Spark wrote them.
fn of_int96(cell: &Int96) -> Stamp {
    const EPOCH: i64 = 2_440_588;
    let [low, high, day] = [cell.data()[0], cell.data()[1], cell.data()[2]].map(i64::from);
    let nanos = (high << 32) | low;
    let ms = (day - EPOCH) * 86_400_000 + nanos.div_euclid(1_000_000);
    let stamp = of_unit(ms, Written::Millis);
    let read = stamp.written == Written::Millis;
    if read {
        Stamp { written: Written::Nanos, finer: nanos % 1_000_000 != 0, ..stamp }
    } else {
        stamp
    }
}

fn written_of(written: TimeWritten) -> Written {
    match written {
        TimeWritten::Seconds => Written::Seconds,
        TimeWritten::Millis => Written::Millis,
        TimeWritten::Micros => Written::Micros,
        TimeWritten::Nanos => Written::Nanos,
        TimeWritten::Days => Written::Days,
        TimeWritten::Iso => Written::IsoNaive,
    }
}

/// Calls `each` with all cells of a column that [`field_of`] calls a number.
pub(super) fn each_number(
    file: &dyn FileReader,
    at: usize,
    each: &mut dyn FnMut(Option<f64>),
) -> Result<()> {
    read_numbers(file, at)?.into_iter().for_each(each);
    Ok(())
}
