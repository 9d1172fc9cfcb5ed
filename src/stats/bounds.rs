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
    /// one; sections of replicates otherwise. Values that are mostly 0 and then large are far from
    /// normal, and an estimate that is too small has an error that is too small: the upper end is raised
    /// by g/(6√n)·(1 + 2t²) errors, g their skewness (N. Johnson 1978, *Modified t tests and confidence
    /// intervals for asymmetrical populations*). It is unbounded where the quantile is.
    pub fn es_bounds(self, losses: &[f64], confidence: f64, alpha: f64) -> Interval {
        let level = 1.0 - 2.0 * alpha;
        if self.size() > 1 {
            let statistic = |sorted: &[f64]| expected_shortfall(sorted, confidence);
            return self.sectioned(losses, confidence, level, statistic);
        }
        let ascending = sorted(losses);
        let beyond = (losses.len() as f64 * (1.0 - confidence) + 1e-9) as u64;
        if beyond < 2 || losses.iter().any(|loss| !loss.is_finite()) {
            return Interval::UNBOUNDED;
        }
        let quantile = quantile_type7(&ascending, confidence);
        let excess: Vec<f64> =
            losses.iter().map(|loss| (loss - quantile).max(0.0) / (1.0 - confidence)).collect();
        let (t, error) = (student_t_two_sided(level, beyond - 1), mean_and_stderr(&excess).1);
        let root = (losses.len() as f64).sqrt();
        let raised = skewness(&excess) / (6.0 * root) * (1.0 + 2.0 * t * t);
        let centre = expected_shortfall(&ascending, confidence);
        let high = quantile_ranks(losses.len(), confidence, level).1;
        Interval {
            low: Some(centre - t * error),
            high: high.map(|_| centre + (t + raised) * error),
        }
    }
}

/// The third standardised moment; 0 where all values are the same.
fn skewness(values: &[f64]) -> f64 {
    let mean = mean_and_stderr(values).0;
    let (mut squares, mut cubes) = (0.0, 0.0);
    for off in values.iter().map(|value| value - mean) {
        squares += off * off;
        cubes += off * off * off;
    }
    let count = values.len() as f64;
    let variance = squares / count;
    if variance > 0.0 { cubes / count / (variance * variance.sqrt()) } else { 0.0 }
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

    /// Upper ends of ES95 must be too low in no more than about α of samples. Of 1,000 samples of 100,
    /// 400 and 2,000 losses at α = 1/60: 16.7; of exponential losses (1 + ln 20) and of normal ones
    /// (2.062713). 4.5·√16.7 = 18.4 is the width for chance alone, and half as many again are allowed for
    /// what the skewness of few losses hides: 44. Student's t alone fails in 33 to 71 of them.
    #[test]
    fn bounds_of_the_shortfall_cover() {
        let key = StreamKey::new("test", "es bound");
        for n in [100, 400, 2_000] {
            let mut fails = [0_u32; 2];
            for sample in 0..1_000 {
                let mut stream = key.open(n, sample);
                let exponential: Vec<f64> = (0..n).map(|_| stream.exponential()).collect();
                let normal: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
                let truths = [1.0 + libm::log(20.0), 2.062_713];
                for ((fails, losses), truth) in
                    fails.iter_mut().zip([exponential, normal]).zip(truths)
                {
                    let bound = Replication::INDEPENDENT.es_bounds(&losses, 0.95, 1.0 / 60.0);
                    *fails += u32::from(bound.high.is_some_and(|high| high < truth));
                }
            }
            println!("{n}: {fails:?} of 1,000");
            assert!(fails.iter().all(|fails| *fails <= 44), "{n}: {fails:?}");
        }
    }

    /// Of 0, 0, 0 and 4: mean 1, second moment (3·1 + 9)/4 = 3, third (−3 + 27)/4 = 6: 6/3^1.5.
    #[test]
    fn skewness_by_hand() {
        assert!((skewness(&[0.0, 0.0, 0.0, 4.0]) - 6.0 / 27.0_f64.sqrt()).abs() < 1e-12);
        assert!(skewness(&[2.0; 3]).abs() < 1e-12);
    }
}
