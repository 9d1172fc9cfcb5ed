//! Correlations over a trailing window, against those that they drift along.

use super::canvas::{Canvas, Dash, Point};
use super::page::{Entry, Key, Page};
use super::palette::{BLUE, INK, ORANGE, SKY};
use super::panel::{Plot, gutter, padded, range, time_range};
use super::stack::Stack;
use super::ticks::number_ticks;
use super::{Caption, ChartError, Sample};
use plotters::style::RGBColor;
use std::path::Path;

const PANELS_MAX: usize = 3;

/// Rolling correlations of one or more pairs on one time axis.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RollingChart {
    pub caption: Caption,
    /// Number of the path that is drawn beside the mean.
    pub traced: u64,
    /// Paths of the mean.
    pub paths: u64,
    /// From top to bottom; of more than three the rest is left out, and the chart says so.
    pub panels: Vec<RollingPanel>,
}

/// One pair; a value that is not finite breaks its line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RollingPanel {
    /// Title of the y axis, such as `BTC and ETH, correlation`.
    pub label: String,
    /// Of one path.
    pub traced: Vec<Sample>,
    /// Mean over the paths.
    pub mean: Vec<Sample>,
    /// What the drift makes of the mean.
    pub target: Vec<Sample>,
    /// What it makes of the one path; empty where that is the same.
    pub traced_target: Vec<Sample>,
}

/// Colour, width and dash of a line.
type Ink = (RGBColor, f64, Dash);

const TRACED: Ink = (SKY, 2.2, Dash::Solid);
const MEAN: Ink = (ORANGE, 4.6, Dash::Solid);
const TARGET: Ink = (INK, 2.6, Dash::Dashed);
const OWN_TARGET: Ink = (BLUE, 2.6, Dash::Dotted);

impl RollingPanel {
    fn lines(&self) -> [(&[Sample], Ink); 4] {
        [
            (&self.traced, TRACED),
            (&self.mean, MEAN),
            (&self.traced_target, OWN_TARGET),
            (&self.target, TARGET),
        ]
    }
}

/// Writes the chart as a 1600×900 PNG to `out` (a name ending in `.png`).
pub fn draw(data: &RollingChart, out: &Path) -> Result<(), ChartError> {
    let mut page = Page::new(&data.caption, &legend(data));
    let all = || data.panels.iter().flat_map(RollingPanel::lines).flat_map(|(line, _)| line);
    let values = range(all().map(|sample| sample.value));
    let span = time_range(all().map(|sample| sample.time_ms));
    let (Some(span), Some(values)) = (span, values) else { return page.save_empty(out) };
    let shown = &data.panels[..data.panels.len().min(PANELS_MAX)];
    let counts = (shown.len(), data.panels.len(), "pairs");
    let mut stack = Stack::over_time(page.body, span, counts, shown.len());
    let y = padded(values, 0.08);
    let y = (y.0.max(-1.0), y.1.min(1.0));
    let y = if y.1 > y.0 { y } else { (-1.0, 1.0) };
    let y_ticks = number_ticks(y.0, y.1, stack.ticks_at(34.0).clamp(3, 6));
    stack.area.left += gutter(&y_ticks);
    for (row, panel) in shown.iter().enumerate() {
        let plot = stack.axes(&mut page.canvas, row, (y, &y_ticks), &panel.label);
        for (line, ink) in panel.lines() {
            draw_line(&mut page.canvas, &plot, line, ink);
        }
    }
    page.canvas.save(out)
}

fn draw_line(canvas: &mut Canvas, plot: &Plot, line: &[Sample], (color, width, dash): Ink) {
    for piece in line.split(|sample| !sample.value.is_finite()) {
        let at = |sample: &Sample| plot.at(sample.time_ms as f64, sample.value);
        let points: Vec<Point> = piece.iter().map(at).collect();
        canvas.line(&points, width, color, dash);
        if let [only] = points[..] {
            canvas.disc(only, 5.0, color);
        }
    }
}

fn legend(data: &RollingChart) -> Vec<Entry> {
    let entry = |(color, _, dash): Ink, label: String| Entry { key: Key::Line(color, dash), label };
    let mut entries = vec![
        entry(MEAN, format!("mean of {} paths", data.paths)),
        entry(TARGET, "the drift, mean over window and paths".to_owned()),
        entry(TRACED, format!("path {}", data.traced)),
    ];
    if data.panels.iter().any(|panel| !panel.traced_target.is_empty()) {
        entries.push(entry(OWN_TARGET, format!("the drift on path {}", data.traced)));
    }
    entries
}
