//! The correlation matrix nearest to a symmetric one that is none.

use super::{SymMatrix, eigen::eigen};

const MAX_ROUNDS: usize = 2000;
/// Change per round, relative to the matrix, at which the iteration has arrived.
const ARRIVED: f64 = 1e-11;

/// What [`nearest_correlation`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct NearestCorrelation {
    /// Unit diagonal, positive semi-definite up to rounding.
    pub matrix: SymMatrix,
    /// Frobenius norm of the difference from the given matrix.
    pub distance: f64,
}

/// The nearest correlation matrix in Frobenius norm (Higham 2002, algorithm 3.3).
///
/// Alternates between the semi-definite matrices (with Dykstra's correction) and those of unit
/// diagonal until a round moves nothing by more than 1e-11 (2000 rounds at most, linear
/// convergence); then one last projection is scaled to unit diagonal, so that the result is
/// semi-definite whatever is left of the iteration's error.
pub fn nearest_correlation(matrix: &SymMatrix) -> NearestCorrelation {
    let n = matrix.n();
    let mut unit = matrix.clone();
    let mut correction = vec![0.0; n * n];
    let mut semi_definite = matrix.clone();
    for _ in 0..MAX_ROUNDS {
        let mut shifted = unit.clone();
        for i in 0..n {
            for j in 0..=i {
                shifted.set(i, j, unit.get(i, j) - correction[i * n + j]);
            }
        }
        semi_definite = without_negative_part(&shifted);
        let mut next = semi_definite.clone();
        for i in 0..n {
            for j in 0..=i {
                correction[i * n + j] = semi_definite.get(i, j) - shifted.get(i, j);
            }
            next.set(i, i, 1.0);
        }
        let moved = next.distance(&unit).max(next.distance(&semi_definite));
        unit = next;
        if moved <= ARRIVED * n as f64 {
            break;
        }
    }
    let found = scaled_to_unit_diagonal(&semi_definite);
    NearestCorrelation { distance: found.distance(matrix), matrix: found }
}

/// Projection onto the semi-definite matrices: negative eigenvalues become zero.
fn without_negative_part(matrix: &SymMatrix) -> SymMatrix {
    let n = matrix.n();
    let eigen = eigen(matrix);
    let mut result = matrix.clone();
    for i in 0..n {
        for j in 0..=i {
            let pairs = eigen.values.iter().zip(&eigen.vectors);
            let sum = pairs.fold(0.0, |sum, (value, v)| sum + value.max(0.0) * (v[i] * v[j]));
            result.set(i, j, sum);
        }
    }
    result
}

/// D^(−1/2)·A·D^(−1/2), which keeps A semi-definite. A zero row becomes uncorrelated.
fn scaled_to_unit_diagonal(matrix: &SymMatrix) -> SymMatrix {
    let n = matrix.n();
    let mut result = SymMatrix::identity(n);
    for i in 0..n {
        for j in 0..i {
            let scale = (matrix.get(i, i) * matrix.get(j, j)).sqrt();
            let value = if scale > 0.0 { matrix.get(i, j) / scale } else { 0.0 };
            result.set(i, j, value);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{cholesky, smallest_eigenvalue};
    use proptest::prelude::*;

    /// Higham 2002, section 4: off-diagonals 0.7607 and 0.1573, distance 0.5278.
    #[test]
    fn highams_example() {
        let given = SymMatrix::new(3, vec![1., 1., 0., 1., 1., 1., 0., 1., 1.]).expect("symmetric");
        let found = nearest_correlation(&given);
        let table = [(0, 1, 0.7607), (1, 2, 0.7607), (0, 2, 0.1573), (1, 1, 1.0)];
        for (i, j, printed) in table {
            assert!((found.matrix.get(i, j) - printed).abs() <= 0.5e-4, "{found:?}");
        }
        assert!((found.distance - 0.5278).abs() <= 0.5e-4, "{}", found.distance);
        assert!(cholesky(&found.matrix).is_ok());
    }

    #[test]
    fn a_correlation_matrix_is_its_own_nearest() {
        let given = SymMatrix::new(2, vec![1.0, -0.4, -0.4, 1.0]).expect("symmetric");
        let found = nearest_correlation(&given);
        assert!(found.distance < 1e-14, "{found:?}");
        // [[1, 1.2], [1.2, 1]]: the nearest of two variables is 1, at √2·0.2.
        let given = SymMatrix::new(2, vec![1.0, 1.2, 1.2, 1.0]).expect("symmetric");
        let found = nearest_correlation(&given);
        assert!((found.matrix.get(0, 1) - 1.0).abs() < 1e-9, "{found:?}");
        assert!((found.distance - 0.2 * std::f64::consts::SQRT_2).abs() < 1e-9, "{found:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        /// A correlation matrix, and none of the simple ones (identity, negative eigenvalues cut
        /// off and rescaled) is nearer.
        #[test]
        fn nothing_simple_is_nearer(
            n in 2_usize..6,
            entries in prop::collection::vec(-1.0_f64..1.0, 36),
        ) {
            let mut given = SymMatrix::identity(n);
            for i in 0..n {
                for j in 0..i {
                    given.set(i, j, entries[i * 6 + j]);
                }
            }
            let found = nearest_correlation(&given);
            prop_assert!(smallest_eigenvalue(&found.matrix) > -1e-13 * n as f64);
            prop_assert!(cholesky(&found.matrix).is_ok());
            let cut = scaled_to_unit_diagonal(&without_negative_part(&given));
            for rival in [SymMatrix::identity(n), cut] {
                prop_assert!(found.distance <= rival.distance(&given) + 1e-9);
            }
        }
    }
}
