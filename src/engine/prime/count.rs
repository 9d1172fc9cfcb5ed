//! Keeping count of what wallets, services, escrow and lending did.

use super::loans::OpenLoan;
use super::state::PrimeState;
use crate::engine::event::{About, Event, EventKind, Recorder};
use crate::engine::metrics::{Metric, Rule};
use crate::engine::run::Run;
use crate::policy::CountRecalled;
use crate::prices::PricePath;
use crate::units::Amount;
use crate::units::time::DAY_MS;
use crate::venue::custody::{MoveEffect, Rejection, Silo};
use crate::venue::escrow::{EscrowEffect, EscrowKind, Party, Subject};
use crate::venue::lending::{self, LendingEffect, LendingEffectKind};
use crate::venue::services::{ServiceEffect, ServiceKind};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Counts all effects since the last call; the agents concerned look again.
    pub(in crate::engine) fn count_prime(&mut self) {
        if !self.ws.prime.as_deref().is_some_and(PrimeState::has_news) {
            return;
        }
        let mut index = 0;
        while let Some(effect) = self.prime_effect(|state| state.custody.effects().get(index)) {
            index += 1;
            self.count_move(&effect);
        }
        index = 0;
        while let Some(effect) = self.prime_effect(|state| state.services.effects().get(index)) {
            index += 1;
            self.count_service(&effect);
        }
        index = 0;
        while let Some(effect) = self.prime_effect(|state| state.escrow.effects().get(index)) {
            index += 1;
            self.count_escrow(&effect);
        }
        index = 0;
        while let Some(effect) = self.prime_effect(|state| state.lending_effects.get(index)) {
            index += 1;
            self.count_lending(&effect);
        }
        if let Some(state) = self.ws.prime.as_deref_mut() {
            state.custody.clear_effects();
            state.services.clear_effects();
            state.escrow.clear_effects();
            state.lending_effects.clear();
            if state.custody.turned_down() != state.turned_down {
                self.count_rejections();
            }
        }
    }

    fn prime_effect<T: Copy>(&self, get: impl FnOnce(&PrimeState) -> Option<&T>) -> Option<T> {
        self.ws.prime.as_deref().and_then(get).copied()
    }

    /// What custody has turned down since the last call.
    fn count_rejections(&mut self) {
        for agent in 0..self.plan.agents.len() {
            for silo in Silo::ALL {
                for reason in Rejection::ALL {
                    let Some(state) = self.ws.prime.as_deref_mut() else { return };
                    let now = state.custody.rejected(agent, silo, reason);
                    let seen = &mut state.agents[agent].seen[silo.index()][reason as usize];
                    let fresh = now - std::mem::replace(seen, now);
                    if fresh > 0 {
                        self.count_rejection(agent, silo, reason, fresh);
                    }
                }
            }
            if let Some(state) = self.ws.prime.as_deref_mut() {
                state.turned_down = state.custody.turned_down();
            }
        }
    }

    fn count_rejection(&mut self, agent: usize, silo: Silo, reason: Rejection, times: u64) {
        let rule = match reason {
            Rejection::Funds => Rule::RejectedFunds,
            Rejection::GrossExposure => Rule::RejectedGross,
            _ => Rule::RejectedOther,
        };
        (0..times).for_each(|_| self.ws.outcomes[agent].fire(rule));
        self.ws.outcomes[agent].add(Metric::RequestsRejected, times as f64);
        if reason == Rejection::Funds {
            self.note_shortfall(agent);
        }
        let about = match silo {
            Silo::Of(service) => About::Service(service),
            Silo::Main => About::Account,
        };
        self.tell_turned_down(agent, about, reason.name());
    }

    fn count_move(&mut self, effect: &MoveEffect) {
        let MoveEffect { agent, from, to, amount, arrived } = *effect;
        let (metric, rule, kind) = if arrived {
            (Metric::Moves, Rule::SiloMove, EventKind::MoveArrived)
        } else {
            (Metric::MovesFailed, Rule::SiloMoveFailed, EventKind::MoveFailed)
        };
        self.ws.outcomes[agent].add(metric, 1.0);
        self.ws.outcomes[agent].fire(rule);
        let amount = amount.usdc();
        self.tell_about(agent, About::Move(from, to), kind, |event| Event { amount, ..event });
        self.disturb(agent);
    }

    fn count_service(&mut self, effect: &ServiceEffect) {
        let ServiceEffect { agent, kind, amount } = *effect;
        let usdc = amount.usdc();
        let outcome = &mut self.ws.outcomes[agent];
        let event = match kind {
            ServiceKind::Granted => {
                outcome.add(Metric::FaucetGrants, usdc);
                EventKind::FaucetGranted
            }
            ServiceKind::BankrollHeld => EventKind::BankrollHeld,
            ServiceKind::BankrollReleased => EventKind::BankrollReleased,
            ServiceKind::Bets { .. } => {
                outcome.add(Metric::CasinoPnl, usdc);
                EventKind::BetsSettled
            }
            ServiceKind::Ordered { .. } => EventKind::NamesOrdered,
            ServiceKind::Registered { .. } => {
                outcome.add(Metric::DomainsPnl, -usdc);
                EventKind::NamesRegistered
            }
            ServiceKind::Sold { .. } => {
                outcome.add(Metric::DomainsPnl, usdc);
                EventKind::NamesSold
            }
        };
        let about = About::Service(kind.service());
        self.tell_about(agent, about, event, |event| Event { amount: usdc, ..event });
        self.disturb(agent);
    }

    fn count_escrow(&mut self, effect: &EscrowEffect) {
        let about = match effect.subject {
            Subject::Contract(id) => About::Contract(id.serial),
            Subject::Agreement(index) => {
                self.count_netting(index, effect);
                About::Agreement(index)
            }
        };
        if let (Some(Party::Agent(agent)), true) = (effect.referrer, effect.referral.is_positive())
        {
            let amount = effect.referral.usdc();
            self.ws.outcomes[agent].add(Metric::Referral, amount);
            let kind = EventKind::ReferralReceived;
            self.tell_about(agent, about, kind, |event| Event { amount, ..event });
            self.disturb(agent);
        }
        if let Some(Party::Agent(payer)) = effect.payer {
            self.count_payer(payer, about, effect);
        }
        if let Some(Party::Agent(payee)) = effect.payee {
            self.count_payee(payee, about, effect);
        }
    }

    fn count_payer(&mut self, agent: usize, about: About, effect: &EscrowEffect) {
        let outcome = &mut self.ws.outcomes[agent];
        outcome.add(Metric::FeesPaid, effect.fee.usdc());
        match effect.kind {
            EscrowKind::Created | EscrowKind::Obliged => outcome.add(Metric::Obligations, 1.0),
            EscrowKind::Released
            | EscrowKind::TimedOut
            | EscrowKind::Resolved
            | EscrowKind::NetPaid => {
                outcome.add(Metric::EscrowPaid, effect.amount.usdc());
                outcome.add(Metric::Settlements, f64::from(effect.amount.is_positive()));
            }
            _ => {}
        }
        if matches!(effect.kind, EscrowKind::TimedOut | EscrowKind::Expired) {
            outcome.add(Metric::EscrowTimeouts, 1.0);
            outcome.fire(Rule::EscrowTimeout);
        }
        if effect.kind == EscrowKind::Disputed {
            outcome.fire(Rule::EscrowDispute);
        }
        self.tell_escrow(agent, about, effect);
        self.disturb(agent);
    }

    fn count_payee(&mut self, agent: usize, about: About, effect: &EscrowEffect) {
        let outcome = &mut self.ws.outcomes[agent];
        match effect.kind {
            EscrowKind::Released
            | EscrowKind::TimedOut
            | EscrowKind::Resolved
            | EscrowKind::NetReceived => {
                outcome.add(Metric::EscrowReceived, effect.amount.usdc());
            }
            _ => {}
        }
        // The payer's event tells of both, unless the payer is nobody of the run.
        if !matches!(effect.payer, Some(Party::Agent(_))) || effect.amount.is_positive() {
            self.tell_escrow(agent, about, effect);
        }
        self.disturb(agent);
    }

    fn tell_escrow(&mut self, agent: usize, about: About, effect: &EscrowEffect) {
        let mut amount = effect.amount;
        let kind = match effect.kind {
            EscrowKind::Created => EventKind::EscrowCreated,
            EscrowKind::Funded => EventKind::EscrowFunded,
            EscrowKind::Reduced => EventKind::EscrowReduced,
            EscrowKind::Cancelled => EventKind::EscrowCancelled,
            EscrowKind::Expired => EventKind::EscrowExpired,
            EscrowKind::Released => EventKind::EscrowReleased,
            EscrowKind::TimedOut => EventKind::EscrowTimedOut,
            EscrowKind::Disputed => EventKind::EscrowDisputed,
            EscrowKind::Resolved => EventKind::EscrowResolved,
            EscrowKind::Obliged => EventKind::Obliged,
            EscrowKind::Netted { .. } => EventKind::Netted,
            EscrowKind::NetPaid => EventKind::NetPaid,
            EscrowKind::NetReceived => EventKind::NetReceived,
            EscrowKind::Arrived => EventKind::SettlementArrived,
        };
        if matches!(effect.kind, EscrowKind::Reduced | EscrowKind::Cancelled | EscrowKind::Expired)
        {
            amount = effect.returned;
        }
        let pays = effect.payer == Some(Party::Agent(agent));
        let reason = match effect.kind {
            EscrowKind::TimedOut | EscrowKind::Resolved if amount == Amount::ZERO => "to the payer",
            EscrowKind::TimedOut | EscrowKind::Resolved if effect.returned.is_positive() => "split",
            EscrowKind::TimedOut | EscrowKind::Resolved => "to the payee",
            _ if pays => "pays",
            _ => "is paid",
        };
        let costs = if pays { effect.fee.usdc() } else { f64::NAN };
        let amount = amount.usdc();
        self.tell_about(agent, about, kind, |event| Event { amount, costs, reason, ..event });
    }

    /// Fees that netting saved each agent: on what it was obliged to pay, less those that it paid.
    fn count_netting(&mut self, agreement: usize, effect: &EscrowEffect) {
        let Some(state) = self.ws.prime.as_deref_mut() else { return };
        match (effect.kind, effect.payer) {
            (EscrowKind::Obliged, Some(Party::Agent(agent))) => {
                state.agents[agent].obliged[agreement] += effect.amount;
            }
            (EscrowKind::NetPaid, Some(Party::Agent(agent))) => {
                state.agents[agent].net_fee[agreement] = effect.fee;
            }
            (EscrowKind::Netted { .. }, _) => self.count_settlement(agreement, effect),
            _ => {}
        }
    }

    fn count_settlement(&mut self, agreement: usize, effect: &EscrowEffect) {
        for agent in 0..self.plan.agents.len() {
            let Some(state) = self.ws.prime.as_deref_mut() else { return };
            let mine = &mut state.agents[agent];
            let obliged = std::mem::replace(&mut mine.obliged[agreement], Amount::ZERO);
            let paid = std::mem::replace(&mut mine.net_fee[agreement], Amount::ZERO);
            let saved = state.escrow.spec().fee_on(obliged) - paid;
            if obliged == Amount::ZERO {
                continue;
            }
            self.ws.outcomes[agent].add(Metric::FeesSaved, saved.usdc());
            self.ws.outcomes[agent].fire(Rule::Netting);
            let amount = effect.amount.usdc();
            let about = About::Agreement(agreement);
            self.tell_about(agent, about, EventKind::Netted, |event| Event { amount, ..event });
        }
    }

    fn count_lending(&mut self, effect: &LendingEffect) {
        if let LendingEffectKind::Opened { .. } = effect.kind {
            self.count_opening(effect);
        }
        let arrived_ms = self.count_end(effect);
        if let lending::Party::Agent(agent) = effect.lender {
            self.count_lender(agent, effect, arrived_ms);
        }
        if let lending::Party::Agent(agent) = effect.borrower {
            self.count_borrower(agent, effect);
        }
        for party in [effect.lender, effect.borrower] {
            if let lending::Party::Agent(agent) = party {
                self.holdings_changed(agent);
                self.tell_lending(agent, effect);
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
                outcome.fire(Rule::LendingLoss);
            }
            _ => count_call(outcome, &effect.kind),
        }
    }

    fn count_borrower(&mut self, agent: usize, effect: &LendingEffect) {
        let outcome = &mut self.ws.outcomes[agent];
        match effect.kind {
            LendingEffectKind::InterestPaid { .. } => {
                outcome.add(Metric::InterestPaid, effect.usdc);
            }
            _ => count_call(outcome, &effect.kind),
        }
    }

    fn tell_lending(&mut self, agent: usize, effect: &LendingEffect) {
        let lends = effect.lender == lending::Party::Agent(agent);
        let (kind, reason) = lending_event(&effect.kind, lends);
        let costs = match effect.kind {
            LendingEffectKind::InterestPaid { cut } => Self::whole(effect.asset, cut),
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

fn count_call(outcome: &mut crate::engine::metrics::AgentOutcome, kind: &LendingEffectKind) {
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
        LendingEffectKind::Shortfall { .. } => (EventKind::LendingShortfall, side),
    }
}
