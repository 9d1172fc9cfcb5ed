//! What a line of each table asks for. A table is one line of [`TABLES`].

use super::row::Row;
use super::{ExplainError, Explained};

/// What leads to a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// The path itself, and the instant that the row is about, UTC ms.
    Path(u64, Option<i64>),
    /// A figure by its name in `summary.csv`.
    Named(String),
    /// A quantile of a metric.
    Quantile(String, f64),
    /// The difference of a metric against the baseline, as in `compare.csv`.
    Difference(String),
}

/// What a line means.
pub(super) struct Meant {
    pub explained: Explained,
    /// Fields that the variant sets over the scenario, where they stand in the line itself.
    pub sets: Vec<(String, String)>,
    /// Seed and number of paths, where they are not the scenario's.
    pub ground: Option<(u64, u64)>,
}

type Reader = fn(&Row, Option<&str>) -> Result<Meant, ExplainError>;

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
    ("tune.csv", tuned),
];

/// Reads a line.
pub(super) fn resolve(row: &Row, figure: Option<&str>) -> Result<Meant, ExplainError> {
    let known = TABLES.iter().find(|(name, _)| *name == row.table);
    let Some((_, read)) = known else {
        let names: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
        return Err(ExplainError::Input(format!(
            "rows of {} have no path behind them; explained are those of {}",
            row.table,
            names.join(", ")
        )));
    };
    read(row, figure)
}

fn need<'a>(row: &'a Row, column: &str) -> Result<&'a str, ExplainError> {
    row.get(column).ok_or_else(|| {
        ExplainError::Input(format!("the line of {} has nothing in {column}", row.table))
    })
}

fn meant(row: &Row, figure: Figure) -> Meant {
    let text = |column: &str| row.get(column).map(str::to_owned);
    let explained = Explained { variant: text("variant"), agent: text("agent"), figure };
    Meant { explained, sets: Vec::new(), ground: None }
}

/// An instant as tables write it, UTC ms.
fn parse_iso(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

/// A path, and an instant where there is one.
fn path(row: &Row, _: Option<&str>) -> Result<Meant, ExplainError> {
    let text = need(row, "path")?;
    let path = text.parse().map_err(|_| {
        ExplainError::Input(format!("\"{text}\" in the column path of {} is no number", row.table))
    })?;
    let instant = row.get("time").or_else(|| row.get("first_time"));
    Ok(meant(row, Figure::Path(path, instant.and_then(parse_iso))))
}

fn named(row: &Row, _: Option<&str>) -> Result<Meant, ExplainError> {
    Ok(meant(row, Figure::Named(need(row, "metric")?.to_owned())))
}

/// The path whose event made the curve fall: the earliest.
fn survival(row: &Row, _: Option<&str>) -> Result<Meant, ExplainError> {
    Ok(meant(row, Figure::Named("time_to_first_liquidation".to_owned())))
}

fn compared(row: &Row, _: Option<&str>) -> Result<Meant, ExplainError> {
    Ok(meant(row, Figure::Difference(need(row, "metric")?.to_owned())))
}

/// A run of a stress; what its figures are of.
fn shocked(row: &Row, _: Option<&str>) -> Result<Meant, ExplainError> {
    let metric = need(row, "metric")?;
    let figure = match metric {
        "loss_added" | "rank" | "loss" => Figure::Named("final_equity".to_owned()),
        metric => Figure::Named(metric.strip_suffix("_added").unwrap_or(metric).to_owned()),
    };
    let mut meant = meant(row, figure);
    meant.explained.variant = Some(need(row, "shock")?.to_owned());
    Ok(meant)
}

/// A variant of a sweep: one of its figures, the mean final equity unless another is asked for.
fn swept(row: &Row, figure: Option<&str>) -> Result<Meant, ExplainError> {
    if let Some(reason) = row.get("reason") {
        return Err(ExplainError::Input(format!("the variant has no paths: {reason}")));
    }
    let figure = figure.unwrap_or("final_equity");
    Ok(meant(row, Figure::Named(figure.to_owned())))
}

/// A candidate of a tuning, on the paths of its stage.
fn tuned(row: &Row, figure: Option<&str>) -> Result<Meant, ExplainError> {
    if let Some(reason) = row.get("reason") {
        return Err(ExplainError::Input(format!("the candidate has no paths: {reason}")));
    }
    let figure = figure.unwrap_or("final_equity");
    let mut meant = meant(row, Figure::Named(figure.to_owned()));
    meant.explained.variant = Some(need(row, "candidate")?.to_owned());
    // Only names of fields have a dot.
    let fields = row.fields.iter().filter(|(name, value)| name.contains('.') && !value.is_empty());
    meant.sets = fields.map(|(name, value)| (name.clone(), as_toml(value))).collect();
    let seed = match need(row, "stage")? {
        "validation" => &row.manifest["validation_seed"],
        _ => &row.manifest["seed"],
    };
    let paths = need(row, "paths")?.parse().ok();
    meant.ground = seed.as_u64().zip(paths);
    Ok(meant)
}

/// A value as a person writes it, as TOML does.
fn as_toml(text: &str) -> String {
    let plain = text.parse::<f64>().is_ok() || text == "true" || text == "false";
    if plain || text.starts_with('[') || text.starts_with('{') {
        return text.to_owned();
    }
    format!("{text:?}")
}
