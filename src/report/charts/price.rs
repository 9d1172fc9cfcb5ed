//! Prices over time with what the protections and the venue did.

use super::canvas::{Dash, Point};
use super::downsample::{pieces, steps};
use super::markers::{Fill, Marker, Shape, draw_markers};
use super::page::{Entry, Key, Page};
use super::palette::{BLACK, BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, SKY, VERMILION};
use super::panel::{Plot, gutter, padded, range, time_range};
use super::stack::Stack;
use super::ticks::number_ticks;
use super::{Caption, ChartError, Sample};
use plotters::style::RGBColor;
use std::path::Path;

const PANELS_MAX: usize = 5;

/// Prices of one or more assets on one time axis.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PriceChart {
    pub caption: Caption,
    /// From top to bottom; of more than five the rest is left out, and the chart says so.
    pub panels: Vec<PricePanel>,
}

/// One asset.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PricePanel {
    /// Title of the y axis with its unit, such as `ETH, USDC`.
    pub label: String,
    /// Ascending in time; millions of points are thinned per pixel column, extremes kept.
    pub prices: Vec<Sample>,
    /// What happened in each variant; the same variants in the same order in every panel.
    pub variants: Vec<VariantMarks>,
}

/// What one variant adds to a panel.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VariantMarks {
    /// Name in the legend, such as `guarded`.
    pub name: String,
    /// Liquidation price, in the unit of the prices, held from each sample to the next; NaN while
    /// there is none. Empty: no line.
    pub liquidation_price: Vec<Sample>,
    pub events: Vec<PriceEvent>,
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriceEvent {
    /// Milliseconds since the Unix epoch, UTC.
    pub time_ms: i64,
    /// Price at that instant, in the unit of the panel.
    pub price: f64,
    pub kind: EventKind,
}

/// What happened; each kind has its own shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    TopUp,
    KillSwitch,
    Liquidation,
    Resume,
    StopLoss,
    Reduce,
    MarginCall,
}

impl EventKind {
    /// Every kind, in the order of the legend.
    pub const ALL: [EventKind; 7] = [
        EventKind::TopUp,
        EventKind::KillSwitch,
        EventKind::Liquidation,
        EventKind::Resume,
        EventKind::StopLoss,
        EventKind::Reduce,
        EventKind::MarginCall,
    ];

    fn look(self) -> (Shape, RGBColor, &'static str) {
        match self {
            EventKind::TopUp => (Shape::TriangleUp, GREEN, "top-up"),
            EventKind::KillSwitch => (Shape::Cross, BLACK, "kill switch"),
            EventKind::Liquidation => (Shape::Diamond, VERMILION, "liquidation"),
            EventKind::Resume => (Shape::TriangleRight, SKY, "resume"),
            EventKind::StopLoss => (Shape::Square, PURPLE, "stop loss"),
            EventKind::Reduce => (Shape::TriangleDown, ORANGE, "reduce"),
            EventKind::MarginCall => (Shape::Star, INK, "margin call"),
        }
    }
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &PriceChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let events = data.panels.iter().flat_map(|p| p.variants.iter().flat_map(|v| &v.events));
    let samples = data.panels.iter().flat_map(|p| &p.prices);
    let times = samples.map(|s| s.time_ms).chain(events.map(|e| e.time_ms));
    let Some(span) = time_range(times) else { return page.save_empty(out) };

    let shown = &data.panels[..data.panels.len().min(PANELS_MAX)];
    let counts = (shown.len(), data.panels.len(), "assets");
    let mut stack = Stack::over_time(page.body, span, counts, shown.len());
    let most_ticks = stack.ticks_at(62.0).clamp(2, 7);
    let scales: Vec<_> = shown.iter().map(price_range).collect();
    let y_ticks: Vec<_> = scales.iter().map(|y| number_ticks(y.0, y.1, most_ticks)).collect();
    stack.area.left += gutter(y_ticks.iter().flatten());
    for (row, panel) in shown.iter().enumerate() {
        let y = (scales[row], y_ticks[row].as_slice());
        let plot = stack.axes(&mut page.canvas, row, y, &panel.label);
        draw_panel(&mut page, &plot, panel);
    }
    page.canvas.save(out)
}

fn draw_panel(page: &mut Page, plot: &Plot, panel: &PricePanel) {
    for piece in pieces(&panel.prices, plot) {
        let far = |p: &Point| (p.0 - piece[0].0).abs() + (p.1 - piece[0].1).abs() > 2.0;
        if piece.iter().any(far) {
            page.canvas.line(&piece, 2.2, BLUE, Dash::Solid);
        } else {
            page.canvas.disc(piece[0], 5.0, BLUE);
        }
    }
    let mut markers = Vec::new();
    for (i, variant) in panel.variants.iter().enumerate() {
        let inside = |s: &Sample| plot.y.0 <= s.value && s.value <= plot.y.1;
        let hidden =
            |s: &Sample| Sample { value: if inside(s) { s.value } else { f64::NAN }, ..*s };
        let visible: Vec<Sample> = variant.liquidation_price.iter().map(hidden).collect();
        for piece in pieces(&visible, plot) {
            page.canvas.line(&steps(&piece), 2.6, VERMILION, Dash::of_variant(i + 1));
        }
        let placed = variant.events.iter().filter(|e| e.price.is_finite()).map(|event| {
            let (shape, color, _) = event.kind.look();
            let at = plot.at(event.time_ms as f64, event.price);
            Marker { shape, color, fill: Fill::of_variant(i), at }
        });
        markers.extend(placed);
    }
    draw_markers(&mut page.canvas, &plot.area, &markers);
}

/// Prices and events decide the range; a liquidation price joins if it is at most one range away.
fn price_range(panel: &PricePanel) -> (f64, f64) {
    let events = panel.variants.iter().flat_map(|v| &v.events).map(|e| e.price);
    let own = range(panel.prices.iter().map(|s| s.value).chain(events)).unwrap_or((0.0, 1.0));
    let reach = padded(own, 1.0);
    let lines = panel.variants.iter().flat_map(|v| &v.liquidation_price).map(|s| s.value);
    let near = lines.filter(|v| reach.0 <= *v && *v <= reach.1);
    padded(range(near.chain([own.0, own.1])).unwrap_or(own), 0.08)
}

fn legend(data: &PriceChart) -> Vec<Entry> {
    let entry = |key, label: &str| Entry { key, label: label.to_string() };
    let mut entries = vec![entry(Key::Line(BLUE, Dash::Solid), "price")];
    let variants = || data.panels.iter().flat_map(|p| p.variants.iter().enumerate());
    let used = |kind| variants().any(|(_, v)| v.events.iter().any(|e| e.kind == kind));
    for kind in EventKind::ALL.into_iter().filter(|&kind| used(kind)) {
        let (shape, color, label) = kind.look();
        entries.push(entry(Key::Marker(shape, color, Fill::Full), label));
    }
    let count = data.panels.iter().map(|p| p.variants.len()).max().unwrap_or(0);
    let mine = |i| variants().filter(move |(j, _)| *j == i).map(|(_, v)| v);
    let name = |i| mine(i).map(|v| v.name.as_str()).find(|n| !n.is_empty()).unwrap_or("");
    for i in (0..count).filter(|&i| count > 1 && mine(i).any(|v| !v.events.is_empty())) {
        let style = ["filled", "hollow", "dotted"][i.min(2)];
        let key = Key::Marker(Shape::Circle, MUTED, Fill::of_variant(i));
        entries.push(entry(key, &format!("{style}: {}", name(i))));
    }
    for i in (0..count).filter(|&i| mine(i).any(|v| !v.liquidation_price.is_empty())) {
        let of = if count > 1 { format!(" ({})", name(i)) } else { String::new() };
        let key = Key::Line(VERMILION, Dash::of_variant(i + 1));
        entries.push(entry(key, &format!("liquidation price{of}")));
    }
    entries
}
