//! Small dense symmetric matrices.

use thiserror::Error;

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

    /// The largest diagonal element, 0 if none is positive: the scale of a semi-definite matrix.
    pub(super) fn scale(&self) -> f64 {
        self.values.iter().step_by(self.n + 1).fold(0.0_f64, |most, value| most.max(*value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(new(0, &[]).is_ok_and(|empty| empty.scale() == 0.0));
    }
}
