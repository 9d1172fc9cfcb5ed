//! Sample quantiles and their exact, distribution-free intervals.

use super::Interval;

/// Hyndman & Fan's type 7 (1996): linear between order statistics, at (n − 1)·p from the least.
///
/// `sorted` ascending; infinities may stand at the top. `p` in [0, 1].
///
/// # Panics
/// If there are no values or `p` is outside [0, 1].
pub fn quantile_type7(sorted: &[f64], p: f64) -> f64 {
    assert!(!sorted.is_empty(), "a quantile of no values");
    assert!((0.0..=1.0).contains(&p), "a quantile at {p}");
    let position = (sorted.len() - 1) as f64 * p;
    let whole = position as usize;
    let share = position - whole as f64;
    let below = sorted[whole];
    let above = sorted[(whole + 1).min(sorted.len() - 1)];
    if share == 0.0 || below == above {
        return below; // also where the difference would be ∞ − ∞ or 0·∞
    }
    below + share * (above - below)
}

/// Interval for the population's p-quantile by order statistics, at least `level` (0.95) sure
/// whatever the distribution, at most (1 − level)/2 on either side.
///
/// A side is unbounded when even the extreme value bounds it too weakly: the upper one, for 95 %,
/// below 72 values at p = 0.95, 368 at 0.99, 3,688 at 0.999 (pⁿ > 0.025).
///
/// # Panics
/// If `p` or `level` is not inside (0, 1).
pub fn quantile_interval(sorted: &[f64], p: f64, level: f64) -> Interval {
    let (low, high) = quantile_ranks(sorted.len(), p, level);
    Interval { low: low.map(|rank| sorted[rank - 1]), high: high.map(|rank| sorted[rank - 1]) }
}

/// The ranks (1 is the least value) of [`quantile_interval`]'s ends for n values.
///
/// With B ~ Binomial(n, p) the count of values at or below the quantile: the greatest l with
/// P(B < l) ≤ (1 − level)/2 and the least u with P(B ≥ u) ≤ (1 − level)/2 (David & Nagaraja,
/// Order Statistics, §7.1). Cost: about 20·√(n·p·(1 − p)) + 80 terms.
///
/// # Panics
/// If `p` or `level` is not inside (0, 1).
pub fn quantile_ranks(n: usize, p: f64, level: f64) -> (Option<usize>, Option<usize>) {
    assert!(p > 0.0 && p < 1.0, "a quantile's interval at {p}");
    assert!(level > 0.0 && level < 1.0, "an interval of level {level}");
    let (first, weights) = binomial_weights(n, p);
    let total: f64 = weights.iter().sum();
    let limit = 0.5 * (1.0 - level) * total;
    let low = first + terms_within(weights.iter(), limit);
    let last = first + weights.len() - 1;
    let high = last + 1 - terms_within(weights.iter().rev(), limit);
    ((low >= 1).then_some(low), (high <= n).then_some(high))
}

/// How many leading terms sum to at most `limit`.
fn terms_within<'a>(terms: impl Iterator<Item = &'a f64>, limit: f64) -> usize {
    let mut sum = 0.0;
    terms
        .take_while(|&&term| {
            sum += term;
            sum <= limit
        })
        .count()
}

/// Binomial(n, p) probabilities up to a common factor, for the counts from the first returned.
///
/// The mode has weight 1 and the rest follow by ratios, so no gamma function loses digits. Counts
/// further than 10 standard deviations + 40 from the mean are left out: by Bernstein's inequality
/// less than 1e-20 of the mass.
pub(super) fn binomial_weights(n: usize, p: f64) -> (usize, Vec<f64>) {
    let count = n as f64;
    let reach = 10.0 * (count * p * (1.0 - p)).sqrt() + 40.0;
    let first = (count * p - reach).max(0.0) as usize;
    let last = ((count * p + reach) as usize).min(n);
    let mode = (((count + 1.0) * p) as usize).clamp(first, last);
    let odds = p / (1.0 - p);
    let mut weights = vec![1.0; last - first + 1];
    for k in mode + 1..=last {
        weights[k - first] = weights[k - first - 1] * odds * (n - k + 1) as f64 / k as f64;
    }
    for k in (first..mode).rev() {
        weights[k - first] = weights[k - first + 1] / odds * (k + 1) as f64 / (n - k) as f64;
    }
    (first, weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Binomial, DiscreteCDF};

    /// By hand: position (n − 1)·p. The last row is R's `quantile(c(1, 2, 4, 8, 16), 0.9)`.
    #[test]
    fn type7_table() {
        let table: [(&[f64], f64, f64); 8] = [
            (&[7.0], 0.3, 7.0),
            (&[1.0, 2.0], 0.5, 1.5),
            (&[1.0, 2.0, 3.0, 4.0], 0.25, 1.75),
            (&[1.0, 2.0, 3.0, 4.0], 0.0, 1.0),
            (&[1.0, 2.0, 3.0, 4.0], 1.0, 4.0),
            (&[1.0, f64::INFINITY, f64::INFINITY], 0.75, f64::INFINITY),
            (&[1.0, 2.0, f64::INFINITY], 0.5, 2.0),
            (&[1.0, 2.0, 4.0, 8.0, 16.0], 0.9, 12.8),
        ];
        for (sorted, p, expected) in table {
            let found = quantile_type7(sorted, p);
            assert!(found == expected || (found - expected).abs() < 1e-14, "{p}: {found}");
        }
    }

    /// pⁿ ≤ 0.025 first holds at these n: ln 0.025 / ln p = 71.92, 367.04, 3687.03.
    #[test]
    fn upper_bound_exists_from_the_stated_sizes() {
        for (p, least) in [(0.95, 72), (0.99, 368), (0.999, 3688)] {
            assert_eq!(quantile_ranks(least - 1, p, 0.95).1, None, "{p}");
            assert_eq!(quantile_ranks(least, p, 0.95).1, Some(least), "{p}");
            assert_eq!(quantile_ranks(least - 1, 1.0 - p, 0.95).0, None, "{p}");
            assert_eq!(quantile_ranks(least, 1.0 - p, 0.95).0, Some(1), "{p}");
        }
        assert_eq!(quantile_ranks(0, 0.5, 0.95), (None, None));
        // Both values above the 95th percentile: 0.05² is less than 0.025, so the lower is a bound.
        let of_two = quantile_interval(&[1.0, 2.0], 0.95, 0.95);
        assert_eq!(of_two, Interval { low: Some(1.0), high: None });
    }

    /// Median of n values: Conover, Practical Nonparametric Statistics, and any table of the sign
    /// test give ranks (2, 9) at 10, (6, 15) at 20, (18, 33) at 50 and (40, 61) at 100.
    #[test]
    fn median_ranks_match_the_sign_test() {
        for (n, low, high) in [(10, 2, 9), (20, 6, 15), (50, 18, 33), (100, 40, 61)] {
            assert_eq!(quantile_ranks(n, 0.5, 0.95), (Some(low), Some(high)), "{n}");
        }
    }

    /// The definition itself, on statrs' binomial (its incomplete beta is good to about 1e-12, so
    /// that no rank here is decided by it).
    #[test]
    fn ranks_are_the_tightest_that_hold() {
        for n in [1_usize, 5, 30, 100, 400, 5_000, 100_000, 1_000_000] {
            for p in [0.001, 0.05, 0.3, 0.5, 0.95, 0.99, 0.999] {
                let binomial = Binomial::new(p, n as u64).expect("p and n are valid");
                let below =
                    |rank: usize| if rank == 0 { 0.0 } else { binomial.cdf(rank as u64 - 1) };
                let (low, high) = quantile_ranks(n, p, 0.95);
                let l = low.unwrap_or(0);
                assert!(below(l) <= 0.025 && below(l + 1) > 0.025, "{n} {p} low {low:?}");
                let u = high.unwrap_or(n + 1);
                let at_least =
                    |rank: usize| if rank > n { 0.0 } else { binomial.sf(rank as u64 - 1) };
                assert!(at_least(u) <= 0.025, "{n} {p} high {high:?}");
                assert!(u == 1 || at_least(u - 1) > 0.025, "{n} {p} high {high:?}");
            }
        }
    }
}
