//! The path behind a figure, found by running the study again.

use super::ExplainError;
use super::tables::Figure;
use super::world::World;
use crate::engine::{Metric, MetricKind};
use crate::report::number::{exact, level};
use crate::report::summary::QUANTILES;
use crate::stats::{expected_shortfall, mean_and_stderr, quantile_type7, value_at_risk};
use crate::study::{AgentResult, Execution, NoRows, Progress, VariantResult, run};

/// A path and why it is that one.
pub(super) struct Found {
    pub path: u64,
    /// Why, in words.
    pub why: String,
    /// What its value is of.
    pub what: String,
    /// Its value.
    pub value: Option<f64>,
}

/// Finds the path behind a figure.
pub(super) fn pick(
    world: &World,
    agent: Option<usize>,
    figure: &Figure,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<Found, ExplainError> {
    if let Figure::Path(path, _) = figure {
        if *path >= world.scenario.paths {
            let words =
                format!("path {path} is not run: there are {}, from 0", world.scenario.paths);
            return Err(ExplainError::Input(words));
        }
        let why = "the row is of this path".to_owned();
        return Ok(Found { path: *path, why, what: String::new(), value: None });
    }
    let base = world.baseline(figure);
    if world.windows {
        let result = run(&world.scenario, &world.set, execution, &mut NoRows, progress)?;
        let windows = result.variants.iter().map(|window| side(window, agent));
        let own = AgentResult::joined(windows).ok_or_else(|| unknown("history"))?;
        return of_one(&own, figure);
    }
    let mut wanted = vec![world.own];
    wanted.extend(base);
    wanted.sort_unstable();
    let set = world.set.only(&wanted);
    let at = |place: usize| wanted.iter().position(|one| *one == place).unwrap_or(0);
    let result = run(&world.scenario, &set, execution, &mut NoRows, progress)?;
    let of = |place: usize| side(&result.variants[at(place)], agent);
    let own = of(world.own);
    match (figure, base) {
        (Figure::Difference(name), Some(base)) => difference(own, of(base), name),
        _ => of_one(own, figure),
    }
}

/// The path behind a figure of one variant alone.
fn of_one(own: &AgentResult, figure: &Figure) -> Result<Found, ExplainError> {
    match figure {
        Figure::Difference(name) | Figure::Named(name) => by_name(own, name),
        Figure::Quantile(name, p) => quantile(own, name, *p),
        Figure::Path(..) => Err(unknown("path")),
    }
}

fn side(variant: &VariantResult, agent: Option<usize>) -> &AgentResult {
    agent.and_then(|agent| variant.agents.get(agent)).unwrap_or_else(|| variant.whole())
}

fn metric_of(name: &str) -> Option<Metric> {
    Metric::ALL.iter().copied().find(|metric| metric.name() == name)
}

fn unknown(name: &str) -> ExplainError {
    ExplainError::Input(format!(
        "no path stands behind {name}: explained are metrics, their _p05 to _p99, probabilities, var_, \
         es_, lar_ and figures of kills"
    ))
}

/// Values of a metric over the paths; a time that a path does not have is infinite.
fn values(agent: &AgentResult, metric: Metric) -> Result<Vec<f64>, ExplainError> {
    let values: Vec<f64> = agent.column(metric).iter().collect();
    if values.is_empty() {
        return Err(ExplainError::Input(format!(
            "{} is not computed in this scenario",
            metric.name()
        )));
    }
    let late = |value: f64| if value.is_nan() { f64::INFINITY } else { value };
    Ok(values.into_iter().map(late).collect())
}

/// The path whose value is nearest to one, the first of equally near.
fn nearest_to(values: &[f64], wanted: f64, what: &str, why: &str) -> Found {
    let apart = |value: f64| if value == wanted { 0.0 } else { (value - wanted).abs() };
    let mut best = 0;
    for (path, value) in values.iter().enumerate() {
        if apart(*value) < apart(values[best]) {
            best = path;
        }
    }
    Found {
        path: best as u64,
        why: format!("its {what} is nearest to {why}, {}", exact(wanted)),
        what: what.to_owned(),
        value: Some(values[best]),
    }
}

fn by_name(agent: &AgentResult, name: &str) -> Result<Found, ExplainError> {
    if let Some(metric) = metric_of(name) {
        let values = values(agent, metric)?;
        return match metric.kind() {
            MetricKind::Time => earliest(&values, metric),
            _ => Ok(nearest_to(&values, mean_and_stderr(&values).0, name, "the mean of all paths")),
        };
    }
    for (p, suffix) in QUANTILES {
        if let Some(metric) = name.strip_suffix(suffix).and_then(metric_of) {
            return quantile(agent, metric.name(), p);
        }
    }
    match name {
        "liquidation_probability" => typical(agent, Metric::Liquidations, "a force-close"),
        "distress_probability" => typical(agent, Metric::DistressExits, "a force-close or a kill"),
        "bad_debt_probability" => typical(agent, Metric::BadDebt, "bad debt"),
        name if name.starts_with("kill_switch_") => typical(agent, Metric::KillSwitches, "a kill"),
        _ => tail(agent, name),
    }
}

/// The first path of all to have it.
fn earliest(values: &[f64], metric: Metric) -> Result<Found, ExplainError> {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    if least == f64::INFINITY {
        return Err(ExplainError::Input(format!("no path has a {}", metric.name())));
    }
    Ok(nearest_to(values, least, metric.name(), "the earliest of all paths"))
}

/// The quantile of type 7; of a time the least by which that share of paths has it.
fn quantile(agent: &AgentResult, name: &str, p: f64) -> Result<Found, ExplainError> {
    if !(0.0..=1.0).contains(&p) {
        let words = format!("{p} is no quantile: give one from 0 to 1, as 0.99");
        return Err(ExplainError::Input(words));
    }
    let metric = metric_of(name).ok_or_else(|| unknown(name))?;
    let values = values(agent, metric)?;
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    let why = format!("the {p} quantile of all paths");
    let wanted = match metric.kind() {
        MetricKind::Time => {
            let rank = libm::ceil(sorted.len() as f64 * p) as usize;
            sorted[rank.clamp(1, sorted.len()) - 1]
        }
        _ => quantile_type7(&sorted, p),
    };
    if wanted == f64::INFINITY && metric.kind() == MetricKind::Time {
        let words = format!("fewer than that share of paths have a {name}: give a lower quantile");
        return Err(ExplainError::Input(words));
    }
    Ok(nearest_to(&values, wanted, name, &why))
}

/// Of the paths that have it the one with the median final equity.
fn typical(agent: &AgentResult, metric: Metric, what: &str) -> Result<Found, ExplainError> {
    let hits = values(agent, metric)?;
    let equity = values(agent, Metric::FinalEquity)?;
    let mut those: Vec<usize> = (0..hits.len()).filter(|path| hits[*path] > 0.0).collect();
    if those.is_empty() {
        return Err(ExplainError::Input(format!("no path has {what}")));
    }
    those.sort_by(|a, b| equity[*a].total_cmp(&equity[*b]).then(a.cmp(b)));
    let path = those[(those.len() - 1) / 2];
    Ok(Found {
        path: path as u64,
        why: format!("of {} paths with {what} it has the median final equity", those.len()),
        what: "final_equity".to_owned(),
        value: Some(equity[path]),
    })
}

/// VaR, ES and LaR at a confidence.
fn tail(agent: &AgentResult, name: &str) -> Result<Found, ExplainError> {
    let (kind, suffix) = name.split_once('_').ok_or_else(|| unknown(name))?;
    let percent: f64 = suffix.replace('_', ".").parse().map_err(|_| unknown(name))?;
    let confidence = percent / 100.0;
    if !(confidence > 0.0 && confidence < 1.0) || level(confidence) != suffix {
        return Err(unknown(name));
    }
    let (values, what) = match kind {
        "var" | "es" => (agent.losses(), "loss"),
        "lar" => (values(agent, Metric::LiquidatedNotional)?, "liquidated_notional"),
        _ => return Err(unknown(name)),
    };
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    let wanted = match kind {
        "es" => expected_shortfall(&sorted, confidence),
        _ => value_at_risk(&sorted, confidence),
    };
    Ok(nearest_to(&values, wanted, what, name))
}

/// The path with a difference as it is in the mean, or at the variant's own statistic.
fn difference(own: &AgentResult, base: &AgentResult, name: &str) -> Result<Found, ExplainError> {
    let apart = |metric: Metric| -> Result<Vec<f64>, ExplainError> {
        let (own, base) = (values(own, metric)?, values(base, metric)?);
        let both = own.iter().zip(&base);
        Ok(both.map(|(own, base)| if own == base { 0.0 } else { own - base }).collect())
    };
    let chance = match name {
        "liquidation_probability" => Some(Metric::Liquidations),
        "distress_probability" => Some(Metric::DistressExits),
        "bad_debt_probability" => Some(Metric::BadDebt),
        _ => metric_of(name),
    };
    let Some(metric) = chance else { return by_name(own, name) };
    let differences = apart(metric)?;
    // A mean over paths of which most are alike is nearest to one of those, which says nothing.
    let mut those: Vec<usize> = (0..differences.len()).filter(|p| differences[*p] != 0.0).collect();
    if those.is_empty() {
        return Err(ExplainError::Input(format!("{name} is the same on every path")));
    }
    those.sort_by(|a, b| differences[*a].total_cmp(&differences[*b]).then(a.cmp(b)));
    let path = those[(those.len() - 1) / 2];
    Ok(Found {
        path: path as u64,
        why: format!(
            "of {} paths on which {} differs its difference is the median",
            those.len(),
            metric.name()
        ),
        what: format!("difference of {}", metric.name()),
        value: Some(differences[path]),
    })
}
