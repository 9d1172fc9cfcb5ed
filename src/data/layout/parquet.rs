//! Parquet files: this program's normal form, and anybody's with columns of usual names.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::column::page::Page;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader};
use parquet::file::serialized_reader::SerializedFileReader;

use super::choose::Field;
use super::columnar::{Plan, Plans};
use super::context::Context;
use super::filler::{Filler, damaged};
use super::gather::Gather;
use super::label::NameFacts;
use super::parquet_cells::{append_times, each_number, field_of, is_naive};
use crate::data::Member;
use crate::data::options::ReadOptions;
use crate::data::raw::Role;
use crate::prices::history::normal_form::{checked_rows, key_values};
use crate::prices::history::{
    Faults, HistoryError, INTERVAL_KEY, LAYOUT_KEY, REPAIRS_KEY, TimeUnit,
};

/// Largest file, bytes.
const BYTES_MAX: u64 = 4 << 30;
/// Metadata key: asset.
const ASSET_KEY: &str = "drypowder.asset";
/// Metadata key: quote asset, beside the asset.
const QUOTE_KEY: &str = "drypowder.quote";
/// Metadata key: word of the role.
const ROLE_KEY: &str = "drypowder.role";

/// Reads a whole Parquet file into series.
///
/// # Errors
/// If the file is damaged or packed in a way that is not read, or if its columns, its own words
/// or its name do not tell what it holds.
pub fn read(
    member: &mut Member<'_>,
    options: &ReadOptions,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    let bytes = member.bytes(BYTES_MAX)?;
    let origin = member.origin();
    let unreadable = |problem: &dyn Display| {
        let problem = format!("not readable as Parquet: {problem}");
        let remedy = "fetch or write the file anew, compressed by zstd, snappy or not at all";
        vec![HistoryError::new(origin, problem, remedy)]
    };
    // The crate's own checks have gaps, in which it panics: see `normal_form`.
    let file = catch_unwind(AssertUnwindSafe(|| open(bytes, Page::buffer)))
        .map_err(|_| damaged(origin))?
        .map_err(|error| unreadable(&error))?;
    let mut faults = Faults::new(origin);
    let Some(n_rows) = checked_rows(&file, &mut faults) else { return Err(faults.into_errors()) };
    let metadata = key_values(&file);
    if let Some(kind @ ("events" | "table")) = metadata.get(LAYOUT_KEY).map(String::as_str) {
        let problem = format!("a table in normal form ({kind}), which is as it should be");
        let remedy = "read it with any reader of Parquet; only prices and series are imported anew";
        return Err(vec![HistoryError::new(origin, problem, remedy)]);
    }
    let mut context = Context::new(member.name(), origin, options);
    state(&mut context.facts, &metadata);
    let schema = file.metadata().file_metadata().schema_descr();
    let fields: Vec<Field> = schema.columns().iter().map(|column| field_of(column)).collect();
    let plans = Plans::of(&fields, &context)?;
    let layout = match (metadata.contains_key(LAYOUT_KEY), plans.freqtrade) {
        (true, _) => "normal form",
        (false, true) => "freqtrade parquet",
        (false, false) => "parquet",
    };
    for plan in &plans.series {
        plan.target(&context, layout, &fields).append(gather, n_rows as usize, |filler| {
            if let Some(repairs) = metadata.get(REPAIRS_KEY) {
                filler.remark(&format!("repaired before: {}", shown(repairs)));
                filler.earlier(&metadata);
            }
            let filled = fill(filler, &file, plans.time, plan, options.time_unit);
            filled.map_err(|error| unreadable(&error))
        })?;
    }
    Ok(())
}

/// What the file says of itself goes before what its name says.
fn state(facts: &mut NameFacts, metadata: &BTreeMap<String, String>) {
    let text = |key| metadata.get(key).filter(|text| !text.is_empty());
    if let Some(asset) = text(ASSET_KEY) {
        facts.asset = Some(asset.clone());
        facts.quote = text(QUOTE_KEY).cloned();
    }
    if let Some(role) = text(ROLE_KEY).and_then(|role| Role::named(role)) {
        facts.role = Some(role);
    }
    let interval = text(INTERVAL_KEY).and_then(|text| text.parse::<i64>().ok());
    facts.interval_ms = interval.filter(|&ms| ms > 0).or(facts.interval_ms);
}

/// Hands over all rows of one series.
fn fill(
    filler: &mut Filler<'_>,
    file: &dyn FileReader,
    time: usize,
    plan: &Plan,
    unit: TimeUnit,
) -> Result<(), ParquetError> {
    append_times(filler, file, time, unit)?;
    for (k, &(_, at)) in plan.output.columns.iter().enumerate() {
        each_number(file, at, &mut |cell| filler.number(k, cell))?;
    }
    let mut odd = 0_u64;
    for &at in &plan.zeros {
        let mut count = |cell: Option<f64>| odd += u64::from(cell.is_some_and(|v| v != 0.0));
        each_number(file, at, &mut count)?;
    }
    let column = file.metadata().file_metadata().schema_descr().column(time);
    plan.remark(filler, odd, is_naive(&column));
    Ok(())
}

/// A text of the file, fit for a message.
fn shown(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A reader of bytes in memory. `like` only says their type, which the parquet crate takes from a
/// crate that is none of ours.
fn open<B: From<Vec<u8>> + ChunkReader + 'static>(
    bytes: Vec<u8>,
    _like: fn(&Page) -> &B,
) -> Result<SerializedFileReader<B>, ParquetError> {
    SerializedFileReader::new(B::from(bytes))
}

#[cfg(test)]
#[path = "parquet_tests.rs"]
mod tests;
