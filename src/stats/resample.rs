//! Joint resamples of the paths of a study: what is paired stays paired.

use super::{Interval, Replication, Stream, Z_95, student_t_two_sided};

/// Resamples of a bootstrap, each of as many replicates with replacement (Efron 1979). All figures of
/// all variants are taken from the same resamples, so that differences between variants on the same
/// paths have intervals too.
#[derive(Clone, Debug)]
pub struct Resamples {
    /// Values per replicate.
    size: usize,
    replicates: usize,
    /// How often each replicate is in each resample.
    counts: Vec<u8>,
}

/// How many: the error of a standard error from so many is 3.5 %.
const RESAMPLES: usize = 400;

impl Resamples {
    /// Of so many values; those of a last replicate that is not whole are in none.
    pub fn draw(values: usize, replication: Replication, stream: &mut Stream) -> Self {
        let size = replication.size();
        let replicates = values / size;
        let mut counts = vec![0_u8; replicates * RESAMPLES];
        if replicates > 0 {
            for resample in counts.chunks_exact_mut(replicates) {
                for _ in 0..replicates {
                    let drawn = (stream.uniform() * replicates as f64) as usize;
                    let count = &mut resample[drawn.min(replicates - 1)];
                    // 256 of one replicate have a chance below 1e-500.
                    *count = count.saturating_add(1);
                }
            }
        }
        Self { size, replicates, counts }
    }

    /// The means of the resamples.
    pub fn means(&self, values: &[f64]) -> Vec<f64> {
        let sums: Vec<f64> =
            values.chunks_exact(self.size).map(|replicate| replicate.iter().sum()).collect();
        let total = (self.replicates * self.size) as f64;
        self.each(|counts| {
            let parts = sums.iter().zip(counts).map(|(sum, count)| sum * f64::from(*count));
            parts.sum::<f64>() / total
        })
    }

    /// The p-quantiles (type 7) of the resamples.
    pub fn quantiles(&self, values: &[f64], p: f64) -> Vec<f64> {
        let order = self.descending(values);
        let total = self.replicates * self.size;
        let position = (total.saturating_sub(1)) as f64 * p;
        let (whole, share) = (position as usize, position - (position as usize) as f64);
        // Ranks from the top: 0 is the greatest.
        let (upper, lower) = (total.saturating_sub(whole + 2), total.saturating_sub(whole + 1));
        self.each(|counts| {
            let (above, below) = self.of_ranks(&order, counts, values, upper, lower);
            if share == 0.0 { below } else { below + share * (above - below) }
        })
    }

    /// The expected shortfalls of the resamples (Acerbi & Tasche 2002).
    pub fn shortfalls(&self, losses: &[f64], confidence: f64) -> Vec<f64> {
        let order = self.descending(losses);
        let mass = (self.replicates * self.size) as f64 * (1.0 - confidence);
        self.each(|counts| {
            let (mut left, mut sum) = (mass, 0.0);
            for path in &order {
                let count = f64::from(counts[*path as usize / self.size]).min(left);
                sum += count * losses[*path as usize];
                left -= count;
                if left <= 0.0 {
                    break;
                }
            }
            sum / mass
        })
    }

    /// Values of a figure in the resamples, all of it 0.
    pub fn nothing(&self) -> Draws {
        let count = if self.replicates == 0 { 0 } else { RESAMPLES };
        let degrees = self.replicates.saturating_sub(1);
        Draws { values: vec![0.0; count], replicates: self.replicates, degrees }
    }

    fn each(&self, statistic: impl FnMut(&[u8]) -> f64) -> Vec<f64> {
        match self.replicates {
            0 => Vec::new(),
            replicates => self.counts.chunks_exact(replicates).map(statistic).collect(),
        }
    }

    /// Values of whole replicates from the greatest down, by number.
    fn descending(&self, values: &[f64]) -> Vec<u32> {
        let mut order: Vec<u32> = (0..(self.replicates * self.size) as u32).collect();
        order.sort_by(|a, b| values[*b as usize].total_cmp(&values[*a as usize]));
        order
    }

    /// The values at two ranks, the first at or above the second.
    fn of_ranks(
        &self,
        order: &[u32],
        counts: &[u8],
        values: &[f64],
        upper: usize,
        lower: usize,
    ) -> (f64, f64) {
        let (mut seen, mut above) = (0, None);
        for path in order {
            seen += usize::from(counts[*path as usize / self.size]);
            if seen > upper && above.is_none() {
                above = Some(values[*path as usize]);
            }
            if seen > lower {
                let below = values[*path as usize];
                return (above.unwrap_or(below), below);
            }
        }
        (f64::NAN, f64::NAN)
    }
}

/// A figure in every resample.
#[derive(Clone, Debug, PartialEq)]
pub struct Draws {
    values: Vec<f64>,
    replicates: usize,
    degrees: usize,
}

impl Draws {
    /// Adds another figure of the same resamples, times a weight.
    pub fn add(&mut self, weight: f64, values: &[f64]) {
        self.values.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
    }

    /// Says that it is a figure of a part of so many values: its error is known with as many degrees of
    /// freedom as there are values in it, less one, and no more.
    pub fn limit_to_tail(&mut self, values: usize, part: f64) {
        // 100 · (1 − 0.95) is 5 and a rounding error.
        let within = (values as f64 * part + 1e-9) as usize;
        self.degrees = self.degrees.min(within.saturating_sub(1));
    }

    /// How much greater this figure is than another of the same resamples.
    ///
    /// # Panics
    /// If they are not of as many replicates.
    pub fn less(&self, other: &Self) -> Self {
        assert_eq!(self.replicates, other.replicates, "figures of different resamples");
        let both = self.values.iter().zip(&other.values);
        let degrees = self.degrees.min(other.degrees);
        Self { values: both.map(|(a, b)| a - b).collect(), replicates: self.replicates, degrees }
    }

    /// Its standard error: the deviation in the resamples, which is √((R − 1)/R) of what it should be
    /// with R replicates (Efron & Tibshirani 1993, *An Introduction to the Bootstrap*, §5.3), made
    /// good. Infinite with fewer than two, or where a figure is not finite.
    pub fn error(&self) -> f64 {
        if self.replicates < 2 || self.values.iter().any(|value| !value.is_finite()) {
            return f64::INFINITY;
        }
        let count = self.values.len() as f64;
        let mean = self.values.iter().sum::<f64>() / count;
        let squares: f64 = self.values.iter().map(|draw| (draw - mean) * (draw - mean)).sum();
        let replicates = self.replicates as f64;
        (squares / (count - 1.0) * replicates / (replicates - 1.0)).sqrt()
    }

    /// Half the interval of a level about the figure's value: Student's t times [`Draws::error`] (§12).
    /// Infinite where that is, or where there is no degree of freedom.
    pub fn half(&self, level: f64) -> f64 {
        match self.degrees {
            0 => f64::INFINITY,
            some => student_t_two_sided(level, some as u64) * self.error(),
        }
    }

    /// The interval of a level about the figure's value, ± [`Draws::half`]; unbounded where that is
    /// infinite.
    pub fn interval(&self, value: f64, level: f64) -> Interval {
        let half = self.half(level);
        if half.is_finite() {
            Interval::bounded(value - half, value + half)
        } else {
            Interval::UNBOUNDED
        }
    }

    /// Degrees of freedom of the error: as many as replicates less one, or fewer.
    pub fn degrees(&self) -> usize {
        self.degrees
    }

    /// What the resamples are off their mean by, each as far as a normal figure whose error is known
    /// would be: √(R/(R − 1)) and Student's t at 95 % against the normal quantile make up for R
    /// replicates and few degrees of freedom. `None` where there is no error to speak of.
    pub fn deviations(&self) -> Option<Vec<f64>> {
        if self.degrees == 0 || !self.error().is_finite() {
            return None;
        }
        let replicates = self.replicates as f64;
        let scale = (replicates / (replicates - 1.0)).sqrt()
            * student_t_two_sided(0.95, self.degrees as u64)
            / Z_95;
        let mean = self.values.iter().sum::<f64>() / self.values.len() as f64;
        Some(self.values.iter().map(|value| scale * (value - mean)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{StreamKey, expected_shortfall, mean_and_stderr, quantile_type7};

    fn stream(number: u64) -> Stream {
        StreamKey::new("test", "resamples").open(7, number)
    }

    /// What the figures of a resample are by definition: of its values written out and sorted.
    #[test]
    fn figures_are_those_of_the_values_drawn() {
        for (count, size) in [(40, 1), (41, 2), (60, 3)] {
            let mut draw = stream(count as u64);
            let values: Vec<f64> = (0..count).map(|_| libm::floor(draw.normal() * 4.0)).collect();
            let resamples = Resamples::draw(count, Replication::of(size), &mut draw);
            for (number, counts) in resamples.counts.chunks_exact(resamples.replicates).enumerate()
            {
                let mut drawn: Vec<f64> = Vec::new();
                for (replicate, times) in values.chunks_exact(size).zip(counts) {
                    (0..*times).for_each(|_| drawn.extend(replicate));
                }
                drawn.sort_by(f64::total_cmp);
                for p in [0.05, 0.5, 0.95] {
                    let truth = quantile_type7(&drawn, p);
                    assert!((resamples.quantiles(&values, p)[number] - truth).abs() < 1e-12);
                }
                let truth = expected_shortfall(&drawn, 0.9);
                assert!((resamples.shortfalls(&values, 0.9)[number] - truth).abs() < 1e-9);
                let truth = mean_and_stderr(&drawn).0;
                assert!((resamples.means(&values)[number] - truth).abs() < 1e-9);
                if number == 3 {
                    break;
                }
            }
        }
    }

    /// The error of a mean is known: s/√n. 400 resamples know it to 3.5 %; four times that is 14 %.
    /// Equal values have none, and two series that differ by a constant differ by exactly it.
    #[test]
    fn error_of_a_mean() {
        let mut draw = stream(0);
        let values: Vec<f64> = (0..500).map(|_| draw.normal()).collect();
        let resamples = Resamples::draw(500, Replication::INDEPENDENT, &mut draw);
        let truth = mean_and_stderr(&values).1;
        let draws = |values: &[f64]| {
            let mut draws = resamples.nothing();
            draws.add(1.0, &resamples.means(values));
            draws
        };
        let of_values = draws(&values);
        assert!((of_values.error() / truth - 1.0).abs() < 0.14);
        let shifted: Vec<f64> = values.iter().map(|value| value + 5.0).collect();
        assert!(draws(&shifted).less(&of_values).half(0.95) < 1e-9);
        // t(499) at 95 % is 1.964729; with one degree of freedom it is 12.7062.
        let mut tail = of_values.clone();
        assert!((tail.half(0.95) / tail.error() - 1.964_729).abs() < 1e-5);
        tail.limit_to_tail(40, 1.0 - 0.95);
        assert!((tail.half(0.95) / tail.error() - 12.706_2).abs() < 1e-3);
        let one = Resamples::draw(1, Replication::INDEPENDENT, &mut draw);
        assert_eq!(one.nothing().interval(1.0, 0.95), Interval::UNBOUNDED);
    }
}
