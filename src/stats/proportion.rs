//! Intervals for probabilities.

use super::replication::score_interval;
use super::{Interval, special::Z_95, student_t_two_sided};

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

/// 95 % interval of a share of trials that come in independent clusters, each of (successes, trials):
/// Wilson's, on as many trials as would give the variance of the ratio of the sums (Cochran 1977,
/// *Sampling Techniques*, §2.11 and §3.12), but no more than there are, with Student's quantile. With one
/// trial a cluster it is Wilson's own. Fewer than two clusters of several trials: unbounded.
pub fn clustered_proportion_interval(clusters: &[(u64, u64)]) -> Interval {
    let sum = |of: fn(&(u64, u64)) -> u64| clusters.iter().map(of).sum::<u64>();
    let (hits, trials) = (sum(|one| one.0), sum(|one| one.1));
    if clusters.iter().all(|(_, trials)| *trials <= 1) {
        return wilson_interval(hits, trials);
    }
    if clusters.len() < 2 {
        return Interval::UNBOUNDED;
    }
    let (count, total) = (clusters.len() as f64, trials as f64);
    let p = hits as f64 / total;
    let off = clusters.iter().map(|(hits, trials)| *hits as f64 - p * *trials as f64);
    let squares: f64 = off.map(|off| off * off).sum();
    let variance = count / (count - 1.0) * squares / (total * total);
    let worth = p * (1.0 - p) / variance;
    // Alike in every cluster: it may be so in any trial of one.
    let worth = if worth.is_finite() && worth > 0.0 { worth.min(total) } else { count };
    score_interval(p, worth, student_t_two_sided(0.95, clusters.len() as u64 - 1))
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

    /// Four paths: 2 of 2, 0 of 2, 2 of 2, 0 of 2. p = 1/2, off by ±1: variance 4/3·4/64 = 1/12, worth 3
    /// trials; t(3) = 3.182446: centre 1/2, half t·√(1/12 + t²/36)/(1 + t²/3) = .439255. One trial each
    /// is Wilson's own; all alike are worth a trial a path.
    #[test]
    fn trials_of_a_path_are_worth_one() {
        let found = clustered_proportion_interval(&[(2, 2), (0, 2), (2, 2), (0, 2)]);
        let t: f64 = 3.182_446_305;
        let half = t * (1.0_f64 / 12.0 + t * t / 36.0).sqrt() / (1.0 + t * t / 3.0);
        assert!(found.low.is_some_and(|low| (low - (0.5 - half)).abs() < 1e-8), "{found:?}");
        assert!(found.high.is_some_and(|high| (high - (0.5 + half)).abs() < 1e-8), "{found:?}");
        let single = [(1, 1), (0, 1), (1, 1)];
        assert_eq!(clustered_proportion_interval(&single), wilson_interval(2, 3));
        let alike = clustered_proportion_interval(&[(2, 2), (2, 2)]);
        // n/(n + t²) with n = 2 and t(1) = 12.706205.
        let low = 2.0 / (2.0 + 12.706_204_736_f64.powi(2));
        assert!(alike.low.is_some_and(|end| (end - low).abs() < 1e-9), "{alike:?}");
        assert_eq!(clustered_proportion_interval(&[(1, 2)]), Interval::UNBOUNDED);
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
