//! Quantiles of counts.

use super::*;
use statrs::distribution::{Binomial, DiscreteCDF, Poisson};

/// Poisson of mean 4: P(N ≤ k) = .018316, .091578, .238103, .433470, .628837 for k = 0..4.
#[test]
fn poisson_by_table() {
    let rows = [
        (4.0, 0.0, 0),
        (4.0, 0.0183, 0),
        (4.0, 0.0184, 1),
        (4.0, 0.4334, 3),
        (4.0, 0.4335, 4),
        (4.0, 0.6288, 4),
        (4.0, 0.6289, 5),
        (0.0, 0.5, 0),
        (0.0, 1.0, 0),
    ];
    for (mean, u, k) in rows {
        assert_eq!(poisson_quantile(mean, u), k, "{mean} {u}");
    }
    assert!(poisson_quantile(500.0, 1.0) < 800);
}

/// Ten fair coins: P(W ≤ 4) = 386/1024 = .376953, P(W ≤ 5) = 638/1024 = .623047.
#[test]
fn binomial_by_table() {
    let rows = [
        (10, 0.5, 0.3769, 4),
        (10, 0.5, 0.377, 5),
        (10, 0.5, 0.6231, 6),
        // One trial: wins above 1 − p.
        (1, 0.9, 0.0999, 0),
        (1, 0.9, 0.1001, 1),
        (7, 0.0, 0.99, 0),
        (7, 1.0, 0.01, 7),
        (0, 0.3, 0.5, 0),
    ];
    for (n, p, u, k) in rows {
        assert_eq!(binomial_quantile(n, p, u), k, "{n} {p} {u}");
    }
}

/// F(k − 1) < u ≤ F(k), by another implementation of F.
#[test]
fn quantiles_invert_distribution_functions() {
    let between = |k: u32, u: f64, below: &dyn Fn(u64) -> f64| {
        let k = u64::from(k);
        let lower = if k == 0 { 0.0 } else { below(k - 1) };
        lower < u + 1e-9 && u <= below(k) + 1e-9
    };
    for step in 1..200 {
        let u = f64::from(step) / 200.0;
        for mean in [0.01, 0.7, 3.0, 41.0, 500.0] {
            let other = Poisson::new(mean).expect("a mean");
            let k = poisson_quantile(mean, u);
            assert!(between(k, u, &|k| other.cdf(k)), "{mean} {u} {k}");
        }
        for (n, p) in [(1, 0.4), (20, 0.49), (700, 0.02), (700, 0.5), (700, 0.97)] {
            let other = Binomial::new(p, n).expect("a probability");
            let k = binomial_quantile(n as u32, p, u);
            assert!(between(k, u, &|k| other.cdf(k)), "{n} {p} {u} {k}");
        }
    }
}

/// Over evenly spread u the quantile's mean is the distribution's: 20·0.49 = 9.8, and 2.5. Each of
/// some 20 jumps is misplaced by at most 1e-5.
#[test]
fn means_are_exact() {
    let u = |step: u32| (f64::from(step) + 0.5) / 1e5;
    let mean = |f: &dyn Fn(f64) -> u32| (0..100_000).map(|step| f64::from(f(u(step)))).sum::<f64>();
    let binomial = mean(&|u| binomial_quantile(20, 0.49, u)) / 1e5;
    let poisson = mean(&|u| poisson_quantile(2.5, u)) / 1e5;
    assert!((binomial - 9.8).abs() < 2e-4, "{binomial}");
    assert!((poisson - 2.5).abs() < 2e-4, "{poisson}");
}
