//! What the guard decided becomes orders: carried out at once, in place, or on their way.

use super::agent_state::{Order, OrderKind};
use super::event::{EventKind, Recorder};
use super::metrics::{Metric, Rule};
use super::run::Run;
use crate::policy::{Decision, Intent, KillReason, KillScope, KillSwitchSpec};
use crate::prices::PricePath;
use crate::units::Amount;
use crate::venue::exchange::MarginMode;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Does, or orders, what was decided; says whether that changes anything.
    pub(super) fn apply(&mut self, agent: usize, position: usize, decision: &Decision) -> bool {
        self.count_caps(agent, position, decision);
        let slot = &mut self.ws.agents[agent].slots[position];
        slot.dry_run_logged &= matches!(decision.intent, Intent::Kill(_));
        slot.empty_logged &= matches!(decision.intent, Intent::Kill(_));
        slot.cross_logged &= decision.intent == Intent::TopUpInCross;
        match decision.intent {
            Intent::Nothing => false,
            Intent::StopLoss => {
                self.ws.outcomes[agent].fire(Rule::StopLoss);
                self.order(agent, position, OrderKind::StopLoss);
                true
            }
            Intent::Reduce => self.apply_reduce(agent, position),
            Intent::TopUp(amount) => self.apply_top_up(agent, position, amount),
            Intent::Kill(reason) => self.apply_kill(agent, position, reason),
            Intent::TopUpInCross => {
                let slot = &mut self.ws.agents[agent].slots[position];
                if !std::mem::replace(&mut slot.cross_logged, true) {
                    self.ws.outcomes[agent].fire(Rule::TopUpRejectedCross);
                    self.ws.outcomes[agent].add(Metric::TopUpsFailed, 1.0);
                    let reason = "cross margin: the wallet backs the position already";
                    self.tell(agent, Some(position), EventKind::TopUpRejected, 0.0, reason);
                }
                false
            }
        }
    }

    /// Counts each cap that held something down; one that left nothing to add, once per stay
    /// (a kill in its place may be a dry run, or find nothing in its scope, look after look).
    fn count_caps(&mut self, agent: usize, position: usize, decision: &Decision) {
        let capped = decision.event_capped || decision.day_capped || decision.reserve_capped;
        let slot = &mut self.ws.agents[agent].slots[position];
        let blocked = capped && !matches!(decision.intent, Intent::TopUp(_));
        let logged = std::mem::replace(&mut slot.blocked_logged, blocked);
        if !capped || (blocked && logged) {
            return;
        }
        if decision.reserve_capped {
            self.note_shortfall(agent);
        }
        // Of a wallet that draws for its top-ups it is never its own reserve that is the limit.
        let draws = self.draws_on_demand(agent).is_some();
        let of_money = if draws { Rule::FleetDrawCapped } else { Rule::TopUpReserve };
        let outcome = &mut self.ws.outcomes[agent];
        outcome.add(Metric::TopUpsCapped, 1.0);
        for (hit, rule) in [
            (decision.event_capped, Rule::TopUpEventCap),
            (decision.day_capped, Rule::TopUpDayCap),
            (decision.reserve_capped, of_money),
        ] {
            if hit {
                outcome.fire(rule);
            }
        }
    }

    fn apply_reduce(&mut self, agent: usize, position: usize) -> bool {
        let Some(part) = self.part_to_reduce(agent, position) else { return false };
        let Some(spec) = self.plan.agents[agent].guard.active_reduce() else { return false };
        self.ws.outcomes[agent].fire(Rule::Reduce);
        let slot = &mut self.ws.agents[agent].slots[position];
        slot.memory.reduce_after_ms = self.now_ms.saturating_add(spec.cooldown_ms);
        self.order(agent, position, OrderKind::Reduce(part));
        true
    }

    fn apply_top_up(&mut self, agent: usize, position: usize, amount: Amount) -> bool {
        let Some(spec) = self.plan.agents[agent].guard.active_top_up() else { return false };
        let (cooldown_ms, transfer) = (spec.cooldown_ms, spec.transfer_delay_ms > 0);
        let state = &mut self.ws.agents[agent];
        state.topped_up += amount;
        let day = state.day;
        state.slots[position].memory.top_up_after_ms = self.now_ms.saturating_add(cooldown_ms);
        self.order(agent, position, OrderKind::TopUp { amount, day, transfer });
        true
    }

    fn apply_kill(&mut self, agent: usize, position: usize, reason: KillReason) -> bool {
        let Some(spec) = self.plan.agents[agent].guard.active_kill_switch() else { return false };
        let slot = &mut self.ws.agents[agent].slots[position];
        if spec.dry_run {
            if !std::mem::replace(&mut slot.dry_run_logged, true) {
                self.ws.outcomes[agent].fire(Rule::KillDryRun);
                let kind = EventKind::KillSwitchDryRun;
                self.tell(agent, Some(position), kind, f64::NAN, reason.text());
            }
            return false;
        }
        let mut scope = std::mem::take(&mut self.ws.scope);
        self.fill_scope(agent, position, spec, &mut scope);
        let found = !scope.is_empty();
        if found {
            self.pull(agent, &scope, spec.priority, reason);
        } else {
            let slot = &mut self.ws.agents[agent].slots[position];
            slot.watch = true;
            if !std::mem::replace(&mut slot.empty_logged, true) {
                self.ws.outcomes[agent].fire(Rule::KillNothing);
            }
        }
        self.ws.scope = scope;
        found
    }

    fn pull(&mut self, agent: usize, scope: &[usize], priority: bool, reason: KillReason) {
        self.ws.outcomes[agent].fire(match reason {
            KillReason::Trigger => Rule::KillTrigger,
            KillReason::Danger => Rule::KillDanger,
            KillReason::ReserveEmpty => Rule::KillReserve,
            KillReason::CapReached => Rule::KillCap,
        });
        let kind = OrderKind::Kill { priority, reason: reason.text() };
        self.order_all(agent, scope, kind);
    }

    /// The open positions that a kill closes, without those whose close is on its way.
    fn fill_scope(
        &self,
        agent: usize,
        triggering: usize,
        spec: &KillSwitchSpec,
        scope: &mut Vec<usize>,
    ) {
        scope.clear();
        let exchange = &self.ws.exchange;
        let slots = &exchange.accounts()[agent].positions;
        let candidates = (0..slots.len())
            .filter(|&index| slots[index].is_open() && !self.ws.agents[agent].slots[index].closing);
        let cross = |index: usize| slots[index].mode == MarginMode::Cross;
        match spec.scope {
            KillScope::All => scope.extend(candidates),
            KillScope::Triggering if cross(triggering) => {
                scope.extend(candidates.filter(|&index| cross(index)));
            }
            KillScope::Triggering => scope.push(triggering),
            KillScope::AboveLeverage(most) => scope.extend(candidates.filter(|&index| {
                let notional =
                    exchange.leg(&slots[index]).notional(exchange.mark_of(&slots[index]));
                let equity = exchange.health(agent, index).equity;
                // No equity at all is more leverage than any.
                equity <= 0.0 || notional / equity > most
            })),
            KillScope::MostAtRisk => {
                let risk = |index: usize| {
                    let slot = &slots[index];
                    let maintenance = exchange.leg(slot).maintenance(exchange.mark_of(slot));
                    (exchange.health(agent, index).factor(), -maintenance)
                };
                scope.extend(candidates.reduce(|best, index| {
                    let (a, b) = (risk(index), risk(best));
                    if a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).is_lt() { index } else { best }
                }));
            }
        }
    }

    pub(super) fn order(&mut self, agent: usize, position: usize, kind: OrderKind) {
        self.order_all(agent, &[position], kind);
    }

    /// Orders the same for some positions: in place without latency, else on their way.
    fn order_all(&mut self, agent: usize, positions: &[usize], kind: OrderKind) {
        let guard = &self.plan.agents[agent].guard;
        let mut delay_ms = guard.latency_ms;
        if let (OrderKind::TopUp { .. }, Some(top_up)) = (kind, guard.active_top_up()) {
            delay_ms += top_up.transfer_delay_ms;
        }
        let due_ms = self.now_ms.saturating_add(delay_ms);
        let batch = positions.iter().map(|&position| Order { due_ms, agent, position, kind });
        for order in batch.clone() {
            let slot = &mut self.ws.agents[agent].slots[order.position];
            match kind {
                OrderKind::Kill { .. } | OrderKind::StopLoss => slot.closing = true,
                OrderKind::Reduce(part) => slot.reducing = part,
                OrderKind::TopUp { amount, .. } => slot.adding += amount,
                OrderKind::Resume => slot.entering = true,
            }
        }
        if delay_ms > 0 {
            self.ws.orders.extend(batch);
            self.tell_ordered(agent, positions, kind);
            return;
        }
        if let [position] = *positions {
            let order = Order { due_ms, agent, position, kind };
            let units = self.batch_units(&[order], &order);
            self.carry_out(&order, units);
            self.venue_checks();
            return;
        }
        let orders: Vec<Order> = batch.collect();
        let shared = orders.iter().map(|order| self.batch_units(&orders, order));
        let shared: Vec<f64> = shared.collect();
        for (order, units) in orders.iter().zip(shared) {
            self.carry_out(order, units);
            self.venue_checks();
        }
    }

    fn tell_ordered(&mut self, agent: usize, positions: &[usize], kind: OrderKind) {
        for &position in positions {
            match kind {
                OrderKind::Kill { reason, .. } => {
                    let kind = EventKind::KillSwitchTriggered;
                    self.tell(agent, Some(position), kind, f64::NAN, reason);
                }
                OrderKind::TopUp { amount, .. } => {
                    let reason = "health factor below warning";
                    let kind = EventKind::TopUpOrdered;
                    self.tell(agent, Some(position), kind, amount.usdc(), reason);
                }
                OrderKind::StopLoss | OrderKind::Reduce(_) | OrderKind::Resume => {}
            }
        }
    }
}
