//! Hatching: what is drawn over an area that may not be chosen.

use super::canvas::{Canvas, Dash};
use super::page::Rect;
use plotters::style::RGBColor;

const STEP: f64 = 13.0;
const WIDTH: f64 = 1.7;

/// Parallel lines from lower left to upper right, in step over the whole page.
pub(super) fn draw_hatch(canvas: &mut Canvas, area: Rect, color: RGBColor) {
    // Along a line x + y is constant.
    let (first, last) = ((area.left + area.top) / STEP, (area.right + area.bottom) / STEP);
    if !(first.is_finite() && last.is_finite() && last - first < 10_000.0) {
        return;
    }
    for k in (first.ceil() as i64)..=(last.floor() as i64) {
        let sum = k as f64 * STEP;
        let (left, right) = (area.left.max(sum - area.bottom), area.right.min(sum - area.top));
        if right > left {
            canvas.line(&[(left, sum - left), (right, sum - right)], WIDTH, color, Dash::Solid);
        }
    }
}
