//! Pictures of a tuning: the trade-off, what a step of each field changes, the objective over two
//! fields, and all candidates over parallel axes.

mod map;

use crate::report::axis_names::{axis_names, axis_titles};
use crate::report::charts::grid;
use crate::report::charts::parallel::{
    self, ParallelAxis, ParallelChart, ParallelLine, ParallelRole,
};
use crate::report::charts::pareto::{self, ParetoAxis, ParetoChart, ParetoPoint, ParetoRole};
use crate::report::charts::scatter;
use crate::report::charts::sensitivity::{self, SensitivityChart, SensitivityRow, SensitivityStep};
use crate::report::charts::{self, Caption, ChartError};
use crate::report::folder::OutFolder;
use crate::scenario::{Coordinate, Figure, LimitSpec, ScaleKind, ScenarioFile};
use crate::stats::Interval;
use crate::study::{AxisReport, Candidate, Judged, ProfilePoint, Standing, TuneResult};

/// Draws what there is to draw.
pub(super) fn draw(
    folder: &OutFolder,
    file: &ScenarioFile,
    found: &TuneResult,
) -> Result<(), ChartError> {
    let axes = &found.search.space.axes;
    let board = Board { file, found, names: axis_names(axes), titles: axis_titles(axes) };
    pareto::draw(&board.front(), &folder.path("tune_front.png"))?;
    if !found.axes.is_empty() {
        sensitivity::draw(&board.steps(), &folder.path("tune_steps.png"))?;
    }
    if let Some((x, y)) = board.two_axes() {
        let out = folder.path("tune_map.png");
        match board.is_grid(x, y) {
            true => grid::draw(&board.cells(x, y), &out)?,
            false => scatter::draw(&board.points(x, y), &out)?,
        }
    }
    parallel::draw(&board.lines(), &folder.path("tune_candidates.png"))
}

/// What all pictures are of.
struct Board<'a> {
    file: &'a ScenarioFile,
    found: &'a TuneResult,
    /// Of the axes, in their order: short, and with their units.
    names: Vec<String>,
    titles: Vec<String>,
}

impl Board<'_> {
    fn caption(&self, title: String, subtitle: String) -> Caption {
        let scenario = self.file.base();
        let (version, seed) = (env!("CARGO_PKG_VERSION"), scenario.seed);
        let footer = format!("drypowder {version} · seed {seed} · {}", scenario.name);
        Caption { title, subtitle, footer }
    }

    fn goal(&self) -> String {
        format!("objective: {}", self.found.objective.formula())
    }

    /// What is maximised, with its unit where it has one.
    fn metric(&self) -> String {
        match self.found.objective.unit() {
            Some(unit) => format!("objective, {unit}"),
            None => "objective".to_owned(),
        }
    }

    /// Whether a candidate left the search on fewer paths than others ran over.
    fn left_early(&self, candidate: usize) -> bool {
        self.found.candidates[candidate].rung + 1 < self.found.rungs.len()
    }

    fn search_paths(&self) -> &'static str {
        if self.found.paths == 1 { "the path of the search" } else { "paths of the search" }
    }

    fn centre(&self) -> Option<&Candidate> {
        let finalist = self.found.finalists.get(self.found.centre)?;
        self.found.candidates.get(finalist.candidate)
    }

    /// Where a candidate stands on an axis.
    fn place(&self, candidate: usize, axis: usize) -> f64 {
        let point = self.found.candidates[candidate].point.get(axis);
        point.and_then(Option::as_ref).and_then(|at| at.number).unwrap_or(f64::NAN)
    }

    fn recommended(&self) -> Option<usize> {
        self.found.recommended.map(|at| self.found.finalists[at].candidate)
    }

    fn front(&self) -> ParetoChart {
        let (found, front) = (self.found, &self.found.front);
        let figure = found.objective.figures().into_iter().find(|(name, _)| *name == front.risk);
        let times = figure.map_or(1.0, |(_, figure)| unit_factor(figure));
        let limit = found.objective.limits.iter().find(|limit| limit.name == front.risk);
        let point = |one: &crate::study::FrontPoint| {
            let outcome = found.candidates[one.candidate].outcome.as_ref();
            let role = if self.recommended() == Some(one.candidate) {
                ParetoRole::Recommendation
            } else if one.candidate == 0 {
                ParetoRole::Base
            } else if found.finalists.iter().any(|known| known.candidate == one.candidate) {
                ParetoRole::Finalist
            } else {
                ParetoRole::Candidate
            };
            ParetoPoint {
                x: estimate(one.risk.value, one.risk.interval, times),
                y: charts::Estimate::exact(one.gain),
                verdict: outcome.map_or(charts::Verdict::Failed, verdict),
                role,
            }
        };
        let unit = if times == 100.0 { "%" } else { front.risk_unit };
        let gain = match front.gain_unit {
            Some(unit) => format!("{}, {unit}", front.gain),
            None => front.gain.clone(),
        };
        ParetoChart {
            caption: self.caption(
                format!("{}: gain against risk", self.file.base().name),
                match found.paths {
                    1 => "candidates on the path of the search".to_owned(),
                    paths => format!("candidates on the {paths} paths of the search"),
                },
            ),
            x: ParetoAxis {
                title: format!("{}, {unit}", front.risk),
                higher_is_better: front.more_is_better,
                limit: limit.map(|limit| (times * limit.limit, super::text::limit_words(limit))),
            },
            y: ParetoAxis { title: gain, higher_is_better: true, limit: None },
            points: front.points.iter().map(point).collect(),
        }
    }

    fn steps(&self) -> SensitivityChart {
        let step = |point: Option<&ProfilePoint>| {
            let point = point?;
            let worth = point.outcome.as_ref().ok()?;
            let less = worth.less_centre;
            let change = estimate(less.value, less.interval(0.95), 1.0);
            let verdict = verdict(&worth.judged);
            Some(SensitivityStep { to: point.coordinate.text.clone(), change, verdict })
        };
        let row = |(at, axis): (usize, &AxisReport)| {
            let [down, up] = axis.neighbours();
            SensitivityRow {
                parameter: self.names[at].clone(),
                value: axis.profile[axis.centre].coordinate.text.clone(),
                down: step(down),
                up: step(up),
            }
        };
        let mut rows: Vec<SensitivityRow> = self.found.axes.iter().enumerate().map(row).collect();
        let most = |row: &SensitivityRow| {
            let steps = [&row.down, &row.up].into_iter().flatten();
            steps.map(|step| step.change.value.abs()).fold(0.0, f64::max)
        };
        rows.sort_by(|a, b| most(b).total_cmp(&most(a)));
        let about = match self.found.recommended {
            Some(_) => "the recommendation",
            None => "the nearest candidate (nothing is recommended)",
        };
        let fresh = match (self.found.paths, self.found.validation_paths()) {
            (1, _) => "one path".to_owned(),
            (_, 1) => "1 fresh path".to_owned(),
            (_, paths) => format!("{paths} fresh paths"),
        };
        SensitivityChart {
            caption: self.caption(
                format!("{}: one step away from {about}", self.file.base().name),
                format!("{}; {fresh}, all else the same", self.goal()),
            ),
            metric: self.metric(),
            about: match self.found.recommended {
                Some(_) => "the recommendation",
                None => "the nearest candidate",
            }
            .to_owned(),
            is_sample: self.found.paths > 1,
            rows,
        }
    }

    /// Every candidate: its fields, its objective, and what is limited.
    fn lines(&self) -> ParallelChart {
        let (found, axes) = (self.found, &self.found.search.space.axes);
        let limited: Vec<(usize, &LimitSpec)> = (found.objective.limits.iter())
            .filter_map(|limit| {
                let figures = found.objective.figures();
                Some((figures.iter().position(|(name, _)| *name == limit.name)?, limit))
            })
            .collect();
        let mut names: Vec<Vec<String>> = vec![Vec::new(); axes.len()];
        let mut lines = Vec::new();
        for (number, candidate) in found.candidates.iter().enumerate() {
            let mut values = Vec::with_capacity(axes.len() + limited.len() + 1);
            for (axis, at) in candidate.point.iter().enumerate() {
                values.push(at.as_ref().map_or(f64::NAN, |at| category(&mut names[axis], at)));
            }
            let outcome = candidate.outcome.as_ref().ok();
            // On fewer paths an objective is another.
            let judged = outcome.filter(|_| !self.left_early(number));
            let metric = judged.map_or(f64::NAN, |judged| judged.objective.value);
            values.push(metric);
            values.extend(limited.iter().map(|(figure, limit)| {
                let value = judged.map_or(f64::NAN, |judged| judged.figures[*figure].value);
                unit_factor(limit.figure) * value
            }));
            let role = match number {
                _ if self.recommended() == Some(number) => ParallelRole::Recommendation,
                0 => ParallelRole::Base,
                _ => ParallelRole::Candidate,
            };
            let missing = if outcome.is_some() {
                charts::Verdict::LeftEarly
            } else {
                charts::Verdict::Failed
            };
            let verdict = judged.map_or(missing, verdict);
            lines.push(ParallelLine { values, metric, verdict, role });
        }
        let titled = axes.iter().zip(&self.titles).zip(names);
        let varied = titled.map(|((axis, title), categories)| ParallelAxis {
            title: title.clone(),
            log: axis.scale == ScaleKind::Log,
            categories,
        });
        let figure = |title: String| ParallelAxis { title, ..ParallelAxis::default() };
        let limits = limited.iter().map(|(_, limit)| {
            let unit = if unit_factor(limit.figure) == 100.0 { "%" } else { limit.figure.unit() };
            figure(format!("{}, {unit}", limit.name))
        });
        ParallelChart {
            caption: self.caption(
                format!("{}: all {} candidates", self.file.base().name, found.tried()),
                format!("{}; {}", self.goal(), self.search_paths()),
            ),
            axes: varied.chain([figure(self.metric())]).chain(limits).collect(),
            metric: self.metric(),
            higher_is_better: true,
            lines,
        }
    }
}

/// The number of a value, or its place among the names seen.
fn category(names: &mut Vec<String>, at: &Coordinate) -> f64 {
    at.number.unwrap_or_else(|| {
        let known = names.iter().position(|name| *name == at.text);
        known.unwrap_or_else(|| {
            names.push(at.text.clone());
            names.len() - 1
        }) as f64
    })
}

fn verdict(judged: &Judged) -> charts::Verdict {
    match judged.standing() {
        Standing::Holds => charts::Verdict::Holds,
        Standing::CannotTell => charts::Verdict::CannotTell,
        Standing::Violated => charts::Verdict::Violated,
    }
}

fn estimate(value: f64, interval: Interval, times: f64) -> charts::Estimate {
    let end = |end: Option<f64>| times * end.unwrap_or(f64::NAN);
    charts::Estimate { value: times * value, low: end(interval.low), high: end(interval.high) }
}

/// Shares are drawn in percent.
fn unit_factor(figure: Figure) -> f64 {
    if matches!(figure.unit(), "probability" | "fraction") { 100.0 } else { 1.0 }
}
