//! The factor matrix: what turns independent normals, one stream per asset, into correlated ones.

use super::ModelError;
use crate::stats::{SymMatrix, cholesky, smallest_eigenvalue};

/// One row of loadings per asset on the normals of all assets, trailing zeros left out.
#[derive(Clone, Debug)]
pub(super) struct Factors {
    rows: Vec<Vec<f64>>,
}

impl Factors {
    /// The Cholesky factor of a correlation matrix, row-major, with asset `leader` taken first and
    /// the others in their order: the leader's normal is that of its own stream, whatever the
    /// correlations are.
    pub fn of(n: usize, correlation: &[f64], leader: usize) -> Result<Self, ModelError> {
        let matrix =
            SymMatrix::new(n, correlation.to_vec()).map_err(|_| ModelError::NotPsd(f64::NAN))?;
        let order: Vec<usize> =
            std::iter::once(leader).chain((0..n).filter(|asset| *asset != leader)).collect();
        let mut ordered = SymMatrix::identity(n);
        for (row, one) in order.iter().take(n).enumerate() {
            for (column, other) in order.iter().enumerate().take(row + 1) {
                ordered.set(row, column, matrix.get(*one, *other));
            }
        }
        let triangle =
            cholesky(&ordered).map_err(|_| ModelError::NotPsd(smallest_eigenvalue(&matrix)))?;
        let mut rows = vec![Vec::new(); n];
        for (row, asset) in order.iter().take(n).enumerate() {
            let columns = order[..=row].iter().copied().max().map_or(0, |last| last + 1);
            rows[*asset] = vec![0.0; columns];
            for (loading, column) in triangle.row(row).iter().zip(&order) {
                rows[*asset][*column] = *loading;
            }
        }
        Ok(Self { rows })
    }

    /// The loadings of an asset.
    pub fn row(&self, asset: usize) -> &[f64] {
        &self.rows[asset]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of .8, .65 and .7: rows L·Lᵀ are the matrix whoever leads, and the leader stands alone.
    #[test]
    fn whoever_leads_the_matrix_is_the_same() {
        let matrix = [1.0, 0.8, 0.65, 0.8, 1.0, 0.7, 0.65, 0.7, 1.0];
        for leader in 0..3 {
            let factors = Factors::of(3, &matrix, leader).unwrap();
            for one in 0..3 {
                for other in 0..3 {
                    let pairs = factors.row(one).iter().zip(factors.row(other));
                    let product: f64 = pairs.map(|(a, b)| a * b).sum();
                    assert!((product - matrix[one * 3 + other]).abs() < 1e-15, "{leader}");
                }
            }
            let alone: Vec<f64> =
                (0..=leader).map(|at| f64::from(u8::from(at == leader))).collect();
            assert_eq!(factors.row(leader), alone);
        }
        // Without one, the plain triangle.
        assert_eq!(Factors::of(3, &matrix, 0).unwrap().row(1), [0.8, (1.0_f64 - 0.8 * 0.8).sqrt()]);
    }
}
