//! Utilisation of the wallet over time on its zones.

use super::bands::{Band, NAMES_WIDTH, draw_bands, draw_line};
use super::calendar::time_ticks;
use super::canvas::Dash;
use super::markers::{Fill, Marker, Shape, draw_markers};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{GREEN, INK, MUTED, ORANGE, PURPLE, VERMILION, YELLOW, series};
use super::panel::{Axes, Plot, TITLE_HEIGHT, gutter, range, sill, time_range};
use super::ticks::{Tick, number, number_ticks};
use super::{Caption, ChartError, Sample};
use plotters::style::RGBColor;
use std::path::Path;

/// The axis ends here at most; higher values run along it.
const TOP_MAX: f64 = 2.0;

/// Utilisation of accounts over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UtilisationChart {
    pub caption: Caption,
    pub zones: UtilisationZones,
    /// An agent has one colour and a variant one kind of line; of one agent alone the variants
    /// have colours too.
    pub lines: Vec<UtilisationLine>,
}

/// Lower bounds of the zones above green, ascending.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UtilisationZones {
    pub yellow: f64,
    pub orange: f64,
    pub red: f64,
}

impl Default for UtilisationZones {
    fn default() -> Self {
        Self { yellow: 0.60, orange: 0.75, red: 0.85 }
    }
}

/// One account in one variant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UtilisationLine {
    pub agent: String,
    /// Such as `guarded`.
    pub variant: String,
    /// Reserved over capital, ascending in time; infinite without capital.
    pub samples: Vec<Sample>,
    pub events: Vec<UtilisationEvent>,
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UtilisationEvent {
    /// Milliseconds since the Unix epoch, UTC.
    pub time_ms: i64,
    /// Utilisation after it.
    pub utilisation: f64,
    pub kind: UtilisationMark,
}

/// What happened; each kind has its own shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UtilisationMark {
    MarginCall,
    Recall,
    Liquidation,
}

impl UtilisationMark {
    const ALL: [Self; 3] = [Self::MarginCall, Self::Recall, Self::Liquidation];

    fn look(self) -> (Shape, RGBColor, &'static str) {
        match self {
            Self::MarginCall => (Shape::Star, INK, "margin call"),
            Self::Recall => (Shape::TriangleDown, PURPLE, "recall of a loan"),
            Self::Liquidation => (Shape::Diamond, VERMILION, "liquidation"),
        }
    }
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &UtilisationChart, out: &Path) -> Result<(), ChartError> {
    let names = Names::of(data);
    let mut page = Page::new(&data.caption, &legend(data, &names));
    let samples = data.lines.iter().flat_map(|l| &l.samples);
    let events = data.lines.iter().flat_map(|l| &l.events);
    let times = samples.map(|s| s.time_ms).chain(events.map(|e| e.time_ms));
    let Some(span) = time_range(times) else { return page.save_empty(out) };

    let (top, beyond) = top(data);
    let x_ticks = time_ticks(span.0, span.1, 8);
    let y_ticks = percent_ticks(top, beyond, 6);
    let axes = Axes {
        x_ticks: &x_ticks,
        x_title: "time (UTC)",
        y_ticks: &y_ticks,
        y_title: "utilisation (reserved ÷ capital)",
        ..Axes::default()
    };
    let area = Rect {
        left: page.body.left + gutter(&y_ticks),
        top: page.body.top + TITLE_HEIGHT,
        right: page.body.right - NAMES_WIDTH,
        bottom: page.body.bottom - sill(&x_ticks, axes.x_title),
    };
    let plot = Plot { area, x: (span.0 as f64, span.1 as f64), y: (0.0, top) };
    draw_bands(&mut page.canvas, &plot, &bands(&data.zones, top), &axes);
    let mut markers = Vec::new();
    for line in &data.lines {
        let (color, variant) = names.look(line);
        let dash = Dash::of_variant(variant);
        draw_line(&mut page.canvas, &plot, &line.samples, color, dash);
        markers.extend(line.events.iter().filter(|e| !e.utilisation.is_nan()).map(|event| {
            let (shape, color, _) = event.kind.look();
            let at = plot.at(event.time_ms as f64, event.utilisation);
            Marker { shape, color, fill: Fill::of_variant(variant), at }
        }));
    }
    draw_markers(&mut page.canvas, &plot.area, &markers);
    page.canvas.save(out)
}

/// Where the axis ends, and whether anything lies beyond it.
fn top(data: &UtilisationChart) -> (f64, bool) {
    let samples = data.lines.iter().flat_map(|l| &l.samples).map(|s| s.value);
    let events = data.lines.iter().flat_map(|l| &l.events).map(|e| e.utilisation);
    top_of(samples.chain(events).collect())
}

/// Where the axis of some utilisations ends, and whether any lies beyond it.
pub(super) fn top_of(values: Vec<f64>) -> (f64, bool) {
    let highest = range(values.iter().copied()).map_or(0.0, |(_, highest)| highest);
    let steps = [1.0, 1.2, 1.5, TOP_MAX];
    let top = steps.into_iter().find(|top| highest <= *top).unwrap_or(TOP_MAX);
    (top, values.iter().any(|value| *value > top))
}

/// Ticks of an axis of utilisation; the last says that values go on where they do.
pub(super) fn percent_ticks(top: f64, beyond: bool, count: usize) -> Vec<Tick> {
    let mut ticks = number_ticks(0.0, 100.0 * top, count);
    for tick in &mut ticks {
        tick.at /= 100.0;
        tick.label.push_str(" %");
    }
    if let Some(last) = ticks.last_mut().filter(|t| beyond && t.at >= 0.999 * top) {
        last.label.insert_str(0, "≥ ");
    }
    ticks
}

/// The zones from red down, cut to the axis.
pub(super) fn bands(zones: &UtilisationZones, top: f64) -> Vec<Band> {
    let UtilisationZones { yellow, orange, red } = *zones;
    let cut = |v: f64| v.clamp(0.0, top);
    let bound =
        |v: f64| number(100.0 * v, if (v * 100.0).fract().abs() < 1e-9 { 1.0 } else { 0.1 });
    let between = |low: f64, high: f64| format!("{}–{} %", bound(low), bound(high));
    let band = |name, bounds, low, high, color| Band {
        name,
        bounds,
        low: cut(low),
        high: cut(high),
        color,
    };
    vec![
        band("red", format!("≥ {} %", bound(red)), red, top, VERMILION),
        band("orange", between(orange, red), orange, red, ORANGE),
        band("yellow", between(yellow, orange), yellow, orange, YELLOW),
        band("green", format!("< {} %", bound(yellow)), 0.0, yellow, GREEN),
    ]
}

/// Distinct agents and variants in order of appearance.
struct Names {
    agents: Vec<String>,
    variants: Vec<String>,
}

impl Names {
    fn of(data: &UtilisationChart) -> Self {
        let mut names = Self { agents: Vec::new(), variants: Vec::new() };
        for line in &data.lines {
            for (list, name) in
                [(&mut names.agents, &line.agent), (&mut names.variants, &line.variant)]
            {
                if !list.contains(name) {
                    list.push(name.clone());
                }
            }
        }
        names
    }

    /// A line's colour, and the place of its variant.
    fn look(&self, line: &UtilisationLine) -> (RGBColor, usize) {
        let place = |list: &[String], name| list.iter().position(|n| n == name).unwrap_or(0);
        let (agent, variant) =
            (place(&self.agents, &line.agent), place(&self.variants, &line.variant));
        (series(if self.agents.len() > 1 { agent } else { variant }), variant)
    }
}

fn legend(data: &UtilisationChart, names: &Names) -> Vec<Entry> {
    let several = names.agents.len() > 1;
    let mut entries = Vec::new();
    if several {
        entries.extend(names.agents.iter().enumerate().map(|(i, agent)| Entry {
            key: Key::Line(series(i), Dash::Solid),
            label: agent.clone(),
        }));
    }
    for (i, variant) in names.variants.iter().enumerate() {
        let color = if several { MUTED } else { series(i) };
        entries.push(Entry { key: Key::Line(color, Dash::of_variant(i)), label: variant.clone() });
    }
    let events = || data.lines.iter().flat_map(|l| &l.events);
    for kind in UtilisationMark::ALL.into_iter().filter(|k| events().any(|e| e.kind == *k)) {
        let (shape, color, label) = kind.look();
        let key = Key::Marker(shape, color, Fill::Full);
        entries.push(Entry { key, label: label.to_owned() });
    }
    let marked = |i: usize| {
        let mut own = data.lines.iter().filter(|l| l.variant == names.variants[i]);
        own.any(|l| !l.events.is_empty())
    };
    for i in (0..names.variants.len()).filter(|&i| names.variants.len() > 1 && marked(i)) {
        let style = ["filled", "hollow", "dotted"][i.min(2)];
        let key = Key::Marker(Shape::Circle, MUTED, Fill::of_variant(i));
        entries.push(Entry { key, label: format!("{style}: {}", names.variants[i]) });
    }
    entries
}
