//! The dictionary: what every metric and statistic is, printed into every report.

use super::{drift, fleet, impact, kills};
use crate::engine::{Metric, Rule};

/// Figures over paths that are not the mean of a metric: name, unit, formula.
const STATISTICS: &[(&str, &str, &str)] = &[
    (
        "<metric>",
        "of the metric",
        "mean over paths; interval: Student's t. A time has no mean over the paths that had one, \
         and none is written",
    ),
    (
        "<metric>_p05, _p50, _p95, _p99",
        "of the metric",
        "quantiles over paths (Hyndman and Fan's type 7) with exact order-statistic intervals; of \
         a time: the first at which the Kaplan–Meier curve has fallen by that share",
    ),
    (
        "liquidation_probability",
        "probability",
        "share of paths with a liquidation; Wilson's interval",
    ),
    (
        "distress_probability",
        "probability",
        "share of paths with a liquidation or a kill; Wilson's interval",
    ),
    ("bad_debt_probability", "probability", "share of paths with bad debt; Wilson's interval"),
    (
        "var_95",
        "USDC",
        "95 % quantile (type 7) of the loss = wallet and collateral at the start − final equity; \
         a loss is positive; horizon: the run",
    ),
    (
        "es_95",
        "USDC",
        "mean of the worst 5 % of the mass of the same loss (Acerbi and Tasche); bootstrap interval",
    ),
    ("lar_95", "USDC", "liquidity at risk: 95 % quantile (type 7) of liquidated_notional"),
];

/// Figures of every report and those of its parts.
fn statistics() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    let parts = [drift::STATISTICS, fleet::STATISTICS, impact::STATISTICS, kills::STATISTICS];
    STATISTICS.iter().chain(parts.into_iter().flatten())
}

/// `metrics.md`.
pub fn metrics_markdown() -> String {
    let mut text = String::from(
        "# Metrics\n\nColumns of `paths.csv`, one row per variant, path and agent. An empty field \
         means that there is none, or that it was not computed. Intervals are 95 %; an empty end \
         is unbounded: too few paths to bound it.\n\n| metric | unit | what it is |\n|---|---|---|\n",
    );
    for metric in Metric::ALL {
        push_row(&mut text, metric.name(), metric.unit(), metric.formula());
    }
    text.push_str(
        "\n## Statistics of `summary.csv`\n\nThe agent `all` is the sum over agents, where there \
         are several; only counts, amounts and the earliest time have one.\n\n\
         | statistic | unit | what it is |\n|---|---|---|\n",
    );
    for (name, unit, formula) in statistics() {
        push_row(&mut text, name, unit, formula);
    }
    text.push_str("\n## Rules of `fired_rules.csv`\n\n| rule | counts |\n|---|---|\n");
    for rule in Rule::ALL {
        text.push_str(&format!("| `{}` | {} |\n", rule.name(), rule.meaning()));
    }
    text
}

fn push_row(text: &mut String, name: &str, unit: &str, formula: &str) {
    let formula = formula.replace('|', "\\|");
    text.push_str(&format!("| `{name}` | {unit} | {formula} |\n"));
}

/// The same for the manifest.
pub(super) fn dictionary_json() -> serde_json::Value {
    let entry = |name: &str, unit: &str, formula: &str| {
        (name.to_owned(), serde_json::json!({ "unit": unit, "formula": formula }))
    };
    let metrics = Metric::ALL.iter().map(|m| entry(m.name(), m.unit(), m.formula()));
    let all = statistics();
    let statistics = all.map(|(name, unit, formula)| entry(name, unit, formula));
    serde_json::Value::Object(metrics.chain(statistics).collect())
}
