//! How many paths have not yet been liquidated.

use super::canvas::{Canvas, Dash, Point};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{fade, series};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, range, sill};
use super::ticks::{amount, number, number_ticks, percent};
use super::{Caption, ChartError};
use plotters::style::RGBColor;
use std::path::Path;

/// Survival curves of several variants.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SurvivalChart {
    pub caption: Caption,
    /// Last day shown; curves are held until then. Earlier than the last step: that step.
    pub end_day: f64,
    pub variants: Vec<SurvivalVariant>,
}

/// One variant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SurvivalVariant {
    pub name: String,
    /// Ascending in time; before the first the share is 1, without an interval, so that one at day
    /// 0 should say how sure that is. A step that is not finite is left out.
    pub steps: Vec<SurvivalStep>,
}

/// Share of paths that survive from this day on, until the next step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivalStep {
    /// Days since the start.
    pub day: f64,
    /// In [0, 1].
    pub share: f64,
    /// 95 % confidence interval of the share, in [0, 1].
    pub low: f64,
    pub high: f64,
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &SurvivalChart, out: &Path) -> Result<(), ChartError> {
    let curves: Vec<_> = data.variants.iter().map(curve).collect();
    let all = || curves.iter().flatten();
    let Some((_, last)) = range(all().map(|s| s.day).chain([data.end_day])) else {
        return Page::new(&data.caption, &[]).save_empty(out);
    };
    if data.variants.is_empty() {
        return Page::new(&data.caption, &[]).save_empty(out);
    }
    let end = if last > 0.0 { last } else { 1.0 };
    let mut page = Page::new(&data.caption, &legend(data, &curves, end));
    let floor = floor(all().map(|s| s.low).fold(1.0, f64::min));
    let x_ticks = number_ticks(0.0, end, 10);
    let mut y_ticks = number_ticks(100.0 * floor, 100.0, 6);
    for tick in &mut y_ticks {
        tick.label.push_str(" %");
    }
    let y_title = match floor {
        0.0 => "paths not yet liquidated".to_string(),
        _ => format!("paths not yet liquidated (axis starts at {} %)", number(100.0 * floor, 1.0)),
    };
    let axes = Axes {
        x_ticks: &x_ticks,
        x_title: "days since start",
        y_ticks: &y_ticks,
        y_title: &y_title,
        ..Axes::default()
    };
    let area = Rect {
        left: page.body.left + gutter(&y_ticks),
        top: page.body.top + TITLE_HEIGHT,
        right: page.body.right,
        bottom: page.body.bottom - sill(&x_ticks, axes.x_title),
    };
    let plot = Plot { area, x: (0.0, end), y: (100.0 * floor, 100.0) };
    draw_axes(&mut page.canvas, &plot, &axes);
    for (i, steps) in curves.iter().enumerate() {
        draw_band(&mut page.canvas, &plot, steps, end, series(i));
    }
    for (i, steps) in curves.iter().enumerate() {
        let line = staircase(&plot, steps, end, |s| s.share);
        page.canvas.line(&line, 3.6, series(i), Dash::of_variant(i));
    }
    page.canvas.save(out)
}

/// The usable steps, beginning at day 0.
fn curve(variant: &SurvivalVariant) -> Vec<SurvivalStep> {
    let usable = |s: &&SurvivalStep| {
        s.day >= 0.0 && [s.day, s.share, s.low, s.high].iter().all(|v| v.is_finite())
    };
    let whole = SurvivalStep { day: 0.0, share: 1.0, low: 1.0, high: 1.0 };
    let given: Vec<_> = variant.steps.iter().filter(usable).copied().collect();
    let lead = given.first().is_none_or(|first| first.day > 0.0).then_some(whole);
    lead.into_iter().chain(given).collect()
}

/// Where the axis starts, so that rare liquidations are seen.
fn floor(lowest: f64) -> f64 {
    let floors = [0.99, 0.98, 0.95, 0.9, 0.8, 0.5];
    floors.into_iter().find(|f| lowest >= f + 0.1 * (1.0 - f)).unwrap_or(0.0)
}

fn staircase(
    plot: &Plot,
    steps: &[SurvivalStep],
    end: f64,
    value: impl Fn(&SurvivalStep) -> f64,
) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(2 * steps.len() + 1);
    for step in steps {
        let point = plot.at(step.day, 100.0 * value(step));
        if let Some(&(_, before)) = points.last() {
            points.push((point.0, before));
        }
        points.push(point);
    }
    if let Some(&(_, before)) = points.last() {
        points.push((plot.at(end, 0.0).0, before));
    }
    points
}

fn draw_band(canvas: &mut Canvas, plot: &Plot, steps: &[SurvivalStep], end: f64, color: RGBColor) {
    for (i, step) in steps.iter().enumerate() {
        let until = steps.get(i + 1).map_or(end, |next| next.day);
        let from = plot.at(step.day, 100.0 * step.high);
        let to = plot.at(until, 100.0 * step.low);
        canvas.rect(from, to, fade(color, 0.18));
    }
}

fn legend(data: &SurvivalChart, curves: &[Vec<SurvivalStep>], end: f64) -> Vec<Entry> {
    let line = |(i, (variant, steps)): (usize, (&SurvivalVariant, &Vec<SurvivalStep>))| {
        let last = steps[steps.len() - 1];
        let (share, low, high) = (percent(last.share), percent(last.low), percent(last.high));
        let mut label = format!("{}: {share} at day {}", variant.name, amount(end));
        if variant.steps.contains(&last) {
            label += &format!(" (95 % interval {low} to {high})");
        }
        Entry { key: Key::Line(series(i), Dash::of_variant(i)), label }
    };
    data.variants.iter().zip(curves).enumerate().map(line).collect()
}
