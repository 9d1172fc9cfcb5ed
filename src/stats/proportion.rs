//! Intervals for probabilities.

use super::{Interval, special::Z_95};

/// Wilson's 95 % score interval for a proportion of `successes` in `trials` (Wilson 1927).
///
/// Both ends lie in [0, 1] and are exactly 0 at none, exactly 1 at all. No trials: unbounded.
///
/// # Panics
/// If there are more successes than trials.
pub fn wilson_interval(successes: u64, trials: u64) -> Interval {
    assert!(successes <= trials, "{successes} successes in {trials} trials");
    if trials == 0 {
        return Interval::UNBOUNDED;
    }
    let n = trials as f64;
    let p = successes as f64 / n;
    let z2 = Z_95 * Z_95;
    let scale = 1.0 / (1.0 + z2 / n);
    let centre = (p + z2 / (2.0 * n)) * scale;
    let half = Z_95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() * scale;
    // At the edges centre and half are equal (or add to 1) up to rounding only.
    let low = if successes == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if successes == trials { 1.0 } else { (centre + half).min(1.0) };
    Interval::bounded(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first four: Newcombe, "Two-sided confidence intervals for the single proportion",
    /// Statistics in Medicine 17 (1998), table I, method 3, printed to four places. The last two
    /// from the closed form at the edge: n/(n + z²) and its mirror, z² = 3.841459.
    #[test]
    fn wilson_matches_newcombe() {
        let table = [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
            (20, 20, 0.8389, 1.0),
            (0, 10_000, 0.0, 0.0004),
        ];
        for (successes, trials, low, high) in table {
            let interval = wilson_interval(successes, trials);
            let close = |bound: Option<f64>, printed: f64| {
                bound.is_some_and(|bound| (bound - printed).abs() <= 0.5e-4 + 1e-9)
            };
            assert!(
                close(interval.low, low) && close(interval.high, high),
                "{successes}/{trials}: {interval:?}"
            );
        }
    }

    #[test]
    fn wilson_edges_are_exact() {
        for n in [1_u64, 3, 10, 72, 1000, 999_983] {
            let nf = n as f64;
            let z2 = 3.841_458_820_694_124; // χ² with one degree of freedom, 95 %
            let (none, all) = (wilson_interval(0, n), wilson_interval(n, n));
            assert_eq!((none.low, all.high), (Some(0.0), Some(1.0)));
            assert!(none.high.is_some_and(|high| (high / (z2 / (nf + z2)) - 1.0).abs() < 1e-13));
            assert!(all.low.is_some_and(|low| (low / (nf / (nf + z2)) - 1.0).abs() < 1e-13));
        }
        assert_eq!(wilson_interval(0, 0), Interval::UNBOUNDED);
    }
}
