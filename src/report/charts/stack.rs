//! Panels one above the other over one x axis, of which the last carries the labels.

use super::calendar::time_ticks;
use super::canvas::Canvas;
use super::page::Rect;
use super::panel::{Axes, Plot, TITLE_HEIGHT, draw_axes, sill};
use super::ticks::Tick;

/// What panels of a page share.
#[derive(Debug, Clone)]
pub(super) struct Stack {
    /// All panels with the room for their titles; what labels of y axes need is taken from its left.
    pub area: Rect,
    x: (f64, f64),
    x_ticks: Vec<Tick>,
    x_title: String,
    rows: usize,
}

impl Stack {
    /// So many panels in the body of a page.
    pub(super) fn new(
        body: Rect,
        x: (f64, f64),
        x_ticks: Vec<Tick>,
        x_title: String,
        rows: usize,
    ) -> Self {
        let bottom = body.bottom - sill(&x_ticks, &x_title);
        Self { area: Rect { bottom, ..body }, x, x_ticks, x_title, rows: rows.max(1) }
    }

    /// Panels over a range of times; where they show `shown` of `all` things the axis says so.
    pub(super) fn over_time(
        body: Rect,
        span_ms: (i64, i64),
        (shown, all, things): (usize, usize, &str),
        rows: usize,
    ) -> Self {
        let title = match all > shown {
            true => format!("time (UTC); {shown} of {all} {things} shown"),
            false => "time (UTC)".to_owned(),
        };
        let x = (span_ms.0 as f64, span_ms.1 as f64);
        Self::new(body, x, time_ticks(span_ms.0, span_ms.1, 9), title, rows)
    }

    fn height(&self) -> f64 {
        self.area.height() / self.rows as f64
    }

    /// How many ticks a y axis has room for, each with so many pixels.
    pub(super) fn ticks_at(&self, pixels: f64) -> usize {
        ((self.height() - TITLE_HEIGHT) / pixels) as usize
    }

    /// Draws the axes of a panel, counted from the top.
    pub(super) fn axes(
        &self,
        canvas: &mut Canvas,
        row: usize,
        (y, y_ticks): ((f64, f64), &[Tick]),
        y_title: &str,
    ) -> Plot {
        let top = self.area.top + row as f64 * self.height();
        let area = Rect { top: top + TITLE_HEIGHT, bottom: top + self.height(), ..self.area };
        let plot = Plot { area, x: self.x, y };
        let axes = Axes {
            x_ticks: &self.x_ticks,
            x_title: &self.x_title,
            y_ticks,
            y_title,
            bare_x: row + 1 < self.rows,
            bare_y: false,
        };
        draw_axes(canvas, &plot, &axes);
        plot
    }
}
