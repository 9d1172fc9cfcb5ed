//! Correlations of the simulated returns over a trailing window, beside those that they drift
//! along.

use super::execution::{Execution, StudyError};
use super::price_paths::each_price_path;
use super::variants::VariantSet;
use crate::prices::models::ModelSpec;
use crate::prices::{PricePath, Prices};
use crate::scenario::Scenario;

/// Paths that the mean is drawn from, at most.
const PATHS: u64 = 300;
/// Instants at most.
const INSTANTS: usize = 200;
/// Windows in a run, and steps in a window at least.
const WINDOWS: usize = 20;
const STEPS_MIN: usize = 30;

/// Rolling correlations of a model whose correlations drift.
#[derive(Clone, Debug, PartialEq)]
pub struct RollingCorrelations {
    /// Length of the trailing window, ms.
    pub window_ms: i64,
    /// Number of the path that is shown beside the mean.
    pub traced: u64,
    /// Paths of the mean: the first so many.
    pub paths: u64,
    /// Ends of the windows, UTC ms.
    pub times_ms: Vec<i64>,
    /// Every pair of assets, in their order.
    pub pairs: Vec<PairCorrelation>,
}

/// One pair of assets at the ends of the windows.
#[derive(Clone, Debug, PartialEq)]
pub struct PairCorrelation {
    /// The assets, by their places.
    pub assets: (usize, usize),
    /// Of the traced path's log returns; NaN where one of both did not move.
    pub traced: Vec<f64>,
    /// Mean over the paths of the same.
    pub mean: Vec<f64>,
    /// What the drift makes of it: the mean over the window's steps, and over the paths.
    pub target: Vec<f64>,
    /// The same on the traced path.
    pub traced_target: Vec<f64>,
}

/// What one path has: correlations by pair and instant, and the weight of the crisis by instant.
struct OnePath {
    found: Vec<Vec<f64>>,
    weights: Vec<f64>,
}

/// The rolling correlations of a scenario's first paths and of path `traced`; `None` where they do
/// not drift, there is one asset, or the run is shorter than two windows.
pub fn rolling_correlations(
    scenario: &Scenario,
    set: &VariantSet,
    traced: u64,
    execution: &Execution,
) -> Result<Option<RollingCorrelations>, StudyError> {
    let Prices::Model(model) = &scenario.prices else { return Ok(None) };
    let (n, steps) = (model.assets.len(), model.steps);
    let window = (steps / WINDOWS).max(STEPS_MIN);
    if model.options.correlation_drift.is_none() || n < 2 || steps < 2 * window {
        return Ok(None);
    }
    let count = INSTANTS.min(steps - window + 1);
    let ends: Vec<usize> =
        (0..count).map(|k| window + (steps - window) * k / (count - 1).max(1)).collect();
    let pairs: Vec<(usize, usize)> =
        (0..n).flat_map(|one| (one + 1..n).map(move |other| (one, other))).collect();
    let paths = PATHS.min(scenario.paths);
    let mut rolling = RollingCorrelations {
        window_ms: window as i64 * model.step_ms,
        traced,
        paths,
        times_ms: ends.iter().map(|end| model.start_ms + *end as i64 * model.step_ms).collect(),
        pairs: pairs.iter().map(|assets| PairCorrelation::empty(*assets, count)).collect(),
    };
    let read = |_, path: &mut dyn PricePath| one_path(path, steps, window, &ends, &pairs);
    let mut weights = vec![0.0; count];
    each_price_path(scenario, set, paths, execution, read, |path| {
        weights.iter_mut().zip(&path.weights).for_each(|(sum, one)| *sum += one);
        for (pair, found) in rolling.pairs.iter_mut().zip(&path.found) {
            pair.mean.iter_mut().zip(found).for_each(|(sum, one)| *sum += one);
        }
        Ok(())
    })?;
    let mut feed = set.feeds[0].clone();
    feed.path().begin(scenario.seed, traced);
    let own = one_path(feed.path(), steps, window, &ends, &pairs);
    for (pair, found) in rolling.pairs.iter_mut().zip(own.found) {
        let between = Drift::of(model, pair.assets);
        pair.mean.iter_mut().for_each(|sum| *sum /= paths as f64);
        pair.target = weights.iter().map(|sum| between.at(sum / paths as f64)).collect();
        pair.traced_target = own.weights.iter().map(|weight| between.at(*weight)).collect();
        pair.traced = found;
    }
    Ok(Some(rolling))
}

impl PairCorrelation {
    fn empty(assets: (usize, usize), count: usize) -> Self {
        let zeros = vec![0.0; count];
        let (traced, target) = (zeros.clone(), zeros.clone());
        Self { assets, traced, mean: zeros.clone(), target, traced_target: zeros }
    }
}

/// Both ends of a pair's drift.
struct Drift {
    base: f64,
    crisis: f64,
}

impl Drift {
    fn of(model: &ModelSpec, (one, other): (usize, usize)) -> Self {
        let base = model.return_correlation(one, other);
        Self { base, crisis: model.crisis_correlation(one, other).unwrap_or(base) }
    }

    fn at(&self, weight: f64) -> f64 {
        self.base + weight * (self.crisis - self.base)
    }
}

fn one_path(
    path: &mut dyn PricePath,
    steps: usize,
    window: usize,
    ends: &[usize],
    pairs: &[(usize, usize)],
) -> OnePath {
    // A refined path has several ticks a step.
    let (n, ticks_a_step) = (path.assets(), (path.ticks() - 1) / steps);
    let (mut marks, mut lasts) = (vec![0.0; n], vec![0.0; n]);
    let mut logs = vec![Vec::with_capacity(steps + 1); n];
    let mut weight = Vec::with_capacity(steps + 1);
    for tick in (0..=steps).map(|step| step * ticks_a_step) {
        path.load(tick, &mut marks, &mut lasts);
        for (logs, mark) in logs.iter_mut().zip(&marks) {
            logs.push(libm::log(*mark));
        }
        weight.push(path.crisis_weight(tick));
    }
    let returns: Vec<Vec<f64>> =
        logs.iter().map(|logs| logs.windows(2).map(|pair| pair[1] - pair[0]).collect()).collect();
    let of_pair = |(one, other): &(usize, usize)| -> Vec<f64> {
        let spans = ends.iter().map(|end| end - window..*end);
        spans.map(|at| correlation(&returns[*one][at.clone()], &returns[*other][at])).collect()
    };
    // Step k leads to tick k + 1.
    let mean_of = |end: &usize| {
        weight[end + 1 - window..=*end].iter().fold(0.0, |sum, one| sum + one) / window as f64
    };
    OnePath {
        found: pairs.iter().map(of_pair).collect(),
        weights: ends.iter().map(mean_of).collect(),
    }
}

/// Pearson's; NaN where one side does not move.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let count = a.len() as f64;
    let mean = |values: &[f64]| values.iter().fold(0.0, |sum, value| sum + value) / count;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    ab / (aa * bb).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (1, 2, 4) with (1, 3, 2): about 7/3 and 2 the products sum to 4/3 − 1/3 + 0 = 1, squares to 14/3
    /// and 2: 1/√(28/3).
    #[test]
    fn correlation_by_hand() {
        let found = correlation(&[1.0, 2.0, 4.0], &[1.0, 3.0, 2.0]);
        assert!((found - 1.0 / (28.0_f64 / 3.0).sqrt()).abs() < 1e-15, "{found}");
        assert!(correlation(&[1.0, 1.0], &[1.0, 2.0]).is_nan());
    }
}
