//! Carrying out what the guard decided: bounded again by what holds at the effect.

use super::agent_state::Order;
use super::event::{Event, EventKind, Recorder};
use super::metrics::{Metric, Rule};
use super::run::Run;
use crate::prices::PricePath;
use crate::units::{Amount, Quantity};
use crate::venue::exchange::{CloseCause, Rejection};

/// After a top-up the health factor is read again so much later.
const CONFIRM_MS: i64 = 200;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    pub(super) fn close_all(
        &mut self,
        order: &Order,
        cause: CloseCause,
        reason: &'static str,
        batch_units: f64,
    ) {
        let Order { agent, position, .. } = *order;
        self.ws.agents[agent].slots[position].closing = false;
        let quantity = self.ws.exchange.accounts()[agent].positions[position].quantity;
        if quantity == Quantity::ZERO {
            if cause == CloseCause::KillSwitch {
                self.ws.outcomes[agent].fire(Rule::KillNothing);
            }
            return;
        }
        self.ws.exchange.close(agent, position, quantity, cause, batch_units);
        if cause == CloseCause::KillSwitch {
            self.ws.agents[agent].slots[position].killed_ms = Some(self.now_ms);
        }
        self.drain_effects(reason);
    }

    pub(super) fn carry_out_reduce(&mut self, order: &Order, part: Quantity, batch_units: f64) {
        let Order { agent, position, .. } = *order;
        self.ws.agents[agent].slots[position].reducing = Quantity::ZERO;
        let open = self.ws.exchange.accounts()[agent].positions[position].quantity;
        if open == Quantity::ZERO {
            return;
        }
        // The venue may have closed some of it meanwhile.
        let part = if part.abs_steps() > open.abs_steps() { open } else { part };
        self.ws.exchange.close(agent, position, part, CloseCause::Reduce, batch_units);
        self.drain_effects("health factor below reduce_to_target.trigger_hf");
    }

    pub(super) fn carry_out_top_up(&mut self, order: &Order, amount: Amount, day: i64) {
        let Order { agent, position, .. } = *order;
        let slot = &mut self.ws.agents[agent].slots[position];
        slot.adding -= amount;
        let Some(spec) = self.plan.agents[agent].guard.active_top_up() else { return };
        let failed = spec.failure_probability > 0.0
            && self.ws.agents[agent].failures.uniform() < spec.failure_probability;
        let backed = amount + spec.reserve_minimum;
        let lacking = backed - self.ws.exchange.free_wallet(agent);
        let open = self.ws.exchange.accounts()[agent].positions[position].is_open();
        if !failed && lacking.is_positive() && open {
            self.draw_on_demand(agent, lacking);
        }
        let free = self.ws.exchange.free_wallet(agent) - spec.reserve_minimum;
        let moved = if free.is_positive() { amount.min(free) } else { Amount::ZERO };
        let (rule, reason) = if failed {
            (Rule::TopUpFailed, "the transfer failed")
        } else if !moved.is_positive() {
            (Rule::TopUpRejectedFunds, "nothing left above the reserve")
        } else {
            let before = self.ws.exchange.health(agent, position).factor();
            match self.ws.exchange.top_up(agent, position, moved) {
                Ok(()) => return self.topped_up(order, [amount, moved], day, before),
                Err(Rejection::Funds) => (Rule::TopUpRejectedFunds, "not enough free money"),
                Err(Rejection::NotOpen | Rejection::CrossMargin | Rejection::GrossExposure) => {
                    (Rule::TopUpRejectedClosed, "the position is closed")
                }
            }
        };
        self.give_back(agent, amount, day);
        if rule == Rule::TopUpRejectedFunds {
            self.note_shortfall(agent);
        }
        self.ws.outcomes[agent].fire(rule);
        self.ws.outcomes[agent].add(Metric::TopUpsFailed, 1.0);
        self.tell(agent, Some(position), EventKind::TopUpRejected, amount.usdc(), reason);
    }

    fn topped_up(&mut self, order: &Order, amounts: [Amount; 2], day: i64, health_before: f64) {
        let [wanted, moved] = amounts;
        let Order { agent, position, .. } = *order;
        self.give_back(agent, wanted - moved, day);
        let outcome = &mut self.ws.outcomes[agent];
        outcome.fire(Rule::TopUp);
        outcome.add(Metric::TopUps, 1.0);
        outcome.add(Metric::TopUpAmount, moved.usdc());
        let kind = EventKind::CollateralToppedUp;
        if R::EVENTS {
            let event = self.event_now(agent, Some(position), kind);
            let (amount, price) = (moved.usdc(), event.mark);
            let reason = "health factor below warning";
            self.recorder.event(&Event { amount, price, health_before, reason, ..event });
            let due_ms = self.now_ms.saturating_add(CONFIRM_MS);
            self.ws.confirmations.push(Order { due_ms, ..*order });
        }
    }

    /// What was counted on a day and did not move is left of that day's cap again.
    fn give_back(&mut self, agent: usize, amount: Amount, day: i64) {
        let state = &mut self.ws.agents[agent];
        if state.day == day {
            state.topped_up -= amount;
        }
    }

    /// The health factors that are read again after a top-up before an instant, each as it is
    /// then; of a position that has been closed meanwhile there is nothing to read.
    pub(super) fn confirm_before(&mut self, time_ms: i64) {
        let due = self.ws.confirmations.partition_point(|order| order.due_ms < time_ms);
        for index in 0..due {
            let Order { due_ms, agent, position, .. } = self.ws.confirmations[index];
            if due_ms > self.end_ms
                || !self.ws.exchange.accounts()[agent].positions[position].is_open()
            {
                continue;
            }
            self.load_marks(self.path.tick_at(due_ms));
            let event = self.event_now(agent, Some(position), EventKind::HealthConfirmed);
            let price = self.mark_at(agent, Some(position));
            let reason = "read again after the top-up";
            self.recorder.event(&Event { time_ms: due_ms, price, reason, ..event });
        }
        self.ws.confirmations.drain(..due);
    }

    pub(super) fn carry_out_resume(&mut self, order: &Order) {
        let Order { agent, position, .. } = *order;
        self.ws.agents[agent].slots[position].entering = false;
        let guard = &self.plan.agents[agent].guard;
        let Some(spec) = guard.active_resume() else { return };
        let slot = &self.ws.agents[agent].slots[position];
        let quantity = slot.first_quantity.part_up(spec.size_fraction);
        let collateral = Amount::round_usdc(slot.first_collateral.usdc() * spec.size_fraction);
        let keep = guard.active_top_up().map_or(Amount::ZERO, |top_up| top_up.reserve_minimum);
        let entered = self.ws.exchange.enter(agent, position, quantity, collateral, keep);
        let bars = self.path.bars_before(self.now_ms);
        let slot = &mut self.ws.agents[agent].slots[position];
        match entered {
            Ok(()) => {
                slot.killed_ms = None;
                slot.resumes += 1;
                slot.forget_stay();
                self.ws.outcomes[agent].fire(Rule::Resume);
                self.drain_effects("volatility below atr_threshold");
            }
            Err(rejection) => {
                slot.retry_bar = bars + 1;
                self.ws.outcomes[agent].fire(Rule::ResumeRejected);
                let reason = if rejection == Rejection::GrossExposure {
                    self.ws.outcomes[agent].fire(Rule::RejectedGross);
                    "gross exposure above its limit"
                } else {
                    "not enough free money above the reserve"
                };
                let kind = EventKind::ResumeRejected;
                self.tell(agent, Some(position), kind, collateral.usdc(), reason);
            }
        }
    }
}
