//! What impact feedback costs: the plan against itself on the same paths without it.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::drift::liquidated;
use super::number::{count, money, percent};
use super::summary::{Summary, SummaryRow};
use crate::engine::Metric;
use crate::stats::{
    Interval, mean_and_stderr, paired_difference_interval, paired_es_difference,
    paired_quantile_difference,
};
use crate::study::{AgentResult, Role, StudyResult, VariantSet};

const CONFIDENCE: f64 = 0.95;

/// Name, unit and meaning of the rows; the name of the figure that is compared stands before
/// `_by_impact`.
pub(super) const STATISTICS: &[(&str, &str, &str)] = &[
    (
        "liquidation_probability_by_impact",
        "probability",
        "liquidation_probability less that of no_impact, the plan on the same paths where forced \
         fills move no price; interval: Student's t over pairs of paths",
    ),
    (
        "liquidations_by_impact",
        "count",
        "mean of liquidations less that of no_impact; interval as \
         liquidation_probability_by_impact",
    ),
    (
        "bad_debt_by_impact",
        "USDC",
        "mean of bad_debt less that of no_impact; interval as liquidation_probability_by_impact",
    ),
    (
        "var_95_by_impact",
        "USDC",
        "var_95 less that of no_impact; interval: Student's t over sections of pairs of paths",
    ),
    ("es_95_by_impact", "USDC", "es_95 less that of no_impact; interval as var_95_by_impact"),
    (
        "cascade_size_by_impact",
        "count",
        "mean of cascade_size less that of no_impact; interval as \
         liquidation_probability_by_impact",
    ),
];

/// The rows of the plan's whole account; none without a variant without impact.
pub(super) fn rows(result: &StudyResult, set: &VariantSet) -> Vec<SummaryRow> {
    let place = |role| set.with_role(role, None);
    let (Some(plan), Some(still)) = (place(Role::Plan), place(Role::NoImpact)) else {
        return Vec::new();
    };
    let (name, with) = (&result.variants[plan].name, result.variants[plan].whole());
    let without = result.variants[still].whole();
    let size = result.replication.size();
    let of_means = |a: &[f64], b: &[f64]| {
        let interval = paired_difference_interval(a, b, size).unwrap_or(Interval::UNBOUNDED);
        (mean_and_stderr(a).0 - mean_and_stderr(b).0, interval)
    };
    let of_metric = |metric| of_means(&column(with, metric), &column(without, metric));
    let unknown = (f64::NAN, Interval::UNBOUNDED);
    let [a, b] = [with, without].map(AgentResult::losses);
    let figures = [
        of_means(&liquidated(with), &liquidated(without)),
        of_metric(Metric::Liquidations),
        of_metric(Metric::BadDebt),
        paired_quantile_difference(&a, &b, size, CONFIDENCE).unwrap_or(unknown),
        paired_es_difference(&a, &b, size, CONFIDENCE).unwrap_or(unknown),
        of_metric(Metric::CascadeSize),
    ];
    (figures.into_iter().zip(STATISTICS))
        .map(|((value, interval), (metric, unit, _))| SummaryRow {
            variant: name.clone(),
            agent: with.name.clone(),
            metric: (*metric).to_owned(),
            value: Some(value).filter(|value| value.is_finite()),
            interval,
            unit,
        })
        .collect()
}

fn column(agent: &AgentResult, metric: Metric) -> Vec<f64> {
    agent.column(metric).iter().collect()
}

/// The rows as a table, with the figures of both; empty without a variant without impact.
pub(super) fn table(result: &StudyResult, set: &VariantSet, summary: &Summary) -> String {
    let place = |role| set.with_role(role, None);
    let (Some(plan), Some(still)) = (place(Role::Plan), place(Role::NoImpact)) else {
        return String::new();
    };
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["impact of forced fills", "without", "with", "difference", "95 % interval"]);
    for (metric, unit, _) in STATISTICS {
        let figure = metric.trim_end_matches("_by_impact");
        let show = |value: f64| match *unit {
            "probability" => percent(value),
            "USDC" => money(value),
            _ => count(value),
        };
        let find = |variant: usize, metric: &str| {
            let variant = &result.variants[variant];
            summary.get(&variant.name, &variant.whole().name, metric)
        };
        let value = |variant: usize, metric: &str| {
            let value = find(variant, metric).and_then(|row| row.value);
            value.map_or_else(|| "–".to_owned(), show)
        };
        let bounds = match find(plan, metric).map(|row| (row.interval.low, row.interval.high)) {
            Some((Some(low), Some(high))) => format!("{} to {}", show(low), show(high)),
            _ => "too few paths".to_owned(),
        };
        let cells = [
            format!("{figure}, {unit}"),
            value(still, figure),
            value(plan, figure),
            value(plan, metric),
            bounds,
        ];
        table.add_row(cells.into_iter().enumerate().map(|(column, text)| {
            let side = if column == 0 { CellAlignment::Left } else { CellAlignment::Right };
            Cell::new(text).set_alignment(side)
        }));
    }
    format!("\n\n{table}")
}
