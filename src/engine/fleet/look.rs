//! (7): the coordinator looks before its sub-accounts: returns, reallocation, zones.

use super::state::FleetOrder;
use crate::engine::event::{EventKind, Recorder};
use crate::engine::metrics::{Metric, Rule};
use crate::engine::run::Run;
use crate::policy::{
    AllocationView, FleetReservedView, FleetView, FleetZonesSpec, Reserve, UtilisationZone,
    decide_fleet, interval_return, reallocate,
};
use crate::prices::PricePath;
use crate::units::Amount;
use crate::units::time::NEVER_MS;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// All that coordinators look at now, by fleet.
    pub(in crate::engine) fn fleets_look(&mut self) {
        for fleet in 0..self.plan.fleets.len() {
            if self.ws.fleets.all[fleet].sample_due_ms == self.now_ms {
                self.take_returns(fleet);
            }
            if self.ws.fleets.all[fleet].reallocation_due_ms == self.now_ms {
                self.reallocate_margin(fleet);
                self.venue_checks();
            }
            if self.ws.fleets.all[fleet].look_due_ms == self.now_ms {
                self.fleet_zones_look(fleet);
            }
        }
        self.ws.fleets.looked = true;
    }

    /// What the next returns are measured from.
    pub(super) fn begin_returns(&mut self, fleet: usize) {
        for line in 0..self.ws.fleets.all[fleet].lines.len() {
            let equity = self.wealth(self.agent_of(fleet, line), self.now_ms);
            let state = &mut self.ws.fleets.all[fleet];
            state.lines[line].equity = equity;
            state.lines[line].received = state.fleet.lines()[line].received;
        }
    }

    fn take_returns(&mut self, fleet: usize) {
        let Some(plan) = &self.plan.fleets[fleet].reallocation else { return };
        self.ws.fleets.all[fleet].sample_due_ms = self.now_ms + plan.sample_ms;
        for line in 0..self.ws.fleets.all[fleet].lines.len() {
            let equity = self.wealth(self.agent_of(fleet, line), self.now_ms);
            let state = &mut self.ws.fleets.all[fleet];
            let received = state.fleet.lines()[line].received;
            let own = &mut state.lines[line];
            let since = (received - own.received).usdc();
            if let Some(value) = interval_return(own.equity, equity, since) {
                own.sharpe.push(value);
            }
            (own.equity, own.received) = (equity, received);
        }
    }

    /// Delegations follow the ratios; then money follows them, givers first.
    fn reallocate_margin(&mut self, fleet: usize) {
        let Some(plan) = &self.plan.fleets[fleet].reallocation else { return };
        let fleets = &mut self.ws.fleets;
        let state = &mut fleets.all[fleet];
        state.reallocation_due_ms = self.now_ms + plan.every_ms;
        fleets.views.clear();
        fleets.views.extend(state.lines.iter().enumerate().map(|(line, own)| AllocationView {
            margin: state.fleet.lines()[line].margin,
            least: plan.bounds[line][0],
            most: plan.bounds[line][1],
            sharpe: own.sharpe.sharpe(plan.least_samples),
        }));
        let mut allocations = std::mem::take(&mut fleets.allocations);
        if reallocate(&plan.spec, &fleets.views, &mut allocations) {
            for (line, change) in allocations.moves.iter().enumerate() {
                if *change != Amount::ZERO {
                    self.change_delegation(fleet, line, *change);
                }
            }
            if plan.moves_money {
                self.move_with_delegations(fleet, &allocations.moves);
            }
        }
        self.ws.fleets.allocations = allocations;
    }

    fn change_delegation(&mut self, fleet: usize, line: usize, change: Amount) {
        let state = &mut self.ws.fleets.all[fleet];
        let margin = state.fleet.lines()[line].margin + change;
        state.fleet.set_margin(line, margin);
        let agent = self.agent_of(fleet, line);
        self.ws.outcomes[agent].fire(Rule::Reallocation);
        self.ws.outcomes[agent].add(Metric::Reallocations, 1.0);
        self.ws.outcomes[agent].add(Metric::DelegationChange, change.usdc());
        let reason = "rolling Sharpe ratio";
        self.tell_fleet(agent, fleet, EventKind::Reallocated, change.usdc(), reason);
        self.disturb(agent);
    }

    /// What is drawn above a smaller delegation comes back as far as it is free; what a larger one
    /// adds is paid out as far as the master wallet reaches.
    fn move_with_delegations(&mut self, fleet: usize, changes: &[Amount]) {
        let reason = "reallocation";
        for (line, change) in changes.iter().enumerate().filter(|(_, change)| change.is_negative())
        {
            let drawn = self.ws.fleets.all[fleet].fleet.lines()[line];
            let above = drawn.drawn - drawn.margin;
            let amount = above.min(-*change).min(self.free_of(self.agent_of(fleet, line)));
            if amount.is_positive() {
                self.return_margin(fleet, line, amount, reason);
            }
        }
        for (line, change) in changes.iter().enumerate().filter(|(_, change)| change.is_positive())
        {
            let most = self.drawable_by(fleet, line);
            let amount = most.min(*change);
            if amount.is_positive() {
                let paid = self.draw_margin(fleet, line, amount, reason);
                assert_eq!(paid, Ok(()), "what is drawable can be drawn");
            }
        }
    }

    fn fleet_zones_look(&mut self, fleet: usize) {
        let Some(spec) = self.plan.fleets[fleet].zones else { return };
        let next_ms = self.now_ms + spec.poll_ms;
        let state = &mut self.ws.fleets.all[fleet];
        state.look_due_ms = if EVERY { next_ms } else { NEVER_MS };
        if !state.orders.is_empty() {
            // Its last orders are on their way: it decides when they have arrived.
            state.look_due_ms = next_ms;
            return;
        }
        let before = state.zone;
        let mut reserved = std::mem::take(&mut self.ws.fleets.reserved);
        let mut cuts = std::mem::take(&mut self.ws.fleets.cuts);
        self.fill_fleet_reserved(fleet, &mut reserved);
        let capital = self.fleet_capital(fleet);
        let view = FleetView {
            capital: Amount::floor_usdc(capital.equity),
            reserved: Amount::ceil_usdc(capital.reserved),
            utilisation: capital.utilisation(),
            reservations: &reserved,
        };
        let zone = decide_fleet(&spec, before, &view, &mut cuts);
        self.fleet_zone_seen(fleet, before, zone);
        let due_ms = self.now_ms.saturating_add(spec.latency_ms);
        let orders: Vec<FleetOrder> = (cuts.iter())
            .filter_map(|cut| {
                let FleetReservedView { account, of, .. } = reserved[cut.reservation];
                let Reserve::Position(position) = of else { return None };
                Some(FleetOrder {
                    due_ms,
                    agent: account,
                    position,
                    part: cut.part,
                    whole: cut.whole,
                })
            })
            .collect();
        let state = &mut self.ws.fleets.all[fleet];
        // What must be closed in red moves with every mark.
        state.watch = zone == UtilisationZone::Red && spec.deleverage.is_some();
        if !orders.is_empty() {
            state.look_due_ms = next_ms;
            if spec.latency_ms > 0 {
                state.orders = orders;
            } else {
                self.carry_out_closes(&orders);
            }
        }
        // What this look itself has changed is seen at the next one.
        let due_ms = &mut self.ws.fleets.all[fleet].look_due_ms;
        if *due_ms <= self.now_ms {
            *due_ms = next_ms;
        }
        self.ws.fleets.reserved = reserved;
        self.ws.fleets.cuts = cuts;
    }

    /// What sub-accounts' open positions reserve.
    fn fill_fleet_reserved(&self, fleet: usize, reserved: &mut Vec<FleetReservedView>) {
        reserved.clear();
        for delegation in &self.plan.fleets[fleet].spec.delegations {
            let (account, priority) = (delegation.account, delegation.priority);
            let slots = &self.ws.exchange.accounts()[account].positions;
            for position in (0..slots.len()).filter(|index| slots[*index].is_open()) {
                reserved.push(FleetReservedView {
                    account,
                    priority,
                    of: Reserve::Position(position),
                    reserved: Amount::round_usdc(self.ws.exchange.margin_of(account, position)),
                });
            }
        }
    }

    /// The zone of a fleet is another: from orange on nothing is drawn.
    pub(super) fn fleet_zone_seen(
        &mut self,
        fleet: usize,
        before: UtilisationZone,
        zone: UtilisationZone,
    ) {
        if zone == before {
            return;
        }
        let state = &mut self.ws.fleets.all[fleet];
        state.zone = zone;
        let frozen = !FleetZonesSpec::may_draw(zone);
        let changed = state.fleet.is_frozen() != frozen;
        state.fleet.set_frozen(frozen);
        let coordinator = self.plan.fleets[fleet].spec.coordinator;
        let rule = match zone {
            UtilisationZone::Green => None,
            UtilisationZone::Yellow => Some(Rule::FleetYellow),
            UtilisationZone::Orange => Some(Rule::FleetOrange),
            UtilisationZone::Red => Some(Rule::FleetRed),
        };
        if let Some(rule) = rule {
            self.ws.outcomes[coordinator].fire(rule);
        }
        self.tell_fleet(coordinator, fleet, EventKind::FleetZone, f64::NAN, zone.name());
        // What guards may draw is another.
        if changed {
            self.disturb(coordinator);
        }
    }

    pub(super) fn agent_of(&self, fleet: usize, line: usize) -> usize {
        self.plan.fleets[fleet].spec.delegations[line].account
    }
}
