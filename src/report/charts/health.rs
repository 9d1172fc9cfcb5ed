//! Health factors over time on their zones.

use super::calendar::time_ticks;
use super::canvas::{Align, Canvas, Dash, Type};
use super::downsample::pieces;
use super::font::Face;
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{AXIS, GREEN, INK, MUTED, ORANGE, VERMILION, WHITE, YELLOW, fade, series};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, sill, time_range};
use super::ticks::{number, number_ticks};
use super::{Caption, ChartError, Sample};
use plotters::style::RGBColor;
use std::path::Path;

/// Room for the zones' names at the right edge, in page pixels.
const NAMES_WIDTH: f64 = 212.0;

/// Health factor of positions over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HealthChart {
    pub caption: Caption,
    pub zones: HealthZones,
    /// Top of the y axis; higher values run along it. Infinite values too.
    pub y_max: f64,
    /// A position has one colour in all variants, a variant one kind of line.
    pub lines: Vec<HealthLine>,
}

/// Lower bounds of the zones, descending; below the last a position is liquidated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HealthZones {
    pub safe: f64,
    pub warning: f64,
    pub danger: f64,
}

impl Default for HealthZones {
    fn default() -> Self {
        Self { safe: 2.0, warning: 1.4, danger: 1.05 }
    }
}

/// One position in one variant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HealthLine {
    /// Such as `ETH long`.
    pub position: String,
    /// Such as `guarded`; empty if there is but one.
    pub variant: String,
    /// Ascending in time; NaN where the position is closed, which breaks the line.
    pub samples: Vec<Sample>,
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &HealthChart, out: &Path) -> Result<(), ChartError> {
    let positions = names(data, |line| &line.position);
    let variants = names(data, |line| &line.variant);
    let mut page = Page::new(&data.caption, &legend(&positions, &variants));
    let open = data.lines.iter().flat_map(|l| &l.samples);
    let Some(span) = time_range(open.map(|s| s.time_ms)) else { return page.save_empty(out) };

    let top = if data.y_max.is_finite() && data.y_max > 0.0 { data.y_max } else { 4.0 };
    let x_ticks = time_ticks(span.0, span.1, 8);
    let mut y_ticks = number_ticks(0.0, top, 6);
    if let Some(last) = y_ticks.last_mut().filter(|t| t.at >= 0.999 * top) {
        last.label.insert_str(0, "≥ ");
    }
    let axes = Axes {
        x_ticks: &x_ticks,
        x_title: "time (UTC)",
        y_ticks: &y_ticks,
        y_title: "health factor (equity ÷ maintenance requirement)",
        ..Axes::default()
    };
    let area = Rect {
        left: page.body.left + gutter(&y_ticks),
        top: page.body.top + TITLE_HEIGHT,
        right: page.body.right - NAMES_WIDTH,
        bottom: page.body.bottom - sill(&x_ticks, axes.x_title),
    };
    let plot = Plot { area, x: (span.0 as f64, span.1 as f64), y: (0.0, top) };
    let bands = bands(&data.zones, top);
    for band in &bands {
        let (from, to) = (plot.at(plot.x.0, band.high), plot.at(plot.x.1, band.low));
        page.canvas.rect(from, to, fade(band.color, 0.17));
    }
    draw_axes(&mut page.canvas, &plot, &axes);
    for band in &bands[1..] {
        let (from, to) = (plot.at(plot.x.0, band.high), plot.at(plot.x.1, band.high));
        page.canvas.line(&[from, to], 1.4, AXIS, Dash::Dashed);
    }
    name_bands(&mut page.canvas, &plot, &bands);
    for line in &data.lines {
        let position = positions.iter().position(|p| *p == line.position).unwrap_or(0);
        let variant = variants.iter().position(|v| *v == line.variant).unwrap_or(0);
        draw_line(&mut page.canvas, &plot, line, series(position), Dash::of_variant(variant));
    }
    page.canvas.save(out)
}

/// The line with a dot at each of its ends, so that an opening, a close and a gap are seen.
fn draw_line(canvas: &mut Canvas, plot: &Plot, line: &HealthLine, color: RGBColor, dash: Dash) {
    for piece in pieces(&line.samples, plot) {
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

struct Band {
    name: &'static str,
    bounds: String,
    low: f64,
    high: f64,
    color: RGBColor,
}

/// The zones from safe down, cut to the axis.
fn bands(zones: &HealthZones, top: f64) -> Vec<Band> {
    let bound = |v: f64| number(v, if (v * 10.0).fract() == 0.0 { 0.1 } else { 0.01 });
    let cut = |v: f64| v.clamp(0.0, top);
    let (safe, warning, danger) = (zones.safe, zones.warning, zones.danger);
    let band = |name, bounds, low, high, color| Band {
        name,
        bounds,
        low: cut(low),
        high: cut(high),
        color,
    };
    let between = |low: f64, high: f64| format!("{}–{}", bound(low), bound(high));
    vec![
        band("safe", format!("> {}", bound(safe)), safe, top, GREEN),
        band("warning", between(warning, safe), warning, safe, YELLOW),
        band("danger", between(danger, warning), danger, warning, ORANGE),
        band("liquidated", format!("≤ {}", bound(danger)), 0.0, danger, VERMILION),
    ]
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

/// Distinct names in order of appearance.
fn names(data: &HealthChart, name: impl Fn(&HealthLine) -> &String) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in &data.lines {
        if !names.contains(name(line)) {
            names.push(name(line).clone());
        }
    }
    names
}

fn legend(positions: &[String], variants: &[String]) -> Vec<Entry> {
    let positions = positions.iter().enumerate().map(|(i, position)| Entry {
        key: Key::Line(series(i), Dash::Solid),
        label: position.clone(),
    });
    let shown = if variants.len() > 1 { variants } else { &[] };
    let variants = shown.iter().enumerate().map(|(i, variant)| Entry {
        key: Key::Line(MUTED, Dash::of_variant(i)),
        label: variant.clone(),
    });
    positions.chain(variants).collect()
}
