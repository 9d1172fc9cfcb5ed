//! A metric over two parameters: a cell per pair of values, with the contour of a constraint.

mod axis;
mod numbers;

pub use axis::{GridAxis, Spacing};

use super::canvas::{Canvas, Dash, Point};
use super::contour::contour;
use super::gradient::{BAR_WIDTH, Gradient};
use super::hatch::draw_hatch;
use super::markers::{Fill, Shape, draw_marker};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{AXIS, BLACK, MUTED, VERMILION, WHITE, fade, tint};
use super::panel::TITLE_HEIGHT;
use super::{Caption, ChartError, Verdict};
use axis::Places;
use std::path::Path;

/// Half of what a marker with its rim takes.
const MARK: f64 = 17.0;
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
    let line = limit_line(data, &x, &y);
    draw_limit(&mut page.canvas, &line);
    let em = numbers::write(&mut page.canvas, data, (&x, &y), &scale, &line);
    for (place, base) in [(data.base, true), (data.best, false)] {
        let Some((column, row)) = place.filter(|at| at.0 < columns && at.1 < data.y.len()) else {
            continue;
        };
        let cell = cell_area(&x, &y, (column, row));
        let value = data.cells[row * columns + column].value();
        let text = numbers::size(&scale.text(value), em);
        mark(&mut page.canvas, cell, base, data.base == data.best, text);
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

/// The contour through the centres of cells; categories have none.
fn limit_line(data: &GridChart, x: &Places, y: &Places) -> Vec<[Point; 2]> {
    let drawn = data.x.is_ordered() && data.y.is_ordered();
    let Some(limit) = data.limit.as_ref().filter(|_| drawn) else { return Vec::new() };
    let field: Vec<f64> = data.cells.iter().map(GridCell::constrained).collect();
    contour(&x.centres, &y.centres, &field, limit.at)
}

fn draw_limit(canvas: &mut Canvas, pieces: &[[Point; 2]]) {
    for (width, color) in [(9.0, WHITE), (4.6, VERMILION)] {
        for piece in pieces {
            canvas.line(piece, width, color, Dash::Solid);
            piece.iter().for_each(|end| canvas.disc(*end, width / 2.0, color));
        }
    }
}

/// A star for the best in the upper left corner of its cell, a circle for the base in the upper right,
/// as far in as the number, so wide and high, leaves room; where none is written in the middle, or
/// `together` beside it.
fn mark(canvas: &mut Canvas, cell: Rect, base: bool, together: bool, (wide, high): (f64, f64)) {
    let (aside, above) = ((cell.width() - wide) / 2.0, (cell.height() - high) / 2.0);
    let corner = MARK + 4.0;
    let (from_side, from_top) = if wide == 0.0 {
        (if together { aside - MARK } else { aside }, above)
    } else if aside >= 2.0 * MARK {
        (corner.min(aside - MARK), corner.min(cell.height() / 2.0))
    } else if above >= 2.0 * MARK {
        (corner, corner.min(above - MARK))
    } else {
        ((aside - MARK).max(0.0), (above - MARK).max(0.0))
    };
    let x = if base { cell.right - from_side } else { cell.left + from_side };
    let (shape, fill) = match base {
        true => (Shape::Circle, Fill::Hollow),
        false => (Shape::Star, Fill::Full),
    };
    if !base {
        frame(canvas, cell, 4.0);
    }
    draw_marker(canvas, shape, (x, cell.top + from_top), BLACK, fill);
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
    // Whatever the size of the page, the contour crosses it or does not.
    let (x, y) = (data.x.places(0.0, 1e3), data.y.places(1e3, 0.0));
    let complete = data.cells.len() == data.x.len() * data.y.len();
    let drawn = complete && !limit_line(data, &x, &y).is_empty();
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
