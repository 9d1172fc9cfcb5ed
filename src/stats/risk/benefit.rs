//! What a book gains by its parts not losing together, from losses on the same paths.

use super::{RiskError, error::common_length};
use crate::stats::{
    Interval, expected_shortfall, quantile_ranks, quantile_type7, student_t_two_sided,
};

/// Sections of whole replicates that the error is taken from, at most.
const SECTIONS: usize = 32;

/// Which figure of the tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// Value at risk.
    Var,
    /// Expected shortfall.
    Es,
}

impl Tail {
    fn of(self, mut losses: Vec<f64>, confidence: f64) -> f64 {
        losses.sort_by(f64::total_cmp);
        match self {
            Self::Var => quantile_type7(&losses, confidence),
            Self::Es => expected_shortfall(&losses, confidence),
        }
    }
}

/// Diversification benefit of a tail figure: 1 − whole / Σ parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Benefit {
    /// The figure of the sum of the parts, in the losses' unit.
    pub whole: f64,
    /// The sum of the figures of the parts alone, in the losses' unit.
    pub parts: f64,
    /// Both of each section; empty where there are too few losses for an interval.
    sections: Vec<(f64, f64)>,
}

impl Benefit {
    /// From one series of losses per part, on the same paths; `per_replicate` of them after each
    /// other depend on each other (1: none do).
    ///
    /// # Errors
    /// No part, no loss, different lengths, a loss that is not finite, or a confidence outside
    /// (0, 1).
    pub fn of<S: AsRef<[f64]>>(
        losses: &[S],
        tail: Tail,
        confidence: f64,
        per_replicate: usize,
    ) -> Result<Self, RiskError> {
        let n = common_length(losses, 1)?;
        if !(confidence > 0.0 && confidence < 1.0) {
            return Err(RiskError::Confidence(confidence));
        }
        let both = |from: usize, to: usize| {
            let total = (from..to).map(|at| losses.iter().map(|part| part.as_ref()[at]).sum());
            let alone =
                losses.iter().map(|part| tail.of(part.as_ref()[from..to].to_vec(), confidence));
            (tail.of(total.collect(), confidence), alone.sum::<f64>())
        };
        let (whole, parts) = both(0, n);
        let size = per_replicate.max(1);
        let section = (n / size).div_ceil(SECTIONS).max(1) * size;
        let (low, high) = quantile_ranks(n, confidence, 0.95);
        // What bounds no quantile bounds no ratio of them.
        let count = if low.and(high).is_some() { n / section } else { 0 };
        let sections = if count < 2 { 0 } else { count };
        let sections = (0..sections).map(|at| both(at * section, (at + 1) * section)).collect();
        Ok(Self { whole, parts, sections })
    }

    /// 1 − whole / Σ parts; `None` unless that sum is positive.
    pub fn value(&self) -> Option<f64> {
        (self.parts > 0.0).then(|| 1.0 - self.whole / self.parts)
    }

    /// Its 95 % interval: Student's t times the error that sections give by the linear terms of a
    /// ratio (Cochran 1977, Sampling Techniques, §6.3): what whole and parts have in common
    /// cancels in each. Unbounded where the quantile is.
    pub fn interval(&self) -> Interval {
        self.value().map_or(Interval::UNBOUNDED, |value| around(value, &self.deviations()))
    }

    /// 95 % interval of the sum of the parts, from the same sections.
    pub fn parts_interval(&self) -> Interval {
        let off: Vec<f64> = self.sections.iter().map(|(_, parts)| parts - self.parts).collect();
        around(self.parts, &off)
    }

    /// How much greater it is than another on the same paths, and its 95 % interval: the
    /// sections' deviations are paired. `None` unless both have a value.
    pub fn less(&self, other: &Self) -> Option<(f64, Interval)> {
        let value = self.value()? - other.value()?;
        let (own, others) = (self.deviations(), other.deviations());
        if own.len() != others.len() {
            return Some((value, Interval::UNBOUNDED));
        }
        let off: Vec<f64> = own.iter().zip(&others).map(|(a, b)| a - b).collect();
        Some((value, around(value, &off)))
    }

    /// (r·partsₛ − wholeₛ) / parts with r = whole / parts: how far each section's benefit is off.
    fn deviations(&self) -> Vec<f64> {
        let ratio = self.whole / self.parts;
        let off = |(whole, parts): &(f64, f64)| (ratio * parts - whole) / self.parts;
        self.sections.iter().map(off).collect()
    }
}

fn around(centre: f64, off: &[f64]) -> Interval {
    if off.len() < 2 {
        return Interval::UNBOUNDED;
    }
    let n = off.len() as f64;
    let squares: f64 = off.iter().map(|off| off * off).sum();
    let half = student_t_two_sided(0.95, off.len() as u64 - 1) * (squares / (n - 1.0) / n).sqrt();
    Interval::bounded(centre - half, centre + half)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::StreamKey;

    /// Two normals of deviations `a` and `b` and correlation `rho`.
    fn pair(seed: u64, count: usize, (a, b): (f64, f64), rho: f64) -> [Vec<f64>; 2] {
        let mut stream = StreamKey::new("test", "benefit").open(seed, 0);
        let both = (0..count).map(|_| {
            let (x, y) = (stream.normal(), stream.normal());
            (a * x, b * (rho * x + (1.0 - rho * rho).sqrt() * y))
        });
        let (one, other) = both.unzip();
        [one, other]
    }

    #[test]
    fn limits_of_correlation() {
        let [one, _] = pair(1, 400, (1.0, 1.0), 0.0);
        let opposite: Vec<f64> = one.iter().map(|loss| -loss).collect();
        let double: Vec<f64> = one.iter().map(|loss| 2.0 * loss).collect();
        for tail in [Tail::Var, Tail::Es] {
            // Perfectly correlated: nothing is gained, on any section.
            let found = Benefit::of(&[&one, &double], tail, 0.95, 1).expect("losses");
            assert!(found.value().is_some_and(|value| value.abs() < 1e-12), "{found:?}");
            let interval = found.interval();
            let ends = [interval.low, interval.high];
            assert!(ends.iter().all(|end| end.is_some_and(|end| end.abs() < 1e-9)), "{ends:?}");
            // A part and its opposite: all of it.
            let found = Benefit::of(&[&one, &opposite], tail, 0.95, 1).expect("losses");
            assert_eq!((found.whole, found.value()), (0.0, Some(1.0)));
            // Nothing at risk: no ratio.
            let found = Benefit::of(&[[0.0; 400]], tail, 0.95, 1).expect("losses");
            assert_eq!((found.value(), found.interval()), (None, Interval::UNBOUNDED));
            assert_eq!(found.less(&found), None);
        }
    }

    #[test]
    fn by_hand() {
        // Parts 0 1 2 3 4 and 4 0 0 0 8 at 75 %: quantiles 3 and 4, the sum 4 1 2 3 12: 4.
        // 1 − 4/7 = 3/7. ES, mass 1.25: (4 + .25·3)/1.25 = 3.8, (8 + .25·4)/1.25 = 7.2,
        // (12 + .25·4)/1.25 = 10.4: 1 − 10.4/11.
        let parts = [vec![0.0, 1.0, 2.0, 3.0, 4.0], vec![4.0, 0.0, 0.0, 0.0, 8.0]];
        for (tail, whole, sum) in [(Tail::Var, 4.0, 7.0), (Tail::Es, 10.4, 11.0)] {
            let found = Benefit::of(&parts, tail, 0.75, 1).expect("losses");
            assert!((found.whole - whole).abs() < 1e-12 && (found.parts - sum).abs() < 1e-12);
            assert_eq!(found.interval(), Interval::UNBOUNDED, "five losses bound nothing");
        }
        assert!(Benefit::of(&parts, Tail::Var, 1.0, 1).is_err());
        assert!(Benefit::of::<Vec<f64>>(&[], Tail::Var, 0.9, 1).is_err());
        assert!(Benefit::of(&[vec![1.0], vec![1.0, 2.0]], Tail::Var, 0.9, 1).is_err());
        assert!(Benefit::of(&[vec![f64::NAN]], Tail::Var, 0.9, 1).is_err());
    }

    /// Normals of deviations 1 and 2: benefit 1 − √(5 + 4ρ)/3 of VaR and ES alike; and how much
    /// ρ = .8 takes from that of ρ = .2 on the same draws. Of 1,000 intervals of 95 % between 925
    /// and 965 hold the truth: ±2.2 deviations of √(1000·.95·.05) = 6.9, and 10 more below, since
    /// the linear terms of sections of 50 losses understate the error of a ratio a little. Seeds
    /// are fixed.
    #[test]
    fn intervals_cover_as_often_as_they_say() {
        let truth = |rho: f64| 1.0 - (5.0 + 4.0 * rho).sqrt() / 3.0;
        let mut covered = [0_u32; 5];
        for seed in 0..1000 {
            let [low, high] = [0.2, 0.8].map(|rho| pair(seed, 1600, (1.0, 2.0), rho));
            let of = |parts: &[Vec<f64>], tail| Benefit::of(parts, tail, 0.9, 1).expect("losses");
            let var = [of(&low, Tail::Var), of(&high, Tail::Var)];
            let es = [of(&low, Tail::Es), of(&high, Tail::Es)];
            let less = |[low, high]: &[Benefit; 2]| high.less(low).expect("both").1;
            let found = [
                (var[0].interval(), truth(0.2)),
                (es[0].interval(), truth(0.2)),
                (less(&var), truth(0.8) - truth(0.2)),
                (less(&es), truth(0.8) - truth(0.2)),
                (var[0].parts_interval(), 3.0 * 1.281_551_565_5),
            ];
            for (count, (interval, truth)) in covered.iter_mut().zip(found) {
                *count += u32::from(interval.contains(truth));
            }
        }
        println!("benefit of var, es, their loss by correlation, parts: {covered:?} of 1,000");
        assert!(covered.iter().all(|count| (925..=965).contains(count)), "{covered:?}");
    }
}
