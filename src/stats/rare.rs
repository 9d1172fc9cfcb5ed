//! The estimate of a small probability from independent, unbiased, skewed replicates.

use super::{Interval, mean_and_stderr, student_t_two_sided};

/// A small probability with its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RareEstimate {
    /// Mean of the replicates.
    pub probability: f64,
    /// Its standard error; infinite for one replicate.
    pub stderr: f64,
    /// 95 % interval.
    pub interval: Interval,
    /// Plain paths that would have the same error: p·(1 − p)/error². Zero where p is.
    pub plain_paths: f64,
}

/// Estimates a probability from independent replicates, each unbiased and in [0, 1].
///
/// The interval is Student's t on the scale of the logarithm by the delta method (ln p̂ has the
/// error error/p̂), since replicates of a product of proportions are skewed: p̂·e^(±t·error/p̂).
/// Unbounded on both sides for fewer than two replicates, or where none saw the event; above, where
/// the bound is no probability.
///
/// # Panics
/// If there are no replicates.
pub fn rare_estimate(replicates: &[f64]) -> RareEstimate {
    let (probability, stderr) = mean_and_stderr(replicates);
    if replicates.len() < 2 || probability <= 0.0 {
        let interval = Interval::UNBOUNDED;
        return RareEstimate { probability, stderr, interval, plain_paths: 0.0 };
    }
    let degrees = replicates.len() as u64 - 1;
    let factor = libm::exp(student_t_two_sided(0.95, degrees) * stderr / probability);
    let high = Some(probability * factor).filter(|high| *high <= 1.0);
    let plain_paths = probability * (1.0 - probability) / (stderr * stderr);
    let interval = Interval { low: Some(probability / factor), high };
    RareEstimate { probability, stderr, interval, plain_paths }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::StreamKey;

    /// 1, 2 and 3 in a million: mean 2, s = 1, error 1/√3 = 0.57735; t(2) = 4.302653: factor
    /// e^(4.302653·0.288675) = e^1.242069 = 3.462770. Plain paths 2e-6/(1e-12/3) = 6e6.
    #[test]
    fn three_replicates_by_hand() {
        let found = rare_estimate(&[1e-6, 2e-6, 3e-6]);
        let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-5;
        assert!(near(found.probability, 2e-6) && near(found.stderr, 0.577_350_3e-6));
        assert!(near(found.interval.low.unwrap(), 2e-6 / 3.462_770), "{found:?}");
        assert!(near(found.interval.high.unwrap(), 2e-6 * 3.462_770), "{found:?}");
        assert!(near(found.plain_paths, 6e6 * (1.0 - 2e-6)), "{found:?}");
        assert_eq!(rare_estimate(&[0.0, 0.0]).interval, Interval::UNBOUNDED);
        assert_eq!(rare_estimate(&[0.5]).interval, Interval::UNBOUNDED);
        assert_eq!(rare_estimate(&[0.9, 0.1]).interval.high, None);
    }

    /// Replicates that are products of five proportions of 200 with p = 0.1 (so 1e-5), ten at a
    /// time: of 1,000 intervals 930 to 970 hold the truth (±2.9 deviations of 6.9: the method is
    /// asymptotic).
    #[test]
    fn the_interval_covers_products_of_proportions() {
        let key = StreamKey::new("test", "rare");
        let mut covered = 0;
        for seed in 0..1000 {
            let mut stream = key.open(seed, 0);
            let mut proportion = || (0..200).filter(|_| stream.uniform() < 0.1).count() as f64;
            let replicates: Vec<f64> =
                (0..10).map(|_| (0..5).map(|_| proportion() / 200.0).product()).collect();
            covered += u32::from(rare_estimate(&replicates).interval.contains(1e-5));
        }
        println!("{covered} of 1,000");
        assert!((930..=970).contains(&covered), "{covered}");
    }
}
