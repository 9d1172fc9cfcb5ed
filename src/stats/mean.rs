//! Means with their sampling error.

use super::{Interval, special::student_t_two_sided};

/// Mean and its standard error, s/√n with s the unbiased sample standard deviation, both in the
/// values' unit. One value says nothing of its error: +∞.
///
/// Compensated sum (Neumaier 1974), then a second pass for the squares: no cancellation.
///
/// # Panics
/// If there are no values.
pub fn mean_and_stderr(values: &[f64]) -> (f64, f64) {
    assert!(!values.is_empty(), "a mean of no values");
    let n = values.len() as f64;
    let mean = compensated_sum(values) / n;
    if values.len() == 1 {
        return (mean, f64::INFINITY);
    }
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}

/// 95 % interval for the mean: Student's t on n − 1 degrees of freedom, so that a handful of
/// independent replicates is judged fairly. Fewer than two values: unbounded.
pub fn mean_interval(values: &[f64]) -> Interval {
    if values.len() < 2 {
        return Interval::UNBOUNDED;
    }
    let (mean, stderr) = mean_and_stderr(values);
    let half = student_t_two_sided(0.95, values.len() as u64 - 1) * stderr;
    Interval::bounded(mean - half, mean + half)
}

/// Left to right, with the lost low parts summed beside. A sum that overflows is plain.
fn compensated_sum(values: &[f64]) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0);
    for &value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    if sum.is_finite() { sum + lost } else { sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_error_by_hand() {
        // Squared deviations from 5: 9, 1, 1, 1, 0, 0, 4, 16 = 32; s² = 32/7; error² = 4/7.
        let (mean, stderr) = mean_and_stderr(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!(mean, 5.0);
        assert!((stderr - (4.0_f64 / 7.0).sqrt()).abs() < 1e-15);
        assert_eq!(mean_and_stderr(&[3.0]), (3.0, f64::INFINITY));
        // The plain sum is 0: 1e16 swallows the ones.
        assert_eq!(mean_and_stderr(&[1.0, 1e16, 1.0, -1e16]).0, 0.5);
        assert_eq!(mean_and_stderr(&[1.0, f64::INFINITY]).0, f64::INFINITY);
    }

    /// Student's sleep data, difference of the two drugs (1908): mean 1.58, and R's `t.test`
    /// prints the interval 0.7001142 to 2.4598858.
    #[test]
    fn interval_of_the_sleep_data() {
        let interval = mean_interval(&[1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]);
        assert!(interval.low.is_some_and(|low| (low - 0.700_114_2).abs() < 1e-7), "{interval:?}");
        assert!(interval.high.is_some_and(|high| (high - 2.459_885_8).abs() < 1e-7));
        assert_eq!(mean_interval(&[1.0]), Interval::UNBOUNDED);
    }
}
