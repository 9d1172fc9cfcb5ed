//! Shocks on top of a model.

use super::draw::Draw;
use super::levels::Levels;
use super::setting::CHUNK;
use super::timetable::Run;
use super::{ModelError, ModelSpec};
use crate::prices::shock::{Shock, ShockKind, ShockPart, parts};
use crate::stats::StreamKey;

/// Refuses a part of other sizes than there are assets, or of no sense.
fn check(shock: &Shock, part: &ShockPart, assets: usize) -> Result<(), ModelError> {
    let (values, wanted, sound): (_, _, fn(f64) -> bool) = match &part.kind {
        ShockKind::Crash(sizes) => (sizes, assets, |_| true),
        ShockKind::Volatility(factors) => (factors, assets, |factor| factor >= 0.0),
        ShockKind::Correlation(matrix) => (matrix, assets * assets, |_| true),
    };
    let name = shock.onset.name.clone();
    let fault = |problem: String| Err(ModelError::Parameter { name, problem });
    if values.len() != wanted {
        return Err(ModelError::sizes(values.len(), wanted));
    }
    if values.iter().any(|value| !value.is_finite() || !sound(*value)) {
        return fault(format!("sizes {values:?}"));
    }
    let begins_before = shock.onset.after_ms.is_some_and(|after| after < 0) || part.from_ms < 0;
    if part.over_ms < 0 || shock.onset.length_ms < 0 || begins_before {
        return fault("a time before the start".to_owned());
    }
    Ok(())
}

/// The greatest factor that some shocks put on an asset's volatility, at least 1.
pub(super) fn greatest_scale(shocks: &[Shock], asset: usize) -> f64 {
    let factor = |part: &ShockPart| match &part.kind {
        ShockKind::Volatility(factors) => factors[asset].max(1.0),
        ShockKind::Crash(_) | ShockKind::Correlation(_) => 1.0,
    };
    parts(shocks).map(factor).product()
}

/// The matrices of the correlation shocks, in the order of their settings: by mean correlation.
pub(super) fn matrices(shocks: &[Shock]) -> Vec<&[f64]> {
    let matrix = |part: &'_ ShockPart| matches!(part.kind, ShockKind::Correlation(_));
    let mut found: Vec<&[f64]> = parts(shocks)
        .filter(|part| matrix(part) && !part.does_nothing())
        .filter_map(|part| match &part.kind {
            ShockKind::Correlation(matrix) => Some(matrix.as_slice()),
            ShockKind::Crash(_) | ShockKind::Volatility(_) => None,
        })
        .collect();
    found.sort_by(|a, b| a.iter().sum::<f64>().total_cmp(&b.iter().sum::<f64>()));
    found
}

/// One part on the present path.
#[derive(Clone, Debug)]
struct Part {
    /// Index of its shock.
    shock: usize,
    /// After the shock's beginning, in steps.
    from: f64,
    /// In steps.
    length: f64,
    effect: Effect,
}

#[derive(Clone, Debug)]
enum Effect {
    Crash(Vec<f64>),
    Volatility(Vec<f64>),
    /// Index of the setting that holds.
    Setting(usize),
}

/// The shocks of the present path.
#[derive(Clone, Debug)]
pub(super) struct Shocks {
    shocks: Vec<(Shock, StreamKey)>,
    /// When each begins on this path, in steps.
    begin: Vec<f64>,
    /// Parts that do something; those that set correlations last, in the order of their settings.
    parts: Vec<Part>,
    step_ms: f64,
    steps: f64,
    /// Factors of one chunk, one row per asset.
    scales: Vec<f64>,
    /// Settings of the steps of one chunk.
    settings: Vec<usize>,
}

impl Shocks {
    /// Refuses shocks of other sizes than there are assets. `first_setting` is the index of the
    /// setting of the first of [`matrices`].
    pub fn new(spec: &ModelSpec, first_setting: usize) -> Result<Self, ModelError> {
        let shocks = &spec.options.shocks;
        let assets = spec.assets.len();
        let each = || shocks.iter().flat_map(|shock| shock.parts.iter().map(move |p| (shock, p)));
        each().try_for_each(|(shock, part)| check(shock, part, assets))?;
        let step_ms = spec.step_ms as f64;
        let known = matrices(shocks);
        let mut taken = vec![false; known.len()];
        let mut made = Vec::new();
        for (index, shock) in shocks.iter().enumerate() {
            for part in shock.parts.iter().filter(|part| !part.does_nothing()) {
                let effect = match &part.kind {
                    ShockKind::Crash(sizes) => Effect::Crash(sizes.clone()),
                    ShockKind::Volatility(factors) => Effect::Volatility(factors.clone()),
                    ShockKind::Correlation(matrix) => {
                        let free = |at: &usize| !taken[*at] && known[*at] == matrix.as_slice();
                        let Some(at) = (0..known.len()).find(free) else { continue };
                        taken[at] = true;
                        Effect::Setting(first_setting + at)
                    }
                };
                let (from, length) = (part.from_ms as f64 / step_ms, part.over_ms as f64 / step_ms);
                made.push(Part { shock: index, from, length, effect });
            }
        }
        made.sort_by_key(|part| match part.effect {
            Effect::Setting(setting) => setting,
            Effect::Crash(_) | Effect::Volatility(_) => 0,
        });
        let moves = made.iter().any(|part| matches!(part.effect, Effect::Setting(_)));
        Ok(Self {
            begin: vec![0.0; shocks.len()],
            shocks: shocks.iter().map(|shock| (shock.clone(), shock.onset.key())).collect(),
            step_ms,
            steps: spec.steps as f64,
            scales: vec![1.0; if made.is_empty() { 0 } else { assets * CHUNK }],
            settings: vec![0; if moves { CHUNK } else { 0 }],
            parts: made,
        })
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        for ((shock, key), begin) in self.shocks.iter().zip(&mut self.begin) {
            *begin = shock.onset.in_steps(self.step_ms, self.steps, || draw.open(key));
        }
    }

    /// Which steps to the ticks `first..first + count` begin during a part, counted from the first.
    /// The step to tick k begins at k − 1.
    fn within(
        begin: &[f64],
        part: &Part,
        first: usize,
        count: usize,
    ) -> impl Iterator<Item = usize> {
        let from = begin[part.shock] + part.from;
        let span = from..from + part.length;
        (0..count).filter(move |index| span.contains(&((first + index - 1) as f64)))
    }

    /// Puts the settings of correlation shocks in place of those that hold without.
    pub fn set_correlations(&mut self, first: usize, count: usize, runs: &mut Vec<Run>) {
        if self.settings.is_empty() {
            return;
        }
        for run in runs.iter() {
            self.settings[run.from..run.from + run.count].fill(run.setting);
        }
        let mut touched = false;
        for part in &self.parts {
            let Effect::Setting(setting) = part.effect else { continue };
            for index in Self::within(&self.begin, part, first, count) {
                self.settings[index] = setting;
                touched = true;
            }
        }
        if !touched {
            return;
        }
        runs.clear();
        for (from, &setting) in self.settings[..count].iter().enumerate() {
            match runs.last_mut() {
                Some(run) if run.setting == setting => run.count += 1,
                _ => runs.push(Run { from, count: 1, setting }),
            }
        }
    }

    /// The factors of the steps to the ticks `first..first + count`, one row of a chunk per asset;
    /// `None` where all are 1.
    pub fn scales(&mut self, first: usize, count: usize) -> Option<&[f64]> {
        let mut touched = false;
        for part in &self.parts {
            let Effect::Volatility(factors) = &part.effect else { continue };
            for index in Self::within(&self.begin, part, first, count) {
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
        for part in &self.parts {
            let Effect::Crash(sizes) = &part.effect else { continue };
            let begin = self.begin[part.shock] + part.from;
            for index in 0..count {
                let share = share_of_step(begin, part.length, (first + index - 1) as f64);
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
