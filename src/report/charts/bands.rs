//! Zones as bands behind lines, with their names at the right edge.

use super::Sample;
use super::canvas::{Align, Canvas, Dash, Type};
use super::downsample::pieces;
use super::font::Face;
use super::page::TEXT;
use super::palette::{AXIS, INK, MUTED, WHITE, fade};
use super::panel::{Axes, Plot, draw_axes};
use plotters::style::RGBColor;

/// Room for the names at the right edge, in page pixels.
pub(super) const NAMES_WIDTH: f64 = 212.0;

/// A zone.
pub(super) struct Band {
    pub name: &'static str,
    /// Its bounds in words.
    pub bounds: String,
    /// In axis units.
    pub low: f64,
    pub high: f64,
    pub color: RGBColor,
}

/// Draws the bands, given from the top down, then axes, bounds and names.
pub(super) fn draw_bands(canvas: &mut Canvas, plot: &Plot, bands: &[Band], axes: &Axes) {
    for band in bands {
        let (from, to) = (plot.at(plot.x.0, band.high), plot.at(plot.x.1, band.low));
        canvas.rect(from, to, fade(band.color, 0.17));
    }
    draw_axes(canvas, plot, axes);
    for band in &bands[1..] {
        let (from, to) = (plot.at(plot.x.0, band.high), plot.at(plot.x.1, band.high));
        canvas.line(&[from, to], 1.4, AXIS, Dash::Dashed);
    }
    name_bands(canvas, plot, bands);
}

/// Names and bounds right of the plot, moved down where bands are too thin for them.
fn name_bands(canvas: &mut Canvas, plot: &Plot, bands: &[Band]) {
    let row = 1.15 * TEXT;
    let mut free = plot.area.top;
    for band in bands.iter().filter(|b| b.high > b.low) {
        let (top, bottom) = (plot.at(plot.x.0, band.high).1, plot.at(plot.x.0, band.low).1);
        let height = if bottom - top >= 2.0 * row { 2.0 * row } else { row };
        let start = ((top + bottom - height) / 2.0).max(free);
        free = start + height;
        let left = plot.area.right + 14.0;
        let (from, to) = ((plot.area.right, top), (plot.area.right + 7.0, bottom));
        canvas.rect(from, to, fade(band.color, 0.6));
        let name = Type { face: Face::Bold, em: TEXT, color: INK, align: Align::Left };
        let bounds = Type { face: Face::Regular, color: MUTED, ..name };
        canvas.text(band.name, (left, start + 0.85 * row), name);
        let at = if height > row {
            (left, start + 1.85 * row)
        } else {
            (left + Face::Bold.width(band.name, TEXT) + 8.0, start + 0.85 * row)
        };
        canvas.text(&band.bounds, at, bounds);
    }
}

/// The line with a dot at each of its ends, so that an opening, a close and a gap are seen.
pub(super) fn draw_line(
    canvas: &mut Canvas,
    plot: &Plot,
    line: &[Sample],
    color: RGBColor,
    dash: Dash,
) {
    for piece in pieces(line, plot) {
        if dash == Dash::Solid {
            canvas.line(&piece, 5.0, WHITE, Dash::Solid);
        }
        canvas.line(&piece, 3.0, color, dash);
        for end in [piece[0], piece[piece.len() - 1]] {
            if piece.len() == 1 || (plot.area.left + 1.0 < end.0 && end.0 < plot.area.right - 1.0) {
                canvas.disc(end, 7.0, WHITE);
                canvas.disc(end, 5.5, color);
            }
        }
    }
}
