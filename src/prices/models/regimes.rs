//! Regime switching (J. D. Hamilton 1989, *A new approach to the economic analysis of
//! nonstationary time series and the business cycle*): a Markov chain in continuous time, common
//! to all assets, says which drifts, volatilities and correlations hold. A step takes those of the
//! regime at its start.

use super::draw::Draw;
use super::timetable::Run;
use super::{ModelError, ModelSpec};
use crate::stats::{Stream, StreamKey};

/// What holds in a regime.
#[derive(Clone, Debug, PartialEq)]
pub struct Regime {
    /// Name.
    pub name: String,
    /// Expected stay, ms, above 0; stays are exponential.
    pub duration_ms: f64,
    /// Probability of each regime to be the next, by their order; its own is 0. All zero for the
    /// only regime.
    pub next: Vec<f64>,
    /// Volatility per √year of each asset.
    pub volatility: Vec<f64>,
    /// Arithmetic drift per year of each asset.
    pub drift: Vec<f64>,
    /// Correlation of the normals, row-major, positive semi-definite.
    pub correlation: Vec<f64>,
}

/// The regimes of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct RegimesSpec {
    /// At least one.
    pub regimes: Vec<Regime>,
    /// The first; `None`: drawn from the long-run occupancy.
    pub start: Option<usize>,
}

/// Volatility and drift of each asset and the correlation of returns, over all regimes by their
/// occupancy.
#[derive(Clone, Debug, PartialEq)]
pub struct LongRun {
    /// Per asset: √Σ π·σ².
    pub volatility: Vec<f64>,
    /// Per asset: Σ π·μ.
    pub drift: Vec<f64>,
    /// Σ π·ρ·σ·σ' over both volatilities; 0 where one is 0.
    pub correlation: Vec<f64>,
}

impl RegimesSpec {
    /// Share of time in each regime in the long run: π·Q = 0, Σ π = 1, by Gaussian elimination;
    /// `None` where regimes never reach each other, or the chain is no chain.
    pub fn occupancy(&self) -> Option<Vec<f64>> {
        let n = self.regimes.len();
        // Row r: flow into r less flow out of it; the last row is replaced by the sum.
        let mut rows = vec![vec![0.0; n + 1]; n];
        for (from, regime) in self.regimes.iter().enumerate() {
            if regime.duration_ms.is_nan() || regime.duration_ms <= 0.0 || regime.next.len() != n {
                return None;
            }
            // In units of the longest stay, so that pivots are comparable.
            let longest = self.regimes.iter().map(|one| one.duration_ms).fold(0.0, f64::max);
            let rate = longest / regime.duration_ms;
            for (to, share) in regime.next.iter().enumerate() {
                rows[to][from] += rate * share;
                rows[from][from] -= rate * share;
            }
        }
        rows[n.checked_sub(1)?] = vec![1.0; n + 1];
        let shares = solve(rows)?;
        let sound = shares.iter().all(|share| *share > -1e-9 && share.is_finite());
        sound.then(|| shares.into_iter().map(|share| share.max(0.0)).collect())
    }

    /// Volatility, drift and correlation in the long run; `None` as [`RegimesSpec::occupancy`].
    pub fn long_run(&self) -> Option<LongRun> {
        let shares = self.occupancy()?;
        let n = self.regimes.first()?.volatility.len();
        let over = |value: &dyn Fn(&Regime) -> f64| -> f64 {
            shares.iter().zip(&self.regimes).map(|(share, regime)| share * value(regime)).sum()
        };
        let volatility: Vec<f64> = (0..n)
            .map(|asset| over(&|regime| regime.volatility[asset] * regime.volatility[asset]).sqrt())
            .collect();
        let drift = (0..n).map(|asset| over(&|regime| regime.drift[asset])).collect();
        let mut correlation = vec![0.0; n * n];
        for one in 0..n {
            correlation[one * n + one] = 1.0;
            for other in 0..one {
                let covariance = over(&|regime| {
                    let spread = regime.volatility[one] * regime.volatility[other];
                    spread * regime.correlation[one * n + other]
                });
                let both = volatility[one] * volatility[other];
                let value = if both > 0.0 { (covariance / both).clamp(-1.0, 1.0) } else { 0.0 };
                correlation[one * n + other] = value;
                correlation[other * n + one] = value;
            }
        }
        Some(LongRun { volatility, drift, correlation })
    }

    /// What is wrong with the chain or a regime, if anything.
    pub(super) fn check(&self, assets: usize) -> Result<(), ModelError> {
        let n = self.regimes.len();
        for (place, regime) in self.regimes.iter().enumerate() {
            let fault =
                |problem: String| Err(ModelError::Parameter { name: regime.name.clone(), problem });
            if !(regime.duration_ms > 0.0 && regime.duration_ms.is_finite()) {
                return fault(format!("expected stay of {} ms", regime.duration_ms));
            }
            let sizes = [regime.volatility.len(), regime.drift.len()];
            if sizes != [assets; 2] || regime.next.len() != n {
                return fault(format!("not {assets} assets and {n} regimes"));
            }
            let sum: f64 = regime.next.iter().sum();
            let sound = regime.next.iter().all(|share| (0.0..=1.0).contains(share));
            if !sound || (n > 1 && (sum - 1.0).abs() > 1e-9) || regime.next[place] != 0.0 {
                return fault(format!("probabilities {:?} of the next regime", regime.next));
            }
            if regime.volatility.iter().any(|value| !(*value >= 0.0 && value.is_finite())) {
                return fault(format!("volatilities {:?}", regime.volatility));
            }
        }
        if self.start.is_some_and(|start| start >= n) || self.occupancy().is_none() {
            let problem = "no regime to start in, or some that never reach each other".to_owned();
            return Err(ModelError::Parameter { name: "regimes".to_owned(), problem });
        }
        Ok(())
    }
}

/// Gaussian elimination with partial pivots of n rows of n coefficients and a right side.
fn solve(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = rows.len();
    for pivot in 0..n {
        let best =
            (pivot..n).max_by(|a, b| rows[*a][pivot].abs().total_cmp(&rows[*b][pivot].abs()))?;
        rows.swap(pivot, best);
        let top = rows[pivot].clone();
        if top[pivot].is_nan() || top[pivot].abs() <= 1e-12 {
            return None;
        }
        for (place, row) in rows.iter_mut().enumerate() {
            if place != pivot {
                let part = row[pivot] / top[pivot];
                row.iter_mut().zip(&top).for_each(|(value, above)| *value -= part * above);
            }
        }
    }
    Some((0..n).map(|place| rows[place][n] / rows[place][place]).collect())
}

/// The chain on the present path.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    key: StreamKey,
    stream: Stream,
    /// Expected stay of each regime, in steps.
    stays: Vec<f64>,
    next: Vec<Vec<f64>>,
    /// The regime to start in, or the shares to draw it from.
    start: Option<usize>,
    shares: Vec<f64>,
    now: usize,
    /// Time of the next change, in steps.
    until: f64,
}

impl Chain {
    /// The chain of some regimes that have been checked.
    pub fn new(spec: &ModelSpec, regimes: &RegimesSpec) -> Self {
        let key = StreamKey::new("regimes", "");
        let stays = regimes.regimes.iter();
        Self {
            key,
            stream: key.open(0, 0),
            stays: stays.map(|regime| regime.duration_ms / spec.step_ms as f64).collect(),
            next: regimes.regimes.iter().map(|regime| regime.next.clone()).collect(),
            start: regimes.start,
            shares: regimes.occupancy().unwrap_or_default(),
            now: 0,
            until: f64::INFINITY,
        }
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        self.stream = draw.open(&self.key);
        let share = self.stream.uniform();
        self.now = self.start.unwrap_or_else(|| choose(&self.shares, share));
        self.until = self.stay();
    }

    /// Goes on from a tick with the streams of a branch: a stay has no memory.
    pub fn branch(&mut self, draw: Draw, tick: usize) {
        self.change_until(tick as f64);
        self.stream = draw.open(&self.key);
        self.until = tick as f64 + self.stay();
    }

    /// Makes the changes up to a time, in steps.
    fn change_until(&mut self, time: f64) {
        while self.until <= time {
            let share = self.stream.uniform();
            self.now = choose(&self.next[self.now], share);
            self.until += self.stay();
        }
    }

    fn stay(&mut self) -> f64 {
        // The only regime is never left.
        if self.stays.len() == 1 {
            f64::INFINITY
        } else {
            self.stays[self.now] * self.stream.exponential()
        }
    }

    /// The regimes of the steps to the ticks `first..first + count`.
    pub fn runs(&mut self, first: usize, count: usize, runs: &mut Vec<Run>) {
        let mut from = 0;
        while from < count {
            // The step to tick k begins at k − 1.
            let begins = (first + from - 1) as f64;
            self.change_until(begins);
            let rest = count - from;
            let steps = (self.until - begins).ceil();
            let length = if steps < rest as f64 { steps as usize } else { rest };
            runs.push(Run { from, count: length, setting: self.now });
            from += length;
        }
    }
}

/// The place where a uniform falls among shares that sum to 1; the last that has one beyond.
fn choose(shares: &[f64], uniform: f64) -> usize {
    let mut left = uniform;
    let mut last = 0;
    for (place, share) in shares.iter().enumerate() {
        if *share > 0.0 {
            if left < *share {
                return place;
            }
            left -= share;
            last = place;
        }
    }
    last
}
