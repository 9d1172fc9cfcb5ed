//! `summary.csv`: every figure with its interval, in long form.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::number::exact_or_empty;
use super::survival::{observations, time_quantile};
use crate::engine::{Metric, MetricKind, MetricScope};
use crate::stats::{
    Interval, Replication, expected_shortfall, kaplan_meier, mean_and_stderr, quantile_type7,
    value_at_risk,
};
use crate::study::{AgentResult, Column, StudyResult};

/// The quantiles and the suffixes of their names.
pub(super) const QUANTILES: [(f64, &str); 4] =
    [(0.05, "_p05"), (0.5, "_p50"), (0.95, "_p95"), (0.99, "_p99")];

/// Shares of paths, and the metric that is above zero on them.
const PROBABILITIES: [(&str, Metric); 3] = [
    ("liquidation_probability", Metric::Liquidations),
    ("distress_probability", Metric::DistressExits),
    ("bad_debt_probability", Metric::BadDebt),
];

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub struct SummaryRow {
    /// Variant.
    pub variant: String,
    /// Agent, or `all`.
    pub agent: String,
    /// Metric or statistic.
    pub metric: String,
    /// Its value, in `unit`; `None` where there is none.
    pub value: Option<f64>,
    /// 95 % interval; an end is `None` where it is unbounded or not computed.
    pub interval: Interval,
    /// Unit.
    pub unit: &'static str,
}

/// All figures of a study, by variant, agent and metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The rows of `summary.csv`: those of a variant and agent stand together.
    rows: Vec<SummaryRow>,
    /// Where in the rows those of a variant and agent begin.
    places: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
}

impl Summary {
    /// The figures of a study. `run_days` is the length of a path.
    /// VaR, ES and LaR are given at each of `confidences`.
    pub fn of(result: &StudyResult, run_days: f64, confidences: &[f64]) -> Self {
        Self::of_wanted(result, run_days, confidences, &|_| true)
    }

    /// The same, those alone that are wanted by name: the others are not computed.
    pub fn of_wanted(
        result: &StudyResult,
        run_days: f64,
        confidences: &[f64],
        wanted: &dyn Fn(&str) -> bool,
    ) -> Self {
        let mut rows = Vec::new();
        for variant in &result.variants {
            for agent in &variant.agents {
                let sum = variant.agents.len() > 1 && std::ptr::eq(agent, variant.whole());
                let draws = result.replication;
                let scope = Scope { metrics: result.metrics, sum, run_days, draws, wanted };
                let mut out = Figures { variant: &variant.name, agent, rows: &mut rows };
                out.metrics(&scope);
                out.probabilities(&scope);
                out.risk(&scope, confidences);
            }
        }
        Self::of_rows(rows)
    }

    /// Figures that were made elsewhere.
    pub(super) fn of_rows(rows: Vec<SummaryRow>) -> Self {
        let mut summary = Self { rows: Vec::new(), places: BTreeMap::new() };
        summary.extend(rows);
        summary
    }

    /// Adds rows at the end.
    pub fn extend(&mut self, rows: Vec<SummaryRow>) {
        for row in rows {
            let at = self.rows.len();
            let follows = self.rows.last();
            let follows = follows.is_some_and(|r| r.variant == row.variant && r.agent == row.agent);
            if !follows {
                let of_variant = self.places.entry(row.variant.clone()).or_default();
                of_variant.entry(row.agent.clone()).or_default().push(at);
            }
            self.rows.push(row);
        }
    }

    /// All figures, by variant, agent and metric.
    pub fn rows(&self) -> &[SummaryRow] {
        &self.rows
    }

    /// One figure.
    pub fn get(&self, variant: &str, agent: &str, metric: &str) -> Option<&SummaryRow> {
        let starts = self.places.get(variant)?.get(agent)?;
        let together = |start: &usize| {
            let rows = self.rows.get(*start..).unwrap_or_default().iter();
            rows.take_while(|row| row.variant == variant && row.agent == agent)
        };
        starts.iter().flat_map(together).find(|row| row.metric == metric)
    }

    /// Writes the table.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["variant", "agent", "metric", "value", "ci_low", "ci_high", "unit"])?;
        for row in &self.rows {
            table.write_record([
                row.variant.as_str(),
                &row.agent,
                &row.metric,
                &exact_or_empty(row.value),
                &exact_or_empty(row.interval.low),
                &exact_or_empty(row.interval.high),
                row.unit,
            ])?;
        }
        table.flush()
    }
}

struct Scope<'a> {
    metrics: MetricScope,
    /// The sum over agents: only counts and amounts have one.
    sum: bool,
    run_days: f64,
    draws: Replication,
    /// Whether a figure of a name is wanted.
    wanted: &'a dyn Fn(&str) -> bool,
}

impl Scope<'_> {
    /// The quantiles of a metric that are wanted, and their names.
    fn quantiles(&self, metric: Metric) -> Vec<(f64, String)> {
        let named = |(p, suffix): (f64, &str)| (p, format!("{}{suffix}", metric.name()));
        QUANTILES.into_iter().map(named).filter(|(_, name)| (self.wanted)(name)).collect()
    }
}

/// Collects the figures of one agent under one variant.
struct Figures<'a> {
    variant: &'a str,
    agent: &'a AgentResult,
    rows: &'a mut Vec<SummaryRow>,
}

impl Figures<'_> {
    fn push(
        &mut self,
        metric: impl Into<String>,
        value: Option<f64>,
        interval: Interval,
        unit: &'static str,
    ) {
        let finite_or_none = |bound: Option<f64>| bound.filter(|bound| !bound.is_nan());
        self.rows.push(SummaryRow {
            variant: self.variant.to_owned(),
            agent: self.agent.name.clone(),
            metric: metric.into(),
            value: finite_or_none(value),
            interval: Interval {
                low: finite_or_none(interval.low),
                high: finite_or_none(interval.high),
            },
            unit,
        });
    }

    fn metrics(&mut self, scope: &Scope) {
        let has_sum = |kind| matches!(kind, MetricKind::Event | MetricKind::Time);
        for metric in scope.metrics.metrics() {
            if scope.sum && !has_sum(metric.kind()) {
                continue;
            }
            let column = self.agent.column(metric);
            match metric.kind() {
                MetricKind::Time => self.time(metric, column, scope),
                _ => self.distribution(metric, column, scope),
            }
        }
    }

    /// Mean and quantiles.
    fn distribution(&mut self, metric: Metric, column: &Column, scope: &Scope) {
        let (quantiles, draws) = (scope.quantiles(metric), scope.draws);
        let mean_wanted = (scope.wanted)(metric.name());
        if quantiles.is_empty() && !mean_wanted {
            return;
        }
        let values: Vec<f64> = column.iter().collect();
        if mean_wanted {
            let (mean, interval) = mean_with_interval(&values, draws);
            self.push(metric.name(), Some(mean), interval, metric.unit());
        }
        let mut sorted = Vec::new();
        if !quantiles.is_empty() {
            sorted.clone_from(&values);
            sorted.sort_by(f64::total_cmp);
        }
        for (p, name) in quantiles {
            let interval = draws.quantile_interval(&values, p);
            self.push(name, Some(quantile_type7(&sorted, p)), interval, metric.unit());
        }
        if metric == Metric::FinalEquity && mean_wanted {
            self.variance_reduction(metric.name(), &values, draws);
        }
    }

    /// What paths that depend on each other gain; no row where they do not.
    fn variance_reduction(&mut self, of: &str, values: &[f64], draws: Replication) {
        if draws.size() > 1 {
            let ratio = draws.variance_reduction(values);
            self.push(format!("variance_reduction_{of}"), ratio, Interval::UNBOUNDED, "ratio");
        }
    }

    /// A time that not every path has: no mean, and quantiles of the survival curve.
    fn time(&mut self, metric: Metric, column: &Column, scope: &Scope) {
        if (scope.wanted)(metric.name()) {
            self.push(metric.name(), None, Interval::UNBOUNDED, metric.unit());
        }
        let quantiles = scope.quantiles(metric);
        if quantiles.is_empty() {
            return;
        }
        let steps = kaplan_meier(&observations(column, scope.run_days));
        for (p, name) in quantiles {
            let (value, interval) = time_quantile(&steps, p);
            self.push(name, value, interval, metric.unit());
        }
    }

    fn probabilities(&mut self, scope: &Scope) {
        for (name, metric) in PROBABILITIES {
            if !(scope.wanted)(name) {
                continue;
            }
            let column = self.agent.column(metric);
            let hits: Vec<bool> = column.iter().map(|value| value > 0.0).collect();
            let share = column.positive() as f64 / hits.len() as f64;
            self.push(name, Some(share), scope.draws.proportion_interval(&hits), "probability");
            if metric == Metric::Liquidations {
                let values: Vec<f64> = hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
                self.variance_reduction(name, &values, scope.draws);
            }
        }
    }

    fn risk(&mut self, scope: &Scope, confidences: &[f64]) {
        let losses = self.agent.losses();
        let notional: Vec<f64> = self.agent.column(Metric::LiquidatedNotional).iter().collect();
        for &confidence in confidences {
            self.tail(scope, &losses, &notional, confidence);
        }
    }

    fn tail(&mut self, scope: &Scope, losses: &[f64], notional: &[f64], confidence: f64) {
        let suffix = super::number::level(confidence);
        let ascending = |values: &[f64]| {
            let mut values = values.to_vec();
            values.sort_by(f64::total_cmp);
            values
        };
        let [var, es, lar] = ["var", "es", "lar"].map(|name| format!("{name}_{suffix}"));
        let wanted = |name: &String| (scope.wanted)(name);
        let sorted = if wanted(&var) || wanted(&es) { ascending(losses) } else { Vec::new() };
        if wanted(&var) {
            let interval = scope.draws.quantile_interval(losses, confidence);
            self.push(var, Some(value_at_risk(&sorted, confidence)), interval, "USDC");
        }
        if wanted(&es) {
            let interval = scope.draws.es_interval(losses, confidence);
            self.push(es, Some(expected_shortfall(&sorted, confidence)), interval, "USDC");
        }
        if wanted(&lar) {
            let value = value_at_risk(&ascending(notional), confidence);
            let interval = scope.draws.quantile_interval(notional, confidence);
            self.push(lar, Some(value), interval, "USDC");
        }
    }
}

/// Mean and its interval; an infinite value makes the mean infinite and the interval unbounded.
pub(super) fn mean_with_interval(values: &[f64], draws: Replication) -> (f64, Interval) {
    if values.contains(&f64::INFINITY) {
        return (f64::INFINITY, Interval::UNBOUNDED);
    }
    (mean_and_stderr(values).0, draws.mean_interval(values))
}
