//! Funding: at its instants a long pays `q·p·rate` when that is positive, else receives.

use super::effect::{Effect, EffectKind};
use super::spec::{FundingSource, FundingSpec};
use super::state::Exchange;
use crate::units::Amount;
use crate::units::time::NEVER_MS;

impl FundingSpec {
    /// The first payment instant after `after_ms`.
    pub fn next_ms(&self, after_ms: i64) -> i64 {
        match &self.source {
            FundingSource::Constant(_) => {
                (after_ms.div_euclid(self.interval_ms) + 1) * self.interval_ms
            }
            FundingSource::Series(series) => {
                let next = series.time_ms.partition_point(|time_ms| *time_ms <= after_ms);
                series.time_ms.get(next).copied().unwrap_or(NEVER_MS)
            }
        }
    }

    /// The rate at a payment instant, a fraction of notional.
    pub fn rate_at(&self, time_ms: i64) -> f64 {
        match &self.source {
            FundingSource::Constant(rate) => *rate,
            FundingSource::Series(series) => {
                series.time_ms.binary_search(&time_ms).map_or(0.0, |index| series.rate[index])
            }
        }
    }
}

impl Exchange {
    /// Settles a market's funding at this instant, in the order of accounts and positions: from
    /// collateral (isolated) or wallet (cross).
    pub fn pay_funding(&mut self, market: usize, rate: f64) {
        let mark = self.marks[self.spec.markets[market].asset];
        for index in 0..self.slots_in[market].len() {
            let (account, position) = self.slots_in[market][index];
            let slot = &self.accounts[account].positions[position];
            if !slot.is_open() {
                continue;
            }
            let purse = self.purse(account, position);
            let due = Amount::round_usdc(slot.units * mark * rate);
            self.ledger.settle(purse, self.house.market, due, "funding");
            let (kind, amount) = (EffectKind::Funding, due.usdc());
            let position = Some(position);
            self.effects.push(Effect { account, position, kind, amount, price: mark });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::time::HOUR_MS;
    use crate::venue::exchange::FundingSeries;

    #[test]
    fn instants_of_both_sources() {
        let constant =
            FundingSpec { interval_ms: 8 * HOUR_MS, source: FundingSource::Constant(1e-4) };
        assert_eq!(constant.next_ms(0), 8 * HOUR_MS);
        assert_eq!(constant.next_ms(8 * HOUR_MS - 1), 8 * HOUR_MS);
        assert_eq!(constant.next_ms(-1), 0);
        let series = FundingSeries { time_ms: vec![10, 20], rate: vec![0.01, -0.02] };
        let series = FundingSpec { interval_ms: 1, source: FundingSource::Series(series.into()) };
        assert_eq!([series.next_ms(9), series.next_ms(10), series.next_ms(20)], [10, 20, NEVER_MS]);
        assert_eq!(series.rate_at(20), -0.02);
    }
}
