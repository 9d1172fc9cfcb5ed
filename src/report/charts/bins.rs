//! Common bins for the histograms of several samples.

use super::panel::range;
use super::ticks::nice_step;

const COUNT: f64 = 90.0;
/// Shares of a sample that may stand outside the bins on either side, if it reaches further beyond
/// the rest than these parts of the rest's width: losses are kept longer than gains.
const TAIL_LOW: f64 = 0.001;
const TAIL_HIGH: f64 = 0.005;
const REACH_LOW: f64 = 1.0;
const REACH_HIGH: f64 = 0.5;
/// A bin this many times as high as the next lower one is an atom, not part of the shape.
const ATOM: f64 = 2.2;

/// Equal bins over all samples, and each sample's share in each.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bins {
    pub lo: f64,
    pub width: f64,
    /// One row per sample, one share in [0, 1] per bin.
    pub shares: Vec<Vec<f64>>,
    /// Shares left and right of the bins, one per sample.
    pub below: Vec<f64>,
    pub above: Vec<f64>,
}

impl Bins {
    /// Bins of the finite values; nothing if there is none.
    pub(super) fn of(samples: &[&[f64]]) -> Option<Self> {
        let usable = |s: &&[f64]| -> Vec<f64> {
            let mut values: Vec<f64> = s.iter().copied().filter(|v| v.abs() < 1e100).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let samples: Vec<Vec<f64>> = samples.iter().map(usable).collect();
        let (lo, hi) = shown_range(&samples)?;
        let width = match nice_step((hi - lo) / COUNT) {
            _ if hi == lo => nice_step(0.004 * lo.abs().max(1e-6)),
            width => width,
        };
        let first = if hi == lo { lo - width / 2.0 } else { (lo / width).floor() * width };
        let count = ((hi - first) / width).floor() as usize + 1;
        let shares = |values: &Vec<f64>| {
            let (mut inside, mut outside) = (vec![0.0; count], [0.0; 2]);
            let weight = 1.0 / values.len().max(1) as f64;
            for &value in values {
                match value {
                    v if v < lo => outside[0] += weight,
                    v if v > hi => outside[1] += weight,
                    v => inside[(((v - first) / width) as usize).min(count - 1)] += weight,
                }
            }
            (inside, outside)
        };
        let rows: Vec<_> = samples.iter().map(shares).collect();
        Some(Self {
            lo: first,
            width,
            below: rows.iter().map(|r| r.1[0]).collect(),
            above: rows.iter().map(|r| r.1[1]).collect(),
            shares: rows.into_iter().map(|r| r.0).collect(),
        })
    }

    /// Height of the tallest bin, and of the tallest one that is no atom. At most two bins of each
    /// sample count as atoms, and only if something is left.
    pub(super) fn heights(&self) -> (f64, f64) {
        let mut heights: Vec<f64> = self.shares.iter().flatten().copied().collect();
        heights.sort_by(|a, b| b.total_cmp(a));
        let mut gaps = heights.windows(2).take(2 * self.shares.len());
        let lowest_atom = gaps.rfind(|w| w[1] > 0.0 && w[0] > ATOM * w[1]);
        let tallest = heights.first().copied().unwrap_or(0.0);
        (tallest, lowest_atom.map_or(tallest, |w| w[1]))
    }
}

/// The whole range, less tails that are rare and further out than the rest is wide.
fn shown_range(samples: &[Vec<f64>]) -> Option<(f64, f64)> {
    let (lo, hi) = range(samples.iter().flatten().copied())?;
    let filled = || samples.iter().filter(|s| !s.is_empty());
    let at = |s: &Vec<f64>, share: f64| s[((s.len() - 1) as f64 * share).round() as usize];
    let core_lo = filled().map(|s| at(s, TAIL_LOW)).fold(f64::INFINITY, f64::min);
    let core_hi = filled().map(|s| at(s, 1.0 - TAIL_HIGH)).fold(f64::NEG_INFINITY, f64::max);
    let reach = core_hi - core_lo;
    if reach <= 0.0 {
        return Some((lo, hi));
    }
    let shown_lo = if core_lo - lo > REACH_LOW * reach { core_lo } else { lo };
    let shown_hi = if hi - core_hi > REACH_HIGH * reach { core_hi } else { hi };
    Some((shown_lo, shown_hi))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_atom_does_not_set_the_scale() {
        let mut values: Vec<f64> = (0..100).map(f64::from).collect();
        values.extend([7.0; 300]);
        let bins = Bins::of(&[&values]).expect("values are given");
        let (tallest, rest) = bins.heights();
        assert!(tallest > 0.7 && rest < 0.01, "{tallest} {rest}");
        assert!((bins.shares[0].iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn equal_values_fill_one_bin() {
        for value in [0.0, 3000.0, -5.0] {
            let bins = Bins::of(&[&[value; 9], &[]]).expect("values are given");
            assert_eq!(bins.shares[0].iter().filter(|&&s| s > 0.0).count(), 1);
        }
        assert_eq!(Bins::of(&[&[f64::NAN], &[]]), None);
    }

    #[test]
    fn far_tails_are_counted_not_drawn() {
        let mut values: Vec<f64> = (0..999).map(f64::from).collect();
        values.push(1e6);
        let bins = Bins::of(&[&values]).expect("values are given");
        assert!((bins.above[0] - 0.001).abs() < 0.005 && bins.shares[0].len() < 120);
    }
}
