//! Pictures of a sweep: one axis as figures over it, a grid of two axes as a heat map, anything else as
//! parallel axes.

mod over_one;

use super::{SweepPlan, SweepRow};
use crate::report::axis_names::{axis_names, axis_titles};
use crate::report::charts::grid::{self, GridAxis, GridCell, GridChart, GridLimit, Spacing};
use crate::report::charts::parallel::{
    self, ParallelAxis, ParallelChart, ParallelLine, ParallelRole,
};
use crate::report::charts::profile;
use crate::report::charts::{Caption, ChartError, Verdict};
use crate::report::folder::OutFolder;
use crate::report::number::{count, exact};
use crate::scenario::{Axis, Coordinate, DesignKind, LimitSpec, ScaleKind};

/// Lines of a picture of parallel axes, at most.
const LINES: usize = 500;

/// What a sweep without an objective shows.
const SHOWN: &str = "final_equity_p05";

/// Draws what there is to draw.
pub(super) fn draw(
    folder: &OutFolder,
    plan: &SweepPlan<'_>,
    rows: &[SweepRow],
) -> Result<(), ChartError> {
    let Some(goal) = Goal::of(plan, rows) else { return Ok(()) };
    let axes = &plan.design.space.axes;
    match axes.as_slice() {
        [only] if plan.design.kind != DesignKind::List && rows.len() > 1 => {
            profile::draw(&over_one::chart(plan, rows, &goal, only), &folder.path("sweep.png"))
        }
        [y, x]
            if plan.design.kind == DesignKind::Grid && x.values.len() > 1 && y.values.len() > 1 =>
        {
            grid::draw(&heat_map(plan, rows, &goal, [x, y]), &folder.path("sweep.png"))
        }
        _ if axes.len() > 1 && rows.len() > 1 => {
            parallel::draw(&lines(plan, rows, &goal), &folder.path("sweep.png"))
        }
        _ => Ok(()),
    }
}

/// What the colours mean: the objective of the scenario, or one figure.
struct Goal<'a> {
    title: String,
    /// The same, short.
    metric: String,
    terms: Vec<(String, f64)>,
    limits: &'a [LimitSpec],
    agent: String,
    is_one_path: bool,
}

impl<'a> Goal<'a> {
    fn of(plan: &SweepPlan<'a>, rows: &[SweepRow]) -> Option<Self> {
        let scenario = plan.file.base();
        let whole =
            rows.iter().find_map(|row| row.agents().last().map(|name| (*name).to_owned()))?;
        let is_one_path = scenario.paths == 1;
        let Some(objective) = &scenario.objective else {
            // One path has no quantiles.
            let usual = if is_one_path { "final_equity" } else { SHOWN };
            let shown = plan.columns.iter().find(|name| *name == usual);
            let name = shown.or(plan.columns.first())?.clone();
            let unit =
                rows.iter().find_map(|row| row.get(&whole, &name)).map_or("", |row| row.unit);
            let title = format!("{name}, {unit}");
            let terms = vec![(name, 1.0)];
            let metric = title.clone();
            return Some(Self { title, metric, terms, limits: &[], agent: whole, is_one_path });
        };
        let agent = objective.agent.map_or(whole, |at| scenario.plan.agents[at].name.clone());
        let terms = objective.terms.iter().map(|term| (term.name.clone(), term.weight)).collect();
        let unit = objective.unit().map_or_else(String::new, |unit| format!(", {unit}"));
        let title = format!("objective: {}", objective.formula());
        let metric = format!("objective{unit}");
        Some(Self { title, metric, terms, limits: &objective.limits, agent, is_one_path })
    }

    /// The sum of its terms; NaN where one has no value.
    fn value(&self, row: &SweepRow) -> f64 {
        let figure = |name: &str| row.get(&self.agent, name).and_then(|row| row.value);
        self.terms.iter().map(|(name, weight)| weight * figure(name).unwrap_or(f64::NAN)).sum()
    }

    /// Whether every limit holds: by the ends of the 95 % intervals, of one path by what was seen.
    fn verdict(&self, row: &SweepRow) -> Verdict {
        let mut verdict = Verdict::Holds;
        for limit in self.limits {
            let Some(figure) = row.get(&self.agent, &limit.name) else {
                return Verdict::CannotTell;
            };
            if self.is_one_path {
                // It is what happened.
                if figure.value.is_none_or(|value| limit.room(value) < 0.0) {
                    return Verdict::Violated;
                }
                continue;
            }
            let (good, bad) = match limit.at_most {
                true => (figure.interval.high, figure.interval.low),
                false => (figure.interval.low, figure.interval.high),
            };
            let keeps = |end: Option<f64>| end.map(|end| limit.room(end) >= 0.0);
            if keeps(bad) == Some(false) {
                return Verdict::Violated;
            }
            if keeps(good) != Some(true) {
                verdict = Verdict::CannotTell;
            }
        }
        verdict
    }

    /// Its first limit's figure.
    fn limited(&self, row: &SweepRow) -> f64 {
        let limit = self.limits.first();
        let figure = limit.and_then(|limit| row.get(&self.agent, &limit.name));
        figure.and_then(|row| row.value).unwrap_or(f64::NAN)
    }
}

fn caption(plan: &SweepPlan<'_>, goal: &Goal<'_>, what: &str) -> Caption {
    let scenario = plan.file.base();
    let paths = scenario.paths;
    let limits: Vec<String> = goal.limits.iter().map(limit_label).collect();
    let kept = match (limits.is_empty(), paths) {
        (true, _) => String::new(),
        (false, 1) => format!("; limits: {}", limits.join(", ")),
        (false, _) => format!("; limits by the ends of 95 % intervals: {}", limits.join(", ")),
    };
    let same = match paths {
        1 => "the same path".to_owned(),
        paths => format!("the same {} paths", count(paths as f64)),
    };
    Caption {
        title: format!("{}: {what}", scenario.name),
        subtitle: format!("{}; every variant on {same}{kept}", goal.title),
        footer: format!("drypowder {} · seed {}", env!("CARGO_PKG_VERSION"), scenario.seed),
    }
}

fn limit_label(limit: &LimitSpec) -> String {
    worded(limit, if limit.at_most { "≤" } else { "≥" })
}

/// Shares are drawn in percent: what values are multiplied with, and their unit.
fn shown(limit: &LimitSpec) -> (f64, &'static str) {
    match limit.figure.unit() {
        "probability" | "fraction" => (100.0, "%"),
        unit => (1.0, unit),
    }
}

/// What the contour is.
fn limit_line(limit: &LimitSpec) -> String {
    worded(limit, "=")
}

fn worded(limit: &LimitSpec, sign: &str) -> String {
    let share = matches!(limit.figure.unit(), "probability" | "fraction");
    let value =
        if share { format!("{} %", exact(limit.limit * 100.0)) } else { exact(limit.limit) };
    format!("{} {sign} {value}", limit.name)
}

fn heat_map(
    plan: &SweepPlan<'_>,
    rows: &[SweepRow],
    goal: &Goal<'_>,
    [x, y]: [&Axis; 2],
) -> GridChart {
    let axes = &plan.design.space.axes;
    let (names, titles) = (axis_names(axes), axis_titles(axes));
    let mut cells = Vec::with_capacity(x.values.len() * y.values.len());
    let mut best: Option<(f64, (usize, usize))> = None;
    let mut equal = 0;
    for (up, of_y) in y.values.iter().enumerate() {
        for (across, of_x) in x.values.iter().enumerate() {
            let at = |row: &&SweepRow| row.coordinates == [of_y.text.as_str(), of_x.text.as_str()];
            let cell = match rows.iter().find(at) {
                None => GridCell::Missing,
                Some(row) if row.figures.is_err() => GridCell::Failed,
                Some(row) => {
                    let (value, verdict) = (goal.value(row), goal.verdict(row));
                    if verdict == Verdict::Holds && best.is_none_or(|(best, _)| value > best) {
                        (best, equal) = (Some((value, (across, up))), 0);
                    }
                    let is_best = best.is_some_and(|(best, _)| value == best);
                    equal += usize::from(verdict == Verdict::Holds && is_best);
                    GridCell::Ran { value, constrained: goal.limited(row), verdict }
                }
            };
            cells.push(cell);
        }
    }
    let limit = goal.limits.first();
    GridChart {
        caption: caption(plan, goal, &format!("{} and {}", names[1], names[0])),
        x: axis(x, &titles[1]),
        y: axis(y, &titles[0]),
        metric: goal.metric.clone(),
        higher_is_better: true,
        cells,
        limit: limit.map(|limit| GridLimit { at: limit.limit, label: limit_line(limit) }),
        best: best.map(|(_, place)| place),
        best_label: match (goal.limits, equal) {
            ([], 0 | 1) => "best".to_owned(),
            ([], _) => format!("best, one of {equal} alike"),
            (_, 0 | 1) => "best of those whose constraints hold".to_owned(),
            _ => format!("best of those whose constraints hold, one of {equal} alike"),
        },
        base: None,
    }
}

fn axis(axis: &Axis, title: &str) -> GridAxis {
    let numbers: Option<Vec<f64>> = axis.values.iter().map(|value| value.number).collect();
    GridAxis {
        title: title.to_owned(),
        labels: axis.values.iter().map(|value| value.text.clone()).collect(),
        spacing: match (&numbers, axis.scale) {
            (None, _) => Spacing::Even,
            (Some(_), ScaleKind::Log) => Spacing::Log,
            (Some(_), ScaleKind::Linear) => Spacing::Linear,
        },
        values: numbers.unwrap_or_default(),
    }
}

/// Parallel axes: what varies, then the goal and its limits.
fn lines(plan: &SweepPlan<'_>, rows: &[SweepRow], goal: &Goal<'_>) -> ParallelChart {
    let design = plan.design;
    let mut categories: Vec<Vec<String>> = vec![Vec::new(); design.space.axes.len()];
    let mut place = |axis: usize, at: &Coordinate| {
        at.number.unwrap_or_else(|| {
            let known = categories[axis].iter().position(|name| *name == at.text);
            known.unwrap_or_else(|| {
                categories[axis].push(at.text.clone());
                categories[axis].len() - 1
            }) as f64
        })
    };
    let every = rows.len().div_ceil(LINES);
    let mut lines = Vec::new();
    for (row, point) in rows.iter().zip(&design.coordinates).step_by(every) {
        let mut values: Vec<f64> =
            point.iter().enumerate().map(|(axis, at)| place(axis, at)).collect();
        values.push(goal.value(row));
        values.extend(goal.limits.iter().map(|limit| {
            let value = row.get(&goal.agent, &limit.name).and_then(|row| row.value);
            shown(limit).0 * value.unwrap_or(f64::NAN)
        }));
        let verdict = if row.figures.is_ok() { goal.verdict(row) } else { Verdict::Failed };
        let metric = goal.value(row);
        lines.push(ParallelLine { values, metric, verdict, role: ParallelRole::Candidate });
    }
    let titled = design.space.axes.iter().zip(axis_titles(&design.space.axes)).zip(categories);
    let varied = titled.map(|((axis, title), categories)| ParallelAxis {
        title,
        log: axis.scale == ScaleKind::Log,
        categories,
    });
    let figure = |title: String| ParallelAxis { title, ..ParallelAxis::default() };
    let limits =
        goal.limits.iter().map(|limit| figure(format!("{}, {}", limit.name, shown(limit).1)));
    let axes = varied.chain([figure(goal.metric.clone())]).chain(limits).collect();
    let all = count(rows.len() as f64);
    let shown = if every > 1 {
        format!("{} of {all} variants, evenly by number", count(lines.len() as f64))
    } else {
        format!("{all} variants")
    };
    ParallelChart {
        caption: caption(plan, goal, &shown),
        axes,
        metric: goal.metric.clone(),
        higher_is_better: true,
        lines,
    }
}
