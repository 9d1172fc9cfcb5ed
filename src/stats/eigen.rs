//! Eigenvalues and eigenvectors of small symmetric matrices by Jacobi's method.

use super::SymMatrix;

const MAX_SWEEPS: usize = 60;

/// A = Σ valueₖ·vectorₖ·vectorₖᵀ.
pub(super) struct Eigen {
    /// Ascending.
    pub values: Vec<f64>,
    /// In the order of the values, orthonormal.
    pub vectors: Vec<Vec<f64>>,
}

/// Eigenvalues, ascending, each to about 1e-15·n of the largest in size.
pub fn eigenvalues(matrix: &SymMatrix) -> Vec<f64> {
    eigen(matrix).values
}

/// The least eigenvalue; +∞ for the empty matrix, which has none.
pub fn smallest_eigenvalue(matrix: &SymMatrix) -> f64 {
    eigen(matrix).values.first().copied().unwrap_or(f64::INFINITY)
}

/// Cyclic Jacobi (Golub & Van Loan, Matrix Computations, §8.5): rotations in row order, whatever
/// the values, until what is off the diagonal is rounding. Quadratic convergence: ten sweeps do.
pub(super) fn eigen(matrix: &SymMatrix) -> Eigen {
    let n = matrix.n();
    let mut rows: Vec<Vec<f64>> = (0..n).map(|i| matrix.row(i).to_vec()).collect();
    let identity = SymMatrix::identity(n);
    let mut vectors: Vec<Vec<f64>> = (0..n).map(|i| identity.row(i).to_vec()).collect();
    let norm_squared: f64 = matrix.values().iter().map(|value| value * value).sum();
    let negligible = norm_squared * f64::EPSILON * f64::EPSILON;
    let mut sweeps = 0;
    while off_diagonal_squared(&rows) > negligible {
        assert!(sweeps < MAX_SWEEPS, "Jacobi's method did not converge on {matrix:?}");
        sweep(&mut rows, &mut vectors);
        sweeps += 1;
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| rows[a][a].total_cmp(&rows[b][b]));
    Eigen {
        values: order.iter().map(|&k| rows[k][k]).collect(),
        vectors: order.iter().map(|&k| std::mem::take(&mut vectors[k])).collect(),
    }
}

fn off_diagonal_squared(rows: &[Vec<f64>]) -> f64 {
    let upper = rows.iter().enumerate().flat_map(|(i, row)| &row[i + 1..]);
    2.0 * upper.map(|value| value * value).sum::<f64>()
}

fn sweep(rows: &mut [Vec<f64>], vectors: &mut [Vec<f64>]) {
    for p in 0..rows.len() {
        for q in p + 1..rows.len() {
            if rows[p][q] == 0.0 {
                continue;
            }
            let (cosine, sine) = rotation(rows[p][p], rows[q][q], rows[p][q]);
            for row in rows.iter_mut() {
                (row[p], row[q]) =
                    (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
            }
            rotate_pair(rows, p, q, cosine, sine);
            rotate_pair(vectors, p, q, cosine, sine);
            // Zero up to rounding; made so, that the two triangles stay mirror images.
            rows[p][q] = 0.0;
            rows[q][p] = 0.0;
        }
    }
}

/// Rows p < q are turned into each other.
fn rotate_pair(rows: &mut [Vec<f64>], p: usize, q: usize, cosine: f64, sine: f64) {
    let (head, tail) = rows.split_at_mut(q);
    for (a, b) in head[p].iter_mut().zip(&mut tail[0]) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
}

/// Cosine and sine of the smaller angle that takes the off-diagonal element to zero.
fn rotation(app: f64, aqq: f64, apq: f64) -> (f64, f64) {
    let tau = (aqq - app) / (2.0 * apq);
    // tau² may overflow to ∞: then the tangent is 0, as it should be.
    let tangent = 1.0_f64.copysign(tau) / (tau.abs() + (1.0 + tau * tau).sqrt());
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    (cosine, tangent * cosine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::{PI, SQRT_2};

    #[test]
    fn closed_forms() {
        let table: [(usize, &[f64], &[f64]); 6] = [
            (0, &[], &[]),
            (1, &[-3.0], &[-3.0]),
            (2, &[2.0, 1.0, 1.0, 2.0], &[1.0, 3.0]),
            (3, &[1., 1., 0., 1., 1., 1., 0., 1., 1.], &[1.0 - SQRT_2, 1.0, 1.0 + SQRT_2]),
            // Equicorrelated: 1 − ρ twice and 1 + 2ρ.
            (3, &[1., 0.5, 0.5, 0.5, 1., 0.5, 0.5, 0.5, 1.], &[0.5, 0.5, 2.0]),
            (3, &[3., 0., 0., 0., -1., 0., 0., 0., 2.], &[-1.0, 2.0, 3.0]),
        ];
        for (n, values, expected) in table {
            let matrix = SymMatrix::new(n, values.to_vec()).expect("symmetric");
            let found = eigenvalues(&matrix);
            assert_eq!(found.len(), n);
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 4e-15, "{values:?}: {found} not {expected}");
            }
        }
        assert_eq!(smallest_eigenvalue(&SymMatrix::identity(0)), f64::INFINITY);
    }

    /// Second differences, −1, 2, −1: eigenvalues 2 − 2·cos(kπ/(n + 1)).
    #[test]
    fn second_differences_of_size_hundred() {
        let n = 100;
        let mut matrix = SymMatrix::identity(n);
        for i in 0..n {
            matrix.set(i, i, 2.0);
            if i > 0 {
                matrix.set(i, i - 1, -1.0);
            }
        }
        let eigen = eigen(&matrix);
        // 1e-15·n of the largest, as the document says.
        let tolerance = 4e-13;
        for (k, value) in eigen.values.iter().enumerate() {
            let expected = 2.0 - 2.0 * libm::cos((k + 1) as f64 * PI / (n + 1) as f64);
            assert!((value - expected).abs() < tolerance, "{k}: {value} not {expected}");
        }
        // A·v = λ·v and |v| = 1.
        for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
            let length: f64 = vector.iter().map(|x| x * x).sum();
            assert!((length - 1.0).abs() < tolerance);
            for i in 0..n {
                let image: f64 = matrix.row(i).iter().zip(vector).map(|(a, x)| a * x).sum();
                assert!((image - value * vector[i]).abs() < tolerance);
            }
        }
    }
}
