//! A metric over two parameters where candidates stand anywhere: a disc per candidate.

use super::canvas::{Canvas, Dash};
use super::gradient::{BAR_WIDTH, Gradient};
use super::markers::{Fill, Shape, draw_marker};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{BLACK, INK, MUTED, WHITE};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, padded, range, sill};
use super::ticks::number_ticks;
use super::{Caption, ChartError, Verdict};
use std::path::Path;

const RADIUS: f64 = 12.0;
/// Of a disc where there are many.
const RADIUS_MANY: f64 = 7.0;
const MANY: usize = 150;

/// Candidates over two parameters.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScatterChart {
    /// Where there are more than two parameters, the subtitle says what the others do.
    pub caption: Caption,
    /// Names of the parameters, with their units.
    pub x_title: String,
    pub y_title: String,
    /// What is shown, with its unit: `net yield, USDC`.
    pub metric: String,
    pub higher_is_better: bool,
    pub points: Vec<ScatterPoint>,
    /// Places of the recommendation and of the scenario as it stands.
    pub best: Option<(f64, f64)>,
    pub base: Option<(f64, f64)>,
}

/// One candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScatterPoint {
    pub x: f64,
    pub y: f64,
    /// Of the metric; NaN where it has none.
    pub value: f64,
    pub verdict: Verdict,
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &ScatterChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let marked = || data.best.into_iter().chain(data.base);
    let x = range(data.points.iter().map(|point| point.x).chain(marked().map(|at| at.0)));
    let y = range(data.points.iter().map(|point| point.y).chain(marked().map(|at| at.1)));
    let scale = Gradient::of(data.points.iter().map(|point| point.value), data.higher_is_better);
    let (Some(x), Some(y), Some(scale)) = (x, y, scale) else { return page.save_empty(out) };
    let (x, y) = (padded(x, 0.04), padded(y, 0.05));
    let (x_ticks, y_ticks) = (number_ticks(x.0, x.1, 8), number_ticks(y.0, y.1, 7));
    let axes = Axes {
        x_ticks: &x_ticks,
        x_title: &data.x_title,
        y_ticks: &y_ticks,
        y_title: &data.y_title,
        ..Axes::default()
    };
    let body = page.body;
    let area = Rect {
        left: body.left + gutter(&y_ticks),
        top: body.top + TITLE_HEIGHT,
        right: body.right - BAR_WIDTH,
        bottom: body.bottom - sill(&x_ticks, &data.x_title),
    };
    let plot = Plot { area, x, y };
    draw_axes(&mut page.canvas, &plot, &axes);
    let radius = if data.points.len() > MANY { RADIUS_MANY } else { RADIUS };
    // What has no value lies below, the better ones on top.
    let mut order: Vec<&ScatterPoint> =
        data.points.iter().filter(|p| p.x.is_finite() && p.y.is_finite()).collect();
    let has_none = |point: &ScatterPoint| point.value.is_nan() || point.value.abs() >= 1e100;
    order.sort_by(|a, b| {
        let place = |point: &ScatterPoint| scale.place(point.value);
        has_none(b).cmp(&has_none(a)).then(place(a).total_cmp(&place(b)))
    });
    for point in order {
        draw_point(&mut page.canvas, &plot, point, &scale, radius);
    }
    for (at, shape, fill) in
        [(data.base, Shape::Square, Fill::Hollow), (data.best, Shape::Star, Fill::Full)]
    {
        if let Some((x, y)) = at {
            draw_marker(&mut page.canvas, shape, plot.at(x, y), BLACK, fill);
        }
    }
    scale.draw_bar(&mut page.canvas, (&body, &area), &data.metric, area.top - 16.0);
    page.canvas.save(out)
}

/// Full where constraints hold, a ring where they are violated, a dot in it where nobody can tell.
fn draw_point(
    canvas: &mut Canvas,
    plot: &Plot,
    point: &ScatterPoint,
    scale: &Gradient,
    radius: f64,
) {
    let at = plot.at(point.x, point.y);
    if point.verdict == Verdict::LeftEarly {
        canvas.disc(at, 0.5 * radius, MUTED);
        return;
    }
    let known = point.value.abs() < 1e100;
    let color = if known { scale.color(point.value) } else { MUTED };
    canvas.disc(at, radius + 1.2, INK);
    canvas.disc(at, radius, color);
    if !known {
        let arm = 0.6 * radius;
        for (a, b) in [(-arm, -arm), (-arm, arm)] {
            canvas.line(&[(at.0 + a, at.1 + b), (at.0 - a, at.1 - b)], 2.4, WHITE, Dash::Solid);
        }
    }
    if matches!(point.verdict, Verdict::CannotTell | Verdict::Violated) && known {
        canvas.disc(at, 0.62 * radius, WHITE);
    }
    if point.verdict == Verdict::CannotTell && known {
        canvas.disc(at, 0.34 * radius, color);
    }
}

fn legend(data: &ScatterChart) -> Vec<Entry> {
    let entry = |key, label: &str| Entry { key, label: label.to_owned() };
    let mut entries = Vec::new();
    if data.best.is_some() {
        entries.push(entry(Key::Marker(Shape::Star, BLACK, Fill::Full), "recommendation"));
    }
    if data.base.is_some() {
        let key = Key::Marker(Shape::Square, BLACK, Fill::Hollow);
        entries.push(entry(key, "the scenario as it stands"));
    }
    let any = |verdict| data.points.iter().any(|point| point.verdict == verdict);
    if any(Verdict::Violated) || any(Verdict::CannotTell) {
        entries.push(entry(Key::Marker(Shape::Circle, MUTED, Fill::Full), "constraints hold"));
    }
    if any(Verdict::CannotTell) {
        let key = Key::Marker(Shape::Circle, MUTED, Fill::Dotted);
        entries.push(entry(key, "cannot tell (dot in a ring)"));
    }
    if any(Verdict::Violated) {
        let key = Key::Marker(Shape::Circle, MUTED, Fill::Hollow);
        entries.push(entry(key, "a constraint does not hold (ring)"));
    }
    if any(Verdict::LeftEarly) {
        let key = Key::Marker(Shape::Circle, MUTED, Fill::Full);
        entries.push(entry(key, "small and grey: left the search on fewer paths"));
    }
    if any(Verdict::Failed) {
        entries.push(entry(Key::Marker(Shape::Cross, MUTED, Fill::Full), "could not run"));
    }
    entries
}
