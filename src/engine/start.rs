//! The start that all paths share.
//!
//! Until the second tick nothing of a path is known but its start prices. Where those are always the
//! same and nothing is drawn, the accounts after the opening and after every look up to there are the
//! same on every path: they are kept from the first path and copied for the others.

use super::agent_state::{AgentState, Order};
use super::attention::Attention;
use super::event::Recorder;
use super::fault::RunError;
use super::metrics::AgentOutcome;
use super::plan::{MetricLevel, Plan};
use super::run::Run;
use super::workspace::Workspace;
use crate::prices::PricePath;
use crate::units::time::NEVER_MS;
use crate::venue::exchange::Exchange;

/// The state right before the second tick.
pub(super) struct Start {
    now_ms: i64,
    /// First, second and last tick.
    ticks_ms: [i64; 3],
    exchange: Exchange,
    agents: Vec<AgentState>,
    attention: Attention,
    orders: Vec<Order>,
    confirmations: Vec<Order>,
    outcomes: Vec<AgentOutcome>,
    path_low: Vec<f64>,
    path_high: Vec<f64>,
    open_hint: usize,
    funding_due_ms: Vec<i64>,
}

/// Whether paths of a plan start alike wherever their prices do: nothing is drawn until the second
/// tick, and nothing is looked at between ticks.
pub(super) fn starts_alike(plan: &Plan) -> bool {
    let fails = |agent: &super::plan::AgentPlan| {
        agent.guard.top_up.as_ref().is_some_and(|spec| spec.failure_probability > 0.0)
    };
    plan.metrics == MetricLevel::Events
        && plan.prime.is_none()
        && plan.fleets.is_empty()
        && plan.impact.is_none()
        && plan.shocks.is_empty()
        && !plan.agents.iter().any(fails)
}

impl Start {
    fn of(ws: &Workspace, now_ms: i64, ticks_ms: [i64; 3]) -> Self {
        Self {
            now_ms,
            ticks_ms,
            exchange: ws.exchange.clone(),
            agents: ws.agents.clone(),
            attention: ws.attention.clone(),
            orders: ws.orders.clone(),
            confirmations: ws.confirmations.clone(),
            outcomes: ws.outcomes.clone(),
            path_low: ws.path_low.clone(),
            path_high: ws.path_high.clone(),
            open_hint: ws.open_hint,
            funding_due_ms: ws.funding_due_ms.clone(),
        }
    }

    fn copy_to(&self, ws: &mut Workspace) {
        ws.exchange.return_to(&self.exchange);
        for (state, start) in ws.agents.iter_mut().zip(&self.agents) {
            state.clone_from(start);
        }
        ws.attention.return_to(&self.attention);
        ws.orders.clone_from(&self.orders);
        ws.confirmations.clone_from(&self.confirmations);
        ws.outcomes.clone_from_slice(&self.outcomes);
        ws.path_low.copy_from_slice(&self.path_low);
        ws.path_high.copy_from_slice(&self.path_high);
        ws.open_hint = self.open_hint;
        ws.funding_due_ms.copy_from_slice(&self.funding_due_ms);
    }
}

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Opens the accounts and goes to the second tick.
    pub(super) fn start(&mut self, seed: u64) -> Result<(), RunError> {
        let second_ms = if self.path.ticks() > 1 { self.path.tick_ms(1) } else { NEVER_MS };
        let ticks_ms = [self.start_ms, second_ms, self.end_ms];
        let watched = EVERY || R::EVENTS || R::HEALTH || self.recorder.next_sample_ms() != NEVER_MS;
        if !self.ws.starts_alike || watched {
            self.open(seed);
            return self.check(true);
        }
        if self.takes_start(ticks_ms) {
            return Ok(());
        }
        self.open(seed);
        self.check(true)?;
        while let Some(time_ms) = self.next_before(second_ms) {
            self.at_instant(time_ms, 0)?;
        }
        self.ws.start = Some(Box::new(Start::of(self.ws, self.now_ms, ticks_ms)));
        Ok(())
    }

    /// The next instant at which anything is due, if it lies before a tick and inside the run.
    fn next_before(&mut self, tick_ms: i64) -> Option<i64> {
        if self.nothing_can_happen() {
            return None;
        }
        let time_ms = self.next_scheduled_ms();
        (time_ms < tick_ms && time_ms <= self.end_ms).then_some(time_ms)
    }

    /// Copies the start that was kept, if the path begins with the same prices.
    fn takes_start(&mut self, ticks_ms: [i64; 3]) -> bool {
        let Some(start) = self.ws.start.take() else { return false };
        let (marks, lasts) = self.ws.exchange.prices_mut();
        self.path.load(0, marks, lasts);
        let same = start.ticks_ms == ticks_ms && start.exchange.has_prices_of(&self.ws.exchange);
        if same {
            start.copy_to(self.ws);
            self.now_ms = start.now_ms;
            self.loaded = Some(0);
            self.path.set_quiet(&self.ws.path_low, &self.ws.path_high);
        }
        self.ws.start = Some(start);
        same
    }
}
