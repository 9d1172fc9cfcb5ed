//! Intervals of a study's figures, whether its draws are independent or come in replicates.

use super::{
    Interval, es_interval, expected_shortfall, mean_and_stderr, mean_interval, quantile_interval,
    quantile_ranks, quantile_type7, student_t_two_sided, wilson_interval,
};

/// Sections that a sample is cut into for the error of a quantile, at most.
const SECTIONS: usize = 32;

/// How the values of a study depend on each other: values `k·size..(k + 1)·size` make a replicate
/// (an antithetic pair, a randomised set of points), and only replicates are independent. All
/// intervals are of 95 %. Size 1: every value is independent, and the intervals are the usual ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replication {
    size: usize,
}

impl Replication {
    /// Every value on its own.
    pub const INDEPENDENT: Self = Self { size: 1 };

    /// Replicates of so many values; 0 counts as 1.
    pub fn of(size: usize) -> Self {
        Self { size: size.max(1) }
    }

    /// Values per replicate.
    pub fn size(self) -> usize {
        self.size
    }

    /// Of the mean: Student's t over the replicates' means. A last replicate that is not whole says
    /// nothing of the error. Unbounded with fewer than two, or with a value that is not finite.
    pub fn mean_interval(self, values: &[f64]) -> Interval {
        if values.iter().any(|value| !value.is_finite()) {
            return Interval::UNBOUNDED;
        }
        if self.size == 1 {
            return mean_interval(values);
        }
        let means = self.means(values);
        if means.len() < 2 {
            return Interval::UNBOUNDED;
        }
        let (mean, error) = (mean_and_stderr(values).0, mean_and_stderr(&means).1);
        around(mean, error, means.len(), 0.95)
    }

    /// Of the p-quantile (type 7): order statistics of independent values, else the error of
    /// [`SECTIONS`] sections of whole replicates (Asmussen & Glynn 2007, Stochastic Simulation,
    /// §III.5). `values` in the order of the draws. A side that the number of values does not
    /// bound is unbounded in both cases.
    pub fn quantile_interval(self, values: &[f64], p: f64) -> Interval {
        if self.size == 1 {
            return quantile_interval(&sorted(values), p, 0.95);
        }
        self.sectioned(values, p, 0.95, |sorted| quantile_type7(sorted, p))
    }

    /// Of the expected shortfall: bootstrap of independent values, else by sections. Of a single value,
    /// which is what happened, there is none.
    pub fn es_interval(self, losses: &[f64], confidence: f64) -> Interval {
        if losses.len() < 2 {
            return Interval::UNBOUNDED;
        }
        if self.size == 1 {
            return es_interval(&sorted(losses), confidence);
        }
        let statistic = |sorted: &[f64]| expected_shortfall(sorted, confidence);
        self.sectioned(losses, confidence, 0.95, statistic)
    }

    /// Of a probability: Wilson's; with replicates on as many trials as would give the variance
    /// that their means have (as many as replicates where all values are alike), with Student's
    /// quantile in place of the normal one.
    pub fn proportion_interval(self, hits: &[bool]) -> Interval {
        if self.size == 1 {
            let count = hits.iter().filter(|hit| **hit).count();
            return wilson_interval(count as u64, hits.len() as u64);
        }
        self.score_interval(hits, 0.95)
    }

    /// Wilson's interval of a level on as many trials as the replicates are worth.
    pub(super) fn score_interval(self, hits: &[bool], level: f64) -> Interval {
        let count = hits.iter().filter(|hit| **hit).count();
        let values: Vec<f64> = hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
        let means = self.means(&values);
        if means.len() < 2 {
            return Interval::UNBOUNDED;
        }
        let p = count as f64 / hits.len() as f64;
        let error = mean_and_stderr(&means).1;
        let worth = p * (1.0 - p) / (error * error);
        let trials = if worth.is_finite() && worth > 0.0 { worth } else { means.len() as f64 };
        score_interval(p, trials, student_t_two_sided(level, means.len() as u64 - 1))
    }

    /// By how much replicates lower the variance of the mean against as many independent values:
    /// (s²/n) / (s²_R/R). `None` for independent values, or where either has no variance.
    pub fn variance_reduction(self, values: &[f64]) -> Option<f64> {
        let means = self.means(values);
        if self.size == 1 || means.len() < 2 {
            return None;
        }
        let (plain, found) = (mean_and_stderr(values).1, mean_and_stderr(&means).1);
        let ratio = (plain / found) * (plain / found);
        (ratio.is_finite() && ratio > 0.0).then_some(ratio)
    }

    /// The means of the whole replicates.
    pub(super) fn means(self, values: &[f64]) -> Vec<f64> {
        values.chunks_exact(self.size).map(|replicate| mean_and_stderr(replicate).0).collect()
    }

    /// An interval of a level from the error of sections of whole replicates.
    pub(super) fn sectioned(
        self,
        values: &[f64],
        p: f64,
        level: f64,
        statistic: impl Fn(&[f64]) -> f64,
    ) -> Interval {
        let replicates = values.len() / self.size;
        let count = replicates.min(SECTIONS);
        if count < 2 || values.iter().any(|value| !value.is_finite()) {
            return Interval::UNBOUNDED;
        }
        let section = replicates / count * self.size;
        let whole = statistic(&sorted(values));
        let sections: Vec<f64> =
            values.chunks_exact(section).map(|one| statistic(&sorted(one))).collect();
        let squares: f64 = sections.iter().map(|one| (one - whole) * (one - whole)).sum();
        let n = sections.len() as f64;
        let interval = around(whole, (squares / (n - 1.0) / n).sqrt(), sections.len(), level);
        let (low, high) = quantile_ranks(values.len(), p, level);
        Interval { low: low.and(interval.low), high: high.and(interval.high) }
    }
}

/// Centre ± Student's t of a level times an error found from `count` ≥ 2 values.
pub(super) fn around(centre: f64, error: f64, count: usize, level: f64) -> Interval {
    let half = student_t_two_sided(level, count as u64 - 1) * error;
    Interval::bounded(centre - half, centre + half)
}

/// Wilson's score interval on a number of trials that need not be whole.
pub(super) fn score_interval(p: f64, trials: f64, quantile: f64) -> Interval {
    let z2 = quantile * quantile;
    let scale = 1.0 / (1.0 + z2 / trials);
    let centre = (p + z2 / (2.0 * trials)) * scale;
    let half = quantile * (p * (1.0 - p) / trials + z2 / (4.0 * trials * trials)).sqrt() * scale;
    let low = if p == 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if p == 1.0 { 1.0 } else { (centre + half).min(1.0) };
    Interval::bounded(low, high)
}

pub(super) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::StreamKey;

    fn near(found: Interval, low: f64, high: f64) {
        let bound = |bound: Option<f64>, x: f64| bound.is_some_and(|b| (b - x).abs() < 1e-7);
        assert!(bound(found.low, low) && bound(found.high, high), "{found:?}: {low} {high}");
    }

    /// Pair means of (1, 3), (4, 6), (5, 11): 2, 5, 8: mean 5, s = 3, error √3; t(2) = 4.302653.
    /// A seventh value is no pair: the mean is (30 + 7)/7, the error that of the pairs.
    #[test]
    fn means_by_hand() {
        let half = 4.302_652_73 * 3.0_f64.sqrt();
        let pairs = Replication::of(2);
        let values = [1.0, 3.0, 4.0, 6.0, 5.0, 11.0, 7.0];
        near(pairs.mean_interval(&values[..6]), 5.0 - half, 5.0 + half);
        near(pairs.mean_interval(&values), 37.0 / 7.0 - half, 37.0 / 7.0 + half);
        assert_eq!(pairs.mean_interval(&values[..3]), Interval::UNBOUNDED);
        assert_eq!(pairs.mean_interval(&[1.0, f64::INFINITY, 1.0, 2.0]), Interval::UNBOUNDED);
    }

    /// Medians of (1, 2, 9), (4, 5, 6), (3, 7, 8): 2, 5, 7; of all nine: 5. About 5: 9 + 0 + 4,
    /// error √(13/2/3). ES at 50 %, mass 1.5 of three: (9 + 1)/1.5, 8.5/1.5, 11.5/1.5; mass 4.5 of
    /// nine: (9 + 8 + 7 + 6 + 2.5)/4.5 = 65/9; about it −5/9, −14/9, 4/9: error √(237/81/6).
    #[test]
    fn sections_by_hand() {
        let values = [1.0, 2.0, 9.0, 4.0, 5.0, 6.0, 3.0, 7.0, 8.0];
        let t = 4.302_652_73;
        let threes = Replication::of(3);
        let table = [
            (threes.quantile_interval(&values, 0.5), 5.0, (13.0_f64 / 6.0).sqrt()),
            (threes.es_interval(&values, 0.5), 65.0 / 9.0, (237.0_f64 / 486.0).sqrt()),
        ];
        for (found, centre, error) in table {
            near(found, centre - t * error, centre + t * error);
        }
    }

    #[test]
    fn too_few_for_the_tail_are_unbounded() {
        let values: Vec<f64> = (0..3696).map(f64::from).collect();
        for (p, least, per_replicate) in [(0.95, 72, 8), (0.99, 368, 23), (0.999, 3688, 8)] {
            for (n, bounded) in [(least - per_replicate, false), (least, true)] {
                let draws = Replication::of(per_replicate);
                let found = draws.quantile_interval(&values[..n], p);
                assert_eq!(found.high.is_some(), bounded, "{p} {n}");
                let found = draws.es_interval(&values[..n], p);
                assert_eq!(found.high.is_some(), bounded, "{p} {n}");
            }
        }
    }

    /// Six values of mean 5: squares 16 + 4 + 1 + 1 + 0 + 36 = 58, variance 58/5, of the mean
    /// 11.6/6; the pairs' is 9/3. Perfect mirrors have no variance at all.
    #[test]
    fn variance_reduction_by_hand() {
        let pairs = Replication::of(2);
        let found = pairs.variance_reduction(&[1.0, 3.0, 4.0, 6.0, 5.0, 11.0]);
        assert!(found.is_some_and(|ratio| (ratio - 11.6 / 6.0 / 3.0).abs() < 1e-12), "{found:?}");
        assert_eq!(pairs.variance_reduction(&[1.0, 3.0, 3.0, 1.0]), None);
        assert_eq!(Replication::INDEPENDENT.variance_reduction(&[1.0, 3.0, 3.0, 1.0]), None);
    }

    /// Hits of four pairs: 1, 0, ½, ½: p = ½, s² = (¼ + ¼)/3 = 1/6, error² = 1/24, worth
    /// ¼·24 = 6 trials; t(3) = 3.182446: z² = 10.127965, scale 1/(1 + 10.127965/6) = 0.3720246,
    /// half = 3.182446·√(¼/6 + 10.127965/144)·0.3720246 = 0.396224. No hit in four pairs: four
    /// trials, 0 to z²/(4 + z²) = 0.716872.
    #[test]
    fn proportions_by_hand() {
        let pairs = Replication::of(2);
        let hits = [true, true, false, false, true, false, false, true];
        near(pairs.proportion_interval(&hits), 0.5 - 0.396_224_5, 0.5 + 0.396_224_5);
        let none = pairs.proportion_interval(&[false; 8]);
        near(none, 0.0, 10.127_965 / 14.127_965);
        let plain = Replication::INDEPENDENT.proportion_interval(&hits);
        assert_eq!(plain, wilson_interval(4, 8));
    }

    /// Of 1,000 seeds 93.5 % to 96.5 % of the intervals hold the truth (√(0.95·0.05/1000) = 0.7 %,
    /// ±2.2 of them) for mean, probability and quantile of x = z² + z, whose pairs are z² ± z.
    #[test]
    fn intervals_of_mirrored_draws_cover() {
        // P(z² + z ≤ c) = Φ(−½ + r) − Φ(−½ − r), r = √(¼ + c); at c = 2: r = 1.5, Φ(1) − Φ(−2).
        let share = 1.0 - 0.818_594_6;
        let pairs = Replication::of(2);
        let key = StreamKey::new("test", "mirrored");
        let mut covered = [0_u32; 3];
        for seed in 0..1000 {
            let mut stream = key.open(seed, 0);
            let mut values = Vec::with_capacity(1_024);
            for _ in 0..512 {
                let z = stream.normal();
                values.extend([z * z + z, z * z - z]);
            }
            let mean = pairs.mean_interval(&values);
            let hits: Vec<bool> = values.iter().map(|value| *value > 2.0).collect();
            let quantile = pairs.quantile_interval(&values, 1.0 - share);
            for (count, holds) in covered.iter_mut().zip([
                mean.contains(1.0),
                pairs.proportion_interval(&hits).contains(share),
                quantile.contains(2.0),
            ]) {
                *count += u32::from(holds);
            }
        }
        println!("mean, probability, quantile: {covered:?} of 1,000");
        assert!(covered.iter().all(|count| (935..=965).contains(count)), "{covered:?}");
    }
}
