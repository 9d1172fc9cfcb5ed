//! Shocks on top of a model: falls of the log price and multiples of the volatility. They stack.

use super::draw::Draw;
use super::levels::Levels;
use super::setting::CHUNK;
use super::{ModelError, ModelSpec};
use crate::stats::StreamKey;

/// A shock.
#[derive(Clone, Debug, PartialEq)]
pub struct Shock {
    /// Name; also names its random stream.
    pub name: String,
    /// When it begins, ms after the start; `None`: at an instant drawn evenly from those at which
    /// all of it happens within the run.
    pub after_ms: Option<i64>,
    /// How long it takes, ms.
    pub over_ms: i64,
    /// What it does.
    pub kind: ShockKind,
}

/// What a shock does to each asset, in the order of the assets.
#[derive(Clone, Debug, PartialEq)]
pub enum ShockKind {
    /// The log price changes by so much on top of what the model does, evenly over the time of
    /// the shock; within the step that holds its beginning where it takes no time.
    Crash(Vec<f64>),
    /// The volatility is multiplied by so much in the steps that begin during the shock, the
    /// expected return unchanged; 1: not touched. Merton's jumps stay as they are.
    Volatility(Vec<f64>),
}

impl Shock {
    fn factor(&self, asset: usize) -> f64 {
        match &self.kind {
            ShockKind::Volatility(factors) => factors[asset],
            ShockKind::Crash(_) => 1.0,
        }
    }

    fn check(&self, assets: usize) -> Result<(), ModelError> {
        let (values, sound): (_, fn(f64) -> bool) = match &self.kind {
            ShockKind::Crash(sizes) => (sizes, |_| true),
            ShockKind::Volatility(factors) => (factors, |factor| factor >= 0.0),
        };
        let fault =
            |problem: String| Err(ModelError::Parameter { name: self.name.clone(), problem });
        if values.len() != assets {
            return Err(ModelError::sizes(values.len(), assets));
        }
        if values.iter().any(|value| !value.is_finite() || !sound(*value)) {
            return fault(format!("sizes {values:?}"));
        }
        if self.over_ms < 0 || self.after_ms.is_some_and(|after| after < 0) {
            return fault("a time before the start".to_owned());
        }
        Ok(())
    }
}

/// The greatest factor that some shocks put on an asset's volatility, at least 1.
pub(super) fn greatest_scale(shocks: &[Shock], asset: usize) -> f64 {
    shocks.iter().map(|shock| shock.factor(asset).max(1.0)).product()
}

/// What the shocks that lift an asset's log price add up to.
pub(super) fn greatest_rise(shocks: &[Shock], asset: usize) -> f64 {
    let rise = |shock: &Shock| match &shock.kind {
        ShockKind::Crash(sizes) => sizes[asset].max(0.0),
        ShockKind::Volatility(_) => 0.0,
    };
    shocks.iter().map(rise).sum()
}

/// The shocks of the present path.
#[derive(Clone, Debug)]
pub(super) struct Shocks {
    shocks: Vec<(Shock, StreamKey)>,
    /// When each begins on this path, in steps.
    begin: Vec<f64>,
    step_ms: f64,
    steps: f64,
    /// Factors of one chunk, one row per asset.
    scales: Vec<f64>,
}

impl Shocks {
    /// Refuses shocks of other sizes than there are assets.
    pub fn new(spec: &ModelSpec) -> Result<Self, ModelError> {
        let shocks = &spec.options.shocks;
        shocks.iter().try_for_each(|shock| shock.check(spec.assets.len()))?;
        let keyed =
            shocks.iter().map(|shock| (shock.clone(), StreamKey::new("shocks", &shock.name)));
        let room = if shocks.is_empty() { 0 } else { spec.assets.len() * CHUNK };
        Ok(Self {
            begin: vec![0.0; shocks.len()],
            shocks: keyed.collect(),
            step_ms: spec.step_ms as f64,
            steps: spec.steps as f64,
            scales: vec![1.0; room],
        })
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        for ((shock, key), begin) in self.shocks.iter().zip(&mut self.begin) {
            let length = shock.over_ms as f64 / self.step_ms;
            *begin = match shock.after_ms {
                Some(after) => after as f64 / self.step_ms,
                None => draw.open(key).uniform() * (self.steps - length).max(0.0),
            };
        }
    }

    /// The factors of the steps to the ticks `first..first + count`, one row of a chunk per asset;
    /// `None` where all are 1.
    pub fn scales(&mut self, first: usize, count: usize) -> Option<&[f64]> {
        let mut touched = false;
        for ((shock, _), begin) in self.shocks.iter().zip(&self.begin) {
            let ShockKind::Volatility(factors) = &shock.kind else { continue };
            let end = begin + shock.over_ms as f64 / self.step_ms;
            // The step to tick k begins at k − 1.
            let within = |index: usize| (*begin..end).contains(&((first + index - 1) as f64));
            for index in (0..count).filter(|index| within(*index)) {
                if !touched {
                    self.scales.fill(1.0);
                    touched = true;
                }
                for (asset, factor) in factors.iter().enumerate() {
                    self.scales[asset * CHUNK + index] *= factor;
                }
            }
        }
        touched.then_some(self.scales.as_slice())
    }

    /// Adds the falls.
    pub fn add_crashes(&self, levels: &mut Levels, first: usize, count: usize) {
        for ((shock, _), begin) in self.shocks.iter().zip(&self.begin) {
            let ShockKind::Crash(sizes) = &shock.kind else { continue };
            let length = shock.over_ms as f64 / self.step_ms;
            for index in 0..count {
                let share = share_of_step(*begin, length, (first + index - 1) as f64);
                if share > 0.0 {
                    for (asset, size) in sizes.iter().enumerate() {
                        levels.steps(asset, first, count)[index] += size * share;
                    }
                }
            }
        }
    }
}

/// The share of a stretch of time that falls into the step from `from` on; all times in steps.
fn share_of_step(begin: f64, length: f64, from: f64) -> f64 {
    if length == 0.0 {
        return if (from..from + 1.0).contains(&begin) { 1.0 } else { 0.0 };
    }
    let overlap = (begin + length).min(from + 1.0) - begin.max(from);
    overlap.max(0.0) / length
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From 1.5 on, 2 steps long: a quarter, a half, a quarter. No time at all: the step that
    /// holds it.
    #[test]
    fn shares_of_steps() {
        let shares = |begin, length| -> Vec<f64> {
            (0..5).map(|from| share_of_step(begin, length, f64::from(from))).collect()
        };
        assert_eq!(shares(1.5, 2.0), [0.0, 0.25, 0.5, 0.25, 0.0]);
        assert_eq!(shares(2.25, 0.5), [0.0, 0.0, 1.0, 0.0, 0.0]);
        assert_eq!(shares(2.0, 0.0), [0.0, 0.0, 1.0, 0.0, 0.0]);
        assert_eq!(shares(0.0, 0.0), [1.0, 0.0, 0.0, 0.0, 0.0]);
    }
}
