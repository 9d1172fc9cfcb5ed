//! A history with its defects: the price, gaps shaded over it, and below it one lane per kind of
//! defect with a mark wherever it shows.

use super::calendar::time_ticks;
use super::canvas::{Align, Dash, Point, Type};
use super::font::Face;
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{AXIS, BLUE, GREEN, GRID, INK, MUTED, ORANGE, PURPLE, SKY, VERMILION, fade};
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
/// Opacity of a gap and of the reach of bars.
const GAP: f64 = 0.35;
const REACH: f64 = 0.75;
/// Greatest width of a bar, in page pixels.
const BAR_MAX: f64 = 9.0;
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
            Self::Note => PURPLE,
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
    let cell_height = height - TITLE_HEIGHT;
    let lanes: Vec<Lanes> = shown.iter().map(|panel| Lanes::of(panel, cell_height)).collect();
    let widths = shown.iter().zip(&lanes).flat_map(|(panel, lanes)| {
        let width = |lane: &Lane<'_>| Face::Regular.width(&lane.label, lanes.em()) + 20.0;
        panel.lanes[..lanes.count].iter().map(width)
    });
    let side = widths.fold(gutter(scales.iter().flat_map(|scale| &scale.ticks)), f64::max);
    let side = side.min(0.36 * room);
    for (at, (panel, scale)) in shown.iter().zip(&scales).enumerate() {
        let (row, column) = (at / n_columns, at % n_columns);
        let left = page.body.left + column as f64 * (room + BETWEEN_COLUMNS) + side;
        let top = page.body.top + row as f64 * height + TITLE_HEIGHT;
        let cell = Rect { left, top, right: left + room - side, bottom: top + cell_height };
        let last_in_column = at + n_columns >= shown.len();
        let x = (span.0 as f64, span.1 as f64);
        let frame = Frame { cell, side, x, x_ticks: &x_ticks, last_in_column, lanes: lanes[at] };
        draw_panel(&mut page, panel, scale, &frame);
    }
    page.canvas.save(out)
}

/// Where a panel stands.
struct Frame<'a> {
    cell: Rect,
    /// Room for labels left of it.
    side: f64,
    lanes: Lanes,
    x: (f64, f64),
    x_ticks: &'a [Tick],
    last_in_column: bool,
}

/// How many lanes find room, and how high each is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Lanes {
    count: usize,
    height: f64,
}

impl Lanes {
    fn of(panel: &InspectionPanel<'_>, cell_height: f64) -> Self {
        let room = LANES_SHARE * cell_height;
        let count = panel.lanes.len().min((room / LANE_MIN) as usize);
        let height = (room / count.max(1) as f64).clamp(LANE_MIN, LANE_MAX);
        Self { count, height }
    }

    /// Em of the labels.
    fn em(self) -> f64 {
        (0.8 * self.height).min(TEXT)
    }
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
    let (cell, lanes) = (frame.cell, frame.lanes);
    let lanes_top = cell.bottom - lanes.count as f64 * lanes.height;
    let area = Rect { bottom: lanes_top - if lanes.count > 0 { 10.0 } else { 0.0 }, ..cell };
    let plot = Plot { area, x: frame.x, y: scale.y };
    for &(from, to) in panel.gaps {
        let (left, right) = across(&plot, from, to);
        page.canvas.rect((left, area.top), (right, area.bottom), fade(AXIS, GAP));
    }
    // The time axis runs along the whole cell, lanes included.
    let whole = Plot { area: cell, ..plot };
    let bare_x = !frame.last_in_column;
    let x_title = if bare_x { "" } else { "time (UTC)" };
    draw_axes(
        &mut page.canvas,
        &whole,
        &Axes { x_ticks: frame.x_ticks, x_title, bare_x, ..Axes::default() },
    );
    let title = if scale.log { format!("{}, log scale", panel.label) } else { panel.label.clone() };
    let axes = Axes { y_ticks: &scale.ticks, y_title: &title, bare_x: true, ..Axes::default() };
    draw_axes(&mut page.canvas, &plot, &axes);
    draw_prices(page, &plot, scale, panel);
    for (at, lane) in panel.lanes.iter().take(lanes.count).enumerate() {
        let middle = lanes_top + (at as f64 + 0.5) * lanes.height;
        let is_last = at + 1 == lanes.count;
        let rest = if is_last { &panel.lanes[lanes.count..] } else { &[] };
        draw_lane(page, &whole, (lane, rest), middle, frame);
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
    // Where bars are farther apart than pixels they are as wide as half their distance.
    let spacing = plot.area.width() / columns.len().max(1) as f64;
    let half = if spacing < 3.0 { 0.8 } else { (0.25 * spacing).clamp(0.8, BAR_MAX / 2.0) };
    for column in &columns {
        let middle = if spacing < 3.0 { column.left + 0.5 } else { column.close.0 };
        let (from, to) = ((middle - half, column.high), (middle + half, column.low));
        page.canvas.rect(from, to, fade(SKY, REACH));
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

/// A lane around `middle`; the last one also holds the `rest`, for which there is no room.
fn draw_lane(
    page: &mut Page,
    plot: &Plot,
    (lane, rest): (&Lane<'_>, &[Lane<'_>]),
    middle: f64,
    frame: &Frame<'_>,
) {
    let area = plot.area;
    page.canvas.rect((area.left, middle - 0.7), (area.right, middle + 0.7), fade(GRID, 1.0));
    let half = 0.36 * frame.lanes.height;
    for lane in rest.iter().rev().chain([lane]) {
        for &(from, to) in lane.marks {
            let (left, right) = across(plot, from, to);
            let (left, right) = (left.max(area.left - MARK_MIN), right.min(area.right + MARK_MIN));
            let color = fade(lane.look.color(), 1.0);
            page.canvas.rect((left, middle - half), (right, middle + half), color);
        }
    }
    let label = match rest.len() {
        0 => lane.label.clone(),
        more => format!("{} other kinds", more + 1),
    };
    let (label, em) = Face::Regular.fit(&label, frame.lanes.em(), frame.side - 16.0);
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
        entries.push(entry(Key::Swatch(fade(SKY, REACH)), "low to high"));
    }
    let line = if bars { "close" } else { "value" };
    entries.push(entry(Key::Line(BLUE, Dash::Solid), line));
    if shown.iter().any(|panel| !panel.gaps.is_empty()) {
        entries.push(entry(Key::Swatch(fade(AXIS, GAP)), "bars missing"));
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
