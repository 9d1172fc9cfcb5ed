//! Value at risk and expected shortfall of a sample of losses (positive is bad).

use super::{Interval, Stream, quantile_ranks, quantile_type7};

const RESAMPLES: usize = 400;

/// Value at risk: the type-7 quantile of the losses at `confidence`, in their unit.
///
/// # Panics
/// If there are no losses or `confidence` is outside [0, 1].
pub fn value_at_risk(sorted_losses: &[f64], confidence: f64) -> f64 {
    quantile_type7(sorted_losses, confidence)
}

/// Expected shortfall (Acerbi & Tasche 2002): the mean of the worst (1 − confidence) of the mass,
/// a loss on the edge counted by its part; in the losses' unit. `sorted_losses` ascending.
///
/// # Panics
/// If there are no losses or `confidence` is not in [0, 1).
pub fn expected_shortfall(sorted_losses: &[f64], confidence: f64) -> f64 {
    let worst = WorstMass::new(sorted_losses.len(), confidence);
    worst.mean(sorted_losses.iter().rev().copied())
}

/// 95 % interval of the expected shortfall: percentile bootstrap (Efron 1979), 400 resamples.
///
/// Unbounded above where the quantile at `confidence` is: with so few exceedances the worst that
/// was seen says little of the worst there is. Cost: 400·n·(1 − confidence) exponentials.
///
/// # Panics
/// If there are no losses or `confidence` is not in (0, 1).
pub fn es_interval(sorted_losses: &[f64], confidence: f64, stream: &mut Stream) -> Interval {
    let n = sorted_losses.len();
    let worst = WorstMass::new(n, confidence);
    let mut arrivals = vec![0.0; worst.losses_touched()];
    let mut estimates: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let total = draw_arrivals(&mut arrivals, n + 1, stream);
            let to_rank = n as f64 / total;
            worst.mean(arrivals.iter().map(|arrival| {
                let rank = ((arrival * to_rank) as usize).min(n - 1);
                sorted_losses[n - 1 - rank]
            }))
        })
        .collect();
    estimates.sort_by(f64::total_cmp);
    let high = quantile_ranks(n, confidence, 0.95).1;
    Interval {
        low: Some(quantile_type7(&estimates, 0.025)),
        high: high.map(|_| quantile_type7(&estimates, 0.975)),
    }
}

/// The worst mass in units of losses: `whole` of them and a `part` of the next.
struct WorstMass {
    whole: usize,
    part: f64,
    mass: f64,
}

impl WorstMass {
    fn new(n: usize, confidence: f64) -> Self {
        assert!(n > 0, "an expected shortfall of no losses");
        assert!((0.0..1.0).contains(&confidence), "an expected shortfall at {confidence}");
        let exact = n as f64 * (1.0 - confidence);
        // 100 · (1 − 0.95) is 5 and a rounding error: five losses, not five and a crumb.
        let rounded = libm::round(exact);
        let near = rounded > 0.0 && (exact - rounded).abs() <= 1e-12 * n as f64;
        let mass = if near { rounded } else { exact };
        let whole = mass as usize;
        Self { whole, part: mass - whole as f64, mass }
    }

    fn losses_touched(&self) -> usize {
        self.whole + usize::from(self.part > 0.0)
    }

    fn mean(&self, mut worst_first: impl Iterator<Item = f64>) -> f64 {
        let whole: f64 = worst_first.by_ref().take(self.whole).sum();
        let edge = if self.part > 0.0 { worst_first.next() } else { None };
        (whole + edge.map_or(0.0, |loss| self.part * loss)) / self.mass
    }
}

/// The first arrivals of a Poisson process, and the time of its `last`-th, which is returned.
///
/// Arrivals over the (n + 1)-th are the order statistics of n uniforms (Rényi 1953), so a
/// bootstrap resample's worst losses come ready sorted and the rest are never drawn.
fn draw_arrivals(arrivals: &mut [f64], last: usize, stream: &mut Stream) -> f64 {
    let mut time = 0.0;
    for arrival in arrivals.iter_mut() {
        time += stream.exponential();
        *arrival = time;
    }
    time + draw_gamma((last - arrivals.len()) as f64, stream)
}

/// Gamma of `shape` ≥ 1 and scale 1 (Marsaglia & Tsang 2000, "A simple method").
fn draw_gamma(shape: f64, stream: &mut Stream) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = stream.normal();
        let root = 1.0 + c * x;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        if libm::log(stream.uniform_open()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{StreamKey, mean_and_stderr};

    /// Worst mass n·(1 − confidence), by hand.
    #[test]
    fn expected_shortfall_table() {
        let mut four_of_hundred = vec![0.0; 96];
        four_of_hundred.extend([100.0; 4]);
        let ladder: Vec<f64> = (1..=10).map(f64::from).collect();
        let table: [(&[f64], f64, f64); 7] = [
            (&four_of_hundred, 0.95, 80.0),            // (4·100 + 1·0) / 5
            (&four_of_hundred, 0.99, 100.0),           // 1·100 / 1
            (&ladder, 0.8, 9.5),                       // (10 + 9) / 2
            (&ladder, 0.75, (19.0 + 0.5 * 8.0) / 2.5), // two and a half losses
            (&ladder, 0.95, 10.0),                     // half a loss
            (&ladder, 0.0, 5.5),                       // the mean
            (&[3.0], 0.99, 3.0),
        ];
        for (losses, confidence, expected) in table {
            let found = expected_shortfall(losses, confidence);
            assert!((found - expected).abs() < 1e-12, "{confidence}: {found} not {expected}");
        }
    }

    #[test]
    fn gamma_has_its_moments() {
        let mut stream = StreamKey::new("test", "gamma").open(1, 0);
        for shape in [1.0, 2.0, 30.0, 5000.0] {
            let draws: Vec<f64> = (0..100_000).map(|_| draw_gamma(shape, &mut stream)).collect();
            let (mean, stderr) = mean_and_stderr(&draws);
            let squares: Vec<f64> = draws.iter().map(|x| (x - shape) * (x - shape)).collect();
            let (variance, variance_error) = mean_and_stderr(&squares);
            assert!((mean - shape).abs() < 4.0 * stderr, "{shape}: mean {mean}");
            assert!((variance - shape).abs() < 4.0 * variance_error, "{shape}: {variance}");
        }
    }

    /// With all of the mass a resample's ES is its mean, of variance (population variance)/n;
    /// that of 0, 1, …, n − 1 is (n² − 1)/12.
    #[test]
    fn bootstrap_of_the_whole_mass_is_that_of_the_mean() {
        let losses: Vec<f64> = (0..1000).map(f64::from).collect();
        let mut stream = StreamKey::new("test", "bootstrap").open(1, 0);
        let interval = es_interval(&losses, 1e-9, &mut stream);
        let stderr = ((1000.0_f64 * 1000.0 - 1.0) / 12.0 / 1000.0).sqrt();
        let low = 499.5 - 1.96 * stderr;
        // A 2.5 % point of 400 draws has a standard error of about 0.13 of their deviation.
        assert!(
            interval.low.is_some_and(|found| (found - low).abs() < 0.6 * stderr),
            "{interval:?}"
        );
    }

    #[test]
    fn few_exceedances_leave_the_top_open() {
        let mut stream = StreamKey::new("test", "few").open(1, 0);
        let losses: Vec<f64> = (0..72).map(f64::from).collect();
        assert!(es_interval(&losses[..71], 0.95, &mut stream).high.is_none());
        let interval = es_interval(&losses, 0.95, &mut stream);
        assert!(interval.high.is_some_and(|high| high <= 71.0), "{interval:?}");
        let flat = [5.0; 100];
        assert_eq!(es_interval(&flat, 0.95, &mut stream), Interval::bounded(5.0, 5.0));
    }
}
