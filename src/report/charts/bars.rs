//! How often each rule fired.

use super::canvas::{Align, Type};
use super::font::Face;
use super::page::{Page, Rect};
use super::palette::{AXIS, BLUE, INK, VERMILION, fade};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, sill};
use super::ticks::{number, number_ticks};
use super::{Caption, ChartError};
use std::path::Path;

/// Least height of a bar's row, in page pixels; what finds no room is counted in a last line.
const ROW_MIN: f64 = 20.0;
const ROW_MAX: f64 = 88.0;

/// Counts as horizontal bars, from top to bottom in the given order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BarChart {
    pub caption: Caption,
    /// Title of the x axis with its unit, such as `times fired, all paths`.
    pub x_title: String,
    pub bars: Vec<Bar>,
}

/// One rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    /// Times fired; 0 is marked as not tested.
    pub count: u64,
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &BarChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &[]);
    if data.bars.is_empty() {
        return page.save_empty(out);
    }
    let most = data.bars.iter().map(|b| b.count).max().unwrap_or(0).max(1) as f64;
    let body = page.body;
    let x_ticks = number_ticks(0.0, most, most.min(8.0) as usize);
    let bottom = body.bottom - sill(&x_ticks, &data.x_title);
    let (rows, hidden) = fitting(&data.bars, bottom - body.top - TITLE_HEIGHT / 2.0);
    let height = bottom - body.top - TITLE_HEIGHT / 2.0;
    let row = (height / (rows.len() + usize::from(!hidden.is_empty())) as f64).min(ROW_MAX);
    let em = (0.72 * row).min(24.0);
    let widest = data.bars.iter().map(|b| Face::Regular.width(&b.label, em)).fold(0.0, f64::max);
    let left = body.left + widest.min(760.0) + 16.0;
    let room = Face::Bold.width(&number(most, 1.0), em).max(60.0) + 24.0;
    let top = body.top + TITLE_HEIGHT / 2.0;
    let used = row * (rows.len() + usize::from(!hidden.is_empty())) as f64;
    let area = Rect { left, top, right: body.right - room, bottom: top + used };
    let plot = Plot { area, x: (0.0, most), y: (0.0, 1.0) };
    let axes = Axes { x_ticks: &x_ticks, x_title: &data.x_title, ..Axes::default() };
    draw_axes(&mut page.canvas, &plot, &axes);
    page.canvas.rect((left - 1.0, top), (left + 1.0, area.bottom), fade(AXIS, 1.0));
    for (i, bar) in rows.iter().enumerate() {
        draw_bar(&mut page, &plot, bar, (top + i as f64 * row, row), em);
    }
    if !hidden.is_empty() {
        let silent = hidden.iter().filter(|b| b.count == 0).count();
        let text = format!("… and {} more rules, {silent} of them never fired", hidden.len());
        let at = (left + 12.0, top + (rows.len() as f64 + 0.5) * row + 0.36 * em);
        let set = Type { face: Face::Bold, em, color: INK, align: Align::Left };
        page.canvas.text_on_white(&text, at, set);
    }
    page.canvas.save(out)
}

/// The bars that find room, and the rest.
fn fitting(bars: &[Bar], height: f64) -> (&[Bar], &[Bar]) {
    let most = ((height / ROW_MIN) as usize).max(2);
    if bars.len() <= most { (bars, &[]) } else { bars.split_at(most - 1) }
}

fn draw_bar(page: &mut Page, plot: &Plot, bar: &Bar, (top, row): (f64, f64), em: f64) {
    let baseline = top + row / 2.0 + 0.36 * em;
    let set = |face, color, align| Type { face, em, color, align };
    let (label, label_em) =
        Face::Regular.fit(&bar.label, em, plot.area.left - page.body.left - 16.0);
    let label_set = Type { em: label_em, ..set(Face::Regular, INK, Align::Right) };
    page.canvas.text(&label, (plot.area.left - 14.0, baseline), label_set);
    let pad = 0.16 * row;
    if bar.count == 0 {
        let text = "never fired — not tested";
        page.canvas.rect(
            (plot.area.left - 2.0, top + pad),
            (plot.area.left + 2.0, top + row - pad),
            fade(VERMILION, 1.0),
        );
        let at = (plot.area.left + 12.0, baseline);
        return page.canvas.text_on_white(text, at, set(Face::Bold, VERMILION, Align::Left));
    }
    let end = plot.at(bar.count as f64, 0.0).0.max(plot.area.left + 5.0);
    page.canvas.rect((plot.area.left, top + pad), (end, top + row - pad), fade(BLUE, 1.0));
    let text = number(bar.count as f64, 1.0);
    page.canvas.text_on_white(&text, (end + 10.0, baseline), set(Face::Bold, INK, Align::Left));
}
