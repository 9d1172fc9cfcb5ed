//! A metric over two parameters: a cell per pair of values, with the contour of a constraint.

mod axis;

pub use axis::{GridAxis, Spacing};

use super::canvas::{Align, Canvas, Dash, Type};
use super::contour::contour;
use super::font::Face;
use super::gradient::{BAR_WIDTH, Gradient};
use super::hatch::draw_hatch;
use super::markers::{Fill, Shape, draw_marker};
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{AXIS, BLACK, MUTED, VERMILION, WHITE, fade, tint};
use super::panel::TITLE_HEIGHT;
use super::{Caption, ChartError, Verdict};
use axis::Places;
use std::path::Path;

/// Texts in cells: none below this em.
const EM_MIN: f64 = 12.0;
/// A marker stands above the middle of cells at least so high.
const TALL: f64 = 64.0;
const NOTHING: f64 = 0.18;

/// A metric over the values of two parameters.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GridChart {
    /// Where there are more than two parameters, the subtitle says what the others are.
    pub caption: Caption,
    pub x: GridAxis,
    pub y: GridAxis,
    /// What is shown, with its unit: `net yield, USDC`.
    pub metric: String,
    pub higher_is_better: bool,
    /// A row of cells per value of `y`, from the first value on.
    pub cells: Vec<GridCell>,
    /// The limit on the constraint's metric, where there is one.
    pub limit: Option<GridLimit>,
    /// The best cell: its places on x and y.
    pub best: Option<(usize, usize)>,
    /// What makes it the best: `recommendation`.
    pub best_label: String,
    /// The cell of the scenario as it stands.
    pub base: Option<(usize, usize)>,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GridCell {
    Ran {
        /// Of the metric, in its unit; NaN where it has none.
        value: f64,
        /// Of the constraint's metric; NaN without one.
        constrained: f64,
        verdict: Verdict,
    },
    /// Its run failed.
    Failed,
    /// Not in the design.
    Missing,
}

/// The contour.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GridLimit {
    /// Where the constraint's metric is this.
    pub at: f64,
    /// What the line is: `liquidation_probability = 1 %`.
    pub label: String,
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &GridChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let columns = data.x.len();
    let complete = columns > 0 && data.cells.len() == columns * data.y.len();
    let scale = Gradient::of(data.cells.iter().map(GridCell::value), data.higher_is_better);
    let (Some(scale), true) = (scale, complete) else { return page.save_empty(out) };
    let body = page.body;
    let area = Rect {
        left: body.left + data.y.gutter(),
        top: body.top + TITLE_HEIGHT,
        right: body.right - BAR_WIDTH,
        bottom: body.bottom - data.x.sill(),
    };
    let (x, y) = (data.x.places(area.left, area.right), data.y.places(area.bottom, area.top));
    for (index, cell) in data.cells.iter().enumerate() {
        let (column, row) = (index % columns, index / columns);
        draw_cell(&mut page.canvas, cell_area(&x, &y, (column, row)), cell, &scale);
    }
    frame(&mut page.canvas, area, 1.6);
    draw_limit(&mut page.canvas, data, &x, &y);
    write_values(&mut page.canvas, data, (&x, &y), &scale);
    for (place, base) in [(data.base, true), (data.best, false)] {
        let Some((column, row)) = place.filter(|at| at.0 < columns && at.1 < data.y.len()) else {
            continue;
        };
        let cell = cell_area(&x, &y, (column, row));
        mark(&mut page.canvas, cell, base, data.base == data.best);
    }
    data.x.label_below(&mut page.canvas, &area, &x);
    data.y.label_left(&mut page.canvas, &area, &y);
    scale.draw_bar(&mut page.canvas, (&body, &area), &data.metric, area.top - 16.0);
    page.canvas.save(out)
}

impl GridCell {
    fn value(&self) -> f64 {
        match self {
            Self::Ran { value, .. } => *value,
            Self::Failed | Self::Missing => f64::NAN,
        }
    }

    fn constrained(&self) -> f64 {
        match self {
            Self::Ran { constrained, .. } => *constrained,
            Self::Failed | Self::Missing => f64::NAN,
        }
    }

    /// Whether it is not known to keep every limit.
    fn is_doubtful(&self) -> bool {
        matches!(self, Self::Ran { verdict, .. } if *verdict != Verdict::Holds)
    }
}

fn cell_area(x: &Places, y: &Places, (column, row): (usize, usize)) -> Rect {
    Rect {
        left: x.edges[column],
        top: y.edges[row + 1],
        right: x.edges[column + 1],
        bottom: y.edges[row],
    }
}

fn draw_cell(canvas: &mut Canvas, area: Rect, cell: &GridCell, scale: &Gradient) {
    let value = cell.value();
    let known = value.abs() < 1e100;
    let color = if known { fade(scale.color(value), 1.0) } else { tint(MUTED, NOTHING) };
    canvas.rect((area.left, area.top), (area.right, area.bottom), color);
    if cell.is_doubtful() {
        draw_hatch(canvas, area, if known { scale.ink(value) } else { AXIS });
    }
    if *cell == GridCell::Failed {
        let at = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
        draw_marker(canvas, Shape::Cross, at, BLACK, Fill::Full);
    }
    let edge = fade(WHITE, 1.0);
    canvas.rect((area.right - 0.7, area.top), (area.right + 0.7, area.bottom), edge);
    canvas.rect((area.left, area.top - 0.7), (area.right, area.top + 0.7), edge);
}

/// Writes the value into every cell, or into none where the widest does not fit.
fn write_values(canvas: &mut Canvas, data: &GridChart, at: (&Places, &Places), scale: &Gradient) {
    let (x, y) = at;
    let known = |cell: &&GridCell| cell.value().abs() < 1e100;
    let widest = (data.cells.iter().filter(known))
        .map(|cell| Face::Bold.width(&scale.text(cell.value()), 1.0))
        .fold(0.0, f64::max);
    let em = (0.86 * x.least() / widest.max(0.1)).min(0.42 * y.least()).min(TEXT);
    if em < EM_MIN {
        return;
    }
    for (index, cell) in data.cells.iter().enumerate().filter(|(_, cell)| known(cell)) {
        let place = (index % data.x.len(), index / data.x.len());
        let area = cell_area(x, y, place);
        let marked = data.best == Some(place) || data.base == Some(place);
        if marked && area.height() < TALL {
            continue;
        }
        let value = cell.value();
        let (ink, text) = (scale.ink(value), scale.text(value));
        let low = if marked { 0.22 * area.height() } else { 0.0 };
        let middle = (area.left + area.right) / 2.0;
        let baseline = (area.top + area.bottom) / 2.0 + 0.36 * em + low;
        if cell.is_doubtful() || data.limit.is_some() {
            // Over the hatching and the contour a text needs ground of its own.
            let half = Face::Bold.width(&text, em) / 2.0 + 4.0;
            let (top, bottom) = (baseline - 0.95 * em, baseline + 0.25 * em);
            let ground = fade(scale.color(value), 1.0);
            canvas.rect((middle - half, top), (middle + half, bottom), ground);
        }
        let set = Type { face: Face::Bold, em, color: ink, align: Align::Center };
        canvas.text(&text, (middle, baseline), set);
    }
}

/// The contour through the centres of cells; categories have none.
fn draw_limit(canvas: &mut Canvas, data: &GridChart, x: &Places, y: &Places) {
    let Some(limit) = &data.limit else { return };
    if !(data.x.is_ordered() && data.y.is_ordered()) {
        return;
    }
    let field: Vec<f64> = data.cells.iter().map(GridCell::constrained).collect();
    let pieces = contour(&x.centres, &y.centres, &field, limit.at);
    for (width, color) in [(9.0, WHITE), (4.6, VERMILION)] {
        for piece in &pieces {
            canvas.line(piece, width, color, Dash::Solid);
            piece.iter().for_each(|end| canvas.disc(*end, width / 2.0, color));
        }
    }
}

/// A star for the best, a circle for the base; side by side where both are in one cell.
fn mark(canvas: &mut Canvas, cell: Rect, base: bool, together: bool) {
    let middle = (cell.top + cell.bottom) / 2.0;
    let y = if cell.height() < TALL { middle } else { middle - 0.2 * cell.height() };
    let aside = match (together, base) {
        (false, _) => 0.0,
        (true, true) => 15.0,
        (true, false) => -15.0,
    };
    let at = ((cell.left + cell.right) / 2.0 + aside, y);
    let shape = if base { Shape::Circle } else { Shape::Star };
    let fill = if base { Fill::Hollow } else { Fill::Full };
    if !base {
        frame(canvas, cell, 4.0);
    }
    draw_marker(canvas, shape, at, BLACK, fill);
}

fn frame(canvas: &mut Canvas, area: Rect, width: f64) {
    let Rect { left, top, right, bottom } = area;
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    canvas.line(&corners, width, BLACK, Dash::Solid);
}

fn legend(data: &GridChart) -> Vec<Entry> {
    let entry = |key, label: &str| Entry { key, label: label.to_owned() };
    let mut entries = Vec::new();
    if data.best.is_some() {
        entries.push(entry(Key::Marker(Shape::Star, BLACK, Fill::Full), &data.best_label));
    }
    if data.base.is_some() {
        let key = Key::Marker(Shape::Circle, BLACK, Fill::Hollow);
        entries.push(entry(key, "the scenario as it stands"));
    }
    let drawn = data.x.is_ordered() && data.y.is_ordered();
    if let Some(limit) = data.limit.as_ref().filter(|_| drawn) {
        entries.push(entry(Key::Line(VERMILION, Dash::Solid), &limit.label));
    }
    let any = |state: fn(&GridCell) -> bool| data.cells.iter().any(state);
    if any(GridCell::is_doubtful) {
        entries.push(entry(Key::Hatch(BLACK), "not known to keep every limit"));
    }
    if any(|cell| *cell == GridCell::Failed) {
        entries.push(entry(Key::Marker(Shape::Cross, BLACK, Fill::Full), "failed"));
    }
    if any(|cell| !cell.value().is_finite() && *cell != GridCell::Failed) {
        entries.push(entry(Key::Swatch(tint(MUTED, NOTHING)), "no value"));
    }
    entries
}
