//! Standard errors by influence.

use crate::stats::inverse;

/// Half the distance of the two points of a difference; parameters are of order one.
const STEP: f64 = 1e-4;

/// What each return adds to each of some estimates: `rows[estimate][return]`, of mean 0. The
/// covariance of two estimates is the mean of the product over n.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Influence {
    pub rows: Vec<Vec<f64>>,
}

impl Influence {
    /// Of a maximum-likelihood estimate at `at`: the inverse of the mean curvature times the score.
    /// `terms` writes the log likelihood of each return. `None` where the curvature does not show
    /// a maximum: some parameter is not identified, or stands on a boundary.
    pub fn of_maximum(terms: impl Fn(&[f64]) -> Vec<f64>, at: &[f64]) -> Option<Self> {
        let scores = scores(&terms, at);
        let bread = bread(&terms, at)?;
        Some(Self { rows: times(&bread, &scores) })
    }

    /// Of functions of the estimates, by their derivatives at `at`.
    pub fn of(&self, at: &[f64], functions: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        let slopes: Vec<Vec<f64>> = (0..at.len())
            .map(|place| {
                let (up, down) =
                    (functions(&moved(at, place, STEP)), functions(&moved(at, place, -STEP)));
                up.iter().zip(&down).map(|(up, down)| (up - down) / (2.0 * STEP)).collect()
            })
            .collect();
        let outputs = slopes.first().map_or(0, Vec::len);
        let matrix: Vec<Vec<f64>> =
            (0..outputs).map(|output| slopes.iter().map(|slope| slope[output]).collect()).collect();
        Self { rows: times(&matrix, &self.rows) }
    }

    /// Standard errors, returns taken as independent of each other given the model.
    pub fn errors(&self) -> Vec<f64> {
        let error = |row: &Vec<f64>| {
            let n = row.len() as f64;
            (row.iter().map(|value| value * value).sum::<f64>() / n / n).sqrt()
        };
        self.rows.iter().map(error).collect()
    }
}

/// Derivatives of each return's term: `scores[parameter][return]`.
pub(super) fn scores(terms: impl Fn(&[f64]) -> Vec<f64>, at: &[f64]) -> Vec<Vec<f64>> {
    (0..at.len())
        .map(|place| {
            let (up, down) = (terms(&moved(at, place, STEP)), terms(&moved(at, place, -STEP)));
            up.iter().zip(&down).map(|(up, down)| (up - down) / (2.0 * STEP)).collect()
        })
        .collect()
}

/// Inverse of the mean curvature (the observed information of one return).
pub(super) fn bread(terms: impl Fn(&[f64]) -> Vec<f64>, at: &[f64]) -> Option<Vec<Vec<f64>>> {
    // A wider step than that of the scores: second differences lose half the digits.
    const WIDE: f64 = 1e-3;
    let mean = |point: &[f64]| {
        let terms = terms(point);
        terms.iter().sum::<f64>() / terms.len().max(1) as f64
    };
    let d = at.len();
    let middle = mean(at);
    let second = |one: usize, other: usize| {
        if one == other {
            let (up, down) = (mean(&moved(at, one, WIDE)), mean(&moved(at, one, -WIDE)));
            return -(up - 2.0 * middle + down) / (WIDE * WIDE);
        }
        let corner = |a: f64, b: f64| mean(&moved(&moved(at, one, a * WIDE), other, b * WIDE));
        let along = corner(1.0, 1.0) + corner(-1.0, -1.0);
        -(along - corner(1.0, -1.0) - corner(-1.0, 1.0)) / (4.0 * WIDE * WIDE)
    };
    let lower: Vec<Vec<f64>> =
        (0..d).map(|one| (0..=one).map(|other| second(one, other)).collect()).collect();
    let whole = |one: usize, other: usize| lower[one.max(other)][one.min(other)];
    let curvature: Vec<Vec<f64>> =
        (0..d).map(|one| (0..d).map(|other| whole(one, other)).collect()).collect();
    let found = inverse(&curvature)?;
    // A maximum has positive variances.
    found.iter().enumerate().all(|(place, row)| row[place] > 0.0).then_some(found)
}

/// Rows of a matrix product.
pub(super) fn times(matrix: &[Vec<f64>], rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = rows.first().map_or(0, Vec::len);
    let product = |weights: &Vec<f64>| {
        let mut sum = vec![0.0; n];
        for (weight, row) in weights.iter().zip(rows) {
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
        }
        sum
    };
    matrix.iter().map(product).collect()
}

fn moved(at: &[f64], place: usize, by: f64) -> Vec<f64> {
    let mut point = at.to_vec();
    point[place] += by;
    point
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean μ and ln σ of a normal sample of n: the influence on the mean is x − x̄, on ln σ
    /// ((x − x̄)²/s² − 1)/2, so that with 1, 2, 3, 6 (mean 3, s² = 14/4) the errors are √(3.5/4)
    /// and, by (4, 1, 0, 9)/3.5 − 1 = 1/7, −5/7, −1, 11/7: √(Σ squares/4 / 4)/2. That of 2σ is
    /// 2σ times the latter.
    #[test]
    fn errors_of_a_normal_sample_by_hand() {
        let sample = [1.0, 2.0, 3.0, 6.0];
        let terms = |at: &[f64]| -> Vec<f64> {
            let sigma = libm::exp(at[1]);
            sample
                .iter()
                .map(|x| -at[1] - (x - at[0]) * (x - at[0]) / (2.0 * sigma * sigma))
                .collect()
        };
        let at = [3.0, libm::log(3.5_f64.sqrt())];
        let influence = Influence::of_maximum(terms, &at).unwrap();
        let squares = (1.0 + 25.0 + 49.0 + 121.0) / 49.0;
        let of_log = (squares / 4.0 / 4.0_f64).sqrt() / 2.0;
        let errors = influence.errors();
        assert!((errors[0] - (3.5_f64 / 4.0).sqrt()).abs() < 1e-5, "{errors:?}");
        assert!((errors[1] - of_log).abs() < 1e-5, "{errors:?}");
        let twice = influence.of(&at, |at| vec![2.0 * libm::exp(at[1])]).errors();
        assert!((twice[0] - 2.0 * 3.5_f64.sqrt() * of_log).abs() < 1e-5, "{twice:?}");
        // Only the sum of the two is seen.
        let unknown = |at: &[f64]| vec![-(at[0] + at[1]) * (at[0] + at[1])];
        assert_eq!(Influence::of_maximum(unknown, &[0.0, 0.0]), None);
    }
}
