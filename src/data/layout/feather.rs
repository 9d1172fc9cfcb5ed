//! Arrow IPC files, Feather version 2: those of freqtrade, and any with columns of usual names.

use std::panic::catch_unwind;

use arrow_array::RecordBatch;

use super::arrow_cells::{append_times, each_number, field_of, is_naive};
use super::arrow_file::ArrowFile;
use super::choose::Field;
use super::columnar::{Plan, Plans};
use super::filler::{Target, damaged};
use super::gather::Gather;
use super::label::label_of;
use crate::data::Member;
use crate::data::options::ReadOptions;
use crate::prices::history::HistoryError;

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
    let facts = label_of(member.name());
    let layout = "arrow";
    let target =
        Target { member: member.name(), origin: member.origin(), layout, facts: &facts, options };
    read_bytes(&bytes, target, gather)
}

fn read_bytes(
    bytes: &[u8],
    mut target: Target<'_>,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    let file = catch_unwind(|| ArrowFile::open(bytes))
        .map_err(|_| damaged(target.origin))?
        .map_err(|(problem, remedy)| vec![HistoryError::new(target.origin, problem, remedy)])?;
    let fields: Vec<Field> = file.schema.fields().iter().map(|field| field_of(field)).collect();
    let plans = Plans::of(&fields, &target)?;
    if plans.freqtrade {
        target.layout = "freqtrade feather";
    }
    for plan in &plans.series {
        append(&file, &fields, plans.time, plan, &target, gather)?;
    }
    Ok(())
}

fn append(
    file: &ArrowFile<'_>,
    fields: &[Field],
    time: usize,
    plan: &Plan,
    target: &Target<'_>,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    let columns = &plan.output.columns;
    let mut places = vec![time];
    places.extend(columns.iter().map(|(_, at)| *at));
    places.extend(&plan.zeros);
    let label = target.label(plan.output.role)?;
    let shape = (plan.output.shape, plan.names(fields));
    target.append(gather, label, shape, file.n_rows, |filler| {
        let mut odd = 0_u64;
        let mut each = |batch: &RecordBatch| {
            append_times(filler, &fields[time].name, batch.column(0), target.options.time_unit);
            for k in 0..columns.len() {
                each_number(batch.column(1 + k), &mut |cell| filler.number(k, cell));
            }
            for zeros in &batch.columns()[1 + columns.len()..] {
                each_number(zeros, &mut |cell| odd += u64::from(cell.is_some_and(|v| v != 0.0)));
            }
            Ok(())
        };
        file.each_batch(&places, &mut each)
            .map_err(|(problem, remedy)| vec![HistoryError::new(target.origin, problem, remedy)])?;
        plan.remark(filler, odd, is_naive(file.schema.field(time).data_type()));
        Ok(())
    })
}

#[cfg(test)]
#[path = "feather_tests.rs"]
mod tests;
