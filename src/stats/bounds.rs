//! One-sided bounds of a study's figures, at any chance of being wrong.

use super::replication::{around, sorted};
use super::{
    Interval, Replication, expected_shortfall, mean_and_stderr, proportion_bounds,
    quantile_interval, quantile_ranks, quantile_type7, student_t_two_sided,
};

/// Each end alone is wrong with a chance of at most `alpha`, inside (0, 1/2): both are ends of the
/// two-sided interval of level 1 − 2·alpha. A side that the sample does not bound is `None`.
impl Replication {
    /// Of the mean: Student's t over values or the replicates' means. Unbounded with fewer than two,
    /// or with a value that is not finite.
    pub fn mean_bounds(self, values: &[f64], alpha: f64) -> Interval {
        if values.iter().any(|value| !value.is_finite()) {
            return Interval::UNBOUNDED;
        }
        let means = self.means(values);
        if means.len() < 2 {
            return Interval::UNBOUNDED;
        }
        let (mean, error) = (mean_and_stderr(values).0, mean_and_stderr(&means).1);
        around(mean, error, means.len(), 1.0 - 2.0 * alpha)
    }

    /// Of a probability: Clopper and Pearson's exact ones; with replicates, which are no binomial
    /// trials, Wilson's on as many trials as they are worth
    /// (see [`Replication::proportion_interval`]).
    pub fn proportion_bounds(self, hits: &[bool], alpha: f64) -> Interval {
        if self.size() == 1 {
            let count = hits.iter().filter(|hit| **hit).count();
            return proportion_bounds(count as u64, hits.len() as u64, alpha);
        }
        self.score_interval(hits, 1.0 - 2.0 * alpha)
    }

    /// Of the p-quantile: order statistics, else sections of replicates.
    pub fn quantile_bounds(self, values: &[f64], p: f64, alpha: f64) -> Interval {
        let level = 1.0 - 2.0 * alpha;
        if self.size() == 1 {
            return quantile_interval(&sorted(values), p, level);
        }
        self.sectioned(values, p, level, |sorted| quantile_type7(sorted, p))
    }

    /// Of the expected shortfall: the error of the mean of q + (loss − q)⁺/(1 − c), q the quantile
    /// (S. Manistre & G. Hancock 2005, *Variance of the CTE estimator*, up to the part of q, which
    /// vanishes at the quantile), with Student's t on as many values as lie beyond the quantile, less
    /// one; sections of replicates otherwise. Above it is unbounded where the quantile is: a bootstrap
    /// of so few losses would draw its far ends from the one worst that was seen.
    pub fn es_bounds(self, losses: &[f64], confidence: f64, alpha: f64) -> Interval {
        let level = 1.0 - 2.0 * alpha;
        if self.size() > 1 {
            let statistic = |sorted: &[f64]| expected_shortfall(sorted, confidence);
            return self.sectioned(losses, confidence, level, statistic);
        }
        let ascending = sorted(losses);
        let beyond = (losses.len() as f64 * (1.0 - confidence)) as u64;
        if beyond < 2 || losses.iter().any(|loss| !loss.is_finite()) {
            return Interval::UNBOUNDED;
        }
        let quantile = quantile_type7(&ascending, confidence);
        let excess: Vec<f64> =
            losses.iter().map(|loss| (loss - quantile).max(0.0) / (1.0 - confidence)).collect();
        let half = student_t_two_sided(level, beyond - 1) * mean_and_stderr(&excess).1;
        let centre = expected_shortfall(&ascending, confidence);
        let high = quantile_ranks(losses.len(), confidence, level).1;
        Interval { low: Some(centre - half), high: high.map(|_| centre + half) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::StreamKey;

    /// One-sided 95 % ends are those of the two-sided 90 % interval: of 1 2 3 4 5, mean 3, error
    /// √(2.5/5), t(4) at 95 % = 2.131847 (any table). Exact: 1 − 0.05^(1/10) for none of ten.
    #[test]
    fn bounds_by_hand() {
        let plain = Replication::INDEPENDENT;
        let mean = plain.mean_bounds(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.05);
        let half = 2.131_846_786 * 0.5_f64.sqrt();
        assert!(mean.high.is_some_and(|high| (high - 3.0 - half).abs() < 1e-8), "{mean:?}");
        assert!(mean.low.is_some_and(|low| (low - 3.0 + half).abs() < 1e-8), "{mean:?}");
        let none = plain.proportion_bounds(&[false; 10], 0.05);
        assert!(none.high.is_some_and(|high| (high - 0.258_866).abs() < 1e-6), "{none:?}");
        assert_eq!(plain.mean_bounds(&[1.0], 0.05), Interval::UNBOUNDED);
        // 0.95^58 = 0.051 > 0.05 ≥ 0.95^59: Wilks' 59 runs for a 95/95 bound.
        let runs: Vec<f64> = (0..59).map(f64::from).collect();
        assert_eq!(plain.quantile_bounds(&runs, 0.95, 0.05).high, Some(58.0));
        assert_eq!(plain.quantile_bounds(&runs[..58], 0.95, 0.05).high, None);
        assert_eq!(plain.es_bounds(&runs[..58], 0.95, 0.05).high, None);
    }

    /// The upper bound of ES90 of exponential losses, 1 + ln 10, must fail in about 5 % of samples: of
    /// 800, 40 ± 4.5·√(800·.05·.95) = 28 is the width for chance alone, and 10 % more is allowed for
    /// the skewness that no bound of this kind knows of.
    #[test]
    fn bound_of_the_shortfall_covers() {
        let truth = 1.0 + libm::log(10.0);
        let key = StreamKey::new("test", "es bound");
        let fails = (0..800).filter(|sample| {
            let mut stream = key.open(1, *sample);
            let losses: Vec<f64> = (0..400).map(|_| stream.exponential()).collect();
            let bound = Replication::INDEPENDENT.es_bounds(&losses, 0.9, 0.05);
            bound.high.is_some_and(|high| high < truth)
        });
        let fails = fails.count();
        assert!((12..=96).contains(&fails), "{fails}");
    }
}
