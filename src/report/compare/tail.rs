//! Figures of the tail of paired values.

use crate::stats::{
    Interval, Resamples, expected_shortfall, paired_es_difference, paired_quantile_difference,
    quantile_type7,
};

/// Values of both sides over the paths.
pub(super) struct Sides {
    pub own: Vec<f64>,
    pub base: Vec<f64>,
}

impl Sides {
    /// Own less base, path by path.
    pub fn differences(&self) -> Vec<f64> {
        self.own.iter().zip(&self.base).map(|(own, base)| own - base).collect()
    }
}

/// A figure of the tail.
#[derive(Clone, Copy)]
pub(super) enum Tail {
    Quantile,
    Shortfall,
}

impl Tail {
    /// Its value.
    pub fn of(self, values: &[f64], p: f64) -> f64 {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        match self {
            Self::Quantile => quantile_type7(&sorted, p),
            Self::Shortfall => expected_shortfall(&sorted, p),
        }
    }

    /// Its values in resamples of the paths.
    pub fn resampled(self, resamples: &Resamples, values: &[f64], p: f64) -> Vec<f64> {
        match self {
            Self::Quantile => resamples.quantiles(values, p),
            Self::Shortfall => resamples.shortfalls(values, p),
        }
    }

    /// The interval of its difference from sections of the paths.
    pub fn sectioned(self, sides: &Sides, size: usize, p: f64) -> Interval {
        let found = match self {
            Self::Quantile => paired_quantile_difference(&sides.own, &sides.base, size, p),
            Self::Shortfall => paired_es_difference(&sides.own, &sides.base, size, p),
        };
        found.map_or(Interval::UNBOUNDED, |(_, interval)| interval)
    }
}
