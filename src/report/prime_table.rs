//! What a run with prime brokerage prints beside the first table: how full the wallet was, and
//! what lending brought.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::number::{count, money, percent, signed_money};
use super::summary::Summary;
use crate::engine::Metric;
use crate::study::StudyResult;

/// A column: its title, its metric, and how that is written.
type Column = (&'static str, Metric, fn(f64) -> String);

const WALLET: &[Column] = &[
    ("utilisation", Metric::UtilisationMean, percent),
    ("its p95", Metric::UtilisationP95, percent),
    ("in green", Metric::TimeGreen, percent),
    ("yellow", Metric::TimeYellow, percent),
    ("orange", Metric::TimeOrange, percent),
    ("red", Metric::TimeRed, percent),
    ("margin calls", Metric::MarginCalls, count),
    ("turned down", Metric::RequestsRejected, count),
];

const LENDING: &[Column] = &[
    ("interest", Metric::Interest, money),
    ("paid", Metric::InterestPaid, money),
    ("losses", Metric::LendingLosses, money),
    ("referral", Metric::Referral, money),
    ("net yield", Metric::NetYield, signed_money),
    ("recalls", Metric::Recalls, count),
    ("failed", Metric::RecallsFailed, count),
    ("shortfall", Metric::RecallShortfall, money),
];

/// The two tables with their headings; nothing without prime brokerage.
pub(super) fn prime_tables(result: &StudyResult, summary: &Summary) -> String {
    if !result.metrics.prime {
        return String::new();
    }
    let mean = if result.paths == 1 { "" } else { ", mean over paths" };
    format!(
        "\n\nThe wallet: utilisation over time, share of time in its zones, calls and requests \
         turned down{mean}\n{}\n\nLending: USDC and loans asked back{mean}\n{}",
        table(result, summary, WALLET),
        table(result, summary, LENDING)
    )
}

/// One row per variant and agent; metrics that were not computed have no column.
fn table(result: &StudyResult, summary: &Summary, columns: &[Column]) -> String {
    let several = result.variants.iter().any(|variant| variant.agents.len() > 1);
    let names = if several { &["variant", "agent"][..] } else { &["variant"] };
    let computed = || columns.iter().filter(|(_, metric, _)| result.metrics.has(*metric));
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(names.iter().copied().chain(computed().map(|(title, ..)| *title)));
    for variant in &result.variants {
        for agent in &variant.agents {
            let left = [&variant.name, &agent.name].into_iter().take(names.len());
            let figures = computed().map(|(_, metric, show)| {
                let row = summary.get(&variant.name, &agent.name, metric.name());
                // Ratios and looks at every tick have no sum over agents.
                let text = row.and_then(|row| row.value).map_or_else(|| "–".to_owned(), show);
                Cell::new(text).set_alignment(CellAlignment::Right)
            });
            table.add_row(left.map(Cell::new).chain(figures));
        }
    }
    table.to_string()
}
