//! The numbers in the cells of a grid, off its contour.

use super::axis::Places;
use super::{GridCell, GridChart, cell_area};
use crate::report::charts::canvas::{Align, Canvas, Point, Type};
use crate::report::charts::font::Face;
use crate::report::charts::gradient::Gradient;
use crate::report::charts::page::{Rect, TEXT};
use crate::report::charts::palette::fade;

/// Texts in cells: none below this em, which can still be read at half the size.
const EM_MIN: f64 = 16.0;
/// Room about a text, beside and below.
const ROOM: f64 = 4.0;
/// What lies between a text that has moved and the edge of its cell.
const EDGE: f64 = 1.5;

/// Width and height of a text with the ground that it stands on; nothing where none is written.
pub(super) fn size(text: &str, em: Option<f64>) -> (f64, f64) {
    let of = |em| (Face::Bold.width(text, em) + 2.0 * ROOM, 1.2 * em);
    em.map_or((0.0, 0.0), of)
}

/// Writes the value into every cell and gives their em; into none where the widest does not fit. Where
/// the contour would run behind a number, it moves up or down in its cell.
pub(super) fn write(
    canvas: &mut Canvas,
    data: &GridChart,
    at: (&Places, &Places),
    scale: &Gradient,
    contour: &[[Point; 2]],
) -> Option<f64> {
    let (x, y) = at;
    let known = |cell: &&GridCell| cell.value().abs() < 1e100;
    let widest = (data.cells.iter().filter(known))
        .map(|cell| Face::Bold.width(&scale.text(cell.value()), 1.0))
        .fold(0.0, f64::max);
    let em = (0.86 * x.least() / widest.max(0.1)).min(0.42 * y.least()).min(TEXT);
    if em < EM_MIN {
        return None;
    }
    for (index, cell) in data.cells.iter().enumerate().filter(|(_, cell)| known(cell)) {
        let place = (index % data.x.len(), index / data.x.len());
        let area = cell_area(x, y, place);
        let marked = data.best == Some(place) || data.base == Some(place);
        let value = cell.value();
        let (ink, text) = (scale.ink(value), scale.text(value));
        let ground = ground(area, size(&text, Some(em)), marked, contour);
        if cell.is_doubtful() || data.limit.is_some() {
            // Over the hatching and the contour a text needs ground of its own.
            let (from, to) = ((ground.left, ground.top), (ground.right, ground.bottom));
            canvas.rect(from, to, fade(scale.color(value), 1.0));
        }
        let set = Type { face: Face::Bold, em, color: ink, align: Align::Center };
        let baseline = ground.bottom - 0.24 * em;
        canvas.text(&text, ((ground.left + ground.right) / 2.0, baseline), set);
    }
    Some(em)
}

/// Where a text stands: in the middle of its cell, below or above, or in a corner, whichever the contour
/// crosses least; of a cell with a marker, which is in an upper corner, not above.
fn ground(area: Rect, (wide, high): (f64, f64), marked: bool, contour: &[[Point; 2]]) -> Rect {
    let (x, y) = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
    let away = |length: f64, own: f64| ((length - own) / 2.0 - EDGE).max(0.0);
    let (aside, off) = (away(area.width(), wide), away(area.height(), high));
    let at = |(aside, off): (f64, f64)| Rect {
        left: x + aside - wide / 2.0,
        right: x + aside + wide / 2.0,
        top: y + off - high / 2.0,
        bottom: y + off + high / 2.0,
    };
    let crossed = |rect: &Rect| -> f64 { contour.iter().map(|piece| inside(piece, rect)).sum() };
    let corners = [(aside, off), (-aside, off), (aside, -off), (-aside, -off)];
    let places = [(0.0, off), (0.0, -off)].into_iter().chain(corners);
    let mut best = at((0.0, 0.0));
    for place in places.filter(|(_, off)| !marked || *off >= 0.0) {
        let other = at(place);
        if crossed(&other) < crossed(&best) {
            best = other;
        }
    }
    best
}

/// How much of a line is inside of a rectangle (Liang & Barsky 1984, "A new concept and method for line
/// clipping").
fn inside(line: &[Point; 2], rect: &Rect) -> f64 {
    let [a, b] = *line;
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    let sides = [
        (-dx, a.0 - rect.left),
        (dx, rect.right - a.0),
        (-dy, a.1 - rect.top),
        (dy, rect.bottom - a.1),
    ];
    for (along, room) in sides {
        if along == 0.0 && room < 0.0 {
            return 0.0;
        } else if along < 0.0 {
            from = from.max(room / along);
        } else if along > 0.0 {
            to = to.min(room / along);
        }
    }
    (to - from).max(0.0) * (dx * dx + dy * dy).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELL: Rect = Rect { left: 0.0, top: 0.0, right: 100.0, bottom: 60.0 };

    /// A line through the middle of a square of side 2 has 2 inside; its diagonal 2√2; one that ends in
    /// the middle 1; one beside it nothing.
    #[test]
    fn lengths_inside_of_a_square() {
        let square = Rect { left: 0.0, top: 0.0, right: 2.0, bottom: 2.0 };
        for (line, expected) in [
            ([(-5.0, 1.0), (5.0, 1.0)], 2.0),
            ([(-1.0, -1.0), (3.0, 3.0)], 8f64.sqrt()),
            ([(1.0, 1.0), (1.0, 9.0)], 1.0),
            ([(-5.0, 3.0), (5.0, 3.0)], 0.0),
            ([(-2.0, 1.0), (1.0, -2.0)], 0.0),
        ] {
            assert!((inside(&line, &square) - expected).abs() < 1e-12, "{line:?}");
        }
    }

    /// A contour through the middle moves a number of 20 pixels down, one through the lower half of the
    /// cell leaves it alone; above it only goes where there is no marker.
    #[test]
    fn numbers_move_off_the_contour() {
        let level = |y: f64| [(0.0, y), (100.0, y)];
        let top = |marked, contour: &[[Point; 2]]| ground(CELL, (50.0, 20.0), marked, contour).top;
        assert_eq!(top(false, &[]), 20.0);
        assert_eq!(top(false, &[level(30.0)]), 38.5);
        assert_eq!(top(false, &[level(50.0)]), 20.0);
        assert_eq!(top(false, &[level(30.0), level(50.0)]), 1.5);
        assert_eq!(top(true, &[level(30.0), level(50.0)]), 20.0);
        // y = 0.6·x: of the two corners that it leaves alone the lower left comes first.
        let found = ground(CELL, (50.0, 20.0), false, &[[(0.0, 0.0), (100.0, 60.0)]]);
        assert_eq!((found.right, found.top), (51.5, 38.5));
    }
}
