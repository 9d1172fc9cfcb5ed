//! Closing a position or part of it, adding collateral, and entering again.

use super::effect::{CloseCause, Effect, EffectKind};
use super::fills::Request;
use super::loss::Closed;
use super::spec::{ExchangeSpec, MarginMode, Slippage};
use super::state::{Exchange, Position};
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
    /// Gross exposure would exceed its limit.
    GrossExposure,
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

    /// Closes `part` of a position to bring the account's utilisation down. Of an isolated
    /// position what the collateral then has above `rest` goes to the wallet, as far as its
    /// equity reaches.
    pub fn close_and_free(
        &mut self,
        account: usize,
        position: usize,
        part: Quantity,
        rest: Amount,
        batch_units: f64,
    ) {
        self.close(account, position, part, CloseCause::Rebalance, batch_units);
        let holder = &self.accounts[account];
        let slot = &holder.positions[position];
        if slot.mode == MarginMode::Cross || !slot.is_open() {
            return;
        }
        let (wallet, collateral) = (holder.wallet, slot.collateral);
        let freed = self.ledger.balance(collateral) - rest;
        if freed.is_positive() {
            self.ledger.transfer(collateral, wallet, freed, "collateral freed");
        }
    }

    /// Whether the quantity of a batch that closes a position by orders decides what it fills at: the
    /// first batch of an instant in its market and on its side does, where slippage grows with size.
    pub fn price_hangs_on_size(&self, account: usize, position: usize) -> bool {
        let slot = &self.accounts[account].positions[position];
        let by_size = &self.spec.markets[slot.market].slippage.form;
        matches!(by_size, Slippage::SquareRoot { .. })
            && !self.fills.decided(slot.market, slot.units > 0.0, false)
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

    pub(super) fn fill_price(
        &mut self,
        account: usize,
        position: usize,
        cause: CloseCause,
        u: f64,
    ) -> f64 {
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
        let health_before = self.health(account, position).factor();
        let units = part.units();
        let notional = units.abs() * mark;
        let fee_due = units.abs() * fill * market.taker_fee;
        let penalty_due =
            if cause == CloseCause::ForceClose { notional * market.penalty } else { 0.0 };
        let profit = Amount::round_usdc(units * (fill - slot.entry));
        let purse = self.purse(account, position);
        self.ledger.settle(self.house.market, purse, profit, "realised profit");
        let market = self.accounts[account].positions[position].market;
        self.closed.push(Closed { purse, market, part, fill, loss: -profit });
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
            units,
            notional,
            fee,
            penalty,
            slippage: units.abs() * (fill - last).abs(),
            shortfall_to_mark: units * (mark - fill),
            health_before,
            equity_left,
        };
        let amount = profit.usdc();
        self.effects.push(Effect { account, position: Some(position), kind, amount, price: fill });
        if !partial {
            self.finish_close(account, position, fill);
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
        let purse = self.purse(account, position);
        let amount = Amount::round_usdc(due).min(self.spendable(account, purse));
        self.ledger.transfer(purse, to, amount, reason);
        amount.usdc()
    }

    /// A fully closed position gives its collateral back, or leaves a loss to be borne. A wallet
    /// may lack money as long as cross positions are open: their profit backs it.
    fn finish_close(&mut self, account: usize, position: usize, fill: f64) {
        let holder = &self.accounts[account];
        let slot = &holder.positions[position];
        let shared = slot.mode == MarginMode::Cross;
        if shared && holder.positions.iter().any(|o| o.mode == MarginMode::Cross && o.is_open()) {
            return;
        }
        let (wallet, purse) = (holder.wallet, self.purse(account, position));
        if self.lacking(purse).is_positive() {
            self.bear_loss(account, position, fill);
        } else if !shared {
            let rest = self.ledger.balance(purse);
            self.ledger.transfer(purse, wallet, rest, "collateral returned");
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
    /// fee out of the wallet, of which `keep` stays untouched. Rejected when less than that is
    /// free of holds and of the initial margin of cross positions, or when the position (in cross
    /// margin: all of them together) would start below its initial margin.
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
        let request = Request {
            market: index,
            last,
            sells: units < 0.0,
            forced: false,
            slippage: &market.slippage,
            units,
        };
        if !self.within_gross(account, units.abs() * mark) {
            return Err(Rejection::GrossExposure);
        }
        let fill = self.fills.preview(&request);
        let fee = Amount::round_usdc(units.abs() * fill * market.taker_fee);
        let initial = market.initial_margin * units.abs() * mark;
        let at_once = units * (mark - fill);
        let reserved = self.cross_initial(account);
        let free = (self.free_wallet(account) - keep - fee).usdc() - reserved;
        let enough = match mode {
            MarginMode::Isolated => {
                collateral.usdc() + at_once >= initial && free >= collateral.usdc()
            }
            MarginMode::Cross => {
                assert!(collateral == Amount::ZERO, "collateral of its own in cross margin");
                let equity = self.cross_health(account).equity + at_once - fee.usdc();
                equity >= reserved + initial && free >= initial
            }
        };
        if !enough {
            return Err(Rejection::Funds);
        }
        self.fills.price(&request);
        let wallet = self.accounts[account].wallet;
        let slot = &mut self.accounts[account].positions[position];
        slot.set_quantity(quantity);
        slot.entry = fill;
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
}

impl Exchange {
    /// Whether `more` USDC of notional keep an account within the limit on gross exposure: all of
    /// it at mark, over wallet and collateral.
    fn within_gross(&self, account: usize, more: f64) -> bool {
        let Some(limit) = self.spec.max_gross else { return true };
        let holder = &self.accounts[account];
        let (mut gross, mut backing) = (more, self.ledger.balance(holder.wallet));
        for slot in holder.positions.iter().filter(|slot| slot.is_open()) {
            gross += slot.units.abs() * self.mark_of(slot);
            backing += self.ledger.balance(slot.collateral);
        }
        gross <= limit * backing.usdc()
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
