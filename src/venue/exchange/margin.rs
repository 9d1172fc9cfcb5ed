//! Margin arithmetic of one position: pure functions of plain numbers.
//!
//! Equity `E = C + q·(p − p0)`, maintenance `MM = r·N − d` with `N = |q|·p`, health factor
//! `HF = E / MM`. Quantities in units of the underlying (negative is short), prices and money in
//! USDC.

use super::brackets::Brackets;

/// Unrealised profit of a quantity: `q·(p − p0)`.
#[inline]
pub fn unrealised(units: f64, entry: f64, mark: f64) -> f64 {
    units * (mark - entry)
}

/// Health factor; infinite where nothing must be maintained, never NaN.
#[inline]
pub fn health_factor(equity: f64, maintenance: f64) -> f64 {
    if maintenance > 0.0 { equity / maintenance } else { f64::INFINITY }
}

/// Reserved over capital: infinite when something is reserved on no capital, else zero.
#[inline]
pub fn utilisation(reserved: f64, capital: f64) -> f64 {
    if capital > 0.0 {
        reserved / capital
    } else if reserved > 0.0 {
        f64::INFINITY
    } else {
        0.0
    }
}

/// Everything about one position that its margin depends on.
#[derive(Clone, Copy, Debug)]
pub struct Leg<'a> {
    /// Signed quantity, units.
    pub units: f64,
    /// Entry price.
    pub entry: f64,
    /// Maintenance margin of its market.
    pub maintenance: &'a Brackets,
}

impl Leg<'_> {
    /// Notional at a mark.
    #[inline]
    pub fn notional(&self, mark: f64) -> f64 {
        self.units.abs() * mark
    }

    /// Maintenance margin at a mark.
    #[inline]
    pub fn maintenance(&self, mark: f64) -> f64 {
        self.maintenance.maintenance(self.notional(mark))
    }

    /// Unrealised profit at a mark.
    #[inline]
    pub fn unrealised(&self, mark: f64) -> f64 {
        unrealised(self.units, self.entry, mark)
    }

    /// Calls `found` with every mark above zero at which `backing + uPnL = level·MM`, where
    /// `backing` is all equity but this position's own profit:
    /// `x = (q·p0 − backing − level·d) / (q − level·r·|q|)` in the bracket that holds at x.
    pub fn crossings(&self, backing: f64, level: f64, mut found: impl FnMut(f64)) {
        let size = self.units.abs();
        for (index, bracket) in self.maintenance.iter().enumerate() {
            let slope = self.units - level * bracket.rate * size;
            let mark = (self.units * self.entry - backing - level * bracket.deduction) / slope;
            let notional = size * mark;
            // The small slack keeps a root that rounding has put just outside both neighbours.
            let slack = 1e-9 * notional.abs();
            let inside = notional + slack >= bracket.floor
                && notional - slack <= self.maintenance.ceiling(index);
            if mark.is_finite() && mark > 0.0 && inside {
                found(mark);
            }
        }
    }

    /// The mark at which the venue force-closes, given that the rest of the equity is `backing`
    /// and the rest of the maintenance margin is `other_maintenance`, both at fixed marks: the
    /// crossing nearest to `mark` on its losing side. `None` when no price does.
    pub fn liquidation_price(
        &self,
        backing: f64,
        other_maintenance: f64,
        level: f64,
        mark: f64,
    ) -> Option<f64> {
        let losing = -self.units.signum();
        let mut nearest: Option<f64> = None;
        self.crossings(backing - level * other_maintenance, level, |crossing| {
            let ahead = (crossing - mark) * losing >= 0.0;
            if ahead && nearest.is_none_or(|best| (crossing - mark).abs() < (best - mark).abs()) {
                nearest = Some(crossing);
            }
        });
        nearest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn liquidation_price_of_an_isolated_position_by_hand() {
        // A 3x long of 3,000 at 100 (q = 30) with 1,000 of collateral, 15 % maintenance.
        // h = 1.05: x = (30·100 − 1000) / (30 − 1.05·.15·30) = 2000 / 25.275 = 79.129575...
        // h = 1.00: x = 2000 / 25.5 = 78.431372...
        // The short: q = −30: x = (−3000 − 1000) / (−30 − 1.05·.15·30) = 4000 / 34.725 = 115.19...
        let flat = Brackets::flat(0.15);
        let rows = [
            (30.0, 1.05, 79.129_574_678_536_1),
            (30.0, 1.0, 78.431_372_549_019_6),
            (-30.0, 1.05, 115.190_784_737_221),
        ];
        for (units, level, price) in rows {
            let leg = Leg { units, entry: 100.0, maintenance: &flat };
            let got = leg.liquidation_price(1_000.0, 0.0, level, 100.0).unwrap();
            assert!((got - price).abs() < 1e-9, "{units} {level}: {got}");
        }
    }

    #[test]
    fn a_fully_backed_long_has_no_liquidation_price() {
        let flat = Brackets::flat(0.15);
        let leg = Leg { units: 30.0, entry: 100.0, maintenance: &flat };
        assert_eq!(leg.liquidation_price(3_000.0, 0.0, 1.05, 100.0), None);
    }

    #[test]
    fn nothing_to_maintain_is_infinitely_healthy() {
        assert_eq!(health_factor(0.0, 0.0), f64::INFINITY);
        assert_eq!(health_factor(-5.0, 0.0), f64::INFINITY);
        assert_eq!(health_factor(5.0, 2.0), 2.5);
    }
}
