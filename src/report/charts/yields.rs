//! What yield is made of.

use super::canvas::{Align, Canvas, Dash, Type};
use super::font::Face;
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{AXIS, INK, MUTED, WHITE, fade, series, tint};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, range, sill};
use super::ticks::{amount, number, number_ticks};
use super::{Caption, ChartError};
use plotters::style::RGBColor;
use std::path::Path;

/// Variants that are drawn; the legend counts the rest.
const VARIANTS_MAX: usize = 4;
const BAR_MAX: f64 = 34.0;

/// Parts of the yield of several variants, side by side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct YieldChart {
    pub caption: Caption,
    /// Title of the x axis with its unit, such as `USDC, mean over paths`.
    pub x_title: String,
    /// Of more than four the rest is left out, and the chart says so.
    pub variants: Vec<YieldVariant>,
}

/// One variant; what was paid or lost is given above zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct YieldVariant {
    pub name: String,
    pub interest: f64,
    pub interest_paid: f64,
    pub lending_losses: f64,
    pub referral: f64,
    /// Of the four above.
    pub net: f64,
    pub fees_paid: f64,
    /// Fees that netting made needless: no income.
    pub fees_saved: f64,
}

/// How a part is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Look {
    Part,
    Sum,
    /// Outlined: it is no money that came in.
    Outline,
}

const ROWS: [(&str, Look); 7] = [
    ("interest received", Look::Part),
    ("interest paid", Look::Part),
    ("lending losses", Look::Part),
    ("referral", Look::Part),
    ("net yield", Look::Sum),
    ("fees paid (not in net)", Look::Part),
    ("fees saved (no income)", Look::Outline),
];

impl YieldVariant {
    /// In the order of [`ROWS`], signed.
    fn parts(&self) -> [f64; 7] {
        [
            self.interest,
            -self.interest_paid,
            -self.lending_losses,
            self.referral,
            self.net,
            -self.fees_paid,
            self.fees_saved,
        ]
    }
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &YieldChart, out: &Path) -> Result<(), ChartError> {
    let shown = &data.variants[..data.variants.len().min(VARIANTS_MAX)];
    let mut page = Page::new(&data.caption, &legend(data));
    let values = || shown.iter().flat_map(|v| v.parts());
    let Some(reach) = range(values().chain((!shown.is_empty()).then_some(0.0))) else {
        return page.save_empty(out);
    };
    let x = scale(reach);
    let most = reach.0.abs().max(reach.1.abs());
    let x_ticks = number_ticks(x.0, x.1, 8);
    let body = page.body;
    let em = 22.0;
    let widest = ROWS.iter().map(|(label, _)| Face::Bold.width(label, em)).fold(0.0, f64::max);
    let area = Rect {
        left: body.left + widest + 24.0,
        top: body.top + TITLE_HEIGHT / 2.0,
        right: body.right - 12.0,
        bottom: body.bottom - sill(&x_ticks, &data.x_title),
    };
    let plot = Plot { area, x, y: (0.0, 1.0) };
    let row = area.height() / ROWS.len() as f64;
    let at = |i: usize| (area.top + i as f64 * row, row);
    let (sum_top, _) = at(4);
    page.canvas.rect((body.left, sum_top), (area.right, sum_top + row), fade(AXIS, 0.10));
    let axes = Axes { x_ticks: &x_ticks, x_title: &data.x_title, ..Axes::default() };
    draw_axes(&mut page.canvas, &plot, &axes);
    let zero = plot.at(0.0, 0.0).0;
    page.canvas.rect((zero - 1.0, area.top), (zero + 1.0, area.bottom), fade(INK, 1.0));
    for (i, (label, look)) in ROWS.into_iter().enumerate() {
        let (top, _) = at(i);
        let face = if look == Look::Sum { Face::Bold } else { Face::Regular };
        let set = Type { face, em, color: INK, align: Align::Right };
        page.canvas.text(label, (area.left - 14.0, top + row / 2.0 + 0.36 * em), set);
        let height = (0.90 * row / shown.len() as f64).min(BAR_MAX);
        let first = top + (row - height * shown.len() as f64) / 2.0;
        for (v, variant) in shown.iter().enumerate() {
            let bar = (first + v as f64 * height, height);
            let value = variant.parts()[i];
            let text = signed(value, most);
            draw_bar(&mut page.canvas, &plot, (value, &text), look, bar, series(v));
        }
    }
    page.canvas.save(out)
}

/// Zero, all values, and room for the numbers at the ends of the bars.
fn scale((low, high): (f64, f64)) -> (f64, f64) {
    let (low, high) = (low.min(0.0), high.max(0.0));
    if low == high {
        return (-1.0, 1.0);
    }
    let pad = 0.14 * (high - low);
    (if low < 0.0 { low - pad } else { -0.02 * high }, high + pad)
}

fn draw_bar(
    canvas: &mut Canvas,
    plot: &Plot,
    (value, text): (f64, &str),
    look: Look,
    (top, height): (f64, f64),
    color: RGBColor,
) {
    let zero = plot.at(0.0, 0.0).0;
    let end = if value.is_nan() { zero } else { plot.at(value, 0.0).0 };
    let (from, to) = (zero.min(end), zero.max(end));
    let (up, down) = (top + 1.5, top + height - 1.5);
    match look {
        _ if to - from < 0.5 => {}
        Look::Outline => {
            let corners = [(from, up), (to, up), (to, down), (from, down), (from, up), (to, up)];
            canvas.rect((from, up), (to, down), fade(WHITE, 1.0));
            canvas.line(&corners, 2.2, color, Dash::Solid);
        }
        _ => canvas.rect((from, up), (to, down), tint(color, 0.9)),
    }
    let em = (0.92 * height).min(TEXT - 2.0);
    let face = if look == Look::Sum { Face::Bold } else { Face::Regular };
    let ink = if value == 0.0 { MUTED } else { INK };
    let baseline = top + height / 2.0 + 0.36 * em;
    if value < 0.0 {
        let set = Type { face, em, color: ink, align: Align::Right };
        canvas.text_on_white(text, (from - 9.0, baseline), set);
    } else {
        let set = Type { face, em, color: ink, align: Align::Left };
        canvas.text_on_white(text, (to + 9.0, baseline), set);
    }
}

/// With its sign, to the precision that the largest of all, `most`, asks for.
fn signed(value: f64, most: f64) -> String {
    let text = match most {
        _ if value == 0.0 => "0".to_owned(),
        m if m >= 1_000.0 => number(value, 1.0),
        m if m >= 1.0 => number(value, 0.01),
        _ => amount(value),
    };
    let counts = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    if value > 0.0 && counts { format!("+{text}") } else { text }
}

fn legend(data: &YieldChart) -> Vec<Entry> {
    let entry = |(i, variant): (usize, &YieldVariant)| Entry {
        key: Key::Swatch(tint(series(i), 0.9)),
        label: variant.name.clone(),
    };
    let mut entries: Vec<Entry> =
        data.variants.iter().take(VARIANTS_MAX).enumerate().map(entry).collect();
    if let Some(more) = data.variants.len().checked_sub(VARIANTS_MAX).filter(|more| *more > 0) {
        let label = format!("… and {more} more variants, not drawn");
        entries.push(Entry { key: Key::Line(MUTED, Dash::Dotted), label });
    }
    entries
}
