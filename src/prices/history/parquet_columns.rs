//! Reads single columns out of a Parquet file without trusting what the file says of itself.

use parquet::basic::{ConvertedType, Encoding, LogicalType, TimeUnit as ParquetUnit, Type};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{DataType, DoubleType, FloatType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::FileReader;
use parquet::schema::types::ColumnDescriptor;

use super::times::Written;

/// What a column of whole numbers holds, if it can be a time.
pub(crate) enum TimeKind {
    /// The column's type says the unit.
    Known(Written),
    /// Plain INT64: the unit is the caller's to say.
    Plain,
}

/// The time unit of a column, or why it cannot be one.
pub(crate) fn time_kind(column: &ColumnDescriptor) -> std::result::Result<TimeKind, String> {
    use TimeKind::{Known, Plain};
    let logical = column.logical_type_ref();
    match (column.physical_type(), logical, column.converted_type()) {
        (Type::INT64, Some(LogicalType::Timestamp(stamp)), _) => match stamp.unit {
            ParquetUnit::MILLIS => Ok(Known(Written::Millis)),
            ParquetUnit::MICROS => Ok(Known(Written::Micros)),
            ParquetUnit::NANOS => Ok(Known(Written::Nanos)),
        },
        (Type::INT64, None, ConvertedType::TIMESTAMP_MILLIS) => Ok(Known(Written::Millis)),
        (Type::INT64, None, ConvertedType::TIMESTAMP_MICROS) => Ok(Known(Written::Micros)),
        (Type::INT32, Some(LogicalType::Date), _) | (Type::INT32, None, ConvertedType::DATE) => {
            Ok(Known(Written::Days))
        }
        (Type::INT64, Some(LogicalType::Integer(_)), _)
        | (
            Type::INT64,
            None,
            ConvertedType::NONE | ConvertedType::INT_64 | ConvertedType::UINT_64,
        ) => Ok(Plain),
        _ => Err(format!("{} is no time", describe(column))),
    }
}

/// Whether the column can hold prices or rates; else why not.
pub(crate) fn check_number(column: &ColumnDescriptor) -> std::result::Result<(), String> {
    let whole = matches!(
        column.converted_type(),
        ConvertedType::NONE
            | ConvertedType::INT_8
            | ConvertedType::INT_16
            | ConvertedType::INT_32
            | ConvertedType::INT_64
    );
    match column.physical_type() {
        Type::DOUBLE | Type::FLOAT => Ok(()),
        Type::INT32 | Type::INT64
            if whole
                && matches!(column.logical_type_ref(), None | Some(LogicalType::Integer(_))) =>
        {
            Ok(())
        }
        _ => Err(format!("{} is no price or rate", describe(column))),
    }
}

fn describe(column: &ColumnDescriptor) -> String {
    match column.logical_type_ref() {
        Some(logical) => format!("a {} column ({logical:?})", column.physical_type()),
        None => format!("a {} column", column.physical_type()),
    }
}

/// A whole column of INT64 or INT32, `None` where it is null.
pub(crate) fn read_whole(file: &dyn FileReader, column: usize) -> Result<Vec<Option<i64>>> {
    match file.metadata().file_metadata().schema_descr().column(column).physical_type() {
        Type::INT64 => read_column::<Int64Type, _>(file, column, |v| v),
        Type::INT32 => read_column::<Int32Type, _>(file, column, i64::from),
        other => Err(ParquetError::General(format!("{other} is no whole number"))),
    }
}

/// A whole column as numbers, `None` where it is null. FLOAT becomes the same DOUBLE; INT64 the
/// nearest.
pub(crate) fn read_numbers(file: &dyn FileReader, column: usize) -> Result<Vec<Option<f64>>> {
    match file.metadata().file_metadata().schema_descr().column(column).physical_type() {
        Type::DOUBLE => read_column::<DoubleType, _>(file, column, |v| v),
        Type::FLOAT => read_column::<FloatType, _>(file, column, f64::from),
        Type::INT32 => read_column::<Int32Type, _>(file, column, f64::from),
        Type::INT64 => read_column::<Int64Type, _>(file, column, |v| v as f64),
        other => Err(ParquetError::General(format!("{other} is no number"))),
    }
}

/// A whole column of the physical type `T`, `None` where it is null.
pub(crate) fn read_column<T: DataType, U>(
    file: &dyn FileReader,
    column: usize,
    convert: impl Fn(T::T) -> U,
) -> Result<Vec<Option<U>>> {
    const BATCH: usize = 1 << 16;
    let descriptor = file.metadata().file_metadata().schema_descr().column(column);
    let level_max = descriptor.max_def_level();
    let mut cells = Vec::new();
    for group in 0..file.num_row_groups() {
        let group = file.get_row_group(group)?;
        let n_rows = usize::try_from(group.metadata().num_rows())?;
        let pages = BoundedPages {
            pages: group.get_column_page_reader(column)?,
            // A text takes four bytes for its length, however short it is.
            value_bytes: if T::get_physical_type() == Type::BYTE_ARRAY {
                4
            } else {
                size_of::<T::T>()
            },
        };
        let mut reader = ColumnReaderImpl::<T>::new(descriptor.clone(), Box::new(pages));
        let before = cells.len();
        loop {
            // One row more than there should be, so that surplus rows are noticed.
            let room = (n_rows + 1).saturating_sub(cells.len() - before);
            let (mut levels, mut values) = (Vec::new(), Vec::new());
            let (n, ..) =
                reader.read_records(BATCH.min(room), Some(&mut levels), None, &mut values)?;
            if n == 0 {
                break;
            }
            let mut values = values.into_iter().map(|v| Some(convert(v)));
            if level_max == 0 {
                cells.extend(values);
            } else {
                let there = levels.iter().map(|&level| level == level_max);
                cells.extend(there.map(|there| if there { values.next()? } else { None }));
            }
        }
        let n_read = cells.len() - before;
        if n_read != n_rows {
            let problem = format!("{n_read} values in a row group of {n_rows} rows");
            return Err(ParquetError::General(problem));
        }
    }
    Ok(cells)
}

/// Passes pages on, but no dictionary that claims more values than its bytes can hold: the crate
/// makes room for as many as are claimed, which in a damaged file can be four thousand million.
/// And no texts that share their beginnings: a few bytes can make them as long as it pleases.
struct BoundedPages {
    pages: Box<dyn PageReader>,
    value_bytes: usize,
}

impl PageReader for BoundedPages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        if let Some(Page::DictionaryPage { buf, num_values, .. }) = &page
            && *num_values as usize > buf.len() / self.value_bytes
        {
            let problem = format!("a dictionary of {num_values} values in {} bytes", buf.len());
            return Err(ParquetError::General(problem));
        }
        if page.as_ref().is_some_and(|page| page.encoding() == Encoding::DELTA_BYTE_ARRAY) {
            return Err(ParquetError::General("texts in DELTA_BYTE_ARRAY are not read".to_owned()));
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }
}

impl Iterator for BoundedPages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}
