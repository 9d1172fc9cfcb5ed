//! Which layout a member has, told by its first bytes.

use super::cells::shown;
use super::context::Context;
use super::json_rows::FlatRow;
use super::label::NameFacts;
use super::plan::Plan;
use super::sheet::Sheet;
use super::told::{Told, told};
use super::{bare, generic, json_bars, json_funding, named, trades, wide};
use crate::prices::history::HistoryError;

/// A layout, and what its reader needs to know.
pub(super) enum Found {
    Arrow,
    Parquet,
    Text(Box<Text>),
}

/// A layout of text.
pub(super) enum Text {
    Series(Sheet, Plan),
    /// With the column of times, where the caller names it.
    Table(Sheet, Option<usize>),
    JsonBars(json_bars::Form),
    JsonFunding,
    JsonTable,
    JsonLines,
    Trades(trades::Form),
}

type Planner = fn(&Sheet, &NameFacts) -> Option<Plan>;

/// Layouts with a header, the more special first.
const HEADED: &[(&str, Planner)] = &[
    ("yahoo", named::yahoo),
    ("binance-klines", named::binance_klines),
    ("funding", named::funding),
    ("rates", named::rates),
    ("open-interest", named::open_interest),
    ("cryptodatadownload", named::cryptodatadownload),
    ("wide", wide::wide),
    ("csv", generic::bars),
    ("csv", generic::closes),
    ("csv", generic::series),
];

/// Layouts without header.
const BARE: &[(&str, Planner)] = &[
    ("binance-klines", bare::binance_klines),
    ("lean-margin-interest", bare::lean_margin_interest),
    ("lean-quotes", bare::lean_quotes),
    ("lean-bars", bare::lean_bars),
    ("kraken-ohlcvt", bare::kraken),
    ("csv", bare::bars),
];

/// Recognises the layout, or takes the one the caller names if it fits. `is_all`: whether the
/// member ends with `head`.
///
/// # Errors
/// If nothing fits: what was seen, and what may be done.
pub(super) fn recognise(
    head: &[u8],
    is_all: bool,
    context: &Context<'_>,
) -> Result<Found, Vec<HistoryError>> {
    if let Some(layout) = &context.options.layout
        && !super::LAYOUTS.iter().any(|(name, _)| name == layout)
    {
        let known: Vec<&str> = super::LAYOUTS.iter().map(|(name, _)| *name).collect();
        let fault =
            context.fault("no such layout", &format!("the layouts are {}", known.join(", ")));
        return Err(vec![fault.of("layout", layout)]);
    }
    if head.starts_with(b"ARROW1") {
        return allowed(Found::Arrow, head, context);
    }
    if head.starts_with(b"PAR1") {
        return allowed(Found::Parquet, head, context);
    }
    check_text(head, context).map_err(|error| vec![error])?;
    match json(head, context) {
        Some(text) => allowed(Found::Text(Box::new(text)), head, context),
        None => fields(head, is_all, context).map(|text| Found::Text(Box::new(text))),
    }
}

impl Found {
    /// Name of the layout, as in [`super::LAYOUTS`].
    pub fn layout(&self) -> &'static str {
        match self {
            Self::Arrow => "arrow",
            Self::Parquet => "parquet",
            Self::Text(text) => text.layout(),
        }
    }
}

impl Text {
    fn layout(&self) -> &'static str {
        match self {
            Self::Series(_, plan) => plan.layout,
            Self::Table(..) => "table",
            Self::JsonBars(form) => form.layout(),
            Self::JsonFunding => "funding",
            Self::JsonTable | Self::JsonLines => "json-table",
            Self::Trades(form) => form.layout(),
        }
    }
}

/// `found`, unless the caller names another layout.
fn allowed(found: Found, head: &[u8], context: &Context<'_>) -> Result<Found, Vec<HistoryError>> {
    match &context.options.layout {
        Some(layout) if layout != found.layout() => Err(vec![misfit(layout, head, context)]),
        _ => Ok(found),
    }
}

/// Refuses what is no text in UTF-8 or a superset of ASCII.
fn check_text(head: &[u8], context: &Context<'_>) -> Result<(), HistoryError> {
    let wide_text = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    if wide_text {
        return Err(context.fault("the text is in UTF-16", "save it as UTF-8"));
    }
    if head.contains(&0) {
        let remedy = "give CSV, JSON, Feather or Parquet, perhaps packed by gzip, zip or tar";
        return Err(context.fault("neither text nor a known binary form", remedy));
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(context.fault("the file is empty", "leave it out, or fetch it anew"));
    }
    Ok(())
}

/// A layout of JSON, or of lines of it.
fn json(head: &[u8], context: &Context<'_>) -> Option<Text> {
    if let Some(form) = trades::Form::of(head) {
        return Some(Text::Trades(form));
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let forced_table = context.options.layout.as_deref() == Some("json-table");
    match text.first()? {
        b'[' if forced_table => Some(Text::JsonTable),
        b'[' => Some(json_bars::Form::of(head).map_or_else(
            || if is_funding(text) { Text::JsonFunding } else { Text::JsonTable },
            Text::JsonBars,
        )),
        b'{' => {
            let mut lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
            let first = lines.next().unwrap_or_default();
            let whole = serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok();
            let next = lines.find(|line| !line.is_empty());
            let more = next.is_some_and(|line| line.starts_with(b"{"));
            Some(if whole && more { Text::JsonLines } else { Text::JsonTable })
        }
        _ => None,
    }
}

/// Whether the first object of the array is a funding rate.
fn is_funding(text: &[u8]) -> bool {
    let row = text.strip_prefix(b"[").unwrap_or_default();
    let mut json = serde_json::Deserializer::from_slice(row);
    let mut first = FlatRow::default();
    let value = super::json_rows::FlatValue { name: String::new(), row: &mut first };
    let read = serde::de::DeserializeSeed::deserialize(value, &mut json);
    read.is_ok() && json_funding::fits(&first.names())
}

/// A layout of lines of fields.
fn fields(head: &[u8], is_all: bool, context: &Context<'_>) -> Result<Text, Vec<HistoryError>> {
    let options = context.options;
    let sheet = Sheet::of(head, is_all, options.time_unit);
    let Some(sheet) = sheet else { return Err(vec![unknown(head, context)]) };
    if !options.columns.is_empty() {
        return Ok(match told(&sheet, context)? {
            Told::Series(plan) => Text::Series(sheet, plan),
            Told::Table(time) => Text::Table(sheet, Some(time)),
        });
    }
    let forced = options.layout.as_deref();
    let planners = if sheet.header.is_some() { HEADED } else { BARE };
    let wanted = planners.iter().filter(|(name, _)| forced.is_none_or(|layout| layout == *name));
    let plan = wanted.filter_map(|(_, planner)| planner(&sheet, &context.facts)).next();
    match (plan, forced) {
        (Some(mut plan), _) => {
            plan.remarks.extend(sheet.notices.iter().map(|line| notice(line)));
            Ok(Text::Series(sheet, plan))
        }
        (None, Some("table")) => Ok(Text::Table(sheet, None)),
        (None, Some(layout)) => Err(vec![misfit(layout, head, context)]),
        (None, None) if sheet.header.is_some() => Ok(Text::Table(sheet, None)),
        (None, None) => Err(vec![unknown(head, context)]),
    }
}

/// Remark on a line before the header.
pub(super) fn notice(line: &str) -> String {
    format!("a line before the header is passed over: {:?}", shown(line.as_bytes()))
}

/// The first line that is not blank, for messages.
fn first_line(head: &[u8]) -> String {
    let mut lines = head.split(|&byte| matches!(byte, b'\n' | b'\r'));
    shown(lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default())
}

fn unknown(head: &[u8], context: &Context<'_>) -> HistoryError {
    let known: Vec<&str> = super::LAYOUTS.iter().map(|(name, _)| *name).collect();
    let problem = format!(
        "no layout fits the first line {:?}; known are {}",
        first_line(head),
        known.join(", ")
    );
    context.fault(problem, "say which it is with --layout, or where things stand with --columns")
}

fn misfit(layout: &str, head: &[u8], context: &Context<'_>) -> HistoryError {
    let problem = format!("the layout does not fit the first line {:?}", first_line(head));
    let remedy = "leave --layout out to see what is recognised, or name --columns";
    context.fault(problem, remedy).of("layout", layout)
}
