//! Facts of a series of returns that a model should share.

/// Autocovariances R(0), R(1), … over n; as many as there are lags to have, at most `lags` + 1.
pub(super) fn autocovariances(series: &[f64], lags: usize) -> Vec<f64> {
    let n = series.len() as f64;
    let mean = series.iter().sum::<f64>() / n.max(1.0);
    let apart: Vec<f64> = series.iter().map(|value| value - mean).collect();
    (0..=lags.min(series.len().saturating_sub(1)))
        .map(|lag| apart.iter().zip(&apart[lag..]).map(|(a, b)| a * b).sum::<f64>() / n)
        .collect()
}

/// Autocorrelations of lags 1, 2, …; nothing where the series does not move.
pub fn autocorrelations(series: &[f64], lags: usize) -> Vec<f64> {
    let covariances = autocovariances(series, lags);
    match covariances.split_first() {
        Some((variance, rest)) if *variance > 0.0 => rest.iter().map(|c| c / variance).collect(),
        _ => Vec::new(),
    }
}

/// Fourth moment over the squared variance, less the 3 of a normal; 0 where nothing moves.
pub fn excess_kurtosis(series: &[f64]) -> f64 {
    let n = series.len().max(1) as f64;
    let mean = series.iter().sum::<f64>() / n;
    let moment = |power: i32| series.iter().map(|v| (v - mean).powi(power)).sum::<f64>() / n;
    let variance = moment(2);
    if variance > 0.0 { moment(4) / (variance * variance) - 3.0 } else { 0.0 }
}

/// The greatest fall from a high before it, as a fraction of that high, of prices that have these
/// log returns.
pub fn max_drawdown(returns: &[f64]) -> f64 {
    let (mut level, mut high, mut worst) = (0.0_f64, 0.0_f64, 0.0_f64);
    for step in returns {
        level += step;
        high = high.max(level);
        worst = worst.min(level - high);
    }
    -libm::expm1(worst)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_by_hand() {
        // Mean 2, deviations −1, 1, −1, 1 …: R(1) = −3/4.
        assert_eq!(autocorrelations(&[1.0, 3.0, 1.0, 3.0], 2), [-0.75, 0.5]);
        assert_eq!(autocorrelations(&[2.0; 9], 3), [0.0; 0]);
        // Deviations ±1: fourth moment 1, 1 − 3 = −2. 0, 0, 0, 0, 5 has mean 1, m₂ = 4,
        // m₄ = (4 + 256)/5 = 52: 52/16 − 3 = 0.25.
        assert_eq!(excess_kurtosis(&[1.0, 3.0, 1.0, 3.0]), -2.0);
        assert!((excess_kurtosis(&[0.0, 0.0, 0.0, 0.0, 5.0]) - 0.25).abs() < 1e-12);
        // 100 → 200 → 50 → 100 → 40: a fall of 80 % from 200.
        let steps = [2.0, 0.25, 2.0, 0.4].map(libm::log);
        assert!((max_drawdown(&steps) - 0.8).abs() < 1e-12);
        assert_eq!(max_drawdown(&[0.1, 0.0]), 0.0);
    }
}
