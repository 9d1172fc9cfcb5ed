//! Long series, thinned to what a page can show without losing a crash.

use super::Sample;
use super::canvas::Point;
use super::panel::Plot;

/// The series in page pixels, one piece per unbroken run. Where several samples share a pixel
/// column, its first, lowest, highest and last are kept, in their order.
pub(super) fn pieces(samples: &[Sample], plot: &Plot) -> Vec<Vec<Point>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Point> = Vec::new();
    let mut column: Option<Column> = None;
    for sample in samples {
        if sample.value.is_nan() {
            column.take().into_iter().for_each(|c| c.flush(&mut piece));
            if !piece.is_empty() {
                pieces.push(std::mem::take(&mut piece));
            }
            continue;
        }
        let point = plot.at(sample.time_ms as f64, sample.value);
        match &mut column {
            Some(c) if c.index == point.0.floor() => c.add(point),
            _ => {
                column.take().into_iter().for_each(|c| c.flush(&mut piece));
                column = Some(Column::new(point));
            }
        }
    }
    column.into_iter().for_each(|c| c.flush(&mut piece));
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// The same points as a staircase: each value holds until the next one.
pub(super) fn steps(piece: &[Point]) -> Vec<Point> {
    let mut out: Vec<Point> = piece.first().copied().into_iter().collect();
    for pair in piece.windows(2) {
        out.extend([(pair[1].0, pair[0].1), pair[1]]);
    }
    out
}

/// What one pixel column keeps of its points; a number orders them.
struct Column {
    index: f64,
    count: usize,
    first: Point,
    top: (usize, Point),
    bottom: (usize, Point),
    last: Point,
}

impl Column {
    fn new(point: Point) -> Self {
        let index = point.0.floor();
        Self { index, count: 1, first: point, top: (0, point), bottom: (0, point), last: point }
    }

    fn add(&mut self, point: Point) {
        if point.1 < self.top.1.1 {
            self.top = (self.count, point);
        }
        if point.1 > self.bottom.1.1 {
            self.bottom = (self.count, point);
        }
        self.last = point;
        self.count += 1;
    }

    fn flush(self, piece: &mut Vec<Point>) {
        let (one, other) = if self.top.0 <= self.bottom.0 {
            (self.top, self.bottom)
        } else {
            (self.bottom, self.top)
        };
        for point in [self.first, one.1, other.1, self.last] {
            if piece.last() != Some(&point) {
                piece.push(point);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::Rect;
    use super::*;

    const AREA: Rect = Rect { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0 };

    fn drawn(values: &[f64]) -> Vec<Vec<Point>> {
        let plot = Plot { area: AREA, x: (0.0, values.len() as f64), y: (0.0, 100.0) };
        let sample = |(i, &value): (usize, &f64)| Sample { time_ms: i as i64, value };
        pieces(&values.iter().enumerate().map(sample).collect::<Vec<_>>(), &plot)
    }

    #[test]
    fn one_low_among_many_points_is_kept() {
        let mut values = vec![50.0; 100_000];
        values[77_777] = 3.0;
        let points = drawn(&values).concat();
        assert!(points.len() <= 400, "{}", points.len());
        assert_eq!(points.iter().map(|p| p.1).fold(0.0, f64::max), 97.0);
    }

    #[test]
    fn a_gap_breaks_the_line() {
        assert_eq!(drawn(&[1.0, 2.0, f64::NAN, f64::NAN, 3.0]).len(), 2);
        assert!(drawn(&[f64::NAN; 3]).is_empty() && drawn(&[]).is_empty());
    }

    #[test]
    fn a_value_holds_until_the_next() {
        assert_eq!(steps(&[(0.0, 1.0), (2.0, 5.0)]), [(0.0, 1.0), (2.0, 1.0), (2.0, 5.0)]);
    }
}
