//! Where fleets stand in an instant: what arrives in (3), draws and closes in (6).

use super::state::FleetOrder;
use crate::engine::event::Recorder;
use crate::engine::metrics::Rule;
use crate::engine::run::Run;
use crate::policy::UtilisationZone;
use crate::prices::PricePath;
use crate::units::time::{NEVER_MS, next_on_grid_ms};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Puts dry powder in its place before anything else.
    pub(in crate::engine) fn fleets_endow(&mut self) {
        let ws = &mut *self.ws;
        let (ledger, _) = ws.exchange.parts();
        for state in &ws.fleets.all {
            state.fleet.endow(ledger);
        }
    }

    /// After accounts and services have been opened: the first looks, and what returns are measured
    /// from.
    pub(in crate::engine) fn fleets_open(&mut self) {
        for (index, plan) in self.plan.fleets.iter().enumerate() {
            let utilisation = self.fleet_capital(index).utilisation();
            let state = &mut self.ws.fleets.all[index];
            if let Some(zones) = &plan.zones {
                state.look_due_ms = self.start_ms + zones.poll_ms;
                let zone = zones.zones.zone(utilisation, UtilisationZone::Green);
                self.fleet_zone_seen(index, UtilisationZone::Green, zone);
            }
            let state = &mut self.ws.fleets.all[index];
            if let Some(reallocation) = &plan.reallocation {
                state.sample_due_ms = self.start_ms + reallocation.sample_ms;
                state.reallocation_due_ms = self.start_ms + reallocation.every_ms;
                self.begin_returns(index);
            }
        }
    }

    /// (3): money of closed sub-accounts arrives.
    pub(in crate::engine) fn fleets_settle(&mut self) {
        for index in 0..self.plan.fleets.len() {
            self.let_arrive(index);
        }
    }

    /// (6): scheduled draws, then the closes that coordinators ordered; by fleet.
    pub(in crate::engine) fn fleet_orders(&mut self) {
        for (index, plan) in self.plan.fleets.iter().enumerate() {
            while let Some(draw) = plan.schedule.get(self.ws.fleets.all[index].next_draw)
                && draw.at_ms <= self.now_ms
            {
                self.ws.fleets.all[index].next_draw += 1;
                self.scheduled_draw(index, draw);
                self.venue_checks();
            }
            let now_ms = self.now_ms;
            if self.ws.fleets.all[index].orders.iter().any(|order| order.due_ms <= now_ms) {
                let orders = std::mem::take(&mut self.ws.fleets.all[index].orders);
                // They all were decided at one look, and fall due together.
                self.carry_out_closes(&orders);
            }
        }
    }

    /// Closes what the coordinator has ordered; the venue checks after each.
    pub(super) fn carry_out_closes(&mut self, orders: &[FleetOrder]) {
        let units: Vec<f64> = orders.iter().map(|order| self.close_units(orders, order)).collect();
        for (order, units) in orders.iter().zip(units) {
            let FleetOrder { agent, position, part, whole, .. } = *order;
            let reason = "fleet utilisation in red";
            if self.cut_position(agent, position, [part, whole], units, reason) {
                self.ws.outcomes[agent].fire(Rule::FleetDeleverage);
            }
            self.disturb(agent);
            self.venue_checks();
        }
    }

    /// Quantity of all closes of a batch in the market, and on the side, of one of them.
    fn close_units(&self, orders: &[FleetOrder], one: &FleetOrder) -> f64 {
        let accounts = self.ws.exchange.accounts();
        let slot = &accounts[one.agent].positions[one.position];
        let mut sum = 0.0;
        for order in orders {
            let other = &accounts[order.agent].positions[order.position];
            if other.market == slot.market && other.units * slot.units > 0.0 {
                sum += other.units * (order.part.micro() as f64 / order.whole.micro() as f64);
            }
        }
        sum
    }

    /// When something of a fleet falls due.
    pub(in crate::engine) fn fleets_due_ms(&self) -> i64 {
        let dues = self.plan.fleets.iter().zip(&self.ws.fleets.all);
        dues.map(|(plan, state)| state.next_due_ms(plan)).min().unwrap_or(NEVER_MS)
    }

    /// Something about an agent has changed: its coordinator looks again, and where the master wallet
    /// may have changed, the guards that draw on it. `late`: all have looked at this instant.
    pub(in crate::engine) fn disturb_fleet(&mut self, agent: usize, late: bool) {
        if self.ws.fleets.all.is_empty() {
            return;
        }
        let coordinates = self.ws.fleets.coordinates[agent];
        let drawn_by = self.ws.fleets.membership[agent].map(|member| member.fleet);
        let Some(fleet) = coordinates.or(drawn_by) else { return };
        self.disturb_coordinator(fleet);
        if coordinates.is_none() {
            return;
        }
        let plan = &self.plan.fleets[fleet];
        for (delegation, on_demand) in plan.spec.delegations.iter().zip(&plan.on_demand) {
            let member = delegation.account;
            if *on_demand {
                let looked = late || self.looking.is_some_and(|looking| member < looking);
                self.disturb_guard(member, self.now_ms + i64::from(looked));
            }
        }
    }

    /// The coordinator's monitor looks again, and the bounds of the fleet's zones are found anew.
    pub(super) fn disturb_coordinator(&mut self, fleet: usize) {
        let Some(zones) = &self.plan.fleets[fleet].zones else { return };
        let from_ms = self.now_ms + i64::from(self.ws.fleets.looked);
        let next_ms = next_on_grid_ms(self.start_ms, zones.poll_ms, from_ms);
        let state = &mut self.ws.fleets.all[fleet];
        state.look_due_ms = next_ms.min(state.look_due_ms);
        state.bounds.stale = true;
    }
}
