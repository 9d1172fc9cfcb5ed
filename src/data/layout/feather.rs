//! Arrow IPC files, Feather version 2: those of freqtrade, and any with columns of usual names.

use std::panic::catch_unwind;

use super::arrow_cells::{append_times, each_number, field_of, is_naive};
use super::arrow_file::{ArrowFile, Refusal};
use super::choose::Field;
use super::columnar::{Plan, Plans};
use super::context::Context;
use super::filler::{Filler, damaged};
use super::gather::Gather;
use crate::data::Member;
use crate::data::options::ReadOptions;
use crate::prices::history::{HistoryError, TimeUnit};

/// Largest file, bytes: rows beyond the limit of a series need more.
const BYTES_MAX: u64 = 4 << 30;

/// Reads a whole Arrow IPC file into series.
///
/// # Errors
/// If the file is damaged, of an older version or a stream, or if its columns or its name do not
/// tell what it holds.
pub fn read(
    member: &mut Member<'_>,
    options: &ReadOptions,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    let bytes = member.bytes(BYTES_MAX)?;
    let context = Context::new(member.name(), member.origin(), options);
    let refuse = |(problem, remedy): Refusal| vec![context.fault(problem, remedy)];
    let file = catch_unwind(|| ArrowFile::open(&bytes))
        .map_err(|_| damaged(context.origin))?
        .map_err(refuse)?;
    let fields: Vec<Field> = file.schema.fields().iter().map(|field| field_of(field)).collect();
    let plans = Plans::of(&fields, &context)?;
    let layout = if plans.freqtrade { "freqtrade feather" } else { "arrow" };
    for plan in &plans.series {
        plan.target(&context, layout, &fields).append(gather, file.n_rows, |filler| {
            fill(filler, &file, plans.time, plan, options.time_unit).map_err(refuse)
        })?;
    }
    Ok(())
}

/// Hands over all rows of one series.
fn fill(
    filler: &mut Filler<'_>,
    file: &ArrowFile<'_>,
    time: usize,
    plan: &Plan,
    unit: TimeUnit,
) -> Result<(), Refusal> {
    let columns = &plan.output.columns;
    let mut places = vec![time];
    places.extend(columns.iter().map(|(_, at)| *at));
    places.extend(&plan.zeros);
    let name = file.schema.field(time).name();
    let mut odd = 0_u64;
    file.each_batch(&places, &mut |batch| {
        append_times(filler, name, batch.column(0), unit);
        for k in 0..columns.len() {
            each_number(batch.column(1 + k), &mut |cell| filler.number(k, cell));
        }
        for zeros in &batch.columns()[1 + columns.len()..] {
            each_number(zeros, &mut |cell| odd += u64::from(cell.is_some_and(|v| v != 0.0)));
        }
        Ok(())
    })?;
    plan.remark(filler, odd, is_naive(file.schema.field(time).data_type()));
    Ok(())
}

#[cfg(test)]
#[path = "feather_tests.rs"]
mod tests;
