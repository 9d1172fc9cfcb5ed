//! What a line of each table asks for. A table is one line of [`TABLES`].

use super::row::Row;
use super::tuned::{self, Tuned};
use super::{ExplainError, Explained};
use crate::engine::EventKind;

/// What leads to a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// The path itself, and the instant that the row is about.
    Path(u64, Option<RowMoment>),
    /// A figure by its name in `summary.csv`.
    Named(String),
    /// A quantile of a metric.
    Quantile(String, f64),
    /// The difference of a metric against the baseline, as in `compare.csv`.
    Difference(String),
}

/// The instant that a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowMoment {
    /// UTC ms.
    pub time_ms: i64,
    /// The event there, where the row is of one.
    pub event: Option<RowEvent>,
}

/// An event as tables write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowEvent {
    /// Its kind.
    pub kind: String,
    /// The agent that it happened to.
    pub agent: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// Its amount.
    pub amount: Option<String>,
}

/// What a line means.
pub(super) struct Meant {
    pub explained: Explained,
    /// What ran, of a line of a tuning.
    pub tuned: Option<Tuned>,
}

/// Reads a line; the name is that of the figure that is meant, of lines with several.
type Reader = fn(&Row, &str) -> Result<Meant, ExplainError>;

/// The figure of a line with several, unless another is asked for.
const USUAL: &str = "final_equity";

/// Tables with several figures in a line.
const WIDE: &[&str] =
    &["sweep.csv", "tune.csv", "tune_profile.csv", "tune_conditions.csv", "walk_forward.csv"];

/// Where to look instead, of tables without paths.
const INSTEAD: &[(&str, &str)] = &[
    ("compare_events.csv", "compare_paths.csv has paths on which events differ"),
    ("fired_rules.csv", "events.csv has the paths and instants at which rules fired"),
];

/// Every table whose rows have a path behind them.
const TABLES: &[(&str, Reader)] = &[
    ("summary.csv", named),
    ("survival.csv", survival),
    ("paths.csv", path),
    ("events.csv", path),
    ("timeseries.csv", path),
    ("kills.csv", path),
    ("kill_summary.csv", named),
    ("compare.csv", compared),
    ("compare_paths.csv", path),
    ("stress.csv", shocked),
    ("sweep.csv", swept),
    ("sweep_paths.csv", path),
    ("tune.csv", tuned::candidate),
    ("tune_profile.csv", tuned::profile),
    ("tune_conditions.csv", tuned::condition),
    ("walk_forward.csv", tuned::walk),
];

/// Reads a line.
pub(super) fn resolve(row: &Row, figure: Option<&str>) -> Result<Meant, ExplainError> {
    let known = TABLES.iter().find(|(name, _)| *name == row.table);
    let Some((_, read)) = known else {
        let names: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
        let instead = INSTEAD.iter().find(|(name, _)| *name == row.table);
        let instead = instead.map_or_else(String::new, |(_, words)| format!("; {words}"));
        return Err(ExplainError::Input(format!(
            "rows of {} have no path behind them{instead}; explained are those of {}",
            row.table,
            names.join(", ")
        )));
    };
    if let Some(figure) = figure
        && !WIDE.contains(&row.table.as_str())
    {
        return Err(ExplainError::Input(format!(
            "a line of {} is of one figure or path: leave out --metric {figure}; it goes with {}",
            row.table,
            WIDE.join(", ")
        )));
    }
    read(row, figure.unwrap_or(USUAL))
}

pub(super) fn need<'a>(row: &'a Row, column: &str) -> Result<&'a str, ExplainError> {
    row.get(column).ok_or_else(|| {
        ExplainError::Input(format!("the line of {} has nothing in {column}", row.table))
    })
}

pub(super) fn meant(row: &Row, figure: Figure) -> Meant {
    let text = |column: &str| row.get(column).map(str::to_owned);
    let explained = Explained { variant: text("variant"), agent: text("agent"), figure };
    Meant { explained, tuned: None }
}

/// An instant as tables write it, UTC ms.
fn parse_iso(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

/// A path, and an instant where there is one.
fn path(row: &Row, _: &str) -> Result<Meant, ExplainError> {
    let text = need(row, "path")?;
    let path = text.parse().map_err(|_| {
        ExplainError::Input(format!("\"{text}\" in the column path of {} is no number", row.table))
    })?;
    let instant = row.get("time").or_else(|| row.get("first_time")).and_then(parse_iso);
    let moment = instant.map(|time_ms| RowMoment { time_ms, event: event(row) });
    Ok(meant(row, Figure::Path(path, moment)))
}

/// The event that a line is of.
fn event(row: &Row) -> Option<RowEvent> {
    let text = |column: &str| row.get(column).map(str::to_owned);
    let (kind, agent, subject) = match row.table.as_str() {
        "events.csv" => (text("kind")?, "agent", "subject"),
        "kills.csv" => (EventKind::KillSwitchClosed.name().to_owned(), "agent", "position"),
        "compare_paths.csv" => (text("first_kind")?, "first_agent", "subject"),
        _ => return None,
    };
    Some(RowEvent { kind, agent: text(agent), subject: text(subject), amount: text("amount") })
}

fn named(row: &Row, _: &str) -> Result<Meant, ExplainError> {
    Ok(meant(row, Figure::Named(need(row, "metric")?.to_owned())))
}

/// The path whose event made the curve fall: the earliest.
fn survival(row: &Row, _: &str) -> Result<Meant, ExplainError> {
    Ok(meant(row, Figure::Named("time_to_first_liquidation".to_owned())))
}

fn compared(row: &Row, _: &str) -> Result<Meant, ExplainError> {
    Ok(meant(row, Figure::Difference(need(row, "metric")?.to_owned())))
}

/// A run of a stress; what its figures are of.
fn shocked(row: &Row, _: &str) -> Result<Meant, ExplainError> {
    let metric = need(row, "metric")?;
    let figure = match metric {
        "loss_added" | "rank" | "loss" => Figure::Named("final_equity".to_owned()),
        metric => Figure::Named(metric.strip_suffix("_added").unwrap_or(metric).to_owned()),
    };
    let mut meant = meant(row, figure);
    meant.explained.variant = Some(need(row, "shock")?.to_owned());
    Ok(meant)
}

/// Refuses a line of what failed.
pub(super) fn has_run(row: &Row) -> Result<(), ExplainError> {
    match row.get("reason") {
        Some(reason) => {
            Err(ExplainError::Input(format!("the line has no paths: its run failed: {reason}")))
        }
        None => Ok(()),
    }
}

/// A variant of a sweep: one of its figures, the mean final equity unless another is asked for.
fn swept(row: &Row, figure: &str) -> Result<Meant, ExplainError> {
    has_run(row)?;
    Ok(meant(row, Figure::Named(figure.to_owned())))
}
