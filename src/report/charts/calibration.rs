//! A calibrated model beside its history: returns, memory of their squares, tails, drawdowns.

use std::path::Path;

use super::canvas::{Canvas, Dash, Point};
use super::markers::{Fill, Shape};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{AXIS, BLUE, INK, SKY, VERMILION, fade};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, padded, range, sill};
use super::ticks::{Tick, number, number_ticks, percent};
use super::{Caption, ChartError};

const BINS: usize = 70;
const BETWEEN: f64 = 44.0;
/// Opacity of where most simulated paths lie.
const BAND: f64 = 0.45;

/// History and model of one asset. Returns and drawdowns are in percent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CalibrationChart {
    pub caption: Caption,
    /// Such as `log return of 1h, %`.
    pub returns_label: String,
    /// Of the history, in any order.
    pub history: Vec<f64>,
    /// Of all simulated paths together, in any order.
    pub model: Vec<f64>,
    /// Autocorrelation of squared returns of the history at lags 1, 2, …
    pub memory: Vec<f64>,
    /// Of the simulated paths: least, mean and greatest of the middle 90 %.
    pub model_memory: Vec<[f64; 3]>,
    /// Within ± this lie 95 % of the autocorrelations of independent returns.
    pub chance: f64,
    pub quantiles: Vec<QuantilePoint>,
    /// Greatest fall of the history.
    pub drawdown: f64,
    /// Greatest falls of the simulated paths.
    pub model_drawdowns: Vec<f64>,
}

/// A return of the history beside the one of the same rank in simulated paths of the same length.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct QuantilePoint {
    pub history: f64,
    /// Median over the paths.
    pub model: f64,
    /// Between these lie the middle 95 % of the paths.
    pub low: f64,
    pub high: f64,
}

/// Writes the four panels as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &CalibrationChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend());
    if data.history.len() < 2 || data.model.is_empty() {
        return page.save_empty(out);
    }
    let (width, height) = ((page.body.width() - BETWEEN) / 2.0, page.body.height() / 2.0);
    let cell = |column: usize, row: usize| {
        let left = page.body.left + column as f64 * (width + BETWEEN);
        let top = page.body.top + row as f64 * height;
        Rect { left, top, right: left + width, bottom: top + height }
    };
    let cells = [cell(0, 0), cell(1, 0), cell(0, 1), cell(1, 1)];
    draw_density(&mut page.canvas, cells[0], data);
    draw_memory(&mut page.canvas, cells[1], data);
    let title = format!("rank by rank: history over model, {}", data.returns_label);
    draw_quantiles(&mut page.canvas, cells[2], &data.quantiles, &title, "model, %");
    draw_drawdowns(&mut page.canvas, cells[3], data);
    page.canvas.save(out)
}

/// Writes the panel of the tails alone, large, as a 1600×900 PNG to `out`.
pub fn draw_qq(data: &CalibrationChart, out: &Path) -> Result<(), ChartError> {
    let entry = |key, label: &str| Entry { key, label: label.to_owned() };
    let legend = [
        entry(
            Key::Marker(Shape::Circle, BLUE, Fill::Full),
            "a return of the history against the model's of the same rank",
        ),
        entry(Key::Swatch(fade(SKY, BAND)), "95 % of simulated paths"),
        entry(Key::Line(AXIS, Dash::Dashed), "history = model"),
    ];
    let mut page = Page::new(&data.caption, &legend);
    if data.quantiles.len() < 2 {
        return page.save_empty(out);
    }
    let title = format!("history: {}", data.returns_label);
    let x_title = format!("model: {}, median over paths of the same length", data.returns_label);
    let body = page.body;
    draw_quantiles(&mut page.canvas, body, &data.quantiles, &title, &x_title);
    page.canvas.save(out)
}

fn legend() -> Vec<Entry> {
    let entry = |key, label: &str| Entry { key, label: label.to_owned() };
    vec![
        entry(Key::Tick(BLUE), "history"),
        entry(Key::Line(VERMILION, Dash::Solid), "model"),
        entry(Key::Swatch(fade(SKY, BAND)), "most simulated paths (90 %; ranks 95 %)"),
        entry(Key::Line(AXIS, Dash::Dashed), "normal returns; chance (95 %); history = model"),
    ]
}

/// The plot area of a cell, with its axes drawn.
fn framed(canvas: &mut Canvas, cell: Rect, x: (f64, f64), y: (f64, f64), axes: &Axes<'_>) -> Plot {
    let area = Rect {
        left: cell.left + gutter(axes.y_ticks),
        top: cell.top + TITLE_HEIGHT,
        right: cell.right,
        bottom: cell.bottom - sill(axes.x_ticks, axes.x_title),
    };
    let plot = Plot { area, x, y };
    draw_axes(canvas, &plot, axes);
    plot
}

fn draw_density(canvas: &mut Canvas, cell: Rect, data: &CalibrationChart) {
    let Some(x) = range(data.history.iter().copied()).map(|ends| padded(ends, 0.04)) else {
        return;
    };
    let width = (x.1 - x.0) / BINS as f64;
    let density = |values: &[f64]| -> Vec<f64> {
        let mut counts = vec![0.0; BINS];
        for value in values.iter().filter(|value| (x.0..x.1).contains(*value)) {
            counts[(((value - x.0) / width) as usize).min(BINS - 1)] += 1.0;
        }
        counts.iter().map(|count| count / values.len() as f64 / width).collect()
    };
    let (history, model) = (density(&data.history), density(&data.model));
    let least = 0.6 / data.history.len() as f64 / width;
    let most = history.iter().chain(&model).copied().fold(least, f64::max);
    let y = (libm::log10(least), libm::log10(1.6 * most));
    let y_ticks: Vec<Tick> = (y.0.ceil() as i32..=y.1.floor() as i32)
        .map(|power| {
            let value = libm::pow(10.0, f64::from(power));
            Tick {
                at: f64::from(power),
                label: number(value, value.min(1.0)),
                context: String::new(),
            }
        })
        .collect();
    let x_ticks = number_ticks(x.0, x.1, 6);
    let axes = Axes {
        x_ticks: &x_ticks,
        x_title: &data.returns_label,
        y_ticks: &y_ticks,
        y_title: "density, per %, log scale",
        ..Axes::default()
    };
    let plot = framed(canvas, cell, x, y, &axes);
    let middle = |bin: usize| x.0 + (bin as f64 + 0.5) * width;
    for (bin, value) in history.iter().enumerate().filter(|(_, value)| **value > 0.0) {
        let (left, right) = (middle(bin) - 0.42 * width, middle(bin) + 0.42 * width);
        let (from, to) = (plot.at(left, libm::log10(*value)), plot.at(right, y.0));
        canvas.rect(from, to, fade(BLUE, 0.45));
    }
    let n = data.history.len() as f64;
    let mean = data.history.iter().sum::<f64>() / n;
    let square = data.history.iter().map(|r| (r - mean) * (r - mean)).sum::<f64>() / n;
    let normal: Vec<Point> = (0..=200)
        .map(|step| x.0 + (x.1 - x.0) * f64::from(step) / 200.0)
        .map(|r| {
            let log = -(r - mean) * (r - mean) / (2.0 * square)
                - 0.5 * libm::log(2.0 * std::f64::consts::PI * square);
            (r, log / std::f64::consts::LN_10)
        })
        .filter(|(_, log)| *log > y.0)
        .map(|(r, log)| plot.at(r, log))
        .collect();
    canvas.line(&normal, 2.4, AXIS, Dash::Dashed);
    let mut line: Vec<Point> = Vec::new();
    for (bin, value) in model.iter().enumerate() {
        if *value > least {
            line.push(plot.at(middle(bin), libm::log10(*value)));
        } else {
            canvas.line(&std::mem::take(&mut line), 3.0, VERMILION, Dash::Solid);
        }
    }
    canvas.line(&line, 3.0, VERMILION, Dash::Solid);
}

fn draw_memory(canvas: &mut Canvas, cell: Rect, data: &CalibrationChart) {
    let lags = data.memory.len().max(1) as f64;
    let ends = data.model_memory.iter().flatten().chain(&data.memory).copied();
    let (low, high) = range(ends.chain([0.0, data.chance, -data.chance])).unwrap_or((-1.0, 1.0));
    let y = (low - 0.04 * (high - low), high + 0.06 * (high - low));
    let (x_ticks, y_ticks) = (number_ticks(0.0, lags, 6), number_ticks(y.0, y.1, 5));
    let axes = Axes {
        x_ticks: &x_ticks,
        x_title: "lag, steps",
        y_ticks: &y_ticks,
        y_title: "autocorrelation of squared returns",
        ..Axes::default()
    };
    let plot = framed(canvas, cell, (0.0, lags + 1.0), y, &axes);
    let lag = |place: usize| place as f64 + 1.0;
    let edge = |which: usize| -> Vec<Point> {
        let of = |(place, row): (usize, &[f64; 3])| plot.at(lag(place), row[which]);
        data.model_memory.iter().enumerate().map(of).collect()
    };
    let band: Vec<Point> = edge(0).into_iter().chain(edge(2).into_iter().rev()).collect();
    if band.len() > 2 {
        canvas.polygon(&band, fade(SKY, BAND));
    }
    for side in [-data.chance, data.chance] {
        let line = [plot.at(0.0, side), plot.at(lags + 1.0, side)];
        canvas.line(&line, 2.4, AXIS, Dash::Dashed);
    }
    let zero = [plot.at(0.0, 0.0), plot.at(lags + 1.0, 0.0)];
    canvas.line(&zero, 1.6, INK, Dash::Solid);
    for (place, value) in data.memory.iter().enumerate().filter(|(_, value)| value.is_finite()) {
        let (foot, head) = (plot.at(lag(place), 0.0), plot.at(lag(place), *value));
        canvas.line(&[foot, head], 3.0, BLUE, Dash::Solid);
        canvas.disc(head, 4.0, BLUE);
    }
    canvas.line(&edge(1), 3.0, VERMILION, Dash::Solid);
}

fn draw_quantiles(
    canvas: &mut Canvas,
    cell: Rect,
    points: &[QuantilePoint],
    title: &str,
    x_title: &str,
) {
    let usable = |point: &&QuantilePoint| point.history.is_finite() && point.model.is_finite();
    let points: Vec<&QuantilePoint> = points.iter().filter(usable).collect();
    let all = points.iter().flat_map(|point| [point.history, point.model]);
    let Some(ends) = range(all).map(|ends| padded(ends, 0.05)) else { return };
    let x_ticks = number_ticks(ends.0, ends.1, 7);
    let y_ticks = number_ticks(ends.0, ends.1, 6);
    let axes =
        Axes { x_ticks: &x_ticks, x_title, y_ticks: &y_ticks, y_title: title, ..Axes::default() };
    let plot = framed(canvas, cell, ends, ends, &axes);
    let edge = |value: &dyn Fn(&QuantilePoint) -> f64| -> Vec<Point> {
        points.iter().map(|point| plot.at(point.model, value(point))).collect()
    };
    let (low, high) = (edge(&|point| point.low), edge(&|point| point.high));
    let band: Vec<Point> = low.into_iter().chain(high.into_iter().rev()).collect();
    canvas.polygon(&band, fade(SKY, BAND));
    canvas.line(&[plot.at(ends.0, ends.0), plot.at(ends.1, ends.1)], 2.4, AXIS, Dash::Dashed);
    for point in &points {
        canvas.disc(plot.at(point.model, point.history), 4.5, BLUE);
    }
}

fn draw_drawdowns(canvas: &mut Canvas, cell: Rect, data: &CalibrationChart) {
    let bins = 25;
    let mut shares = vec![0.0; bins];
    for value in &data.model_drawdowns {
        let bin = (value / 100.0 * bins as f64) as usize;
        shares[bin.min(bins - 1)] += 100.0 / data.model_drawdowns.len().max(1) as f64;
    }
    let most = shares.iter().copied().fold(1.0, f64::max);
    let worse = data.model_drawdowns.iter().filter(|value| **value >= data.drawdown).count();
    let worse = worse as f64 / data.model_drawdowns.len().max(1) as f64;
    let title = format!(
        "share of paths, %; history fell {}, {} of paths as far",
        percent(data.drawdown / 100.0),
        percent(worse)
    );
    let (x_ticks, y_ticks) = (number_ticks(0.0, 100.0, 6), number_ticks(0.0, 1.15 * most, 5));
    let axes = Axes {
        x_ticks: &x_ticks,
        x_title: "greatest drawdown over the length of the history, %",
        y_ticks: &y_ticks,
        y_title: &title,
        ..Axes::default()
    };
    let plot = framed(canvas, cell, (0.0, 100.0), (0.0, 1.15 * most), &axes);
    let width = 100.0 / bins as f64;
    for (bin, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        let left = bin as f64 * width;
        let (from, to) = (plot.at(left + 0.04 * width, *share), plot.at(left + 0.96 * width, 0.0));
        canvas.rect(from, to, fade(VERMILION, 0.55));
    }
    if !data.drawdown.is_finite() {
        return;
    }
    let line = [plot.at(data.drawdown, 0.0), plot.at(data.drawdown, plot.y.1)];
    canvas.line(&line, 4.0, BLUE, Dash::Solid);
}
