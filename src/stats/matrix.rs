//! Small dense symmetric matrices and their Cholesky factor.

use thiserror::Error;

use super::eigen::smallest_eigenvalue;

/// A symmetric matrix of finite numbers; row-major, n up to a few hundred.
#[derive(Debug, Clone, PartialEq)]
pub struct SymMatrix {
    n: usize,
    values: Vec<f64>,
}

/// Why rows of numbers are no symmetric matrix. Rows and columns count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum MatrixError {
    /// Not n × n of them.
    #[error("{found} values do not fill {n} rows of {n}")]
    WrongLength { n: usize, found: usize },
    /// NaN or infinite.
    #[error("the value in row {row}, column {column} is not finite")]
    NotFinite { row: usize, column: usize },
    /// An element differs from its mirror image.
    #[error("row {row}, column {column} differs from row {column}, column {row}")]
    NotSymmetric { row: usize, column: usize },
}

/// The matrix has a negative eigenvalue, beyond rounding.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error(
    "the matrix is not positive semi-definite: its smallest eigenvalue is {smallest_eigenvalue}"
)]
pub struct NotPsd {
    pub smallest_eigenvalue: f64,
}

impl SymMatrix {
    /// From n·n values in row-major order.
    ///
    /// # Errors
    /// A wrong count, a value that is not finite, or two mirror images that differ at all.
    pub fn new(n: usize, values: Vec<f64>) -> Result<Self, MatrixError> {
        let found = values.len();
        if n.checked_mul(n) != Some(found) {
            return Err(MatrixError::WrongLength { n, found });
        }
        for row in 0..n {
            for column in 0..n {
                let value = values[row * n + column];
                if !value.is_finite() {
                    return Err(MatrixError::NotFinite { row, column });
                }
                if value != values[column * n + row] && column < row {
                    return Err(MatrixError::NotSymmetric { row, column });
                }
            }
        }
        Ok(Self { n, values })
    }

    /// Ones on the diagonal, zeros elsewhere.
    pub fn identity(n: usize) -> Self {
        let mut values = vec![0.0; n * n];
        values.iter_mut().step_by(n + 1).for_each(|value| *value = 1.0);
        Self { n, values }
    }

    /// Number of rows.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Element; panics outside the matrix.
    pub fn get(&self, row: usize, column: usize) -> f64 {
        self.row(row)[column]
    }

    /// Sets an element and its mirror image; panics outside the matrix.
    pub fn set(&mut self, row: usize, column: usize, value: f64) {
        assert!(row < self.n && column < self.n, "({row}, {column}) in {} rows", self.n);
        self.values[row * self.n + column] = value;
        self.values[column * self.n + row] = value;
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.n..(row + 1) * self.n]
    }

    /// All values, row-major.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Frobenius norm of the difference: √Σ(aᵢⱼ − bᵢⱼ)². Panics if the sizes differ.
    pub fn distance(&self, other: &Self) -> f64 {
        assert_eq!(self.n, other.n, "a distance between matrices of different size");
        let pairs = self.values.iter().zip(&other.values);
        pairs.map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
    }

    /// Size of a value that counts as zero: 1e-12·n of the largest diagonal element.
    fn tolerance(&self) -> f64 {
        let largest = self.values.iter().step_by(self.n + 1).fold(0.0_f64, |most, v| most.max(*v));
        1e-12 * self.n as f64 * largest
    }
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

/// The L with non-negative diagonal and L·Lᵀ = A, row by row (Cholesky–Banachiewicz).
///
/// A semi-definite matrix is accepted: a pivot within 1e-12·n (of the largest diagonal element) of
/// zero makes its column of L zero, and L·Lᵀ equals A to the square root of that at worst.
///
/// # Errors
/// [`NotPsd`] if a pivot is below −1e-12·n, or zero with something left beside it.
pub fn cholesky(matrix: &SymMatrix) -> Result<LowerTriangular, NotPsd> {
    let tolerance = matrix.tolerance();
    let mut factor = LowerTriangular { n: matrix.n, values: Vec::new() };
    for i in 0..matrix.n {
        let mut row = matrix.row(i)[..=i].to_vec();
        let mut pivot = row[i];
        for j in 0..i {
            let above = factor.row(j);
            let residual = row[..j].iter().zip(above).fold(row[j], |rest, (a, b)| rest - a * b);
            if above[j] > 0.0 {
                row[j] = residual / above[j];
            } else if residual * residual <= tolerance * (pivot.max(0.0) + tolerance) {
                row[j] = 0.0;
            } else {
                return Err(not_psd(matrix));
            }
            pivot -= row[j] * row[j];
        }
        if pivot < -tolerance {
            return Err(not_psd(matrix));
        }
        row[i] = if pivot <= tolerance { 0.0 } else { pivot.sqrt() };
        factor.values.extend_from_slice(&row);
    }
    Ok(factor)
}

fn not_psd(matrix: &SymMatrix) -> NotPsd {
    NotPsd { smallest_eigenvalue: smallest_eigenvalue(matrix) }
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

    #[test]
    fn what_is_no_symmetric_matrix_is_refused() {
        let new = |n, values: &[f64]| SymMatrix::new(n, values.to_vec());
        assert_eq!(new(2, &[1.0; 3]), Err(MatrixError::WrongLength { n: 2, found: 3 }));
        assert_eq!(
            new(2, &[1.0, 0.2, 0.3, 1.0]),
            Err(MatrixError::NotSymmetric { row: 1, column: 0 })
        );
        assert_eq!(
            new(2, &[1.0, f64::NAN, f64::NAN, 1.0]),
            Err(MatrixError::NotFinite { row: 0, column: 1 })
        );
        assert!(new(0, &[]).is_ok_and(|empty| cholesky(&empty).is_ok()));
    }

    proptest! {
        /// B·Bᵀ of any B is semi-definite (here often of deficient rank), and its factor gives it
        /// back: to the square root of the pivot tolerance, the bound the document states.
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
            prop_assert!(back.is_ok_and(|distance| distance < 1e-6 * n as f64 * 8.0));
        }
    }
}
