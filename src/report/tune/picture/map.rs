//! The objective over two fields.

use super::{Board, verdict};
use crate::report::charts::grid::{GridAxis, GridCell, GridChart, GridLimit, Spacing};
use crate::report::charts::scatter::{ScatterChart, ScatterPoint};
use crate::report::charts::{self, Caption};
use crate::report::tune::text::limit_words;
use crate::scenario::{Axis, LimitSpec, ScaleKind, SearchKind};
use crate::study::Candidate;

impl Board<'_> {
    /// The two axes with numbers that most of the objective's variance goes with.
    pub(super) fn two_axes(&self) -> Option<(usize, usize)> {
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

    pub(super) fn is_grid(&self, x: usize, y: usize) -> bool {
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
            .map(|(at, _)| {
                let text = centre.and_then(|one| one.point[at].as_ref()).map(|at| at.text.as_str());
                match how {
                    "fixed" => format!("{} {}", self.names[at], text.unwrap_or("as it stands")),
                    _ => self.names[at].clone(),
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
    pub(super) fn cells(&self, x: usize, y: usize) -> GridChart {
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
                let at = at.filter(|at| !self.left_early(*at));
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
            x: grid_axis(&axes[x], &self.titles[x]),
            y: grid_axis(&axes[y], &self.titles[y]),
            metric: self.metric(),
            higher_is_better: true,
            cells,
            limit: limit.map(|limit| GridLimit { at: limit.limit, label: label(limit) }),
            best,
            best_label: "recommendation".to_owned(),
            base,
        }
    }

    pub(super) fn points(&self, x: usize, y: usize) -> ScatterChart {
        let found = self.found;
        let point = |at: usize| {
            let outcome = found.candidates[at].outcome.as_ref();
            ScatterPoint {
                x: self.place(at, x),
                y: self.place(at, y),
                value: outcome
                    .ok()
                    .filter(|_| !self.left_early(at))
                    .map_or(f64::NAN, |judged| judged.objective.value),
                verdict: match outcome {
                    Ok(_) if self.left_early(at) => charts::Verdict::LeftEarly,
                    Ok(judged) => verdict(judged),
                    Err(_) => charts::Verdict::Failed,
                },
            }
        };
        let at = |candidate: usize| {
            let (x, y) = (self.place(candidate, x), self.place(candidate, y));
            (x.is_finite() && y.is_finite()).then_some((x, y))
        };
        ScatterChart {
            caption: self.map_caption(x, y, "vary"),
            x_title: self.titles[x].clone(),
            y_title: self.titles[y].clone(),
            metric: self.metric(),
            higher_is_better: true,
            points: (1..found.candidates.len()).map(point).collect(),
            best: self.recommended().and_then(at),
            base: at(0),
        }
    }

    fn map_caption(&self, x: usize, y: usize, how: &str) -> Caption {
        let (x_name, y_name) = (&self.names[x], &self.names[y]);
        self.caption(
            format!("{}: {x_name} and {y_name}", self.file.base().name),
            format!("{}; {}{}", self.goal(), self.search_paths(), self.others(x, y, how)),
        )
    }
}

/// The contour is where the value is the limit.
fn label(limit: &LimitSpec) -> String {
    limit_words(limit).replace(['≤', '≥'], "=")
}

fn grid_axis(axis: &Axis, title: &str) -> GridAxis {
    GridAxis {
        title: title.to_owned(),
        labels: axis.values.iter().map(|value| value.text.clone()).collect(),
        values: axis.values.iter().filter_map(|value| value.number).collect(),
        spacing: match axis.scale {
            ScaleKind::Log => Spacing::Log,
            ScaleKind::Linear => Spacing::Linear,
        },
    }
}
