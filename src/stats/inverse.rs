//! Systems of linear equations with a few unknowns.

/// The inverse of a square matrix by Gauss–Jordan elimination with partial pivoting; `None` if it
/// is singular to working precision, or holds what is not finite. Panics if it is not square.
pub fn inverse(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    assert!(matrix.iter().all(|row| row.len() == n), "an inverse of what is not square");
    let scale = matrix.iter().flatten().fold(0.0_f64, |most, value| most.max(value.abs()));
    if !scale.is_finite() || matrix.iter().flatten().any(|value| value.is_nan()) {
        return None;
    }
    // The matrix, and beside it the identity.
    let mut rows: Vec<Vec<f64>> = matrix.to_vec();
    for (place, row) in rows.iter_mut().enumerate() {
        row.extend((0..n).map(|column| if column == place { 1.0 } else { 0.0 }));
    }
    for column in 0..n {
        let size = |row: &usize| rows[*row][column].abs();
        let pivot = (column..n).max_by(|a, b| size(a).total_cmp(&size(b)))?;
        if rows[pivot][column].abs() <= 1e-14 * scale {
            return None;
        }
        rows.swap(column, pivot);
        let of_pivot = rows[column].clone();
        for (place, row) in rows.iter_mut().enumerate() {
            if place == column {
                row.iter_mut().for_each(|value| *value /= of_pivot[column]);
            } else {
                let factor = row[column] / of_pivot[column];
                for (value, above) in row.iter_mut().zip(&of_pivot) {
                    *value -= factor * above;
                }
            }
        }
    }
    Some(rows.into_iter().map(|row| row[n..].to_vec()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [[4, 7], [2, 6]] has determinant 10: inverse [[.6, −.7], [−.2, .4]]. The second needs a
    /// pivot; it is its own inverse.
    #[test]
    fn inverses_by_hand() {
        let found = inverse(&[vec![4.0, 7.0], vec![2.0, 6.0]]).unwrap();
        for (found, expected) in found.iter().flatten().zip([0.6, -0.7, -0.2, 0.4]) {
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
        let swap = [vec![0.0, 1.0], vec![1.0, 0.0]];
        assert_eq!(inverse(&swap).unwrap(), swap);
        assert_eq!(inverse(&[vec![1.0, 2.0], vec![2.0, 4.0]]), None);
        assert_eq!(inverse(&[vec![f64::NAN]]), None);
    }
}
