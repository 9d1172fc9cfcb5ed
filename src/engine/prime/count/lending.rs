//! Loans: what was earned, owed, asked back and lost.

use crate::engine::event::{About, Event, EventKind, Recorder};
use crate::engine::metrics::{AgentOutcome, Metric, Rule};
use crate::engine::prime::loans::OpenLoan;
use crate::engine::run::Run;
use crate::policy::CountRecalled;
use crate::prices::PricePath;
use crate::units::time::DAY_MS;
use crate::venue::lending::{LendingEffect, LendingEffectKind, Party};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    pub(super) fn count_lending(&mut self, effect: &LendingEffect) {
        if let LendingEffectKind::Opened { .. } = effect.kind {
            let before = self.ws.prime.as_deref().map_or(0, |state| state.open_loans.len());
            self.count_opening(effect);
            self.tell_room(before);
        }
        let before = self.ws.prime.as_deref().map_or(0, |state| state.open_loans.len());
        let arrived_ms = self.count_end(effect);
        self.tell_room(before);
        if let Party::Agent(agent) = effect.lender {
            self.count_lender(agent, effect, arrived_ms);
        }
        if let Party::Agent(agent) = effect.borrower {
            self.count_borrower(agent, effect);
        }
        for party in [effect.lender, effect.borrower] {
            if let Party::Agent(agent) = party {
                self.holdings_changed(agent);
                self.tell_lending(agent, effect);
                self.disturb(agent);
            }
        }
    }

    /// Room for loans has come or gone since `before` were open: whoever lends looks again.
    fn tell_room(&mut self, before: usize) {
        let most = self.plan.prime.as_ref().map_or(0, |plan| plan.lending.loans_max);
        let open = self.ws.prime.as_deref().map_or(0, |state| state.open_loans.len());
        if (before < most) != (open < most) {
            for agent in 0..self.plan.agents.len() {
                self.disturb(agent);
            }
        }
    }

    fn count_opening(&mut self, effect: &LendingEffect) {
        let now_ms = self.now_ms;
        let Some(state) = self.ws.prime.as_deref_mut() else { return };
        let lender = effect.lender.agent();
        let (number, worth) = (effect.loan.number(), effect.usdc);
        state.open_loans.push(OpenLoan { number, lender, worth, recalled_ms: None });
        if let Some(agent) = lender {
            state.agents[agent].lent.change(now_ms, worth);
        }
    }

    /// A loan that has ended is forgotten; says when it was recalled, if it was.
    fn count_end(&mut self, effect: &LendingEffect) -> Option<i64> {
        use LendingEffectKind::{
            BoughtIn, CollateralLiquidated, Recalled, Repaid, Returned, ReturnedEarly,
        };
        let now_ms = self.now_ms;
        let state = self.ws.prime.as_deref_mut()?;
        let number = effect.loan.number();
        let place = state.open_loans.iter().position(|loan| loan.number == number)?;
        match effect.kind {
            Recalled { .. } => {
                state.open_loans[place].recalled_ms = Some(now_ms);
                None
            }
            ReturnedEarly | Returned | Repaid | BoughtIn { .. } | CollateralLiquidated { .. } => {
                let loan = state.open_loans.remove(place);
                if let Some(agent) = loan.lender {
                    state.agents[agent].lent.change(now_ms, -loan.worth);
                }
                loan.recalled_ms
            }
            _ => None,
        }
    }

    fn count_lender(&mut self, agent: usize, effect: &LendingEffect, recalled_ms: Option<i64>) {
        let outcome = &mut self.ws.outcomes[agent];
        if let Some(recalled_ms) = recalled_ms {
            outcome.add(Metric::RecallsArrived, 1.0);
            outcome.add(Metric::RecallDays, (self.now_ms - recalled_ms) as f64 / DAY_MS as f64);
        }
        match effect.kind {
            LendingEffectKind::Opened { .. } => outcome.add(Metric::LoansGiven, 1.0),
            LendingEffectKind::InterestPaid { cut } => {
                let kept = (effect.amount - cut).micro() as f64 / effect.amount.micro() as f64;
                outcome.add(Metric::Interest, effect.usdc * kept);
            }
            LendingEffectKind::Recalled { .. } => outcome.add(Metric::Recalls, 1.0),
            LendingEffectKind::ReturnedEarly => outcome.fire(Rule::RecallEarly),
            LendingEffectKind::Returned => outcome.fire(Rule::RecallReturned),
            LendingEffectKind::RecallFailed => {
                outcome.add(Metric::RecallsFailed, 1.0);
                outcome.fire(Rule::RecallFailed);
            }
            LendingEffectKind::Shortfall { .. } => {
                outcome.add(Metric::LendingLosses, effect.usdc);
                if effect.amount.is_positive() {
                    outcome.fire(Rule::LendingLoss);
                }
            }
            _ => count_call(outcome, &effect.kind),
        }
    }

    fn count_borrower(&mut self, agent: usize, effect: &LendingEffect) {
        let outcome = &mut self.ws.outcomes[agent];
        outcome.add(Metric::FeesPaid, effect.fee.usdc());
        outcome.add(Metric::SlippageCost, effect.slippage);
        match effect.kind {
            LendingEffectKind::InterestPaid { .. } => {
                outcome.add(Metric::InterestPaid, effect.usdc);
            }
            _ => count_call(outcome, &effect.kind),
        }
    }

    fn tell_lending(&mut self, agent: usize, effect: &LendingEffect) {
        let lends = effect.lender == Party::Agent(agent);
        let (kind, reason) = lending_event(&effect.kind, lends);
        let costs = match effect.kind {
            LendingEffectKind::InterestPaid { cut } => Self::whole(effect.asset, cut),
            _ if effect.fee.is_positive() && !lends => effect.fee.usdc(),
            _ => f64::NAN,
        };
        let due_ms = match effect.kind {
            LendingEffectKind::Recalled { deadline_ms } => Some(deadline_ms),
            LendingEffectKind::CollateralCalled { expires_ms } => Some(expires_ms),
            _ => None,
        };
        let amount = Self::whole(effect.asset, effect.amount);
        let (asset, price) = (effect.asset, effect.price);
        let about = About::Loan(effect.loan.number());
        self.tell_about(agent, about, kind, |event| Event {
            amount,
            asset,
            price,
            costs,
            due_ms,
            reason,
            ..event
        });
    }

    /// An agent needed money: what it has recalled and not received is noted.
    pub(in crate::engine) fn note_shortfall(&mut self, agent: usize) {
        let Some(state) = self.ws.prime.as_deref() else { return };
        let recalled = self.recalled_value(state, agent);
        if recalled <= 0.0 {
            return;
        }
        let counts = (self.plan.prime.as_ref())
            .and_then(|plan| plan.agents[agent].policy.as_ref())
            .and_then(|policy| policy.recall)
            .is_some_and(|recall| recall.count == CountRecalled::AtRequest);
        let outcome = &mut self.ws.outcomes[agent];
        for (metric, wanted) in [(Metric::RecallLate, true), (Metric::RecallShortfall, counts)] {
            if wanted {
                outcome.set(metric, outcome.get(metric).max(recalled));
            }
        }
    }
}

fn count_call(outcome: &mut AgentOutcome, kind: &LendingEffectKind) {
    match kind {
        LendingEffectKind::CollateralCalled { .. } => {
            outcome.add(Metric::CollateralCalls, 1.0);
            outcome.fire(Rule::CollateralCall);
        }
        LendingEffectKind::CallCured => outcome.fire(Rule::CollateralCallCured),
        LendingEffectKind::CollateralLiquidated { .. } => outcome.fire(Rule::CollateralSold),
        _ => {}
    }
}

fn lending_event(kind: &LendingEffectKind, lends: bool) -> (EventKind, &'static str) {
    let side = if lends { "as lender" } else { "as borrower" };
    match kind {
        LendingEffectKind::Opened { .. } => (EventKind::LoanOpened, side),
        LendingEffectKind::InterestPaid { .. } => (EventKind::InterestPaid, side),
        LendingEffectKind::Recalled { .. } => (EventKind::LoanRecalled, side),
        LendingEffectKind::ReturnedEarly => (EventKind::LoanReturnedEarly, side),
        LendingEffectKind::Returned => (EventKind::LoanReturned, side),
        LendingEffectKind::Repaid => (EventKind::LoanRepaid, side),
        LendingEffectKind::RecallFailed => (EventKind::RecallFailed, side),
        LendingEffectKind::BoughtIn { .. } => (EventKind::BoughtIn, side),
        LendingEffectKind::CollateralCalled { .. } => (EventKind::CollateralCalled, side),
        LendingEffectKind::CollateralPosted => (EventKind::CollateralPosted, side),
        LendingEffectKind::CallCured => (EventKind::CollateralCallCured, side),
        LendingEffectKind::CollateralLiquidated { .. } => (EventKind::CollateralLiquidated, side),
        LendingEffectKind::SoldForInterest { .. } => (EventKind::CollateralSold, side),
        LendingEffectKind::Shortfall { .. } => (EventKind::LendingShortfall, side),
    }
}
