//! The one type for every confidence interval.

/// A confidence interval; `None` means unbounded: the sample is too small to bound that side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower bound, in the unit of what is estimated.
    pub low: Option<f64>,
    /// Upper bound, in the unit of what is estimated.
    pub high: Option<f64>,
}

impl Interval {
    /// An interval with both ends.
    pub fn bounded(low: f64, high: f64) -> Self {
        Self { low: Some(low), high: Some(high) }
    }

    /// Says nothing on either side.
    pub const UNBOUNDED: Self = Self { low: None, high: None };

    /// Whether `value` lies inside, ends included; a missing end excludes nothing.
    pub fn contains(&self, value: f64) -> bool {
        self.low.is_none_or(|low| low <= value) && self.high.is_none_or(|high| value <= high)
    }
}
