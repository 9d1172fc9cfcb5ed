//! Likelihood-ratio tests of exceedances: Kupiec's of their number, Christoffersen's of their
//! independence and of both together.

use super::error::{BacktestError, checked_counts, expected_share};
use crate::stats::chi_square_survival;

/// A test's outcome: the smaller the p-value, the less the forecasts are believed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LikelihoodRatio {
    /// −2·ln of the ratio of likelihoods, ≥ 0.
    pub statistic: f64,
    /// Of the asymptotic chi-square distribution.
    pub degrees: u32,
    /// P(χ² > statistic).
    pub p_value: f64,
}

impl LikelihoodRatio {
    fn new(restricted: f64, free: f64, degrees: u32) -> Self {
        let statistic = (2.0 * (free - restricted)).max(0.0); // below 0 by rounding only
        Self { statistic, degrees, p_value: chi_square_survival(statistic, degrees) }
    }
}

/// Proportion of failures (Kupiec 1995, "Techniques for verifying the accuracy of risk measurement
/// models"): ln of (1 − p)^(T−N)·p^N against the same at p = N/T. One degree of freedom.
///
/// # Errors
/// No day, more exceedances than days, or a confidence outside (0, 1).
pub fn kupiec(
    exceedances: u64,
    days: u64,
    confidence: f64,
) -> Result<LikelihoodRatio, BacktestError> {
    let p = expected_share(confidence)?;
    checked_counts(exceedances, days)?;
    let calm = days - exceedances;
    let free = log_likelihood(calm, exceedances);
    Ok(LikelihoodRatio::new(log_binomial(calm, exceedances, p), free, 1))
}

/// How often each kind of day followed each; `calm_hit`: a hit after a calm day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transitions {
    pub calm_calm: u64,
    pub calm_hit: u64,
    pub hit_calm: u64,
    pub hit_hit: u64,
}

/// Counts the pairs of neighbouring days: one fewer than days.
pub fn transitions(hits: &[bool]) -> Transitions {
    let count = |before, after| {
        hits.windows(2).filter(|pair| pair[0] == before && pair[1] == after).count() as u64
    };
    Transitions {
        calm_calm: count(false, false),
        calm_hit: count(false, true),
        hit_calm: count(true, false),
        hit_hit: count(true, true),
    }
}

/// Independence (Christoffersen 1998, "Evaluating interval forecasts"): hits as likely after a hit
/// as after a calm day, against a first-order Markov chain. One degree of freedom. A chain that
/// never saw a hit, or never left one, tells nothing: the statistic is 0.
///
/// # Errors
/// No pair of days.
pub fn independence(seen: Transitions) -> Result<LikelihoodRatio, BacktestError> {
    let Transitions { calm_calm, calm_hit, hit_calm, hit_hit } = seen;
    if calm_calm + calm_hit + hit_calm + hit_hit == 0 {
        return Err(BacktestError::TooFew { needed: 2, found: 0 });
    }
    let one_rate = log_likelihood(calm_calm + hit_calm, calm_hit + hit_hit);
    let two_rates = log_likelihood(calm_calm, calm_hit) + log_likelihood(hit_calm, hit_hit);
    Ok(LikelihoodRatio::new(one_rate, two_rates, 1))
}

/// Conditional coverage: the sum of [`kupiec`] over all days and [`independence`] over all pairs
/// of days (Christoffersen 1998; Jorion 2007, Value at Risk, §6.2). Two degrees of freedom.
///
/// # Errors
/// Fewer than two days, or a confidence outside (0, 1).
pub fn conditional_coverage(
    hits: &[bool],
    confidence: f64,
) -> Result<LikelihoodRatio, BacktestError> {
    let days = hits.len() as u64;
    if days < 2 {
        return Err(BacktestError::TooFew { needed: 2, found: days });
    }
    let count = hits.iter().filter(|hit| **hit).count() as u64;
    let coverage = kupiec(count, days, confidence)?;
    let independence = independence(transitions(hits))?;
    Ok(LikelihoodRatio::new(0.0, 0.5 * (coverage.statistic + independence.statistic), 2))
}

/// ln (1 − p)^misses·p^hits.
fn log_binomial(misses: u64, hits: u64, p: f64) -> f64 {
    times_log(misses, 1.0 - p) + times_log(hits, p)
}

/// The same at the p that makes it greatest.
fn log_likelihood(misses: u64, hits: u64) -> f64 {
    let trials = (misses + hits).max(1) as f64;
    times_log(misses, misses as f64 / trials) + times_log(hits, hits as f64 / trials)
}

/// count·ln x; 0·ln 0 is 0.
fn times_log(count: u64, x: f64) -> f64 {
    if count == 0 { 0.0 } else { count as f64 * libm::log(x) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kupiec 1995, table 3 (reprinted in Jorion, Value at Risk, table 6-2): numbers of failures N
    /// that a 95 % test does not reject, printed as bounds that are themselves rejected. For one
    /// row he prints no lower bound (N < 7), where the statistic at N = 0 is 5.13.
    #[test]
    fn kupiec_non_rejection_regions() {
        let table = [
            (0.99, 255, 0, 7),
            (0.99, 510, 1, 11),
            (0.99, 1000, 4, 17),
            (0.975, 255, 2, 12),
            (0.975, 510, 6, 21),
            (0.975, 1000, 15, 36),
            (0.95, 255, 6, 21),
            (0.95, 510, 16, 36),
            (0.95, 1000, 37, 65),
            (0.925, 255, 11, 28),
            (0.925, 510, 27, 51),
            (0.925, 1000, 59, 92),
            (0.9, 255, 16, 36),
            (0.9, 510, 38, 65),
            (0.9, 1000, 81, 120),
        ];
        for (confidence, days, low, high) in table {
            for failures in 0..=days {
                let found = kupiec(failures, days, confidence).expect("valid counts");
                let inside = low < failures && failures < high;
                assert_eq!(found.p_value > 0.05, inside, "{confidence} {days}: {failures}");
            }
        }
    }

    /// J. P. Morgan in 1998 (Jorion 2007, §6.2): 20 exceedances of the 95 % VaR in 252 days, 6 of
    /// them after another: 3.91, 9.53 and together 13.44. MathWorks, Risk Management Toolbox,
    /// `cci` on "Normal95": 932, 53, 53, 4 give 0.25866, p 0.61104.
    #[test]
    fn published_examples() {
        let morgan = kupiec(20, 252, 0.95).expect("valid counts");
        assert!((morgan.statistic - 3.91).abs() < 0.005, "{morgan:?}");
        let table =
            [((218, 14, 14, 6), 9.53, 0.005, 0.00202), ((932, 53, 53, 4), 0.25866, 5e-6, 0.61104)];
        for ((calm_calm, calm_hit, hit_calm, hit_hit), statistic, tolerance, p) in table {
            let seen = Transitions { calm_calm, calm_hit, hit_calm, hit_hit };
            let found = independence(seen).expect("pairs");
            assert!((found.statistic - statistic).abs() < tolerance, "{found:?}");
            assert!((found.p_value - p).abs() < 1e-5, "{found:?}");
        }
    }

    /// Days 1 to 10, hits on 3, 4 and 9. Pairs: calm–calm 1–2, 5–6, 6–7, 7–8; calm–hit 2–3, 8–9;
    /// hit–calm 4–5, 9–10; hit–hit 3–4. Independence: one rate 3/9, ln L = 6·ln(2/3) + 3·ln(1/3)
    /// = −5.728627; two rates 2/6 and 1/3: the same: statistic 0. Coverage at 90 %: 7·ln 0.9 +
    /// 3·ln 0.1 = −7.645279, against 7·ln 0.7 + 3·ln 0.3 = −6.108643: 3.073272.
    #[test]
    fn ten_days_by_hand() {
        let hits = [false, false, true, true, false, false, false, false, true, false];
        let seen = Transitions { calm_calm: 4, calm_hit: 2, hit_calm: 2, hit_hit: 1 };
        assert_eq!(transitions(&hits), seen);
        let both = conditional_coverage(&hits, 0.9).expect("ten days");
        assert!((both.statistic - 3.073_272).abs() < 1e-6, "{both:?}");
        // e^(−3.073272/2)
        assert!((both.p_value - 0.215_103).abs() < 1e-6 && both.degrees == 2, "{both:?}");
    }

    #[test]
    fn edges() {
        // No hit in 100 days at 99 %: −2·100·ln 0.99 = 2.010067.
        let none = conditional_coverage(&[false; 100], 0.99).expect("days");
        assert!((none.statistic - 2.010_067).abs() < 1e-6, "{none:?}");
        let all = conditional_coverage(&[true; 4], 0.5).expect("days");
        assert!((all.statistic - 8.0 * std::f64::consts::LN_2).abs() < 1e-14, "{all:?}");
        assert_eq!(kupiec(5, 100, 0.95).map(|fit| fit.p_value > 0.999_999), Ok(true));
        assert_eq!(kupiec(1, 0, 0.95), Err(BacktestError::TooFew { needed: 1, found: 0 }));
        let more = Err(BacktestError::MoreThanDays { exceedances: 3, days: 2 });
        assert_eq!(kupiec(3, 2, 0.95), more);
        assert_eq!(kupiec(1, 2, 1.0), Err(BacktestError::Confidence(1.0)));
        assert!(conditional_coverage(&[true], 0.95).is_err());
    }
}
