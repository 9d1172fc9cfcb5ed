//! Shocks on top of a history: what is added to log prices.

use crate::prices::shock::{Onset, Shock, ShockKind};
use crate::stats::StreamKey;

/// A change of log prices that grows evenly over a stretch of time.
#[derive(Clone, Debug)]
struct Ramp {
    /// Index of its shock.
    shock: usize,
    /// After the shock's beginning, ms.
    from_ms: f64,
    over_ms: f64,
    /// By asset.
    sizes: Vec<f64>,
}

impl Ramp {
    /// The part of it that has happened so many ms after its beginning. What takes no time has
    /// happened after its instant.
    fn share(&self, passed_ms: f64) -> f64 {
        if passed_ms <= 0.0 {
            0.0
        } else if passed_ms >= self.over_ms {
            1.0
        } else {
            passed_ms / self.over_ms
        }
    }
}

/// The shocks of the present path.
#[derive(Clone, Debug)]
pub(super) struct Shifts {
    onsets: Vec<(Onset, StreamKey)>,
    /// When each shock begins on this path, ms after the start.
    begin_ms: Vec<f64>,
    ramps: Vec<Ramp>,
    run_ms: f64,
}

impl Shifts {
    /// Those of a history that is so long. Only falls and rises can be laid over what happened.
    pub fn new(shocks: &[Shock], assets: usize, run_ms: i64) -> Self {
        let mut ramps = Vec::new();
        for (index, shock) in shocks.iter().enumerate() {
            for part in shock.parts.iter().filter(|part| !part.does_nothing()) {
                let ShockKind::Crash(sizes) = &part.kind else {
                    panic!("a history has no volatility or correlation of its own to change");
                };
                assert_eq!(sizes.len(), assets, "one size per asset");
                let (from_ms, over_ms) = (part.from_ms as f64, part.over_ms as f64);
                ramps.push(Ramp { shock: index, from_ms, over_ms, sizes: sizes.clone() });
            }
        }
        let keyed = shocks.iter().map(|shock| (shock.onset.clone(), shock.onset.key()));
        Self {
            onsets: keyed.collect(),
            begin_ms: vec![0.0; shocks.len()],
            ramps,
            run_ms: run_ms as f64,
        }
    }

    /// Whether prices are those of the history.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.ramps.is_empty()
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, seed: u64, path: u64) {
        for ((onset, key), begin) in self.onsets.iter().zip(&mut self.begin_ms) {
            *begin = onset.in_steps(1.0, self.run_ms, || key.open(seed, path));
        }
    }

    /// What an asset's price is multiplied by, so many ms after the start.
    pub fn factor(&self, asset: usize, passed_ms: i64) -> f64 {
        let mut log = 0.0;
        for ramp in &self.ramps {
            let passed = passed_ms as f64 - self.begin_ms[ramp.shock] - ramp.from_ms;
            log += ramp.sizes[asset] * ramp.share(passed);
        }
        libm::exp(log)
    }

    /// Bounds of the factor between two instants, both included.
    pub fn range(&self, asset: usize, from_ms: i64, to_ms: i64) -> [f64; 2] {
        let (mut low, mut high) = (0.0, 0.0);
        for ramp in &self.ramps {
            let since = self.begin_ms[ramp.shock] + ramp.from_ms;
            let size = ramp.sizes[asset];
            let ends = [from_ms, to_ms].map(|at| size * ramp.share(at as f64 - since));
            low += ends[0].min(ends[1]);
            high += ends[0].max(ends[1]);
        }
        [libm::exp(low), libm::exp(high)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// −40 % over 100 ms from 50 on, −10 % at 120 at once: at 100 half of the first, at 120 seven
    /// tenths of it, after 120 both; logs add.
    #[test]
    fn ramps_add_in_log_price() {
        let crash = |name: &str, after, over, size: f64| {
            Shock::new(name, Some(after), over, ShockKind::Crash(vec![libm::log1p(-size)]))
        };
        let shocks = [crash("slow", 50, 100, 0.4), crash("fast", 120, 0, 0.1)];
        let mut shifts = Shifts::new(&shocks, 1, 1_000);
        shifts.begin(1, 0);
        let rows = [
            (50, 1.0),
            (100, libm::pow(0.6, 0.5)),
            (120, libm::pow(0.6, 0.7)),
            (121, libm::pow(0.6, 0.71) * 0.9),
            (150, 0.54),
            (999, 0.54),
        ];
        for (at, factor) in rows {
            assert!((shifts.factor(0, at) - factor).abs() < 1e-12, "{at}");
        }
        let [low, high] = shifts.range(0, 100, 150);
        assert!((low - 0.54).abs() < 1e-12 && (high - libm::pow(0.6, 0.5)).abs() < 1e-12);
    }

    #[test]
    fn what_does_nothing_is_left_out() {
        let still = Shock::new("still", Some(0), 5, ShockKind::Crash(vec![-0.0]));
        assert!(Shifts::new(&[still], 1, 10).is_empty());
    }
}
