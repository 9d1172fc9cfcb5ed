//! Intervals for estimates from draws that depend on each other: antithetic pairs, points of low
//! discrepancy.
//!
//! What is independent is the replicate: a pair, or a whole randomised set of points. Values stand
//! replicate after replicate, each of the same size.

use thiserror::Error;

use super::{
    Interval, expected_shortfall, mean_and_stderr, mean_interval, quantile_ranks, quantile_type7,
    student_t_two_sided,
};

/// Values that cannot be cut into replicates. Values count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum ReplicateError {
    #[error("{values} values do not make whole replicates of {per_replicate}")]
    NotWhole { values: usize, per_replicate: usize },
    #[error("value {index} is not a finite number")]
    NotFinite { index: usize },
    #[error("{0} is not between 0 and 1: give a fraction such as 0.95")]
    Level(f64),
    #[error("{a} values cannot be paired with {b}")]
    Unpaired { a: usize, b: usize },
}

/// The mean of each replicate.
///
/// # Errors
/// A last replicate that is not whole, none at all, or a value that is not finite.
pub fn replicate_means(values: &[f64], per_replicate: usize) -> Result<Vec<f64>, ReplicateError> {
    let replicates = replicates(values, per_replicate)?;
    Ok(replicates.map(|values| mean_and_stderr(values).0).collect())
}

/// 95 % interval of the mean of a − b, pair by pair, as for two variants on the same paths.
///
/// # Errors
/// As [`replicate_means`], or different lengths.
pub fn paired_difference_interval(
    a: &[f64],
    b: &[f64],
    per_replicate: usize,
) -> Result<Interval, ReplicateError> {
    if a.len() != b.len() {
        return Err(ReplicateError::Unpaired { a: a.len(), b: b.len() });
    }
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    Ok(mean_interval(&replicate_means(&differences, per_replicate)?))
}

/// How much greater the p-quantile of a is than that of b, values paired as two variants on the
/// same paths are, and its 95 % interval: the difference of the type-7 quantiles of all values, ±
/// Student's t times the error of the differences of sections (as
/// [`Replication::quantile_interval`](super::Replication::quantile_interval); what is common to a pair cancels in each section). Sections
/// have the least number of whole replicates that makes at most 32 of them; values that fill no
/// section count in the difference and not in its error.
///
/// # Errors
/// As [`paired_difference_interval`], or p outside (0, 1).
pub fn paired_quantile_difference(
    a: &[f64],
    b: &[f64],
    per_replicate: usize,
    p: f64,
) -> Result<(f64, Interval), ReplicateError> {
    paired(a, b, per_replicate, p, |sorted| quantile_type7(sorted, p))
}

/// The same of the expected shortfall at a confidence.
///
/// # Errors
/// As [`paired_difference_interval`], or a confidence outside (0, 1).
pub fn paired_es_difference(
    a: &[f64],
    b: &[f64],
    per_replicate: usize,
    confidence: f64,
) -> Result<(f64, Interval), ReplicateError> {
    paired(a, b, per_replicate, confidence, |sorted| expected_shortfall(sorted, confidence))
}

/// Sections of a paired difference, at most.
const SECTIONS: usize = 32;

fn paired(
    a: &[f64],
    b: &[f64],
    per_replicate: usize,
    p: f64,
    statistic: impl Fn(&[f64]) -> f64,
) -> Result<(f64, Interval), ReplicateError> {
    if a.len() != b.len() {
        return Err(ReplicateError::Unpaired { a: a.len(), b: b.len() });
    }
    if !(p > 0.0 && p < 1.0) {
        return Err(ReplicateError::Level(p));
    }
    let count = replicates(a, per_replicate)?.len();
    let _ = replicates(b, per_replicate)?;
    let of = |values: &[f64]| {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        statistic(&sorted)
    };
    let pooled = of(a) - of(b);
    let section = count.div_ceil(SECTIONS) * per_replicate;
    let both = a.chunks_exact(section).zip(b.chunks_exact(section));
    let sections = both.len();
    if sections < 2 {
        return Ok((pooled, Interval::UNBOUNDED));
    }
    let off = both.map(|(a, b)| of(a) - of(b) - pooled);
    let squares: f64 = off.map(|off| off * off).sum();
    let error = (squares / (sections as f64 - 1.0) / sections as f64).sqrt();
    let half = student_t_two_sided(0.95, sections as u64 - 1) * error;
    let (low, high) = quantile_ranks(a.len(), p, 0.95);
    // What bounds neither quantile bounds no difference of them.
    let known = low.and(high).is_some();
    Ok((
        pooled,
        if known { Interval::bounded(pooled - half, pooled + half) } else { Interval::UNBOUNDED },
    ))
}

fn replicates(
    values: &[f64],
    per_replicate: usize,
) -> Result<std::slice::ChunksExact<'_, f64>, ReplicateError> {
    if per_replicate == 0 || values.is_empty() || !values.len().is_multiple_of(per_replicate) {
        return Err(ReplicateError::NotWhole { values: values.len(), per_replicate });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(ReplicateError::NotFinite { index }),
        None => Ok(values.chunks_exact(per_replicate)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Replication, SobolSet, Stream, StreamKey, normal_cdf, normal_quantile};

    /// Pair means of (1, 3), (4, 6), (5, 11): 2, 5, 8: mean 5, s = 3, error √3; t(2) = 4.302653.
    #[test]
    fn pairs_by_hand() {
        let values = [1.0, 3.0, 4.0, 6.0, 5.0, 11.0];
        assert_eq!(replicate_means(&values, 2), Ok(vec![2.0, 5.0, 8.0]));
        let half = 4.302_652_73 * 3.0_f64.sqrt();
        let one = paired_difference_interval(&values, &[1.0; 6], 2).expect("paired");
        assert!(one.low.is_some_and(|low| (low - (4.0 - half)).abs() < 1e-8), "{one:?}");
    }

    #[test]
    fn wrong_input_is_named() {
        let not_whole = ReplicateError::NotWhole { values: 3, per_replicate: 2 };
        assert_eq!(replicate_means(&[1.0; 3], 2), Err(not_whole));
        let infinite = replicate_means(&[1.0, f64::INFINITY], 2);
        assert_eq!(infinite, Err(ReplicateError::NotFinite { index: 1 }));
        let unpaired = paired_difference_interval(&[1.0], &[], 1);
        assert_eq!(unpaired, Err(ReplicateError::Unpaired { a: 1, b: 0 }));
        let level = paired_quantile_difference(&[1.0; 4], &[1.0; 4], 2, 1.0);
        assert_eq!(level, Err(ReplicateError::Level(1.0)));
    }

    /// (K − e^(0.2·x))⁺ with x the normal Σz/2 of four: a put, worth K·Φ(d) − e^0.02·Φ(d − 0.2)
    /// with d = ln K / 0.2.
    fn put(z: [f64; 4], strike: f64) -> f64 {
        (strike - libm::exp(0.1 * z.iter().sum::<f64>())).max(0.0)
    }

    fn worth(strike: f64) -> f64 {
        let d = libm::log(strike) / 0.2;
        strike * normal_cdf(d) - libm::exp(0.02) * normal_cdf(d - 0.2)
    }

    fn draw(stream: &mut Stream) -> [f64; 4] {
        let mut z = [0.0; 4];
        stream.fill_normal(&mut z);
        z
    }

    /// Four sections of a pair each: (1, 5), (2, 8), (3, 9), (4, 4) against (0, 4), (1, 6), (2, 8),
    /// (3, 3): medians differ by 1, 1.5, 1, 1. Of all 1 2 3 4 4 5 8 9 the median is 4, of 0 1 2 3 3
    /// 4 6 8 it is 3: 1. Squares about it .25, error
    /// √(.25/3/4), t(3) = 3.182446.
    #[test]
    fn paired_sections_by_hand() {
        let a = [1.0, 5.0, 2.0, 8.0, 3.0, 9.0, 4.0, 4.0];
        let b = [0.0, 4.0, 1.0, 6.0, 2.0, 8.0, 3.0, 3.0];
        let (found, interval) = paired_quantile_difference(&a, &b, 2, 0.5).expect("whole pairs");
        assert_eq!(found, 1.0);
        let half = 3.182_446_305 * (0.25_f64 / 12.0).sqrt();
        assert!(interval.low.is_some_and(|low| (low - (1.0 - half)).abs() < 1e-8), "{interval:?}");
        assert!(interval.high.is_some_and(|high| (high - (1.0 + half)).abs() < 1e-8));
        // The worst half of eight: (9 + 8 + 5 + 4)/4 − (8 + 6 + 4 + 3)/4.
        let (found, _) = paired_es_difference(&a, &b, 2, 0.5).expect("whole pairs");
        assert_eq!(found, 6.5 - 5.25);
        let few = paired_quantile_difference(&a, &b, 2, 0.95).expect("whole pairs");
        assert_eq!(few.1, Interval::UNBOUNDED);
        assert!(paired_quantile_difference(&a, &b[..7], 1, 0.5).is_err());
        assert!(paired_quantile_difference(&a, &b, 3, 0.5).is_err());
        assert!(paired_es_difference(&a, &b, 1, 1.0).is_err());
    }

    /// Of a pair of normals of deviations 1 and 1.2 and correlation .9, the second's 90 % quantile
    /// is 0.2·1.281552 greater, its shortfall 0.2·φ(1.281552)/0.1: intervals from 1,600 pairs hold
    /// both in 935 to 965 of 1,000 cases.
    #[test]
    fn paired_tail_intervals_cover_as_often_as_they_say() {
        let key = StreamKey::new("test", "paired tails");
        let mut covered = [0_u32; 2];
        for seed in 0..1000 {
            let mut stream = key.open(seed, 0);
            let pairs: Vec<[f64; 2]> = (0..1600)
                .map(|_| {
                    let one = stream.normal();
                    [one, 1.2 * (0.9 * one + (1.0 - 0.81_f64).sqrt() * stream.normal())]
                })
                .collect();
            let side = |at: usize| pairs.iter().map(|pair| pair[at]).collect::<Vec<f64>>();
            let (b, a) = (side(0), side(1));
            let found = [
                paired_quantile_difference(&a, &b, 1, 0.9).expect("pairs").1,
                paired_es_difference(&a, &b, 1, 0.9).expect("pairs").1,
            ];
            let truths = [0.2 * 1.281_551_565_5, 0.2 * 1.754_983_319_3];
            for ((covered, interval), truth) in covered.iter_mut().zip(found).zip(truths) {
                *covered += u32::from(interval.contains(truth));
            }
        }
        println!("paired quantile, paired shortfall: {covered:?} of 1,000");
        assert!(covered.iter().all(|count| (935..=965).contains(count)), "{covered:?}");
    }

    /// Of 1,000 intervals of 95 % between 935 and 965 hold the truth: ±2.2 deviations of √(1000 ·
    /// 0.95 · 0.05) = 6.9. Seeds are fixed.
    #[test]
    fn intervals_cover_as_often_as_they_say() {
        let mut covered = [0_u32; 6];
        let (key, sets) = (StreamKey::new("test", "coverage"), StreamKey::new("test", "sets"));
        let mut sobol = SobolSet::new(4, 5);
        for seed in 0..1000 {
            let mut stream = key.open(seed, 0);
            let points: Vec<[f64; 4]> = (0..512).map(|_| draw(&mut stream)).collect();
            let plain: Vec<f64> = points.iter().map(|z| put(*z, 1.0)).collect();
            let other: Vec<f64> = points.iter().map(|z| put(*z, 0.95)).collect();
            let antithetic = points.iter().flat_map(|z| [put(*z, 1.0), put(z.map(|z| -z), 1.0)]);
            let antithetic: Vec<f64> = antithetic.collect();
            // 32 randomised sets of 32 points.
            let mut put_of = |number: u64| {
                if number.is_multiple_of(32) {
                    sobol.randomise(&mut sets.open(seed, number / 32));
                }
                let point = (number % 32) as u32;
                put([0, 1, 2, 3].map(|at| normal_quantile(sobol.coordinate(point, at))), 1.0)
            };
            let netted: Vec<f64> = (0..1024).map(&mut put_of).collect();
            let wide: Vec<f64> = points.iter().map(|z| 0.5 * z.iter().sum::<f64>()).collect();
            let sets_of = Replication::of(32);
            let found = [
                (mean_interval(&plain), worth(1.0)),
                (Replication::of(2).mean_interval(&antithetic), worth(1.0)),
                (
                    paired_difference_interval(&plain, &other, 1).expect("pairs"),
                    worth(1.0) - worth(0.95),
                ),
                (sets_of.quantile_interval(&wide, 0.75), 0.674_489_750_196_081_7),
                (sets_of.mean_interval(&netted), worth(1.0)),
                // φ(z)/0.25 for a normal
                (sets_of.es_interval(&wide, 0.75), 1.271_106_290_7),
            ];
            for (count, (interval, truth)) in covered.iter_mut().zip(found) {
                *count += u32::from(interval.contains(truth));
            }
        }
        println!(
            "plain, antithetic, paired, quantile, low-discrepancy, shortfall: {covered:?} of 1,000"
        );
        assert!(covered.iter().all(|count| (935..=965).contains(count)), "{covered:?}");
    }
}
