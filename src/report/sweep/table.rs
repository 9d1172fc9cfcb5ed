//! Rows of a sweep: `sweep.csv`, wide, one per variant and agent; `summary.csv`, long, with intervals;
//! `sweep_paths.csv`, one per variant, path and agent.

use std::io::{self, Write};

use super::SweepPlan;
use crate::engine::{Metric, MetricScope};
use crate::report::number::{exact_or_empty, write_number};
use crate::report::rows_csv::push_name;
use crate::report::summary::{Summary, SummaryRow};
use crate::scenario::{Coordinate, Scenario, Setting};
use crate::study::{StudyResult, Trial};

/// What a sweep writes of each variant unless it says otherwise.
const FIGURES: [&str; 20] = [
    "liquidations",
    "liquidation_probability",
    "distress_probability",
    "kill_switches",
    "top_ups",
    "top_up_amount",
    "margin_calls",
    "recalls",
    "recall_shortfall",
    "net_yield",
    "bad_debt",
    "utilisation_mean",
    "max_drawdown",
    "final_equity",
    "final_equity_p05",
    "final_equity_p50",
    "final_equity_p95",
    "var_95",
    "es_95",
    "lar_95",
];

/// A variant as it stands in the tables.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepRow {
    /// Name.
    pub variant: String,
    /// Value of each axis, as written.
    pub coordinates: Vec<String>,
    /// Its figures by agent, or why it has none.
    pub figures: Result<Vec<SummaryRow>, String>,
}

/// The figures of a sweep, in the order of the columns: those that are asked for, else the usual ones
/// that the scenario's metrics have.
pub(super) fn columns(scenario: &Scenario, asked: &[String]) -> Vec<String> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    let scope = scenario.plan.metric_scope();
    let has = |name: &&str| {
        let metric = Metric::ALL.iter().find(|metric| metric.name() == *name);
        metric.is_none_or(|metric| scope.has(*metric))
    };
    FIGURES.into_iter().filter(has).map(str::to_owned).collect()
}

impl SweepRow {
    /// The figures of a finished variant.
    pub fn of(
        trial: Result<Trial, String>,
        setting: &Setting,
        coordinates: &[Coordinate],
        columns: &[String],
        scenario: &Scenario,
    ) -> Self {
        let figures = trial.map(|trial| figures(trial, columns, scenario));
        Self {
            variant: setting.name.clone(),
            coordinates: coordinates.iter().map(|at| at.text.clone()).collect(),
            figures,
        }
    }

    /// Names of its agents, in their order.
    pub fn agents(&self) -> Vec<&str> {
        let rows = self.figures.as_deref().unwrap_or_default().iter();
        let mut agents: Vec<&str> = rows.map(|row| row.agent.as_str()).collect();
        agents.dedup();
        agents
    }

    /// A figure of an agent.
    pub fn get(&self, agent: &str, figure: &str) -> Option<&SummaryRow> {
        let rows = self.figures.as_deref().unwrap_or_default();
        rows.iter().find(|row| row.agent == agent && row.metric == figure)
    }

    /// Its lines of `sweep.csv`.
    fn write_wide(&self, columns: &[String], out: &mut impl Write) -> io::Result<()> {
        let (status, reason) = match &self.figures {
            Ok(_) => ("done", ""),
            Err(why) => ("failed", why.as_str()),
        };
        let agents = match self.agents() {
            none if none.is_empty() => vec![""],
            agents => agents,
        };
        for agent in agents {
            let mut line = Vec::new();
            push_name(&mut line, &self.variant);
            let texts = [agent, status, reason].into_iter();
            for text in texts.chain(self.coordinates.iter().map(String::as_str)) {
                line.push(b',');
                push_name(&mut line, text);
            }
            for column in columns {
                let value = self.get(agent, column).and_then(|row| row.value);
                line.extend_from_slice(format!(",{}", exact_or_empty(value)).as_bytes());
            }
            line.push(b'\n');
            out.write_all(&line)?;
        }
        Ok(())
    }

    /// Its lines of `summary.csv`.
    fn write_long(&self, out: &mut impl Write) -> io::Result<()> {
        for row in self.figures.as_deref().unwrap_or_default() {
            let mut line = Vec::new();
            push_name(&mut line, &row.variant);
            line.push(b',');
            push_name(&mut line, &row.agent);
            let ends = [row.value, row.interval.low, row.interval.high].map(exact_or_empty);
            writeln!(line, ",{},{},{}", row.metric, ends.join(","), row.unit)?;
            out.write_all(&line)?;
        }
        Ok(())
    }
}

/// `sweep.csv`.
pub(super) fn write_wide(
    plan: &SweepPlan<'_>,
    rows: &[SweepRow],
    out: &mut impl Write,
) -> io::Result<()> {
    let mut line = b"variant,agent,status,reason".to_vec();
    for name in plan.axes().into_iter().chain(plan.columns.iter().map(String::as_str)) {
        line.push(b',');
        push_name(&mut line, name);
    }
    line.push(b'\n');
    out.write_all(&line)?;
    rows.iter().try_for_each(|row| row.write_wide(&plan.columns, out))
}

/// `summary.csv`.
pub(super) fn write_long(rows: &[SweepRow], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "variant,agent,metric,value,ci_low,ci_high,unit")?;
    rows.iter().try_for_each(|row| row.write_long(out))
}

/// The first line of `sweep_paths.csv`.
pub(super) fn write_paths_header(scenario: &Scenario, out: &mut impl Write) -> io::Result<()> {
    let metrics = scenario.plan.metric_scope().metrics();
    let names: Vec<&str> = metrics.map(|metric| metric.name()).collect();
    writeln!(out, "variant,path,agent,{}", names.join(","))
}

/// The lines of `sweep_paths.csv` of a variant: by path, then by agent, without their sum.
pub(super) fn write_paths(
    trial: &Trial,
    scope: MetricScope,
    out: &mut impl Write,
) -> io::Result<()> {
    let agents = &trial.figures.agents;
    let own = if agents.len() > 1 { &agents[..agents.len() - 1] } else { agents };
    let mut line = Vec::new();
    for path in 0..own[0].column(Metric::FinalEquity).len() {
        for agent in own {
            line.clear();
            push_name(&mut line, &trial.name);
            write!(line, ",{path},")?;
            push_name(&mut line, &agent.name);
            for metric in scope.metrics() {
                line.push(b',');
                let column = agent.column(metric);
                let value = if column.is_empty() { f64::NAN } else { column.get(path) };
                write_number(&mut line, value + 0.0)?;
            }
            line.push(b'\n');
            out.write_all(&line)?;
        }
    }
    Ok(())
}

fn figures(trial: Trial, columns: &[String], scenario: &Scenario) -> Vec<SummaryRow> {
    let first = trial.figures.agents[0].column(Metric::FinalEquity);
    let result = StudyResult {
        paths: first.len() as u64,
        span_ms: trial.span_ms,
        replication: trial.replication,
        metrics: trial.metrics,
        variants: vec![trial.figures],
    };
    let wanted = |name: &str| columns.iter().any(|column| column == name);
    let confidences = &scenario.risk.confidences;
    let summary = Summary::of_wanted(&result, result.run_days(), confidences, &wanted);
    summary.rows().to_vec()
}
