//! Ranges of numbers.

/// A range of numbers, each end open or closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Lower end.
    pub low: f64,
    /// Whether the lower end itself is left out.
    pub low_open: bool,
    /// Upper end.
    pub high: f64,
    /// Whether the upper end itself is left out.
    pub high_open: bool,
}

impl Bounds {
    /// Every number.
    pub const ANY: Self = Self::within(f64::NEG_INFINITY, f64::INFINITY);

    /// From `low` to `high`, both in it.
    pub const fn within(low: f64, high: f64) -> Self {
        Self { low, low_open: false, high, high_open: false }
    }

    /// `low` or more.
    pub const fn at_least(low: f64) -> Self {
        Self::within(low, f64::INFINITY)
    }

    /// More than `low`, `high` or less.
    pub const fn above(low: f64, high: f64) -> Self {
        Self { low, low_open: true, high, high_open: false }
    }

    /// `low` or more, less than `high`.
    pub const fn below(low: f64, high: f64) -> Self {
        Self { low, low_open: false, high, high_open: true }
    }

    /// Between both, neither in it.
    pub const fn between(low: f64, high: f64) -> Self {
        Self { low, low_open: true, high, high_open: true }
    }

    /// What lies in both ranges.
    pub fn and(self, other: Self) -> Self {
        let (low, low_open) = if other.low > self.low || (other.low == self.low && other.low_open) {
            (other.low, other.low_open)
        } else {
            (self.low, self.low_open)
        };
        let (high, high_open) =
            if other.high < self.high || (other.high == self.high && other.high_open) {
                (other.high, other.high_open)
            } else {
                (self.high, self.high_open)
            };
        Self { low, low_open, high, high_open }
    }

    /// Whether a number lies in it; NaN lies nowhere.
    pub fn holds(&self, number: f64) -> bool {
        let above = if self.low_open { number > self.low } else { number >= self.low };
        let below = if self.high_open { number < self.high } else { number <= self.high };
        above && below
    }

    /// In words: `above 0, at most 1`.
    pub fn words(&self, show: fn(f64) -> String) -> String {
        let mut words = Vec::new();
        if self.low.is_finite() {
            let word = if self.low_open { "above" } else { "at least" };
            words.push(format!("{word} {}", show(self.low)));
        }
        if self.high.is_finite() {
            let word = if self.high_open { "below" } else { "at most" };
            words.push(format!("{word} {}", show(self.high)));
        }
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_meet_and_speak() {
        let rows = [
            (Bounds::ANY, Bounds::above(0.0, 1.0), "above 0, at most 1"),
            (Bounds::within(0.0, 5.0), Bounds::between(0.0, 9.0), "above 0, at most 5"),
            (Bounds::below(-1.0, 2.0), Bounds::at_least(1.0), "at least 1, below 2"),
        ];
        for (one, other, words) in rows {
            assert_eq!(one.and(other).words(|number| number.to_string()), words);
            assert_eq!(other.and(one).words(|number| number.to_string()), words);
        }
        assert!(!Bounds::ANY.holds(f64::NAN));
        assert!(!Bounds::above(0.0, 1.0).holds(0.0) && Bounds::above(0.0, 1.0).holds(1.0));
    }
}
