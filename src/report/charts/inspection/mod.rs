//! A history with its defects: the price, gaps shaded over it, and below it one lane per kind of
//! defect with a mark wherever it shows.

mod prices;
mod scale;

use std::path::Path;

use plotters::style::RGBColor;

use super::calendar::time_ticks;
use super::canvas::{Align, Dash, Type};
use super::font::Face;
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{AXIS, BLUE, GREEN, GRID, INK, MUTED, ORANGE, PURPLE, SKY, VERMILION, fade};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, sill, time_range};
use super::ticks::Tick;
use super::{Caption, ChartError};
use prices::{REACH, draw_prices};
use scale::Scale;

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
/// Opacity of a gap.
const GAP: f64 = 0.35;

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
    let cell_height = height - TITLE_HEIGHT;
    let lanes: Vec<Lanes> = shown.iter().map(|panel| Lanes::of(panel, cell_height)).collect();
    // One height in all panels, so that their labels are of one size.
    let lane_height = lanes.iter().map(|lanes| lanes.height).fold(LANE_MAX, f64::min);
    let lanes: Vec<Lanes> =
        lanes.into_iter().map(|lanes| Lanes { height: lane_height, ..lanes }).collect();
    let plot_height = |lanes: &Lanes| cell_height - lanes.count as f64 * lanes.height;
    let scaled = shown.iter().zip(&lanes);
    let scales: Vec<Scale> =
        scaled.map(|(panel, lanes)| Scale::of(panel, plot_height(lanes))).collect();
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
    let values = shown.iter().any(|panel| panel.low == panel.high);
    let mut entries = Vec::new();
    if bars {
        entries.push(entry(Key::Swatch(fade(SKY, REACH)), "low to high"));
    }
    let line = match (bars, values) {
        (true, true) => "close or value",
        (true, false) => "close",
        (false, _) => "value",
    };
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
