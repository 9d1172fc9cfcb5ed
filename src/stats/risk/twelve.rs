//! Twelve returns of two factors, worked by hand through every estimator.
//!
//! Returns in per cent; 1,000 of the first and 500 of the second, so that a per cent is 10 and 5:
//!
//! ```text
//! A     1  −1   0   2  −1   0   1   −8   1   −2   0   7    sum 0, squares 126
//! B     0   1  −1   1  −2   1   0   −4   2   −1  −1   4    sum 0, squares  46, products 67
//! P&L  10  −5  −5  25 −20   5  10 −100  20  −25  −5  90    sum 0, squares 20,450
//! losses ascending  −90 −25 −20 −10 −10 −5 5 5 5 20 25 100
//! ```

use super::*;
use crate::stats::StreamKey;

const A: [f64; 12] = [1.0, -1.0, 0.0, 2.0, -1.0, 0.0, 1.0, -8.0, 1.0, -2.0, 0.0, 7.0];
const B: [f64; 12] = [0.0, 1.0, -1.0, 1.0, -2.0, 1.0, 0.0, -4.0, 2.0, -1.0, -1.0, 4.0];

/// √(20,450/11).
const SIGMA: f64 = 43.117_176_497_202_47;

fn changes() -> Vec<f64> {
    A.iter().zip(B).map(|(a, b)| 10.0 * a + 5.0 * b).collect()
}

fn level(confidence: f64, periods: usize) -> Level {
    Level::new(confidence, periods).expect("a level")
}

fn portfolio() -> LinearPortfolio {
    let series = [A.map(|a| a / 100.0), B.map(|b| b / 100.0)];
    let moments = sample_moments(&series).expect("two finite series");
    LinearPortfolio::new(vec![1000.0, 500.0], moments).expect("semi-definite")
}

#[track_caller]
fn close(found: TailRisk, var: f64, es: f64, tolerance: f64) {
    assert!((found.var - var).abs() < tolerance, "{found:?}: VaR not {var}");
    assert!((found.es - es).abs() < tolerance, "{found:?}: ES not {es}");
}

#[test]
fn historical_by_hand() {
    use Windows::{Disjoint, Overlapping};
    let table = [
        // Position 11·0.95 = 10.45: 25 + 0.45·75. Worst mass 0.6: the worst.
        (0.95, 1, Disjoint, 58.75, 100.0),
        // 8.8: 5 + 0.8·15. Mass 2.4: (100 + 25 + 0.4·20)/2.4.
        (0.8, 1, Overlapping, 17.0, 133.0 / 2.4),
        // Sums 0, 10, −70, 60: losses −60, −10, 0, 70 at 2.4. Mass 0.8: the worst.
        (0.8, 3, Disjoint, 28.0, 70.0),
        // From the newest back two sums, 15 and −20; the two oldest changes are left out.
        (0.8, 5, Disjoint, 13.0, 20.0),
        // Losses −15, −5, 0, 20, 80, 85, 90, 100 at 5.6. Mass 1.6: (100 + 0.6·90)/1.6.
        (0.8, 5, Overlapping, 88.0, 96.25),
        (0.5, 12, Overlapping, 0.0, 0.0), // one sum: 0
    ];
    for (confidence, periods, windows, var, es) in table {
        let found = historical(&changes(), level(confidence, periods), windows).expect("enough");
        close(found, var, es, 1e-12);
    }
    let refused = historical(&changes(), level(0.95, 13), Windows::Overlapping);
    assert_eq!(refused, Err(RiskError::TooFew { needed: 13, found: 12 }));
}

/// Twelve are too few for an upper bound of the 95th percentile; its lower bound is the 10th of
/// them: P(B < 10) = 0.0196 and P(B < 11) = 0.1184 for B ~ Binomial(12, 0.95).
#[test]
fn twelve_bound_a_percentile_from_below_only() {
    let found = historical_estimate(&changes(), level(0.95, 1)).expect("enough");
    assert_eq!(found.var_interval, Interval { low: Some(20.0), high: None });
    assert_eq!(found.es_interval.high, None);
}

/// wᵀΣw = (100·126 + 100·67 + 25·46)/11 = 20,450/11. z = 1.644854 and 2.326348; φ(z)/(1 − c) =
/// 2.062713 and 2.665214. Four periods: twice as much, the mean being 0.
#[test]
fn normal_by_hand() {
    let table = [
        (0.95, 1, 1.644_853_627 * SIGMA, 2.062_712_808 * SIGMA),
        (0.99, 1, 2.326_347_874 * SIGMA, 2.665_214_220 * SIGMA),
        (0.95, 4, 3.289_707_254 * SIGMA, 4.125_425_615 * SIGMA),
        (0.5, 9, 0.0, 3.0 * 0.797_884_561 * SIGMA),
    ];
    for (confidence, periods, var, es) in table {
        close(portfolio().normal(level(confidence, periods)), var, es, 1e-6);
    }
    // Means of 0.1 % and −0.3 % gain 1 − 1.5 = −0.5 a period: losses rise by 2 over four.
    let moments = sample_moments(&[A.map(|a| a / 100.0), B.map(|b| b / 100.0)]).expect("finite");
    let drifting = Moments { mean: vec![0.001, -0.003], ..moments };
    let portfolio = LinearPortfolio::new(vec![1000.0, 500.0], drifting).expect("semi-definite");
    let (var, es) = (3.289_707_254 * SIGMA + 2.0, 4.125_425_615 * SIGMA + 2.0);
    close(portfolio.normal(level(0.95, 4)), var, es, 1e-6);
    let parts = portfolio.components(level(0.95, 4)).expect("varies").component;
    close(
        TailRisk { var: parts[0].var + parts[1].var, es: parts[0].es + parts[1].es },
        var,
        es,
        1e-6,
    );
}

/// Cubes of the losses sum to 269,250, fourth powers to 166,733,750: S = 22,437.5/1,704.1667^1.5 =
/// 0.318938, K = 13,894,479.17/1,704.1667² − 3 = 1.784297; w = 1.697595 at 95 %.
#[test]
fn cornish_fisher_by_hand() {
    let losses: Vec<f64> = changes().iter().map(|change| -change).collect();
    let shape = loss_shape(&losses).expect("varies");
    assert!((shape.skewness - 0.318_938_073).abs() < 1e-9, "{shape:?}");
    assert!((shape.excess - 1.784_297_081).abs() < 1e-9, "{shape:?}");
    assert!((shape.deviation - SIGMA).abs() < 1e-12 && shape.mean == 0.0, "{shape:?}");
    let table = [
        (0.95, 1, 73.195_504_573, 106.883_469_784),
        (0.99, 1, 126.752_994_482, 163.630_484_823),
        (0.95, 4, 144.934_429_972, 190.737_399_246),
    ];
    for (confidence, periods, var, es) in table {
        let found = cornish_fisher(shape, level(confidence, periods)).expect("monotone");
        close(found, var, es, 1e-6);
    }
}

/// w·Σw = 10·(10·126 + 5·67)/11 = 15,950/11 and 5·(10·67 + 5·46)/11 = 4,500/11 of 20,450/11.
/// Alone: z·10·√(126/11) and z·5·√(46/11); 1 − √20,450/(10·√126 + 5·√46) = 0.021605.
#[test]
fn components_by_hand() {
    let found = portfolio().components(level(0.95, 1)).expect("varies");
    let (var, es) = (1.644_853_627 * SIGMA, 2.062_712_808 * SIGMA);
    for (i, (share, exposure)) in [(15_950.0, 1000.0), (4_500.0, 500.0)].into_iter().enumerate() {
        let share = share / 20_450.0;
        close(found.component[i], share * var, share * es, 1e-6);
        close(found.marginal[i], share * var / exposure, share * es / exposure, 1e-8);
    }
    close(found.total, var, es, 1e-6);
    let alone = 10.0 * (126.0_f64 / 11.0).sqrt();
    close(found.standalone[0], 1.644_853_627 * alone, 2.062_712_808 * alone, 1e-6);
    assert!(found.diversification_benefit().is_some_and(|b| (b - 0.021_605).abs() < 5e-7));
}

/// At 80 %: ES from losses (80, 20), (20, 5) and 0.4 of (10, 10): 104/2.4 and 29/2.4. VaR between
/// the three losses of 5, whose parts (10, −5), (0, 5), (0, 5) average (10/3, 5/3), and 20 = (10,
/// 10): 10/3 + 0.8·20/3 and 5/3 + 0.8·25/3.
#[test]
fn historical_components_by_hand() {
    let parts = [A.map(|a| -10.0 * a), B.map(|b| -5.0 * b)];
    let found = historical_components(&parts, level(0.8, 1)).expect("two series");
    close(found.total, 17.0, 133.0 / 2.4, 1e-12);
    close(found.component[0], 26.0 / 3.0, 104.0 / 2.4, 1e-12);
    close(found.component[1], 25.0 / 3.0, 29.0 / 2.4, 1e-12);
    // B alone, ascending: −20 −10 −5 −5 −5 0 0 5 5 5 10 20; at 8.8: 5; (20 + 10 + 0.4·5)/2.4.
    close(found.standalone[1], 5.0, 32.0 / 2.4, 1e-12);
}

/// Standard error of the 95th percentile: √(0.95·0.05/n)·σ/φ(z) = 0.20 for 200,000 draws; ES's is
/// below twice that. A factor that is twice the first leaves the matrix singular, and does no harm.
#[test]
fn monte_carlo_meets_the_normal() {
    let mut stream = StreamKey::new("test", "monte carlo").open(1, 0);
    let found = portfolio().monte_carlo(level(0.95, 4), 200_000, &mut stream).expect("draws");
    let exact = portfolio().normal(level(0.95, 4));
    close(found.risk, exact.var, exact.es, 4.0 * 2.0 * 0.4);
    assert!(found.var_interval.contains(exact.var) && found.es_interval.contains(exact.es));

    let series = [A.map(|a| a / 100.0), A.map(|a| a / 50.0)];
    let moments = sample_moments(&series).expect("finite");
    let hedged = LinearPortfolio::new(vec![1000.0, -500.0], moments).expect("semi-definite");
    let found = hedged.monte_carlo(level(0.95, 1), 100, &mut stream).expect("draws");
    close(found.risk, 0.0, 0.0, 1e-12);
}

#[test]
fn twelve_samples_leave_the_naive_estimate_at_twelve_per_cent() {
    let reserved: Vec<f64> = changes().iter().map(|change| 1000.0 + change).collect();
    assert_eq!(naive_var(&reserved, 1090.0, 0.95), Ok(1090.0 * 0.12));
}

#[test]
fn wrong_input_is_named() {
    assert_eq!(Level::new(95.0, 1), Err(RiskError::Confidence(95.0)));
    assert_eq!(Level::new(0.95, 0), Err(RiskError::Horizon));
    let moments = || sample_moments(&[A, B]).expect("finite");
    let sizes = LinearPortfolio::new(vec![1.0], moments());
    assert_eq!(sizes, Err(RiskError::Sizes { expected: 2, found: 1 }));
    let nan = LinearPortfolio::new(vec![1.0, f64::NAN], moments());
    assert_eq!(nan, Err(RiskError::NotFinite { series: 0, index: 1 }));
    let flat = sample_moments(&[[0.01; 5]]).expect("finite");
    let flat = LinearPortfolio::new(vec![1.0], flat).expect("semi-definite");
    assert_eq!(flat.components(level(0.95, 1)), Err(RiskError::NoVariation));
    let lengths = sample_moments(&[vec![0.0; 3], vec![0.0; 2]]);
    assert_eq!(lengths, Err(RiskError::Lengths { series: 1, expected: 3, found: 2 }));
}
