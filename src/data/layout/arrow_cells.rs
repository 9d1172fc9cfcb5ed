//! Cells of Arrow columns as times and numbers.

use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{Array, ArrowPrimitiveType, PrimitiveArray};
use arrow_schema::{DataType, Field as ArrowField, TimeUnit as ArrowUnit};

use super::choose::Field;
use super::filler::{Filler, of_unit};
use super::stamps::Stamp;
use crate::data::raw::Written;
use crate::prices::history::TimeUnit;

/// What a column can be.
pub(super) fn field_of(field: &ArrowField) -> Field {
    use DataType::*;
    let data_type = field.data_type();
    let is_time = matches!(
        data_type,
        Timestamp(..) | Date32 | Date64 | Int64 | UInt64 | Int32 | UInt32 | Utf8 | LargeUtf8
    );
    let is_number = matches!(
        data_type,
        Float64 | Float32 | Int64 | Int32 | Int16 | Int8 | UInt64 | UInt32 | UInt16 | UInt8
    );
    Field { name: field.name().clone(), is_time, is_number, of_type: data_type.to_string() }
}

/// Whether the column is a timestamp that names no zone.
pub(super) fn is_naive(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Timestamp(_, None))
}

/// Appends all cells of a column that [`field_of`] calls a time.
pub(super) fn append_times(
    filler: &mut Filler<'_>,
    name: &str,
    column: &dyn Array,
    unit: TimeUnit,
) {
    use DataType::*;
    let by_size = |number: i64| Stamp::of_number(number, unit);
    match column.data_type() {
        Timestamp(ArrowUnit::Second, _) => {
            whole::<TimestampSecondType>(filler, name, column, |n| of_unit(n, Written::Seconds));
        }
        Timestamp(ArrowUnit::Millisecond, _) => {
            whole::<TimestampMillisecondType>(filler, name, column, |n| {
                of_unit(n, Written::Millis)
            });
        }
        Timestamp(ArrowUnit::Microsecond, _) => {
            whole::<TimestampMicrosecondType>(filler, name, column, |n| {
                of_unit(n, Written::Micros)
            });
        }
        Timestamp(ArrowUnit::Nanosecond, _) => {
            whole::<TimestampNanosecondType>(filler, name, column, |n| of_unit(n, Written::Nanos));
        }
        Date32 => whole::<Date32Type>(filler, name, column, |n| of_unit(n.into(), Written::Days)),
        Date64 => whole::<Date64Type>(filler, name, column, |n| of_unit(n, Written::Millis)),
        Int64 => whole::<Int64Type>(filler, name, column, by_size),
        Int32 => whole::<Int32Type>(filler, name, column, |n| by_size(n.into())),
        UInt32 => whole::<UInt32Type>(filler, name, column, |n| by_size(n.into())),
        UInt64 => whole::<UInt64Type>(filler, name, column, |n| {
            i64::try_from(n).map_or(Stamp::UNREADABLE, by_size)
        }),
        LargeUtf8 => texts(filler, name, column.as_string::<i64>().iter(), unit),
        _ => texts(filler, name, column.as_string::<i32>().iter(), unit),
    }
}

fn whole<T: ArrowPrimitiveType>(
    filler: &mut Filler<'_>,
    name: &str,
    column: &dyn Array,
    read: impl Fn(T::Native) -> Stamp,
) where
    T::Native: std::fmt::Display,
{
    let column: &PrimitiveArray<T> = column.as_primitive();
    for cell in column {
        match cell {
            Some(cell) => filler.time(name, Some(read(cell)), cell),
            None => filler.time(name, None, ""),
        }
    }
}

fn texts<'a>(
    filler: &mut Filler<'_>,
    name: &str,
    cells: impl Iterator<Item = Option<&'a str>>,
    unit: TimeUnit,
) {
    for cell in cells {
        let cell = cell.filter(|text| !text.is_empty());
        filler.time(name, cell.map(|text| Stamp::read(text.as_bytes(), unit)), cell.unwrap_or(""));
    }
}

/// Calls `each` with all cells of a column that [`field_of`] calls a number, and with none of
/// another.
pub(super) fn each_number(column: &dyn Array, each: &mut dyn FnMut(Option<f64>)) {
    use DataType::*;
    match column.data_type() {
        Float64 => numbers::<Float64Type>(column, each, |v| v),
        Float32 => numbers::<Float32Type>(column, each, f64::from),
        Int64 => numbers::<Int64Type>(column, each, |v| v as f64),
        Int32 => numbers::<Int32Type>(column, each, f64::from),
        Int16 => numbers::<Int16Type>(column, each, f64::from),
        Int8 => numbers::<Int8Type>(column, each, f64::from),
        UInt64 => numbers::<UInt64Type>(column, each, |v| v as f64),
        UInt32 => numbers::<UInt32Type>(column, each, f64::from),
        UInt16 => numbers::<UInt16Type>(column, each, f64::from),
        UInt8 => numbers::<UInt8Type>(column, each, f64::from),
        _ => {}
    }
}

fn numbers<T: ArrowPrimitiveType>(
    column: &dyn Array,
    each: &mut dyn FnMut(Option<f64>),
    convert: impl Fn(T::Native) -> f64,
) {
    let column: &PrimitiveArray<T> = column.as_primitive();
    for cell in column {
        each(cell.map(&convert));
    }
}
