//! An axis of cells.

use super::super::canvas::{Align, Canvas, Dash, Type};
use super::super::font::Face;
use super::super::page::{Rect, TEXT};
use super::super::palette::{AXIS, INK, MUTED};

const LABEL_ROW: f64 = 30.0;
/// Cells thinner than this, in page pixels, are drawn evenly instead of to scale.
const THIN: f64 = 14.0;

/// The values of one parameter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GridAxis {
    /// Name of the parameter, with its unit if it has one.
    pub title: String,
    /// As a person reads them.
    pub labels: Vec<String>,
    /// The same as numbers; empty for categories.
    pub values: Vec<f64>,
    pub spacing: Spacing,
}

/// How values are laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Spacing {
    /// To scale.
    #[default]
    Linear,
    /// To the scale of their logarithms.
    Log,
    /// Side by side, whatever they are.
    Even,
}

/// Where the cells of an axis stand, in page pixels.
pub(super) struct Places {
    /// One more than there are cells.
    pub edges: Vec<f64>,
    pub centres: Vec<f64>,
}

impl Places {
    fn of(shares: &[f64], from: f64, to: f64) -> Self {
        let edges: Vec<f64> = shares.iter().map(|share| from + share * (to - from)).collect();
        let centres = edges.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect();
        Self { edges, centres }
    }

    /// The thinnest cell.
    pub(super) fn least(&self) -> f64 {
        self.edges.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(f64::INFINITY, f64::min)
    }
}

impl GridAxis {
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether its values are ascending numbers.
    pub(super) fn is_ordered(&self) -> bool {
        self.values.len() == self.labels.len()
            && self.values.iter().all(|value| value.is_finite())
            && self.values.windows(2).all(|pair| pair[0] < pair[1])
    }

    /// Cells from `from` to `to`, in page pixels; evenly where the scale would make one too thin.
    pub(super) fn places(&self, from: f64, to: f64) -> Places {
        let count = self.len();
        let even = || {
            let shares: Vec<f64> =
                (0..=count).map(|edge| edge as f64 / count.max(1) as f64).collect();
            Places::of(&shares, from, to)
        };
        let log = self.spacing == Spacing::Log;
        let positive = !log || self.values.iter().all(|value| *value > 0.0);
        if self.spacing == Spacing::Even || !self.is_ordered() || !positive || count < 2 {
            return even();
        }
        let scaled: Vec<f64> =
            self.values.iter().map(|v| if log { libm::log(*v) } else { *v }).collect();
        let scaled = Places::of(&shares(&scaled), from, to);
        if scaled.least() < THIN { even() } else { scaled }
    }

    /// Room left of the cells, in page pixels.
    pub(super) fn gutter(&self) -> f64 {
        let widths = self.labels.iter().map(|label| Face::Regular.width(label, TEXT));
        widths.fold(30.0, f64::max).min(220.0) + 14.0
    }

    /// Room below the cells, in page pixels.
    pub(super) fn sill(&self) -> f64 {
        2.0 * LABEL_ROW + 6.0
    }

    /// Labels of columns, and the title below.
    pub(super) fn label_below(&self, canvas: &mut Canvas, area: &Rect, places: &Places) {
        let mut free = f64::NEG_INFINITY;
        let set = Type { face: Face::Regular, em: TEXT, color: MUTED, align: Align::Center };
        for (label, x) in self.labels.iter().zip(&places.centres) {
            let (label, em) = Face::Regular.fit(label, TEXT, 240.0);
            let half = Face::Regular.width(&label, em) / 2.0;
            if x - half < free {
                continue;
            }
            let tick = [(*x, area.bottom), (*x, area.bottom + 6.0)];
            canvas.line(&tick, 2.0, AXIS, Dash::Solid);
            canvas.text(&label, (*x, area.bottom + LABEL_ROW), Type { em, ..set });
            free = x + half + 12.0;
        }
        let (title, em) = Face::Bold.fit(&self.title, TEXT, area.width());
        let set = Type { face: Face::Bold, em, color: INK, align: Align::Center };
        let middle = (area.left + area.right) / 2.0;
        canvas.text(&title, (middle, area.bottom + 2.0 * LABEL_ROW), set);
    }

    /// Labels of rows, and the title above.
    pub(super) fn label_left(&self, canvas: &mut Canvas, area: &Rect, places: &Places) {
        let mut free = f64::INFINITY;
        for (label, y) in self.labels.iter().zip(&places.centres) {
            if y + TEXT / 2.0 > free {
                continue;
            }
            let (label, em) = Face::Regular.fit(label, TEXT, self.gutter() - 12.0);
            let set = Type { face: Face::Regular, em, color: MUTED, align: Align::Right };
            canvas.line(&[(area.left - 6.0, *y), (area.left, *y)], 2.0, AXIS, Dash::Solid);
            canvas.text(&label, (area.left - 12.0, y + 8.0), set);
            free = y - TEXT / 2.0 - 2.0;
        }
        let (title, em) = Face::Bold.fit(&self.title, TEXT, 0.6 * area.width());
        let set = Type { face: Face::Bold, em, color: INK, align: Align::Left };
        canvas.text(&title, (area.left, area.top - 16.0), set);
    }
}

/// Edges of cells half way between neighbours, the outer ones as far beyond, as shares of the
/// whole.
fn shares(at: &[f64]) -> Vec<f64> {
    let last = at.len() - 1;
    let mut edges = vec![at[0] - (at[1] - at[0]) / 2.0];
    edges.extend(at.windows(2).map(|pair| pair[0] + (pair[1] - pair[0]) / 2.0));
    edges.push(at[last] + (at[last] - at[last - 1]) / 2.0);
    let (first, width) = (edges[0], edges[last + 1] - edges[0]);
    edges.iter().map(|edge| (edge - first) / width).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(values: &[f64], spacing: Spacing) -> GridAxis {
        let labels = values.iter().map(f64::to_string).collect();
        GridAxis { title: String::new(), labels, values: values.to_vec(), spacing }
    }

    /// Edges of 1, 2, 4 lie at 0.5, 1.5, 3, 5: shares 0, 1/4.5, 2.5/4.5, 1. On the log scale the
    /// three are even.
    #[test]
    fn cells_stand_to_scale() {
        let third = 450.0 / 3.0;
        for (spacing, edges) in [
            (Spacing::Linear, [0.0, 100.0, 250.0, 450.0]),
            (Spacing::Log, [0.0, third, 2.0 * third, 450.0]),
            (Spacing::Even, [0.0, third, 2.0 * third, 450.0]),
        ] {
            let found = axis(&[1.0, 2.0, 4.0], spacing).places(0.0, 450.0);
            for (found, expected) in found.edges.iter().zip(edges) {
                assert!((found - expected).abs() < 1e-9, "{spacing:?} {found} {expected}");
            }
        }
    }

    #[test]
    fn what_has_no_scale_is_even() {
        for values in [&[2.0, 1.0][..], &[1.0, f64::NAN], &[1.0, 1.0], &[3.0]] {
            let found = axis(values, Spacing::Linear).places(0.0, 100.0);
            let width = 100.0 / values.len() as f64;
            assert!((found.least() - width).abs() < 1e-9, "{values:?}");
        }
        // To scale the first two cells of 0, 1, 1000 would be thinner than can be seen.
        let found = axis(&[0.0, 1.0, 1000.0], Spacing::Linear).places(0.0, 300.0);
        assert!((found.least() - 100.0).abs() < 1e-9);
        assert!((axis(&[-1.0, 1.0], Spacing::Log).places(0.0, 100.0).least() - 50.0).abs() < 1e-9);
    }
}
