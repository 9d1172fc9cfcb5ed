//! Dry powder in (4): the venue lists what is due of a fleet, the coordinator's rule runs on the
//! list, and what it cures leaves the list.

use crate::engine::event::{EventKind, Recorder};
use crate::engine::metrics::{Metric, Rule};
use crate::engine::run::Run;
use crate::policy::{Cure, DueView, ReleaseOutcome, ReleaseSpec, release};
use crate::prices::PricePath;
use crate::units::Amount;
use crate::units::time::{DAY_MS, day_of};
use crate::venue::exchange::{CallDue, CallStep, MarginCallSpec};
use crate::venue::fleet::Delegation;

/// A call is one only beyond its limit; a billionth more, so that rounding does not decide.
const CALL_CURED: f64 = 1.0 + 1e-9;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Releases dry powder to what the venue would force-close now.
    pub(in crate::engine) fn fleets_release(&mut self) {
        for (fleet, plan) in self.plan.fleets.iter().enumerate() {
            let Some(spec) = &plan.release else { continue };
            let mut due = std::mem::take(&mut self.ws.fleets.due);
            due.clear();
            if EVERY {
                for delegation in &plan.spec.delegations {
                    self.list_due(delegation, &mut due);
                }
            } else {
                let mut place = 0;
                while let Some(account) = self.ws.attention.suspects.first_from(place) {
                    place = account + 1;
                    let member = self.ws.fleets.membership[account];
                    if let Some(member) = member.filter(|member| member.fleet == fleet) {
                        self.list_due(&plan.spec.delegations[member.line], &mut due);
                    }
                }
            }
            if !due.is_empty() {
                self.release_to(fleet, spec, &due, "would have been force-closed");
            }
            self.ws.fleets.due = due;
        }
    }

    /// Adds what the venue would force-close of one sub-account.
    fn list_due(&self, delegation: &Delegation, due: &mut Vec<DueView>) {
        let Delegation { account, priority, .. } = *delegation;
        self.ws.exchange.each_due(account, |one| {
            due.push(DueView {
                account,
                position: one.position,
                priority,
                equity: one.health.equity,
                maintenance: one.health.maintenance,
                level: one.level,
            });
        });
    }

    /// Cures a margin call whose grace has passed; whether it did.
    pub(in crate::engine) fn fleet_cures_call(&mut self, call: &CallDue) -> bool {
        let CallDue { account, step: CallStep::Close(_) } = *call else { return false };
        let Some(member) = self.ws.fleets.membership.get(account).copied().flatten() else {
            return false;
        };
        let plan = &self.plan.fleets[member.fleet];
        let (Some(spec), Some(call)) = (&plan.release, self.ws.exchange.margin_call().copied())
        else {
            return false;
        };
        let spec = ReleaseSpec { cure_hf: CALL_CURED, ..*spec };
        // All whose grace has passed are on one list, so that the last to go is saved first.
        let mut due = std::mem::take(&mut self.ws.fleets.due);
        due.clear();
        for delegation in &plan.spec.delegations {
            if self.ws.exchange.call_closes(delegation.account) {
                due.push(self.called(delegation, &call));
            }
        }
        let released =
            self.release_to(member.fleet, &spec, &due, "margin call not answered in time");
        self.ws.fleets.due = due;
        released
    }

    /// What a called account lacks, as health that must reach one.
    fn called(&self, delegation: &Delegation, call: &MarginCallSpec) -> DueView {
        let Delegation { account, priority, .. } = *delegation;
        let exchange = &self.ws.exchange;
        let capital = exchange.capital(account).equity;
        let used = exchange.used(account, call.used);
        let cross = exchange.cross_health(account);
        // Of two limits the one that lacks more; the least that suffices lifts it to its limit.
        let ratio = (capital, used / call.ratio);
        let of_cross = (cross.equity, cross.maintenance);
        let lacking = |(equity, maintenance): (f64, f64)| maintenance - equity;
        let (equity, maintenance) =
            if lacking(ratio) >= lacking(of_cross) { ratio } else { of_cross };
        DueView { account, position: None, priority, equity, maintenance, level: 1.0 }
    }

    /// Runs the rule on a list and pays what it releases; whether it released anything.
    fn release_to(
        &mut self,
        fleet: usize,
        spec: &ReleaseSpec,
        due: &[DueView],
        reason: &'static str,
    ) -> bool {
        let today = day_of(self.now_ms);
        let state = &mut self.ws.fleets.all[fleet];
        if state.day != today {
            (state.day, state.spent) = (today, Amount::ZERO);
        }
        let left = state.fleet.dry_powder(self.ws.exchange.ledger());
        let spent = state.spent;
        let mut cures = std::mem::take(&mut self.ws.fleets.cures);
        let outcome = release(spec, left, spent, due, &mut cures);
        self.ws.fleets.all[fleet].spent += outcome.spent;
        for cure in &cures {
            self.cure(fleet, &due[cure.due], cure, reason);
        }
        self.count_refusals(fleet, due, &cures, &outcome);
        let released = !cures.is_empty();
        self.ws.fleets.cures = cures;
        released
    }

    fn cure(&mut self, fleet: usize, due: &DueView, cure: &Cure, reason: &'static str) {
        let Some(member) = self.ws.fleets.membership[due.account] else { return };
        let account = &self.ws.exchange.accounts()[due.account];
        let to = due.position.map_or(account.wallet, |index| account.positions[index].collateral);
        let ws = &mut *self.ws;
        let (ledger, _) = ws.exchange.parts();
        ws.fleets.all[fleet].fleet.release(ledger, member.line, to, cure.amount);
        let outcome = &mut self.ws.outcomes[due.account];
        outcome.fire(if cure.limit.is_some() { Rule::DryPowderCapped } else { Rule::DryPowder });
        outcome.add(Metric::Cures, 1.0);
        outcome.add(Metric::CureAmount, cure.amount.usdc());
        if let Some(state) = self.ws.prime.as_deref_mut() {
            state.margins_stale = true;
        }
        let kind = EventKind::DryPowderReleased;
        match due.position {
            None => self.tell_fleet(due.account, fleet, kind, cure.amount.usdc(), reason),
            position => self.tell(due.account, position, kind, cure.amount.usdc(), reason),
        }
        self.disturb(due.account);
        self.disturb(self.plan.fleets[fleet].spec.coordinator);
    }

    /// What dry powder could not save, once a sub-account and instant; the first time that too little
    /// is left ends how long it lasted.
    fn count_refusals(
        &mut self,
        fleet: usize,
        due: &[DueView],
        cures: &[Cure],
        outcome: &ReleaseOutcome,
    ) {
        if outcome.exhausted > 0 {
            let days = (self.now_ms - self.start_ms) as f64 / DAY_MS as f64;
            let coordinator = self.plan.fleets[fleet].spec.coordinator;
            let row = &mut self.ws.outcomes[coordinator];
            if row.get(Metric::DryPowderLasted).is_nan() {
                row.set(Metric::DryPowderLasted, days);
            }
        }
        if outcome.too_dear == 0 {
            return;
        }
        for (index, one) in due.iter().enumerate() {
            let Some(member) = self.ws.fleets.membership[one.account] else { continue };
            let line = &mut self.ws.fleets.all[fleet].lines[member.line];
            if cures.iter().any(|cure| cure.due == index) || line.refused_ms == self.now_ms {
                continue;
            }
            line.refused_ms = self.now_ms;
            self.ws.outcomes[one.account].fire(Rule::DryPowderRefused);
            self.ws.outcomes[one.account].add(Metric::CuresRefused, 1.0);
            let reason = "what dry powder and its caps leave would not save it";
            self.tell_fleet(one.account, fleet, EventKind::DryPowderRefused, f64::NAN, reason);
        }
    }
}
