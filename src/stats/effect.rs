//! What groups of values differ by, and whether by more than chance.

use super::Stream;

/// How much of the spread of some values goes with the group that they are in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupEffect {
    /// η², the correlation ratio (Pearson 1905): the sum of squares between groups over that of all
    /// values, from 0 (all groups have one mean) to 1 (values differ between groups only).
    pub share: f64,
    /// How likely a share as great is where groups mean nothing: (1 + permutations with it) / (1 + all)
    /// (Phipson & Smyth 2010, *Permutation P-values should never be zero*).
    pub p_value: f64,
}

const PERMUTATIONS: u32 = 1999;

/// The effect of groups, named by a number from 0; `None` where all values are the same or fewer than
/// two groups have any.
///
/// # Panics
/// If there are not as many groups as values.
pub fn group_effect(values: &[f64], groups: &[usize], stream: &mut Stream) -> Option<GroupEffect> {
    assert_eq!(values.len(), groups.len(), "a group for every value");
    let count = groups.iter().max().map_or(0, |last| last + 1);
    let mut sizes = vec![0.0_f64; count];
    groups.iter().for_each(|group| sizes[*group] += 1.0);
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let mut centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let total: f64 = centred.iter().map(|value| value * value).sum();
    let is_flat = values.iter().all(|value| *value == values[0]);
    let some = sizes.iter().filter(|size| **size > 0.0).count();
    if is_flat || some < 2 || !total.is_finite() {
        return None;
    }
    let mut sums = vec![0.0; count];
    let mut between = |values: &[f64]| {
        sums.fill(0.0);
        values.iter().zip(groups).for_each(|(value, group)| sums[*group] += value);
        let parts = sums.iter().zip(&sizes).filter(|(_, size)| **size > 0.0);
        parts.map(|(sum, size)| sum * sum / size).sum::<f64>()
    };
    let found = between(&centred);
    let mut as_great = 1_u32;
    for _ in 0..PERMUTATIONS {
        for last in (1..centred.len()).rev() {
            let other = (stream.uniform() * (last + 1) as f64) as usize;
            centred.swap(last, other.min(last));
        }
        // What is the same in another order of summation is as great.
        as_great += u32::from(between(&centred) >= found * (1.0 - 1e-12));
    }
    let p_value = f64::from(as_great) / f64::from(PERMUTATIONS + 1);
    Some(GroupEffect { share: (found / total).min(1.0), p_value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::StreamKey;

    /// Groups (1, 3) and (5, 7): means 2 and 6 about 4: 2·4 + 2·4 = 16 of 9 + 1 + 1 + 9 = 20: 0.8. Of the
    /// 4!/(2!2!) = 6 ways to part the four, two (and its mirror) give it: p = 1/3; 1999 draws know it
    /// to 0.0105, four times that is 0.042.
    #[test]
    fn by_hand() {
        let key = StreamKey::new("test", "effect");
        let found = group_effect(&[1.0, 3.0, 5.0, 7.0], &[0, 0, 1, 1], &mut key.open(1, 0));
        let found = found.expect("there are two groups");
        assert!((found.share - 0.8).abs() < 1e-15, "{found:?}");
        assert!((found.p_value - 1.0 / 3.0).abs() < 0.042, "{found:?}");
        for (values, groups) in [([2.0; 3], [0, 1, 1]), ([1.0, 2.0, 3.0], [1; 3])] {
            assert_eq!(group_effect(&values, &groups, &mut key.open(1, 0)), None);
        }
    }

    /// Where groups mean nothing a p-value below 0.05 comes about in 5 % of samples: of 200, 10 ± 4·3.1.
    /// A shift of three deviations is never missed.
    #[test]
    fn noise_is_noise() {
        let key = StreamKey::new("test", "effect of noise");
        let groups: Vec<usize> = (0..30).map(|at| at % 3).collect();
        let p = |sample: u64, shift: f64| {
            let mut stream = key.open(2, sample);
            let values: Vec<f64> =
                groups.iter().map(|group| stream.normal() + shift * *group as f64).collect();
            group_effect(&values, &groups, &mut stream).map_or(1.0, |effect| effect.p_value)
        };
        let false_alarms = (0..200).filter(|sample| p(*sample, 0.0) < 0.05).count();
        assert!(false_alarms <= 22, "{false_alarms}");
        assert!((0..20).all(|sample| p(sample, 3.0) < 0.01));
    }
}
