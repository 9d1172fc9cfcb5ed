//! Utilisation of a fleet over time on its zones, and its dry powder below.

use super::bands::{NAMES_WIDTH, draw_bands, draw_line};
use super::calendar::time_ticks;
use super::canvas::{Canvas, Dash};
use super::markers::{Fill, Marker, Shape, draw_markers};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{BLUE, INK, PURPLE, VERMILION, fade, series};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, range, sill, time_range};
use super::ticks::number_ticks;
use super::utilisation::{UtilisationZones, bands, percent_ticks, top_of};
use super::{Caption, ChartError, Sample};
use plotters::style::RGBColor;
use std::path::Path;

/// Share of the page's height that the upper panel takes.
const UPPER: f64 = 0.60;

/// One fleet under one or more variants.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FleetUtilisationChart {
    pub caption: Caption,
    pub zones: UtilisationZones,
    pub lines: Vec<FleetLine>,
}

/// A fleet under one variant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FleetLine {
    /// Such as `guarded`.
    pub variant: String,
    /// Σ reserved / Σ capital, ascending in time; infinite without capital.
    pub utilisation: Vec<Sample>,
    /// USDC, ascending in time.
    pub dry_powder: Vec<Sample>,
    pub events: Vec<FleetEvent>,
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FleetEvent {
    /// Milliseconds since the Unix epoch, UTC.
    pub time_ms: i64,
    pub kind: FleetMark,
}

/// What happened; each kind has its own shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FleetMark {
    /// Dry powder saved a sub-account.
    Cure,
    /// Dry powder would not have saved what was due.
    Refused,
    /// The venue closed something of a sub-account.
    Liquidation,
}

impl FleetMark {
    const ALL: [Self; 3] = [Self::Liquidation, Self::Cure, Self::Refused];

    fn look(self) -> (Shape, RGBColor, &'static str) {
        match self {
            Self::Cure => (Shape::TriangleUp, PURPLE, "dry powder released"),
            Self::Refused => (Shape::Cross, INK, "not enough of it"),
            Self::Liquidation => (Shape::Diamond, VERMILION, "liquidation"),
        }
    }
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &FleetUtilisationChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let samples =
        data.lines.iter().flat_map(|line| line.utilisation.iter().chain(&line.dry_powder));
    let Some(span) = time_range(samples.map(|sample| sample.time_ms)) else {
        return page.save_empty(out);
    };
    let x = (span.0 as f64, span.1 as f64);
    let used = || data.lines.iter().flat_map(|line| &line.utilisation).map(|sample| sample.value);
    let (top, beyond) = top_of(used().collect());
    let upper_ticks = percent_ticks(top, beyond, 6);
    let powder = data.lines.iter().flat_map(|line| &line.dry_powder).map(|sample| sample.value);
    let most = range(powder).map_or(1.0, |(_, most)| if most > 0.0 { 1.08 * most } else { 1.0 });
    let lower_ticks = number_ticks(0.0, most, 4);
    let x_ticks = time_ticks(span.0, span.1, 8);
    let body = page.body;
    let left = body.left + gutter(upper_ticks.iter().chain(&lower_ticks));
    let right = body.right - NAMES_WIDTH;
    let bottom = body.bottom - sill(&x_ticks, "time (UTC)");
    let between = body.top + UPPER * (bottom - body.top);
    let area = Rect { left, top: body.top + TITLE_HEIGHT, right, bottom: between };
    let upper = Plot { area, x, y: (0.0, top) };
    let area = Rect { left, top: between + TITLE_HEIGHT, right, bottom };
    let lower = Plot { area, x, y: (0.0, most) };
    let axes = Axes { x_ticks: &x_ticks, x_title: "time (UTC)", ..Axes::default() };
    let y_title = "fleet utilisation (Σ reserved ÷ Σ capital)";
    let above = Axes { y_ticks: &upper_ticks, y_title, bare_x: true, ..axes.clone() };
    draw_bands(&mut page.canvas, &upper, &bands(&data.zones, top), &above);
    draw_axes(
        &mut page.canvas,
        &lower,
        &Axes { y_ticks: &lower_ticks, y_title: "dry powder, USDC", ..axes },
    );
    let mut markers = Vec::new();
    for (index, line) in data.lines.iter().enumerate() {
        let (color, dash) = (series(index), Dash::of_variant(index));
        draw_line(&mut page.canvas, &upper, &line.utilisation, color, dash);
        if index == 0 {
            fill(&mut page.canvas, &lower, &line.dry_powder);
        }
        draw_line(&mut page.canvas, &lower, &line.dry_powder, color, dash);
        markers.extend(line.events.iter().map(|event| mark(event, line, index, (&upper, &lower))));
    }
    let of = |area: &Rect| {
        let inside = |marker: &&Marker| marker.at.1 >= area.top && marker.at.1 <= area.bottom;
        markers.iter().filter(inside).copied().collect::<Vec<_>>()
    };
    draw_markers(&mut page.canvas, &upper.area, &of(&upper.area));
    draw_markers(&mut page.canvas, &lower.area, &of(&lower.area));
    page.canvas.save(out)
}

/// Liquidations stand on the utilisation, what dry powder did on its own line.
fn mark(event: &FleetEvent, line: &FleetLine, variant: usize, plots: (&Plot, &Plot)) -> Marker {
    let (shape, color, _) = event.kind.look();
    let (plot, samples) = match event.kind {
        FleetMark::Liquidation => (plots.0, &line.utilisation),
        FleetMark::Cure | FleetMark::Refused => (plots.1, &line.dry_powder),
    };
    let before = samples.iter().take_while(|sample| sample.time_ms <= event.time_ms).last();
    let value = before.map_or(0.0, |sample| if sample.value.is_nan() { 0.0 } else { sample.value });
    let at = plot.at(event.time_ms as f64, value);
    Marker { shape, color, fill: Fill::of_variant(variant), at }
}

/// The area under the first line; each sample holds until the next.
fn fill(canvas: &mut Canvas, plot: &Plot, samples: &[Sample]) {
    for pair in samples.windows(2) {
        let value = pair[0].value;
        if value.is_finite() && value > 0.0 {
            let (from, to) = (pair[0].time_ms as f64, pair[1].time_ms as f64);
            canvas.rect(plot.at(from, value), plot.at(to, 0.0), fade(BLUE, 0.16));
        }
    }
}

fn legend(data: &FleetUtilisationChart) -> Vec<Entry> {
    let mut entries: Vec<Entry> = data
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| Entry {
            key: Key::Line(series(index), Dash::of_variant(index)),
            label: line.variant.clone(),
        })
        .collect();
    let happened = |kind| data.lines.iter().flat_map(|line| &line.events).any(|e| e.kind == kind);
    for kind in FleetMark::ALL.into_iter().filter(|kind| happened(*kind)) {
        let (shape, color, label) = kind.look();
        entries.push(Entry { key: Key::Marker(shape, color, Fill::Full), label: label.to_owned() });
    }
    entries
}
