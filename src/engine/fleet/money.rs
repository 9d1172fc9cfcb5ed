//! Money between the master wallet and its sub-accounts: draws, what is given back, what a closed
//! sub-account frees.

use super::plan::ScheduledDraw;
use super::state::Membership;
use crate::engine::event::{About, Event, EventKind, Recorder};
use crate::engine::metrics::{Metric, Rule};
use crate::engine::run::Run;
use crate::prices::PricePath;
use crate::units::Amount;
use crate::venue::fleet::DrawRejection;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// What an agent's top-ups may draw on the master wallet now; nothing where it has none.
    pub(in crate::engine) fn drawable(&self, agent: usize) -> Amount {
        let Some(Membership { fleet, line }) = self.draws_on_demand(agent) else {
            return Amount::ZERO;
        };
        self.drawable_by(fleet, line)
    }

    /// What a sub-account may draw now.
    pub(super) fn drawable_by(&self, fleet: usize, line: usize) -> Amount {
        let kept = self.kept(fleet);
        self.ws.fleets.all[fleet].fleet.drawable(self.ws.exchange.ledger(), line, kept)
    }

    /// Where an agent's top-ups draw on a master wallet.
    pub(in crate::engine) fn draws_on_demand(&self, agent: usize) -> Option<Membership> {
        let member = self.ws.fleets.membership.get(agent).copied().flatten()?;
        self.plan.fleets[member.fleet].on_demand[member.line].then_some(member)
    }

    /// What the master wallet keeps for the coordinator's own cross positions.
    fn kept(&self, fleet: usize) -> Amount {
        let coordinator = self.plan.fleets[fleet].spec.coordinator;
        Amount::ceil_usdc(self.ws.exchange.cross_initial(coordinator))
    }

    /// Draws what a top-up lacks, as far as delegation and master wallet reach.
    pub(in crate::engine) fn draw_on_demand(&mut self, agent: usize, lacking: Amount) {
        let Some(Membership { fleet, line }) = self.draws_on_demand(agent) else { return };
        let amount = lacking.min(self.drawable(agent));
        if amount < lacking {
            self.ws.outcomes[agent].fire(Rule::FleetDrawCapped);
        }
        if amount.is_positive() {
            let drawn = self.draw_margin(fleet, line, amount, "a top-up lacked it");
            assert_eq!(drawn, Ok(()), "what is drawable can be drawn");
        }
    }

    pub(super) fn scheduled_draw(&mut self, fleet: usize, draw: &ScheduledDraw) {
        let ScheduledDraw { line, amount, back, .. } = *draw;
        let agent = self.plan.fleets[fleet].spec.delegations[line].account;
        if back {
            let free = self.free_of(agent);
            if amount > free {
                self.draw_refused(agent, fleet, amount, "less is free than it gives back");
            } else {
                self.return_margin(fleet, line, amount, "scheduled");
            }
        } else if let Err(reason) = self.draw_margin(fleet, line, amount, "scheduled") {
            self.draw_refused(agent, fleet, amount, reason.name());
        }
    }

    fn draw_refused(&mut self, agent: usize, fleet: usize, amount: Amount, reason: &'static str) {
        self.ws.outcomes[agent].fire(Rule::FleetDrawRejected);
        self.ws.outcomes[agent].add(Metric::DrawsRejected, 1.0);
        self.tell_fleet(agent, fleet, EventKind::DrawRejected, amount.usdc(), reason);
    }

    /// Moves money from the master wallet to a sub-account, if the venue permits it.
    pub(super) fn draw_margin(
        &mut self,
        fleet: usize,
        line: usize,
        amount: Amount,
        reason: &'static str,
    ) -> Result<(), DrawRejection> {
        let kept = self.kept(fleet);
        let ws = &mut *self.ws;
        let (ledger, _) = ws.exchange.parts();
        ws.fleets.all[fleet].fleet.draw(ledger, line, amount, kept)?;
        let agent = self.plan.fleets[fleet].spec.delegations[line].account;
        self.ws.outcomes[agent].fire(Rule::FleetDraw);
        self.ws.outcomes[agent].add(Metric::Draws, 1.0);
        self.ws.outcomes[agent].add(Metric::DrawnAmount, amount.usdc());
        self.tell_fleet(agent, fleet, EventKind::MarginDrawn, amount.usdc(), reason);
        self.master_changed(fleet, agent);
        Ok(())
    }

    /// Moves free money of a sub-account back at once.
    pub(super) fn return_margin(
        &mut self,
        fleet: usize,
        line: usize,
        amount: Amount,
        reason: &'static str,
    ) {
        let ws = &mut *self.ws;
        let (ledger, _) = ws.exchange.parts();
        ws.fleets.all[fleet].fleet.give_back(ledger, line, amount);
        let agent = self.plan.fleets[fleet].spec.delegations[line].account;
        self.ws.outcomes[agent].add(Metric::GivenBack, amount.usdc());
        self.tell_fleet(agent, fleet, EventKind::MarginGivenBack, amount.usdc(), reason);
        self.master_changed(fleet, agent);
    }

    /// What a sub-account can give back: its free wallet or, where cross positions have lost money, their
    /// equity, less their initial margin at entry.
    pub(super) fn free_of(&self, agent: usize) -> Amount {
        let exchange = &self.ws.exchange;
        let kept = Amount::ceil_usdc(exchange.cross_initial(agent));
        let equity = Amount::floor_usdc(exchange.cross_health(agent).equity);
        (exchange.free_wallet(agent).min(equity) - kept).max(Amount::ZERO)
    }

    /// A position of an agent has been closed: a sub-account with nothing left open is closed.
    pub(in crate::engine) fn note_closed(&mut self, agent: usize) {
        let fleets = &mut self.ws.fleets;
        let Some(Membership { fleet, line }) = fleets.membership.get(agent).copied().flatten()
        else {
            return;
        };
        if self.plan.fleets[fleet].sweep {
            fleets.all[fleet].lines[line].closed = true;
            fleets.sweep_due = true;
        }
    }

    /// Sends what closed sub-accounts have free on its way; whether some of it has arrived at once.
    pub(in crate::engine) fn fleets_sweep(&mut self) -> bool {
        if !std::mem::take(&mut self.ws.fleets.sweep_due) {
            return false;
        }
        let mut arrived = false;
        for fleet in 0..self.plan.fleets.len() {
            for line in 0..self.ws.fleets.all[fleet].lines.len() {
                if std::mem::take(&mut self.ws.fleets.all[fleet].lines[line].closed) {
                    self.sweep(fleet, line);
                }
            }
            arrived |= self.let_arrive(fleet);
        }
        arrived
    }

    /// Nothing is swept while something is open, waits to be entered again, or is held.
    fn sweep(&mut self, fleet: usize, line: usize) {
        let agent = self.plan.fleets[fleet].spec.delegations[line].account;
        let ws = &mut *self.ws;
        let account = &ws.exchange.accounts()[agent];
        let resumes = self.plan.agents[agent].guard.active_resume();
        let waits = resumes.is_some_and(|spec| {
            let mut slots = ws.agents[agent].slots.iter();
            slots.any(|slot| slot.killed_ms.is_some() && slot.resumes < spec.max_resumes)
        });
        let held = ws.exchange.ledger().held(account.wallet);
        let amount = ws.exchange.free_wallet(agent);
        let open = account.positions.iter().any(|slot| slot.is_open());
        if open || waits || held.is_positive() || !amount.is_positive() {
            return;
        }
        let (ledger, _) = ws.exchange.parts();
        let due_ms = ws.fleets.all[fleet].fleet.send_back(ledger, line, amount, self.now_ms);
        self.ws.outcomes[agent].fire(Rule::FreedMargin);
        self.ws.outcomes[agent].add(Metric::FreedMargin, amount.usdc());
        if R::EVENTS {
            let event = self.event_now(agent, None, EventKind::MarginFreed);
            let (about, due_ms, amount) = (About::Fleet(fleet), Some(due_ms), amount.usdc());
            let reason = "nothing is open any more";
            self.recorder.event(&Event { about, due_ms, amount, reason, ..event });
        }
        self.master_changed(fleet, agent);
    }

    /// Lets arrive what is due by now; whether anything was.
    pub(super) fn let_arrive(&mut self, fleet: usize) -> bool {
        let mut any = false;
        loop {
            let ws = &mut *self.ws;
            let (ledger, _) = ws.exchange.parts();
            let arrived = ws.fleets.all[fleet].fleet.arrive(ledger, self.now_ms);
            let Some(arrival) = arrived else { return any };
            any = true;
            let plan = &self.plan.fleets[fleet];
            let from = plan.spec.delegations[arrival.line].account;
            let coordinator = plan.spec.coordinator;
            let amount = arrival.amount.usdc();
            let reason = "margin of a closed sub-account";
            self.tell_fleet(coordinator, fleet, EventKind::FreedArrived, amount, reason);
            self.master_changed(fleet, from);
        }
    }

    /// Money has moved between the master wallet and a sub-account.
    fn master_changed(&mut self, fleet: usize, agent: usize) {
        if let Some(state) = self.ws.prime.as_deref_mut() {
            state.margins_stale = true;
        }
        self.disturb(agent);
        self.disturb(self.plan.fleets[fleet].spec.coordinator);
    }

    /// An event of a fleet.
    pub(super) fn tell_fleet(
        &mut self,
        agent: usize,
        fleet: usize,
        kind: EventKind,
        amount: f64,
        reason: &'static str,
    ) {
        let about = About::Fleet(fleet);
        self.tell_about(agent, about, kind, |event| Event { amount, reason, ..event });
    }
}
