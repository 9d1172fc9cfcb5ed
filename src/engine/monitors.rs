//! (7): monitors look, decide, and what has no latency is carried out at once, in place.

use super::event::{EventKind, Recorder};
use super::metrics::{Metric, Rule};
use super::run::Run;
use super::workspace::{Order, OrderKind};
use crate::policy::{
    AccountView, Decision, Intent, KillReason, KillScope, KillSwitchSpec, PositionView, decide,
};
use crate::prices::PricePath;
use crate::units::time::{NEVER_MS, day_of, next_on_grid_ms};
use crate::units::{Amount, Quantity};
use crate::venue::exchange::{CloseCause, Health, MarginMode, ZoneBounds, margin};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    pub(super) fn monitors_look(&mut self) {
        for agent in 0..self.plan.agents.len() {
            self.looking = Some(agent);
            if self.ws.agents[agent].zones_due_ms == self.now_ms {
                self.zones_look(agent);
            }
            if self.ws.agents[agent].guard_due_ms == self.now_ms {
                self.guard_looks(agent);
            }
        }
        self.looking = None;
    }

    /// Bounds of a position's zones.
    pub(super) fn zones_of(&self, agent: usize, position: usize) -> ZoneBounds {
        let spec = &self.plan.agents[agent].positions[position];
        spec.zones.unwrap_or(self.plan.exchange.markets[spec.market].zones)
    }

    fn zones_look(&mut self, agent: usize) {
        let Some(monitor) = self.plan.agents[agent].zone_monitor else { return };
        let next_ms = self.now_ms + monitor.poll_ms;
        self.ws.agents[agent].zones_due_ms = if EVERY { next_ms } else { NEVER_MS };
        for position in 0..self.ws.agents[agent].slots.len() {
            let open = self.ws.exchange.accounts()[agent].positions[position].is_open();
            let zone = open.then(|| {
                let health = self.ws.exchange.health(agent, position).factor();
                self.zones_of(agent, position).zone(health)
            });
            let slot = &mut self.ws.agents[agent].slots[position];
            let before = std::mem::replace(&mut slot.zone, zone);
            if let (Some(before), Some(zone)) = (before, zone)
                && before != zone
            {
                self.ws.outcomes[agent].fire(Rule::Alert);
                self.ws.outcomes[agent].add(Metric::Alerts, 1.0);
                self.alert(agent, position, zone.name(), monitor.latency_ms);
            }
        }
    }

    fn guard_looks(&mut self, agent: usize) {
        let poll_ms = self.plan.agents[agent].guard.poll_ms;
        self.ws.agents[agent].guard_due_ms = NEVER_MS;
        let today = day_of(self.now_ms);
        let state = &mut self.ws.agents[agent];
        if state.day != today {
            state.day = today;
            state.topped_up = Amount::ZERO;
        }
        let mut acted = false;
        let mut review_ms = NEVER_MS;
        for position in 0..self.ws.agents[agent].slots.len() {
            let slot = self.ws.agents[agent].slots[position];
            if !self.ws.exchange.accounts()[agent].positions[position].is_open() {
                if slot.killed_ms.is_some() && !slot.entering {
                    let (entered, again_ms) = self.consider_resume(agent, position);
                    acted |= entered;
                    review_ms = review_ms.min(again_ms);
                }
            } else if !slot.closing {
                let decision = self.decide_about(agent, position);
                review_ms = review_ms.min(decision.review_ms);
                acted |= self.apply(agent, position, &decision);
            }
        }
        let state = &mut self.ws.agents[agent];
        if EVERY || acted {
            state.guard_due_ms = state.guard_due_ms.min(self.now_ms + poll_ms);
        } else if review_ms < NEVER_MS {
            let from_ms = review_ms.max(self.now_ms + 1);
            let next_ms = next_on_grid_ms(self.start_ms, poll_ms, from_ms);
            state.guard_due_ms = state.guard_due_ms.min(next_ms);
        }
        // What this look itself has changed is seen at the next one.
        if state.guard_due_ms <= self.now_ms {
            state.guard_due_ms = self.now_ms + poll_ms;
        }
    }

    fn decide_about(&mut self, agent: usize, position: usize) -> Decision {
        let plan = &self.plan.agents[agent];
        let account = self.account_view(agent);
        let view = self.position_view(agent, position);
        let memory = &self.ws.agents[agent].slots[position].memory;
        let decision = decide(&plan.guard, memory, &account, &view);
        self.ws.agents[agent].slots[position].watch = decision.watch;
        decision
    }

    fn account_view(&self, agent: usize) -> AccountView {
        let state = &self.ws.agents[agent];
        let mut wallet = self.ws.exchange.free_wallet(agent);
        for slot in &state.slots {
            wallet -= slot.adding;
        }
        AccountView { now_ms: self.now_ms, wallet, topped_up_today: state.topped_up }
    }

    fn position_view(&self, agent: usize, position: usize) -> PositionView {
        let plan = &self.plan.agents[agent];
        let slot = &self.ws.exchange.accounts()[agent].positions[position];
        let health = self.health_in_flight(agent, position);
        let collateral = self.ws.exchange.collateral(agent, position)
            + self.ws.agents[agent].slots[position].adding;
        let stop = plan.guard.active_stop_loss();
        let side = slot.quantity.sign();
        let can_reduce = plan.guard.active_reduce().is_some_and(|reduce| {
            health.factor() < reduce.trigger_hf && self.part_to_reduce(agent, position).is_some()
        });
        PositionView {
            health_factor: health.factor(),
            equity: health.equity,
            maintenance: health.maintenance,
            collateral: collateral.usdc(),
            cross: slot.mode == MarginMode::Cross,
            mark: self.ws.exchange.mark_of(slot),
            side,
            stop_price: stop.and_then(|stop| stop.stop_price(side, slot.entry)),
            thresholds: plan.thresholds[position],
            can_reduce,
        }
    }

    /// Health with the orders in flight counted as done.
    fn health_in_flight(&self, agent: usize, position: usize) -> Health {
        let health = self.ws.exchange.health(agent, position);
        let pending = self.pending(agent, position);
        Health {
            equity: health.equity + pending.equity,
            maintenance: health.maintenance + pending.maintenance,
        }
    }

    /// What orders in flight will change of a position's health: money added, quantities closed
    /// (at the present mark and without costs, which are not known yet).
    fn pending(&self, agent: usize, position: usize) -> Health {
        let exchange = &self.ws.exchange;
        let slots = &self.ws.agents[agent].slots;
        let mut pending = Health { equity: slots[position].adding.usdc(), maintenance: 0.0 };
        let holder = &exchange.accounts()[agent];
        let cross = holder.positions[position].mode == MarginMode::Cross;
        for (index, slot) in holder.positions.iter().enumerate() {
            let shares = index == position || (cross && slot.mode == MarginMode::Cross);
            if !shares || !slot.is_open() {
                continue;
            }
            let state = &slots[index];
            // The venue may have closed some of it meanwhile.
            let gone = state.closing || state.reducing.abs_steps() >= slot.quantity.abs_steps();
            let rest = if gone {
                Quantity::ZERO
            } else if state.reducing != Quantity::ZERO {
                slot.quantity.less(state.reducing)
            } else {
                continue;
            };
            let mark = exchange.mark_of(slot);
            let leg = exchange.leg(slot);
            pending.maintenance -= leg.maintenance(mark);
            pending.maintenance += margin::Leg { units: rest.units(), ..leg }.maintenance(mark);
        }
        pending
    }

    fn part_to_reduce(&self, agent: usize, position: usize) -> Option<Quantity> {
        let reduce = self.plan.agents[agent].guard.active_reduce()?;
        if self.ws.agents[agent].slots[position].reducing != Quantity::ZERO {
            return None;
        }
        let pending = self.pending(agent, position);
        let cause = CloseCause::Reduce;
        self.ws.exchange.part_to_target(agent, position, pending, reduce.target_hf, cause)
    }

    /// Does, or orders, what was decided; says whether that changes anything.
    fn apply(&mut self, agent: usize, position: usize, decision: &Decision) -> bool {
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
        let outcome = &mut self.ws.outcomes[agent];
        outcome.add(Metric::TopUpsCapped, 1.0);
        for (hit, rule) in [
            (decision.event_capped, Rule::TopUpEventCap),
            (decision.day_capped, Rule::TopUpDayCap),
            (decision.reserve_capped, Rule::TopUpReserve),
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

    fn order(&mut self, agent: usize, position: usize, kind: OrderKind) {
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

    /// Enters again if the market has calmed; else says when to look again.
    fn consider_resume(&mut self, agent: usize, position: usize) -> (bool, i64) {
        let Some(spec) = self.plan.agents[agent].guard.active_resume().copied() else {
            return (false, NEVER_MS);
        };
        let slot = self.ws.agents[agent].slots[position];
        let Some(killed_ms) = slot.killed_ms else { return (false, NEVER_MS) };
        if slot.resumes >= spec.max_resumes {
            return (false, NEVER_MS);
        }
        let bars = self.path.bars_before(self.now_ms);
        let atr = self.atr(agent, position, spec.atr_bars, bars);
        if bars >= slot.retry_bar && spec.enters(self.now_ms, killed_ms, slot.resumes, atr) {
            self.order(agent, position, OrderKind::Resume);
            return (true, NEVER_MS);
        }
        let next_bar_ms = self.start_ms + (bars as i64 + 1) * self.path.bar_ms();
        let ready_ms = killed_ms.saturating_add(spec.cooldown_ms);
        (false, next_bar_ms.max(self.now_ms + 1).min(ready_ms.max(self.now_ms + 1)))
    }

    /// Wilder's average over the bars that ended before this instant, kept from look to look.
    fn atr(&mut self, agent: usize, position: usize, n: usize, bars: usize) -> Option<f64> {
        let market = self.ws.exchange.accounts()[agent].positions[position].market;
        let asset = self.plan.exchange.markets[market].asset;
        let kept = self.ws.agents[agent].slots[position].atr;
        let (mut next, mut atr) = match kept {
            Some(kept) => kept,
            None => (0, crate::policy::WilderAtr::new(n, self.path.first_close(asset))),
        };
        while next < bars {
            let [high, low, close] = self.path.bar(next, asset);
            atr.push(high, low, close);
            next += 1;
        }
        self.ws.agents[agent].slots[position].atr = Some((next, atr));
        atr.fraction()
    }

    /// Whether some killed position may still be entered again.
    pub(super) fn anyone_waits(&self) -> bool {
        (self.plan.agents.iter().zip(&self.ws.agents)).any(|(plan, state)| {
            plan.guard.active_resume().is_some_and(|spec| {
                (state.slots.iter())
                    .any(|slot| slot.killed_ms.is_some() && slot.resumes < spec.max_resumes)
            })
        })
    }
}
