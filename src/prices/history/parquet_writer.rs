//! Writes columns to Parquet: always the same bytes for the same columns.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{
    Compression, Encoding, LogicalType, Repetition, TimeUnit, TimestampType, Type as Physical,
    ZstdLevel,
};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::Result;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type};

use super::error::HistoryError;

/// Up to so many rows a file is compressed as far as can be; beyond, thirty times faster.
const SMALL_ROWS: usize = 1 << 15;
/// Rows in a row group.
const GROUP_ROWS: usize = 1 << 20;

/// The values of one column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Values<'a> {
    /// UTC ms.
    Time(&'a [i64]),
    /// None is missing.
    Number(&'a [f64]),
    /// NaN is written as null.
    NumberOrNull(&'a [f64]),
    /// The empty text is written as null.
    TextOrNull(&'a [Box<str>]),
}

impl Values<'_> {
    fn len(self) -> usize {
        match self {
            Self::Time(times) => times.len(),
            Self::Number(numbers) | Self::NumberOrNull(numbers) => numbers.len(),
            Self::TextOrNull(texts) => texts.len(),
        }
    }

    fn field(self, name: &str) -> Result<Type> {
        let (physical, logical, repetition) = match self {
            Self::Time(_) => {
                let unit = TimeUnit::MILLIS;
                let stamp = TimestampType { is_adjusted_to_u_t_c: true, unit };
                (Physical::INT64, Some(LogicalType::Timestamp(stamp)), Repetition::REQUIRED)
            }
            Self::Number(_) => (Physical::DOUBLE, None, Repetition::REQUIRED),
            Self::NumberOrNull(_) => (Physical::DOUBLE, None, Repetition::OPTIONAL),
            Self::TextOrNull(_) => {
                (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::OPTIONAL)
            }
        };
        Type::primitive_type_builder(name, physical)
            .with_logical_type(logical)
            .with_repetition(repetition)
            .build()
    }

    fn write(self, writer: &mut SerializedColumnWriter<'_>, rows: Range<usize>) -> Result<()> {
        match self {
            Self::Time(times) => {
                writer.typed::<Int64Type>().write_batch(&times[rows], None, None)?;
            }
            Self::Number(numbers) => {
                writer.typed::<DoubleType>().write_batch(&numbers[rows], None, None)?;
            }
            Self::NumberOrNull(numbers) => {
                let numbers = &numbers[rows];
                let there: Vec<f64> = numbers.iter().copied().filter(|v| !v.is_nan()).collect();
                let levels: Vec<i16> = numbers.iter().map(|v| i16::from(!v.is_nan())).collect();
                writer.typed::<DoubleType>().write_batch(&there, Some(&levels), None)?;
            }
            Self::TextOrNull(texts) => {
                let texts = &texts[rows];
                let there = texts.iter().filter(|text| !text.is_empty());
                let there: Vec<ByteArray> = there.map(|text| ByteArray::from(&**text)).collect();
                let levels: Vec<i16> =
                    texts.iter().map(|text| i16::from(!text.is_empty())).collect();
                writer.typed::<ByteArrayType>().write_batch(&there, Some(&levels), None)?;
            }
        }
        Ok(())
    }
}

/// Writes the columns; an existing file is replaced once the new one is whole.
///
/// # Errors
/// If the file cannot be written.
///
/// # Panics
/// If the columns differ in length.
pub(crate) fn write_columns(
    path: &Path,
    columns: &[(&str, Values<'_>)],
    metadata: BTreeMap<String, String>,
) -> std::result::Result<(), Vec<HistoryError>> {
    for w in columns.windows(2) {
        let [(before, a), (name, b)] = [w[0], w[1]];
        assert_eq!(a.len(), b.len(), "columns {before} and {name} differ in length");
    }
    let origin = path.display().to_string();
    let refuse = |error: &dyn std::fmt::Display| {
        vec![HistoryError::new(&origin, format!("cannot be written: {error}"), "check the folder")]
    };
    let bytes = encode(columns, metadata).map_err(|error| refuse(&error))?;
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let written = std::fs::write(&partial, bytes).and_then(|()| std::fs::rename(&partial, path));
    written.map_err(|error| {
        // Nothing that could be used is in it; if it cannot go either, the first error says why.
        let _ = std::fs::remove_file(&partial);
        refuse(&error)
    })
}

fn encode(columns: &[(&str, Values<'_>)], metadata: BTreeMap<String, String>) -> Result<Vec<u8>> {
    let fields: Result<Vec<Arc<Type>>> =
        columns.iter().map(|(name, values)| Ok(Arc::new(values.field(name)?))).collect();
    let schema = Arc::new(Type::group_type_builder("history").with_fields(fields?).build()?);
    let properties = properties(columns, metadata)?;
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties)?;
    let n_rows = columns.first().map_or(0, |(_, values)| values.len());
    for from in (0..n_rows).step_by(GROUP_ROWS) {
        let rows = from..n_rows.min(from + GROUP_ROWS);
        let mut group = writer.next_row_group()?;
        for (_, values) in columns {
            if let Some(mut column) = group.next_column()? {
                values.write(&mut column, rows.clone())?;
                column.close()?;
            }
        }
        group.close()?;
    }
    writer.into_inner()
}

fn properties(
    columns: &[(&str, Values<'_>)],
    metadata: BTreeMap<String, String>,
) -> Result<WriterPropertiesPtr> {
    let pairs = metadata.into_iter().map(|(key, value)| KeyValue::new(key, value)).collect();
    // Small histories are kept and carried about, big ones are written often.
    let n_rows = columns.first().map_or(0, |(_, values)| values.len());
    let level = if n_rows <= SMALL_ROWS { 19 } else { 6 };
    let mut properties = WriterProperties::builder()
        // Fixed, so that the bytes do not change with the version of a dependency's name.
        .set_created_by("drypowder normal form 1".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(level)?))
        .set_key_value_metadata(Some(pairs));
    for (name, _) in columns.iter().filter(|(_, values)| matches!(values, Values::Time(_))) {
        let time = ColumnPath::from(*name);
        properties = properties
            .set_column_dictionary_enabled(time.clone(), false)
            .set_column_encoding(time, Encoding::DELTA_BINARY_PACKED);
    }
    Ok(Arc::new(properties.build()))
}
