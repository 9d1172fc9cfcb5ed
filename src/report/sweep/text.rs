//! What a sweep says on the terminal.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::{SweepFinished, SweepPlan, SweepRow};
use crate::report::axis_names::axis_names;
use crate::report::number::{grouped, percent};

/// Variants that are all shown; of more, those at the ends of each figure.
const ALL: usize = 16;
/// Failures that are told.
const FAILURES: usize = 5;

/// The report of a finished sweep.
pub fn sweep_report(plan: &SweepPlan<'_>, finished: &SweepFinished) -> String {
    let scenario = plan.file.base();
    let (rows, columns) = (&finished.rows, &plan.columns);
    let mut text = format!("{}\n", scenario.name);
    if !scenario.question.is_empty() {
        text += &format!("{}\n", scenario.question);
    }
    text += &format!(
        "{} on the same {} (seed {})",
        counted(rows.len() as u64, "variant"),
        counted(scenario.paths, "path"),
        scenario.seed
    );
    if plan.design.duplicates > 0 {
        text +=
            &format!("; {} drawn again left out", counted(plan.design.duplicates as u64, "point"));
    }
    if plan.design.dropped > 0 {
        text += &format!("; {} points break a constraint", grouped(plan.design.dropped as f64, 0));
    }
    text += ".\n\n";
    let failed: Vec<&SweepRow> = rows.iter().filter(|row| row.figures.is_err()).collect();
    for row in failed.iter().take(FAILURES) {
        let why = row.figures.as_ref().err().map_or("", String::as_str);
        text += &format!("{} failed: {why}\n", row.variant);
    }
    if !failed.is_empty() {
        let all = counted(rows.len() as u64, "variant");
        text += &format!("{} of {all} failed: see reason in sweep.csv.\n\n", failed.len());
    }
    let done: Vec<&SweepRow> = rows.iter().filter(|row| row.figures.is_ok()).collect();
    if let Some(first) = done.first() {
        let agent = first.agents().last().copied().unwrap_or_default().to_owned();
        text += &match done.len() <= ALL {
            true => every(plan, columns, &done, &agent),
            false => ends(columns, &done, &agent),
        };
        text += "\n";
    }
    text += &format!("Files: {}\n", finished.folder.display());
    text
}

/// How much ran (variants times paths) and how fast, for the standard error alone: no file has a time of
/// the clock.
pub fn sweep_speed(plan: &SweepPlan<'_>, ran: u64, seconds: f64) -> String {
    let steps = plan.file.base().prices.steps();
    let paths = grouped(ran as f64, 0);
    // Where prices vary, so may the number of steps.
    let (count, what) = match plan.axes().iter().any(|axis| axis.starts_with("prices")) {
        true => (ran as f64, format!("{paths} paths of variants")),
        false => {
            let states = ran as f64 * steps as f64;
            let words = format!(
                "{} state evaluations ({paths} paths of variants × {} steps)",
                grouped(states, 0),
                grouped(steps as f64, 0)
            );
            (states, words)
        }
    };
    let rate = if seconds > 0.0 { count / seconds } else { 0.0 };
    format!("{what} in {seconds:.1} s, tables and charts included: {} a second", grouped(rate, 0))
}

/// `1 path`, `2,000 paths`.
fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", grouped(count as f64, 0))
}

fn table(header: Vec<String>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    table
}

/// One line per variant.
fn every(plan: &SweepPlan<'_>, columns: &[String], rows: &[&SweepRow], agent: &str) -> String {
    let shown: Vec<&String> = columns.iter().filter(|name| varies(name, rows, agent)).collect();
    let axes = axis_names(&plan.design.space.axes);
    let header = std::iter::once("variant".to_owned()).chain(axes);
    let mut table = table(header.chain(shown.iter().map(|name| (*name).clone())).collect());
    for row in rows {
        let figure =
            |name: &&String| Cell::new(show(row, agent, name)).set_alignment(CellAlignment::Right);
        let texts = std::iter::once(&row.variant).chain(&row.coordinates).map(Cell::new);
        table.add_row(texts.chain(shown.iter().map(figure)));
    }
    let same: Vec<&str> =
        columns.iter().filter(|name| !shown.contains(name)).map(String::as_str).collect();
    let mut text = format!("{table}\n");
    if !same.is_empty() {
        text += &format!("The same under every variant: {}.\n", same.join(", "));
    }
    text
}

fn varies(name: &str, rows: &[&SweepRow], agent: &str) -> bool {
    let value = |row: &SweepRow| row.get(agent, name).and_then(|row| row.value).map(f64::to_bits);
    rows.iter().any(|row| value(row) != value(rows[0]))
}

/// One line per figure: where it is lowest and highest.
fn ends(columns: &[String], rows: &[&SweepRow], agent: &str) -> String {
    let names = ["figure", "lowest", "under", "median", "highest", "under"];
    let mut table = table(names.map(str::to_owned).into());
    for name in columns {
        let value = |row: &SweepRow| row.get(agent, name).and_then(|row| row.value);
        let mut sorted: Vec<(f64, &SweepRow)> =
            rows.iter().filter_map(|row| value(row).map(|value| (value, *row))).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (Some(low), Some(high)) = (sorted.first(), sorted.last()) else { continue };
        let middle = sorted[sorted.len() / 2].1;
        let cells = [
            name.clone(),
            show(low.1, agent, name),
            low.1.variant.clone(),
            show(middle, agent, name),
            show(high.1, agent, name),
            high.1.variant.clone(),
        ];
        table.add_row(cells);
    }
    format!("{table}\n")
}

fn show(row: &SweepRow, agent: &str, name: &str) -> String {
    let Some(figure) = row.get(agent, name) else { return String::new() };
    match (figure.value, figure.unit) {
        (None, _) => "–".to_owned(),
        (Some(value), "probability" | "fraction") => percent(value),
        (Some(value), "USDC") => grouped(value, 2),
        (Some(value), _) => grouped(value, 3),
    }
}
