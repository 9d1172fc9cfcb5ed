//! `paths.parquet`: the columns of `paths.csv`; where a path has no value, null.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::rows::RowTable;
use crate::engine::Metric;

/// Rows per row group.
const GROUP_ROWS: usize = 32_768;

/// Rows that wait for their row group.
pub(super) struct ParquetTable<W: Write + Send> {
    start: Option<W>,
    writer: Option<SerializedFileWriter<W>>,
    variants: Vec<ByteArray>,
    paths: Vec<i64>,
    agents: Vec<ByteArray>,
    values: Vec<Vec<f64>>,
}

impl<W: Write + Send> ParquetTable<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            start: Some(out),
            writer: None,
            variants: Vec::new(),
            paths: Vec::new(),
            agents: Vec::new(),
            values: Vec::new(),
        }
    }

    fn flush_group(&mut self) -> Result<(), ParquetError> {
        let Some(writer) = self.writer.as_mut().filter(|_| !self.paths.is_empty()) else {
            return Ok(());
        };
        let mut group = writer.next_row_group()?;
        write_column::<_, ByteArrayType>(&mut group, &self.variants, None)?;
        write_column::<_, Int64Type>(&mut group, &self.paths, None)?;
        write_column::<_, ByteArrayType>(&mut group, &self.agents, None)?;
        for values in &mut self.values {
            write_optional(&mut group, values)?;
            values.clear();
        }
        group.close()?;
        self.variants.clear();
        self.paths.clear();
        self.agents.clear();
        Ok(())
    }
}

impl<W: Write + Send> RowTable for ParquetTable<W> {
    fn begin(&mut self, metrics: &[Metric]) -> io::Result<()> {
        let mut fields = vec![text_field("variant")?, whole_field("path", None)?];
        fields.push(text_field("agent")?);
        for metric in metrics {
            fields.push(number_field(metric.name(), Repetition::OPTIONAL)?);
        }
        self.values = vec![Vec::new(); metrics.len()];
        if let Some(out) = self.start.take() {
            self.writer = Some(file_writer(out, fields)?);
        }
        Ok(())
    }

    fn row(&mut self, variant: &str, path: u64, agent: &str, values: &[f64]) -> io::Result<()> {
        self.variants.push(ByteArray::from(variant));
        self.paths.push(path as i64);
        self.agents.push(ByteArray::from(agent));
        for (column, &value) in self.values.iter_mut().zip(values) {
            column.push(value);
        }
        if self.paths.len() == GROUP_ROWS {
            self.flush_group()?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.flush_group()?;
        if let Some(writer) = self.writer.take() {
            writer.into_inner()?.flush()?;
        }
        Ok(())
    }
}

/// A field of text.
fn text_field(name: &str) -> Result<TypePtr, ParquetError> {
    let field = Type::primitive_type_builder(name, PhysicalType::BYTE_ARRAY)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(Some(LogicalType::String));
    field.build().map(Arc::new)
}

/// A field of whole numbers, or of what the logical type makes of them.
pub(super) fn whole_field(
    name: &str,
    logical: Option<LogicalType>,
) -> Result<TypePtr, ParquetError> {
    let field = Type::primitive_type_builder(name, PhysicalType::INT64)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(logical);
    field.build().map(Arc::new)
}

/// A field of numbers.
pub(super) fn number_field(name: &str, repetition: Repetition) -> Result<TypePtr, ParquetError> {
    let field = Type::primitive_type_builder(name, PhysicalType::DOUBLE);
    field.with_repetition(repetition).build().map(Arc::new)
}

/// Opens a file with those fields.
pub(super) fn file_writer<W: Write + Send>(
    out: W,
    fields: Vec<TypePtr>,
) -> Result<SerializedFileWriter<W>, ParquetError> {
    let schema = Type::group_type_builder("schema").with_fields(fields).build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(Default::default()))
        .set_created_by(concat!("drypowder ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))
}

/// Writes the next column of a row group.
pub(super) fn write_column<W: Write + Send, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    present: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let missing = || ParquetError::General("more columns than fields".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(values, present, None)?;
    column.close()
}

fn write_optional<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[f64],
) -> Result<(), ParquetError> {
    let present: Vec<i16> = values.iter().map(|value| i16::from(!value.is_nan())).collect();
    let there: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    write_column::<_, DoubleType>(group, &there, Some(&present))
}
