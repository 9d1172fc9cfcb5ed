//! Correlations, shrunk (O. Ledoit & M. Wolf 2004, *Honey, I shrunk the sample covariance matrix*,
//! J. Portfolio Management 30(4), appendix B): the sample's covariance matrix S and one F of the
//! same variances in which every pair has the mean correlation r̄, weighted so that the expected
//! distance from the truth is least.

use super::flat_top::FlatTop;
use super::returns::mean_deviation;
use super::{Parameter, Unit};

/// A shrunk correlation matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrunk {
    /// Of the sample: row-major.
    pub raw: Vec<Vec<f64>>,
    /// (1 − intensity)·raw + intensity·r̄ off the diagonal.
    pub matrix: Vec<Vec<f64>>,
    /// Weight of the mean correlation, 0 to 1. Of one or two assets 0: the mean is the sample.
    pub intensity: f64,
    /// r̄.
    pub mean: f64,
}

/// Shrinks the correlations of series of one length, none of them constant.
pub fn shrink(series: &[&[f64]]) -> Shrunk {
    let p = series.len();
    let n = series.first().map_or(0, |row| row.len()) as f64;
    let moments: Vec<(f64, f64)> = series.iter().map(|row| mean_deviation(row)).collect();
    // Deviations from the mean, in standard deviations: the formulas below hold for any scale of
    // an asset as far as correlations go, and here S is the correlation matrix itself.
    let z: Vec<Vec<f64>> = (series.iter().zip(&moments))
        .map(|(row, (mean, deviation))| row.iter().map(|v| (v - mean) / deviation).collect())
        .collect();
    let over = |value: &dyn Fn(usize) -> f64| (0..n as usize).map(value).sum::<f64>() / n;
    let mut raw = vec![vec![1.0; p]; p];
    for i in 0..p {
        for j in 0..i {
            let value = over(&|t| z[i][t] * z[j][t]).clamp(-1.0, 1.0);
            (raw[i][j], raw[j][i]) = (value, value);
        }
    }
    let pairs = (p * p.saturating_sub(1)) as f64;
    let off = |i: usize| (0..p).filter(move |j| *j != i);
    let mean =
        (0..p).flat_map(|i| off(i).map(move |j| (i, j))).map(|(i, j)| raw[i][j]).sum::<f64>()
            / pairs.max(1.0);
    let (mut pi, mut rho, mut gamma) = (0.0, 0.0, 0.0);
    for i in 0..p {
        for j in off(i) {
            let s = raw[i][j];
            // π: asymptotic variance of √n·s_ij. ϑ: its covariance with that of s_ii, s_jj.
            pi += over(&|t| (z[i][t] * z[j][t] - s) * (z[i][t] * z[j][t] - s));
            let theta = |k: usize| over(&|t| (z[k][t] * z[k][t] - 1.0) * (z[i][t] * z[j][t] - s));
            rho += mean / 2.0 * (theta(i) + theta(j));
            gamma += (mean - s) * (mean - s);
        }
    }
    // The diagonal's π is in ρ too, and cancels.
    let intensity =
        if p > 2 && gamma > 0.0 { ((pi - rho) / gamma / n).clamp(0.0, 1.0) } else { 0.0 };
    let mut matrix = raw.clone();
    for i in 0..p {
        for j in off(i) {
            matrix[i][j] = (1.0 - intensity) * raw[i][j] + intensity * mean;
        }
    }
    Shrunk { raw, matrix, intensity, mean }
}

/// Adds the correlations of several assets to the parameters. `weights` counts returns by how
/// surely they belong to the diffusion; all alike unless given.
pub(super) fn correlations(
    names: &[String],
    series: &[&[f64]],
    weights: Option<&[f64]>,
    parameters: &mut Vec<Parameter>,
    notes: &mut Vec<String>,
) {
    if names.len() < 2 {
        return;
    }
    let weighted: Vec<Vec<f64>> = series.iter().map(|row| weighed(row, weights)).collect();
    let rows: Vec<&[f64]> = weighted.iter().map(Vec::as_slice).collect();
    let shrunk = shrink(&rows);
    for i in 0..names.len() {
        for j in i + 1..names.len() {
            let error = pair_error(rows[i], rows[j], shrunk.raw[i][j]);
            let pair = format!("{}-{}", names[i], names[j]);
            let value = shrunk.matrix[i][j];
            parameters.push(Parameter::new("correlation", &pair, value, Some(error), Unit::Pure));
            if shrunk.intensity > 0.0 {
                let key = format!("{pair}, before shrinkage");
                let raw = shrunk.raw[i][j];
                parameters.push(Parameter::told("correlation", &key, raw, Some(error), Unit::Pure));
            }
        }
    }
    let key = "shrinkage intensity";
    parameters.push(Parameter::told("correlation", key, shrunk.intensity, None, Unit::Pure));
    if names.len() == 2 {
        notes.push(
            "Two assets have one correlation, which is its own mean: nothing is shrunk.".to_owned(),
        );
    }
}

/// Deviations from the weighted mean, times the root of the weight: what a correlation of weighted
/// returns is a plain correlation of.
fn weighed(row: &[f64], weights: Option<&[f64]>) -> Vec<f64> {
    let Some(weights) = weights else { return row.to_vec() };
    let total: f64 = weights.iter().sum();
    let mean = row.iter().zip(weights).map(|(r, w)| r * w).sum::<f64>() / total;
    row.iter().zip(weights).map(|(r, w)| (r - mean) * w.sqrt()).collect()
}

/// Standard error of a correlation r: that of the mean of z₁z₂ − r·(z₁² + z₂²)/2.
fn pair_error(one: &[f64], other: &[f64], r: f64) -> f64 {
    let ((a, s), (b, u)) = (mean_deviation(one), mean_deviation(other));
    let influence: Vec<f64> = (one.iter().zip(other))
        .map(|(x, y)| {
            let (x, y) = ((x - a) / s, (y - b) / u);
            x * y - r * (x * x + y * y) / 2.0
        })
        .collect();
    FlatTop::error_of_mean(&influence)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nine rows of three, through Ledoit & Wolf's own formulas (their program covCor, in numpy) on
    /// standardised columns: intensity .2390146, mean correlation .2848150.
    #[test]
    fn shrinkage_of_a_small_table() {
        let columns = [
            [3.0, -2.0, 1.0, -4.0, 2.0, 0.0, -1.0, 4.0, -3.0],
            [2.0, -3.0, 2.0, -3.0, 1.0, -1.0, 1.0, 3.0, -2.0],
            [-1.0, 1.0, 2.0, 0.0, -2.0, 3.0, -3.0, 1.0, -1.0],
        ];
        let rows: Vec<&[f64]> = columns.iter().map(|column| column.as_slice()).collect();
        let found = shrink(&rows);
        assert!((found.intensity - 0.239_014_637_517_193_57).abs() < 1e-12, "{found:?}");
        assert!((found.mean - 0.284_814_967_051_882_64).abs() < 1e-12, "{found:?}");
        // (1 − .2390146)·.8964215 + .2390146·.2848150 = .7502386.
        assert!((found.raw[1][0] - 0.896_421_46).abs() < 1e-8, "{found:?}");
        assert!((found.matrix[0][1] - 0.750_238_6).abs() < 1e-7, "{found:?}");
        assert_eq!(found.matrix[2][2], 1.0);
        // Of two, the mean is the sample; columns that are one another correlate by 1.
        let two = shrink(&rows[..2]);
        assert_eq!((two.intensity, two.matrix == two.raw), (0.0, true));
        assert!((shrink(&[rows[0], rows[0], rows[0]]).matrix[0][2] - 1.0).abs() < 1e-12);
    }
}
