//! Two aims against each other: every candidate, and those that none beats in both.

use super::canvas::{Canvas, Dash, Point};
use super::markers::{Fill, Shape, draw_marker};
use super::page::{Entry, Key, Page, Rect};
use super::palette::{BLACK, BLUE, GRID, INK, MUTED, ORANGE, VERMILION};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, padded, range, sill};
use super::ticks::{Tick, number_ticks};
use super::{Caption, ChartError, Estimate, Verdict};
use plotters::style::RGBColor;
use std::path::Path;

const RADIUS: f64 = 6.5;

/// Candidates by two aims.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParetoChart {
    pub caption: Caption,
    pub x: ParetoAxis,
    pub y: ParetoAxis,
    pub points: Vec<ParetoPoint>,
}

/// One aim.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParetoAxis {
    /// Name and unit; shares are given in percent.
    pub title: String,
    pub higher_is_better: bool,
    /// A constraint's limit on it, and what the line says.
    pub limit: Option<(f64, String)>,
}

/// One candidate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ParetoPoint {
    pub x: Estimate,
    pub y: Estimate,
    pub verdict: Verdict,
    pub role: ParetoRole,
}

/// What a candidate is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParetoRole {
    #[default]
    Candidate,
    /// Validated on fresh paths, not chosen.
    Finalist,
    /// The scenario as it stands.
    Base,
    Recommendation,
}

impl ParetoRole {
    const fn look(self) -> Option<(Shape, RGBColor, Fill, &'static str)> {
        match self {
            Self::Candidate => None,
            Self::Finalist => Some((Shape::Diamond, BLUE, Fill::Hollow, "finalist")),
            Self::Base => Some((Shape::Square, ORANGE, Fill::Full, "the scenario as it stands")),
            Self::Recommendation => Some((Shape::Star, BLACK, Fill::Full, "recommendation")),
        }
    }
}

/// Indices of the points that no other beats: at least as good in both aims and better in one.
/// Ascending in x, then y; of equal points all. Points without both values are not among them.
pub fn front(points: &[(f64, f64)], x_higher: bool, y_higher: bool) -> Vec<usize> {
    let gain = |value: f64, higher: bool| if higher { value } else { -value };
    let of = |i: usize| (gain(points[i].0, x_higher), gain(points[i].1, y_higher));
    let known = |i: &usize| points[*i].0.is_finite() && points[*i].1.is_finite();
    let mut order: Vec<usize> = (0..points.len()).filter(known).collect();
    // Best in x first, among equals best in y.
    order.sort_by(|a, b| {
        let (a, b) = (of(*a), of(*b));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    let mut best: Option<(f64, f64)> = None;
    let mut front: Vec<usize> = Vec::new();
    for i in order {
        let own = of(i);
        if best.is_none_or(|best| own.1 > best.1 || own == best) {
            best = Some(own);
            front.push(i);
        }
    }
    front.sort_by(|a, b| {
        let (a, b) = (points[*a], points[*b]);
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    front
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &ParetoChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let front = front_of(data);
    let (x, y) = (scale(data, &front, |p| p.x, &data.x), scale(data, &front, |p| p.y, &data.y));
    let (Some(x), Some(y)) = (x, y) else { return page.save_empty(out) };
    let (x_ticks, y_ticks) = (number_ticks(x.0, x.1, 9), number_ticks(y.0, y.1, 7));
    let (x_title, y_title) = (aim(&data.x), aim(&data.y));
    let plot = Plot { area: area(&page.body, &x_ticks, &y_ticks, &x_title), x, y };
    let axes = Axes {
        x_ticks: &x_ticks,
        x_title: &x_title,
        y_ticks: &y_ticks,
        y_title: &y_title,
        ..Axes::default()
    };
    draw_axes(&mut page.canvas, &plot, &axes);
    draw_limits(&mut page.canvas, &plot, data);
    draw_steps(&mut page.canvas, &plot, data, &front);
    for (index, point) in data.points.iter().enumerate() {
        let of_front = front.contains(&index);
        if of_front || point.role != ParetoRole::Candidate {
            draw_whiskers(&mut page.canvas, &plot, point);
        }
        if point.role == ParetoRole::Candidate {
            draw_candidate(&mut page.canvas, &plot, point, of_front);
        }
    }
    // The recommendation lies on top.
    let mut marked: Vec<&ParetoPoint> = data.points.iter().collect();
    marked.sort_by_key(|point| point.role);
    for point in marked {
        let (x, y) = (point.x.value, point.y.value);
        if let (Some((shape, color, fill, _)), true) =
            (point.role.look(), x.is_finite() && y.is_finite())
        {
            draw_marker(&mut page.canvas, shape, plot.at(x, y), color, fill);
        }
    }
    page.canvas.save(out)
}

/// Whether a candidate may be on the front: it breaks no constraint for certain.
const fn may(point: &ParetoPoint) -> bool {
    matches!(point.verdict, Verdict::Holds | Verdict::CannotTell)
}

/// The front of those that may be on it; of all where none may.
fn front_of(data: &ParetoChart) -> Vec<usize> {
    let any = data.points.iter().any(may);
    let of = |point: &ParetoPoint| match !any || may(point) {
        true => (point.x.value, point.y.value),
        false => (f64::NAN, f64::NAN),
    };
    let points: Vec<(f64, f64)> = data.points.iter().map(of).collect();
    front(&points, data.x.higher_is_better, data.y.higher_is_better)
}

/// All values, the limit, and the whiskers that are drawn.
fn scale(
    data: &ParetoChart,
    front: &[usize],
    of: fn(&ParetoPoint) -> Estimate,
    axis: &ParetoAxis,
) -> Option<(f64, f64)> {
    let values = data.points.iter().map(|point| of(point).value);
    let (low, high) = range(values)?;
    let whiskers = data
        .points
        .iter()
        .enumerate()
        .filter(|(index, point)| front.contains(index) || point.role != ParetoRole::Candidate);
    let ends = whiskers.flat_map(|(_, point)| of(point).ends());
    let limit = axis.limit.as_ref().map(|(at, _)| *at);
    // A limit far away would press the candidates together.
    let near = limit.filter(|at| *at > low - (high - low) && *at < high + (high - low));
    let all = range(ends.chain([low, high]).chain(near))?;
    Some(padded(all, 0.05))
}

fn area(body: &Rect, x_ticks: &[Tick], y_ticks: &[Tick], x_title: &str) -> Rect {
    Rect {
        left: body.left + gutter(y_ticks),
        top: body.top + TITLE_HEIGHT,
        right: body.right - 20.0,
        bottom: body.bottom - sill(x_ticks, x_title),
    }
}

fn aim(axis: &ParetoAxis) -> String {
    let better = if axis.higher_is_better { "more is better" } else { "less is better" };
    format!("{} ({better})", axis.title)
}

fn draw_limits(canvas: &mut Canvas, plot: &Plot, data: &ParetoChart) {
    let inside = |at: f64, (low, high): (f64, f64)| (low..=high).contains(&at);
    if let Some((at, _)) = data.x.limit.as_ref().filter(|limit| inside(limit.0, plot.x)) {
        let line = [plot.at(*at, plot.y.0), plot.at(*at, plot.y.1)];
        canvas.line(&line, 3.4, VERMILION, Dash::Dashed);
    }
    if let Some((at, _)) = data.y.limit.as_ref().filter(|limit| inside(limit.0, plot.y)) {
        let line = [plot.at(plot.x.0, *at), plot.at(plot.x.1, *at)];
        canvas.line(&line, 3.4, VERMILION, Dash::Dashed);
    }
}

/// What is attained: between two points of the front no more than the worse of each aim.
fn draw_steps(canvas: &mut Canvas, plot: &Plot, data: &ParetoChart, front: &[usize]) {
    let value = |i: usize| (data.points[i].x.value, data.points[i].y.value);
    let mut steps: Vec<Point> = Vec::new();
    for pair in front.windows(2) {
        let (a, b) = (value(pair[0]), value(pair[1]));
        // Ascending in x: where more x is better, one that stops at a's x keeps b's y.
        let corner = if data.x.higher_is_better { (a.0, b.1) } else { (b.0, a.1) };
        steps.extend([plot.at(a.0, a.1), plot.at(corner.0, corner.1), plot.at(b.0, b.1)]);
    }
    canvas.line(&steps, 3.0, BLUE, Dash::Solid);
}

fn draw_whiskers(canvas: &mut Canvas, plot: &Plot, point: &ParetoPoint) {
    let (x, y) = (point.x, point.y);
    if !(x.value.is_finite() && y.value.is_finite()) {
        return;
    }
    let color = if point.role == ParetoRole::Candidate { MUTED } else { INK };
    if x.low.is_finite() && x.high.is_finite() {
        let line = [plot.at(x.low, y.value), plot.at(x.high, y.value)];
        canvas.line(&line, 1.8, color, Dash::Solid);
    }
    if y.low.is_finite() && y.high.is_finite() {
        let line = [plot.at(x.value, y.low), plot.at(x.value, y.high)];
        canvas.line(&line, 1.8, color, Dash::Solid);
    }
}

fn draw_candidate(canvas: &mut Canvas, plot: &Plot, point: &ParetoPoint, of_front: bool) {
    if !(point.x.value.is_finite() && point.y.value.is_finite()) {
        return;
    }
    let at = plot.at(point.x.value, point.y.value);
    let color = if of_front && may(point) { BLUE } else { dot_color(point.verdict) };
    canvas.disc(at, RADIUS + 1.0, if of_front { INK } else { MUTED });
    canvas.disc(at, RADIUS, color);
}

const fn dot_color(verdict: Verdict) -> RGBColor {
    match verdict {
        Verdict::Holds => RGBColor(86, 180, 233),
        Verdict::CannotTell => RGBColor(240, 228, 66),
        Verdict::Violated | Verdict::LeftEarly | Verdict::Failed => GRID,
    }
}

fn legend(data: &ParetoChart) -> Vec<Entry> {
    let mut entries = Vec::new();
    let roles = [ParetoRole::Recommendation, ParetoRole::Base, ParetoRole::Finalist];
    for role in roles {
        let there = data.points.iter().any(|point| point.role == role);
        if let (true, Some((shape, color, fill, label))) = (there, role.look()) {
            let key = Key::Marker(shape, color, fill);
            entries.push(Entry { key, label: label.to_owned() });
        }
    }
    let front = front_of(data);
    let words = match data.points.iter().all(|point| point.verdict == Verdict::Holds) {
        true => "front: none is better in both",
        false if data.points.iter().any(may) => {
            "front: of those that break no constraint for certain none is better in both"
        }
        false => "front: none is better in both (all break a constraint)",
    };
    let key = match front.len() {
        0 => None,
        1 if data.points[front[0]].role == ParetoRole::Candidate && may(&data.points[front[0]]) => {
            Some(Key::Marker(Shape::Circle, BLUE, Fill::Full))
        }
        1 => None,
        _ => Some(Key::Line(BLUE, Dash::Solid)),
    };
    entries.extend(key.map(|key| Entry { key, label: words.to_owned() }));
    for (verdict, label) in [
        (Verdict::Holds, "constraints hold"),
        (Verdict::CannotTell, "cannot tell"),
        (Verdict::Violated, "a constraint does not hold"),
    ] {
        let drawn = |(index, point): (usize, &ParetoPoint)| {
            let is_blue = front.contains(&index) && may(point);
            point.role == ParetoRole::Candidate && !is_blue && point.verdict == verdict
        };
        let all_alike = data.points.iter().all(|point| point.verdict == Verdict::Holds);
        if data.points.iter().enumerate().any(drawn) {
            let key = Key::Marker(Shape::Circle, dot_color(verdict), Fill::Full);
            let label = if all_alike { "other candidates" } else { label };
            entries.push(Entry { key, label: label.to_owned() });
        }
    }
    let bar = |(index, point): (usize, &ParetoPoint)| {
        let is_drawn = front.contains(&index) || point.role != ParetoRole::Candidate;
        let open = |one: Estimate| !(one.low.is_finite() && one.high.is_finite());
        is_drawn && !(open(point.x) && open(point.y))
    };
    if data.points.iter().enumerate().any(bar) {
        let label = "95 % interval".to_owned();
        entries.push(Entry { key: Key::Line(INK, Dash::Solid), label });
    }
    let scales = [
        (&data.x, scale(data, &front, |p| p.x, &data.x)),
        (&data.y, scale(data, &front, |p| p.y, &data.y)),
    ];
    for (axis, span) in scales {
        let inside = |at: f64| span.is_some_and(|(low, high)| (low..=high).contains(&at));
        if let Some((_, label)) = axis.limit.as_ref().filter(|(at, _)| inside(*at)) {
            let key = Key::Line(VERMILION, Dash::Dashed);
            entries.push(Entry { key, label: label.clone() });
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (3, 1), (2, 2), (1, 3) beat (1, 1) and (2, 1); an equal of (2, 2) stays.
    #[test]
    fn the_front_is_what_none_beats() {
        let points = [
            (1.0, 1.0),
            (3.0, 1.0),
            (2.0, 2.0),
            (2.0, 1.0),
            (1.0, 3.0),
            (2.0, 2.0),
            (9.0, f64::NAN),
        ];
        assert_eq!(front(&points, true, true), [4, 2, 5, 1]);
        // Less of both is better: (1, 1) beats all.
        assert_eq!(front(&points, false, false), [0]);
        // More x, less y: (3, 1) beats all.
        assert_eq!(front(&points, true, false), [1]);
        // Less x, more y: (1, 3) beats all.
        assert_eq!(front(&points, false, true), [4]);
        assert!(front(&[], true, true).is_empty());
    }
}
