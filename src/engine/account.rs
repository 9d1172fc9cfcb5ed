//! Keeping count: what the venue did becomes metrics, fired rules and events.

use super::event::{About, Event, EventKind, Recorder};
use super::impact::ForcedFill;
use super::metrics::{AgentOutcome, Metric, Rule};
use super::run::Run;
use crate::ledger::USDC;
use crate::prices::PricePath;
use crate::units::time::DAY_MS;
use crate::venue::exchange::{CloseCause, Effect, EffectKind};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Counts the venue's effects since the last call; the accounts concerned look again.
    pub(super) fn drain_effects(&mut self, reason: &'static str) {
        for index in 0..self.ws.exchange.effects().len() {
            let effect = self.ws.exchange.effects()[index];
            if let Some(state) = self.ws.prime.as_deref_mut() {
                state.margin_changed(effect.account);
            }
            self.count(&effect);
            if R::EVENTS {
                let kind = event_kind(&effect.kind, self.now_ms == self.start_ms);
                self.record(&effect, kind, reason);
            }
            self.disturb(effect.account);
        }
        self.ws.exchange.clear_effects();
    }

    fn count(&mut self, effect: &Effect) {
        let days = (self.now_ms - self.start_ms) as f64 / DAY_MS as f64;
        if let EffectKind::Closed { cause, .. } = effect.kind
            && !matches!(cause, CloseCause::Reduce | CloseCause::Rebalance)
        {
            self.note_shortfall(effect.account);
        }
        if let EffectKind::Closed { cause: CloseCause::ForceClose, units, notional, .. } =
            effect.kind
            && let Some(position) = effect.position
        {
            let account = effect.account;
            let market = self.plan.agents[account].positions[position].market;
            let asset = self.plan.exchange.markets[market].asset;
            self.note_forced(ForcedFill { account, asset, units, notional });
        }
        if matches!(
            effect.kind,
            EffectKind::Closed { partial: false, .. } | EffectKind::Deleveraged
        ) {
            self.note_closed(effect.account);
        }
        let outcome = &mut self.ws.outcomes[effect.account];
        match effect.kind {
            EffectKind::Closed { .. } => count_close(outcome, effect, days),
            EffectKind::Opened { fee, slippage } => {
                outcome.add(Metric::FeesPaid, fee);
                outcome.add(Metric::SlippageCost, slippage);
                if self.now_ms > self.start_ms {
                    outcome.add(Metric::Resumes, 1.0);
                }
            }
            EffectKind::InsurancePaid => {
                outcome.fire(Rule::Insurance);
                outcome.add(Metric::InsuranceUsed, effect.amount);
            }
            EffectKind::Deleveraged => {
                outcome.fire(Rule::Adl);
                outcome.add(Metric::AdlHaircut, effect.amount);
            }
            EffectKind::Socialised => {
                outcome.fire(Rule::Socialised);
                outcome.add(Metric::LossSocialised, effect.amount);
            }
            EffectKind::BadDebt => {
                outcome.fire(Rule::BadDebt);
                outcome.add(Metric::BadDebt, effect.amount);
            }
            EffectKind::MarginCalled => {
                outcome.fire(Rule::MarginCall);
                outcome.add(Metric::MarginCalls, 1.0);
            }
            EffectKind::MarginCallCured => {
                outcome.fire(Rule::MarginCallCured);
                outcome.add(Metric::MarginCallsCured, 1.0);
            }
            EffectKind::Funding => {
                outcome.fire(Rule::Funding);
                outcome.add(Metric::FundingPaid, effect.amount);
            }
        }
    }

    /// An event at the present mark of its position.
    pub(super) fn tell(
        &mut self,
        agent: usize,
        position: Option<usize>,
        kind: EventKind,
        amount: f64,
        reason: &'static str,
    ) {
        if R::EVENTS {
            let event = self.event_now(agent, position, kind);
            self.recorder.event(&Event { amount, price: event.mark, reason, ..event });
        }
    }

    /// An alert, delivered `latency_ms` after the look.
    pub(super) fn alert(
        &mut self,
        agent: usize,
        position: usize,
        zone: &'static str,
        latency_ms: i64,
    ) {
        if R::EVENTS {
            let mut event = self.event_now(agent, Some(position), EventKind::Alert);
            event.time_ms += latency_ms;
            event.price = event.mark;
            event.reason = zone;
            self.recorder.event(&event);
        }
    }

    fn record(&mut self, effect: &Effect, kind: EventKind, reason: &'static str) {
        let Effect { account, position, mut amount, price, .. } = *effect;
        let mut event = self.event_now(account, position, kind);
        match effect.kind {
            EffectKind::Closed { fee, penalty, health_before, notional, .. } => {
                event.notional = notional;
                event.costs = fee + penalty;
                event.health_before = health_before;
            }
            EffectKind::Opened { fee, .. } => event.costs = fee,
            // Its figure is the margin ratio that was judged, no money.
            EffectKind::MarginCalled | EffectKind::MarginCallCured => {
                event.utilisation = amount;
                amount = f64::NAN;
            }
            _ => {}
        }
        self.recorder.event(&Event { amount, price, reason, ..event });
    }

    pub(super) fn event_now(
        &self,
        agent: usize,
        position: Option<usize>,
        kind: EventKind,
    ) -> Event {
        let exchange = &self.ws.exchange;
        let open = position.filter(|&index| exchange.accounts()[agent].positions[index].is_open());
        Event {
            time_ms: self.now_ms,
            agent,
            kind,
            position,
            about: About::Account,
            amount: f64::NAN,
            asset: USDC,
            price: f64::NAN,
            mark: self.mark_at(agent, position),
            notional: f64::NAN,
            costs: f64::NAN,
            due_ms: None,
            health_before: f64::NAN,
            health_factor: open.map_or(f64::NAN, |index| exchange.health(agent, index).factor()),
            utilisation: self.capital(agent).utilisation(),
            reason: "",
        }
    }

    pub(super) fn mark_at(&self, agent: usize, position: Option<usize>) -> f64 {
        let exchange = &self.ws.exchange;
        position.map_or(f64::NAN, |index| {
            exchange.mark_of(&exchange.accounts()[agent].positions[index])
        })
    }
}

fn event_kind(effect: &EffectKind, at_start: bool) -> EventKind {
    match effect {
        EffectKind::Closed { cause, .. } => match cause {
            CloseCause::ForceClose => EventKind::Liquidated,
            CloseCause::KillSwitch => EventKind::KillSwitchClosed,
            CloseCause::StopLoss => EventKind::StopLoss,
            CloseCause::Reduce => EventKind::Reduced,
            CloseCause::Rebalance => EventKind::Rebalanced,
        },
        EffectKind::Opened { .. } if at_start => EventKind::Opened,
        EffectKind::Opened { .. } => EventKind::Resumed,
        EffectKind::InsurancePaid => EventKind::InsurancePaid,
        EffectKind::Deleveraged => EventKind::AutoDeleveraged,
        EffectKind::Socialised => EventKind::LossSocialised,
        EffectKind::BadDebt => EventKind::BadDebt,
        EffectKind::Funding => EventKind::Funding,
        EffectKind::MarginCalled => EventKind::MarginCall,
        EffectKind::MarginCallCured => EventKind::MarginCallCured,
    }
}

fn count_close(outcome: &mut AgentOutcome, effect: &Effect, days: f64) {
    let EffectKind::Closed {
        cause,
        partial,
        notional,
        fee,
        penalty,
        slippage,
        shortfall_to_mark,
        equity_left,
        ..
    } = effect.kind
    else {
        return;
    };
    outcome.add(Metric::FeesPaid, fee);
    outcome.add(Metric::SlippageCost, slippage);
    match cause {
        CloseCause::ForceClose => {
            if outcome.get(Metric::Liquidations) == 0.0 {
                outcome.set(Metric::TimeToFirstLiquidation, days);
            }
            outcome.add(Metric::Liquidations, 1.0);
            outcome.add(Metric::DistressExits, 1.0);
            outcome.add(Metric::LiquidatedNotional, notional);
            outcome.add(Metric::LiquidationLoss, fee + penalty + shortfall_to_mark);
            outcome.add(Metric::Penalties, penalty);
            outcome.fire(if partial {
                Rule::LiquidationPartial
            } else if equity_left > 0.0 {
                Rule::LiquidationWithEquity
            } else {
                Rule::LiquidationNoEquity
            });
        }
        CloseCause::KillSwitch => {
            outcome.add(Metric::KillSwitches, 1.0);
            outcome.add(Metric::DistressExits, 1.0);
        }
        CloseCause::StopLoss => outcome.add(Metric::StopLosses, 1.0),
        CloseCause::Reduce => outcome.add(Metric::Reductions, 1.0),
        CloseCause::Rebalance => outcome.add(Metric::Rebalances, 1.0),
    }
}
