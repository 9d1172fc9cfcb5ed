//! Cholesky factors of semi-definite matrices: what turns independent normals into correlated.

use thiserror::Error;

use super::{SymMatrix, eigen::eigen};

/// A pivot or eigenvalue within this, times n and the largest diagonal element, of 0 counts as 0.
const ZERO: f64 = 1e-12;

/// The matrix has a negative eigenvalue, beyond rounding.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error(
    "the matrix is not positive semi-definite: its smallest eigenvalue is {smallest_eigenvalue}"
)]
pub struct NotPsd {
    pub smallest_eigenvalue: f64,
}

/// A lower triangular matrix, its rows packed: row i has i + 1 values.
#[derive(Debug, Clone, PartialEq)]
pub struct LowerTriangular {
    n: usize,
    values: Vec<f64>,
}

impl LowerTriangular {
    /// Number of rows.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Row i: i + 1 values, the diagonal last.
    pub fn row(&self, row: usize) -> &[f64] {
        let start = row * (row + 1) / 2;
        &self.values[start..start + row + 1]
    }

    /// `out` = L·`z`: independent standard normals to correlated ones. Sums left to right.
    ///
    /// # Panics
    /// If either slice is not n long.
    #[inline]
    pub fn apply(&self, z: &[f64], out: &mut [f64]) {
        assert!(z.len() == self.n && out.len() == self.n, "{} factors", self.n);
        let mut rest = self.values.as_slice();
        for (i, sum) in out.iter_mut().enumerate() {
            let (row, below) = rest.split_at(i + 1);
            *sum = row.iter().zip(z).fold(0.0, |sum, (l, z)| sum + l * z);
            rest = below;
        }
    }
}

/// The L with non-negative diagonal and L·Lᵀ = A, to 1e-12·n of A's largest diagonal element.
///
/// Semi-definite matrices are accepted: eigenvalues down to −1e-12·n (times the same) count as 0.
/// Where a pivot comes out negative, the eigenvalues decide: rounding in it is magnified by small
/// pivots before it, so that by itself it is no measure of definiteness.
///
/// # Errors
/// [`NotPsd`] with the smallest eigenvalue if that is below −1e-12·n (times the same).
pub fn cholesky(matrix: &SymMatrix) -> Result<LowerTriangular, NotPsd> {
    direct(matrix).map_or_else(|| by_eigenvalues(matrix), Ok)
}

/// Row by row (Cholesky–Banachiewicz); a zero pivot, with nothing left beside it, makes a zero
/// column. `None` if a pivot is negative, or zero with something left.
fn direct(matrix: &SymMatrix) -> Option<LowerTriangular> {
    let n = matrix.n();
    let zero = ZERO * n as f64 * matrix.scale();
    let mut factor = LowerTriangular { n, values: Vec::new() };
    for i in 0..n {
        let mut row = matrix.row(i)[..=i].to_vec();
        for j in 0..i {
            let above = factor.row(j);
            let rest = row[..j].iter().zip(above).fold(row[j], |rest, (a, b)| rest - a * b);
            row[j] = match above[j] {
                diagonal if diagonal > 0.0 => rest / diagonal,
                _ if rest.abs() <= zero => 0.0,
                _ => return None,
            };
        }
        let pivot = row[..i].iter().fold(row[i], |rest, a| rest - a * a);
        row[i] = match pivot {
            _ if pivot > zero => pivot.sqrt(),
            _ if pivot.abs() <= zero => 0.0,
            _ => return None,
        };
        factor.values.extend_from_slice(&row);
    }
    Some(factor)
}

/// With A = V·D·Vᵀ, the triangle of V·√D = L·Q: stable however small the eigenvalues.
fn by_eigenvalues(matrix: &SymMatrix) -> Result<LowerTriangular, NotPsd> {
    let n = matrix.n();
    let eigen = eigen(matrix);
    let smallest_eigenvalue = eigen.values.first().copied().unwrap_or(0.0);
    if smallest_eigenvalue < -ZERO * n as f64 * matrix.scale() {
        return Err(NotPsd { smallest_eigenvalue });
    }
    let roots: Vec<f64> = eigen.values.iter().map(|value| value.max(0.0).sqrt()).collect();
    let scaled_row = |i: usize| eigen.vectors.iter().zip(&roots).map(move |(v, root)| v[i] * root);
    let mut rows: Vec<Vec<f64>> = (0..n).map(|i| scaled_row(i).collect()).collect();
    for i in 0..n {
        reflect_into_triangle(&mut rows, i);
    }
    let signs: Vec<f64> = (0..n).map(|j| 1.0_f64.copysign(rows[j][j])).collect();
    let signed = |row: &[f64]| -> Vec<f64> { row.iter().zip(&signs).map(|(l, s)| l * s).collect() };
    let values = rows.iter().enumerate().flat_map(|(i, row)| signed(&row[..=i])).collect();
    Ok(LowerTriangular { n, values })
}

/// Householder's reflection of the columns from `i` on that clears row `i` beyond its diagonal.
fn reflect_into_triangle(rows: &mut [Vec<f64>], i: usize) {
    let mut axis = rows[i][i..].to_vec();
    let length = axis.iter().map(|x| x * x).sum::<f64>().sqrt();
    axis[0] += length.copysign(axis[0]);
    let squared: f64 = axis.iter().map(|x| x * x).sum();
    if squared == 0.0 {
        return;
    }
    for row in &mut rows[i..] {
        let along: f64 = row[i..].iter().zip(&axis).map(|(a, b)| a * b).sum();
        for (value, direction) in row[i..].iter_mut().zip(&axis) {
            *value -= 2.0 * along / squared * direction;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matrix(n: usize, values: &[f64]) -> SymMatrix {
        SymMatrix::new(n, values.to_vec()).expect("a test's matrix is symmetric")
    }

    fn product_with_transpose(factor: &LowerTriangular) -> SymMatrix {
        let mut product = SymMatrix::identity(factor.n());
        for i in 0..factor.n() {
            for j in 0..=i {
                let sum = factor.row(i).iter().zip(factor.row(j)).map(|(a, b)| a * b).sum();
                product.set(i, j, sum);
            }
        }
        product
    }

    /// By hand; the first is the usual textbook case (Wikipedia, "Cholesky decomposition"), the
    /// others semi-definite: rank 1, rank 1 with a zero first pivot, rank 2, rank 0.
    #[test]
    fn cholesky_table() {
        let table: [(&[f64], [f64; 6]); 5] = [
            (&[4., 12., -16., 12., 37., -43., -16., -43., 98.], [2., 6., 1., -8., 5., 3.]),
            (&[1., 1., 1., 1., 1., 1., 1., 1., 1.], [1., 1., 0., 1., 0., 0.]),
            (&[0., 0., 0., 0., 4., 2., 0., 2., 1.], [0., 0., 2., 0., 1., 0.]),
            (&[1., -1., 0., -1., 1., 0., 0., 0., 9.], [1., -1., 0., 0., 0., 3.]),
            (&[0.; 9], [0.; 6]),
        ];
        for (values, expected) in table {
            let factor = cholesky(&matrix(3, values)).expect("semi-definite");
            let found: Vec<f64> = (0..3).flat_map(|i| factor.row(i).to_vec()).collect();
            assert_eq!(found, expected);
        }
        let factor = cholesky(&matrix(3, table[0].0)).expect("definite");
        let mut out = [0.0; 3];
        factor.apply(&[1.0, 10.0, 100.0], &mut out);
        assert_eq!(out, [2.0, 16.0, 342.0]);
    }

    /// Smallest eigenvalues by hand: 1 − √2; −1; −2 + … of [[0, 1], [1, 0]]: −1; 1 − 1.1.
    #[test]
    fn indefinite_matrices_are_refused_with_their_smallest_eigenvalue() {
        let table: [(usize, &[f64], f64); 4] = [
            (3, &[1., 1., 0., 1., 1., 1., 0., 1., 1.], 1.0 - std::f64::consts::SQRT_2),
            (2, &[-1., 0., 0., 3.], -1.0),
            (2, &[0., 1., 1., 0.], -1.0),
            (2, &[1., 1.1, 1.1, 1.], -0.1),
        ];
        for (n, values, expected) in table {
            let refused = cholesky(&matrix(n, values)).expect_err("indefinite");
            assert!((refused.smallest_eigenvalue - expected).abs() < 1e-14, "{refused}");
        }
    }

    /// The second row is nearly a multiple of the first: its pivot, 6.7e-6 by hand, keeps ten
    /// digits, and the last pivot is 0 only to 1e-11, though no eigenvalue is below −1e-16.
    #[test]
    fn nearly_parallel_factors_are_no_negative_eigenvalue() {
        let exposures = [
            [-0.24400929506866562, -0.40710895243307466],
            [0.538451982090484, 0.9033860339601593],
            [0.45873782237399036, -0.8862417927267796],
        ];
        let mut gram = SymMatrix::identity(3);
        for i in 0..3 {
            for j in 0..=i {
                let (a, b) = (exposures[i], exposures[j]);
                gram.set(i, j, a[0] * b[0] + a[1] * b[1]);
            }
        }
        let factor = cholesky(&gram).expect("semi-definite");
        assert!(product_with_transpose(&factor).distance(&gram) < 1e-14, "{factor:?}");
        assert!((0..3).all(|i| factor.row(i)[i] >= 0.0), "{factor:?}");
    }

    proptest! {
        /// B·Bᵀ of any B is semi-definite (here often of deficient rank), and its factor gives it
        /// back to what the document states.
        #[test]
        fn the_factor_multiplies_back(
            n in 1_usize..8,
            rank in 1_usize..8,
            entries in prop::collection::vec(-1.0_f64..1.0, 64),
        ) {
            let mut gram = SymMatrix::identity(n);
            for i in 0..n {
                for j in 0..=i {
                    let sum = (0..rank).map(|k| entries[i * 8 + k] * entries[j * 8 + k]).sum();
                    gram.set(i, j, sum);
                }
            }
            let factor = cholesky(&gram);
            prop_assert!(factor.is_ok(), "{gram:?}: {factor:?}");
            let back = factor.map(|factor| product_with_transpose(&factor).distance(&gram));
            prop_assert!(back.is_ok_and(|distance| distance < 1e-12 * (n * n) as f64 * 8.0));
        }
    }
}
