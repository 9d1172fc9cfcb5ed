//! Losses of a book beside the VaR that was forecast for them, exceedances marked.

use super::calendar::time_ticks;
use super::canvas::Dash;
use super::downsample::{pieces, steps};
use super::markers::{Fill, Shape};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{BLUE, MUTED, VERMILION, WHITE, fade};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, padded, range, sill, time_range};
use super::ticks::number_ticks;
use super::{Caption, ChartError, Sample};
use std::path::Path;

/// A back-test, one panel per forecaster.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BacktestChart {
    pub caption: Caption,
    /// From top to bottom.
    pub panels: Vec<BacktestPanel>,
}

/// One forecaster.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BacktestPanel {
    /// Its name and verdict, over the panel.
    pub title: String,
    /// Losses, % of gross exposure, ascending in time; gains below 0.
    pub losses: Vec<Sample>,
    /// VaR at the same instants, in the same unit.
    pub forecasts: Vec<Sample>,
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &BacktestChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend());
    let samples = data.panels.iter().flat_map(|panel| &panel.losses);
    let Some(span) = time_range(samples.map(|sample| sample.time_ms)) else {
        return page.save_empty(out);
    };
    let x_ticks = time_ticks(span.0, span.1, 9);
    let x_title = "time (UTC)";
    let rows = data.panels.len();
    let height = (page.body.height() - sill(&x_ticks, x_title)) / rows as f64;
    let both = |panel: &BacktestPanel| -> Vec<f64> {
        panel.losses.iter().chain(&panel.forecasts).map(|sample| sample.value).collect()
    };
    // One scale, so that forecasters are compared by eye.
    let all = data.panels.iter().flat_map(both);
    let most = range(all).map_or(1.0, |(_, most)| most.max(0.0));
    let scale = (0.0, padded((0.0, most), 0.08).1);
    let y_ticks = number_ticks(scale.0, scale.1, ((height - TITLE_HEIGHT) / 40.0) as usize);
    let left = page.body.left + gutter(&y_ticks);
    for (row, panel) in data.panels.iter().enumerate() {
        let top = page.body.top + row as f64 * height + TITLE_HEIGHT;
        let bottom = page.body.top + (row + 1) as f64 * height;
        let area = Rect { left, top, right: page.body.right, bottom };
        let plot = Plot { area, x: (span.0 as f64, span.1 as f64), y: scale };
        let axes = Axes {
            x_ticks: &x_ticks,
            x_title,
            y_ticks: &y_ticks,
            y_title: &panel.title,
            bare_x: row + 1 < rows,
            bare_y: false,
        };
        draw_axes(&mut page.canvas, &plot, &axes);
        draw_panel(&mut page, &plot, panel);
    }
    page.canvas.save(out)
}

fn draw_panel(page: &mut Page, plot: &Plot, panel: &BacktestPanel) {
    for loss in panel.losses.iter().filter(|loss| loss.value > 0.0) {
        let (x, y) = plot.at(loss.time_ms as f64, loss.value);
        page.canvas.rect((x - 0.8, y), (x + 0.8, plot.area.bottom), fade(MUTED, 0.6));
    }
    for piece in pieces(&panel.forecasts, plot) {
        page.canvas.line(&steps(&piece), 3.0, BLUE, Dash::Solid);
    }
    let exceeded = panel.losses.iter().zip(&panel.forecasts);
    for (loss, _) in exceeded.filter(|(loss, forecast)| loss.value > forecast.value) {
        let at = plot.at(loss.time_ms as f64, loss.value);
        page.canvas.disc(at, 7.0, WHITE);
        page.canvas.disc(at, 5.5, VERMILION);
    }
}

fn legend() -> Vec<Entry> {
    let entry = |key, label: &str| Entry { key, label: label.to_owned() };
    vec![
        entry(Key::Swatch(fade(MUTED, 0.6)), "loss of a period (gains are not drawn)"),
        entry(Key::Line(BLUE, Dash::Solid), "VaR forecast for it"),
        entry(Key::Marker(Shape::Circle, VERMILION, Fill::Full), "loss above the forecast"),
    ]
}
