//! What a fleet gains by diversification as correlations go to those of a crisis.

pub use super::Estimate;
use super::canvas::{Canvas, Dash, Point};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{BLUE, INK, MUTED, VERMILION, fade};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, padded, range, sill};
use super::ticks::{Tick, number, number_ticks};
use super::{Caption, ChartError};
use plotters::style::RGBColor;
use std::path::Path;

/// Opacity of the bands.
const BAND: f64 = 0.18;

/// One fleet at one confidence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DiversificationChart {
    pub caption: Caption,
    /// Such as `95`: stands after VaR and ES.
    pub level: String,
    /// Ascending in weight.
    pub points: Vec<DiversificationStep>,
}

/// The fleet at one weight of the crisis's correlations.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DiversificationStep {
    /// 0 to 1.
    pub weight: f64,
    /// Mean correlation of two assets, shown below the weight; `None`: left out.
    pub correlation: Option<f64>,
    /// 1 − VaR / Σ parts.
    pub benefit_var: Estimate,
    /// 1 − ES / Σ parts.
    pub benefit_es: Estimate,
    /// USDC.
    pub es: Estimate,
    /// USDC.
    pub parts_es: Estimate,
}

/// A line of a panel: what it shows, and its look.
type Line = (fn(&DiversificationStep) -> Estimate, RGBColor, Dash);

const BENEFITS: [Line; 2] = [
    (|step| step.benefit_var, BLUE, Dash::Solid),
    (|step| step.benefit_es, VERMILION, Dash::Dashed),
];
const RISKS: [Line; 2] =
    [(|step| step.parts_es, INK, Dash::Dotted), (|step| step.es, VERMILION, Dash::Dashed)];

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &DiversificationChart, out: &Path) -> Result<(), ChartError> {
    let level = &data.level;
    let entry = |key, label: String| Entry { key, label };
    let legend = [
        entry(Key::Line(BLUE, Dash::Solid), format!("benefit for VaR{level}")),
        entry(
            Key::Line(VERMILION, Dash::Dashed),
            format!("for ES{level}; below: the fleet's ES{level}"),
        ),
        entry(Key::Line(INK, Dash::Dotted), format!("sum of the parts' ES{level}")),
        entry(Key::Swatch(fade(MUTED, 2.0 * BAND)), "95 % interval".to_owned()),
    ];
    let mut page = Page::new(&data.caption, &legend);
    let weights = range(data.points.iter().map(|point| point.weight));
    let (Some(weights), Some(upper)) = (weights, scale(data, &BENEFITS)) else {
        return page.save_empty(out);
    };
    let x = if weights.1 > weights.0 { weights } else { (weights.0 - 0.5, weights.0 + 0.5) };
    let lower = scale(data, &RISKS).unwrap_or((0.0, 1.0));
    let x_ticks: Vec<Tick> = data.points.iter().map(tick).collect();
    let x_title =
        "way from the base's correlations to the crisis's (below: mean correlation of two assets)";
    let body = page.body;
    let bottom = body.bottom - sill(&x_ticks, x_title);
    let between = body.top + 0.5 * (bottom - body.top);
    let mut upper_ticks = number_ticks(100.0 * upper.0, 100.0 * upper.1, 5);
    for tick in &mut upper_ticks {
        tick.at /= 100.0;
        tick.label.push_str(" %");
    }
    let lower_ticks = number_ticks(lower.0, lower.1, 5);
    let left = body.left + gutter(upper_ticks.iter().chain(&lower_ticks));
    let panels = [
        (upper, &BENEFITS, &upper_ticks, "diversification benefit (1 − fleet ÷ sum of the parts)"),
        (lower, &RISKS, &lower_ticks, "expected shortfall, USDC"),
    ];
    for (row, (y, lines, y_ticks, y_title)) in panels.into_iter().enumerate() {
        let (top, bottom) = if row == 0 { (body.top, between) } else { (between, bottom) };
        let area = Rect { left, top: top + TITLE_HEIGHT, right: body.right - 24.0, bottom };
        let plot = Plot { area, x, y };
        let axes =
            Axes { x_ticks: &x_ticks, x_title, y_ticks, y_title, bare_x: row == 0, bare_y: false };
        draw_axes(&mut page.canvas, &plot, &axes);
        for (of, color, _) in lines {
            draw_band(&mut page.canvas, &plot, data, *of, *color);
        }
        for line in lines {
            draw_line(&mut page.canvas, &plot, data, line);
        }
    }
    page.canvas.save(out)
}

fn tick(point: &DiversificationStep) -> Tick {
    let rho = point.correlation.filter(|rho| rho.is_finite());
    Tick {
        at: point.weight,
        label: format!("{} %", number(100.0 * point.weight, 1.0)),
        context: rho.map_or_else(String::new, |rho| number(rho, 0.01)),
    }
}

/// All values and ends of a panel, zero among them.
fn scale(data: &DiversificationChart, lines: &[Line]) -> Option<(f64, f64)> {
    let values = data.points.iter().flat_map(|point| {
        lines.iter().flat_map(|(of, ..)| {
            let estimate = of(point);
            [estimate.value, estimate.low, estimate.high]
        })
    });
    let (low, high) = range(values)?;
    Some(padded((low.min(0.0), high.max(0.0)), 0.06))
}

fn draw_band(
    canvas: &mut Canvas,
    plot: &Plot,
    data: &DiversificationChart,
    of: fn(&DiversificationStep) -> Estimate,
    color: RGBColor,
) {
    let known = |step: &&DiversificationStep| of(step).low.is_finite() && of(step).high.is_finite();
    let edge = |end: fn(Estimate) -> f64| -> Vec<Point> {
        data.points.iter().filter(known).map(|step| plot.at(step.weight, end(of(step)))).collect()
    };
    let outline: Vec<Point> =
        edge(|e| e.low).into_iter().chain(edge(|e| e.high).into_iter().rev()).collect();
    if outline.len() > 3 {
        canvas.polygon(&outline, fade(color, BAND));
    }
}

fn draw_line(
    canvas: &mut Canvas,
    plot: &Plot,
    data: &DiversificationChart,
    (of, color, dash): &Line,
) {
    let finite = data.points.iter().filter(|step| of(step).value.is_finite());
    let points: Vec<Point> = finite.map(|step| plot.at(step.weight, of(step).value)).collect();
    canvas.line(&points, 3.4, *color, *dash);
    for point in points {
        canvas.disc(point, 6.0, *color);
    }
}
