//! Loans as a run counts them: since when, worth what, asked back when.

use crate::units::time::DAY_MS;

/// A loan of an agent that has not ended.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct OpenLoan {
    /// Its number on the path.
    pub number: u32,
    /// Who lent, if an agent did.
    pub lender: Option<usize>,
    /// Its principal at the mark of its opening, USDC.
    pub worth: f64,
    /// When it was asked back.
    pub recalled_ms: Option<i64>,
}

/// An amount that changes at instants, and its sum over time.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::engine) struct TimeSum {
    amount: f64,
    since_ms: i64,
    sum: f64,
}

impl TimeSum {
    /// From `now_ms` on the amount, USDC, is `delta` larger.
    pub fn change(&mut self, now_ms: i64, delta: f64) {
        self.sum = self.usdc_days(now_ms);
        self.since_ms = now_ms;
        self.amount += delta;
    }

    /// Amount × time until `now_ms`, USDC·days.
    pub fn usdc_days(&self, now_ms: i64) -> f64 {
        self.sum + self.amount * ((now_ms - self.since_ms) as f64 / DAY_MS as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 for two days, then 150 for one: 350.
    #[test]
    fn sums_over_time() {
        let mut sum = TimeSum::default();
        sum.change(DAY_MS, 100.0);
        sum.change(3 * DAY_MS, 50.0);
        assert_eq!(sum.usdc_days(4 * DAY_MS), 350.0);
        sum.change(4 * DAY_MS, -150.0);
        assert_eq!(sum.usdc_days(9 * DAY_MS), 350.0);
    }
}
