//! Paired differences of variants against a baseline, path by path.

use super::bins::Bins;
use super::canvas::{Align, Canvas, Dash, Point, Type};
use super::font::Face;
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{BLACK, INK, MUTED, VERMILION, fade, series};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, sill};
use super::ticks::{Tick, amount, number, number_ticks, percent};
use super::{Caption, ChartError, Estimate};
use plotters::style::RGBColor;
use std::path::Path;

/// Variants that have a panel of their own.
const PANELS: usize = 5;

/// Variants against one baseline, from top to bottom in the given order; more than five are
/// counted in a note.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DifferencesChart {
    pub caption: Caption,
    pub baseline: String,
    /// What differs, such as `final equity`.
    pub quantity: String,
    /// Unit of the values, such as `USDC`.
    pub unit: String,
    pub higher_is_better: bool,
    pub variants: Vec<DifferencesVariant>,
}

/// One variant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DifferencesVariant {
    pub name: String,
    /// Its value less the baseline's, one per path. Zeros are ties.
    pub differences: Vec<f64>,
    /// Their mean over all paths, ties among them.
    pub mean: Estimate,
}

/// Paths of one variant by the sign of the difference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    more: usize,
    fewer: usize,
    ties: usize,
}

impl Count {
    fn of(differences: &[f64]) -> Self {
        let count = |keep: fn(f64) -> bool| differences.iter().filter(|d| keep(**d)).count();
        Self { more: count(|d| d > 0.0), fewer: count(|d| d < 0.0), ties: count(|d| d == 0.0) }
    }

    fn all(self) -> usize {
        self.more + self.fewer + self.ties
    }
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &DifferencesChart, out: &Path) -> Result<(), ChartError> {
    let shown = &data.variants[..data.variants.len().min(PANELS)];
    let mut page = Page::new(&data.caption, &legend(data));
    let untied: Vec<Vec<f64>> = shown
        .iter()
        .map(|variant| variant.differences.iter().copied().filter(|d| *d != 0.0).collect())
        .collect();
    let samples: Vec<&[f64]> = untied.iter().map(Vec::as_slice).collect();
    if shown.is_empty() {
        return page.save_empty(out);
    }
    let bins = Bins::of(&samples);
    let x = reach(bins.as_ref(), shown);
    let x_ticks = number_ticks(x.0, x.1, 9);
    let x_title = format!(
        "{} less that of {}, {} (ties are not drawn)",
        data.quantity, data.baseline, data.unit
    );
    let body = page.body;
    let foot = body.bottom - sill(&x_ticks, &x_title);
    let height = (foot - body.top) / shown.len() as f64;
    let room = height - TITLE_HEIGHT - 10.0;
    let heights: Vec<f64> = (0..shown.len())
        .map(|i| bins.as_ref().map_or(1.0, |bins| tallest(bins, i, samples[i].len())))
        .collect();
    let count_ticks: Vec<Vec<Tick>> =
        heights.iter().map(|top| whole_ticks(*top, (room / 55.0) as usize)).collect();
    let left = body.left + gutter(count_ticks.iter().flatten());
    for (i, variant) in shown.iter().enumerate() {
        let bottom = body.top + (i + 1) as f64 * height;
        let area = Rect { left, top: bottom - room, right: body.right - 20.0, bottom };
        let plot = Plot { area, x, y: (0.0, heights[i]) };
        let axes = Axes {
            x_ticks: &x_ticks,
            x_title: &x_title,
            y_ticks: &count_ticks[i],
            y_title: &sentence(data, variant),
            bare_x: i + 1 < shown.len(),
            bare_y: false,
        };
        draw_axes(&mut page.canvas, &plot, &axes);
        if let Some(bins) = &bins {
            draw_shape(&mut page.canvas, &plot, bins, i, samples[i].len());
            note_tails(&mut page.canvas, &plot, bins, i, samples[i].len());
        }
        draw_zero(&mut page.canvas, &plot);
        draw_mean(&mut page.canvas, &plot, &variant.mean);
    }
    page.canvas.save(out)
}

/// The bins, zero, and the means with their intervals.
fn reach(bins: Option<&Bins>, shown: &[DifferencesVariant]) -> (f64, f64) {
    let ends = shown.iter().flat_map(|variant| variant.mean.ends());
    let ends = ends.filter(|end| end.abs() < 1e100).chain([0.0]);
    let drawn = bins.map(|bins| (bins.lo, bins.lo + bins.width * bins.shares[0].len() as f64));
    let start = drawn.unwrap_or((0.0, 0.0));
    let (low, high) = ends.fold(start, |(low, high), end| (low.min(end), high.max(end)));
    if high > low { (low - 0.02 * (high - low), high + 0.02 * (high - low)) } else { (-1.0, 1.0) }
}

/// Height of the axis: the tallest bin, in paths.
fn tallest(bins: &Bins, variant: usize, paths: usize) -> f64 {
    let most = bins.shares[variant].iter().copied().fold(0.0, f64::max);
    (1.12 * most * paths as f64).max(1.0)
}

/// Ticks at whole numbers of paths.
fn whole_ticks(top: f64, count: usize) -> Vec<Tick> {
    let ticks = number_ticks(0.0, top, count.clamp(2, 6));
    ticks.into_iter().filter(|tick| (tick.at - tick.at.round()).abs() < 1e-9).collect()
}

/// What stands above a panel.
fn sentence(data: &DifferencesChart, variant: &DifferencesVariant) -> String {
    let count = Count::of(&variant.differences);
    let all = count.all();
    let share = |part: usize| percent(part as f64 / all.max(1) as f64);
    let (better, worse) = match data.higher_is_better {
        true => (count.more, count.fewer),
        false => (count.fewer, count.more),
    };
    let mean = variant.mean;
    let interval = match mean.low.is_finite() && mean.high.is_finite() {
        true => format!(" (95 %: {} to {})", amount(mean.low), amount(mean.high)),
        false => String::new(),
    };
    format!(
        "{}: mean {}{interval} {} · better on {} paths ({}), worse on {} ({}), tied on {} ({})",
        variant.name,
        amount(mean.value),
        data.unit,
        number(better as f64, 1.0),
        share(better),
        number(worse as f64, 1.0),
        share(worse),
        number(count.ties as f64, 1.0),
        share(count.ties),
    )
}

fn draw_shape(canvas: &mut Canvas, plot: &Plot, bins: &Bins, variant: usize, paths: usize) {
    let color = series(variant);
    for (i, share) in bins.shares[variant].iter().enumerate().filter(|(_, share)| **share > 0.0) {
        let (from, to) = (bins.lo + i as f64 * bins.width, bins.lo + (i + 1) as f64 * bins.width);
        let (corner, foot) = (plot.at(from, share * paths as f64), plot.at(to, 0.0));
        // A single path must be seen.
        let top = corner.1.min(foot.1 - 2.5);
        canvas.rect((corner.0, top), (foot.0.max(corner.0 + 1.0), foot.1), fade(color, 0.62));
    }
}

fn draw_zero(canvas: &mut Canvas, plot: &Plot) {
    let line = [plot.at(0.0, plot.y.0), plot.at(0.0, plot.y.1)];
    canvas.line(&line, 2.4, INK, Dash::Solid);
}

/// A line at the mean, over the band of its interval.
fn draw_mean(canvas: &mut Canvas, plot: &Plot, mean: &Estimate) {
    if mean.low.is_finite() && mean.high.is_finite() {
        let (from, to): (Point, Point) = (plot.at(mean.low, plot.y.1), plot.at(mean.high, 0.0));
        canvas.rect(from, (to.0.max(from.0 + 1.0), to.1), fade(VERMILION, 0.22));
    }
    if mean.value.is_finite() {
        let line = [plot.at(mean.value, plot.y.0), plot.at(mean.value, plot.y.1)];
        canvas.line(&line, 3.2, VERMILION, Dash::Dashed);
    }
}

/// Says how many paths lie outside the axis.
fn note_tails(canvas: &mut Canvas, plot: &Plot, bins: &Bins, variant: usize, paths: usize) {
    let outside = |share: f64| (share * paths as f64).round();
    let set = |align| Type { face: Face::Regular, em: TEXT - 2.0, color: MUTED, align };
    let y = plot.area.top + TEXT;
    let (below, above) = (outside(bins.below[variant]), outside(bins.above[variant]));
    if below > 0.0 {
        let text = format!("← {} further left", number(below, 1.0));
        canvas.text_on_white(&text, (plot.area.left + 8.0, y), set(Align::Left));
    }
    if above > 0.0 {
        let text = format!("{} further right →", number(above, 1.0));
        canvas.text_on_white(&text, (plot.area.right - 8.0, y), set(Align::Right));
    }
}

fn legend(data: &DifferencesChart) -> Vec<Entry> {
    let entry = |key, label: String| Entry { key, label };
    let bar: RGBColor = series(0);
    let mut entries = vec![
        entry(Key::Swatch(fade(bar, 0.62)), "paths that differ, counted".to_owned()),
        entry(Key::Tick(BLACK), format!("zero: as {}", data.baseline)),
        entry(Key::Line(VERMILION, Dash::Dashed), "mean of all paths".to_owned()),
        entry(Key::Swatch(fade(VERMILION, 0.22)), "its 95 % interval".to_owned()),
    ];
    if data.variants.len() > PANELS {
        let more = data.variants.len() - PANELS;
        let label = format!("{more} more variants in the table");
        entries.push(entry(Key::Swatch(fade(MUTED, 0.0)), label));
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_counted_by_sign() {
        let count = Count::of(&[0.0, -0.0, 1.0, -2.0, 3.0, f64::NAN]);
        assert_eq!(count, Count { more: 2, fewer: 1, ties: 2 });
        assert_eq!(count.all(), 5);
    }

    /// 19 ties of 20 and one path at −40: mean −2, worse on 5 %.
    #[test]
    fn a_panel_says_its_shares() {
        let mut differences = vec![0.0; 19];
        differences.push(-40.0);
        let mean = Estimate { value: -2.0, low: -6.19, high: 2.19 };
        let variant = DifferencesVariant { name: "tight".into(), differences, mean };
        let data = DifferencesChart {
            unit: "USDC".into(),
            higher_is_better: true,
            ..DifferencesChart::default()
        };
        assert_eq!(
            sentence(&data, &variant),
            "tight: mean −2 (95 %: −6.19 to 2.19) USDC · better on 0 paths (0 %), worse on 1 \
             (5.0 %), tied on 19 (95.0 %)"
        );
    }
}
