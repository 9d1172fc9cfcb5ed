//! Recalls of loans: from the request to the arrival, and what was on its way when it was needed.

use super::calendar::time_ticks;
use super::canvas::{Align, Canvas, Dash, Point, Type};
use super::downsample::{pieces, steps};
use super::font::Face;
use super::markers::{Fill, Marker, Shape, draw_marker, draw_markers};
use super::page::{Entry, Key, Page, Rect, TEXT};
use super::palette::{BLUE, GREEN, INK, ORANGE, PURPLE, SKY, VERMILION, fade, tint};
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, gutter, range, sill, time_range};
use super::ticks::number_ticks;
use super::{Caption, ChartError, Sample};
use plotters::style::RGBColor;
use std::path::Path;

/// Least height of a loan's row, in page pixels; what finds no room is counted in a last line.
const ROW_MIN: f64 = 21.0;
const ROW_MAX: f64 = 56.0;
/// Share of the page for the loans; the rest is for the value under way.
const LOANS_SHARE: f64 = 0.64;

/// The recalls of one path.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecallsChart {
    pub caption: Caption,
    /// First and last instant of the path, milliseconds since the Unix epoch, UTC.
    pub span_ms: (i64, i64),
    /// In the order of the requests.
    pub loans: Vec<RecalledLoan>,
    /// Value of what is recalled and has not arrived, USDC; each holds until the next.
    pub on_the_way: Vec<Sample>,
    /// Instants at which money was needed while some was on its way.
    pub needs: Vec<RecallNeed>,
}

/// One recalled loan. Instants are milliseconds since the Unix epoch, UTC.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecalledLoan {
    /// Such as `loan 3, 0.8 ETH`.
    pub label: String,
    pub asked_ms: i64,
    /// `None` if it is not known.
    pub due_ms: Option<i64>,
    /// When it was found not returned.
    pub failed_ms: Option<i64>,
    /// `None`: not before the end of the path.
    pub arrived_ms: Option<i64>,
}

/// One instant of need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecallNeed {
    /// Milliseconds since the Unix epoch, UTC.
    pub time_ms: i64,
    /// What was on its way, USDC.
    pub on_the_way: f64,
    pub kind: NeedKind,
}

/// What needed it; each kind has its own shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedKind {
    /// The venue closed a position.
    Liquidation,
    /// A kill switch or a stop closed a position.
    Exit,
    /// A top-up or another request found too little money.
    Rejection,
}

impl NeedKind {
    const ALL: [Self; 3] = [Self::Liquidation, Self::Exit, Self::Rejection];

    fn look(self) -> (Shape, RGBColor, &'static str) {
        match self {
            Self::Liquidation => (Shape::Diamond, VERMILION, "liquidation meanwhile"),
            Self::Exit => (Shape::Cross, INK, "kill switch or stop meanwhile"),
            Self::Rejection => (Shape::Square, PURPLE, "top-up or request without money"),
        }
    }
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &RecallsChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let asked = data.loans.iter().map(|l| l.asked_ms);
    let ends = data.loans.iter().flat_map(|l| [l.due_ms, l.arrived_ms].into_iter().flatten());
    let Some(span) = shown_span(data, asked.chain(ends)) else { return page.save_empty(out) };

    let x_ticks = time_ticks(span.0, span.1, 8);
    let x_title = "time (UTC)";
    let body = page.body;
    let room = body.height() - sill(&x_ticks, x_title) - 2.0 * TITLE_HEIGHT;
    let (kept, hidden) = fitting(data, LOANS_SHARE * room);
    let lines = kept.len() + usize::from(hidden > 0);
    let row = (LOANS_SHARE * room / lines as f64).min(ROW_MAX);
    let values = data.on_the_way.iter().map(|s| s.value);
    let most = range(values.chain(data.needs.iter().map(|n| n.on_the_way)));
    let high = most.map_or(1.0, |(_, high)| if high > 0.0 { 1.12 * high } else { 1.0 });
    let (rows_top, rows_height) = (body.top + TITLE_HEIGHT, row * lines as f64);
    let value_top = rows_top + rows_height + TITLE_HEIGHT;
    let value_bottom = body.bottom - sill(&x_ticks, x_title);
    let most_ticks = ((value_bottom - value_top) / 46.0) as usize;
    let y_ticks = number_ticks(0.0, high, most_ticks.clamp(2, 6));
    let em = (0.8 * row).min(TEXT);
    let widest = kept.iter().map(|l| Face::Regular.width(&l.label, em)).fold(0.0, f64::max);
    let left = body.left + (widest.min(420.0) + 16.0).max(gutter(&y_ticks));
    let x = (span.0 as f64, span.1 as f64);

    let area = Rect { left, top: rows_top, right: body.right, bottom: rows_top + rows_height };
    let plot = Plot { area, x, y: (0.0, 1.0) };
    let y_title = "recalled loans, from the request to the arrival";
    let axes = Axes { x_ticks: &x_ticks, y_title, bare_x: true, ..Axes::default() };
    draw_axes(&mut page.canvas, &plot, &axes);
    for (i, loan) in kept.iter().enumerate() {
        draw_loan(&mut page, &plot, loan, (rows_top + i as f64 * row, row), em);
    }
    if hidden > 0 {
        let at = (left + 12.0, rows_top + (kept.len() as f64 + 0.5) * row + 0.36 * em);
        let set = Type { face: Face::Bold, em, color: INK, align: Align::Left };
        page.canvas.text_on_white(&format!("… and {hidden} more loans"), at, set);
    }

    let area = Rect { left, top: value_top, right: body.right, bottom: value_bottom };
    let plot = Plot { area, x, y: (0.0, high) };
    let y_title = "recalled and not yet there, USDC at the mark of the request";
    let axes = Axes { x_ticks: &x_ticks, x_title, y_ticks: &y_ticks, y_title, ..Axes::default() };
    draw_axes(&mut page.canvas, &plot, &axes);
    draw_value(&mut page.canvas, &plot, data);
    page.canvas.save(out)
}

/// The part of the path that recalls take, with a tenth of it on both sides.
fn shown_span(data: &RecallsChart, times: impl Iterator<Item = i64>) -> Option<(i64, i64)> {
    let open = data.loans.iter().any(|loan| loan.arrived_ms.is_none());
    let last = open.then_some(data.span_ms.1);
    let (from, to) = time_range(times.chain(last))?;
    let pad = (to - from) / 10;
    let (first, last) = (data.span_ms.0.min(from), data.span_ms.1.max(to));
    time_range([(from - pad).max(first), (to + pad).min(last)].into_iter())
}

/// The loans that find room, and how many do not.
fn fitting(data: &RecallsChart, height: f64) -> (&[RecalledLoan], usize) {
    let most = ((height / ROW_MIN) as usize).max(2);
    let kept = if data.loans.len() <= most { data.loans.len() } else { most - 1 };
    (&data.loans[..kept], data.loans.len() - kept)
}

fn draw_loan(page: &mut Page, plot: &Plot, loan: &RecalledLoan, (top, row): (f64, f64), em: f64) {
    let middle = top + row / 2.0;
    let room = plot.area.left - page.body.left - 16.0;
    let (label, label_em) = Face::Regular.fit(&loan.label, em, room);
    let set = Type { face: Face::Regular, em: label_em, color: INK, align: Align::Right };
    page.canvas.text(&label, (plot.area.left - 14.0, middle + 0.36 * em), set);
    let at = |ms: i64| plot.at(ms as f64, 0.0).0;
    let half = 0.30 * row;
    let from = at(loan.asked_ms);
    let until = loan.arrived_ms.map_or(plot.area.right, at).max(from + 2.0);
    let color = look_of(loan).0;
    page.canvas.rect((from, middle - half), (until, middle + half), tint(color, 0.85));
    if let Some(due_ms) = loan.due_ms {
        let x = at(due_ms);
        let tick = [(x, middle - half - 4.0), (x, middle + half + 4.0)];
        page.canvas.line(&tick, 4.0, INK, Dash::Solid);
    }
    if let Some(failed_ms) = loan.failed_ms {
        let center = (at(failed_ms), middle);
        draw_marker(&mut page.canvas, Shape::Circle, center, VERMILION, Fill::Hollow);
    }
}

/// How a recall ended: colour and name.
fn look_of(loan: &RecalledLoan) -> (RGBColor, &'static str) {
    match (loan.failed_ms, loan.arrived_ms) {
        (Some(_), Some(_)) => (ORANGE, "failed, then bought in"),
        (Some(_), None) => (VERMILION, "failed, nothing came"),
        (None, None) => (SKY, "on its way at the end"),
        (None, Some(arrived)) if loan.due_ms.is_some_and(|due| arrived < due) => {
            (GREEN, "returned early")
        }
        (None, Some(_)) => (BLUE, "returned at its deadline"),
    }
}

fn draw_value(canvas: &mut Canvas, plot: &Plot, data: &RecallsChart) {
    for piece in pieces(&data.on_the_way, plot) {
        let line: Vec<Point> = steps(&piece);
        for pair in line.windows(2) {
            let foot = (pair[1].0, plot.area.bottom);
            if pair[1].0 > pair[0].0 {
                canvas.rect((pair[0].0, pair[0].1), foot, fade(BLUE, 0.18));
            }
        }
        canvas.line(&line, 3.0, BLUE, Dash::Solid);
    }
    let placed = data.needs.iter().filter(|n| n.on_the_way.is_finite()).map(|need| {
        let (shape, color, _) = need.kind.look();
        let at = plot.at(need.time_ms as f64, need.on_the_way);
        Marker { shape, color, fill: Fill::Full, at }
    });
    draw_markers(canvas, &plot.area, &placed.collect::<Vec<_>>());
}

fn legend(data: &RecallsChart) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for loan in &data.loans {
        let (color, label) = look_of(loan);
        if !entries.iter().any(|entry| entry.label == label) {
            entries.push(Entry { key: Key::Swatch(tint(color, 0.85)), label: label.to_owned() });
        }
    }
    if data.loans.iter().any(|loan| loan.due_ms.is_some()) {
        let label = "deadline".to_owned();
        entries.push(Entry { key: Key::Tick(INK), label });
    }
    if data.loans.iter().any(|loan| loan.failed_ms.is_some()) {
        let key = Key::Marker(Shape::Circle, VERMILION, Fill::Hollow);
        entries.push(Entry { key, label: "not returned".to_owned() });
    }
    for kind in NeedKind::ALL.into_iter().filter(|k| data.needs.iter().any(|n| n.kind == *k)) {
        let (shape, color, label) = kind.look();
        let key = Key::Marker(shape, color, Fill::Full);
        entries.push(Entry { key, label: label.to_owned() });
    }
    entries
}
