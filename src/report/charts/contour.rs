//! The line along which a field on a grid has a given value: marching squares (Maple 2003,
//! "Geometric design and space planning using the marching squares and marching cube algorithms").

use super::canvas::Point;

/// Pieces of the line where the field equals `level`, in the coordinates of the grid's points.
///
/// `field` has a row of `xs.len()` values per `y`. Between two neighbours the field is taken as
/// linear. A square with a corner that is not finite has no piece. In a saddle the mean of the four
/// corners decides which two are joined.
pub(super) fn contour(xs: &[f64], ys: &[f64], field: &[f64], level: f64) -> Vec<[Point; 2]> {
    let mut pieces = Vec::new();
    for j in 1..ys.len() {
        for i in 1..xs.len() {
            // Around the square: left low, right low, right high, left high.
            let corners = [(i - 1, j - 1), (i, j - 1), (i, j), (i - 1, j)].map(|(i, j)| {
                let value = field.get(j * xs.len() + i).copied().unwrap_or(f64::NAN);
                ((xs[i], ys[j]), value - level)
            });
            square(&corners, &mut pieces);
        }
    }
    pieces
}

fn square(corners: &[(Point, f64); 4], pieces: &mut Vec<[Point; 2]>) {
    if corners.iter().any(|(_, value)| !value.is_finite()) {
        return;
    }
    let above = |corner: usize| corners[corner % 4].1 > 0.0;
    // Edge k runs from corner k to the next.
    let crossed: Vec<usize> = (0..4).filter(|&k| above(k) != above(k + 1)).collect();
    let point = |edge: usize| crossing(corners[edge], corners[(edge + 1) % 4]);
    match crossed.as_slice() {
        [one, other] => pieces.push([point(*one), point(*other)]),
        [_, _, _, _] => {
            let middle = corners.iter().map(|(_, value)| value).sum::<f64>() > 0.0;
            // Where the middle is on the side of the corners 0 and 2, the line cuts off 1 and 3.
            let pairs = if middle == above(0) { [(0, 1), (2, 3)] } else { [(3, 0), (1, 2)] };
            pieces.extend(pairs.map(|(one, other)| [point(one), point(other)]));
        }
        _ => {}
    }
}

/// Where a linear field between two points is zero.
fn crossing((from, a): (Point, f64), (to, b): (Point, f64)) -> Point {
    let share = a / (a - b);
    (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(pieces: &[[Point; 2]]) -> f64 {
        let one =
            |[a, b]: &[Point; 2]| ((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)).sqrt();
        pieces.iter().map(one).sum()
    }

    /// A plane x + 2y = 5 over [0, 4] × [0, 3]: a straight line from (0, 2.5) to (4, 0.5), whose
    /// length is √(16 + 4) = 4.47214, on uneven grids too.
    #[test]
    fn a_plane_has_a_straight_line() {
        for (xs, ys) in [
            (vec![0.0, 1.0, 2.0, 3.0, 4.0], vec![0.0, 1.0, 2.0, 3.0]),
            (vec![0.0, 0.3, 2.9, 4.0], vec![0.0, 0.7, 2.6, 3.0]),
            (vec![0.0, 4.0], vec![0.0, 3.0]),
        ] {
            let field: Vec<f64> =
                ys.iter().flat_map(|y| xs.iter().map(move |x| x + 2.0 * y)).collect();
            let pieces = contour(&xs, &ys, &field, 5.0);
            for point in pieces.iter().flatten() {
                assert!((point.0 + 2.0 * point.1 - 5.0).abs() < 1e-12, "{point:?}");
            }
            assert!((length(&pieces) - 20f64.sqrt()).abs() < 1e-9, "{}", length(&pieces));
        }
    }

    /// Corners 1 and 3 of a unit square stand at 1, the others at −1: the mean is 0, which is not
    /// above, so the low corners are joined and each high corner is cut off half way.
    #[test]
    fn a_saddle_has_two_pieces() {
        let pieces = contour(&[0.0, 1.0], &[0.0, 1.0], &[-1.0, 1.0, 1.0, -1.0], 0.0);
        assert_eq!(pieces, [[(0.5, 0.0), (1.0, 0.5)], [(0.5, 1.0), (0.0, 0.5)]]);
        // With higher corners the mean is above: the high ones are joined.
        let pieces = contour(&[0.0, 1.0], &[0.0, 1.0], &[-1.0, 3.0, 3.0, -1.0], 0.0);
        assert_eq!(pieces, [[(0.0, 0.25), (0.25, 0.0)], [(1.0, 0.75), (0.75, 1.0)]]);
    }

    #[test]
    fn what_is_unknown_has_no_line() {
        let field = [0.0, 1.0, f64::NAN, 0.0, 1.0, 2.0];
        // Three columns: the right square has the unknown corner.
        let pieces = contour(&[0.0, 1.0, 2.0], &[0.0, 1.0], &field, 0.5);
        assert_eq!(pieces, [[(0.5, 0.0), (0.5, 1.0)]]);
        assert!(contour(&[0.0], &[0.0, 1.0], &[1.0, 2.0], 1.5).is_empty());
        assert!(contour(&[0.0, 1.0], &[0.0, 1.0], &[1.0], 0.5).is_empty());
        assert!(contour(&[0.0, 1.0], &[0.0, 1.0], &[2.0; 4], 2.0).is_empty());
    }
}
