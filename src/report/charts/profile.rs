//! Figures over one parameter: a panel each, one below the other.

use super::canvas::{Canvas, Dash, Point};
use super::grid::{GridAxis, Spacing};
use super::page::{Entry, Key, Page};
use super::palette::{BLUE, MUTED, VERMILION, fade};
use super::panel::{Plot, gutter, padded, range};
use super::stack::Stack;
use super::ticks::{Tick, number_ticks};
use super::{Caption, ChartError, Estimate};
use std::path::Path;

/// Panels that a page has room for.
pub const PANELS: usize = 3;
/// Opacity of the bands.
const BAND: f64 = 0.18;
/// Half the width of a whisker's ends, in page pixels.
const END: f64 = 7.0;

/// Figures over the values of one parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileChart {
    pub caption: Caption,
    pub axis: GridAxis,
    /// At most [`PANELS`]; further ones are left out.
    pub panels: Vec<ProfilePanel>,
}

/// One figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProfilePanel {
    /// Name and unit: `es_95, USDC`.
    pub title: String,
    /// One for each value of the parameter; NaN where there is none.
    pub points: Vec<Estimate>,
    /// Where it is limited.
    pub limit: Option<f64>,
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &ProfileChart, out: &Path) -> Result<(), ChartError> {
    let panels = &data.panels[..data.panels.len().min(PANELS)];
    let mut page = Page::new(&data.caption, &legend(data, panels));
    let places = places(&data.axis);
    let Some(x) = range(places.iter().copied()) else { return page.save_empty(out) };
    let x = padded_evenly(x);
    let tick = |(at, label): (&f64, &String)| Tick {
        at: *at,
        label: label.clone(),
        context: String::new(),
    };
    let x_ticks: Vec<Tick> = places.iter().zip(&data.axis.labels).map(tick).collect();
    let scales: Vec<(f64, f64)> = panels.iter().map(scale).collect();
    let most_ticks = if panels.len() > 2 { 3 } else { 5 };
    let y_ticks: Vec<Vec<Tick>> =
        scales.iter().map(|y| number_ticks(y.0, y.1, most_ticks)).collect();
    let mut stack = Stack::new(page.body, x, x_ticks, data.axis.title.clone(), panels.len());
    stack.area.left += gutter(y_ticks.iter().flatten());
    stack.area.right -= 24.0;
    for (row, (panel, y)) in panels.iter().zip(scales).enumerate() {
        let plot = stack.axes(&mut page.canvas, row, (y, &y_ticks[row]), &panel.title);
        draw_panel(&mut page.canvas, &plot, panel, &places, data.axis.spacing);
    }
    page.canvas.save(out)
}

fn legend(data: &ProfileChart, panels: &[ProfilePanel]) -> Vec<Entry> {
    let line = match data.axis.spacing {
        Spacing::Even => Key::Tick(BLUE),
        Spacing::Linear | Spacing::Log => Key::Swatch(fade(BLUE, 2.0 * BAND)),
    };
    let mut legend = vec![Entry { key: line, label: "95 % interval".to_owned() }];
    if panels.iter().any(|panel| panel.limit.is_some()) {
        let key = Key::Line(VERMILION, Dash::Dashed);
        legend.push(Entry { key, label: "limit".to_owned() });
    }
    legend
}

/// Where the values stand: numbers at themselves or their logarithm, names one after the other.
fn places(axis: &GridAxis) -> Vec<f64> {
    match axis.spacing {
        Spacing::Linear => axis.values.clone(),
        Spacing::Log => axis.values.iter().map(|value| libm::log(*value)).collect(),
        Spacing::Even => (0..axis.labels.len()).map(|place| place as f64).collect(),
    }
}

/// Room for the first and the last point.
fn padded_evenly((low, high): (f64, f64)) -> (f64, f64) {
    let room = if high > low { 0.03 * (high - low) } else { 1.0 };
    (low - room, high + room)
}

fn scale(panel: &ProfilePanel) -> (f64, f64) {
    let values = panel.points.iter().flat_map(Estimate::ends).chain(panel.limit);
    padded(range(values).unwrap_or((0.0, 1.0)), 0.08)
}

fn draw_panel(
    canvas: &mut Canvas,
    plot: &Plot,
    panel: &ProfilePanel,
    places: &[f64],
    spacing: Spacing,
) {
    let known: Vec<(f64, Estimate)> = (places.iter().copied().zip(panel.points.iter().copied()))
        .filter(|(_, estimate)| estimate.value.is_finite())
        .collect();
    if let Some(limit) = panel.limit {
        let ends = [plot.at(plot.x.0, limit), plot.at(plot.x.1, limit)];
        canvas.line(&ends, 3.0, VERMILION, Dash::Dashed);
    }
    let middles: Vec<Point> = known.iter().map(|(x, one)| plot.at(*x, one.value)).collect();
    match spacing {
        Spacing::Even => draw_whiskers(canvas, plot, &known),
        Spacing::Linear | Spacing::Log => {
            draw_band(canvas, plot, &known);
            canvas.line(&middles, 3.0, BLUE, Dash::Solid);
        }
    }
    for middle in middles {
        canvas.disc(middle, 6.0, BLUE);
    }
}

fn draw_band(canvas: &mut Canvas, plot: &Plot, known: &[(f64, Estimate)]) {
    let bounded = || known.iter().filter(|(_, one)| one.low.is_finite() && one.high.is_finite());
    let mut outline: Vec<Point> = bounded().map(|(x, one)| plot.at(*x, one.low)).collect();
    outline.extend(bounded().rev().map(|(x, one)| plot.at(*x, one.high)));
    if outline.len() > 3 {
        canvas.polygon(&outline, fade(BLUE, BAND));
    }
}

fn draw_whiskers(canvas: &mut Canvas, plot: &Plot, known: &[(f64, Estimate)]) {
    for (x, one) in known {
        let [low, high] =
            [one.low, one.high].map(|end| if end.is_finite() { end } else { one.value });
        let (low, high) = (plot.at(*x, low), plot.at(*x, high));
        canvas.line(&[low, high], 3.0, BLUE, Dash::Solid);
        for (end, bounded) in [(low, one.low.is_finite()), (high, one.high.is_finite())] {
            if bounded {
                canvas.line(&[(end.0 - END, end.1), (end.0 + END, end.1)], 3.0, MUTED, Dash::Solid);
            }
        }
    }
}
