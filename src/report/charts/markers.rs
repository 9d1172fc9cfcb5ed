//! Event markers: their shapes, and placing them so that none hides another.

use super::canvas::{Align, Canvas, Dash, Point, Type};
use super::font::Face;
use super::page::Rect;
use super::palette::{AXIS, INK, WHITE, fade};
use plotters::style::RGBColor;

/// Half the size of a marker, in page pixels.
const RADIUS: f64 = 11.0;
const CELL: f64 = 2.0 * RADIUS + 4.0;
const COUNT_EM: f64 = 18.0;

/// Outline of a marker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shape {
    TriangleUp,
    TriangleDown,
    TriangleRight,
    Cross,
    Diamond,
    Square,
    Star,
    Circle,
}

/// How a marker's inside is filled: one per variant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fill {
    Full,
    Hollow,
    Dotted,
}

impl Fill {
    pub(super) fn of_variant(i: usize) -> Self {
        [Fill::Full, Fill::Hollow, Fill::Dotted][i.min(2)]
    }
}

impl Shape {
    /// Corners around the origin for a marker of radius 1.
    fn corners(self) -> &'static [Point] {
        const ARM: f64 = 0.36;
        const TIP: f64 = 0.95;
        match self {
            Shape::TriangleUp => &[(0.0, -1.05), (1.05, 0.8), (-1.05, 0.8)],
            Shape::TriangleDown => &[(0.0, 1.05), (1.05, -0.8), (-1.05, -0.8)],
            Shape::TriangleRight => &[(1.05, 0.0), (-0.8, 1.05), (-0.8, -1.05)],
            Shape::Diamond => &[(0.0, -1.2), (1.0, 0.0), (0.0, 1.2), (-1.0, 0.0)],
            Shape::Square => &[(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
            Shape::Cross => &[
                (0.0, -ARM),
                (TIP - ARM, -TIP),
                (TIP, ARM - TIP),
                (ARM, 0.0),
                (TIP, TIP - ARM),
                (TIP - ARM, TIP),
                (0.0, ARM),
                (ARM - TIP, TIP),
                (-TIP, TIP - ARM),
                (-ARM, 0.0),
                (-TIP, ARM - TIP),
                (ARM - TIP, -TIP),
            ],
            // Five tips at radius 1.25, the corners between them at half of it.
            Shape::Star => &[
                (0.0, -1.25),
                (0.367, -0.506),
                (1.189, -0.386),
                (0.594, 0.193),
                (0.735, 1.011),
                (0.0, 0.625),
                (-0.735, 1.011),
                (-0.594, 0.193),
                (-1.189, -0.386),
                (-0.367, -0.506),
            ],
            Shape::Circle => &[],
        }
    }

    fn draw(self, canvas: &mut Canvas, center: Point, radius: f64, color: RGBColor) {
        if self == Shape::Circle {
            return canvas.disc(center, 0.9 * radius, color);
        }
        let corner = |&(x, y): &Point| (center.0 + radius * x, center.1 + radius * y);
        let corners: Vec<Point> = self.corners().iter().map(corner).collect();
        canvas.polygon(&corners, fade(color, 1.0));
    }

    /// The outline alone, `width` thick, centred on the edge.
    fn outline(self, canvas: &mut Canvas, center: Point, width: f64, color: RGBColor) {
        if self == Shape::Circle {
            canvas.disc(center, 0.9 * RADIUS + width / 2.0, color);
            return canvas.disc(center, 0.9 * RADIUS - width / 2.0, WHITE);
        }
        let corner = |&(x, y): &Point| (center.0 + RADIUS * x, center.1 + RADIUS * y);
        let mut corners: Vec<Point> = self.corners().iter().map(corner).collect();
        corners.extend_from_within(..2);
        canvas.line(&corners, width, color, Dash::Solid);
    }
}

/// Draws a marker with a white rim that sets it off from lines under it.
pub(super) fn draw_marker(
    canvas: &mut Canvas,
    shape: Shape,
    center: Point,
    color: RGBColor,
    fill: Fill,
) {
    shape.outline(canvas, center, 5.0, WHITE);
    if fill == Fill::Full {
        return shape.draw(canvas, center, RADIUS, color);
    }
    shape.draw(canvas, center, RADIUS, WHITE);
    shape.outline(canvas, center, 2.6, color);
    if fill == Fill::Dotted {
        canvas.disc(center, 3.0, color);
    }
}

/// A marker at the point it speaks of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marker {
    pub shape: Shape,
    pub color: RGBColor,
    pub fill: Fill,
    pub at: Point,
}

/// Draws markers inside `area`. Equal ones that would cover one another become one with its count;
/// different ones are moved apart, with a thin line to the point they speak of.
pub(super) fn draw_markers(canvas: &mut Canvas, area: &Rect, markers: &[Marker]) {
    let mut taken: Vec<Rect> = Vec::new();
    let placed: Vec<_> = cluster(markers)
        .into_iter()
        .map(|(marker, count)| {
            let text = if count > 1 { format!("×{count}") } else { String::new() };
            let width = CELL + Face::Bold.width(&text, COUNT_EM);
            let spot = free_spot(area, marker.at, width, &taken);
            taken.push(spot);
            (marker, text, (spot.left + CELL / 2.0, spot.top + CELL / 2.0))
        })
        .collect();
    for (marker, _, center) in &placed {
        if *center != marker.at {
            canvas.line(&[*center, marker.at], 1.2, AXIS, Dash::Solid);
            canvas.disc(marker.at, 2.6, INK);
        }
    }
    for (marker, text, center) in &placed {
        if !text.is_empty() {
            let set = Type { face: Face::Bold, em: COUNT_EM, color: INK, align: Align::Left };
            canvas.text_on_white(text, (center.0 + CELL / 2.0, center.1 + 6.5), set);
        }
        draw_marker(canvas, marker.shape, *center, marker.color, marker.fill);
    }
}

/// Runs of equal markers that lie within a marker's size of the run's first, with their lengths.
fn cluster(markers: &[Marker]) -> Vec<(Marker, usize)> {
    let mut clusters: Vec<(Marker, usize)> = Vec::new();
    for marker in markers {
        let near = |c: &&mut (Marker, usize)| {
            (c.0.shape, c.0.fill) == (marker.shape, marker.fill)
                && (c.0.at.0 - marker.at.0).abs() < CELL
                && (c.0.at.1 - marker.at.1).abs() < CELL
        };
        match clusters.iter_mut().rev().find(near) {
            Some(cluster) => cluster.1 += 1,
            None => clusters.push((*marker, 1)),
        }
    }
    clusters
}

/// The nearest free place for a marker of that width, above or below its point, else beside it.
fn free_spot(area: &Rect, at: Point, width: f64, taken: &[Rect]) -> Rect {
    let cell = |dx: f64, dy: f64| {
        let left = (at.0 + dx).min(area.right).max(area.left) - CELL / 2.0;
        let top = (at.1 + dy).min(area.bottom - CELL / 2.0).max(area.top) - CELL / 2.0;
        Rect { left, top, right: left + width, bottom: top + CELL }
    };
    let hits = |a: &Rect, b: &Rect| {
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
    };
    let offsets = [0.0, 1.0, -1.0, 2.0, -2.0].into_iter().flat_map(|column| {
        (0..12).flat_map(move |row| [(column, -f64::from(row)), (column, f64::from(row))])
    });
    offsets
        .map(|(column, row)| cell(column * CELL, row * CELL))
        .find(|spot| !taken.iter().any(|t| hits(spot, t)))
        .unwrap_or_else(|| cell(0.0, 0.0))
}
