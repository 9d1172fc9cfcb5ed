//! A signed quantity of a contract's underlying, in whole steps of `1e-8`.

/// Steps in one unit of the underlying.
const STEPS_PER_UNIT: f64 = 1e8;

/// Signed quantity in steps of `1e-8` of the underlying; positive is long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i64);

impl Quantity {
    /// No quantity.
    pub const ZERO: Self = Self(0);

    /// From whole steps.
    #[inline]
    pub const fn from_steps(steps: i64) -> Self {
        Self(steps)
    }

    /// Whole steps.
    #[inline]
    pub const fn steps(self) -> i64 {
        self.0
    }

    /// In units of the underlying.
    #[inline]
    pub fn units(self) -> f64 {
        self.0 as f64 / STEPS_PER_UNIT
    }

    /// `units` rounded half away from zero to a step; `None` when it is not finite or beyond
    /// 2^53 steps, where an `f64` stops being exact.
    pub fn try_round(units: f64) -> Option<Self> {
        let steps = (units * STEPS_PER_UNIT).round();
        (steps.abs() <= 9_007_199_254_740_992.0).then_some(Self(steps as i64))
    }

    /// The part `fraction` of it, rounded away from zero to a step and never more than all.
    #[inline]
    pub fn part_up(self, fraction: f64) -> Self {
        let steps = (self.0.abs() as f64 * fraction).ceil() as i64;
        Self(steps.clamp(0, self.0.abs()) * self.0.signum())
    }

    /// Sign: 1 long, −1 short, 0 none.
    #[inline]
    pub const fn sign(self) -> i64 {
        self.0.signum()
    }

    /// Magnitude in steps.
    #[inline]
    pub const fn abs_steps(self) -> i64 {
        self.0.abs()
    }

    /// What is left after closing `part` of it.
    #[inline]
    pub fn less(self, part: Self) -> Self {
        Self(self.0 - part.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_and_splits() {
        // 3000 / 88500 = 0.033898305...
        assert_eq!(Quantity::try_round(3000.0 / 88_500.0).unwrap().steps(), 3_389_831);
        assert_eq!(Quantity::from_steps(-7).part_up(0.5).steps(), -4);
        assert_eq!(Quantity::from_steps(7).part_up(2.0).steps(), 7);
        assert_eq!(Quantity::try_round(f64::INFINITY), None);
        assert_eq!(Quantity::try_round(1e9), None);
    }
}
