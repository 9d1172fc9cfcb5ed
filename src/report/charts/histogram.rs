//! Final equity over the paths.

use super::bins::Bins;
use super::canvas::{Align, Canvas, Dash, Point, Type};
use super::font::Face;
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{INK, MUTED, VERMILION, WHITE, fade, series};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, sill};
use super::ticks::{amount, number_ticks, percent};
use super::{Caption, ChartError};
use plotters::style::RGBColor;
use std::path::Path;

/// Distributions of several variants over common bins.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HistogramChart {
    pub caption: Caption,
    /// What is counted, such as `final equity`.
    pub quantity: String,
    /// Unit of the values, such as `USDC`.
    pub unit: String,
    /// Drawn over one another; three are still legible.
    pub variants: Vec<HistogramVariant>,
}

/// One variant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HistogramVariant {
    pub name: String,
    /// One value per path, in any order; those that are not finite are left out.
    pub values: Vec<f64>,
    /// Of the values, as reported elsewhere: a vertical line.
    pub median: f64,
    /// 5 % quantile of the values, as reported elsewhere: in the legend.
    pub q05: f64,
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &HistogramChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let samples: Vec<&[f64]> = data.variants.iter().map(|v| &v.values[..]).collect();
    let Some(bins) = Bins::of(&samples) else { return page.save_empty(out) };

    let (tallest, rest) = bins.heights();
    let top = if tallest > rest { 1.4 * rest } else { 1.12 * tallest };
    let y_ticks: Vec<_> = number_ticks(0.0, 100.0 * top, 6)
        .into_iter()
        .map(|mut tick| {
            tick.label.push_str(" %");
            tick
        })
        .collect();
    let width = bins.width * bins.shares[0].len() as f64;
    let margin = (0.02 * width).max(if width < 10.0 * bins.width { 6.0 * bins.width } else { 0.0 });
    let x = (bins.lo - margin, bins.lo + width + margin);
    let x_ticks = number_ticks(x.0, x.1, 9);
    let x_title = format!("{}, {}", data.quantity, data.unit);
    let axes = Axes {
        x_ticks: &x_ticks,
        x_title: &x_title,
        y_ticks: &y_ticks,
        y_title: "share of paths",
        ..Axes::default()
    };
    let area = Rect {
        left: page.body.left + gutter(&y_ticks),
        top: page.body.top + TITLE_HEIGHT,
        right: page.body.right,
        bottom: page.body.bottom - sill(&x_ticks, &x_title),
    };
    let plot = Plot { area, x, y: (0.0, 100.0 * top) };
    draw_axes(&mut page.canvas, &plot, &axes);
    let mut labels = Labels { area, taken: Vec::new() };
    draw_zero(&mut page.canvas, &plot, &mut labels);
    for (i, shares) in bins.shares.iter().enumerate() {
        draw_shape(&mut page.canvas, &plot, &bins, shares, series(i));
    }
    for (i, variant) in data.variants.iter().enumerate().filter(|(_, v)| v.median.is_finite()) {
        let line = [plot.at(variant.median, 0.0), plot.at(variant.median, plot.y.1)];
        page.canvas.line(&line, 3.0, series(i), Dash::of_variant(i + 1));
    }
    label_atoms(&mut page.canvas, &plot, &bins, &mut labels);
    label_tails(&mut page.canvas, &plot, &bins, data);
    page.canvas.save(out)
}

/// Filled bins with their outline.
fn draw_shape(canvas: &mut Canvas, plot: &Plot, bins: &Bins, shares: &[f64], color: RGBColor) {
    let mut outline: Vec<Point> = Vec::with_capacity(2 * shares.len());
    for (i, &share) in shares.iter().enumerate() {
        let (from, to) = (bins.lo + i as f64 * bins.width, bins.lo + (i + 1) as f64 * bins.width);
        let (corner, foot) = (plot.at(from, 100.0 * share), plot.at(to, 0.0));
        canvas.rect(corner, foot, fade(color, 0.30));
        outline.extend([corner, (foot.0, corner.1)]);
    }
    let inked: Vec<usize> = (0..shares.len()).filter(|&i| shares[i] > 0.0).collect();
    if let (Some(&first), Some(&last)) = (inked.first(), inked.last()) {
        let mut drawn = outline[2 * first..2 * last + 2].to_vec();
        drawn.insert(0, (drawn[0].0, plot.area.bottom));
        let right = drawn[drawn.len() - 1].0;
        drawn.push((right, plot.area.bottom));
        canvas.line(&drawn, 2.4, color, Dash::Solid);
    }
}

/// Marks zero and what lies below it.
fn draw_zero(canvas: &mut Canvas, plot: &Plot, labels: &mut Labels) {
    if plot.x.0 >= 0.0 || plot.x.1 <= 0.0 {
        return;
    }
    let (top, foot) = (plot.at(0.0, plot.y.1), plot.at(0.0, 0.0));
    canvas.rect((plot.area.left, top.1), foot, fade(VERMILION, 0.06));
    canvas.line(&[top, foot], 2.0, INK, Dash::Solid);
    labels.put(canvas, "← below zero", top.0, INK);
}

/// Breaks the bins that rise above the axis and writes their heights beside them.
fn label_atoms(canvas: &mut Canvas, plot: &Plot, bins: &Bins, labels: &mut Labels) {
    for (variant, shares) in bins.shares.iter().enumerate() {
        for (i, &share) in shares.iter().enumerate().filter(|&(_, &s)| 100.0 * s > plot.y.1) {
            let left = plot.at(bins.lo + i as f64 * bins.width, 0.0).0;
            let right = plot.at(bins.lo + (i + 1) as f64 * bins.width, 0.0).0;
            let y = plot.area.top + 0.16 * plot.area.height();
            let (a, b) = ((left - 6.0, y + 5.0), (right + 6.0, y - 5.0));
            canvas.line(&[a, b], 5.0, WHITE, Dash::Solid);
            let text = format!("{} ↑", percent(share));
            labels.put(canvas, &text, right, series(variant));
        }
    }
}

/// Says how much lies outside the axis, in the line above the plot.
fn label_tails(canvas: &mut Canvas, plot: &Plot, bins: &Bins, data: &HistogramChart) {
    let name = |v: &HistogramVariant| match data.variants.len() {
        1 => String::new(),
        _ => Face::Regular.fit(&v.name, TEXT, 180.0).0 + " ",
    };
    let side = |shares: &[f64]| -> Vec<String> {
        let named = shares.iter().zip(&data.variants).filter(|(share, _)| **share > 0.0);
        named.map(|(share, v)| format!("{}{}", name(v), percent(*share))).collect()
    };
    let mut notes = Vec::new();
    for (shares, from, to) in
        [(&bins.below, "← further left: ", ""), (&bins.above, "further right: ", " →")]
    {
        let parts = side(shares);
        if !parts.is_empty() {
            notes.push(format!("{from}{}{to}", parts.join(", ")));
        }
    }
    let width = plot.area.width() - Face::Bold.width("share of paths", TEXT) - 40.0;
    let (text, em) = Face::Regular.fit(&notes.join("   "), TEXT, width);
    let set = Type { face: Face::Regular, em, color: MUTED, align: Align::Right };
    canvas.text(&text, (plot.area.right, plot.area.top - 16.0), set);
}

/// Labels at the top of the plot, each in the first row where it covers no other.
struct Labels {
    area: Rect,
    taken: Vec<Rect>,
}

impl Labels {
    fn put(&mut self, canvas: &mut Canvas, text: &str, x: f64, color: RGBColor) {
        let width = Face::Bold.width(text, TEXT) + 12.0;
        let left = if x + 10.0 + width > self.area.right { x - 34.0 - width } else { x + 10.0 };
        let row = |i: usize| {
            let top = self.area.top + 4.0 + 28.0 * i as f64;
            Rect { left, top, right: left + width, bottom: top + 28.0 }
        };
        let clear = |r: &Rect| {
            !self.taken.iter().any(|t| {
                t.left < r.right && r.left < t.right && t.top < r.bottom && r.top < t.bottom
            })
        };
        let spot = (0..8).map(row).find(clear).unwrap_or_else(|| row(0));
        let set = Type { face: Face::Bold, em: TEXT, color, align: Align::Left };
        canvas.text_on_white(text, (left, spot.top + 21.0), set);
        self.taken.push(spot);
    }
}

fn legend(data: &HistogramChart) -> Vec<Entry> {
    let variant = |(i, v): (usize, &HistogramVariant)| {
        let (median, q05, unit) = (amount(v.median), amount(v.q05), &data.unit);
        let label = format!("{}: median {median}, 5 % quantile {q05} {unit}", v.name);
        Entry { key: Key::Swatch(fade(series(i), 0.55)), label }
    };
    let mut entries: Vec<Entry> = data.variants.iter().enumerate().map(variant).collect();
    if !entries.is_empty() {
        entries.push(Entry { key: Key::Line(MUTED, Dash::Dashed), label: "medians".to_string() });
    }
    entries
}
