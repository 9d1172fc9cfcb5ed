//! Contracts and netting: what was paid, received, saved and told.

use crate::engine::event::{About, Event, EventKind, Recorder};
use crate::engine::metrics::{Metric, Rule};
use crate::engine::run::Run;
use crate::prices::PricePath;
use crate::units::Amount;
use crate::venue::custody::{Rejection, Service};
use crate::venue::escrow::{EscrowEffect, EscrowKind, Party, Subject};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    pub(super) fn count_escrow(&mut self, effect: &EscrowEffect) {
        if effect.kind == EscrowKind::Refused {
            return self.count_refused(effect);
        }
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
        self.count_side(agent, about, effect);
    }

    /// What concerns both sides of a contract alike.
    fn count_side(&mut self, agent: usize, about: About, effect: &EscrowEffect) {
        let outcome = &mut self.ws.outcomes[agent];
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
        self.count_side(agent, about, effect);
    }

    /// A payment that the payer's free money did not cover.
    fn count_refused(&mut self, effect: &EscrowEffect) {
        let Some(Party::Agent(agent)) = effect.payer else { return };
        let amount = effect.amount.usdc();
        self.ws.outcomes[agent].add(Metric::PaymentsRefused, amount);
        let about = About::Service(Service::Escrow);
        let reason = Rejection::Funds.name();
        self.tell_about(agent, about, EventKind::RequestRejected, |event| Event {
            amount,
            reason,
            ..event
        });
    }

    fn tell_escrow(&mut self, agent: usize, about: About, effect: &EscrowEffect) {
        let mut amount = effect.amount;
        let kind = match effect.kind {
            EscrowKind::Created => EventKind::EscrowCreated,
            EscrowKind::Refused => EventKind::RequestRejected,
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
}
