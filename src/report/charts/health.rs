//! Health factors over time on their zones.

use super::bands::{Band, NAMES_WIDTH, draw_bands, draw_line};
use super::calendar::time_ticks;
use super::canvas::Dash;
use super::page::{Entry, Key, Page, Rect};
use super::palette::{GREEN, MUTED, ORANGE, VERMILION, YELLOW, series};
use super::panel::{Axes, Plot, TITLE_HEIGHT, gutter, sill, time_range};
use super::ticks::{number, number_ticks};
use super::{Caption, ChartError, Sample};
use std::path::Path;

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
    draw_bands(&mut page.canvas, &plot, &bands, &axes);
    for line in &data.lines {
        let position = positions.iter().position(|p| *p == line.position).unwrap_or(0);
        let variant = variants.iter().position(|v| *v == line.variant).unwrap_or(0);
        let dash = Dash::of_variant(variant);
        draw_line(&mut page.canvas, &plot, &line.samples, series(position), dash);
    }
    page.canvas.save(out)
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
