//! How much noise each step of a path holds, kept for what lies inside the steps.

use super::dynamics::Chunk;
use super::setting::{CHUNK, Setting};

/// The noise of the steps made so far, by the tick that a step leads to.
#[derive(Clone, Debug)]
pub(super) struct Trail {
    ticks: usize,
    settings: Vec<usize>,
    /// `scales[asset·ticks + tick]`.
    scales: Vec<f64>,
}

impl Trail {
    /// Room for so many assets and ticks.
    pub fn new(assets: usize, ticks: usize) -> Self {
        Self { ticks, settings: vec![0; ticks], scales: vec![1.0; assets * ticks] }
    }

    /// Keeps the settings of a chunk, and its factors on the volatility.
    pub fn keep(&mut self, assets: usize, chunk: &Chunk<'_>) {
        for run in chunk.runs {
            let from = chunk.first + run.from;
            self.settings[from..from + run.count].fill(run.setting);
        }
        for asset in 0..assets {
            let from = asset * self.ticks + chunk.first;
            let kept = &mut self.scales[from..from + chunk.count];
            match chunk.scales {
                Some(scales) => kept.copy_from_slice(&scales[asset * CHUNK..][..chunk.count]),
                None => kept.fill(1.0),
            }
        }
    }

    /// Keeps the standard deviation of a step whose model moves its own variance.
    #[inline]
    pub fn set(&mut self, asset: usize, tick: usize, deviation: f64) {
        self.scales[asset * self.ticks + tick] = deviation;
    }

    /// Index of the setting, and what an asset's loadings in it are multiplied by.
    #[inline]
    pub fn of(&self, asset: usize, tick: usize) -> (usize, f64) {
        (self.settings[tick], self.scales[asset * self.ticks + tick])
    }
}

/// Variance of an asset's noise under a setting, before its scale.
pub(super) fn variance(setting: &Setting, asset: usize) -> f64 {
    setting.loadings[asset].iter().map(|loading| loading * loading).sum()
}
