//! Interest: unrounded while it accrues, rounded when it is paid.

use crate::units::time::{DAY_MS, YEAR_MS, day_of, next_midnight_ms};

/// Whether interest earns interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compounding {
    /// principal · rate · years; a year has 365 days.
    Simple,
    /// The rate is nominal: at each UTC midnight what has accrued joins the principal.
    Daily,
}

/// The interest of one loan, in units of its asset.
#[derive(Clone, Copy, Debug)]
pub struct Accrual {
    compounding: Compounding,
    /// Up to here it is reckoned in the two sums below.
    since_ms: i64,
    /// Rate a year that has held since then.
    rate: f64,
    /// Interest that earns interest (`Daily`).
    capitalised: f64,
    /// Interest that does not, or not yet.
    accrued: f64,
}

impl Accrual {
    /// Nothing owed at `now_ms`.
    pub fn new(compounding: Compounding, now_ms: i64, rate: f64) -> Self {
        Self { compounding, since_ms: now_ms, rate, capitalised: 0.0, accrued: 0.0 }
    }

    /// The rate that holds.
    #[inline]
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Since when it has run on as it does now.
    #[inline]
    pub fn since_ms(&self) -> i64 {
        self.since_ms
    }

    /// Interest owed at `now_ms` on a principal.
    #[inline]
    pub fn owed(&self, principal: f64, now_ms: i64) -> f64 {
        let at = self.at(principal, now_ms);
        at.capitalised + at.accrued
    }

    /// From now on another rate holds.
    pub fn set_rate(&mut self, principal: f64, now_ms: i64, rate: f64) {
        *self = Self { rate, ..self.at(principal, now_ms) };
    }

    /// What is owed was paid but for `left`, which earns interest as unpaid interest does.
    pub fn pay(&mut self, now_ms: i64, left: f64) {
        *self = Self { since_ms: now_ms, capitalised: 0.0, accrued: left, ..*self };
    }

    fn at(self, principal: f64, now_ms: i64) -> Self {
        assert!(now_ms >= self.since_ms, "interest cannot run backwards");
        let mut next = Self { since_ms: now_ms, ..self };
        let fresh = |base: f64, from_ms: i64, to_ms: i64| {
            base * self.rate * ((to_ms - from_ms) as f64 / YEAR_MS as f64)
        };
        let days = day_of(now_ms) - day_of(self.since_ms);
        if self.compounding == Compounding::Simple || days == 0 {
            let base = principal + self.capitalised;
            next.accrued += fresh(base, self.since_ms, now_ms);
            return next;
        }
        let first =
            fresh(principal + self.capitalised, self.since_ms, next_midnight_ms(self.since_ms));
        let mut base = principal + self.capitalised + self.accrued + first;
        let a_day = 1.0 + self.rate * (DAY_MS as f64 / YEAR_MS as f64);
        base *= libm::pow(a_day, (days - 1) as f64);
        next.capitalised = base - principal;
        next.accrued = fresh(base, day_of(now_ms) * DAY_MS, now_ms);
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Compounding::{Daily, Simple};

    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-9, "{got} {expected}");
    }

    /// 200 USDC at 9.4 %. Simple: 200·.094 = 18.80 in 365 days, a 365th of it in one.
    /// Daily over n whole days: 200·((1 + .094/365)^n − 1); n = 365 in 30 digits:
    /// 19.709290239…; half a day more adds its base · .094/365/2.
    #[test]
    fn two_hundred_at_nine_point_four() {
        let day = DAY_MS;
        let rows = [
            (Simple, 0, 365 * day, 18.80),
            (Simple, 7, 7 + day, 18.80 / 365.0),
            (Simple, 0, 0, 0.0),
            (Daily, 0, day / 2, 200.0 * 0.094 / 730.0),
            (Daily, 0, day, 200.0 * 0.094 / 365.0),
            (Daily, 0, 365 * day, DAILY_YEAR),
            (Daily, 0, 365 * day + day / 2, DAILY_YEAR + (200.0 + DAILY_YEAR) * 0.094 / 730.0),
            // Noon to noon: two halves, the second on the first's interest too.
            (Daily, day / 2, day + day / 2, HALVES),
        ];
        for (compounding, from_ms, to_ms, owed) in rows {
            let accrual = Accrual::new(compounding, from_ms, 0.094);
            near(accrual.owed(200.0, to_ms), owed);
        }
        assert_eq!(Accrual::new(Simple, 0, 0.094).owed(200.0, YEAR_MS), 18.8);
    }

    /// 200·((1 + .094/365)^365 − 1).
    const DAILY_YEAR: f64 = 19.709_290_238_519_043;
    /// 200·(1 + .094/730)² − 200.
    const HALVES: f64 = 0.051_510_165_509_476;

    /// Reckoning at instants between changes nothing beyond rounding.
    #[test]
    fn pieces_add_up() {
        for compounding in [Simple, Daily] {
            let whole = Accrual::new(compounding, 1_000, 0.094);
            let mut pieces = whole;
            for step in 1..100 {
                pieces.set_rate(200.0, 1_000 + step * 31_415_926, 0.094);
            }
            near(pieces.owed(200.0, 1_000 + YEAR_MS), whole.owed(200.0, 1_000 + YEAR_MS));
        }
    }

    /// What is left unpaid waits (simple) or earns from the next midnight on (daily).
    #[test]
    fn what_is_left_unpaid() {
        // compounding, after a year on 100 at 10 % from 5 left
        let rows = [(Simple, 15.0), (Daily, UNPAID)];
        for (compounding, owed) in rows {
            let mut accrual = Accrual::new(compounding, 0, 0.1);
            accrual.pay(0, 5.0);
            near(accrual.owed(100.0, YEAR_MS), owed);
        }
    }

    /// First day: 5 + 100·.1/365 on 100; then 364 days of growth on all of it.
    const UNPAID: f64 = 16.039_843_572_334_962;
}
