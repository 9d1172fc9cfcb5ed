//! Tests and intervals of what is paired: two variants on the same paths.

use super::{Interval, beta_lower, wilson_interval};

/// The exact two-sided sign test (Dixon & Mood 1946): the chance of signs at least as unequal as `more`
/// against `fewer`, if both are equally likely; ties are left out. Of yes-or-no values it is the exact
/// test of McNemar. 1 where there are none.
pub fn sign_test(more: u64, fewer: u64) -> f64 {
    let (least, all) = (more.min(fewer), more + fewer);
    if 2 * least == all {
        return 1.0;
    }
    // P(B ≤ k) for B ~ Binomial(n, 1/2) is I_1/2(n − k, k + 1).
    let tail = beta_lower((all - least) as f64, least as f64 + 1.0, 0.5);
    (2.0 * tail).min(1.0)
}

/// P-values corrected for how many they are, so that the chance of any false one among those below a
/// level is at most that level (Holm 1979); in the order given.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut corrected = vec![1.0; p_values.len()];
    let mut least: f64 = 0.0;
    for (rank, index) in order.into_iter().enumerate() {
        let left = (p_values.len() - rank) as f64;
        least = least.max((left * p_values[index]).min(1.0));
        corrected[index] = least;
    }
    corrected
}

/// Pairs of yes-or-no values, by what each side says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairedCounts {
    /// Both say yes.
    pub both: u64,
    /// The first alone says yes.
    pub first: u64,
    /// The second alone says yes.
    pub second: u64,
    /// Neither says yes.
    pub neither: u64,
}

/// 95 % interval of the share of yes of the first less that of the second (Newcombe 1998, Statistics
/// in Medicine 17, 2635–2650, method 10: Wilson's intervals of both, joined by their correlation, which
/// is corrected for continuity where it is positive). No pairs: unbounded.
pub fn paired_proportion_interval(counts: PairedCounts) -> Interval {
    let PairedCounts { both, first, second, neither } = counts;
    let total = both + first + second + neither;
    let ends = |yes: u64| {
        let Interval { low, high } = wilson_interval(yes, total);
        low.zip(high)
    };
    let (Some((low_1, high_1)), Some((low_2, high_2))) = (ends(both + first), ends(both + second))
    else {
        return Interval::UNBOUNDED;
    };
    let n = total as f64;
    let [p_1, p_2] = [both + first, both + second].map(|yes| yes as f64 / n);
    let margins = [both + first, second + neither, both + second, first + neither];
    let scale = margins.iter().map(|margin| *margin as f64).product::<f64>().sqrt();
    let cross = both as f64 * neither as f64 - first as f64 * second as f64;
    let corrected = if cross > 0.0 { (cross - 0.5 * n).max(0.0) } else { cross };
    let phi = if scale == 0.0 { 0.0 } else { corrected / scale };
    let joined = |a: f64, b: f64| (a * a - 2.0 * phi * a * b + b * b).max(0.0).sqrt();
    let difference = p_1 - p_2;
    Interval::bounded(
        difference - joined(p_1 - low_1, high_2 - p_2),
        difference + joined(high_1 - p_1, p_2 - low_2),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand from the binomial of n tosses: 5 of 5: 2/32; 9 of 10: 2·11/1024; 8 of 10: 2·56/1024;
    /// 1 of 1: certain; 15 of 20: 2·21700/2^20, as R's binom.test(15, 20) prints, 0.04139.
    #[test]
    fn sign_test_by_hand() {
        let rows = [
            (5, 0, 0.0625),
            (9, 1, 22.0 / 1024.0),
            (2, 8, 112.0 / 1024.0),
            (1, 0, 1.0),
            (0, 0, 1.0),
            (7, 7, 1.0),
            (15, 5, 43_400.0 / 1_048_576.0),
            (0, 100, 2.0 / 1.267_650_600_228_229_4e30),
        ];
        for (more, fewer, p) in rows {
            let found = sign_test(more, fewer);
            assert!((found - p).abs() <= 1e-9 * p, "{more} {fewer}: {found}");
            assert_eq!(found, sign_test(fewer, more));
        }
    }

    /// 0.01·4, 0.02·3, 0.03·2 (raised to 0.06), 0.5; ties keep their order; none exceeds 1.
    #[test]
    fn holm_by_hand() {
        let near = |found: Vec<f64>, wanted: &[f64]| {
            assert_eq!(found.len(), wanted.len());
            found.iter().zip(wanted).for_each(|(a, b)| assert!((a - b).abs() < 1e-12, "{found:?}"));
        };
        near(holm(&[0.03, 0.01, 0.5, 0.02]), &[0.06, 0.04, 0.5, 0.06]);
        near(holm(&[0.9, 0.8]), &[1.0, 1.0]);
        near(holm(&[]), &[]);
    }

    /// Newcombe's example: 36 both, 12 and 2 alone, none neither: .0569 to .3404. By hand: Wilson 48/50 in
    /// [.865399, .988961], 38/50 in [.625873, .857026]; φ = (36·0 − 12·2)/√(48·2·38·12) = −.114708.
    #[test]
    fn paired_shares_by_hand() {
        let counts = PairedCounts { both: 36, first: 12, second: 2, neither: 0 };
        let found = paired_proportion_interval(counts);
        let near = |end: Option<f64>, wanted: f64| {
            assert!(end.is_some_and(|end| (end - wanted).abs() < 1e-6), "{found:?} {wanted}");
        };
        near(found.low, 0.056_929_6);
        near(found.high, 0.340_427_6);
        let swapped = paired_proportion_interval(PairedCounts { first: 2, second: 12, ..counts });
        assert_eq!(swapped.low.map(|low| -low), found.high);
        assert_eq!(swapped.high.map(|high| -high), found.low);
        assert_eq!(paired_proportion_interval(PairedCounts::default()), Interval::UNBOUNDED);
    }
}
