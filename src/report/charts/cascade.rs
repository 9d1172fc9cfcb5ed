//! A cascade: prices with and without impact, the force-closes, and what they add up to.

use super::canvas::{Align, Canvas, Dash, Type};
use super::downsample::{pieces, steps};
use super::font::Face;
use super::page::{Entry, Key, Page, Rect};
use super::palette::{BLUE, INK, MUTED, VERMILION, WHITE};
use super::panel::{Plot, gutter, padded, range, time_range};
use super::stack::Stack;
use super::ticks::number_ticks;
use super::{Caption, ChartError, Sample};
use std::path::Path;

/// Assets shown at most.
const PANELS_MAX: usize = 3;
/// Radius of the largest close, in page pixels; areas go with notional.
const RADIUS_MAX: f64 = 14.0;
const RADIUS_MIN: f64 = 4.0;
const COUNT_EM: f64 = 18.0;

/// One cascade on one path.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CascadeChart {
    pub caption: Caption,
    /// From top to bottom; of more than three the rest is left out, and the chart says so.
    pub panels: Vec<CascadePanel>,
    /// Cumulated liquidated notional, USDC; each value holds until the next.
    pub with: Vec<Sample>,
    /// The same where forced fills move no price.
    pub without: Vec<Sample>,
}

/// One asset.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CascadePanel {
    /// Title of the y axis with its unit, such as `ETH, USDC`.
    pub label: String,
    /// Price where forced fills move it.
    pub with: Vec<Sample>,
    /// Price where they do not.
    pub without: Vec<Sample>,
    pub closes: Vec<ForcedCloses>,
}

/// The force-closes of one instant in one asset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForcedCloses {
    /// Milliseconds since the Unix epoch, UTC.
    pub time_ms: i64,
    /// Price at the last of them, in the unit of the panel.
    pub price: f64,
    /// Closed notional, USDC.
    pub notional: f64,
    /// How many there were.
    pub count: usize,
    /// Rounds in which they fell.
    pub rounds: usize,
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &CascadeChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let samples = data.panels.iter().flat_map(|p| p.with.iter().chain(&p.without));
    let Some(span) = time_range(samples.map(|s| s.time_ms)) else { return page.save_empty(out) };
    let shown = &data.panels[..data.panels.len().min(PANELS_MAX)];
    let counts = (shown.len(), data.panels.len(), "assets");
    let rows = shown.len() + 1;
    let mut stack = Stack::over_time(page.body, span, counts, rows);
    let most_ticks = stack.ticks_at(62.0).clamp(2, 7);
    let mut scales: Vec<(f64, f64)> = shown.iter().map(price_range).collect();
    scales.push(total_range(data));
    let y_ticks: Vec<_> = scales.iter().map(|y| number_ticks(y.0, y.1, most_ticks)).collect();
    stack.area.left += gutter(y_ticks.iter().flatten());
    let largest = shown.iter().flat_map(|p| &p.closes).map(|c| c.notional).fold(0.0, f64::max);
    for row in 0..rows {
        let title = shown.get(row).map_or("liquidated so far, USDC", |panel| &panel.label);
        let y = (scales[row], y_ticks[row].as_slice());
        let plot = stack.axes(&mut page.canvas, row, y, title);
        match shown.get(row) {
            Some(panel) => draw_panel(&mut page.canvas, &plot, panel, largest),
            None => draw_totals(&mut page.canvas, &plot, data),
        }
    }
    page.canvas.save(out)
}

fn draw_panel(canvas: &mut Canvas, plot: &Plot, panel: &CascadePanel, largest: f64) {
    for piece in pieces(&panel.without, plot) {
        canvas.line(&steps(&piece), 2.4, MUTED, Dash::of_variant(1));
    }
    for piece in pieces(&panel.with, plot) {
        canvas.line(&steps(&piece), 3.0, BLUE, Dash::Solid);
    }
    let shown = || panel.closes.iter().filter(|c| c.price.is_finite() && largest > 0.0);
    let spot = |closes: &ForcedCloses| {
        let radius = (RADIUS_MAX * (closes.notional / largest).sqrt()).max(RADIUS_MIN);
        (plot.at(closes.time_ms as f64, closes.price), radius)
    };
    for closes in shown() {
        let (center, radius) = spot(closes);
        canvas.disc(center, radius + 1.5, WHITE);
        canvas.disc(center, radius, VERMILION);
    }
    // A label that would cover a mark or another label is left out: the marks say the rest.
    let disc = |((x, y), radius): ((f64, f64), f64)| Rect {
        left: x - radius,
        top: y - radius,
        right: x + radius,
        bottom: y + radius,
    };
    let mut taken: Vec<Rect> = shown().map(|closes| disc(spot(closes))).collect();
    for closes in shown().filter(|closes| closes.count > 1) {
        let (center, radius) = spot(closes);
        let text = match closes.rounds {
            0 | 1 => closes.count.to_string(),
            rounds => format!("{} in {rounds}", closes.count),
        };
        let half = Face::Bold.width(&text, COUNT_EM) / 2.0;
        let middle = center.0.clamp(plot.area.left + half, plot.area.right - half);
        let places = [center.1 - radius - 0.7 * COUNT_EM, center.1 + radius + 0.7 * COUNT_EM];
        let label = places.into_iter().map(|y| Rect {
            left: middle - half,
            top: y - COUNT_EM / 2.0,
            right: middle + half,
            bottom: y + COUNT_EM / 2.0,
        });
        let inside = |rect: &Rect| plot.area.top <= rect.top && rect.bottom <= plot.area.bottom;
        let free = |rect: &Rect| !taken.iter().any(|other| overlap(rect, other));
        if let Some(rect) = label.into_iter().find(|rect| inside(rect) && free(rect)) {
            let set = Type { face: Face::Bold, em: COUNT_EM, color: INK, align: Align::Center };
            canvas.text_on_white(&text, (middle, rect.bottom - 3.0), set);
            taken.push(rect);
        }
    }
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

fn draw_totals(canvas: &mut Canvas, plot: &Plot, data: &CascadeChart) {
    for (totals, width, color, dash) in
        [(&data.without, 2.4, MUTED, Dash::of_variant(1)), (&data.with, 3.0, BLUE, Dash::Solid)]
    {
        for piece in pieces(totals, plot) {
            canvas.line(&steps(&piece), width, color, dash);
        }
    }
}

fn price_range(panel: &CascadePanel) -> (f64, f64) {
    let values = panel.with.iter().chain(&panel.without).map(|sample| sample.value);
    padded(range(values).unwrap_or((0.0, 1.0)), 0.12)
}

fn total_range(data: &CascadeChart) -> (f64, f64) {
    let most = range(data.with.iter().chain(&data.without).map(|sample| sample.value));
    (0.0, most.map_or(1.0, |(_, high)| if high > 0.0 { 1.1 * high } else { 1.0 }))
}

fn legend(data: &CascadeChart) -> Vec<Entry> {
    let entry = |key, label: &str| Entry { key, label: label.to_owned() };
    let mut entries = vec![
        entry(Key::Line(BLUE, Dash::Solid), "with impact"),
        entry(Key::Line(MUTED, Dash::of_variant(1)), "without"),
    ];
    if data.panels.iter().any(|panel| !panel.closes.is_empty()) {
        let key = Key::Marker(super::markers::Shape::Circle, VERMILION, super::markers::Fill::Full);
        entries.push(entry(key, "force-closes of an instant (count in rounds), area by notional"));
    }
    entries
}
