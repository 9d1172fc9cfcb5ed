//! The sheet that charts draw on: shapes and text in page pixels (1600×900, y downwards), drawn at
//! three times that size and averaged down, so that edges are smooth.

use super::ChartError;
use super::font::{FAMILY, Face, register};
use super::palette::{WHITE, fade};
use plotters::prelude::{BitMapBackend, DrawingBackend, FontDesc, FontFamily, TextStyle};
use plotters::style::{RGBAColor, RGBColor};
use std::error::Error;
use std::path::Path;

pub(super) const WIDTH: f64 = 1600.0;
pub(super) const HEIGHT: f64 = 900.0;
const SIZE: (u32, u32) = (1600, 900);
const SCALE: u32 = 3;
/// Points from which on a line is too busy for plain dashes.
const BUSY: usize = 400;
const FINE: (u32, u32) = (SIZE.0 * SCALE, SIZE.1 * SCALE);

/// A point in page pixels.
pub(super) type Point = (f64, f64);

/// Where a text stands relative to its anchor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Align {
    Left,
    Center,
    Right,
}

/// How a line is broken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Dash {
    Solid,
    Dashed,
    Dotted,
}

impl Dash {
    /// The i-th variant's line: solid, dashed, then dotted.
    pub(super) fn of_variant(i: usize) -> Self {
        [Dash::Solid, Dash::Dashed, Dash::Dotted][i.min(2)]
    }

    /// Lengths of ink and gap, in pixels.
    fn pattern(self) -> Option<[f64; 2]> {
        match self {
            Dash::Solid => None,
            Dash::Dashed => Some([14.0, 9.0]),
            Dash::Dotted => Some([3.0, 6.0]),
        }
    }
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub face: Face,
    /// Em in page pixels.
    pub em: f64,
    pub color: RGBColor,
    pub align: Align,
}

/// A page in the making. The first drawing error is kept and reported by `save`.
pub(super) struct Canvas {
    pixels: Vec<u8>,
    fault: Option<Box<dyn Error + Send + Sync>>,
}

impl Canvas {
    pub(super) fn new() -> Self {
        let pixels = vec![255; (FINE.0 * FINE.1 * 3) as usize];
        let fault = (!register()).then(|| "the embedded font was refused".into());
        Self { pixels, fault }
    }

    pub(super) fn rect(&mut self, from: Point, to: Point, color: RGBAColor) {
        let result = self.backend().draw_rect(fine(from), fine(to), &color, true);
        self.note(result);
    }

    pub(super) fn polygon(&mut self, points: &[Point], color: RGBAColor) {
        let vertices: Vec<_> = points.iter().map(|&p| fine(p)).collect();
        let result = self.backend().fill_polygon(vertices, &color);
        self.note(result);
    }

    pub(super) fn disc(&mut self, center: Point, radius: f64, color: RGBColor) {
        let radius = (radius * f64::from(SCALE)).round() as u32;
        let result = self.backend().draw_circle(fine(center), radius, &color, true);
        self.note(result);
    }

    /// A line through the points with round joins.
    pub(super) fn line(&mut self, points: &[Point], width: f64, color: RGBColor, dash: Dash) {
        let Some(pattern) = dash.pattern() else { return self.solid(points, width, color) };
        for stroke in dashes(points, pattern) {
            self.solid(&stroke, width, color);
        }
    }

    fn solid(&mut self, points: &[Point], width: f64, color: RGBColor) {
        for pair in points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let length = (dx * dx + dy * dy).sqrt();
            if length > 0.0 {
                let (nx, ny) = (-dy / length * width / 2.0, dx / length * width / 2.0);
                let (c, d) = ((b.0 - nx, b.1 - ny), (a.0 - nx, a.1 - ny));
                self.polygon(&[(a.0 + nx, a.1 + ny), (b.0 + nx, b.1 + ny), c, d], fade(color, 1.0));
            }
        }
        if points.len() > 2 && width > 1.0 {
            for &joint in &points[1..points.len() - 1] {
                self.disc(joint, width / 2.0, color);
            }
        }
    }

    /// A text whose baseline is at `at.1`.
    pub(super) fn text(&mut self, text: &str, at: Point, set: Type) {
        let em = set.em * f64::from(SCALE);
        let size = set.face.height(em);
        let width = set.face.width(text, em);
        let font = FontDesc::new(FontFamily::Name(FAMILY), size, set.face.style());
        let style = TextStyle::from(font).color(&set.color);
        let shift = match set.align {
            Align::Left => 0.0,
            Align::Center => width / 2.0,
            Align::Right => width,
        };
        let mut pen = at.0 * f64::from(SCALE) - shift;
        let top = (at.1 * f64::from(SCALE) - size / 2.0).round() as i32;
        for character in text.chars() {
            let glyph = set.face.glyph(character);
            let left = pen.round() as i32 + (glyph.bearing * em).floor() as i32;
            let result = self.backend().draw_text(&character.to_string(), &style, (left, top));
            self.note(result);
            pen += glyph.advance * em;
        }
    }

    /// A text on a white ground that hides what is under it.
    pub(super) fn text_on_white(&mut self, text: &str, at: Point, set: Type) {
        let width = set.face.width(text, set.em);
        let left = match set.align {
            Align::Left => at.0,
            Align::Center => at.0 - width / 2.0,
            Align::Right => at.0 - width,
        };
        let (top, bottom) = (at.1 - 0.9 * set.em, at.1 + 0.3 * set.em);
        self.rect((left - 4.0, top), (left + width + 4.0, bottom), fade(WHITE, 0.9));
        self.text(text, at, set);
    }

    /// Writes the page as PNG, or says what went wrong since `new`.
    pub(super) fn save(self, out: &Path) -> Result<(), ChartError> {
        let path = out.to_path_buf();
        if let Some(source) = self.fault {
            return Err(ChartError::Draw { path, source });
        }
        let small = average_down(&self.pixels);
        let mut file = BitMapBackend::new(out, SIZE);
        file.blit_bitmap((0, 0), SIZE, &small)
            .and_then(|()| file.present())
            .map_err(|source| ChartError::Write { path, source: Box::new(source) })
    }

    fn backend(&mut self) -> BitMapBackend<'_> {
        BitMapBackend::with_buffer(&mut self.pixels, FINE)
    }

    fn note<E: Error + Send + Sync + 'static>(&mut self, result: Result<(), E>) {
        if let Err(error) = result {
            self.fault.get_or_insert_with(|| Box::new(error));
        }
    }
}

fn fine(point: Point) -> (i32, i32) {
    let at = |v: f64| (v * f64::from(SCALE)).round().clamp(-1e6, 1e6) as i32;
    (at(point.0), at(point.1))
}

/// The inked pieces of a line through the points.
fn dashes(points: &[Point], pattern: [f64; 2]) -> Vec<Vec<Point>> {
    let mut strokes = Vec::new();
    let mut stroke: Vec<Point> = points.first().copied().into_iter().collect();
    // The ups and downs of a busy line count a quarter, else its dashes drown in them.
    let rise = if points.len() > BUSY { 0.25 } else { 1.0 };
    let (mut phase, mut left) = (0, pattern[0]);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let length = (dx * dx + rise * rise * dy * dy).sqrt();
            if length < left {
                left -= length;
                stroke.push(to);
                break;
            }
            from = (from.0 + dx * left / length, from.1 + dy * left / length);
            stroke.push(from);
            if phase == 0 {
                strokes.push(std::mem::take(&mut stroke));
            }
            stroke = vec![from];
            phase = 1 - phase;
            left = pattern[phase];
        }
    }
    if phase == 0 {
        strokes.push(stroke);
    }
    strokes
}

/// Averages each `SCALE`×`SCALE` block of RGB pixels into one.
fn average_down(fine: &[u8]) -> Vec<u8> {
    let (scale, stride) = (SCALE as usize, FINE.0 as usize * 3);
    let mut small = Vec::with_capacity((SIZE.0 * SIZE.1 * 3) as usize);
    for y in 0..SIZE.1 as usize {
        for x in 0..SIZE.0 as usize {
            for channel in 0..3 {
                let mut sum = 0;
                for row in y * scale..(y + 1) * scale {
                    let start = row * stride + x * scale * 3 + channel;
                    sum += (0..scale).map(|i| u32::from(fine[start + 3 * i])).sum::<u32>();
                }
                small.push(((sum + SCALE * SCALE / 2) / (SCALE * SCALE)) as u8);
            }
        }
    }
    small
}
