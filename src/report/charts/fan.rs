//! How equity spreads over the paths as time goes by.

use super::canvas::{Canvas, Dash, Point};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{INK, MUTED, fade, series};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, padded, range, sill};
use super::ticks::{amount, number_ticks};
use super::{Caption, ChartError};
use plotters::style::RGBColor;
use std::path::Path;

const OUTER: f64 = 0.20;
const INNER: f64 = 0.34;

/// Equity quantiles over time, for up to three variants on one scale.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FanChart {
    pub caption: Caption,
    /// Title of the y axis with its unit, such as `equity, USDC`.
    pub y_title: String,
    pub layout: FanLayout,
    /// A dashed line across; none if absent.
    pub start_equity: Option<f64>,
    pub variants: Vec<FanVariant>,
}

/// How variants share the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FanLayout {
    /// Side by side, each with both bands.
    #[default]
    Panels,
    /// In one panel: medians with the 5–95 % band only.
    Overlay,
}

/// One variant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FanVariant {
    pub name: String,
    /// Ascending in time; a step with a value that is not finite is left out.
    pub steps: Vec<FanStep>,
}

/// Quantiles over the paths at one instant, in the unit of the y axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FanStep {
    /// Days since the start.
    pub day: f64,
    pub q05: f64,
    pub q25: f64,
    pub q50: f64,
    pub q75: f64,
    pub q95: f64,
}

impl FanStep {
    fn is_finite(&self) -> bool {
        let values = [self.day, self.q05, self.q25, self.q50, self.q75, self.q95];
        values.iter().all(|v| v.abs() < 1e100)
    }
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &FanChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let steps = || data.variants.iter().flat_map(|v| &v.steps).filter(|s| s.is_finite());
    let ends = steps().flat_map(|s| [s.q05, s.q95]).chain(data.start_equity);
    let (Some(days), Some(values)) = (range(steps().map(|s| s.day)), range(ends)) else {
        return page.save_empty(out);
    };
    let x = if days.1 > days.0 { days } else { (days.0, days.0 + 1.0) };
    let y = padded(values, 0.06);
    let columns = if data.layout == FanLayout::Overlay { 1 } else { data.variants.len() };
    let x_ticks = number_ticks(x.0, x.1, 10 / columns.min(3));
    let y_ticks = number_ticks(y.0, y.1, 7);
    let gap = 48.0;
    let left = page.body.left + gutter(&y_ticks);
    let width = (page.body.right - left - gap * (columns - 1) as f64) / columns as f64;
    for column in 0..columns {
        let from = left + column as f64 * (width + gap);
        let bottom = page.body.bottom - sill(&x_ticks, "days");
        let top = page.body.top + TITLE_HEIGHT;
        let plot = Plot { area: Rect { left: from, top, right: from + width, bottom }, x, y };
        let shown = if columns == 1 { &data.variants[..] } else { &data.variants[column..=column] };
        let axes = Axes {
            x_ticks: &x_ticks,
            x_title: "days since start",
            y_ticks: &y_ticks,
            y_title: if column == 0 { &data.y_title } else { "" },
            bare_x: false,
            bare_y: column > 0,
        };
        draw_axes(&mut page.canvas, &plot, &axes);
        let overlay = shown.len() > 1;
        for (i, variant) in shown.iter().enumerate() {
            draw_fan(&mut page.canvas, &plot, variant, series(column + i), !overlay);
        }
        for (i, variant) in shown.iter().enumerate() {
            draw_median(&mut page.canvas, &plot, variant, series(column + i));
        }
        draw_start(&mut page.canvas, &plot, data.start_equity);
    }
    page.canvas.save(out)
}

fn edge(plot: &Plot, variant: &FanVariant, value: impl Fn(&FanStep) -> f64) -> Vec<Point> {
    let steps = variant.steps.iter().filter(|s| s.is_finite());
    steps.map(|s| plot.at(s.day, value(s))).collect()
}

fn draw_fan(canvas: &mut Canvas, plot: &Plot, variant: &FanVariant, color: RGBColor, inner: bool) {
    let mut band = |low: Vec<Point>, high: Vec<Point>, opacity| {
        let outline: Vec<Point> = low.iter().copied().chain(high.iter().rev().copied()).collect();
        if low.len() > 1 {
            canvas.polygon(&outline, fade(color, opacity));
        } else if let ([low], [high]) = (&low[..], &high[..]) {
            canvas.rect((low.0, high.1), (low.0 + 8.0, low.1), fade(color, opacity));
        }
    };
    band(edge(plot, variant, |s| s.q05), edge(plot, variant, |s| s.q95), OUTER);
    if inner {
        band(edge(plot, variant, |s| s.q25), edge(plot, variant, |s| s.q75), INNER);
    } else {
        for side in [edge(plot, variant, |s| s.q05), edge(plot, variant, |s| s.q95)] {
            canvas.line(&side, 1.4, color, Dash::Solid);
        }
    }
}

fn draw_median(canvas: &mut Canvas, plot: &Plot, variant: &FanVariant, color: RGBColor) {
    let median = edge(plot, variant, |s| s.q50);
    canvas.line(&median, 4.0, color, Dash::Solid);
    if let [only] = median[..] {
        canvas.disc(only, 7.0, color);
    }
}

fn draw_start(canvas: &mut Canvas, plot: &Plot, start: Option<f64>) {
    let Some(start) = start.filter(|s| s.is_finite()) else { return };
    let line = [plot.at(plot.x.0, start), plot.at(plot.x.1, start)];
    canvas.line(&line, 2.0, INK, Dash::Dashed);
}

fn legend(data: &FanChart) -> Vec<Entry> {
    let overlay = data.layout == FanLayout::Overlay && data.variants.len() > 1;
    let entry = |key, label: String| Entry { key, label };
    let mut entries: Vec<Entry> = data
        .variants
        .iter()
        .enumerate()
        .map(|(i, v)| entry(Key::Line(series(i), Dash::Solid), format!("{}: median", v.name)))
        .collect();
    entries.push(entry(Key::Swatch(fade(MUTED, OUTER)), "5–95 % of paths".into()));
    if !overlay {
        entries.push(entry(Key::Swatch(fade(MUTED, OUTER + INNER)), "25–75 %".into()));
    }
    if let Some(start) = data.start_equity.filter(|s| s.is_finite()) {
        entries.push(entry(Key::Line(INK, Dash::Dashed), format!("start: {}", amount(start))));
    }
    entries
}
