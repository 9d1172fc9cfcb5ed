//! What shocks cost, as bars from the most damaging down, and the probability of distress.

use super::canvas::{Align, Canvas, Dash, Type};
use super::font::Face;
use super::page::{Entry, Key, Page, Rect};
use super::palette::{AXIS, BLUE, INK, ORANGE, VERMILION, fade};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, range, sill};
use super::ticks::{amount, number_ticks, percent};
use super::{Caption, ChartError};
use plotters::style::RGBColor;
use std::path::Path;

const ROW_MIN: f64 = 22.0;
const ROW_MAX: f64 = 64.0;
/// Share of the width that the panel of damage takes.
const DAMAGE_SHARE: f64 = 0.58;
const GAP: f64 = 130.0;

/// Shocks, from top to bottom in the given order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TornadoChart {
    pub caption: Caption,
    pub bars: Vec<TornadoBar>,
    /// Probability of distress without shocks, in [0, 1].
    pub probability_without: f64,
}

/// One run with shocks.
#[derive(Debug, Clone, PartialEq)]
pub struct TornadoBar {
    pub label: String,
    pub kind: TornadoKind,
    /// Final equity that it takes, USDC.
    pub damage: Range,
    /// Probability of distress, in [0, 1].
    pub probability: Range,
}

/// What a bar is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TornadoKind {
    Single,
    LaidOn,
    Stacked,
}

/// A value and its 95 % interval; an end that is not finite is not drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl TornadoKind {
    const fn color(self) -> RGBColor {
        match self {
            Self::Single => BLUE,
            Self::LaidOn => ORANGE,
            Self::Stacked => VERMILION,
        }
    }
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &TornadoChart, out: &Path) -> Result<(), ChartError> {
    if data.bars.is_empty() {
        return Page::new(&data.caption, &[]).save_empty(out);
    }
    let mut page = Page::new(&data.caption, &legend(data));
    let ends = |range: &Range| [range.value, range.low, range.high, 0.0];
    let (least, most) =
        range(data.bars.iter().flat_map(|bar| ends(&bar.damage))).unwrap_or((0.0, 1.0));
    let most = if most > least { most } else { least + 1.0 };
    let reach = (most - least) * 0.02;
    // Labels of gains stand on the left of their bars.
    let room = if least < 0.0 { 0.2 * (most - least) } else { 0.0 };
    let damage = (least.min(0.0) - room, most + reach);
    let likely = data.bars.iter().flat_map(|bar| ends(&bar.probability));
    let likely = likely.chain([data.probability_without]).filter(|p| p.is_finite());
    let likely = (100.0 * likely.fold(0.0, f64::max) * 1.05).clamp(1.0, 100.0);
    let damage_ticks = number_ticks(damage.0, damage.1, 6);
    let mut likely_ticks = number_ticks(0.0, likely, 4);
    likely_ticks.iter_mut().for_each(|tick| tick.label.push_str(" %"));
    let titles = ["USDC of final equity, mean", "share of paths"];
    let body = page.body;
    let top = body.top + TITLE_HEIGHT;
    let bottom = body.bottom - sill(&damage_ticks, titles[0]);
    let shown = data.bars.len().min(((bottom - top) / ROW_MIN) as usize).max(1);
    let row = ((bottom - top) / shown as f64).min(ROW_MAX);
    let em = (0.66 * row).min(24.0);
    let widest = data.bars.iter().map(|bar| Face::Regular.width(&bar.label, em));
    let left = body.left + widest.fold(0.0, f64::max).min(520.0) + 18.0;
    let middle = left + (body.right - left - GAP) * DAMAGE_SHARE;
    let foot = top + row * shown as f64;
    let areas = [
        Rect { left, top, right: middle, bottom: foot },
        Rect { left: middle + GAP, top, right: body.right - 100.0, bottom: foot },
    ];
    let damages = Plot { area: areas[0], x: damage, y: (0.0, 1.0) };
    let chances = Plot { area: areas[1], x: (0.0, likely), y: (0.0, 1.0) };
    let of = |x_ticks, x_title, y_title| Axes { x_ticks, x_title, y_title, ..Axes::default() };
    draw_axes(
        &mut page.canvas,
        &damages,
        &of(&damage_ticks, titles[0], "costs more than no shock"),
    );
    draw_axes(&mut page.canvas, &chances, &of(&likely_ticks, titles[1], "distress"));
    let zero = damages.at(0.0, 0.0).0;
    page.canvas.rect((zero - 1.0, top), (zero + 1.0, foot), fade(AXIS, 1.0));
    for (index, bar) in data.bars.iter().take(shown).enumerate() {
        let place = Row { top: top + index as f64 * row, height: row, em };
        place.label(&mut page.canvas, &bar.label, (body.left, left));
        let color = bar.kind.color();
        place.bar(&mut page.canvas, &damages, bar.damage, 1.0, color, &amount(bar.damage.value));
        let share = bar.probability;
        place.bar(&mut page.canvas, &chances, share, 100.0, color, &percent(share.value));
    }
    if data.probability_without.is_finite() {
        let x = chances.at(100.0 * data.probability_without, 0.0).0;
        page.canvas.line(&[(x, top - 4.0), (x, foot)], 2.6, INK, Dash::Dashed);
    }
    page.canvas.save(out)
}

fn legend(data: &TornadoChart) -> Vec<Entry> {
    let kinds = [
        (TornadoKind::Single, "one shock"),
        (TornadoKind::LaidOn, "the worst, laid on one by one"),
        (TornadoKind::Stacked, "all stacked"),
    ];
    let there = |kind: TornadoKind| data.bars.iter().any(|bar| bar.kind == kind);
    let mut entries: Vec<Entry> = (kinds.into_iter())
        .filter(|(kind, _)| there(*kind))
        .map(|(kind, label)| Entry {
            key: Key::Swatch(fade(kind.color(), 1.0)),
            label: label.to_owned(),
        })
        .collect();
    if data.probability_without.is_finite() {
        let share = percent(data.probability_without);
        let label = format!("distress (force-closed or killed) without shocks: {share}");
        entries.push(Entry { key: Key::Line(INK, Dash::Dashed), label });
    }
    entries
}

/// Where a bar stands.
struct Row {
    top: f64,
    height: f64,
    em: f64,
}

impl Row {
    fn baseline(&self) -> f64 {
        self.top + self.height / 2.0 + 0.36 * self.em
    }

    fn label(&self, canvas: &mut Canvas, label: &str, (from, to): (f64, f64)) {
        let (label, em) = Face::Regular.fit(label, self.em, to - from - 18.0);
        let set = Type { face: Face::Regular, em, color: INK, align: Align::Right };
        canvas.text(&label, (to - 14.0, self.baseline()), set);
    }

    /// The bar from zero, its interval, and its value behind both.
    fn bar(
        &self,
        canvas: &mut Canvas,
        plot: &Plot,
        range: Range,
        unit: f64,
        color: RGBColor,
        text: &str,
    ) {
        let at = |value: f64| plot.at(unit * value, 0.0).0;
        let (zero, end) = (at(0.0), at(range.value));
        let pad = 0.18 * self.height;
        let (low, high) = (zero.min(end), zero.max(end).max(zero + 2.0));
        canvas.rect((low, self.top + pad), (high, self.top + self.height - pad), fade(color, 1.0));
        let (mut before, mut after) = (low, high);
        if range.low.is_finite() && range.high.is_finite() {
            let (from, to) = (at(range.low), at(range.high));
            let y = self.top + self.height / 2.0;
            canvas.line(&[(from, y), (to, y)], 2.6, INK, Dash::Solid);
            for x in [from, to] {
                canvas.line(&[(x, y - 6.0), (x, y + 6.0)], 2.6, INK, Dash::Solid);
            }
            (before, after) = (before.min(from), after.max(to));
        }
        let (x, align) = match range.value < 0.0 {
            true => (before - 10.0, Align::Right),
            false => (after + 10.0, Align::Left),
        };
        let set = Type { face: Face::Bold, em: self.em, color: INK, align };
        canvas.text_on_white(text, (x, self.baseline()), set);
    }
}
