//! The steps of an instant that belong to prime brokerage: pools in (2), what falls due in (3),
//! collateral in (4), scheduled actions and policies' orders in (6).

use super::backed;
use crate::engine::event::Recorder;
use crate::engine::fault::LedgerFault;
use crate::engine::run::Run;
use crate::prices::PricePath;
use crate::units::Amount;
use crate::units::time::{NEVER_MS, YEAR_MS, next_on_grid_ms};
use crate::venue::custody::{Service, Silo};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// After positions have been opened: grants, bankrolls, first loans and contracts.
    pub(in crate::engine) fn prime_opens(&mut self) {
        let Some(plan) = self.plan.prime.as_ref() else { return };
        let (start_ms, ws) = (self.start_ms, &mut *self.ws);
        let Some(state) = ws.prime.as_deref_mut() else { return };
        state.pools.start(start_ms, ws.exchange.marks(), &mut state.lending, &ws.shocks);
        if state.has_services {
            for (mark, asset) in state.step_marks.iter_mut().zip(&plan.factor_assets) {
                *mark = ws.exchange.marks()[*asset];
            }
            state.with_books(&mut ws.exchange, start_ms, |books, _, services| {
                services.start(books);
            });
        }
        for (agent, plan) in plan.agents.iter().enumerate() {
            let poll_ms = plan.policy.as_ref().map(|policy| policy.poll_ms);
            state.agents[agent].due_ms = poll_ms.map_or(NEVER_MS, |poll_ms| start_ms + poll_ms);
            let poll_ms = plan.keep.map(|keep| keep.poll_ms);
            state.agents[agent].keep_due_ms = poll_ms.map_or(NEVER_MS, |p| start_ms + p);
        }
        self.count_prime();
        self.venue_checks();
        self.scheduled_actions();
        for agent in 0..self.plan.agents.len() {
            let equity = self.wealth(agent, start_ms);
            let zone = self.zone_now(agent);
            if let Some(state) = self.ws.prime.as_deref_mut() {
                state.agents[agent].start_equity = equity;
                state.agents[agent].zone = zone;
            }
        }
    }

    /// (2): conditions of the lending pools move at the end of their step, and with shocks.
    pub(in crate::engine) fn pools_move(&mut self) {
        let now_ms = self.now_ms;
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return };
        if state.pools.next_ms() > now_ms {
            return;
        }
        state.pools.advance(now_ms, ws.exchange.marks(), &mut state.lending, &ws.shocks);
        state.collateral_due = true;
        // Whoever lends looks again when a rate has passed what it wants.
        let Some(plan) = self.plan.prime.as_ref() else { return };
        for (agent, own) in plan.agents.iter().enumerate() {
            let Some(state) = self.ws.prime.as_deref() else { return };
            let passed = |policy| state.pools.passed_rate_of(policy, &state.lending);
            if own.policy.as_ref().is_some_and(passed) {
                self.disturb(agent);
            }
        }
    }

    /// (3): what falls due settles: moves between silos, registrations, the services' step,
    /// escrow, loans.
    pub(in crate::engine) fn prime_settles(&mut self) {
        let now_ms = self.now_ms;
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return };
        if state.custody.next_due_ms() <= now_ms {
            let (ledger, _) = ws.exchange.parts();
            state.custody.settle(now_ms, ledger);
        }
        if state.has_services && state.services.next_due_ms() <= now_ms {
            self.services_step();
        }
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return };
        if state.escrow.next_due_ms() <= now_ms {
            state.with_books(&mut ws.exchange, now_ms, |books, escrow, _| escrow.settle(books));
        }
        if state.lending.next_due_ms() <= now_ms {
            state.lending.set_recall_failure(ws.shocks.recall_failure(now_ms));
            state.with_lending(&mut ws.exchange, now_ms, |lending, context| {
                lending.settle(context);
            });
            state.collateral_due = true;
        }
        self.count_prime();
    }

    /// Registrations that are complete, then the step of the services if it has ended.
    fn services_step(&mut self) {
        let now_ms = self.now_ms;
        let Some(plan) = self.plan.prime.as_ref() else { return };
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return };
        state.with_books(&mut ws.exchange, now_ms, |books, _, services| services.settle(books));
        if state.services.next_step_ms() > now_ms {
            return;
        }
        let years = plan.services.step_ms as f64 / YEAR_MS as f64;
        for (index, asset) in plan.factor_assets.iter().enumerate() {
            let mark = ws.exchange.marks()[*asset];
            let deviation = plan.volatility[*asset] * years.sqrt();
            state.returns[index] = libm::log(mark / state.step_marks[index]) / deviation;
            state.step_marks[index] = mark;
        }
        if plan.services.factors.crisis.is_some() {
            let since_ms = now_ms - plan.services.step_ms;
            state.services.set_crisis(crisis_weight(self.path, since_ms, now_ms));
        }
        let returns = std::mem::take(&mut state.returns);
        state.with_books(&mut ws.exchange, now_ms, |books, escrow, services| {
            services.step(books, escrow, &returns);
        });
        state.returns = returns;
    }

    /// (4): loans whose collateral is below the requirement, and calls whose grace has passed. Says
    /// whether anything happened.
    pub(in crate::engine) fn collateral_checked(&mut self) -> bool {
        let now_ms = self.now_ms;
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return false };
        if !std::mem::take(&mut state.collateral_due) || state.open_loans.is_empty() {
            return false;
        }
        state.with_lending(&mut ws.exchange, now_ms, |lending, context| {
            lending.check_collateral(context);
        });
        let happened = !state.lending_effects.is_empty();
        self.count_prime();
        happened
    }

    /// (6): what agents do at given instants, then what their policies have ordered.
    pub(in crate::engine) fn prime_orders(&mut self) {
        if self.ws.prime.is_none() {
            return;
        }
        self.scheduled_actions();
        self.ordered_actions();
    }

    fn ordered_actions(&mut self) {
        let now_ms = self.now_ms;
        let Some(state) = self.ws.prime.as_deref_mut() else { return };
        if state.orders.iter().all(|order| order.due_ms > now_ms) {
            return;
        }
        let mut due = std::mem::take(&mut state.due);
        due.clear();
        state.orders.retain(|order| {
            let mine = order.due_ms <= now_ms;
            if mine {
                due.push(*order);
            }
            !mine
        });
        for order in &due {
            state.agents[order.agent].ordered -= 1;
        }
        due.sort_by_key(|order| order.agent);
        self.carry_out_all(&due);
        if let Some(state) = self.ws.prime.as_deref_mut() {
            state.due = due;
        }
    }

    /// What scheduled actions of all agents are due, by agent.
    fn scheduled_actions(&mut self) {
        let Some(plan) = self.plan.prime.as_ref() else { return };
        let mut place = 0;
        while let Some(agent) = self.ws.attention.touched.first_from(place) {
            place = agent + 1;
            loop {
                let Some(state) = self.ws.prime.as_deref_mut() else { return };
                let next = state.agents[agent].next;
                let schedule = &plan.agents[agent].schedule;
                let Some(one) = schedule.get(next).filter(|one| one.at_ms <= self.now_ms) else {
                    break;
                };
                state.agents[agent].next += 1;
                self.do_scheduled(agent, &one.action);
                self.venue_checks();
            }
        }
    }

    /// Whether the ledger backs what custody and escrow say.
    pub(in crate::engine) fn prime_is_backed(&self) -> Result<(), LedgerFault> {
        let Some(state) = self.ws.prime.as_deref() else { return Ok(()) };
        // What the venue could not yet close may owe more than it has.
        let all_checked = !self.venue_rests();
        backed::check(state, &self.ws.exchange, all_checked)
    }

    /// An agent looks at its wallet again, at its next instant from `from_ms` on.
    pub(in crate::engine) fn disturb_prime(&mut self, agent: usize, from_ms: i64) {
        let Some(plan) = self.plan.prime.as_ref() else { return };
        let Some(state) = self.ws.prime.as_deref_mut() else { return };
        let (own, mine) = (&plan.agents[agent], &mut state.agents[agent]);
        if let Some(policy) = &own.policy
            && mine.due_ms > from_ms
        {
            let next_ms = next_on_grid_ms(self.start_ms, policy.poll_ms, from_ms);
            mine.due_ms = mine.due_ms.min(next_ms);
        }
        if let Some(keep) = own.keep
            && mine.keep_due_ms > from_ms
        {
            let next_ms = next_on_grid_ms(self.start_ms, keep.poll_ms, from_ms);
            mine.keep_due_ms = mine.keep_due_ms.min(next_ms);
        }
    }

    /// What of an agent's wallet the exchange sees.
    pub(in crate::engine) fn trading_wallet(&self, agent: usize, wallet: Amount) -> Amount {
        match (&self.plan.prime, &self.ws.prime) {
            (Some(plan), Some(state)) if !state.custody.is_unified() => {
                plan.agents[agent].silos[Silo::Of(Service::Trading).index()]
            }
            _ => wallet,
        }
    }
}

/// How far correlations had drifted to those of a crisis, as a mean over the ticks of a span: that
/// is exact for the covariance of what the steps add up to.
fn crisis_weight<P: PricePath>(path: &mut P, from_ms: i64, to_ms: i64) -> f64 {
    let (first, last) = (path.tick_at(from_ms) + 1, path.tick_at(to_ms));
    if first > last {
        return path.crisis_weight(last);
    }
    let sum = (first..=last).fold(0.0, |sum, tick| sum + path.crisis_weight(tick));
    sum / (last + 1 - first) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prices::models::{
        CorrelationDrift, GbmAsset, ModelKind, ModelOptions, ModelPath, ModelSpec,
    };
    use crate::units::time::HOUR_MS;

    /// A drift over four steps of an hour: they begin at 0, 1/4, 1/2 and 3/4 of the way.
    #[test]
    fn the_weight_of_a_span_is_that_of_its_steps() {
        let asset = |name: &str| GbmAsset {
            name: name.into(),
            start_price: 1.0,
            volatility: 0.5,
            drift: 0.0,
        };
        let drift = CorrelationDrift {
            crisis: vec![1.0, 0.9, 0.9, 1.0],
            after_ms: 0,
            over_ms: 4 * HOUR_MS,
            stay_ms: None,
            drawdown: None,
        };
        let spec = ModelSpec {
            start_ms: 0,
            step_ms: HOUR_MS,
            steps: 8,
            assets: vec![asset("A"), asset("B")],
            correlation: vec![1.0, 0.0, 0.0, 1.0],
            kind: ModelKind::Gbm,
            options: ModelOptions { correlation_drift: Some(drift), ..Default::default() },
        };
        let mut path = ModelPath::new(&spec).expect("a sound model");
        path.begin(1, 0);
        let quarter = HOUR_MS / 4;
        // A span without a tick has the weight of the step that led to its last.
        for (from, to, weight) in [(0, 8, 0.125), (8, 16, 0.625), (16, 18, 0.75), (20, 28, 1.0)] {
            let found = crisis_weight(&mut path, from * quarter, to * quarter);
            assert!((found - weight).abs() < 1e-12, "{from} to {to}: {found}");
        }
    }
}
