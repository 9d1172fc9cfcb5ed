//! Who is touched by an instant: by timers, by marks, by changes of the ledger.

use super::event::Recorder;
use super::run::Run;
use crate::prices::PricePath;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Begins an instant with those that something is due for; the slow engine, and a recorder that
    /// wants to see health, attend to everybody.
    pub(super) fn attend(&mut self) {
        let attention = &mut self.ws.attention;
        attention.touched.clear();
        if EVERY || R::HEALTH {
            attention.touch_all();
        } else {
            attention.ring(self.now_ms);
        }
    }

    /// Marks have moved: whoever watches them at every tick looks again, and whoever's bounds they
    /// have left. For all others nothing has changed.
    pub(super) fn marks_stir(&mut self) {
        if EVERY {
            for agent in 0..self.plan.agents.len() {
                self.disturb(agent);
            }
            return;
        }
        let mut place = 0;
        while let Some(agent) = self.ws.attention.watching.first_from(place) {
            place = agent + 1;
            self.disturb(agent);
        }
        let mut stirred = std::mem::take(&mut self.ws.attention.stirred);
        stirred.clear();
        self.ws.attention.bounds.left_by(self.ws.exchange.marks(), &mut stirred);
        for agent in &stirred {
            self.disturb(*agent);
        }
        self.ws.attention.stirred = stirred;
    }

    /// Whoever's balance or hold has changed is checked by the venue, and looks again.
    pub(super) fn notice_changes(&mut self) {
        while let Some(agent) = self.next_changed() {
            self.disturb(agent);
        }
    }

    /// The same at the end of an instant: all have looked, what has changed since is for the next.
    pub(super) fn notice_late_changes(&mut self) {
        let later_ms = self.now_ms + 1;
        while let Some(agent) = self.next_changed() {
            self.disturb_from(agent, later_ms, later_ms);
        }
    }

    fn next_changed(&mut self) -> Option<usize> {
        let ws = &mut *self.ws;
        let (ledger, _) = ws.exchange.parts();
        while let Some(account) = ledger.next_changed() {
            let owner = ws.attention.owner(account);
            if owner.is_some() {
                return owner;
            }
        }
        None
    }

    /// When something is due next that is one agent's own.
    pub(super) fn agent_due_ms(&self, agent: usize) -> i64 {
        let state = &self.ws.agents[agent];
        let own_ms = state.guard_due_ms.min(state.zones_due_ms);
        let call_ms = self.ws.exchange.call_ends_ms(agent);
        // What falls due while the venue's checks rest is seen at the next tick.
        let rests = call_ms <= self.now_ms && self.checks_rest();
        let own_ms = if rests { own_ms } else { own_ms.min(call_ms) };
        match (&self.plan.prime, self.ws.prime.as_deref()) {
            (Some(plan), Some(prime)) => own_ms.min(prime.agent_due_ms(plan, agent)),
            _ => own_ms,
        }
    }
}
