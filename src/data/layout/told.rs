//! Columns that the caller names.

use super::context::Context;
use super::named::price_role;
use super::plan::{Output, Plan, Source, TimeColumn};
use super::sheet::Sheet;
use crate::data::raw::{Meaning, Role, Shape};
use crate::prices::history::HistoryError;

/// What the caller's columns make of a file.
pub(super) enum Told {
    Series(Plan),
    /// A table, of which only the column of times is named.
    Table(usize),
}

const REMEDY: &str = "name time and either value, or close, or open, high, low and close";

/// Finds the columns that [`crate::data::ReadOptions::columns`] names.
///
/// # Errors
/// One message a name that is unknown or not in the file, and one if the names make no series.
pub(super) fn told(sheet: &Sheet, context: &Context<'_>) -> Result<Told, Vec<HistoryError>> {
    let mut errors = Vec::new();
    let mut time = None;
    let mut sources: Vec<Source> = Vec::new();
    for (what, column) in &context.options.columns {
        let meaning = meaning_of(what);
        if meaning.is_none() && what != "time" {
            let known = "time, open, high, low, close, volume or value";
            errors.push(context.fault(format!("columns are {known}"), REMEDY).of("columns", what));
            continue;
        }
        let at = match find(sheet, column) {
            Ok(at) => at,
            Err(problem) => {
                let fault = context.fault(problem, "name a column that is there");
                errors.push(fault.of(what, column));
                continue;
            }
        };
        match meaning {
            Some(meaning) => sources.push(Source::new(meaning, &sheet.name(at), at)),
            None => time = Some(at),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let of = |meaning| sources.iter().find(|source| source.meaning == meaning).cloned();
    let facts = &context.facts;
    let Some(at) = time else {
        return Err(vec![context.fault("no column of times is named", REMEDY).in_field("columns")]);
    };
    let prices = [Meaning::Open, Meaning::High, Meaning::Low].map(of);
    let n_prices = prices.iter().flatten().count();
    let mut columns: Vec<Source> = prices.into_iter().flatten().collect();
    let role = context.options.role.unwrap_or(price_role(facts));
    let (role, shape) = match (of(Meaning::Value), of(Meaning::Close), n_prices) {
        (None, None, 0) if of(Meaning::Volume).is_none() => return Ok(Told::Table(at)),
        (Some(value), None, 0) if of(Meaning::Volume).is_none() => {
            columns.push(value);
            let named = facts.role.filter(|role| !role.is_price());
            (named.unwrap_or(Role::Value), Shape::Series)
        }
        (None, Some(close), 0 | 3) => {
            columns.push(close);
            columns.extend(of(Meaning::Volume));
            (role, if n_prices == 3 { Shape::Bars } else { Shape::Close })
        }
        _ => {
            let problem = "the columns named make neither bars nor closes nor a series";
            return Err(vec![context.fault(problem, REMEDY).in_field("columns")]);
        }
    };
    let time = TimeColumn::new(at, &sheet.name(at));
    Ok(Told::Series(Plan::new("csv", time, Output::new(role, shape, columns))))
}

fn meaning_of(what: &str) -> Option<Meaning> {
    Some(match what {
        "open" => Meaning::Open,
        "high" => Meaning::High,
        "low" => Meaning::Low,
        "close" => Meaning::Close,
        "volume" => Meaning::Volume,
        "value" => Meaning::Value,
        _ => return None,
    })
}

/// Place of a column by its name, or by its number in a file without header.
fn find(sheet: &Sheet, column: &str) -> Result<usize, String> {
    let Some(header) = &sheet.header else {
        let number = column.parse::<usize>().ok().filter(|n| (1..=sheet.width).contains(n));
        let problem =
            || format!("the file has no header: columns are numbers from 1 to {}", sheet.width);
        return number.map(|number| number - 1).ok_or_else(problem);
    };
    let mut places = (0..header.len()).filter(|&at| header[at] == column);
    match (places.next(), places.next()) {
        (Some(at), None) => Ok(at),
        (Some(_), Some(_)) => Err("the column is there twice".to_owned()),
        (None, _) => {
            let shown: Vec<String> = (0..header.len().min(30)).map(|at| sheet.name(at)).collect();
            Err(format!("no such column; the columns are {}", shown.join(", ")))
        }
    }
}
