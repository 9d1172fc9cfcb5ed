//! What a run with prime brokerage prints beside the first table: how full the wallet was, and
//! what lending brought.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::number::{count, money, percent, signed_money};
use super::shown::Shown;
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

const ESCROW: &[Column] = &[
    ("obligations", Metric::Obligations, count),
    ("settlements", Metric::Settlements, count),
    ("paid", Metric::EscrowPaid, money),
    ("received", Metric::EscrowReceived, money),
    ("all fees", Metric::FeesPaid, money),
    ("fees saved", Metric::FeesSaved, money),
    ("timed out", Metric::EscrowTimeouts, count),
    ("not paid", Metric::PaymentsRefused, money),
    ("trapped, USDC·days", Metric::TrappedCapital, money),
];

/// What equity alone would hide.
const NOT_PAID: &str = "\n  What was not paid for lack of money is still in the equity of who \
                        owed it: compare equities beside \"not paid\".";

/// The tables with their headings, of what the run has; nothing without prime brokerage.
pub(super) fn prime_tables(result: &StudyResult, summary: &Summary, shown: &Shown) -> String {
    if !result.metrics.prime {
        return String::new();
    }
    let mean = if result.paths == 1 { "" } else { ", mean over paths" };
    let mut text = format!(
        "\n\nThe wallet: utilisation over time, share of time in its zones, calls and requests \
         turned down{mean}\n{}",
        table(result, summary, WALLET, shown)
    );
    if any(result, &[Metric::LoansGiven, Metric::InterestPaid, Metric::Referral]) {
        let lending = table(result, summary, LENDING, shown);
        text.push_str(&format!("\n\nLending: USDC and loans asked back{mean}\n{lending}"));
    }
    let payments = [Metric::Obligations, Metric::EscrowReceived, Metric::TrappedCapital];
    if any(result, &payments) || any(result, &[Metric::PaymentsRefused]) {
        let escrow = table(result, summary, ESCROW, shown);
        text.push_str(&format!("\n\nPayments: escrow, netting, money under way{mean}\n{escrow}"));
    }
    if any(result, &[Metric::PaymentsRefused]) {
        text.push_str(NOT_PAID);
    }
    text
}

/// Whether any of these metrics is above zero anywhere.
fn any(result: &StudyResult, metrics: &[Metric]) -> bool {
    let agents = result.variants.iter().flat_map(|variant| &variant.agents);
    let mut columns = agents.flat_map(|agent| metrics.iter().map(|metric| agent.column(*metric)));
    columns.any(|column| column.positive() > 0)
}

/// One row per variant and agent; metrics that were not computed have no column.
fn table(result: &StudyResult, summary: &Summary, columns: &[Column], shown: &Shown) -> String {
    let several = result.variants.iter().any(|variant| variant.agents.len() > 1);
    let names = if several { &["variant", "agent"][..] } else { &["variant"] };
    let computed = || columns.iter().filter(|(_, metric, _)| result.metrics.has(*metric));
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(names.iter().copied().chain(computed().map(|(title, ..)| *title)));
    for variant in &result.variants {
        for agent in shown.among(variant) {
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
