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
}

/// The mark of one market at which the venue force-closes its `legs`, given that the rest of the
/// equity is `backing` and the rest of the maintenance margin is `other_maintenance`, both at
/// fixed marks: the crossing nearest to `mark` on the losing side. `None` when no price is one.
///
/// Between the prices at which a leg changes its bracket,
/// `x = (Σqᵢpᵢ − backing + h·(other_maintenance − Σdᵢ)) / (Σqᵢ − h·Σrᵢ|qᵢ|)`.
pub fn liquidation_price(
    legs: &[Leg<'_>],
    backing: f64,
    other_maintenance: f64,
    level: f64,
    mark: f64,
) -> Option<f64> {
    let mut bounds: Vec<f64> = (legs.iter())
        .flat_map(|leg| leg.maintenance.iter().map(|bracket| bracket.floor / leg.units.abs()))
        .collect();
    bounds.sort_by(f64::total_cmp);
    bounds.push(f64::INFINITY);
    // Between two bounds: the slope of equity less h·MM in the mark, and what it is at zero.
    let line = |inside: f64| {
        let (mut slope, mut start) = (0.0, backing - level * other_maintenance);
        for leg in legs {
            let bracket = leg.maintenance.at(leg.notional(inside));
            slope += leg.units - level * bracket.rate * leg.units.abs();
            start += level * bracket.deduction - leg.units * leg.entry;
        }
        (slope, start)
    };
    let falling = line(mark).0 > 0.0;
    let mut nearest: Option<f64> = None;
    for pair in bounds.windows(2) {
        let (low, high) = (pair[0], pair[1]);
        let inside = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * low + 1.0 };
        let (slope, start) = line(inside);
        let crossing = -start / slope;
        // The small slack keeps a root that rounding has put just outside both neighbours.
        let slack = 1e-9 * crossing.abs();
        let here = crossing + slack >= low && crossing - slack <= high && crossing > 0.0;
        let ahead = if falling { crossing <= mark } else { crossing >= mark };
        let nearer = nearest.is_none_or(|best| (crossing - mark).abs() < (best - mark).abs());
        if crossing.is_finite() && here && ahead && nearer {
            nearest = Some(crossing);
        }
    }
    nearest
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
            let got = liquidation_price(&[leg], 1_000.0, 0.0, level, 100.0).unwrap();
            assert!((got - price).abs() < 1e-9, "{units} {level}: {got}");
        }
    }

    #[test]
    fn a_fully_backed_long_has_no_liquidation_price() {
        let flat = Brackets::flat(0.15);
        let leg = Leg { units: 30.0, entry: 100.0, maintenance: &flat };
        assert_eq!(liquidation_price(&[leg], 3_000.0, 0.0, 1.05, 100.0), None);
    }

    #[test]
    fn nothing_to_maintain_is_infinitely_healthy() {
        assert_eq!(health_factor(0.0, 0.0), f64::INFINITY);
        assert_eq!(health_factor(-5.0, 0.0), f64::INFINITY);
        assert_eq!(health_factor(5.0, 2.0), 2.5);
    }
}
