//! Share of time in each zone of utilisation.

use super::canvas::{Align, Canvas, Type};
use super::font::Face;
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{AXIS, GREEN, INK, ORANGE, VERMILION, YELLOW, fade, tint};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, sill};
use super::ticks::{number_ticks, percent};
use super::{Caption, ChartError};
use plotters::style::RGBColor;
use std::path::Path;

/// Least height of a row, in page pixels; what finds no room is counted in a last line.
const ROW_MIN: f64 = 30.0;
const ROW_MAX: f64 = 110.0;
/// Room for the share of red at the right edge.
const RED_WIDTH: f64 = 150.0;

/// Shares of time as horizontal bars, from top to bottom in the given order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ZonesChart {
    pub caption: Caption,
    /// Names of the four zones with their bounds, from green up, such as `green < 60 %`.
    pub zones: [String; 4],
    pub rows: Vec<ZonesRow>,
}

/// One account in one variant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ZonesRow {
    /// Such as `guarded` or `guarded, alice`.
    pub label: String,
    /// Shares in [0, 1] of green, yellow, orange and red; what is not finite counts as none.
    pub shares: [f64; 4],
}

const LOOKS: [(RGBColor, f64); 4] =
    [(GREEN, 0.55), (YELLOW, 0.75), (ORANGE, 0.75), (VERMILION, 0.85)];

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &ZonesChart, out: &Path) -> Result<(), ChartError> {
    let entry = |(name, &(color, ink)): (&String, &(RGBColor, f64))| Entry {
        key: Key::Swatch(tint(color, ink)),
        label: name.clone(),
    };
    let legend: Vec<Entry> = data.zones.iter().zip(&LOOKS).map(entry).collect();
    let mut page = Page::new(&data.caption, &legend);
    if data.rows.is_empty() {
        return page.save_empty(out);
    }
    let mut x_ticks = number_ticks(0.0, 100.0, 10);
    x_ticks.iter_mut().for_each(|tick| tick.label.push_str(" %"));
    let x_title = "share of time";
    let body = page.body;
    let top = body.top + TITLE_HEIGHT;
    let height = body.bottom - sill(&x_ticks, x_title) - top;
    let most = ((height / ROW_MIN) as usize).max(2);
    let kept = if data.rows.len() > most { most - 1 } else { data.rows.len() };
    let hidden = data.rows.len() - kept;
    let row = (height / (kept + usize::from(hidden > 0)) as f64).min(ROW_MAX);
    let em = (0.6 * row).min(24.0);
    let widest = data.rows.iter().map(|r| Face::Regular.width(&r.label, em)).fold(0.0, f64::max);
    let area = Rect {
        left: body.left + widest.min(480.0) + 16.0,
        top,
        right: body.right - RED_WIDTH,
        bottom: top + row * (kept + usize::from(hidden > 0)) as f64,
    };
    let plot = Plot { area, x: (0.0, 100.0), y: (0.0, 1.0) };
    draw_axes(&mut page.canvas, &plot, &Axes { x_ticks: &x_ticks, x_title, ..Axes::default() });
    page.canvas.rect((area.left - 1.0, top), (area.left + 1.0, area.bottom), fade(AXIS, 1.0));
    let set = Type { face: Face::Bold, em: TEXT, color: INK, align: Align::Left };
    page.canvas.text("in red", (area.right + 18.0, top - 14.0), set);
    for (i, zones) in data.rows[..kept].iter().enumerate() {
        draw_row(&mut page.canvas, &plot, body.left, zones, (top + i as f64 * row, row), em);
    }
    if hidden > 0 {
        let at = (area.left + 12.0, top + (kept as f64 + 0.5) * row + 0.36 * em);
        let text = format!("… and {hidden} more");
        page.canvas.text_on_white(&text, at, Type { em, ..set });
    }
    page.canvas.save(out)
}

fn draw_row(
    canvas: &mut Canvas,
    plot: &Plot,
    edge: f64,
    row: &ZonesRow,
    (top, height): (f64, f64),
    em: f64,
) {
    let baseline = top + height / 2.0 + 0.36 * em;
    let (label, label_em) = Face::Regular.fit(&row.label, em, plot.area.left - edge - 16.0);
    let set = Type { face: Face::Regular, em: label_em, color: INK, align: Align::Right };
    canvas.text(&label, (plot.area.left - 14.0, baseline), set);
    let pad = 0.14 * height;
    let mut done = 0.0;
    for (share, (color, ink)) in row.shares.into_iter().zip(LOOKS) {
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        let (from, to) = (plot.at(100.0 * done, 0.0).0, plot.at(100.0 * (done + share), 0.0).0);
        done += share;
        if to - from < 0.5 {
            continue;
        }
        canvas.rect((from, top + pad), (to, top + height - pad), tint(color, ink));
        let text = percent(share);
        if Face::Regular.width(&text, em) + 12.0 < to - from {
            let set = Type { face: Face::Regular, em, color: INK, align: Align::Center };
            canvas.text(&text, ((from + to) / 2.0, baseline), set);
        }
    }
    let set = Type { face: Face::Bold, em, color: INK, align: Align::Left };
    canvas.text(&percent(row.shares[3]), (plot.area.right + 18.0, baseline), set);
}
