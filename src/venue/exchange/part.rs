//! How much of a position must be closed to make the rest healthy.

use super::effect::CloseCause;
use super::margin::{Leg, health_factor};
use super::reading::Health;
use super::spec::MarginMode;
use super::state::Exchange;
use crate::units::{Amount, Quantity};

impl Exchange {
    /// The least part of a position whose close restores `target_hf` after costs, for an order of
    /// this cause; `None` when no part short of all of it does. `pending` is what orders in
    /// flight will add to equity and maintenance.
    pub fn part_to_target(
        &self,
        account: usize,
        position: usize,
        pending: Health,
        target_hf: f64,
        cause: CloseCause,
    ) -> Option<Quantity> {
        let slot = &self.accounts[account].positions[position];
        let part = |steps: i64| Quantity::from_steps(steps * slot.quantity.sign());
        let after = |steps: i64| self.health_after(account, position, pending, part(steps), cause);
        let (mut low, mut high) = (0, slot.quantity.abs_steps() - 1);
        if high < 1 {
            return None;
        }
        if after(high) < target_hf {
            high = peak(1, high, after);
            if after(high) < target_hf {
                return None;
            }
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if after(middle) >= target_hf { high = middle } else { low = middle }
        }
        Some(part(high))
    }

    /// Health factor after closing a part, to the micro-unit of its postings: the fill's loss,
    /// fee and penalty come off the equity.
    fn health_after(
        &self,
        account: usize,
        position: usize,
        pending: Health,
        part: Quantity,
        cause: CloseCause,
    ) -> f64 {
        let slot = &self.accounts[account].positions[position];
        let market = &self.spec.markets[slot.market];
        let (mark, units) = (self.marks[market.asset], part.units());
        let fill = self.preview_close(account, position, cause, units);
        let mut paid = Amount::round_usdc(units * (fill - slot.entry))
            - Amount::round_usdc(units.abs() * fill * market.taker_fee);
        if cause == CloseCause::ForceClose {
            paid -= Amount::round_usdc(units.abs() * mark * market.penalty);
        }
        let leg = self.leg(slot);
        let rest = Leg { units: slot.quantity.less(part).units(), ..leg };
        let (backing, others) = match slot.mode {
            MarginMode::Isolated => ((self.ledger.balance(slot.collateral) + paid).usdc(), 0.0),
            MarginMode::Cross => {
                let health = self.cross_health(account);
                let backing = health.equity - leg.unrealised(mark) + paid.usdc();
                (backing, health.maintenance - leg.maintenance(mark))
            }
        };
        let equity = backing + pending.equity + rest.unrealised(mark);
        health_factor(equity, others + pending.maintenance + rest.maintenance(mark))
    }
}

/// Where a function of whole steps that rises and then falls is highest.
///
/// Health after a part-close is one where costs exceed what closing all of it leaves: equity
/// less costs is concave in the quantity and the requirement convex.
fn peak(mut low: i64, mut high: i64, value: impl Fn(i64) -> f64) -> i64 {
    while high - low > 2 {
        let third = (high - low) / 3;
        if value(low + third) < value(high - third) { low += third } else { high -= third }
    }
    let better = |a: i64, b: i64| if value(b) > value(a) { b } else { a };
    (low + 1..=high).fold(low, better)
}
