//! `summary.csv`: every figure with its interval, in long form.

use std::io::{self, Write};

use super::number::exact_or_empty;
use super::survival::{observations, time_quantile};
use crate::engine::{Metric, MetricKind, MetricScope};
use crate::stats::{
    Interval, StreamKey, es_interval, expected_shortfall, kaplan_meier, mean_and_stderr,
    mean_interval, quantile_interval, quantile_type7, value_at_risk, wilson_interval,
};
use crate::study::{AgentResult, Column, StudyResult};

/// Confidence of VaR, ES and LaR, and of every interval.
const CONFIDENCE: f64 = 0.95;

/// The quantiles and the suffixes of their names.
pub(super) const QUANTILES: [(f64, &str); 4] =
    [(0.05, "_p05"), (0.5, "_p50"), (0.95, "_p95"), (0.99, "_p99")];

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
    /// The rows of `summary.csv`.
    pub rows: Vec<SummaryRow>,
}

impl Summary {
    /// The figures of a study. `run_days` is the length of a path; `seed` is for the bootstrap.
    pub fn of(result: &StudyResult, run_days: f64, seed: u64) -> Self {
        let mut rows = Vec::new();
        for variant in &result.variants {
            for agent in &variant.agents {
                let sum = variant.agents.len() > 1 && std::ptr::eq(agent, variant.whole());
                let scope = Scope { metrics: result.metrics, sum, run_days, seed };
                let mut out = Figures { variant: &variant.name, agent, rows: &mut rows };
                out.metrics(&scope);
                out.probabilities();
                out.risk(&scope);
            }
        }
        Self { rows }
    }

    /// One figure.
    pub fn get(&self, variant: &str, agent: &str, metric: &str) -> Option<&SummaryRow> {
        self.rows
            .iter()
            .find(|row| row.metric == metric && row.variant == variant && row.agent == agent)
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

struct Scope {
    metrics: MetricScope,
    /// The sum over agents: only counts and amounts have one.
    sum: bool,
    run_days: f64,
    seed: u64,
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
                MetricKind::Time => self.time(metric, column, scope.run_days),
                _ => self.distribution(metric, column),
            }
        }
    }

    /// Mean and quantiles.
    fn distribution(&mut self, metric: Metric, column: &Column) {
        let mut values: Vec<f64> = column.iter().collect();
        let (mean, interval) = mean_with_interval(&values);
        self.push(metric.name(), Some(mean), interval, metric.unit());
        values.sort_by(f64::total_cmp);
        for (p, suffix) in QUANTILES {
            let name = format!("{}{suffix}", metric.name());
            let interval = quantile_interval(&values, p, CONFIDENCE);
            self.push(name, Some(quantile_type7(&values, p)), interval, metric.unit());
        }
    }

    /// A time that not every path has: no mean, and quantiles of the survival curve.
    fn time(&mut self, metric: Metric, column: &Column, run_days: f64) {
        self.push(metric.name(), None, Interval::UNBOUNDED, metric.unit());
        let steps = kaplan_meier(&observations(column, run_days));
        for (p, suffix) in QUANTILES {
            let (value, interval) = time_quantile(&steps, p);
            self.push(format!("{}{suffix}", metric.name()), value, interval, metric.unit());
        }
    }

    fn probabilities(&mut self) {
        for (name, metric) in [
            ("liquidation_probability", Metric::Liquidations),
            ("distress_probability", Metric::DistressExits),
            ("bad_debt_probability", Metric::BadDebt),
        ] {
            let column = self.agent.column(metric);
            let (hits, paths) = (column.positive(), column.len() as u64);
            let interval = wilson_interval(hits, paths);
            self.push(name, Some(hits as f64 / paths as f64), interval, "probability");
        }
    }

    fn risk(&mut self, scope: &Scope) {
        let start = self.agent.start_capital_usdc;
        let mut losses: Vec<f64> =
            self.agent.column(Metric::FinalEquity).iter().map(|equity| start - equity).collect();
        losses.sort_by(f64::total_cmp);
        let var = value_at_risk(&losses, CONFIDENCE);
        self.push("var_95", Some(var), quantile_interval(&losses, CONFIDENCE, CONFIDENCE), "USDC");
        let key = StreamKey::new("report.es_95", &format!("{}/{}", self.variant, self.agent.name));
        let interval = es_interval(&losses, CONFIDENCE, &mut key.open(scope.seed, 0));
        self.push("es_95", Some(expected_shortfall(&losses, CONFIDENCE)), interval, "USDC");
        let mut notional: Vec<f64> = self.agent.column(Metric::LiquidatedNotional).iter().collect();
        notional.sort_by(f64::total_cmp);
        let lar = value_at_risk(&notional, CONFIDENCE);
        let interval = quantile_interval(&notional, CONFIDENCE, CONFIDENCE);
        self.push("lar_95", Some(lar), interval, "USDC");
    }
}

/// Mean and its interval; an infinite value makes the mean infinite and the interval unbounded.
pub(super) fn mean_with_interval(values: &[f64]) -> (f64, Interval) {
    if values.contains(&f64::INFINITY) {
        return (f64::INFINITY, Interval::UNBOUNDED);
    }
    (mean_and_stderr(values).0, mean_interval(values))
}
