//! Losses of a book beside the VaR that was forecast for them, exceedances marked.

use super::canvas::Dash;
use super::downsample::{pieces, steps};
use super::markers::{Fill, Shape};
use super::page::{Entry, Key, Page};
use super::palette::{BLUE, MUTED, VERMILION, WHITE, fade};
use super::panel::{Plot, gutter, padded, range, time_range};
use super::stack::Stack;
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
    let rows = data.panels.len();
    let mut stack = Stack::over_time(page.body, span, (rows, rows, "forecasters"), rows);
    let both = |panel: &BacktestPanel| -> Vec<f64> {
        panel.losses.iter().chain(&panel.forecasts).map(|sample| sample.value).collect()
    };
    // One scale, so that forecasters are compared by eye.
    let all = data.panels.iter().flat_map(both);
    let most = range(all).map_or(1.0, |(_, most)| most.max(0.0));
    let scale = (0.0, padded((0.0, most), 0.08).1);
    let y_ticks = number_ticks(scale.0, scale.1, stack.ticks_at(40.0));
    stack.area.left += gutter(&y_ticks);
    for (row, panel) in data.panels.iter().enumerate() {
        let plot = stack.axes(&mut page.canvas, row, (scale, &y_ticks), &panel.title);
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
