//! What a setting is worth: its figures over paths, the objective, and whether limits hold.

use super::types::{Estimate, Judged, Standing, Verdict};
use crate::engine::Metric;
use crate::scenario::{Figure, LimitSpec, ObjectiveSpec};
use crate::stats::{
    Draws, Interval, Replication, Resamples, StreamKey, expected_shortfall, mean_and_stderr,
    quantile_type7, value_at_risk,
};
use crate::study::Trial;

/// Chance that any limit of any candidate is said to hold which does not: 5 %.
const ALPHA: f64 = 0.05;

/// A value per path that figures are made of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    Metric(Metric),
    Loss,
}

impl Source {
    fn of(figure: Figure) -> Self {
        figure.metric().map_or(Self::Loss, Self::Metric)
    }
}

/// What an objective needs of a setting, path by path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    /// In the order of the judge's sources.
    columns: Vec<Vec<f64>>,
}

impl Sample {
    /// Adds further paths.
    pub fn extend(&mut self, more: Self) {
        self.columns.iter_mut().zip(more.columns).for_each(|(all, more)| all.extend(more));
    }

    /// Whether another setting did the same on every path, to the last digit.
    pub fn same(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }

    /// All values, path by path within metric by metric, as they can be compared and put in order.
    pub fn bits(&self) -> Vec<u64> {
        self.columns.iter().flatten().map(|value| value.to_bits()).collect()
    }

    fn paths(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }
}

/// Judges settings by an objective.
#[derive(Clone, Debug)]
pub(super) struct Judge<'a> {
    objective: &'a ObjectiveSpec,
    figures: Vec<(&'a str, Figure)>,
    sources: Vec<Source>,
    seed: u64,
}

impl<'a> Judge<'a> {
    /// Of an objective; `seed` is that of the resamples.
    pub fn new(objective: &'a ObjectiveSpec, seed: u64) -> Self {
        let figures = objective.figures();
        // Final equity tells settings apart that do the same to the objective.
        let mut sources = vec![Source::Metric(Metric::FinalEquity)];
        for source in figures.iter().map(|(_, figure)| Source::of(*figure)) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        Self { objective, figures, sources, seed }
    }

    /// What it needs of a trial.
    ///
    /// # Errors
    /// A value that is no number, which no objective can be made of.
    pub fn sample(&self, trial: &Trial) -> Result<Sample, String> {
        let agent = match self.objective.agent {
            Some(index) => trial.figures.agents.get(index),
            None => trial.figures.agents.last(),
        };
        let agent = agent.ok_or("the agent of the objective is not in this setting")?;
        let column = |source: &Source| {
            let (name, values) = match source {
                Source::Loss => ("loss", agent.losses()),
                Source::Metric(metric) => {
                    (metric.name(), agent.column(*metric).iter().collect::<Vec<f64>>())
                }
            };
            match values.iter().position(|value| !value.is_finite()) {
                Some(path) => Err(format!("{name} is {} on its path {path}", values[path])),
                None => Ok(values),
            }
        };
        let columns = self.sources.iter().map(column).collect::<Result<_, _>>()?;
        Ok(Sample { columns })
    }

    /// The resamples of so many paths: the same for all settings, so that they can be compared.
    pub fn resamples(&self, paths: u64, replication: Replication) -> Resamples {
        let mut stream = StreamKey::new("tune", "resamples").open(self.seed, paths);
        Resamples::draw(paths as usize, replication, &mut stream)
    }

    /// Judges a setting that is one of `tried`.
    pub fn judge(
        &self,
        sample: &Sample,
        replication: Replication,
        resamples: &Resamples,
        tried: usize,
    ) -> Judged {
        let of = |figure: Figure| {
            let source = Source::of(figure);
            let column = self.sources.iter().position(|known| *known == source);
            column.map_or(&[][..], |column| sample.columns[column].as_slice())
        };
        let estimate = |(_, figure): &(&str, Figure)| {
            let values = of(*figure);
            let interval = interval(*figure, values, replication);
            Estimate { value: value(*figure, values), interval }
        };
        let figures: Vec<Estimate> = self.figures.iter().map(estimate).collect();
        let find = |name: &str| self.figures.iter().position(|(known, _)| *known == name);
        let (mut sum, mut draws) = (0.0, resamples.nothing());
        let mut parts = Vec::new();
        for term in &self.objective.terms {
            let estimate = find(&term.name).map_or(Estimate::NONE, |at| figures[at]);
            sum += term.weight * estimate.value;
            let values = of(term.figure);
            let mut own = resamples.nothing();
            if let Some(part) = tail_part(term.figure) {
                own.limit_to_tail(values.len(), part);
                draws.limit_to_tail(values.len(), part);
            }
            let drawn = resampled(term.figure, values, resamples);
            draws.add(term.weight, &drawn);
            own.add(term.weight, &drawn);
            parts.push(Part {
                is_tail: tail_part(term.figure).is_some(),
                own,
                sides: sides(&estimate, term.weight),
            });
        }
        let interval = whole(sum, &draws, &parts);
        let verdict = |limit: &LimitSpec| {
            let value = find(&limit.name).map_or(f64::NAN, |at| figures[at].value);
            let values = of(limit.figure);
            let limits = self.objective.limits.len().max(1);
            let alpha = ALPHA / (tried * limits) as f64;
            verdict(limit, value, values, replication, alpha)
        };
        let verdicts = self.objective.limits.iter().map(verdict).collect();
        let objective = Estimate { value: sum, interval };
        Judged { paths: sample.paths() as u64, objective, figures, verdicts, draws }
    }
}

/// A term of the objective: its error in the resamples, and the lengths of its own interval below and
/// above, `None` where it is open.
struct Part {
    is_tail: bool,
    own: Draws,
    sides: [Option<f64>; 2],
}

/// How far an interval reaches below and above, times a weight.
fn sides(estimate: &Estimate, weight: f64) -> [Option<f64>; 2] {
    let Interval { low, high } = estimate.interval;
    let below = low.map(|low| (estimate.value - low) * weight.abs());
    let above = high.map(|high| (high - estimate.value) * weight.abs());
    if weight > 0.0 { [below, above] } else { [above, below] }
}

/// The interval of a sum: of one term its own; of several Student's t times the error in the resamples,
/// in which what is shared cancels, made longer by what the own intervals of tails, which are no
/// symmetrical affair, are longer than their error there says (in squares).
fn whole(sum: f64, draws: &Draws, parts: &[Part]) -> Interval {
    let side = |at: usize| -> Option<f64> {
        if let [only] = parts {
            return only.sides[at];
        }
        let half = draws.half(0.95);
        let mut square = half * half;
        for part in parts {
            let own = part.sides[at]?;
            let half = part.own.half(0.95);
            let more = (own * own - half * half).max(0.0);
            square += if part.is_tail && more.is_finite() { more } else { 0.0 };
        }
        Some(square.sqrt()).filter(|side| side.is_finite())
    };
    Interval { low: side(0).map(|below| sum - below), high: side(1).map(|above| sum + above) }
}

/// The part of the paths that decides a figure; `None` where all do.
fn tail_part(figure: Figure) -> Option<f64> {
    match figure {
        Figure::Mean(_) | Figure::Probability(_) => None,
        Figure::Quantile(_, p) => Some(p.min(1.0 - p)),
        Figure::ValueAtRisk(level)
        | Figure::ExpectedShortfall(level)
        | Figure::LiquidityAtRisk(level) => Some(1.0 - level),
    }
}

/// A figure of values per path.
fn value(figure: Figure, values: &[f64]) -> f64 {
    let ascending = || {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        values
    };
    match figure {
        Figure::Mean(_) => mean_and_stderr(values).0,
        Figure::Quantile(_, p) => quantile_type7(&ascending(), p),
        Figure::Probability(_) => {
            values.iter().filter(|value| **value > 0.0).count() as f64 / values.len() as f64
        }
        Figure::ValueAtRisk(level) | Figure::LiquidityAtRisk(level) => {
            value_at_risk(&ascending(), level)
        }
        Figure::ExpectedShortfall(level) => expected_shortfall(&ascending(), level),
    }
}

fn hits(values: &[f64]) -> Vec<bool> {
    values.iter().map(|value| *value > 0.0).collect()
}

/// The interval of 95 %, as `summary.csv` has it; one path is what happened, no draw from anything.
fn interval(figure: Figure, values: &[f64], replication: Replication) -> Interval {
    if values.len() < 2 {
        return Interval::UNBOUNDED;
    }
    match figure {
        Figure::Mean(_) => replication.mean_interval(values),
        Figure::ExpectedShortfall(level) => replication.es_interval(values, level),
        Figure::Probability(_) => replication.proportion_interval(&hits(values)),
        Figure::Quantile(_, p) => replication.quantile_interval(values, p),
        Figure::ValueAtRisk(level) | Figure::LiquidityAtRisk(level) => {
            replication.quantile_interval(values, level)
        }
    }
}

/// A figure in every resample.
fn resampled(figure: Figure, values: &[f64], resamples: &Resamples) -> Vec<f64> {
    match figure {
        Figure::Mean(_) => resamples.means(values),
        Figure::Probability(_) => {
            let hits: Vec<f64> =
                values.iter().map(|value| f64::from(u8::from(*value > 0.0))).collect();
            resamples.means(&hits)
        }
        Figure::Quantile(_, p) => resamples.quantiles(values, p),
        Figure::ValueAtRisk(level) | Figure::LiquidityAtRisk(level) => {
            resamples.quantiles(values, level)
        }
        Figure::ExpectedShortfall(level) => resamples.shortfalls(values, level),
    }
}

/// Whether a limit holds, by the end of the figure's one-sided interval that lies towards it.
fn verdict(
    limit: &LimitSpec,
    value: f64,
    values: &[f64],
    replication: Replication,
    alpha: f64,
) -> Verdict {
    let by_value = |keeps: bool| if keeps { Standing::Holds } else { Standing::Violated };
    if values.len() < 2 {
        return Verdict { value, end: None, standing: by_value(limit.room(value) >= 0.0) };
    }
    let bounds = match limit.figure {
        Figure::Mean(_) => replication.mean_bounds(values, alpha),
        Figure::Probability(_) => replication.proportion_bounds(&hits(values), alpha),
        Figure::Quantile(_, p) => replication.quantile_bounds(values, p, alpha),
        Figure::ValueAtRisk(level) | Figure::LiquidityAtRisk(level) => {
            replication.quantile_bounds(values, level, alpha)
        }
        Figure::ExpectedShortfall(level) => replication.es_bounds(values, level, alpha),
    };
    let (end, other) =
        if limit.at_most { (bounds.high, bounds.low) } else { (bounds.low, bounds.high) };
    let standing = if end.is_some_and(|end| limit.room(end) >= 0.0) {
        Standing::Holds
    } else if other.is_some_and(|other| limit.room(other) < 0.0) {
        Standing::Violated
    } else {
        Standing::CannotTell
    };
    Verdict { value, end, standing }
}
