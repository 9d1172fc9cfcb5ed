//! One wallet against a balance per service, side by side.

use super::canvas::{Align, Canvas, Type};
use super::font::Face;
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{AXIS, GRID, INK, MUTED, fade, series, tint};
use super::ticks::{percent, short};
use super::{Caption, ChartError};
use plotters::style::RGBColor;
use std::path::Path;

const PANELS_MAX: usize = 6;
const GAP: f64 = 36.0;
const BAR_MAX: f64 = 160.0;
/// Room below the bars for how the two differ, and above for titles.
const FOOT: f64 = 40.0;
const HEAD: f64 = 76.0;

/// Figures of two plans, each pair on a scale of its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustodyChart {
    pub caption: Caption,
    /// Names of the two, such as `guarded` and `silo`.
    pub names: [String; 2],
    /// From left to right; of more than six the rest is left out, and the chart says so.
    pub panels: Vec<CustodyPanel>,
}

/// One figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustodyPanel {
    /// What it is, such as `utilisation`.
    pub title: String,
    /// Its unit, such as `USDC, mean over paths`; of a fraction what it is a fraction of.
    pub unit: String,
    /// A fraction is written in percent.
    pub fraction: bool,
    /// Of the two; one that is not finite has no bar.
    pub values: [f64; 2],
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &CustodyChart, out: &Path) -> Result<(), ChartError> {
    let legend: Vec<Entry> = (data.names.iter().enumerate())
        .map(|(i, name)| Entry { key: Key::Swatch(tint(series(i), 0.9)), label: name.clone() })
        .collect();
    let mut page = Page::new(&data.caption, &legend);
    if data.panels.is_empty() {
        return page.save_empty(out);
    }
    let shown = &data.panels[..data.panels.len().min(PANELS_MAX)];
    let body = page.body;
    let width = (body.width() + GAP) / shown.len() as f64;
    for (i, panel) in shown.iter().enumerate() {
        let left = body.left + i as f64 * width;
        let area = Rect { left, top: body.top, right: left + width - GAP, bottom: body.bottom };
        draw_panel(&mut page.canvas, &area, panel);
    }
    if data.panels.len() > shown.len() {
        let text = format!("{} of {} figures shown", shown.len(), data.panels.len());
        let set = Type { face: Face::Regular, em: TEXT, color: MUTED, align: Align::Right };
        page.canvas.text(&text, (body.right, body.bottom + 30.0), set);
    }
    page.canvas.save(out)
}

fn draw_panel(canvas: &mut Canvas, area: &Rect, panel: &CustodyPanel) {
    let line = |canvas: &mut Canvas, text: &str, face: Face, color, baseline: f64| {
        let (text, em) = face.fit(text, TEXT, area.width());
        canvas.text(&text, (area.left, baseline), Type { face, em, color, align: Align::Left });
    };
    line(canvas, &panel.title, Face::Bold, INK, area.top + 26.0);
    line(canvas, &panel.unit, Face::Regular, MUTED, area.top + 54.0);
    let bars = Rect { top: area.top + HEAD, bottom: area.bottom - FOOT, ..*area };
    let values = panel.values.map(|v| if v.abs() < 1e100 { v } else { 0.0 });
    let high = values.into_iter().fold(0.0, f64::max);
    let low = values.into_iter().fold(0.0, f64::min);
    let length = if high > low { high - low } else { 1.0 };
    // Room for the numbers beyond the bars' ends.
    let (over, under) = (1.6 * TEXT, if low < 0.0 { 1.6 * TEXT } else { 0.0 });
    let room = bars.height() - over - under;
    let y = |value: f64| bars.bottom - under - (value - low) / length * room;
    canvas.rect((bars.left, bars.top), (bars.right, bars.bottom), fade(GRID, 0.35));
    let bar = (0.34 * bars.width()).min(BAR_MAX);
    for (i, (given, value)) in panel.values.into_iter().zip(values).enumerate() {
        let middle = bars.left + (0.27 + 0.46 * i as f64) * bars.width();
        draw_bar(canvas, (middle, bar), (y(0.0), y(value)), series(i));
        let below = value < 0.0;
        let baseline = if below { y(value) + 1.2 * TEXT } else { y(value) - 10.0 };
        let text = if panel.fraction { percent(given) } else { short(given) };
        let (text, em) = Face::Bold.fit(&text, TEXT, 0.46 * bars.width());
        let set = Type { face: Face::Bold, em, color: INK, align: Align::Center };
        canvas.text(&text, (middle, baseline), set);
    }
    canvas.rect((bars.left, y(0.0) - 1.0), (bars.right, y(0.0) + 1.0), fade(AXIS, 1.0));
    let text = difference(panel);
    let (text, em) = Face::Regular.fit(&text, TEXT, area.width());
    let middle = (area.left + area.right) / 2.0;
    let set = Type { face: Face::Regular, em, color: MUTED, align: Align::Center };
    canvas.text(&text, (middle, area.bottom - 8.0), set);
}

fn draw_bar(
    canvas: &mut Canvas,
    (middle, width): (f64, f64),
    (foot, end): (f64, f64),
    color: RGBColor,
) {
    let (top, bottom) = (foot.min(end), foot.max(end));
    if bottom - top > 0.5 {
        let (left, right) = (middle - width / 2.0, middle + width / 2.0);
        canvas.rect((left, top), (right, bottom), tint(color, 0.9));
    }
}

/// The second less the first.
fn difference(panel: &CustodyPanel) -> String {
    let difference = panel.values[1] - panel.values[0];
    let sign = if difference > 0.0 { "+" } else { "" };
    match panel.fraction {
        _ if !difference.is_finite() => String::new(),
        _ if difference == 0.0 => "the same".to_owned(),
        true => format!("{sign}{} points", short(100.0 * difference)),
        false => format!("{sign}{}", short(difference)),
    }
}
