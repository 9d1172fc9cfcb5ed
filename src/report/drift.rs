//! What a drift of correlations costs: the plan against itself on the same draws without it.

use super::number::{percent, signed_money};
use super::summary::{Summary, SummaryRow};
use crate::engine::Metric;
use crate::stats::{
    Interval, mean_and_stderr, paired_difference_interval, paired_es_difference,
    paired_quantile_difference,
};
use crate::study::{AgentResult, Role, StudyResult, VariantSet};

const CONFIDENCE: f64 = 0.95;

/// The rows of the plan's whole account that [`STATISTICS`] names; none without a variant without
/// the drift.
pub(super) fn rows(result: &StudyResult, set: &VariantSet) -> Vec<SummaryRow> {
    let place = |role| set.with_role(role, None);
    let (Some(plan), Some(calm)) = (place(Role::Plan), place(Role::NoDrift)) else {
        return Vec::new();
    };
    let (name, with) = (&result.variants[plan].name, result.variants[plan].whole());
    let without = result.variants[calm].whole();
    let [a, b] = [with, without].map(AgentResult::losses);
    let [hit, spared] = [with, without].map(liquidated);
    let size = result.replication.size();
    let unknown = (f64::NAN, Interval::UNBOUNDED);
    let var = paired_quantile_difference(&a, &b, size, CONFIDENCE).unwrap_or(unknown);
    let shortfall = paired_es_difference(&a, &b, size, CONFIDENCE).unwrap_or(unknown);
    let interval = paired_difference_interval(&hit, &spared, size).unwrap_or(Interval::UNBOUNDED);
    let probability = (mean_and_stderr(&hit).0 - mean_and_stderr(&spared).0, interval);
    [(var, "USDC"), (shortfall, "USDC"), (probability, "probability")]
        .into_iter()
        .zip(STATISTICS)
        .map(|(((value, interval), unit), (metric, ..))| SummaryRow {
            variant: name.clone(),
            agent: with.name.clone(),
            metric: (*metric).to_owned(),
            value: Some(value).filter(|value| value.is_finite()),
            interval,
            unit,
        })
        .collect()
}

/// Names, units and meanings of the rows.
pub(super) const STATISTICS: &[(&str, &str, &str)] = &[
    (
        "var_95_by_drift",
        "USDC",
        "var_95 less that of no_drift, the plan on the same draws without the drift of \
         correlations; interval: Student's t over sections of pairs of paths",
    ),
    ("es_95_by_drift", "USDC", "es_95 less that of no_drift; interval as var_95_by_drift"),
    (
        "liquidation_probability_by_drift",
        "probability",
        "liquidation_probability less that of no_drift; interval: Student's t over pairs of paths",
    ),
];

/// 1 on each path with a liquidation.
pub(super) fn liquidated(agent: &AgentResult) -> Vec<f64> {
    let flag = |count: f64| f64::from(u8::from(count > 0.0));
    agent.column(Metric::Liquidations).iter().map(flag).collect()
}

/// What the rows say.
pub(super) fn sentence(
    result: &StudyResult,
    set: &VariantSet,
    summary: &Summary,
) -> Option<String> {
    set.with_role(Role::NoDrift, None)?;
    let plan = &result.variants[set.with_role(Role::Plan, None)?];
    let get = |metric: &str| summary.get(&plan.name, &plan.whole().name, metric);
    let figure = |metric: &str, show: fn(f64) -> String| {
        let row = get(metric)?;
        let bounds = match (row.interval.low, row.interval.high) {
            (Some(low), Some(high)) => format!("95 %: {} to {}", show(low), show(high)),
            _ => "too few paths for an interval".to_owned(),
        };
        Some(format!("{} ({bounds})", show(row.value?)))
    };
    let points = |share: f64| {
        let sign = if share > 0.0 { "+" } else { "" };
        format!("{sign}{}", percent(share))
    };
    Some(format!(
        "The drift of correlations changes VaR95 by {} USDC, ES95 by {} USDC and the liquidation \
         probability by {}, against the same draws without it.",
        figure("var_95_by_drift", signed_money)?,
        figure("es_95_by_drift", signed_money)?,
        figure("liquidation_probability_by_drift", points)?,
    ))
}
