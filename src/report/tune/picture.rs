//! Pictures of a tuning: the trade-off, what a step of each field changes, the objective over two
//! fields, and all candidates over parallel axes.

use crate::report::charts::grid::{self, GridAxis, GridCell, GridChart, GridLimit, Spacing};
use crate::report::charts::parallel::{
    self, ParallelAxis, ParallelChart, ParallelLine, ParallelRole,
};
use crate::report::charts::pareto::{self, ParetoAxis, ParetoChart, ParetoPoint, ParetoRole};
use crate::report::charts::scatter::{self, ScatterChart, ScatterPoint};
use crate::report::charts::sensitivity::{self, SensitivityChart, SensitivityRow, SensitivityStep};
use crate::report::charts::{self, Caption, ChartError};
use crate::report::folder::OutFolder;
use crate::scenario::{Axis, Coordinate, Figure, LimitSpec, ScaleKind, ScenarioFile, SearchKind};
use crate::stats::Interval;
use crate::study::{AxisReport, Candidate, Judged, ProfilePoint, Standing, TuneResult};

/// Draws what there is to draw.
pub(super) fn draw(
    folder: &OutFolder,
    file: &ScenarioFile,
    found: &TuneResult,
) -> Result<(), ChartError> {
    let board = Board { file, found };
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
                verdict: outcome.map_or(charts::Verdict::Violated, verdict),
                role,
            }
        };
        let unit = if times == 100.0 { "%" } else { front.risk_unit };
        ParetoChart {
            caption: self.caption(
                format!("{}: gain against risk", self.file.base().name),
                format!("candidates on the {} paths of the search", found.paths),
            ),
            x: ParetoAxis {
                title: format!("{}, {unit}", front.risk),
                higher_is_better: front.more_is_better,
                limit: limit.map(|limit| (times * limit.limit, super::text::limit_words(limit))),
            },
            y: ParetoAxis { title: front.gain.clone(), higher_is_better: true, limit: None },
            points: front.points.iter().map(point).collect(),
        }
    }

    fn steps(&self) -> SensitivityChart {
        let step = |point: Option<&ProfilePoint>| {
            let point = point?;
            let worth = point.outcome.as_ref().ok()?;
            let less = worth.less_centre;
            let change = estimate(less.value, less.interval(0.95), 1.0);
            Some(SensitivityStep { to: point.coordinate.text.clone(), change })
        };
        let row = |axis: &AxisReport| {
            let [down, up] = axis.neighbours();
            SensitivityRow {
                parameter: short(&axis.path).to_owned(),
                value: axis.profile[axis.centre].coordinate.text.clone(),
                down: step(down),
                up: step(up),
            }
        };
        let mut rows: Vec<SensitivityRow> = self.found.axes.iter().map(row).collect();
        let most = |row: &SensitivityRow| {
            let steps = [&row.down, &row.up].into_iter().flatten();
            steps.map(|step| step.change.value.abs()).fold(0.0, f64::max)
        };
        rows.sort_by(|a, b| most(b).total_cmp(&most(a)));
        let about = match self.found.recommended {
            Some(_) => "the recommendation",
            None => "the nearest candidate (nothing is recommended)",
        };
        SensitivityChart {
            caption: self.caption(
                format!("{}: one step away from {about}", self.file.base().name),
                format!(
                    "{}; {} fresh paths, all else the same",
                    self.goal(),
                    self.found.validation_paths()
                ),
            ),
            metric: "objective".to_owned(),
            rows,
        }
    }

    /// The two axes with numbers that most of the objective's variance goes with.
    fn two_axes(&self) -> Option<(usize, usize)> {
        let axes = &self.found.search.space.axes;
        let share = |axis: usize| {
            let report = self.found.axes.iter().find(|one| one.path == axes[axis].path);
            report.and_then(|one| one.effect).map_or(-1.0, |effect| effect.share)
        };
        let numbers = |axis: &usize| {
            (1..self.found.candidates.len()).all(|at| self.place(at, *axis).is_finite())
        };
        let mut order: Vec<usize> = (0..axes.len()).filter(numbers).collect();
        order.sort_by(|a, b| share(*b).total_cmp(&share(*a)).then(a.cmp(b)));
        let (one, other) = (*order.first()?, *order.get(1)?);
        // In the order of the file.
        Some((one.max(other), one.min(other)))
    }

    fn is_grid(&self, x: usize, y: usize) -> bool {
        let axes = &self.found.search.space.axes;
        let several = |axis: usize| axes[axis].values.len() > 1;
        self.found.search.search == SearchKind::Grid && several(x) && several(y)
    }

    /// What the fields beside two do in their picture.
    fn others(&self, x: usize, y: usize, how: &str) -> String {
        let axes = self.found.search.space.axes.iter().enumerate();
        let centre = self.centre();
        let other: Vec<String> = axes
            .filter(|(at, _)| *at != x && *at != y)
            .map(|(at, axis)| {
                let text = centre.and_then(|one| one.point[at].as_ref()).map(|at| at.text.as_str());
                match how {
                    "fixed" => format!("{} {}", short(&axis.path), text.unwrap_or("as it stands")),
                    _ => short(&axis.path).to_owned(),
                }
            })
            .collect();
        match (other.is_empty(), how) {
            (true, _) => String::new(),
            (false, "fixed") => format!("; at {}", other.join(", ")),
            (false, _) => format!("; besides vary: {}", other.join(", ")),
        }
    }

    /// The slice of a grid through the recommendation.
    fn cells(&self, x: usize, y: usize) -> GridChart {
        let (found, axes) = (self.found, &self.found.search.space.axes);
        let text = |candidate: &Candidate, axis: usize| {
            candidate.point[axis].as_ref().map_or("", |at| at.text.as_str()).to_owned()
        };
        let centre = self.centre();
        let in_slice = |candidate: &Candidate| {
            let others = (0..axes.len()).filter(|axis| *axis != x && *axis != y);
            let mut others = others.map(|axis| {
                centre.is_none_or(|centre| text(centre, axis) == text(candidate, axis))
            });
            others.all(|same| same)
        };
        let limit = found.objective.limits.first();
        let (mut cells, mut best, mut base) = (Vec::new(), None, None);
        for (row, of_y) in axes[y].values.iter().enumerate() {
            for (column, of_x) in axes[x].values.iter().enumerate() {
                let here = |candidate: &Candidate| {
                    in_slice(candidate)
                        && text(candidate, x) == of_x.text
                        && text(candidate, y) == of_y.text
                };
                let at = (1..found.candidates.len()).find(|at| here(&found.candidates[*at]));
                if here(&found.candidates[0]) {
                    base = Some((column, row));
                }
                if at.is_some() && at == self.recommended() {
                    best = Some((column, row));
                }
                cells.push(match at.map(|at| &found.candidates[at].outcome) {
                    None => GridCell::Missing,
                    Some(Err(_)) => GridCell::Failed,
                    Some(Ok(judged)) => GridCell::Ran {
                        value: judged.objective.value,
                        constrained: judged.verdicts.first().map_or(f64::NAN, |one| one.value),
                        verdict: verdict(judged),
                    },
                });
            }
        }
        if best.is_none() && self.recommended() == Some(0) {
            best = base;
        }
        GridChart {
            caption: self.map_caption(x, y, "fixed"),
            x: grid_axis(&axes[x]),
            y: grid_axis(&axes[y]),
            metric: "objective".to_owned(),
            higher_is_better: true,
            cells,
            limit: limit.map(|limit| GridLimit { at: limit.limit, label: label(limit) }),
            best,
            base,
        }
    }

    fn points(&self, x: usize, y: usize) -> ScatterChart {
        let (found, axes) = (self.found, &self.found.search.space.axes);
        let point = |at: usize| {
            let outcome = found.candidates[at].outcome.as_ref();
            ScatterPoint {
                x: self.place(at, x),
                y: self.place(at, y),
                value: outcome.map_or(f64::NAN, |judged| judged.objective.value),
                verdict: outcome.map_or(charts::Verdict::Violated, verdict),
            }
        };
        let at = |candidate: usize| {
            let (x, y) = (self.place(candidate, x), self.place(candidate, y));
            (x.is_finite() && y.is_finite()).then_some((x, y))
        };
        ScatterChart {
            caption: self.map_caption(x, y, "vary"),
            x_title: titled(&axes[x]),
            y_title: titled(&axes[y]),
            metric: "objective".to_owned(),
            higher_is_better: true,
            points: (1..found.candidates.len()).map(point).collect(),
            best: self.recommended().and_then(at),
            base: at(0),
        }
    }

    fn map_caption(&self, x: usize, y: usize, how: &str) -> Caption {
        let axes = &self.found.search.space.axes;
        let (x_name, y_name) = (short(&axes[x].path), short(&axes[y].path));
        self.caption(
            format!("{}: {x_name} and {y_name}", self.file.base().name),
            format!("{}; paths of the search{}", self.goal(), self.others(x, y, how)),
        )
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
            let judged = candidate.outcome.as_ref().ok();
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
            let verdict = judged.map_or(charts::Verdict::Violated, verdict);
            lines.push(ParallelLine { values, metric, verdict, role });
        }
        let varied = axes.iter().zip(names).map(|(axis, categories)| ParallelAxis {
            title: titled(axis),
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
                format!("{}; paths of the search", self.goal()),
            ),
            axes: varied.chain([figure("objective".to_owned())]).chain(limits).collect(),
            metric: "objective".to_owned(),
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

/// The contour is where the value is the limit.
fn label(limit: &LimitSpec) -> String {
    super::text::limit_words(limit).replace(['≤', '≥'], "=")
}

fn short(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn titled(axis: &Axis) -> String {
    match axis.unit {
        "" => short(&axis.path).to_owned(),
        unit => format!("{}, {unit}", short(&axis.path)),
    }
}

fn grid_axis(axis: &Axis) -> GridAxis {
    GridAxis {
        title: titled(axis),
        labels: axis.values.iter().map(|value| value.text.clone()).collect(),
        values: axis.values.iter().filter_map(|value| value.number).collect(),
        spacing: match axis.scale {
            ScaleKind::Log => Spacing::Log,
            ScaleKind::Linear => Spacing::Linear,
        },
    }
}
