//! What one step of each parameter away from a candidate changes, as paired differences.

use super::canvas::{Align, Canvas, Dash, Type};
use super::font::Face;
use super::markers::{Fill, Shape, draw_marker};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{AXIS, BLUE, INK, MUTED, ORANGE, VERMILION, fade, tint};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, padded, range, sill};
use super::ticks::{number_ticks, short};
use super::{Caption, ChartError, Estimate, Verdict};
use plotters::style::RGBColor;
use std::path::Path;

const ROW_MIN: f64 = 40.0;
const ROW_MAX: f64 = 190.0;
/// Ink of a bar whose interval has zero in it.
const NOISE: f64 = 0.35;
/// Room at both sides of the bars for their labels.
const LABELS: f64 = 250.0;

/// Parameters, from top to bottom in the given order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SensitivityChart {
    pub caption: Caption,
    /// What changes, with its unit: `objective, USDC`.
    pub metric: String,
    /// What steps go away from: `the recommendation`.
    pub about: String,
    /// Whether paths are draws; a single one is what happened, and its changes have no intervals.
    pub is_sample: bool,
    pub rows: Vec<SensitivityRow>,
}

/// One parameter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SensitivityRow {
    pub parameter: String,
    /// The value that is stepped away from.
    pub value: String,
    /// The next lower value, and the next higher one, where there are any.
    pub down: Option<SensitivityStep>,
    pub up: Option<SensitivityStep>,
}

/// A step to a neighbouring value, all else the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SensitivityStep {
    pub to: String,
    /// The metric there less that of what is stepped away from, on the same paths.
    pub change: Estimate,
    /// Whether constraints hold there.
    pub verdict: Verdict,
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &SensitivityChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let steps = data.rows.iter().flat_map(|row| [&row.down, &row.up]).flatten();
    let ends = steps.flat_map(|step| step.change.ends()).chain([0.0]);
    let (Some(span), false) = (range(ends), data.rows.is_empty()) else {
        return page.save_empty(out);
    };
    let x = if span.1 > span.0 { padded(span, 0.02) } else { (-1.0, 1.0) };
    let x = (x.0.min(0.0), x.1);
    let ticks = number_ticks(x.0, x.1, 7);
    let body = page.body;
    let x_title = format!("{} less that of {}", data.metric, data.about);
    let top = body.top + TITLE_HEIGHT;
    let bottom = body.bottom - sill(&ticks, &x_title);
    let shown = data.rows.len().min(((bottom - top) / ROW_MIN) as usize).max(1);
    let height = ((bottom - top) / shown as f64).min(ROW_MAX);
    let em = (0.34 * height).clamp(13.0, 24.0);
    let widest = (data.rows.iter().flat_map(|row| [&row.parameter, &row.value]))
        .map(|label| Face::Regular.width(label, em))
        .fold(0.0, f64::max)
        .min(430.0);
    let left = body.left + widest + 20.0 + LABELS;
    let area = Rect { left, top, right: body.right - LABELS, bottom: top + height * shown as f64 };
    let plot = Plot { area, x, y: (0.0, 1.0) };
    let hidden = data.rows.len() - shown;
    let y_title = match hidden {
        0 => format!("one step down or up from the value of {}", data.about),
        _ => format!("one step down or up ({hidden} more parameters in the table)"),
    };
    let axes = Axes { x_ticks: &ticks, x_title: &x_title, ..Axes::default() };
    draw_axes(&mut page.canvas, &plot, &axes);
    let (y_title, title_em) = Face::Bold.fit(&y_title, 22.0, body.width());
    let set = Type { face: Face::Bold, em: title_em, color: INK, align: Align::Left };
    page.canvas.text(&y_title, (body.left, top - 16.0), set);
    let zero = plot.at(0.0, 0.0).0;
    page.canvas.rect((zero - 1.2, top), (zero + 1.2, area.bottom), fade(AXIS, 1.0));
    for (index, row) in data.rows.iter().take(shown).enumerate() {
        let place =
            Place { top: top + index as f64 * height, height, em, is_sample: data.is_sample };
        place.name(&mut page.canvas, row, body.left + widest);
        place.step(&mut page.canvas, &plot, &row.down, (0, BLUE));
        place.step(&mut page.canvas, &plot, &row.up, (1, ORANGE));
    }
    page.canvas.save(out)
}

/// How sure a change is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sure {
    /// Its interval leaves out zero; or it is what happened on a single path.
    Told,
    /// Its interval holds zero.
    Noise,
    /// It has none: the paths do not bound it.
    Open,
}

fn sure(change: &Estimate, is_sample: bool) -> Sure {
    match (change.low.is_finite() && change.high.is_finite(), is_sample) {
        (_, false) => Sure::Told,
        (false, true) => Sure::Open,
        (true, true) if change.low > 0.0 || change.high < 0.0 => Sure::Told,
        (true, true) => Sure::Noise,
    }
}

/// What stands behind a value whose constraints are not known to hold.
const fn mark_of(verdict: Verdict) -> Option<(Shape, RGBColor, Fill)> {
    match verdict {
        Verdict::Violated => Some((Shape::Cross, VERMILION, Fill::Full)),
        Verdict::CannotTell => Some((Shape::Circle, MUTED, Fill::Hollow)),
        Verdict::Holds | Verdict::LeftEarly | Verdict::Failed => None,
    }
}

/// Where a parameter stands: two bars, the lower value above.
struct Place {
    top: f64,
    height: f64,
    em: f64,
    is_sample: bool,
}

impl Place {
    fn name(&self, canvas: &mut Canvas, row: &SensitivityRow, right: f64) {
        let middle = self.top + self.height / 2.0;
        let lines = [
            (&row.parameter, Face::Bold, INK, middle - 0.15 * self.em),
            (&row.value, Face::Regular, MUTED, middle + 1.0 * self.em),
        ];
        for (text, face, color, baseline) in lines {
            let (text, em) = face.fit(text, self.em, right - 48.0);
            canvas.text(&text, (right, baseline), Type { face, em, color, align: Align::Right });
        }
    }

    fn step(
        &self,
        canvas: &mut Canvas,
        plot: &Plot,
        step: &Option<SensitivityStep>,
        (row, color): (usize, RGBColor),
    ) {
        let Some(step) = step else { return };
        let half = 0.42 * self.height;
        let top = self.top + 0.08 * self.height + row as f64 * half;
        let (from, to) = (top + 0.06 * half, top + 0.94 * half);
        let y = (from + to) / 2.0;
        let change = step.change;
        let (zero, end) = (plot.at(0.0, 0.0).0, plot.at(change.value, 0.0).0);
        let mut reach = (zero, zero);
        if change.value.is_finite() {
            let (low, high) = (zero.min(end), zero.max(end).max(zero + 1.5));
            match sure(&change, self.is_sample) {
                Sure::Told => canvas.rect((low, from), (high, to), fade(color, 1.0)),
                Sure::Noise => canvas.rect((low, from), (high, to), tint(color, NOISE)),
                Sure::Open => {
                    let corners = [(low, from), (high, from), (high, to), (low, to), (low, from)];
                    canvas.line(&corners, 2.2, color, Dash::Dotted);
                }
            }
            reach = (low, high);
        }
        if change.low.is_finite() && change.high.is_finite() {
            let ends = [plot.at(change.low, 0.0).0, plot.at(change.high, 0.0).0];
            canvas.line(&[(ends[0], y), (ends[1], y)], 2.2, INK, Dash::Solid);
            for x in ends {
                canvas.line(&[(x, y - 5.0), (x, y + 5.0)], 2.2, INK, Dash::Solid);
            }
            reach = (reach.0.min(ends[0]), reach.1.max(ends[1]));
        }
        let sign = if change.value > 0.0 { "+" } else { "" };
        let text = format!("{}: {sign}{}", step.to, short(change.value));
        let em = (0.8 * half).min(0.92 * self.em);
        let (text, em) = Face::Regular.fit(&text, em, LABELS - 50.0);
        let leftwards = change.value < 0.0;
        let (at, align) =
            if leftwards { (reach.0 - 10.0, Align::Right) } else { (reach.1 + 10.0, Align::Left) };
        let set = Type { face: Face::Regular, em, color: INK, align };
        canvas.text_on_white(&text, (at, y + 0.36 * em), set);
        if let Some((shape, color, fill)) = mark_of(step.verdict) {
            let beyond = Face::Regular.width(&text, em) + 20.0;
            let x = if leftwards { at - beyond } else { at + beyond };
            draw_marker(canvas, shape, (x, y), color, fill);
        }
    }
}

fn legend(data: &SensitivityChart) -> Vec<Entry> {
    let entry = |key, label: &str| Entry { key, label: label.to_owned() };
    let steps = || data.rows.iter().flat_map(|row| [&row.down, &row.up]).flatten();
    let any = |wanted: Sure| steps().any(|step| sure(&step.change, data.is_sample) == wanted);
    let mut entries = Vec::new();
    if data.rows.iter().any(|row| row.down.is_some()) {
        entries.push(entry(Key::Swatch(fade(BLUE, 1.0)), "the value below (or before)"));
    }
    if data.rows.iter().any(|row| row.up.is_some()) {
        entries.push(entry(Key::Swatch(fade(ORANGE, 1.0)), "the value above (or after)"));
    }
    if any(Sure::Noise) {
        entries.push(entry(Key::Swatch(tint(BLUE, NOISE)), "pale: within noise"));
    }
    if any(Sure::Open) {
        entries.push(entry(Key::Line(BLUE, Dash::Dotted), "outline: the paths give no interval"));
    }
    let bounded =
        |step: &SensitivityStep| step.change.low.is_finite() && step.change.high.is_finite();
    if steps().any(bounded) {
        let label = "95 % interval of the paired difference";
        entries.push(entry(Key::Line(INK, Dash::Solid), label));
    }
    for (verdict, label) in [
        (Verdict::Violated, "breaks a constraint"),
        (Verdict::CannotTell, "constraint: cannot tell"),
    ] {
        let there = steps().any(|step| step.verdict == verdict);
        if let (true, Some((shape, color, fill))) = (there, mark_of(verdict)) {
            entries.push(entry(Key::Marker(shape, color, fill), label));
        }
    }
    entries
}
