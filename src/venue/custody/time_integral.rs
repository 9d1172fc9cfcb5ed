//! How much of something there was, for how long.

use crate::units::{Amount, USDC_SCALE};

/// An amount that changes at instants, and its integral over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeIntegral {
    amount: Amount,
    since_ms: i64,
    /// Micro-units × ms until `since_ms`.
    sum: i128,
}

impl TimeIntegral {
    /// The amount now.
    #[inline]
    pub fn amount(&self) -> Amount {
        self.amount
    }

    /// From `now_ms` on the amount is `delta` larger. Time does not run backwards.
    #[inline]
    pub fn change(&mut self, now_ms: i64, delta: Amount) {
        self.sum = self.until(now_ms);
        self.since_ms = now_ms;
        self.amount += delta;
    }

    /// Amount × time until `now_ms`, USDC·ms.
    pub fn usdc_ms(&self, now_ms: i64) -> f64 {
        self.until(now_ms) as f64 / USDC_SCALE
    }

    fn until(&self, now_ms: i64) -> i128 {
        if self.amount == Amount::ZERO {
            return self.sum;
        }
        let elapsed_ms = i128::from(now_ms) - i128::from(self.since_ms);
        assert!(elapsed_ms >= 0, "time runs backwards");
        self.sum + i128::from(self.amount.micro()) * elapsed_ms
    }
}
