//! The incomplete beta function, and exact bounds of a probability by it.

use super::Interval;
use super::student::fraction;

/// I_x(a, b), the regularised incomplete beta function, for a, b > 0 and x in [0, 1]: the chance that
/// a Beta(a, b) lies at or below x (Abramowitz & Stegun 26.5.8), to about 1e-12.
pub fn beta_lower(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let ln_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let front = libm::exp(a * libm::log(x) + b * libm::log1p(-x) - ln_beta);
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

/// Exact bounds of a probability after `successes` in `trials` (Clopper & Pearson 1934), each of which
/// is wrong with a chance of at most `alpha` < 1/2: the p at which so many or fewer (so many or more)
/// successes have that chance. No trials: unbounded.
///
/// # Panics
/// If there are more successes than trials, or `alpha` is not inside (0, 1/2).
pub fn proportion_bounds(successes: u64, trials: u64, alpha: f64) -> Interval {
    assert!(successes <= trials, "{successes} successes in {trials} trials");
    assert!(alpha > 0.0 && alpha < 0.5, "bounds that fail with {alpha}");
    if trials == 0 {
        return Interval::UNBOUNDED;
    }
    Interval::bounded(
        1.0 - upper(trials - successes, trials, alpha),
        upper(successes, trials, alpha),
    )
}

/// The p with P(B ≤ k) = alpha for B ~ Binomial(n, p): 1 − I_p(k + 1, n − k) = alpha.
fn upper(k: u64, n: u64, alpha: f64) -> f64 {
    if k == n {
        return 1.0;
    }
    if k == 0 {
        return -libm::expm1(libm::log(alpha) / n as f64);
    }
    let (a, b) = (k as f64 + 1.0, (n - k) as f64);
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if beta_lower(a, b, middle) < 1.0 - alpha { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe, Statistics in Medicine 17 (1998), table I, method 5 (Clopper–Pearson), two-sided
    /// 95 %, to four places; then one-sided 95 % of none in n: 1 − 0.05^(1/n), the "rule of three".
    #[test]
    fn bounds_match_newcombe() {
        let table = [
            (81, 263, 0.025, 0.2527, 0.3676),
            (15, 148, 0.025, 0.0578, 0.1617),
            (0, 20, 0.025, 0.0, 0.1684),
            (1, 29, 0.025, 0.0009, 0.1776),
            (20, 20, 0.025, 0.8316, 1.0),
            (0, 300, 0.05, 0.0, 0.009_936),
        ];
        for (successes, trials, alpha, low, high) in table {
            let found = proportion_bounds(successes, trials, alpha);
            let near =
                |end: Option<f64>, printed: f64| end.is_some_and(|e| (e - printed).abs() < 5.1e-5);
            assert!(
                near(found.low, low) && near(found.high, high),
                "{successes}/{trials}: {found:?}"
            );
        }
        assert_eq!(proportion_bounds(0, 0, 0.05), Interval::UNBOUNDED);
    }

    /// I_x(1, b) = 1 − (1 − x)^b, I_x(a, 1) = x^a, I_1/2(a, a) = 1/2.
    #[test]
    fn beta_closed_forms() {
        for (a, b, x, truth) in [
            (1.0, 3.0, 0.2, 1.0 - 0.8 * 0.8 * 0.8),
            (4.0, 1.0, 0.5, 0.0625),
            (7.5, 7.5, 0.5, 0.5),
            (2.0, 2.0, 0.25, 3.0 * 0.0625 - 2.0 * 0.015625),
            (2.0, 5.0, 0.0, 0.0),
            (2.0, 5.0, 1.0, 1.0),
        ] {
            assert!((beta_lower(a, b, x) - truth).abs() < 1e-13, "{a} {b} {x}");
        }
    }
}
