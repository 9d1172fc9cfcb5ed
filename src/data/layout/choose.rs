//! Which typed columns of a columnar file are times, prices or values.

use super::context::Context;
use super::name_words::role_of;
use crate::data::raw::{Meaning, Role, Shape};
use crate::prices::history::HistoryError;

/// A column as the file describes it.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub name: String,
    /// Whether its type can be a time.
    pub is_time: bool,
    /// Whether its type can be a price.
    pub is_number: bool,
    /// The type, for messages.
    pub of_type: String,
}

/// What to read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    /// Place of the column of times.
    pub time: usize,
    pub outputs: Vec<Output>,
    /// Columns that no series takes.
    pub left_out: Vec<usize>,
}

/// One series to read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Output {
    pub role: Role,
    pub shape: Shape,
    /// Meaning and place.
    pub columns: Vec<(Meaning, usize)>,
}

/// Names of times; the first that fits is taken. The last is what pandas calls an index.
const TIMES: [&str; 11] = [
    "time",
    "timestamp",
    "date",
    "datetime",
    "open_time",
    "opentime",
    "open time",
    "ts",
    "unix",
    "index",
    "__index_level_0__",
];

const NAMES: [(Meaning, &[&str]); 7] = [
    (Meaning::Open, &["open"]),
    (Meaning::High, &["high"]),
    (Meaning::Low, &["low"]),
    (Meaning::Close, &["close", "price"]),
    (Meaning::Volume, &["volume", "vol"]),
    (
        Meaning::QuoteVolume,
        &["quote_volume", "quote_asset_volume", "quotevolume", "quote_vol", "volume_quote"],
    ),
    (Meaning::Trades, &["trades", "count", "number_of_trades", "num_trades", "trade_count"]),
];

/// Numbers that are no values of their own: row numbers, and ends of bars.
const NO_VALUES: [&str; 6] =
    ["index", "__index_level_0__", "unnamed: 0", "id", "close_time", "ignore"];

/// Chooses by the names that the caller gives, else by the usual ones in any case: open, high,
/// low and close are bars; a close alone is closes; of other numbers each column is a series.
pub(super) fn choose(fields: &[Field], context: &Context<'_>) -> Result<Choice, Vec<HistoryError>> {
    if !context.options.columns.is_empty() {
        return chosen_by_caller(fields, context);
    }
    let time = TIMES
        .iter()
        .filter_map(|name| place(fields, name))
        .find(|&at| fields[at].is_time)
        .ok_or_else(|| {
        let problem = format!("no column of times; the columns are {}", list(fields));
        let remedy = "name it time, as a timestamp or whole numbers since 1970, or say which";
        vec![HistoryError::new(context.origin, problem, remedy)]
    })?;
    let mut named = Vec::new();
    for (meaning, names) in NAMES {
        let found = names.iter().find_map(|name| place(fields, name)).filter(|&at| at != time);
        let is_price = meaning <= Meaning::Close;
        match found {
            Some(at) if fields[at].is_number => named.push((meaning, at)),
            Some(at) if is_price => return Err(vec![no_number(&fields[at], context)]),
            _ => {}
        }
    }
    let outputs = outputs_of(fields, time, named, context);
    if outputs.is_empty() {
        let problem = format!("no column of prices or values; the columns are {}", list(fields));
        let remedy = "name them open, high, low, close, or say which column is what";
        return Err(vec![HistoryError::new(context.origin, problem, remedy)]);
    }
    Ok(complete(fields.len(), time, outputs))
}

fn outputs_of(
    fields: &[Field],
    time: usize,
    mut named: Vec<(Meaning, usize)>,
    context: &Context<'_>,
) -> Vec<Output> {
    let prices = named.iter().filter(|(meaning, _)| *meaning <= Meaning::Close).count();
    let has_close = named.iter().any(|(meaning, _)| *meaning == Meaning::Close);
    let role = context.options.role.or(context.facts.role).unwrap_or(Role::Last);
    if prices == 4 {
        return vec![Output { role, shape: Shape::Bars, columns: named }];
    }
    if has_close && prices == 1 && role.is_price() {
        named.retain(|(meaning, _)| matches!(meaning, Meaning::Close | Meaning::Volume));
        return vec![Output { role, shape: Shape::Close, columns: named }];
    }
    let mut taken = Vec::new();
    let mut outputs = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let name = field.name.to_ascii_lowercase();
        if at == time || !field.is_number || NO_VALUES.contains(&name.as_str()) {
            continue;
        }
        let role = role_of_column(&name).or(context.facts.role).unwrap_or(Role::Value);
        // A second column of one role, such as an open interest in dollars, is something else.
        let role = if taken.contains(&role) { Role::Value } else { role };
        taken.push(role);
        let (meaning, shape) = match role.is_price() {
            true => (Meaning::Close, Shape::Close),
            false => (Meaning::Value, Shape::Series),
        };
        outputs.push(Output { role, shape, columns: vec![(meaning, at)] });
    }
    outputs
}

/// Role that a column's name speaks of.
fn role_of_column(name: &str) -> Option<Role> {
    let words: Vec<&str> =
        name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let price = words.iter().any(|word| matches!(*word, "close" | "price" | "last"));
    role_of(&words).or(price.then_some(Role::Last))
}

/// Columns as the caller names them: `time=…`, `close=…`.
fn chosen_by_caller(fields: &[Field], context: &Context<'_>) -> Result<Choice, Vec<HistoryError>> {
    const WORDS: [(&str, Meaning); 6] = [
        ("open", Meaning::Open),
        ("high", Meaning::High),
        ("low", Meaning::Low),
        ("close", Meaning::Close),
        ("volume", Meaning::Volume),
        ("value", Meaning::Value),
    ];
    let (mut time, mut columns) = (None, Vec::new());
    for (word, name) in &context.options.columns {
        let at = fields.iter().position(|field| field.name == *name).ok_or_else(|| {
            let problem = format!("no such column; the columns are {}", list(fields));
            vec![HistoryError::new(context.origin, problem, "name one of them").in_field(name)]
        })?;
        if word == "time" {
            time = Some(at);
            continue;
        }
        let meaning = WORDS.iter().find(|(known, _)| known == word).ok_or_else(|| {
            let remedy = "the meanings are time, open, high, low, close, volume, value";
            vec![HistoryError::new(context.origin, "no meaning of a column", remedy).in_field(word)]
        })?;
        columns.push((meaning.1, at));
    }
    columns.sort();
    let shape = shape_of(&columns);
    let (Some(time), Some(shape)) = (time, shape) else {
        let remedy = "name time and close, or time, open, high, low and close, or time and value";
        let problem = "the columns named make neither bars nor closes nor a series";
        return Err(vec![HistoryError::new(context.origin, problem, remedy)]);
    };
    if !fields[time].is_time {
        let problem = format!("a column of type {} is no time", fields[time].of_type);
        let error = HistoryError::new(context.origin, problem, "name another column");
        return Err(vec![error.in_field(&fields[time].name)]);
    }
    if let Some((_, at)) = columns.iter().find(|(_, at)| !fields[*at].is_number) {
        return Err(vec![no_number(&fields[*at], context)]);
    }
    let role = if shape == Shape::Series { Role::Value } else { Role::Last };
    let role = context.facts.role.unwrap_or(role);
    Ok(complete(fields.len(), time, vec![Output { role, shape, columns }]))
}

/// The shape of sorted columns, each of which may be there once.
fn shape_of(columns: &[(Meaning, usize)]) -> Option<Shape> {
    use Meaning::{Close, High, Low, Open, Value, Volume};
    let meanings: Vec<Meaning> = columns.iter().map(|(meaning, _)| *meaning).collect();
    match meanings.as_slice() {
        [Open, High, Low, Close] | [Open, High, Low, Close, Volume] => Some(Shape::Bars),
        [Close] | [Close, Volume] => Some(Shape::Close),
        [Value] => Some(Shape::Series),
        _ => None,
    }
}

fn complete(n_fields: usize, time: usize, outputs: Vec<Output>) -> Choice {
    let taken = |at: usize| {
        let mut columns = outputs.iter().flat_map(|output| &output.columns);
        at == time || columns.any(|(_, other)| *other == at)
    };
    let left_out = (0..n_fields).filter(|&at| !taken(at)).collect();
    Choice { time, outputs, left_out }
}

/// Place of the column of this name, in any case; an exact one goes first.
fn place(fields: &[Field], name: &str) -> Option<usize> {
    let exact = fields.iter().position(|field| field.name == name);
    exact.or_else(|| fields.iter().position(|field| field.name.eq_ignore_ascii_case(name)))
}

fn no_number(field: &Field, context: &Context<'_>) -> HistoryError {
    let problem = format!("a column of type {} holds no prices here", field.of_type);
    let remedy = "write the column as 64-bit floating point numbers";
    HistoryError::new(context.origin, problem, remedy).in_field(&field.name)
}

/// Names and types, for messages; not endless.
fn list(fields: &[Field]) -> String {
    const SHOWN: usize = 20;
    let one = |field: &Field| format!("{:?} ({})", cut(&field.name), field.of_type);
    let mut names: Vec<String> = fields.iter().take(SHOWN).map(one).collect();
    if fields.len() > SHOWN {
        names.push(format!("and {} more", fields.len() - SHOWN));
    }
    names.join(", ")
}

/// "columns left out: a, b", if there are any.
pub(super) fn told_left_out(fields: &[Field], left_out: &[usize]) -> Option<String> {
    const SHOWN: usize = 20;
    let mut names: Vec<String> =
        left_out.iter().take(SHOWN).map(|&at| cut(&fields[at].name)).collect();
    if left_out.len() > SHOWN {
        names.push(format!("and {} more", left_out.len() - SHOWN));
    }
    (!names.is_empty()).then(|| format!("columns left out: {}", names.join(", ")))
}

fn cut(name: &str) -> String {
    name.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
