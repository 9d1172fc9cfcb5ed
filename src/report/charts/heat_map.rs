//! Health of many accounts over time: a row each, coloured by zone.

use super::calendar::time_ticks;
use super::canvas::{Align, Canvas, Type};
use super::font::Face;
use super::health::HealthZones;
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{BLACK, GREEN, GRID, INK, MUTED, ORANGE, VERMILION, YELLOW, fade, tint};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, sill, time_range};
use super::ticks::short;
use super::{Caption, ChartError, Sample};
use plotters::style::{RGBAColor, RGBColor};
use std::path::Path;

/// Rows lower than this have no label of their own, but their group has.
const LABEL_MIN: f64 = 15.0;
const ROW_MAX: f64 = 110.0;
const LABEL_WIDTH: f64 = 300.0;
/// Columns of a row at most, in page pixels each.
const COLUMN_MIN: f64 = 2.0;

/// Health factors of accounts, from top to bottom in the given order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HeatMapChart {
    pub caption: Caption,
    pub zones: HealthZones,
    pub rows: Vec<HeatRow>,
}

/// One account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HeatRow {
    pub label: String,
    /// Liquidation priority: rows of one priority stand together and are labelled so where they
    /// are too thin for labels of their own.
    pub priority: u32,
    /// Its least health factor, ascending in time; each holds until the next. NaN where nothing
    /// is open, infinite where nothing is required.
    pub samples: Vec<Sample>,
    /// Instants of force-closes, ms since the Unix epoch.
    pub closed: Vec<i64>,
}

/// Zones from the best down: what they are called, and their colour.
const ZONES: [(&str, RGBColor, f64); 4] = [
    ("safe", GREEN, 0.60),
    ("warning", YELLOW, 0.90),
    ("danger", ORANGE, 1.0),
    ("due", VERMILION, 1.0),
];

/// Nothing open.
const NOTHING: f64 = 0.22;

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &HeatMapChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let times = data.rows.iter().flat_map(|row| &row.samples).map(|sample| sample.time_ms);
    let Some(span) = time_range(times) else { return page.save_empty(out) };
    let x_ticks = time_ticks(span.0, span.1, 8);
    let axes = Axes { x_ticks: &x_ticks, x_title: "time (UTC)", ..Axes::default() };
    let top = page.body.top + TITLE_HEIGHT / 2.0;
    let room = page.body.bottom - sill(&x_ticks, axes.x_title) - top;
    let height = (room / data.rows.len() as f64).min(ROW_MAX);
    let area = Rect {
        left: page.body.left + LABEL_WIDTH,
        top,
        right: page.body.right,
        bottom: top + height * data.rows.len() as f64,
    };
    let plot = Plot { area, x: (span.0 as f64, span.1 as f64), y: (0.0, 1.0) };
    draw_axes(&mut page.canvas, &plot, &axes);
    let gap = if height >= LABEL_MIN { 1.5 } else { 0.0 };
    for (index, row) in data.rows.iter().enumerate() {
        let from = top + index as f64 * height;
        let to = (from + height - gap).max(from + 0.4);
        draw_row(&mut page.canvas, &plot, &data.zones, row, (from, to));
    }
    for (index, row) in data.rows.iter().enumerate() {
        let from = top + index as f64 * height;
        mark_closes(&mut page.canvas, &plot, row, (from, from + height));
    }
    name_rows(&mut page.canvas, &plot, data, height);
    page.canvas.save(out)
}

/// One row: the worst health of each column of pixels, equal neighbours in one piece.
fn draw_row(
    canvas: &mut Canvas,
    plot: &Plot,
    zones: &HealthZones,
    row: &HeatRow,
    (top, bottom): (f64, f64),
) {
    let columns = ((plot.area.width() / COLUMN_MIN) as usize).max(1);
    let mut worst: Vec<Option<usize>> = vec![None; columns];
    let place = |time_ms: i64| {
        let across = (time_ms as f64 - plot.x.0) / (plot.x.1 - plot.x.0);
        ((across * columns as f64) as usize).min(columns - 1)
    };
    for (i, sample) in row.samples.iter().enumerate() {
        let until = row.samples.get(i + 1).map_or(sample.time_ms, |next| next.time_ms);
        let Some(zone) = zone_of(zones, sample.value) else { continue };
        let from = place(sample.time_ms);
        // The next sample's column is its own.
        let to = place(until).max(from + 1);
        for cell in &mut worst[from..to] {
            *cell = Some(cell.map_or(zone, |seen| seen.max(zone)));
        }
    }
    let mut from = 0;
    for piece in worst.chunk_by(|a, b| a == b) {
        let at =
            |column: usize| plot.area.left + column as f64 * plot.area.width() / columns as f64;
        let (left, right) = (at(from), at(from + piece.len()));
        canvas.rect((left, top), (right, bottom), color(piece[0]));
        from += piece.len();
    }
}

/// Place among [`ZONES`]; `None` where nothing is open.
fn zone_of(zones: &HealthZones, health: f64) -> Option<usize> {
    if health.is_nan() {
        return None;
    }
    let bounds = [zones.safe, zones.warning, zones.danger];
    // As the zones have it: safe > 2.0 ≥ warning > 1.4 ≥ danger > 1.05 ≥ due.
    Some(bounds.iter().position(|bound| health > *bound).unwrap_or(3))
}

fn color(zone: Option<usize>) -> RGBAColor {
    zone.map_or(tint(MUTED, NOTHING), |zone| tint(ZONES[zone].1, ZONES[zone].2))
}

fn mark_closes(canvas: &mut Canvas, plot: &Plot, row: &HeatRow, (top, bottom): (f64, f64)) {
    let reach = (4.0 - (bottom - top) / 2.0).max(0.0);
    for time_ms in &row.closed {
        let x = plot.at(*time_ms as f64, 0.0).0;
        canvas.rect((x - 2.0, top - reach), (x + 2.0, bottom + reach), fade(BLACK, 1.0));
    }
}

/// Labels of rows, or of groups of one priority where rows are too thin.
fn name_rows(canvas: &mut Canvas, plot: &Plot, data: &HeatMapChart, height: f64) {
    let right = plot.area.left - 12.0;
    if height >= LABEL_MIN {
        let em = (0.62 * height).min(TEXT);
        for (index, row) in data.rows.iter().enumerate() {
            let (label, em) = Face::Regular.fit(&row.label, em, LABEL_WIDTH - 16.0);
            let baseline = plot.area.top + (index as f64 + 0.5) * height + 0.36 * em;
            let set = Type { face: Face::Regular, em, color: INK, align: Align::Right };
            canvas.text(&label, (right, baseline), set);
        }
        return;
    }
    let (mut first, mut free) = (0, f64::NEG_INFINITY);
    for group in data.rows.chunk_by(|a, b| a.priority == b.priority) {
        let (top, bottom) = (first as f64 * height, (first + group.len()) as f64 * height);
        let (top, bottom) = (plot.area.top + top, plot.area.top + bottom);
        canvas.rect((right - 2.0, top + 1.0), (right + 2.0, bottom - 1.0), fade(GRID, 1.0));
        canvas.rect((right - 2.0, top), (plot.area.left, top + 1.4), fade(MUTED, 1.0));
        let accounts = if group.len() == 1 { "account" } else { "accounts" };
        let text = format!("priority {}: {} {accounts}", group[0].priority, group.len());
        let (text, em) = Face::Regular.fit(&text, TEXT, LABEL_WIDTH - 30.0);
        let baseline = ((top + bottom) / 2.0 + 0.36 * em).max(top + 0.8 * em);
        if baseline - em >= free {
            let set = Type { face: Face::Regular, em, color: INK, align: Align::Right };
            canvas.text(&text, (right - 10.0, baseline), set);
            free = baseline;
        }
        first += group.len();
    }
}

fn legend(data: &HeatMapChart) -> Vec<Entry> {
    let HealthZones { safe, warning, danger } = data.zones;
    let bounds = [
        format!("> {}", short(safe)),
        format!("{} to {}", short(warning), short(safe)),
        format!("{} to {}", short(danger), short(warning)),
        format!("≤ {}", short(danger)),
    ];
    let mut entries: Vec<Entry> = ZONES
        .iter()
        .zip(bounds)
        .map(|(&(name, color, ink), bounds)| Entry {
            key: Key::Swatch(tint(color, ink)),
            label: format!("{name} {bounds}"),
        })
        .collect();
    let nothing = Key::Swatch(tint(MUTED, NOTHING));
    entries.push(Entry { key: nothing, label: "nothing open".to_owned() });
    if data.rows.iter().any(|row| !row.closed.is_empty()) {
        entries.push(Entry { key: Key::Tick(BLACK), label: "force-closed".to_owned() });
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_the_worse_zone() {
        let zones = HealthZones::default();
        let rows = [
            (f64::INFINITY, Some(0)),
            (2.001, Some(0)),
            (2.0, Some(1)),
            (1.401, Some(1)),
            (1.4, Some(2)),
            (1.05, Some(3)),
            (-3.0, Some(3)),
            (f64::NAN, None),
        ];
        for (health, zone) in rows {
            assert_eq!(zone_of(&zones, health), zone, "{health}");
        }
    }
}
