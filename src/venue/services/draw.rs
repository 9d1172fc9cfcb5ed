//! Quantiles of counts: how many, at a given probability.

/// The largest mean of a count in one step: quantiles are found by summing from zero.
pub const MOST_PER_STEP: f64 = 500.0;

/// A term this small changes no sum of probabilities any more.
const NEGLIGIBLE: f64 = 1e-18;

/// The least k with P(N ≤ k) ≥ u for a Poisson N. `mean` in [0, [`MOST_PER_STEP`]], u in [0, 1].
///
/// The sum is good to about 1e-13, so that only u within that of 1 is off, by giving the k at
/// which terms become negligible.
pub fn poisson_quantile(mean: f64, u: f64) -> u32 {
    assert!((0.0..=MOST_PER_STEP).contains(&mean), "{mean} expected in one step");
    let mut term = libm::exp(-mean);
    let (mut sum, mut k) = (term, 0_u32);
    while sum < u && (f64::from(k) < mean || term > NEGLIGIBLE) {
        k += 1;
        term *= mean / f64::from(k);
        sum += term;
    }
    k
}

/// The least k with P(W ≤ k) ≥ u for W successes of `n`, each of probability p.
pub fn binomial_quantile(n: u32, p: f64, u: f64) -> u32 {
    assert!((0.0..=1.0).contains(&p), "{p} is no probability");
    if p > 0.5 {
        // Counts failures, whose chance of none does not vanish: the largest j with
        // P(failures < j) < 1 − u is the quantile from above.
        return n - upper_quantile(n, 1.0 - p, 1.0 - u);
    }
    let (mut sum, mut k) = (0.0, 0);
    for (value, term) in binomial_terms(n, p) {
        sum += term;
        k = value;
        if sum >= u || (f64::from(k) > f64::from(n) * p && term < NEGLIGIBLE) {
            break;
        }
    }
    k
}

/// The largest j with P(F < j) ≤ v.
fn upper_quantile(n: u32, q: f64, v: f64) -> u32 {
    let (mut below, mut j) = (0.0, 0);
    for (value, term) in binomial_terms(n, q) {
        if below > v || (f64::from(j) > f64::from(n) * q && term < NEGLIGIBLE) {
            break;
        }
        j = value;
        below += term;
    }
    j
}

/// P(k) for k = 0..n, by recursion. `p` at most one half and n at most about 1,000: (1 − p)ⁿ is
/// then far above the least `f64`.
fn binomial_terms(n: u32, p: f64) -> impl Iterator<Item = (u32, f64)> {
    let odds = p / (1.0 - p);
    let mut term = libm::pow(1.0 - p, f64::from(n));
    (0..=n).map(move |k| {
        let this = term;
        term *= f64::from(n - k) / f64::from(k + 1) * odds;
        (k, this)
    })
}
