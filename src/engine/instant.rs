//! One instant, in its order: (1) marks, (2) funding and the lending pools, (3) delayed transfers
//! and what else falls due, (4) venue checks, (5) kill-switch orders, (6) other orders, (7) monitors. (4) runs again after every change.

use super::agent_state::{Order, OrderKind};
use super::event::Recorder;
use super::metrics::Rule;
use super::prime::asset_id;
use super::run::Run;
use super::shocks::slippage_factor;
use crate::prices::PricePath;
use crate::venue::exchange::{CallDue, CallStep, CloseCause, Due, SlippageSpec};

/// Why the venue takes a step of a margin call.
const fn reason_of(step: CallStep) -> &'static str {
    match step {
        CallStep::Call => "margin ratio above its limit",
        CallStep::Cure => "margin ratio back within its limit",
        CallStep::Close(_) => "margin call not answered within its grace period",
        CallStep::Exhausted => "nothing left to close",
    }
}

/// When inside an instant an order is carried out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Transfers,
    Kills,
    Others,
}

impl OrderKind {
    fn stage(&self) -> Stage {
        match self {
            Self::TopUp { transfer: true, .. } => Stage::Transfers,
            Self::Kill { priority: true, .. } => Stage::Kills,
            _ => Stage::Others,
        }
    }
}

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Everything that happens at `now_ms`.
    pub(super) fn instant(&mut self) {
        self.attend();
        self.marks_move();
        self.funding_accrues();
        self.pools_move();
        self.orders_of(Stage::Transfers);
        self.prime_settles();
        self.fleets_settle();
        self.show_health();
        self.venue_checks();
        self.orders_of(Stage::Kills);
        self.orders_of(Stage::Others);
        self.prime_orders();
        self.fleet_orders();
        self.monitors_look();
        self.show_health();
        self.set_quiet();
        self.watch_all(self.now_ms);
    }

    fn marks_move(&mut self) {
        self.ws.fleets.looked = false;
        self.load_marks(self.tick);
        self.ws.exchange.begin_instant(self.now_ms);
        if let Some(impact) = &mut self.ws.impact
            && impact.begin_instant(self.tick)
        {
            self.ws.attention.touch_all();
        }
        self.raise_slippage();
        let at_tick = self.path.tick_ms(self.tick) == self.now_ms;
        if let Some(prime) = &mut self.ws.prime {
            prime.spot.begin_instant(self.now_ms);
            prime.collateral_due |= at_tick;
        }
        if at_tick {
            self.marks_stir();
            self.stir_fleets();
        }
    }

    /// Slippage follows the realised volatility of the bars that ended before this instant.
    pub(super) fn raise_slippage(&mut self) {
        let thinned = self.ws.shocks.thins_books();
        if !self.ws.stressed && !thinned {
            return;
        }
        for market in 0..self.plan.exchange.markets.len() {
            let spec = &self.plan.exchange.markets[market];
            let orders = self.stress(&spec.slippage, spec.asset);
            let forced = if spec.liquidation_slippage == spec.slippage {
                orders
            } else {
                self.stress(&spec.liquidation_slippage, spec.asset)
            };
            let divisor = self.ws.shocks.depth_divisor(self.now_ms, spec.asset);
            let orders = orders * slippage_factor(&spec.slippage, divisor);
            let forced = forced * slippage_factor(&spec.liquidation_slippage, divisor);
            self.ws.exchange.set_stress(market, orders, forced);
        }
        if thinned {
            self.thin_spot();
        }
    }

    /// Books of the spot market are as thin as those of their assets' perpetuals.
    fn thin_spot(&mut self) {
        let ws = &mut *self.ws;
        let (Some(plan), Some(prime)) = (&self.plan.prime, ws.prime.as_deref_mut()) else { return };
        for (holding, spec) in plan.spot.iter().enumerate() {
            let divisor = ws.shocks.depth_divisor(self.now_ms, spec.price_asset);
            let factor = slippage_factor(&spec.slippage, divisor);
            prime.spot.set_stress(asset_id(holding), factor);
        }
    }

    fn stress(&mut self, spec: &SlippageSpec, asset: usize) -> f64 {
        if spec.stress_multiplier <= 0.0 {
            return 1.0;
        }
        let bar_ms = self.path.bar_ms();
        let done = self.path.bars_before(self.now_ms);
        let window = usize::try_from(spec.stress_window_ms / bar_ms).unwrap_or(0).min(done);
        if window < 2 {
            return 1.0;
        }
        let mut sum = 0.0;
        let mut previous = self.path.bar(done - window, asset)[2];
        for bar in done - window + 1..done {
            let close = self.path.bar(bar, asset)[2];
            let change = libm::log(close / previous);
            sum += change * change;
            previous = close;
        }
        let per_day = crate::units::time::DAY_MS as f64 / bar_ms as f64;
        let trailing = (sum / (window - 1) as f64 * per_day).sqrt();
        1.0 + spec.stress_multiplier * (trailing / spec.sigma_day - 1.0).max(0.0)
    }

    fn funding_accrues(&mut self) {
        for market in 0..self.plan.exchange.markets.len() {
            if self.ws.funding_due_ms[market] != self.now_ms {
                continue;
            }
            let Some(funding) = &self.plan.exchange.markets[market].funding else { continue };
            self.ws.funding_due_ms[market] = funding.next_ms(self.now_ms);
            let shock = self.ws.shocks.funding(self.now_ms, market);
            self.ws.exchange.pay_funding(market, funding.rate_at(self.now_ms) + shock);
            self.drain_effects("funding");
        }
    }

    /// (4): force-closes until none is due, then margin calls, then collateral of loans, then what
    /// closed sub-accounts free; what one of them does may be followed by another. Before each step
    /// coordinators release dry powder to what is due.
    ///
    /// Where forced fills move prices, they do so then, and it all runs again.
    pub(super) fn venue_checks(&mut self) {
        while self.round_begins() {
            self.venue_comes_to_rest();
            if !self.round_ends() {
                return;
            }
        }
    }

    fn venue_comes_to_rest(&mut self) {
        loop {
            self.notice_changes();
            self.fleets_release();
            if let Some(due) = self.close_due() {
                self.ws.exchange.execute(due);
                self.drain_effects("health factor at or below liquidation_hf");
                self.fleets_sweep();
            } else if let Some(due) = self.call_due() {
                if self.fleet_cures_call(&due) {
                    continue;
                }
                self.ws.exchange.execute_call(due);
                if let CallStep::Close(_) = due.step {
                    self.ws.outcomes[due.account].fire(Rule::MarginCallClosed);
                }
                self.drain_effects(reason_of(due.step));
                self.fleets_sweep();
            } else if !self.collateral_checked() && !self.fleets_sweep() {
                return;
            }
        }
    }

    fn close_due(&mut self) -> Option<Due> {
        if EVERY {
            return self.ws.exchange.due();
        }
        self.ws.exchange.due_among(&mut self.ws.attention.suspects)
    }

    fn call_due(&mut self) -> Option<CallDue> {
        if EVERY {
            return self.ws.exchange.call_due();
        }
        self.ws.exchange.call_due_among(&mut self.ws.attention.call_suspects)
    }

    /// Carries out the orders of one stage that are due, by agent and position. The venue checks
    /// after each, but lets all transfers arrive first.
    fn orders_of(&mut self, stage: Stage) {
        if self.ws.orders.is_empty() {
            return;
        }
        let now_ms = self.now_ms;
        let mut due = std::mem::take(&mut self.ws.due);
        due.clear();
        self.ws.orders.retain(|order| {
            let mine = order.due_ms <= now_ms && order.kind.stage() == stage;
            if mine {
                due.push(*order);
            }
            !mine
        });
        due.sort_by_key(|order| (order.agent, order.position));
        for order in &due {
            let units = self.batch_units(&due, order);
            self.carry_out(order, units);
            if stage != Stage::Transfers {
                self.venue_checks();
            }
        }
        self.ws.due = due;
    }

    /// Quantity of all closes of a batch in the market, and on the side, of one of them; counted only
    /// while a price hangs on it.
    pub(super) fn batch_units(&self, batch: &[Order], one: &Order) -> f64 {
        let accounts = self.ws.exchange.accounts();
        let slot = &accounts[one.agent].positions[one.position];
        let mut units = 0.0;
        if !self.ws.exchange.price_hangs_on_size(one.agent, one.position) {
            return slot.units;
        }
        for order in batch {
            let other = &accounts[order.agent].positions[order.position];
            if other.market == slot.market && other.units * slot.units > 0.0 {
                units += match order.kind {
                    OrderKind::Kill { .. } | OrderKind::StopLoss => other.units,
                    OrderKind::Reduce(part) => part.units(),
                    OrderKind::TopUp { .. } | OrderKind::Resume => 0.0,
                };
            }
        }
        units
    }

    /// Carries out one order at the marks that hold now.
    pub(super) fn carry_out(&mut self, order: &Order, batch_units: f64) {
        match order.kind {
            OrderKind::Kill { reason, .. } => {
                self.close_all(order, CloseCause::KillSwitch, reason, batch_units);
            }
            OrderKind::StopLoss => {
                self.close_all(order, CloseCause::StopLoss, "stop reached", batch_units);
            }
            OrderKind::Reduce(part) => self.carry_out_reduce(order, part, batch_units),
            OrderKind::TopUp { amount, day, .. } => self.carry_out_top_up(order, amount, day),
            OrderKind::Resume => self.carry_out_resume(order),
        }
        self.disturb(order.agent);
    }
}
