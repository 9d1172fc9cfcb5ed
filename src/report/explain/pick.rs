//! The path behind a figure, found by running the study again.

use super::ExplainError;
use super::kills;
use super::tables::{Figure, RowMoment};
use super::world::World;
use crate::engine::{Metric, MetricKind};
use crate::report::number::{exact, level};
use crate::report::summary::QUANTILES;
use crate::stats::{expected_shortfall, mean_and_stderr, quantile_type7, value_at_risk};
use crate::study::{
    AgentResult, Execution, Kill, NoRows, Progress, VariantResult, kill_review, run,
};

/// A path and why it is that one.
pub(super) struct Found {
    pub path: u64,
    /// Why, in words.
    pub why: String,
    /// What its value is of.
    pub what: String,
    /// Its value.
    pub value: Option<f64>,
    /// The instant that it was found by, where it was found by one.
    pub moment: Option<RowMoment>,
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
        return Ok(Found { path: *path, why, what: String::new(), value: None, moment: None });
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
    if let Figure::Named(name) = figure
        && kills::is_judged(name)
    {
        let review = world.scenario.kill_review.ok_or_else(|| {
            ExplainError::Input(format!("{name} is not computed in this scenario: run.kill_switch_false_positives = true has kills judged"))
        })?;
        let all = kill_review(&world.scenario, &set, &result, review, execution)?;
        let mine = |kill: &&Kill| {
            kill.variant == at(world.own) && agent.is_none_or(|agent| kill.agent == agent)
        };
        let plan = &set.all()[at(world.own)].plan;
        return kills::by_name(&all.iter().filter(mine).collect::<Vec<_>>(), own, plan, name);
    }
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

pub(super) fn metric_of(name: &str) -> Option<Metric> {
    Metric::ALL.iter().copied().find(|metric| metric.name() == name)
}

pub(super) fn unknown(name: &str) -> ExplainError {
    ExplainError::Input(format!(
        "no path stands behind {name}: explained are metrics, their _p05 to _p99, probabilities, var_, \
         es_, lar_ and figures of kills"
    ))
}

/// Values of a metric over the paths; a time that a path does not have is infinite.
pub(super) fn values(agent: &AgentResult, metric: Metric) -> Result<Vec<f64>, ExplainError> {
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
    // On either side of a quantile between two values both are as near, but for rounding.
    let crumb = if wanted.is_finite() { 1e-12 * wanted.abs() } else { 0.0 };
    let mut best = 0;
    for (path, value) in values.iter().enumerate() {
        if apart(*value) + crumb < apart(values[best]) {
            best = path;
        }
    }
    Found {
        path: best as u64,
        why: format!("its {what} is nearest to {why}, {}", exact(wanted)),
        what: what.to_owned(),
        value: Some(values[best]),
        moment: None,
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
    let those: Vec<usize> = (0..hits.len()).filter(|path| hits[*path] > 0.0).collect();
    let path = median(&those, &equity)
        .ok_or_else(|| ExplainError::Input(format!("no path has {what}")))?;
    Ok(Found {
        path: path as u64,
        why: format!("of {} paths with {what} it has the median final equity", those.len()),
        what: "final_equity".to_owned(),
        value: Some(equity[path]),
        moment: None,
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
        "liquidation_probability" => Some((Metric::Liquidations, "a force-close")),
        "distress_probability" => Some((Metric::DistressExits, "a force-close or a kill")),
        "bad_debt_probability" => Some((Metric::BadDebt, "bad debt")),
        _ => None,
    };
    if let Some((metric, what)) = chance {
        let [own, base] = [values(own, metric)?, values(base, metric)?];
        let more = |path: usize| i8::from(own[path] > 0.0) - i8::from(base[path] > 0.0);
        return changed(&own, more, &apart(Metric::FinalEquity)?, what, name);
    }
    let Some(metric) = metric_of(name) else { return by_name(own, name) };
    let differences = apart(metric)?;
    // A mean over paths of which most are alike is nearest to one of those, which says nothing.
    let those: Vec<usize> = (0..differences.len()).filter(|p| differences[*p] != 0.0).collect();
    let path = median(&those, &differences)
        .ok_or_else(|| ExplainError::Input(format!("{name} is the same on every path")))?;
    Ok(Found {
        path: path as u64,
        why: format!(
            "of {} paths on which {} differs its difference is the median",
            those.len(),
            metric.name()
        ),
        what: format!("difference of {}", metric.name()),
        value: Some(differences[path]),
        moment: None,
    })
}

/// Of some paths the one with the median value, the lower of two; of equals the first.
fn median(those: &[usize], values: &[f64]) -> Option<usize> {
    let mut those = those.to_vec();
    those.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    those.get(those.len().saturating_sub(1) / 2).copied()
}

/// Of the paths on which a yes became a no, or a no a yes, whichever are more, the one with the median
/// difference of final equity.
fn changed(
    own: &[f64],
    more: impl Fn(usize) -> i8,
    equity: &[f64],
    what: &str,
    name: &str,
) -> Result<Found, ExplainError> {
    let with = |sign: i8| -> Vec<usize> { (0..own.len()).filter(|p| more(*p) == sign).collect() };
    let (gained, lost) = (with(1), with(-1));
    let (those, words) = if gained.len() >= lost.len() {
        (gained, format!("{what} where the baseline has none"))
    } else {
        (lost, format!("none where the baseline has {what}"))
    };
    let path = median(&those, equity).ok_or_else(|| {
        ExplainError::Input(format!("{name}: no path has {what} on one side alone"))
    })?;
    Ok(Found {
        path: path as u64,
        why: format!(
            "of {} paths with {words} it has the median difference of final_equity",
            those.len()
        ),
        what: "difference of final_equity".to_owned(),
        value: Some(equity[path]),
        moment: None,
    })
}
