//! A history with its defects: the price, gaps shaded over it, and below it one lane per kind of
//! defect with a mark wherever it shows.

use super::calendar::time_ticks;
use super::canvas::{Align, Dash, Point, Type};
use super::font::Face;
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{AXIS, BLUE, GREEN, GRID, INK, MUTED, ORANGE, SKY, VERMILION, fade};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, padded, range, sill, time_range};
use super::ticks::{Tick, number, number_ticks};
use super::{Caption, ChartError};
use plotters::style::RGBColor;
use std::path::Path;

/// Most panels that stay readable.
pub const PANELS_MAX: usize = 6;
/// Panels from which on they stand in two columns.
const TWO_COLUMNS: usize = 4;
const BETWEEN_COLUMNS: f64 = 28.0;
const LANE_MIN: f64 = 20.0;
const LANE_MAX: f64 = 30.0;
/// Greatest part of a panel that lanes take.
const LANES_SHARE: f64 = 0.5;
/// Least width of a mark or a gap, in page pixels.
const MARK_MIN: f64 = 3.0;
/// Ratio of the greatest to the least price from which on the axis is logarithmic.
const LOG_FROM: f64 = 10.0;

/// Up to [`PANELS_MAX`] histories on one time axis; of more the rest is left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InspectionChart<'a> {
    pub caption: Caption,
    pub panels: Vec<InspectionPanel<'a>>,
}

/// One history. The four slices have the same length and ascend in time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InspectionPanel<'a> {
    /// Title of the y axis with its unit, such as `BTC last, USDT, bars of 1h`.
    pub label: String,
    /// Milliseconds since the Unix epoch, UTC.
    pub time: &'a [i64],
    /// Lowest and highest of each bar; the values themselves where there are no bars.
    pub low: &'a [f64],
    pub high: &'a [f64],
    pub close: &'a [f64],
    /// Where bars are missing, `[start, end)`.
    pub gaps: &'a [(i64, i64)],
    /// From top to bottom; what finds no room is counted in the last.
    pub lanes: Vec<Lane<'a>>,
}

/// One kind of defect.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane<'a> {
    /// Such as `gap: 27`.
    pub label: String,
    pub look: LaneLook,
    /// Spans at which it shows, UTC ms.
    pub marks: &'a [(i64, i64)],
}

/// How a kind of defect is marked; each has its own colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaneLook {
    Blocks,
    Accepted,
    Repaired,
    Note,
}

impl LaneLook {
    /// All, in the order of the legend.
    pub const ALL: [Self; 4] = [Self::Blocks, Self::Accepted, Self::Repaired, Self::Note];

    fn color(self) -> RGBColor {
        match self {
            Self::Blocks => VERMILION,
            Self::Accepted => ORANGE,
            Self::Repaired => GREEN,
            Self::Note => SKY,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Blocks => "blocks an import",
            Self::Accepted => "accepted",
            Self::Repaired => "repaired",
            Self::Note => "note",
        }
    }
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &InspectionChart<'_>, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let shown = &data.panels[..data.panels.len().min(PANELS_MAX)];
    let ends =
        shown.iter().flat_map(|panel| panel.time.first().into_iter().chain(panel.time.last()));
    let Some(span) = time_range(ends.copied()) else { return page.save_empty(out) };

    let n_columns = if shown.len() >= TWO_COLUMNS { 2 } else { 1 };
    let n_rows = shown.len().div_ceil(n_columns);
    let x_ticks = time_ticks(span.0, span.1, if n_columns == 1 { 9 } else { 5 });
    let height = (page.body.height() - sill(&x_ticks, "time (UTC)")) / n_rows as f64;
    let room = (page.body.width() - BETWEEN_COLUMNS * (n_columns - 1) as f64) / n_columns as f64;
    let scales: Vec<Scale> = shown.iter().map(|panel| Scale::of(panel, height)).collect();
    let lane_em = (0.85 * LANE_MIN).min(TEXT);
    let widest = shown.iter().flat_map(|panel| &panel.lanes);
    let widest = widest.map(|lane| Face::Regular.width(&lane.label, lane_em) + 20.0);
    let side = widest.fold(gutter(scales.iter().flat_map(|scale| &scale.ticks)), f64::max);
    let side = side.min(0.36 * room);
    for (at, (panel, scale)) in shown.iter().zip(&scales).enumerate() {
        let (row, column) = (at / n_columns, at % n_columns);
        let left = page.body.left + column as f64 * (room + BETWEEN_COLUMNS) + side;
        let top = page.body.top + row as f64 * height + TITLE_HEIGHT;
        let cell =
            Rect { left, top, right: left + room - side, bottom: top + height - TITLE_HEIGHT };
        let last_in_column = at + n_columns >= shown.len();
        let x = (span.0 as f64, span.1 as f64);
        draw_panel(&mut page, panel, scale, &Frame { cell, x, x_ticks: &x_ticks, last_in_column });
    }
    page.canvas.save(out)
}

/// Where a panel stands.
struct Frame<'a> {
    cell: Rect,
    x: (f64, f64),
    x_ticks: &'a [Tick],
    last_in_column: bool,
}

/// The y axis of a panel: prices, or their logarithms to base 10.
struct Scale {
    log: bool,
    y: (f64, f64),
    ticks: Vec<Tick>,
}

impl Scale {
    fn of(panel: &InspectionPanel<'_>, height: f64) -> Self {
        let values = || panel.low.iter().chain(panel.high).copied();
        let Some((least, greatest)) = range(values()) else {
            return Self { log: false, y: (0.0, 1.0), ticks: Vec::new() };
        };
        // Impossible prices, zero or below, need the plain axis.
        let log = least > 0.0 && greatest / least >= LOG_FROM;
        let count = ((0.55 * height / 50.0) as usize).clamp(2, 6);
        if log {
            let y = padded((libm::log10(least), libm::log10(greatest)), 0.06);
            return Self { log, y, ticks: log_ticks(y.0, y.1, count) };
        }
        let y = padded((least, greatest), 0.06);
        Self { log, y, ticks: number_ticks(y.0, y.1, count) }
    }

    fn value(&self, price: f64) -> f64 {
        if self.log { libm::log10(price) } else { price }
    }
}

/// Ticks at 1, 2 and 5 times powers of ten, or at the powers alone where there are more than
/// `count`, between two logarithms.
fn log_ticks(lo: f64, hi: f64, count: usize) -> Vec<Tick> {
    let powers = libm::floor(lo) as i32..=libm::ceil(hi) as i32;
    let ticks = |factors: &[f64]| -> Vec<Tick> {
        let powers = powers.clone().flat_map(|power| {
            factors.iter().map(move |factor| factor * libm::pow(10.0, f64::from(power)))
        });
        powers
            .map(|price| (libm::log10(price), price))
            .filter(|(at, _)| (lo..=hi).contains(at))
            .map(|(at, price)| Tick { at, label: number(price, price), context: String::new() })
            .collect()
    };
    let fine = ticks(&[1.0, 2.0, 5.0]);
    if fine.len() <= count + 2 { fine } else { ticks(&[1.0]) }
}

fn draw_panel(page: &mut Page, panel: &InspectionPanel<'_>, scale: &Scale, frame: &Frame<'_>) {
    let cell = frame.cell;
    let lanes = panel.lanes.len() as f64;
    let most = LANES_SHARE * cell.height();
    let lane = if lanes > 0.0 { (most / lanes).clamp(LANE_MIN, LANE_MAX) } else { 0.0 };
    let n_lanes = panel.lanes.len().min((most / LANE_MIN) as usize);
    let lanes_top = cell.bottom - n_lanes as f64 * lane;
    let area = Rect { bottom: lanes_top - if n_lanes > 0 { 10.0 } else { 0.0 }, ..cell };
    let plot = Plot { area, x: frame.x, y: scale.y };
    let title = if scale.log { format!("{}, log scale", panel.label) } else { panel.label.clone() };
    let axes = Axes { y_ticks: &scale.ticks, y_title: &title, bare_x: true, ..Axes::default() };
    for &(from, to) in panel.gaps {
        let (left, right) = across(&plot, from, to);
        page.canvas.rect((left, area.top), (right, area.bottom), fade(ORANGE, 0.45));
    }
    draw_axes(&mut page.canvas, &plot, &axes);
    draw_prices(page, &plot, scale, panel);
    // The time axis runs along the whole cell, lanes included.
    let whole = Plot { area: cell, ..plot };
    let bare_x = !frame.last_in_column;
    let x_title = if bare_x { "" } else { "time (UTC)" };
    draw_axes(
        &mut page.canvas,
        &whole,
        &Axes { x_ticks: frame.x_ticks, x_title, bare_x, ..Axes::default() },
    );
    for (at, kind) in panel.lanes.iter().take(n_lanes).enumerate() {
        let hidden = panel.lanes.len() - n_lanes;
        let more = if at + 1 == n_lanes { hidden } else { 0 };
        draw_lane(page, &whole, kind, lanes_top + at as f64 * lane, lane, more);
    }
}

/// The pixel columns of a span, at least [`MARK_MIN`] wide.
fn across(plot: &Plot, from: i64, to: i64) -> (f64, f64) {
    let (left, right) = (plot.at(from as f64, plot.y.0).0, plot.at(to as f64, plot.y.0).0);
    let spare = (MARK_MIN - (right - left)).max(0.0) / 2.0;
    (left - spare, right + spare)
}

/// What one pixel column shows of its bars.
struct PixelColumn {
    left: f64,
    high: f64,
    low: f64,
    close: Point,
}

/// From lowest to highest over each pixel column, and the last close of each on top.
fn draw_prices(page: &mut Page, plot: &Plot, scale: &Scale, panel: &InspectionPanel<'_>) {
    let rows = panel.time.iter().zip(panel.low.iter().zip(panel.high).zip(panel.close));
    let mut columns: Vec<PixelColumn> = Vec::new();
    for (&time, ((&low, &high), &close)) in rows {
        if !(low.is_finite() && high.is_finite() && close.is_finite()) {
            continue;
        }
        let (x, close) = plot.at(time as f64, scale.value(close));
        let (top, bottom) = (scale.value(low.max(high)), scale.value(low.min(high)));
        let (top, bottom) = (plot.at(time as f64, top).1, plot.at(time as f64, bottom).1);
        match columns.last_mut() {
            Some(column) if column.left == x.floor() => {
                column.high = column.high.min(top);
                column.low = column.low.max(bottom);
                column.close = (x, close);
            }
            _ => {
                let left = x.floor();
                columns.push(PixelColumn { left, high: top, low: bottom, close: (x, close) });
            }
        }
    }
    for column in &columns {
        let (from, to) = ((column.left, column.high), (column.left + 1.0, column.low));
        page.canvas.rect((from.0 - 0.3, from.1), (to.0 + 0.3, to.1), fade(SKY, 0.75));
    }
    for line in unbroken(&columns, plot, panel.gaps) {
        match line.as_slice() {
            [only] => page.canvas.disc(*only, 3.0, BLUE),
            _ => page.canvas.line(&line, 1.8, BLUE, Dash::Solid),
        }
    }
}

/// Closes, broken where a gap lies between two columns.
fn unbroken(columns: &[PixelColumn], plot: &Plot, gaps: &[(i64, i64)]) -> Vec<Vec<Point>> {
    let middles = gaps.iter().map(|&(from, to)| {
        let (left, right) = across(plot, from, to);
        (left + right) / 2.0
    });
    let mut middles = middles.peekable();
    let mut lines: Vec<Vec<Point>> = Vec::new();
    let mut before = f64::NEG_INFINITY;
    for column in columns {
        let mut broken = lines.is_empty();
        while middles.next_if(|&middle| middle <= column.close.0).is_some() {
            // A gap inside one column is too short to be seen.
            broken |= column.left - before > 1.0;
        }
        if broken {
            lines.push(Vec::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(column.close);
        }
        before = column.left;
    }
    lines
}

fn draw_lane(page: &mut Page, plot: &Plot, lane: &Lane<'_>, top: f64, height: f64, more: usize) {
    let area = plot.area;
    let middle = top + height / 2.0;
    page.canvas.rect((area.left, middle - 0.7), (area.right, middle + 0.7), fade(GRID, 1.0));
    let half = 0.36 * height;
    for &(from, to) in lane.marks {
        let (left, right) = across(plot, from, to);
        let (left, right) = (left.max(area.left), right.min(area.right + MARK_MIN));
        page.canvas.rect(
            (left, middle - half),
            (right, middle + half),
            fade(lane.look.color(), 1.0),
        );
    }
    let label = match more {
        0 => lane.label.clone(),
        _ => format!("{} (+{more} kinds)", lane.label),
    };
    let (label, em) = Face::Regular.fit(&label, 0.85 * LANE_MIN, area.left - 12.0);
    let set = Type { face: Face::Regular, em, color: INK, align: Align::Right };
    page.canvas.text(&label, (area.left - 12.0, middle + 0.36 * em), set);
    page.canvas.rect((area.left - 6.0, middle - 0.7), (area.left, middle + 0.7), fade(AXIS, 1.0));
}

fn legend(data: &InspectionChart<'_>) -> Vec<Entry> {
    let shown = &data.panels[..data.panels.len().min(PANELS_MAX)];
    let entry = |key, label: &str| Entry { key, label: label.to_string() };
    let bars = shown.iter().any(|panel| panel.low != panel.high);
    let mut entries = Vec::new();
    if bars {
        entries.push(entry(Key::Swatch(fade(SKY, 0.75)), "low to high"));
    }
    let line = if bars { "close" } else { "value" };
    entries.push(entry(Key::Line(BLUE, Dash::Solid), line));
    if shown.iter().any(|panel| !panel.gaps.is_empty()) {
        entries.push(entry(Key::Swatch(fade(ORANGE, 0.45)), "bars missing"));
    }
    let mut lanes = shown.iter().flat_map(|panel| &panel.lanes);
    for look in LaneLook::ALL {
        if lanes.clone().any(|lane| lane.look == look) {
            entries.push(entry(Key::Swatch(fade(look.color(), 1.0)), look.label()));
        }
    }
    if lanes.next().is_none() {
        entries.push(entry(Key::Line(MUTED, Dash::Solid), "no defects found"));
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithmic_axes_have_round_ticks() {
        let labels = |lo: f64, hi: f64, count| -> Vec<String> {
            let (lo, hi) = (libm::log10(lo), libm::log10(hi));
            log_ticks(lo, hi, count).into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(labels(90.0, 2_100.0, 5), ["100", "200", "500", "1,000", "2,000"]);
        assert_eq!(labels(3.0, 70_000.0, 3), ["10", "100", "1,000", "10,000"]);
    }

    #[test]
    fn a_gap_breaks_the_close() {
        let area = Rect { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0 };
        let plot = Plot { area, x: (0.0, 1000.0), y: (0.0, 100.0) };
        let column = |x: f64| PixelColumn { left: x, high: 0.0, low: 1.0, close: (x + 0.5, 0.5) };
        let columns: Vec<PixelColumn> =
            [1.0, 2.0, 3.0, 60.0, 61.0].into_iter().map(column).collect();
        let lengths = |gaps: &[(i64, i64)]| -> Vec<usize> {
            unbroken(&columns, &plot, gaps).iter().map(Vec::len).collect()
        };
        assert_eq!(lengths(&[]), [5]);
        assert_eq!(lengths(&[(40, 600)]), [3, 2]);
        // Shorter than a pixel, and before the first column.
        assert_eq!(lengths(&[(24, 25)]), [5]);
        assert_eq!(lengths(&[(0, 5), (40, 600)]), [3, 2]);
    }
}
