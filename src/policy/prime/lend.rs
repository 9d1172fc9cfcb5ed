//! Lend: what of an idle holding to lend out.

use crate::units::Amount;

/// Parameters of lending one asset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LendSpec {
    /// Most that is lent of a holding, as a part of what is held and lent.
    pub max_share: f64,
    /// Least value of a loan, micro-USDC.
    pub min_loan: Amount,
    /// Least rate a year.
    pub min_rate: f64,
}

/// A holding of one asset, in its smallest units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HoldingView {
    /// Index of the asset for the caller.
    pub asset: usize,
    /// Free in its asset: neither held nor on loan.
    pub idle: Amount,
    /// In the wallet, held or not.
    pub held: Amount,
    /// On loan, recalled or not.
    pub lent: Amount,
    /// USDC per smallest unit, at the mark.
    pub price: f64,
    /// Rate that a loan would earn now, a year.
    pub rate: f64,
}

/// A loan to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lend {
    /// Index of the asset.
    pub asset: usize,
    /// In the asset's smallest units.
    pub amount: Amount,
}

impl LendSpec {
    /// What to lend of a holding, if anything.
    pub fn choose(&self, holding: &HoldingView) -> Option<Lend> {
        let amount = self.wanted(holding)?;
        self.is_enough(amount, holding).then_some(Lend { asset: holding.asset, amount })
    }

    /// Whether a higher price is all that lacks for a loan.
    pub fn waits_for_price(&self, holding: &HoldingView) -> bool {
        self.wanted(holding).is_some_and(|amount| !self.is_enough(amount, holding))
    }

    /// What could be lent at this rate, whatever it is worth.
    fn wanted(&self, holding: &HoldingView) -> Option<Amount> {
        let most = self.max_share * (holding.held + holding.lent).micro() as f64;
        // Whole units below 2^53: exact. Rounded down, so that the share is kept.
        let room = Amount::from_micro(most.floor() as i64) - holding.lent;
        let amount = room.min(holding.idle);
        (amount > Amount::ZERO && holding.rate >= self.min_rate).then_some(amount)
    }

    fn is_enough(&self, amount: Amount, holding: &HoldingView) -> bool {
        let worth = amount.micro() as f64 * holding.price * 1e6;
        worth >= self.min_loan.micro() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_percent_of_what_is_held_and_lent() {
        let spec =
            LendSpec { max_share: 0.4, min_loan: Amount::from_micro(1_000_000), min_rate: 0.05 };
        let usdc = |value: f64| Amount::from_micro((value * 1e6) as i64);
        // (held, idle, lent, rate, what is lent)
        let rows = [
            (500.0, 500.0, 0.0, 0.094, Some(200.0)),
            (300.0, 300.0, 200.0, 0.094, None),
            (400.0, 400.0, 100.0, 0.094, Some(100.0)),
            (500.0, 50.0, 0.0, 0.094, Some(50.0)),
            (500.0, 500.0, 0.0, 0.049, None),
            (500.0, 500.0, 0.0, 0.05, Some(200.0)),
            (2.0, 2.0, 0.0, 0.094, None),
            (2.5, 2.5, 0.0, 0.094, Some(1.0)),
        ];
        for (held, idle, lent, rate, expected) in rows {
            let holding = HoldingView {
                asset: 0,
                idle: usdc(idle),
                held: usdc(held),
                lent: usdc(lent),
                price: 1e-6,
                rate,
            };
            let expected = expected.map(|amount| Lend { asset: 0, amount: usdc(amount) });
            assert_eq!(spec.choose(&holding), expected, "{held} {idle} {lent} {rate}");
        }
    }

    /// .8 of 2 could be lent and are worth less than 1: at a higher price they would be. Nothing waits
    /// where the share is lent, the rate is too low or nothing is idle.
    #[test]
    fn only_what_is_worth_too_little_waits_for_a_price() {
        let spec =
            LendSpec { max_share: 0.4, min_loan: Amount::from_micro(1_000_000), min_rate: 0.05 };
        let units = |units: f64| Amount::from_micro((units * 1e8) as i64);
        // (idle, lent, rate, price, whether it waits)
        for (idle, lent, rate, price, waits) in [
            (2.0, 0.0, 0.094, 1.0, true),
            (2.0, 0.0, 0.094, 1.3, false),
            (2.0, 2.0, 0.094, 1.0, false),
            (2.0, 0.0, 0.049, 1.0, false),
            (0.0, 0.0, 0.094, 1.0, false),
        ] {
            let holding = HoldingView {
                asset: 1,
                idle: units(idle),
                held: units(2.0),
                lent: units(lent),
                price: price * 1e-8,
                rate,
            };
            assert_eq!(spec.waits_for_price(&holding), waits, "{idle} {lent} {rate} {price}");
        }
    }
}
