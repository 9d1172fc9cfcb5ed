//! What a run prints: one table, the answer in sentences, and where the files are.

use std::path::Path;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::files::Findings;
use super::not_modelled::not_modelled;
use super::number::{count, money, percent};
use super::prime_table::prime_tables;
use super::risk_table::{book_table, tests_table};
use super::shown::Shown;
use super::summary::{Summary, SummaryRow};
use super::verdict;
use super::{fleet, impact, kills};
use crate::scenario::Scenario;
use crate::study::{StudyResult, VariantSet};
use crate::units::time::to_iso;

/// Width of the sentences.
const TEXT_WIDTH: usize = 100;

/// The report. `distances` are the scenario's thresholds as price moves, a line each, `out` the folder.
pub fn terminal_report(
    scenario: &Scenario,
    set: &VariantSet,
    findings: &Findings,
    distances: &str,
    out: &Path,
) -> String {
    let result = &findings.result;
    let mut text = header(scenario, result);
    let shown = Shown::of(result);
    text.push_str(&table(result, &findings.summary, &shown));
    text.push_str(&prime_tables(result, &findings.summary, &shown));
    text.push_str(&fleet::tables(set, findings));
    text.push_str(&impact::table(result, set, &findings.summary));
    text.push_str(&book_table(&findings.book));
    text.push_str(&tests_table(&findings.backtests));
    for (index, note) in shown.note(result).iter().enumerate() {
        text.push_str(if index == 0 { "\n\n" } else { "" });
        push_wrapped(&mut text, "", note);
    }
    let gap = if text.ends_with('\n') { "\n" } else { "\n\n" };
    text.push_str(gap);
    text.push_str("Would these thresholds have saved me, and what did they cost?\n");
    for sentence in verdict::sentences(scenario, set, result, &findings.summary) {
        push_wrapped(&mut text, "  ", &sentence);
    }
    for sentence in
        kills::sentences(findings.kills.as_deref().unwrap_or_default(), result, &findings.summary)
    {
        push_wrapped(&mut text, "  ", &sentence);
    }
    let (fired, silent) = verdict::rules(set, result);
    let or_none = |names: String| if names.is_empty() { "none".to_owned() } else { names };
    push_wrapped(&mut text, "Rules that fired: ", &or_none(fired.join(", ")));
    push_wrapped(&mut text, "Never fired, so not tested: ", &or_none(silent.join(", ")));
    if !distances.is_empty() {
        text.push_str("Distances of the thresholds at the start:\n");
        text.push_str(distances);
    }
    for warning in &scenario.warnings {
        text.push_str(&format!("Warning: {warning}\n"));
    }
    push_wrapped(&mut text, "Not modelled: ", &not_modelled(&scenario.plan).join("; "));
    text.push_str(&format!("Files: {}\n", out.display()));
    text
}

fn header(scenario: &Scenario, result: &StudyResult) -> String {
    let (start, end) = result.span_ms;
    let paths = if result.paths == 1 { "path" } else { "paths" };
    format!(
        "{}: {}\n{} {paths} · {} to {} · seed {}\n\n",
        scenario.name,
        scenario.question,
        count(result.paths as f64),
        to_iso(start),
        to_iso(end),
        scenario.seed
    )
}

/// Lines of at most [`TEXT_WIDTH`] characters; the first starts with `lead`.
pub(super) fn push_wrapped(text: &mut String, lead: &str, words: &str) {
    let indent = " ".repeat(if lead.trim().is_empty() { lead.len() } else { 2 });
    let mut line = lead.to_owned();
    let mut fresh = true;
    for word in words.split_whitespace() {
        // A number keeps its percent sign.
        let breaks = !word.starts_with('%');
        if !fresh && breaks && line.chars().count() + 1 + word.chars().count() > TEXT_WIDTH - 2 {
            text.push_str(line.trim_end());
            text.push('\n');
            line.clone_from(&indent);
            fresh = true;
        }
        if !fresh {
            line.push(' ');
        }
        line.push_str(word);
        fresh = false;
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

fn table(result: &StudyResult, summary: &Summary, shown: &Shown) -> String {
    let one = result.paths == 1;
    let several = result.variants.iter().any(|variant| variant.agents.len() > 1);
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    let mut header = vec!["variant"];
    if several {
        header.push("agent");
    }
    header.extend(if one { ONE_PATH } else { MANY_PATHS });
    let names = header.len() - if one { ONE_PATH.len() } else { MANY_PATHS.len() };
    table.set_header(header);
    for variant in &result.variants {
        for agent in shown.among(variant) {
            let get = |metric: &str| summary.get(&variant.name, &agent.name, metric);
            let mut row = vec![variant.name.clone()];
            if several {
                row.push(agent.name.clone());
            }
            row.extend(if one { one_path(&get) } else { many_paths(&get) });
            let cells = row.into_iter().enumerate().map(|(column, text)| {
                let side = if column < names { CellAlignment::Left } else { CellAlignment::Right };
                Cell::new(text).set_alignment(side)
            });
            table.add_row(cells);
        }
    }
    table.to_string()
}

const ONE_PATH: &[&str] = &[
    "liquidations",
    "kills",
    "stops",
    "top-ups",
    "topped up",
    "fees + slippage",
    "final equity",
    "bad debt",
];

type Get<'a, 'b> = &'b dyn Fn(&str) -> Option<&'a SummaryRow>;

fn value(get: Get, metric: &str) -> f64 {
    get(metric).and_then(|row| row.value).unwrap_or(f64::NAN)
}

fn one_path(get: Get) -> Vec<String> {
    vec![
        count(value(get, "liquidations")),
        count(value(get, "kill_switches")),
        count(value(get, "stop_losses")),
        count(value(get, "top_ups")),
        money(value(get, "top_up_amount")),
        money(value(get, "fees_paid") + value(get, "slippage_cost")),
        money(value(get, "final_equity")),
        money(value(get, "bad_debt")),
    ]
}

const MANY_PATHS: &[&str] = &[
    "P(liquidation) [95 %]",
    "kills",
    "top-ups",
    "equity: mean",
    "p05",
    "p50",
    "ES95 [95 %]",
    "bad debt",
];

fn many_paths(get: Get) -> Vec<String> {
    let range = |metric: &str, show: fn(f64) -> String| {
        let bound = |end: Option<f64>| end.map_or_else(|| "…".to_owned(), show);
        get(metric).map_or_else(String::new, |row| {
            let (low, high) = (bound(row.interval.low), bound(row.interval.high));
            format!("{} [{low}, {high}]", show(row.value.unwrap_or(f64::NAN)))
        })
    };
    vec![
        range("liquidation_probability", percent),
        count(value(get, "kill_switches")),
        count(value(get, "top_ups")),
        money(value(get, "final_equity")),
        money(value(get, "final_equity_p05")),
        money(value(get, "final_equity_p50")),
        range("es_95", |usdc| super::number::grouped(usdc, 0)),
        money(value(get, "bad_debt")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_between_words() {
        let mut text = String::new();
        push_wrapped(&mut text, "Lead: ", &"word 9 % ".repeat(40));
        assert!(text.lines().all(|line| line.len() <= TEXT_WIDTH), "{text}");
        assert!(text.starts_with("Lead: word 9 % word"));
        assert!(
            text.lines()
                .skip(1)
                .all(|line| line.starts_with("  ") && !line.trim().starts_with('%'))
        );
    }
}
