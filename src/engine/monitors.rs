//! (7): monitors look and decide; what they want done is in [`super::actions`].

use super::agent_state::SlotState;
use super::event::Recorder;
use super::metrics::{Metric, Rule};
use super::run::Run;
use crate::policy::{AccountView, Decision, PositionView, decide};
use crate::prices::PricePath;
use crate::units::time::{NEVER_MS, day_of, next_on_grid_ms};
use crate::units::{Amount, Quantity};
use crate::venue::exchange::{CloseCause, Health, MarginMode, ZoneBounds, margin};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    pub(super) fn monitors_look(&mut self) {
        self.fleets_look();
        let mut place = 0;
        while let Some(agent) = self.ws.attention.touched.first_from(place) {
            place = agent + 1;
            self.looking = Some(agent);
            if self.ws.agents[agent].zones_due_ms == self.now_ms {
                self.zones_look(agent);
            }
            self.prime_looks(agent);
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
        state.guard_stirred = false;
        let mut acted = false;
        let mut review_ms = NEVER_MS;
        for position in 0..self.ws.agents[agent].slots.len() {
            let slot = &self.ws.agents[agent].slots[position];
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
        let settled = acted && !EVERY && self.is_settled(agent);
        let state = &mut self.ws.agents[agent];
        if settled {
            state.guard_due_ms = NEVER_MS;
        } else if EVERY || acted {
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

    /// Spares the guard a look that is due only because something has changed, where it would do nothing:
    /// marks that leave the quiet interval bring it back.
    pub(super) fn spare_look(&mut self, agent: usize) {
        let stirred = std::mem::take(&mut self.ws.agents[agent].guard_stirred);
        // What forced fills have moved falls back between ticks.
        if stirred && self.ws.impact.is_none() && self.is_settled(agent) {
            self.ws.agents[agent].guard_due_ms = NEVER_MS;
        }
    }

    /// Whether, as things stand, the guard's next look would neither do nor forget anything unless a
    /// price moves.
    fn is_settled(&mut self, agent: usize) -> bool {
        if self.ws.agents[agent].slots.iter().any(SlotState::in_flight) {
            return false;
        }
        let resumes = self.plan.agents[agent].guard.active_resume().is_some();
        (0..self.ws.agents[agent].slots.len()).all(|position| {
            let slot = &self.ws.agents[agent].slots[position];
            if self.ws.exchange.accounts()[agent].positions[position].is_open() {
                let (stays_logged, watched) = (slot.stays_logged(), slot.watch);
                let nothing =
                    !stays_logged && self.decide_about(agent, position) == Decision::NOTHING;
                self.ws.agents[agent].slots[position].watch |= watched && !nothing;
                nothing
            } else {
                slot.killed_ms.is_none() || !resumes
            }
        })
    }

    fn decide_about(&mut self, agent: usize, position: usize) -> Decision {
        if !EVERY && self.stands_idle(agent, position) {
            self.ws.agents[agent].slots[position].watch = false;
            return Decision::NOTHING;
        }
        let plan = &self.plan.agents[agent];
        let account = self.account_view(agent);
        let view = self.position_view(agent, position);
        let memory = &self.ws.agents[agent].slots[position].memory;
        let decision = decide(&plan.guard, memory, &account, &view);
        let nothing = decision == Decision::NOTHING;
        let idle = if nothing { self.idle_now(agent, position) } else { None };
        let slot = &mut self.ws.agents[agent].slots[position];
        (slot.watch, slot.idle) = (decision.watch, idle);
        decision
    }

    fn account_view(&self, agent: usize) -> AccountView {
        let state = &self.ws.agents[agent];
        let mut wallet = self.ws.exchange.free_wallet(agent) + self.drawable(agent);
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

    pub(super) fn part_to_reduce(&self, agent: usize, position: usize) -> Option<Quantity> {
        let reduce = self.plan.agents[agent].guard.active_reduce()?;
        if self.ws.agents[agent].slots[position].reducing != Quantity::ZERO {
            return None;
        }
        let pending = self.pending(agent, position);
        let cause = CloseCause::Reduce;
        self.ws.exchange.part_to_target(agent, position, pending, reduce.target_hf, cause)
    }
}
