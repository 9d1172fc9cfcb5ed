//! What one agent's path came to.

use super::{Metric, Rule};
use crate::units::USDC_SCALE;

/// One agent's row of one path. Two are equal where they are bit for bit, missing times among it.
#[derive(Clone, Debug)]
pub struct AgentOutcome {
    values: [f64; Metric::COUNT],
    fired: [u32; Rule::COUNT],
}

impl PartialEq for AgentOutcome {
    fn eq(&self, other: &Self) -> bool {
        let bits = |row: &Self| row.values.map(f64::to_bits);
        bits(self) == bits(other) && self.fired == other.fired
    }
}

impl Default for AgentOutcome {
    fn default() -> Self {
        let mut values = [0.0; Metric::COUNT];
        values[Metric::TimeToFirstLiquidation as usize] = f64::NAN;
        values[Metric::DryPowderLasted as usize] = f64::NAN;
        Self { values, fired: [0; Rule::COUNT] }
    }
}

/// Whether each metric is in USDC.
const IS_MONEY: [bool; Metric::COUNT] = {
    let mut is_money = [false; Metric::COUNT];
    let mut place = 0;
    while place < Metric::COUNT {
        is_money[place] = matches!(Metric::ALL[place].unit().as_bytes(), b"USDC");
        place += 1;
    }
    is_money
};

impl AgentOutcome {
    /// A metric's value; NaN means "there is none" and only a [`super::MetricKind::Time`] may have it.
    #[inline]
    pub fn get(&self, metric: Metric) -> f64 {
        self.values[metric as usize]
    }

    /// Sets a metric.
    #[inline]
    pub fn set(&mut self, metric: Metric, value: f64) {
        self.values[metric as usize] = value;
    }

    /// Adds to a metric.
    #[inline]
    pub fn add(&mut self, metric: Metric, value: f64) {
        self.values[metric as usize] += value;
    }

    /// Marks, for each metric, whether it differs from that of another row: any bit that does is
    /// set in `marks`, one word per metric.
    #[inline]
    pub fn differences(&self, other: &Self, marks: &mut [u64; Metric::COUNT]) {
        for ((mark, mine), other) in marks.iter_mut().zip(&self.values).zip(&other.values) {
            *mark |= mine.to_bits() ^ other.to_bits();
        }
    }

    /// Rounds every metric in USDC to the micro-unit, so that sums of exact amounts read exactly.
    pub(in crate::engine) fn round_money(&mut self) {
        for (value, is_money) in self.values.iter_mut().zip(IS_MONEY) {
            // Most are zero; rounding keeps that as it is.
            if is_money && *value != 0.0 {
                *value = (*value * USDC_SCALE).round() / USDC_SCALE;
            }
        }
    }

    /// How often a rule fired.
    #[inline]
    pub fn fired(&self, rule: Rule) -> u32 {
        self.fired[rule as usize]
    }

    /// Adds how often each rule fired, and whether it did.
    #[inline]
    pub fn add_fired(&self, counts: &mut [u64; Rule::COUNT], paths: &mut [u32; Rule::COUNT]) {
        for ((count, paths), times) in counts.iter_mut().zip(paths).zip(self.fired) {
            *count += u64::from(times);
            *paths += u32::from(times > 0);
        }
    }

    /// Counts a rule's firing.
    #[inline]
    pub fn fire(&mut self, rule: Rule) {
        self.fired[rule as usize] += 1;
    }
}
