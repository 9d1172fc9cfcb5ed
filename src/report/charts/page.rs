//! What stands around the panels of every chart: title, subtitle, legend and footer.

use super::canvas::{Align, Canvas, Dash, HEIGHT, Point, Type, WIDTH};
use super::data::Caption;
use super::error::ChartError;
use super::font::Face;
use super::hatch::draw_hatch;
use super::markers::{Fill, Shape, draw_marker};
use super::palette::{INK, MUTED, WHITE, fade};
use plotters::style::{RGBAColor, RGBColor};
use std::path::Path;

/// Em of tick labels and legends, in page pixels.
pub(super) const TEXT: f64 = 22.0;
const MARGIN: f64 = 48.0;
const LEGEND_ROW: f64 = 36.0;
const LEGEND_ROWS_MAX: usize = 5;
const KEY_WIDTH: f64 = 44.0;

/// A part of the page, in page pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// The sample of ink in front of a legend's text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key {
    Line(RGBColor, Dash),
    Swatch(RGBAColor),
    Marker(Shape, RGBColor, Fill),
    /// A short upright line.
    Tick(RGBColor),
    /// Hatching, on white.
    Hatch(RGBColor),
}

/// One entry of a legend.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: Key,
    pub label: String,
}

/// A page with its frame drawn, and the room left for panels.
pub(super) struct Page {
    pub canvas: Canvas,
    pub body: Rect,
}

impl Page {
    pub(super) fn new(caption: &Caption, legend: &[Entry]) -> Self {
        let mut canvas = Canvas::new();
        let width = WIDTH - 2.0 * MARGIN;
        let mut baseline = 26.0;
        for (text, face, em, color) in [
            (&caption.title, Face::Bold, 36.0, INK),
            (&caption.subtitle, Face::Regular, 25.0, MUTED),
        ] {
            if !text.is_empty() {
                baseline += em + 10.0;
                let (text, em) = face.fit(text, em, width);
                canvas.text(
                    &text,
                    (MARGIN, baseline),
                    Type { face, em, color, align: Align::Left },
                );
            }
        }
        let (footer, em) = Face::Regular.fit(&caption.footer, 18.0, width);
        let set = Type { face: Face::Regular, em, color: MUTED, align: Align::Left };
        canvas.text(&footer, (MARGIN, HEIGHT - 20.0), set);
        let top = draw_legend(&mut canvas, legend, baseline + 14.0);
        let body = Rect { left: MARGIN, top, right: WIDTH - MARGIN, bottom: HEIGHT - 50.0 };
        Self { canvas, body }
    }

    /// Says in the middle of the page that there is nothing to draw, and writes it.
    pub(super) fn save_empty(mut self, out: &Path) -> Result<(), ChartError> {
        let (body, em) = (self.body, 28.0);
        let set = Type { face: Face::Regular, em, color: MUTED, align: Align::Center };
        let middle = ((body.left + body.right) / 2.0, (body.top + body.bottom) / 2.0);
        self.canvas.text("no data", middle, set);
        self.canvas.save(out)
    }
}

/// Draws the entries in rows from `top` down and returns where the last row ends.
fn draw_legend(canvas: &mut Canvas, legend: &[Entry], top: f64) -> f64 {
    let (mut left, mut row) = (MARGIN, 0);
    for (i, entry) in legend.iter().enumerate() {
        let (label, em) = Face::Regular.fit(&entry.label, TEXT, WIDTH - 2.0 * MARGIN - KEY_WIDTH);
        let width = KEY_WIDTH + Face::Regular.width(&label, em);
        if left > MARGIN && left + width > WIDTH - MARGIN {
            (left, row) = (MARGIN, row + 1);
        }
        let middle = top + (row as f64 + 0.5) * LEGEND_ROW;
        let set = Type { face: Face::Regular, em, color: INK, align: Align::Left };
        if row == LEGEND_ROWS_MAX {
            let rest = format!("… and {} more", legend.len() - i);
            canvas.text(&rest, (left, middle + 8.0), set);
            return middle + LEGEND_ROW / 2.0;
        }
        draw_key(canvas, entry.key, (left, middle));
        canvas.text(&label, (left + KEY_WIDTH, middle + 8.0), set);
        left += width + 34.0;
    }
    top + if legend.is_empty() { 0.0 } else { (row + 1) as f64 * LEGEND_ROW + 8.0 }
}

fn draw_key(canvas: &mut Canvas, key: Key, (left, middle): Point) {
    let right = left + KEY_WIDTH - 10.0;
    match key {
        Key::Line(color, dash) => {
            canvas.line(&[(left, middle), (right, middle)], 4.0, color, dash);
        }
        Key::Swatch(color) => {
            let (from, to) = ((left, middle - 10.0), (right, middle + 10.0));
            canvas.rect(from, to, fade(WHITE, 1.0));
            canvas.rect(from, to, color);
        }
        Key::Marker(shape, color, fill) => {
            draw_marker(canvas, shape, ((left + right) / 2.0, middle), color, fill);
        }
        Key::Hatch(color) => {
            let (top, bottom) = (middle - 10.0, middle + 10.0);
            draw_hatch(canvas, Rect { left, top, right, bottom }, color);
            let frame = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
            canvas.line(&frame, 1.2, color, Dash::Solid);
        }
        Key::Tick(color) => {
            let x = (left + right) / 2.0;
            canvas.line(&[(x, middle - 12.0), (x, middle + 12.0)], 4.0, color, Dash::Solid);
        }
    }
}
