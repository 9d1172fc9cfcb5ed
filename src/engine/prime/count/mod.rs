//! Keeping count of what wallets, services, escrow and lending did.

mod escrow;
mod lending;

use crate::engine::event::{About, Event, EventKind, Recorder};
use crate::engine::metrics::{Metric, Rule};
use crate::engine::prime::PrimeState;
use crate::engine::run::Run;
use crate::prices::PricePath;
use crate::venue::custody::{MoveEffect, Rejection, Service, Silo};
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
            // Escrow tells what it was about.
            Silo::Of(Service::Escrow) if reason == Rejection::Funds => return,
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
}
