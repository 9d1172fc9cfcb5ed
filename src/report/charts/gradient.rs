//! A scale of colours for a metric, and the bar that explains it.
//!
//! The colours are eleven points of viridis (Smith & van der Walt 2015, public domain): even in
//! lightness, so that they keep their order in grey and for colour-blind readers.

use super::canvas::{Align, Canvas, Dash, Type};
use super::font::Face;
use super::page::{Rect, TEXT};
use super::palette::{AXIS, BLACK, INK, MUTED, WHITE, fade};
use super::panel::range;
use super::ticks::{nice_step, number, number_ticks};
use plotters::style::RGBColor;

const POINTS: [RGBColor; 11] = [
    RGBColor(68, 1, 84),
    RGBColor(72, 36, 117),
    RGBColor(65, 68, 135),
    RGBColor(53, 95, 141),
    RGBColor(42, 120, 142),
    RGBColor(33, 145, 140),
    RGBColor(34, 168, 132),
    RGBColor(68, 191, 112),
    RGBColor(122, 209, 81),
    RGBColor(189, 223, 38),
    RGBColor(253, 231, 37),
];
/// Stripes of the bar.
const STRIPES: usize = 120;
/// Width of bar, labels and the gap to its left, in page pixels.
pub(super) const BAR_WIDTH: f64 = 190.0;
const INK_WIDTH: f64 = 30.0;
const GAP: f64 = 36.0;
/// From this place on the scale dark text reads better than white.
const LIGHT: f64 = 0.55;

/// From the worst value (dark) to the best (bright).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gradient {
    lo: f64,
    hi: f64,
    higher_is_better: bool,
}

impl Gradient {
    /// Over the finite values; nothing if there is none.
    pub(super) fn of(values: impl Iterator<Item = f64>, higher_is_better: bool) -> Option<Self> {
        range(values).map(|(lo, hi)| Self { lo, hi, higher_is_better })
    }

    /// Place of a value in [0, 1], 1 the best; where all values are one: the middle.
    pub(super) fn place(&self, value: f64) -> f64 {
        if self.hi <= self.lo {
            return 0.5;
        }
        let up = ((value - self.lo) / (self.hi - self.lo)).clamp(0.0, 1.0);
        if self.higher_is_better { up } else { 1.0 - up }
    }

    pub(super) fn color(&self, value: f64) -> RGBColor {
        shade(self.place(value))
    }

    /// Colour of a text on the value's colour.
    pub(super) fn ink(&self, value: f64) -> RGBColor {
        if self.place(value) >= LIGHT { BLACK } else { WHITE }
    }

    /// A value to the precision that tells the scale's values apart.
    pub(super) fn text(&self, value: f64) -> String {
        let span = (self.hi - self.lo).max(1e-3 * self.hi.abs().max(self.lo.abs()));
        number(value, nice_step(span / 200.0))
    }

    /// The bar at the right edge of `body`, over the height of `area`; `title` names metric and unit and
    /// stands on the line `baseline`.
    pub(super) fn draw_bar(
        &self,
        canvas: &mut Canvas,
        (body, area): (&Rect, &Rect),
        title: &str,
        baseline: f64,
    ) {
        let left = body.right - BAR_WIDTH + GAP;
        let height = area.height();
        for stripe in 0..STRIPES {
            let share = |stripe: usize| stripe as f64 / STRIPES as f64;
            let value = self.lo + (self.hi - self.lo) * (share(stripe) + 0.5 / STRIPES as f64);
            let (top, bottom) =
                (area.bottom - height * share(stripe + 1), area.bottom - height * share(stripe));
            canvas.rect((left, top), (left + INK_WIDTH, bottom), fade(self.color(value), 1.0));
        }
        let set = Type { face: Face::Regular, em: TEXT, color: MUTED, align: Align::Left };
        let mut ticks: Vec<(f64, String)> = number_ticks(self.lo, self.hi, 6)
            .into_iter()
            .map(|tick| (tick.at, tick.label))
            .collect();
        if self.hi <= self.lo {
            ticks = vec![(self.lo, self.text(self.lo))];
        }
        for (at, label) in ticks {
            let up = if self.hi > self.lo { (at - self.lo) / (self.hi - self.lo) } else { 0.5 };
            let y = area.bottom - height * up;
            let right = left + INK_WIDTH;
            canvas.line(&[(right, y), (right + 6.0, y)], 2.0, AXIS, Dash::Solid);
            let room = body.right - right - 12.0;
            let (label, em) = Face::Regular.fit(&label, TEXT, room);
            canvas.text(&label, (right + 12.0, y + 8.0), Type { em, ..set });
        }
        let better = if self.higher_is_better { "↑ better" } else { "↓ better" };
        let room = 2.2 * BAR_WIDTH;
        let set = Type { face: Face::Bold, em: TEXT, color: INK, align: Align::Right };
        let (title, em) = Face::Bold.fit(&format!("{title}  {better}"), TEXT, room);
        canvas.text(&title, (body.right, baseline), Type { em, ..set });
    }
}

/// The colour at a place in [0, 1], between its neighbours among the points.
pub(super) fn shade(place: f64) -> RGBColor {
    let at = place.clamp(0.0, 1.0) * (POINTS.len() - 1) as f64;
    let below = (at as usize).min(POINTS.len() - 2);
    let (from, to, share) = (POINTS[below], POINTS[below + 1], at - below as f64);
    let mix = |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_run_from_worst_to_best() {
        let rows = [
            (true, 0.0, RGBColor(68, 1, 84)),
            (true, 10.0, RGBColor(253, 231, 37)),
            (true, 5.0, RGBColor(33, 145, 140)),
            // Half way between the first two points: (68+72)/2, (1+36)/2, (84+117)/2.
            (true, 0.5, RGBColor(70, 19, 101)),
            (false, 0.0, RGBColor(253, 231, 37)),
            (false, 10.0, RGBColor(68, 1, 84)),
        ];
        for (higher_is_better, value, color) in rows {
            let scale = Gradient { lo: 0.0, hi: 10.0, higher_is_better };
            assert_eq!(scale.color(value), color, "{higher_is_better} {value}");
        }
    }

    #[test]
    fn one_value_stands_in_the_middle() {
        let scale = Gradient::of([3.0, f64::NAN, 3.0].into_iter(), true).expect("a value");
        assert_eq!(scale.place(3.0), 0.5);
        assert_eq!(Gradient::of([f64::NAN].into_iter(), true), None);
    }
}
