//! What groups of values differ by, and whether by more than chance.

use super::Stream;

/// How much of the spread of some values goes with the group that they are in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupEffect {
    /// η², the correlation ratio (Pearson 1905): the sum of squares between groups over that of all
    /// values, from 0 (all groups have one mean) to 1 (values differ between groups only).
    pub share: f64,
    /// How likely a share as great is where groups mean nothing, see [`group_effect`]; `None` where the
    /// values have no errors.
    pub p_value: Option<f64>,
}

const PERMUTATIONS: u32 = 1999;

/// The effect of groups, named by a number from 0, on values that are figures of one sample;
/// `None` where all values are the same or fewer than two groups have any.
///
/// `errors` are what each value is off by in the resamples of that sample, the same for all. Groups may
/// differ by chance in two ways, and the p-value is the greater of two: with which values they hold
/// (values change places), and with the sample itself, which all values share, so that a group's luck
/// does not even out within it (residuals about the groups' means change places, and each group's mean
/// is off by what it is in a resample). Each is (1 + draws with as great a share) / (1 + all draws)
/// (Phipson & Smyth 2010, *Permutation P-values should never be zero*), of 1,999 permutations and of as
/// many resamples as there are.
///
/// # Panics
/// If there are not as many groups, or errors where there are any, as values.
pub fn group_effect(
    values: &[f64],
    groups: &[usize],
    errors: Option<&[Vec<f64>]>,
    stream: &mut Stream,
) -> Option<GroupEffect> {
    assert_eq!(values.len(), groups.len(), "a group for every value");
    let design = Groups::new(groups);
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let mut centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let total: f64 = centred.iter().map(|value| value * value).sum();
    let is_flat = values.iter().all(|value| *value == values[0]);
    if is_flat || design.some() < 2 || !total.is_finite() {
        return None;
    }
    let means = design.means(&centred);
    let found = design.between(&means);
    let p_value = errors.map(|errors| {
        assert_eq!(values.len(), errors.len(), "errors for every value");
        let by_sample = design.chance_of_sample(&centred, &means, errors, found, stream);
        by_sample.max(design.chance_of_places(&mut centred, found, stream))
    });
    Some(GroupEffect { share: (found / total).min(1.0), p_value })
}

/// What is the same in another order of summation is as great.
fn reaches(other: f64, found: f64) -> u32 {
    u32::from(other >= found * (1.0 - 1e-12))
}

fn shuffle(values: &mut [f64], stream: &mut Stream) {
    for last in (1..values.len()).rev() {
        let other = (stream.uniform() * (last + 1) as f64) as usize;
        values.swap(last, other.min(last));
    }
}

struct Groups<'a> {
    of: &'a [usize],
    sizes: Vec<f64>,
}

impl<'a> Groups<'a> {
    fn new(of: &'a [usize]) -> Self {
        let mut sizes = vec![0.0_f64; of.iter().max().map_or(0, |last| last + 1)];
        of.iter().for_each(|group| sizes[*group] += 1.0);
        Self { of, sizes }
    }

    /// Groups that have values.
    fn some(&self) -> usize {
        self.sizes.iter().filter(|size| **size > 0.0).count()
    }

    fn means(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.sizes.len()];
        values.iter().zip(self.of).for_each(|(value, group)| sums[*group] += value);
        sums.iter().zip(&self.sizes).map(|(sum, size)| sum / size.max(1.0)).collect()
    }

    /// The sum of squares between groups.
    fn between(&self, means: &[f64]) -> f64 {
        let sum = |part: &dyn Fn(f64) -> f64| {
            means.iter().zip(&self.sizes).map(|(mean, size)| size * part(*mean)).sum::<f64>()
        };
        let mean = sum(&|mean| mean) / self.of.len() as f64;
        sum(&|one| (one - mean) * (one - mean))
    }

    fn chance_of_places(&self, values: &mut [f64], found: f64, stream: &mut Stream) -> f64 {
        let mut as_great = 1_u32;
        for _ in 0..PERMUTATIONS {
            shuffle(values, stream);
            as_great += reaches(self.between(&self.means(values)), found);
        }
        f64::from(as_great) / f64::from(PERMUTATIONS + 1)
    }

    fn chance_of_sample(
        &self,
        values: &[f64],
        means: &[f64],
        errors: &[Vec<f64>],
        found: f64,
        stream: &mut Stream,
    ) -> f64 {
        let (count, some) = (values.len(), self.some());
        let scale = if count > some { (count as f64 / (count - some) as f64).sqrt() } else { 0.0 };
        let both = values.iter().zip(self.of);
        let mut rest: Vec<f64> =
            both.map(|(value, group)| scale * (value - means[*group])).collect();
        let resamples = errors.iter().map(Vec::len).min().unwrap_or(0);
        let (mut as_great, mut off) = (1_u32, vec![0.0; count]);
        for draw in 0..resamples {
            shuffle(&mut rest, stream);
            let each = off.iter_mut().zip(&rest).zip(errors);
            each.for_each(|((off, rest), errors)| *off = rest + errors[draw]);
            as_great += reaches(self.between(&self.means(&off)), found);
        }
        f64::from(as_great) / (resamples as f64 + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::StreamKey;

    /// Groups (1, 3) and (5, 7): means 2 and 6 about 4: 2·4 + 2·4 = 16 of 9 + 1 + 1 + 9 = 20: 0.8. Of the
    /// 4!/(2!2!) = 6 ways to part the four, two (and its mirror) give it: p = 1/3; 1999 draws know it
    /// to 0.0105, four times that is 0.042. Without errors there is no p-value.
    #[test]
    fn by_hand() {
        let key = StreamKey::new("test", "effect");
        let none = vec![vec![0.0; 400]; 4];
        let of = |errors| {
            group_effect(&[1.0, 3.0, 5.0, 7.0], &[0, 0, 1, 1], errors, &mut key.open(1, 0))
        };
        let found = of(Some(&none)).expect("there are two groups");
        assert!((found.share - 0.8).abs() < 1e-15, "{found:?}");
        assert!(found.p_value.is_some_and(|p| (p - 1.0 / 3.0).abs() < 0.042), "{found:?}");
        assert_eq!(of(None).map(|effect| effect.p_value), Some(None));
        for (values, groups) in [([2.0; 3], [0, 1, 1]), ([1.0, 2.0, 3.0], [1; 3])] {
            assert_eq!(group_effect(&values, &groups, None, &mut key.open(1, 0)), None);
        }
    }

    /// P-values of 200 samples: `luck` is the deviation of what a group's values share by the sample
    /// alone, `own` that of each value, `shift` a true difference between neighbouring groups.
    fn p_values(luck: f64, own: f64, shift: f64) -> Vec<f64> {
        let key = StreamKey::new("test", "effect of noise");
        let groups: Vec<usize> = (0..30).map(|at| at % 3).collect();
        let one = |sample: u64| {
            let mut stream = key.open(2, sample);
            let shared: Vec<f64> = (0..3).map(|_| luck * stream.normal()).collect();
            let mut value =
                |group: &usize| shared[*group] + own * stream.normal() + shift * *group as f64;
            let values: Vec<f64> = groups.iter().map(&mut value).collect();
            // The sample's own error, as 400 resamples know it.
            let draws: Vec<Vec<f64>> =
                (0..3).map(|_| (0..400).map(|_| luck * stream.normal()).collect()).collect();
            let errors: Vec<Vec<f64>> = groups.iter().map(|group| draws[*group].clone()).collect();
            let effect = group_effect(&values, &groups, Some(&errors), &mut stream);
            effect.and_then(|effect| effect.p_value).unwrap_or(1.0)
        };
        (0..200).map(one).collect()
    }

    /// Where groups mean nothing a p-value below 0.05 comes about in at most 5 % of samples: of 200,
    /// 10 + 4·3.1, whether groups differ by what values they hold, by the luck of the sample, or by
    /// both. A shift of five of their deviations is never missed.
    #[test]
    fn noise_is_noise() {
        for (luck, own) in [(0.0, 1.0), (1.0, 0.0), (1.0, 1.0), (1.0, 3.0)] {
            let false_alarms = p_values(luck, own, 0.0).iter().filter(|p| **p < 0.05).count();
            assert!(false_alarms <= 22, "{luck} {own}: {false_alarms}");
        }
        for (luck, own) in [(0.0, 1.0), (1.0, 0.0), (1.0, 1.0)] {
            assert!(p_values(luck, own, 5.0).iter().all(|p| *p < 0.05), "{luck} {own}");
        }
    }
}
