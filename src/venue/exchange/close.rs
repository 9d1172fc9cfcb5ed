//! Closing a position or part of it, adding collateral, and entering again.

use super::effect::{CloseCause, Effect, EffectKind};
use super::fills::Request;
use super::spec::{ExchangeSpec, MarginMode};
use super::state::{Exchange, Health, Position};
use crate::ledger::AccountId;
use crate::units::{Amount, Quantity};

/// Why a wish of an account was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The position is not open.
    NotOpen,
    /// Money added to the wallet's own pool changes nothing.
    CrossMargin,
    /// Less free money than it takes.
    Funds,
}

/// A close that is about to be posted.
struct Closing {
    account: usize,
    position: usize,
    part: Quantity,
    fill: f64,
    cause: CloseCause,
}

impl Exchange {
    /// Closes `part` of a position by an order, or by the venue; a part as large as the position
    /// closes it. `batch_units` is the quantity of all orders of the batch in its market.
    pub fn close(
        &mut self,
        account: usize,
        position: usize,
        part: Quantity,
        cause: CloseCause,
        batch_units: f64,
    ) {
        let fill = self.fill_price(account, position, cause, batch_units);
        self.close_at(Closing { account, position, part, fill, cause });
    }

    /// The price that [`Exchange::close`] would fill at.
    pub fn preview_close(
        &self,
        account: usize,
        position: usize,
        cause: CloseCause,
        units: f64,
    ) -> f64 {
        let slot = &self.accounts[account].positions[position];
        self.fills.preview(&close_request(&self.spec, &self.lasts, slot, cause, units))
    }

    fn fill_price(&mut self, account: usize, position: usize, cause: CloseCause, u: f64) -> f64 {
        let slot = &self.accounts[account].positions[position];
        self.fills.price(&close_request(&self.spec, &self.lasts, slot, cause, u))
    }

    /// Posts a close: profit, then fee, then penalty, each at most the equity left; what remains
    /// of a closed position goes to the wallet, what lacks is a loss for others to bear.
    fn close_at(&mut self, closing: Closing) {
        let Closing { account, position, part, fill, cause } = closing;
        let slot = &self.accounts[account].positions[position];
        let market = &self.spec.markets[slot.market];
        let (mark, last) = (self.marks[market.asset], self.lasts[market.asset]);
        let units = part.units();
        let notional = units.abs() * mark;
        let fee_due = units.abs() * fill * market.taker_fee;
        let penalty_due =
            if cause == CloseCause::ForceClose { notional * market.penalty } else { 0.0 };
        let profit = Amount::round_usdc(units * (fill - slot.entry));
        let purse = self.purse(account, position);
        self.ledger.settle(self.house.market, purse, profit, "realised profit");
        let slot = &mut self.accounts[account].positions[position];
        slot.set_quantity(slot.quantity.less(part));
        let partial = slot.is_open();
        let fee = self.charge(account, position, fee_due, self.house.fees, "taker fee");
        let penalty = self.charge(
            account,
            position,
            penalty_due,
            self.house.insurance,
            "liquidation penalty",
        );
        let equity_left = self.health(account, position).equity;
        let kind = EffectKind::Closed {
            cause,
            partial,
            notional,
            fee,
            penalty,
            slippage: units.abs() * (fill - last).abs(),
            shortfall_to_mark: units * (mark - fill),
            equity_left,
        };
        let amount = profit.usdc();
        self.effects.push(Effect { account, position: Some(position), kind, amount, price: fill });
        if !partial {
            self.finish_close(account, position, units, fill);
        }
    }

    /// Takes a fee or penalty from what backs a position, at most the equity left.
    fn charge(
        &mut self,
        account: usize,
        position: usize,
        due: f64,
        to: AccountId,
        reason: &'static str,
    ) -> f64 {
        let amount = Amount::round_usdc(due).min(self.spendable(account, position));
        self.ledger.transfer(self.purse(account, position), to, amount, reason);
        amount.usdc()
    }

    /// A fully closed position gives its collateral back, or leaves a loss to be borne.
    fn finish_close(&mut self, account: usize, position: usize, units: f64, fill: f64) {
        let wallet = self.accounts[account].wallet;
        let slot = &self.accounts[account].positions[position];
        match slot.mode {
            MarginMode::Isolated => {
                let rest = self.ledger.balance(slot.collateral);
                let purse = slot.collateral;
                if rest.is_negative() {
                    self.bear_loss(account, position, purse, units, fill);
                } else {
                    self.ledger.transfer(purse, wallet, rest, "collateral returned");
                }
            }
            MarginMode::Cross => {
                let more = (self.accounts[account].positions.iter())
                    .any(|slot| slot.mode == MarginMode::Cross && slot.is_open());
                if !more && self.ledger.balance(wallet).is_negative() {
                    self.bear_loss(account, position, wallet, units, fill);
                }
            }
        }
    }

    /// Moves money from the wallet to a position's collateral.
    pub fn top_up(
        &mut self,
        account: usize,
        position: usize,
        amount: Amount,
    ) -> Result<(), Rejection> {
        let slot = &self.accounts[account].positions[position];
        if slot.mode == MarginMode::Cross {
            return Err(Rejection::CrossMargin);
        }
        if !slot.is_open() {
            return Err(Rejection::NotOpen);
        }
        if amount > self.free_wallet(account) {
            return Err(Rejection::Funds);
        }
        let (wallet, collateral) = (self.accounts[account].wallet, slot.collateral);
        self.ledger.transfer(wallet, collateral, amount, "top-up");
        Ok(())
    }

    /// Enters a closed position again with `quantity` at the market, `collateral` and the taker
    /// fee out of the wallet, of which `keep` stays untouched. Rejected when the wallet lacks the
    /// money or the position would start below its initial margin.
    pub fn enter(
        &mut self,
        account: usize,
        position: usize,
        quantity: Quantity,
        collateral: Amount,
        keep: Amount,
    ) -> Result<(), Rejection> {
        let slot = &self.accounts[account].positions[position];
        assert!(!slot.is_open(), "entered a position that is open");
        let (index, mode) = (slot.market, slot.mode);
        let market = &self.spec.markets[index];
        let (mark, last) = (self.marks[market.asset], self.lasts[market.asset]);
        let units = quantity.units();
        let fill = self.fills.price(&Request {
            market: index,
            last,
            sells: units < 0.0,
            forced: false,
            slippage: &market.slippage,
            units,
        });
        let fee = Amount::round_usdc(units.abs() * fill * market.taker_fee);
        let initial = market.initial_margin * units.abs() * mark;
        let own = collateral.usdc() + units * (mark - fill);
        let enough = match mode {
            MarginMode::Isolated => own >= initial,
            MarginMode::Cross => self.cross_health(account).equity >= initial,
        };
        if !enough || self.free_wallet(account) - keep < collateral + fee {
            return Err(Rejection::Funds);
        }
        let wallet = self.accounts[account].wallet;
        let slot = &mut self.accounts[account].positions[position];
        slot.set_quantity(quantity);
        slot.entry = fill;
        slot.entry_notional = units.abs() * fill;
        slot.full_until_ms = i64::MIN;
        let purse = slot.collateral;
        self.ledger.transfer(wallet, purse, collateral, "collateral");
        self.ledger.transfer(wallet, self.house.fees, fee, "taker fee");
        let kind =
            EffectKind::Opened { fee: fee.usdc(), slippage: units.abs() * (fill - last).abs() };
        let amount = collateral.usdc();
        self.effects.push(Effect { account, position: Some(position), kind, amount, price: fill });
        Ok(())
    }

    /// The least part of a position whose close restores `target_hf` after costs, for an order of
    /// this cause; `None` when no part short of all of it does. `health` is what it starts from:
    /// the venue's own figure, or one that counts orders in flight as done.
    pub fn part_to_target(
        &self,
        account: usize,
        position: usize,
        health: Health,
        target_hf: f64,
        cause: CloseCause,
    ) -> Option<Quantity> {
        let slot = &self.accounts[account].positions[position];
        let all = slot.quantity.abs_steps();
        let restores = |steps: i64| {
            let part = Quantity::from_steps(steps * slot.quantity.sign());
            self.health_after(account, position, health, part, cause) >= target_hf
        };
        let (mut low, mut high) = (0, all - 1);
        if high < 1 || !restores(high) {
            return None;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if restores(middle) { high = middle } else { low = middle }
        }
        Some(Quantity::from_steps(high * slot.quantity.sign()))
    }

    /// Health factor after closing a part: the fill's loss, fee and penalty come off the equity.
    fn health_after(
        &self,
        account: usize,
        position: usize,
        health: Health,
        part: Quantity,
        cause: CloseCause,
    ) -> f64 {
        let slot = &self.accounts[account].positions[position];
        let market = &self.spec.markets[slot.market];
        let mark = self.marks[market.asset];
        let fill = self.preview_close(account, position, cause, part.units());
        let mut costs = part.units() * (mark - fill) + part.units().abs() * fill * market.taker_fee;
        if cause == CloseCause::ForceClose {
            costs += part.units().abs() * mark * market.penalty;
        }
        let rest = slot.quantity.less(part).units();
        let maintenance = health.maintenance - self.leg(slot).maintenance(mark)
            + market.maintenance.maintenance(rest.abs() * mark);
        super::margin::health_factor(health.equity - costs, maintenance)
    }
}

/// The request for a fill that closes `units` of a position.
fn close_request<'a>(
    spec: &'a ExchangeSpec,
    lasts: &[f64],
    slot: &Position,
    cause: CloseCause,
    units: f64,
) -> Request<'a> {
    let market = &spec.markets[slot.market];
    let forced = cause == CloseCause::ForceClose;
    Request {
        market: slot.market,
        last: lasts[market.asset],
        sells: slot.units > 0.0,
        forced,
        slippage: if forced { &market.liquidation_slippage } else { &market.slippage },
        units,
    }
}
