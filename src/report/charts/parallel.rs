//! Candidates as lines over parallel axes: their parameters, then what came of them.

use super::canvas::{Align, Canvas, Dash, Point, Type};
use super::font::Face;
use super::gradient::{BAR_WIDTH, Gradient};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{AXIS, BLACK, BLUE, INK, MUTED, ORANGE, WHITE, fade};
use super::panel::{TITLE_HEIGHT, range};
use super::ticks::short;
use super::{Caption, ChartError, Verdict};
use plotters::style::RGBColor;
use std::path::Path;

/// Grey of lines that may not be chosen.
const BARRED: RGBColor = RGBColor(205, 205, 205);
/// Of legend entries for lines that have colours of their own.
const GOOD: RGBColor = BLUE;
/// Lines from which on they are drawn thinner.
const MANY: usize = 120;
const LABEL_EM: f64 = 19.0;
const HEAD_LINES: usize = 3;
/// A title's width at most, so that the first stays on the page.
const HEAD_WIDTH: f64 = 270.0;

/// Candidates over axes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParallelChart {
    pub caption: Caption,
    /// From left to right.
    pub axes: Vec<ParallelAxis>,
    /// What colours the lines, with its unit.
    pub metric: String,
    pub higher_is_better: bool,
    pub lines: Vec<ParallelLine>,
}

/// One axis.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParallelAxis {
    pub title: String,
    /// To the scale of logarithms; where a value is not positive: linear.
    pub log: bool,
    /// Names of the values 0, 1, 2 … where they are categories.
    pub categories: Vec<String>,
}

/// One candidate.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParallelLine {
    /// One per axis; what is not finite breaks the line.
    pub values: Vec<f64>,
    /// Of the metric.
    pub metric: f64,
    pub verdict: Verdict,
    pub role: ParallelRole,
}

/// What a line is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ParallelRole {
    #[default]
    Candidate,
    /// The scenario as it stands.
    Base,
    Recommendation,
}

/// An axis and its scale on the page.
struct Scale {
    x: f64,
    log: bool,
    low: f64,
    high: f64,
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &ParallelChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let may = |line: &&ParallelLine| matches!(line.verdict, Verdict::Holds | Verdict::CannotTell);
    let metrics = data.lines.iter().filter(may).map(|line| line.metric);
    // Where none may be chosen all give the scale, though none is coloured.
    let gradient = Gradient::of(metrics, data.higher_is_better)
        .or_else(|| Gradient::of(data.lines.iter().map(|line| line.metric), data.higher_is_better));
    let (Some(gradient), true) = (gradient, data.axes.len() > 1) else {
        return page.save_empty(out);
    };
    let body = page.body;
    let area = Rect {
        left: body.left + 100.0,
        top: body.top + TITLE_HEIGHT + HEAD_LINES as f64 * LABEL_EM + 34.0,
        right: body.right - BAR_WIDTH - 60.0,
        bottom: body.bottom - 34.0,
    };
    let scales = scales(data, &area);
    for (line, look) in in_order(data, &gradient) {
        draw_line(&mut page.canvas, &area, &scales, line, look);
    }
    let apart = area.width() / (data.axes.len() - 1) as f64;
    for (axis, scale) in data.axes.iter().zip(&scales) {
        draw_axis(&mut page.canvas, &area, axis, scale, apart);
    }
    // Above the titles of the axes, which reach up to the bar.
    gradient.draw_bar(&mut page.canvas, (&body, &area), &data.metric, body.top + 20.0);
    page.canvas.save(out)
}

fn scales(data: &ParallelChart, area: &Rect) -> Vec<Scale> {
    let apart = area.width() / (data.axes.len() - 1) as f64;
    let value = |line: &ParallelLine, axis: usize| line.values.get(axis).copied();
    data.axes
        .iter()
        .enumerate()
        .map(|(index, axis)| {
            let values = || data.lines.iter().filter_map(|line| value(line, index));
            let (low, high) = match axis.categories.len() {
                0 => range(values()).unwrap_or((0.0, 1.0)),
                count => (0.0, (count - 1) as f64),
            };
            let log = axis.log && low > 0.0;
            Scale { x: area.left + index as f64 * apart, log, low, high }
        })
        .collect()
}

impl Scale {
    fn at(&self, area: &Rect, value: f64) -> Option<Point> {
        if !value.is_finite() {
            return None;
        }
        let of = |value: f64| if self.log { libm::log(value.max(self.low)) } else { value };
        let (low, high) = (of(self.low), of(self.high));
        let up = if high > low { ((of(value) - low) / (high - low)).clamp(0.0, 1.0) } else { 0.5 };
        Some((self.x, area.bottom - up * area.height()))
    }
}

/// How a line is drawn.
#[derive(Clone, Copy)]
struct Look {
    width: f64,
    color: RGBColor,
    rim: f64,
    dash: Dash,
}

/// Barred ones first, then from the worst to the best, the base and the recommendation on top.
fn in_order<'a>(data: &'a ParallelChart, gradient: &Gradient) -> Vec<(&'a ParallelLine, Look)> {
    let thin = if data.lines.len() > MANY { 1.5 } else { 2.4 };
    let rank = |line: &ParallelLine| match (line.role, line.verdict) {
        (ParallelRole::Recommendation, _) => 3,
        (ParallelRole::Base, _) => 2,
        (_, Verdict::Violated | Verdict::LeftEarly | Verdict::Failed) => 0,
        _ => 1,
    };
    let look = |line: &ParallelLine| match rank(line) {
        0 => Look { width: 1.1, color: BARRED, rim: 0.0, dash: dash_of(line.verdict) },
        1 => {
            let (color, dash) = (gradient.color(line.metric), dash_of(line.verdict));
            Look { width: thin, color, rim: 0.0, dash }
        }
        2 => Look { width: 4.6, color: ORANGE, rim: 2.0, dash: Dash::Dashed },
        _ => Look { width: 6.0, color: BLACK, rim: 2.5, dash: Dash::Solid },
    };
    let mut lines: Vec<&ParallelLine> = data.lines.iter().collect();
    lines.sort_by(|a, b| {
        let place = |line: &ParallelLine| gradient.place(line.metric);
        rank(a).cmp(&rank(b)).then(place(a).total_cmp(&place(b)))
    });
    lines.into_iter().map(|line| (line, look(line))).collect()
}

/// Coloured ones: solid where constraints hold, dashed where nobody can tell. Grey ones: solid where one is
/// violated, dashed where it left early, dotted where it could not run.
const fn dash_of(verdict: Verdict) -> Dash {
    match verdict {
        Verdict::Holds | Verdict::Violated => Dash::Solid,
        Verdict::CannotTell | Verdict::LeftEarly => Dash::Dashed,
        Verdict::Failed => Dash::Dotted,
    }
}

fn draw_line(canvas: &mut Canvas, area: &Rect, scales: &[Scale], line: &ParallelLine, look: Look) {
    let points: Vec<Option<Point>> =
        scales.iter().zip(&line.values).map(|(scale, value)| scale.at(area, *value)).collect();
    for piece in points.split(Option::is_none) {
        let piece: Vec<Point> = piece.iter().copied().flatten().collect();
        if look.rim > 0.0 {
            canvas.line(&piece, look.width + 2.0 * look.rim, WHITE, Dash::Solid);
        }
        canvas.line(&piece, look.width, look.color, look.dash);
        if look.rim > 0.0 {
            piece.iter().for_each(|at| canvas.disc(*at, 1.2 * look.width, look.color));
        }
    }
}

fn draw_axis(canvas: &mut Canvas, area: &Rect, axis: &ParallelAxis, scale: &Scale, apart: f64) {
    let x = scale.x;
    canvas.rect((x - 1.2, area.top), (x + 1.2, area.bottom), fade(AXIS, 1.0));
    let mut labels: Vec<(f64, String)> = match axis.categories.len() {
        0 => {
            let inner = if scale.log { between(scale, area) } else { Vec::new() };
            std::iter::once(scale.low)
                .chain(inner)
                .chain([scale.high])
                .map(|value| (value, short(value)))
                .collect()
        }
        _ => axis.categories.iter().enumerate().map(|(i, name)| (i as f64, name.clone())).collect(),
    };
    if scale.low == scale.high {
        labels.truncate(1);
    }
    let room = (0.94 * apart).min(HEAD_WIDTH);
    let set = |color| Type { face: Face::Regular, em: LABEL_EM, color, align: Align::Center };
    let mut free = f64::INFINITY;
    for (value, label) in labels {
        let Some((_, y)) = scale.at(area, value) else { continue };
        let (label, em) = Face::Regular.fit(&label, LABEL_EM, room);
        // The ends stand outside the axis, where no line crosses them.
        let baseline = match value {
            v if v == scale.low => y + LABEL_EM + 6.0,
            v if v == scale.high => y - 8.0,
            _ => y + 0.36 * em,
        };
        if value != scale.low && value != scale.high {
            canvas.line(&[(x - 6.0, y), (x + 6.0, y)], 2.0, AXIS, Dash::Solid);
        }
        if baseline < free {
            canvas.text_on_white(&label, (x, baseline), Type { em, ..set(MUTED) });
            free = baseline - 1.2 * LABEL_EM;
        }
    }
    let title = if scale.log { format!("{} (log)", axis.title) } else { axis.title.clone() };
    let lines = wrap(&title, LABEL_EM, room);
    let first = area.top - 34.0 - LABEL_EM * (lines.len() - 1) as f64 * 1.1;
    for (row, line) in lines.iter().enumerate() {
        let (line, em) = Face::Bold.fit(line, LABEL_EM, room);
        let set = Type { face: Face::Bold, em, ..set(INK) };
        canvas.text(&line, (x, first + 1.1 * LABEL_EM * row as f64), set);
    }
}

/// 1, 2 and 5 times powers of ten inside a logarithmic axis, not so near its ends that labels meet.
fn between(scale: &Scale, area: &Rect) -> Vec<f64> {
    let powers =
        libm::floor(libm::log10(scale.low)) as i32..=libm::ceil(libm::log10(scale.high)) as i32;
    let marks = powers.flat_map(|power| {
        let ten = libm::pow(10.0, f64::from(power));
        [ten, 2.0 * ten, 5.0 * ten]
    });
    let y = |value: f64| scale.at(area, value).map_or(f64::NAN, |at| at.1);
    let (low, high) = (y(scale.low), y(scale.high));
    marks
        .filter(|mark| y(*mark) < low - LABEL_EM && y(*mark) > high + LABEL_EM)
        .filter(|mark| *mark > scale.low && *mark < scale.high)
        .collect()
}

/// A title in at most three lines, broken after spaces, dots and underscores.
fn wrap(title: &str, em: f64, width: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in title.split_inclusive([' ', '.', '_']) {
        let last = lines.len() - 1;
        let joined = format!("{}{word}", lines[last]);
        let fits = Face::Bold.width(joined.trim_end(), em) <= width;
        if fits || lines[last].is_empty() || lines.len() == HEAD_LINES {
            lines[last] = joined;
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

fn legend(data: &ParallelChart) -> Vec<Entry> {
    let entry = |key, label: &str| Entry { key, label: label.to_owned() };
    let role = |role| data.lines.iter().any(|line| line.role == role);
    let mut entries = Vec::new();
    if role(ParallelRole::Recommendation) {
        entries.push(entry(Key::Line(BLACK, Dash::Solid), "recommendation"));
    }
    if role(ParallelRole::Base) {
        entries.push(entry(Key::Line(ORANGE, Dash::Dashed), "the scenario as it stands"));
    }
    let candidate = |verdict: Verdict| {
        let is =
            |line: &ParallelLine| line.role == ParallelRole::Candidate && line.verdict == verdict;
        data.lines.iter().any(is)
    };
    let barred = [
        (Verdict::Violated, "a constraint does not hold"),
        (Verdict::LeftEarly, "left the search on fewer paths"),
        (Verdict::Failed, "could not run"),
    ];
    let told_apart = candidate(Verdict::CannotTell) || candidate(Verdict::Violated);
    if candidate(Verdict::Holds) && told_apart {
        entries.push(entry(Key::Line(GOOD, Dash::Solid), "constraints hold (by colour)"));
    }
    if candidate(Verdict::CannotTell) {
        entries.push(entry(Key::Line(GOOD, Dash::Dashed), "cannot tell (by colour)"));
    }
    for (verdict, label) in barred {
        if candidate(verdict) {
            entries.push(entry(Key::Line(BARRED, dash_of(verdict)), label));
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_broken_at_their_joints() {
        let width = Face::Bold.width("warning_", 20.0) + 1.0;
        let rows: [(&str, &[&str]); 4] = [
            ("warning_threshold", &["warning_", "threshold"]),
            ("hf", &["hf"]),
            ("", &[""]),
            // A fourth line there is not.
            ("one.two three four.five six", &["one.two", "three", "four.five six"]),
        ];
        for (title, lines) in rows {
            assert_eq!(wrap(title, 20.0, width), lines, "{title}");
        }
    }
}
