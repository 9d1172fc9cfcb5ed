//! The prices of a panel.

use super::scale::Scale;
use super::{InspectionPanel, across};
use crate::report::charts::canvas::{Dash, Point};
use crate::report::charts::page::Page;
use crate::report::charts::palette::{BLUE, SKY, fade};
use crate::report::charts::panel::Plot;

/// Opacity of the reach of bars.
pub(super) const REACH: f64 = 0.75;
/// Greatest width of a bar, in page pixels.
const BAR_MAX: f64 = 9.0;

/// What one pixel column shows of its bars.
struct PixelColumn {
    left: f64,
    high: f64,
    low: f64,
    close: Point,
}

/// From lowest to highest over each pixel column, and the last close of each on top.
pub(super) fn draw_prices(
    page: &mut Page,
    plot: &Plot,
    scale: &Scale,
    panel: &InspectionPanel<'_>,
) {
    let rows = panel.time.iter().zip(panel.low.iter().zip(panel.high).zip(panel.close));
    let mut columns: Vec<PixelColumn> = Vec::new();
    for (&time, ((&low, &high), &close)) in rows {
        if !(low.is_finite() && high.is_finite() && close.is_finite()) {
            continue;
        }
        let (x, close) = plot.at(time as f64, scale.value(close));
        let (top, bottom) = (scale.value(low.max(high)), scale.value(low.min(high)));
        let (top, bottom) = (plot.at(time as f64, top).1, plot.at(time as f64, bottom).1);
        match columns.last_mut() {
            Some(column) if column.left == x.floor() => {
                column.high = column.high.min(top);
                column.low = column.low.max(bottom);
                column.close = (x, close);
            }
            _ => {
                let left = x.floor();
                columns.push(PixelColumn { left, high: top, low: bottom, close: (x, close) });
            }
        }
    }
    // Where bars are farther apart than pixels they are as wide as half their distance.
    let ends = columns.first().zip(columns.last());
    let across = ends.map_or(0.0, |(first, last)| last.left - first.left);
    let spacing = across / columns.len().saturating_sub(1).max(1) as f64;
    let half = if spacing < 3.0 { 0.8 } else { (0.25 * spacing).clamp(0.8, BAR_MAX / 2.0) };
    for column in &columns {
        let middle = if spacing < 3.0 { column.left + 0.5 } else { column.close.0 };
        let (from, to) = ((middle - half, column.high), (middle + half, column.low));
        page.canvas.rect(from, to, fade(SKY, REACH));
    }
    for line in unbroken(&columns, plot, panel.gaps) {
        match line.as_slice() {
            [only] => page.canvas.disc(*only, 3.0, BLUE),
            _ => page.canvas.line(&line, 1.8, BLUE, Dash::Solid),
        }
    }
}

/// Closes, broken where a gap lies between two columns.
fn unbroken(columns: &[PixelColumn], plot: &Plot, gaps: &[(i64, i64)]) -> Vec<Vec<Point>> {
    let middles = gaps.iter().map(|&(from, to)| {
        let (left, right) = across(plot, from, to);
        (left + right) / 2.0
    });
    let mut middles = middles.peekable();
    let mut lines: Vec<Vec<Point>> = Vec::new();
    let mut before = f64::NEG_INFINITY;
    for column in columns {
        let mut broken = lines.is_empty();
        while middles.next_if(|&middle| middle <= column.close.0).is_some() {
            // A gap inside one column is too short to be seen.
            broken |= column.left - before > 1.0;
        }
        if broken {
            lines.push(Vec::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(column.close);
        }
        before = column.left;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::page::Rect;

    #[test]
    fn a_gap_breaks_the_close() {
        let area = Rect { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0 };
        let plot = Plot { area, x: (0.0, 1000.0), y: (0.0, 100.0) };
        let column = |x: f64| PixelColumn { left: x, high: 0.0, low: 1.0, close: (x + 0.5, 0.5) };
        let columns: Vec<PixelColumn> =
            [1.0, 2.0, 3.0, 60.0, 61.0].into_iter().map(column).collect();
        let lengths = |gaps: &[(i64, i64)]| -> Vec<usize> {
            unbroken(&columns, &plot, gaps).iter().map(Vec::len).collect()
        };
        assert_eq!(lengths(&[]), [5]);
        assert_eq!(lengths(&[(40, 600)]), [3, 2]);
        // Shorter than a pixel, and before the first column.
        assert_eq!(lengths(&[(24, 25)]), [5]);
        assert_eq!(lengths(&[(0, 5), (40, 600)]), [3, 2]);
    }
}
