//! A panel: a plot area with its scales, grid, ticks and axis titles.

use super::canvas::{Align, Canvas, Dash, Point, Type, WIDTH};
use super::font::Face;
use super::page::{Rect, TEXT};
use super::palette::{AXIS, GRID, INK, MUTED, fade};
use super::ticks::Tick;

/// Room above a panel for the title of its y axis, in page pixels.
pub(super) const TITLE_HEIGHT: f64 = 44.0;
const LABEL_ROW: f64 = 30.0;

/// A plot area and the values at its edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plot {
    pub area: Rect,
    /// Values at the left and right edge.
    pub x: (f64, f64),
    /// Values at the bottom and top edge.
    pub y: (f64, f64),
}

impl Plot {
    /// Where a point stands on the page; what lies outside is moved to the edge.
    pub(super) fn at(&self, x: f64, y: f64) -> Point {
        let across = ((x - self.x.0) / (self.x.1 - self.x.0)).clamp(0.0, 1.0);
        let up = ((y - self.y.0) / (self.y.1 - self.y.0)).clamp(0.0, 1.0);
        (self.area.left + across * self.area.width(), self.area.bottom - up * self.area.height())
    }
}

/// Ticks and titles of a panel; an empty title or list leaves them out.
#[derive(Debug, Clone, Default)]
pub(super) struct Axes<'a> {
    pub x_ticks: &'a [Tick],
    pub x_title: &'a str,
    pub y_ticks: &'a [Tick],
    /// Stands above the panel, from its left edge.
    pub y_title: &'a str,
    /// Grid lines without labels, for panels whose neighbour carries them.
    pub bare_x: bool,
    pub bare_y: bool,
}

/// Room that the labels of a y axis take, in page pixels.
pub(super) fn gutter<'a>(ticks: impl IntoIterator<Item = &'a Tick>) -> f64 {
    let widths = ticks.into_iter().map(|t| Face::Regular.width(&t.label, TEXT));
    widths.fold(30.0, f64::max) + 14.0
}

/// Room that the labels and the title of an x axis take, in page pixels.
pub(super) fn sill(ticks: &[Tick], title: &str) -> f64 {
    let context = ticks.iter().any(|t| !t.context.is_empty());
    let rows = 1 + usize::from(context) + usize::from(!title.is_empty());
    rows as f64 * LABEL_ROW + 6.0
}

/// Draws grid, axes and labels; data goes on top of it.
pub(super) fn draw_axes(canvas: &mut Canvas, plot: &Plot, axes: &Axes) {
    let area = plot.area;
    let mut last_label = f64::INFINITY;
    for tick in axes.y_ticks {
        let y = plot.at(plot.x.0, tick.at).1;
        canvas.rect((area.left, y - 0.7), (area.right, y + 0.7), fade(GRID, 1.0));
        if !axes.bare_y && last_label - y > TEXT {
            canvas.text(&tick.label, (area.left - 12.0, y + 8.0), label(Align::Right));
            last_label = y;
        }
    }
    for tick in axes.x_ticks {
        let x = plot.at(tick.at, plot.y.0).0;
        canvas.rect((x - 0.7, area.top), (x + 0.7, area.bottom), fade(GRID, 1.0));
    }
    canvas.line(&[(area.left, area.bottom), (area.right, area.bottom)], 2.0, AXIS, Dash::Solid);
    let (title, em) = Face::Bold.fit(axes.y_title, TEXT, area.width());
    let set = Type { face: Face::Bold, em, color: INK, align: Align::Left };
    canvas.text(&title, (area.left, area.top - 16.0), set);
    if !axes.bare_x {
        draw_x_labels(canvas, plot, axes);
    }
}

fn draw_x_labels(canvas: &mut Canvas, plot: &Plot, axes: &Axes) {
    let mut free = [f64::NEG_INFINITY; 2];
    for tick in axes.x_ticks {
        let x = plot.at(tick.at, plot.y.0).0;
        let half = Face::Regular.width(&tick.label, TEXT) / 2.0;
        let center = x.clamp(half + 6.0, WIDTH - half - 6.0);
        if center - half < free[0] {
            continue;
        }
        canvas.rect(
            (x - 1.0, plot.area.bottom),
            (x + 1.0, plot.area.bottom + 7.0),
            fade(AXIS, 1.0),
        );
        let baseline = plot.area.bottom + LABEL_ROW;
        canvas.text(&tick.label, (center, baseline), label(Align::Center));
        free[0] = center + half + 14.0;
        let half = Face::Regular.width(&tick.context, TEXT) / 2.0;
        if half > 0.0 && center - half >= free[1] {
            canvas.text(&tick.context, (center, baseline + LABEL_ROW), label(Align::Center));
            free[1] = center + half + 14.0;
        }
    }
    let middle = (plot.area.left + plot.area.right) / 2.0;
    let baseline = plot.area.bottom + sill(axes.x_ticks, axes.x_title) - 6.0;
    canvas.text(axes.x_title, (middle, baseline), label(Align::Center));
}

fn label(align: Align) -> Type {
    Type { face: Face::Regular, em: TEXT, color: MUTED, align }
}

/// The least and greatest of the finite values.
pub(super) fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|v| v.abs() < 1e100).fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((lo, hi)) => Some((v.min(lo), v.max(hi))),
    })
}

/// A range widened by `share` of its length on both sides; one without length by 5 % of its value, 0 by 1.
/// A range of positive values stays positive.
pub(super) fn padded((lo, hi): (f64, f64), share: f64) -> (f64, f64) {
    let pad = match hi > lo {
        true => share * (hi - lo),
        false if lo == 0.0 => 1.0,
        false => (0.05 * lo.abs()).max(1e-6),
    };
    (if lo >= 0.0 { (lo - pad).max(0.0) } else { lo - pad }, hi + pad)
}

/// The range of some times, kept within the calendar and at least ten seconds long.
pub(super) fn time_range(times: impl Iterator<Item = i64>) -> Option<(i64, i64)> {
    const CALENDAR: i64 = 250_000_000_000_000;
    let clamped = times.map(|t| t.clamp(-CALENDAR, CALENDAR));
    let (lo, hi) = clamped.fold(None, |range: Option<(i64, i64)>, t| match range {
        None => Some((t, t)),
        Some((lo, hi)) => Some((lo.min(t), hi.max(t))),
    })?;
    Some(if hi - lo < 10_000 { (lo - 5_000, hi + 5_000) } else { (lo, hi) })
}
