//! The clock of one path: from one instant that can matter to the next.
//!
//! Between such instants nothing can happen: every position's thresholds are prices, and the
//! path is asked for the first tick that leaves the interval around the present marks in which
//! none of them lies ([`super::quiet`]). [`run_every_instant`] takes no such short cut.

use super::event::Recorder;
use super::fault::{LedgerFault, RunError, RunFault};
use super::plan::{CheckLevel, MetricLevel, Plan};
use super::workspace::Workspace;
use crate::prices::PricePath;
use crate::units::time::{NEVER_MS, next_on_grid_ms};
use crate::venue::exchange::Position;

/// Runs a plan on a path that has begun; the outcome is left in the workspace.
///
/// A pure function of its arguments: the recorder sees, and changes nothing.
pub fn run<P: PricePath, R: Recorder>(
    plan: &Plan,
    path: &mut P,
    seed: u64,
    path_number: u64,
    workspace: &mut Workspace,
    recorder: &mut R,
) -> Result<(), RunError> {
    Run::<P, R, false>::new(plan, path, path_number, workspace, recorder).finish(seed)
}

/// As [`run`], but stops at every tick and every look of every monitor, in order. Slow; it is
/// what [`run`] is tested against.
pub fn run_every_instant<P: PricePath, R: Recorder>(
    plan: &Plan,
    path: &mut P,
    seed: u64,
    path_number: u64,
    workspace: &mut Workspace,
    recorder: &mut R,
) -> Result<(), RunError> {
    Run::<P, R, true>::new(plan, path, path_number, workspace, recorder).finish(seed)
}

/// One path in the making. `EVERY` is true for the slow engine.
pub(super) struct Run<'a, P, R, const EVERY: bool> {
    pub plan: &'a Plan,
    pub path: &'a mut P,
    pub ws: &'a mut Workspace,
    pub recorder: &'a mut R,
    pub path_number: u64,
    pub start_ms: i64,
    pub end_ms: i64,
    pub now_ms: i64,
    /// The tick whose marks hold.
    pub tick: usize,
    /// The tick whose marks were loaded last.
    pub loaded: Option<usize>,
    /// The agent whose monitors are looking, in (7).
    pub looking: Option<usize>,
}

impl<'a, P: PricePath, R: Recorder, const EVERY: bool> Run<'a, P, R, EVERY> {
    fn new(
        plan: &'a Plan,
        path: &'a mut P,
        path_number: u64,
        ws: &'a mut Workspace,
        recorder: &'a mut R,
    ) -> Self {
        let start_ms = path.tick_ms(0);
        let end_ms = path.tick_ms(path.ticks() - 1);
        Self {
            plan,
            path,
            ws,
            recorder,
            path_number,
            start_ms,
            end_ms,
            now_ms: start_ms,
            tick: 0,
            loaded: None,
            looking: None,
        }
    }

    fn finish(mut self, seed: u64) -> Result<(), RunError> {
        self.start(seed)?;
        while let Some((time_ms, tick)) = self.next_instant() {
            self.at_instant(time_ms, tick)?;
        }
        self.close_books();
        self.check(true)
    }

    /// Everything that happens at an instant, and what a recorder wants to see before it.
    pub(super) fn at_instant(&mut self, time_ms: i64, tick: usize) -> Result<(), RunError> {
        self.confirm_before(time_ms);
        self.samples_before(time_ms);
        self.now_ms = time_ms;
        self.tick = tick;
        self.instant();
        self.check(self.plan.checks == CheckLevel::EveryBatch)
    }

    /// Opens the accounts and their positions at the first tick.
    pub(super) fn open(&mut self, seed: u64) {
        self.ws.reset(seed, self.path_number);
        self.ws.shocks.begin(seed, self.path_number, self.start_ms);
        self.load_marks(0);
        self.ws.exchange.begin_instant(self.start_ms);
        self.prime_endows();
        self.fleets_endow();
        for (index, agent) in self.plan.agents.iter().enumerate() {
            self.ws.exchange.deposit(index, self.trading_wallet(index, agent.wallet));
            for (position, spec) in agent.positions.iter().enumerate() {
                self.ws.exchange.open_at_start(index, position, spec);
                let slot = &mut self.ws.agents[index].slots[position];
                let opened = &self.ws.exchange.accounts()[index].positions[position];
                slot.first_quantity = opened.quantity;
                slot.first_collateral = spec.collateral;
                let zones = self.zones_of(index, position);
                let health = self.ws.exchange.health(index, position).factor();
                self.ws.agents[index].slots[position].zone = Some(zones.zone(health));
            }
            self.first_looks(index);
        }
        for (market, spec) in self.plan.exchange.markets.iter().enumerate() {
            let next_ms = spec.funding.as_ref().map(|funding| funding.next_ms(self.start_ms));
            self.ws.funding_due_ms[market] = next_ms.unwrap_or(NEVER_MS);
        }
        self.drain_effects("start");
        self.raise_slippage();
        self.prime_opens();
        self.fleets_open();
        // A position may start at or below its venue's level.
        self.show_health();
        self.venue_checks();
        self.show_health();
        self.begin_watching();
        self.set_quiet();
    }

    /// The first look of each monitor, one interval after the start.
    fn first_looks(&mut self, agent: usize) {
        let plan = &self.plan.agents[agent];
        let state = &mut self.ws.agents[agent];
        if EVERY || plan.guard.acts() {
            state.guard_due_ms = self.start_ms + plan.guard.poll_ms;
            state.guard_stirred = true;
        }
        if let Some(monitor) = plan.zone_monitor.filter(|monitor| monitor.enabled) {
            state.zones_due_ms = self.start_ms + monitor.poll_ms;
        }
    }

    /// The next instant that can matter, and the tick that holds then; `None` at the end.
    fn next_instant(&mut self) -> Option<(i64, usize)> {
        if !EVERY && self.nothing_can_happen() {
            return None;
        }
        let scheduled_ms = self.next_scheduled_ms();
        let from = self.tick + 1;
        let ticks = self.path.ticks();
        let to = if scheduled_ms > self.end_ms {
            ticks
        } else {
            (self.path.tick_at(scheduled_ms - 1) + 1).max(from)
        };
        let loud =
            if self.stops_at_every_tick() { from.min(to) } else { self.quiet_ticks(from, to) };
        if loud < to {
            return Some((self.path.tick_ms(loud), loud));
        }
        (scheduled_ms <= self.end_ms).then(|| (scheduled_ms, self.path.tick_at(scheduled_ms)))
    }

    /// Whether the next tick is an instant whatever its marks.
    pub(super) fn stops_at_every_tick(&self) -> bool {
        let watched = !self.ws.attention.watching.is_empty() || self.checks_rest();
        EVERY || watched || self.loans_meet_impact()
    }

    /// Whether loans are open while forced fills move prices: collateral is then looked at at every
    /// tick, since a price that falls back by itself may pass its line between two.
    fn loans_meet_impact(&self) -> bool {
        let loans = self.ws.prime.as_deref().is_some_and(|prime| !prime.open_loans.is_empty());
        self.ws.impact.is_some() && loans
    }

    /// Passes over the ticks at which nothing can happen; looks at each where metrics ask for it.
    fn quiet_ticks(&mut self, from: usize, to: usize) -> usize {
        let loud = self.path.next_loud(from, to);
        if self.plan.metrics == MetricLevel::Full {
            self.path.expect_loads(from, loud);
            for tick in from..loud {
                self.load_marks(tick);
                let tick_ms = self.path.tick_ms(tick);
                self.glance(tick_ms, tick_ms);
            }
        }
        loud
    }

    pub(super) fn next_scheduled_ms(&self) -> i64 {
        let mut next_ms = NEVER_MS;
        for order in &self.ws.orders {
            next_ms = next_ms.min(order.due_ms);
        }
        for due_ms in &self.ws.funding_due_ms {
            next_ms = next_ms.min(*due_ms);
        }
        if let Some(prime) = &self.ws.prime {
            let waiting_since_ms = self.checks_rest().then_some(self.now_ms);
            next_ms = next_ms.min(prime.next_due_ms(waiting_since_ms));
        }
        next_ms = next_ms.min(self.fleets_due_ms());
        if EVERY {
            let agents = 0..self.plan.agents.len();
            return agents.fold(next_ms, |next_ms, agent| next_ms.min(self.agent_due_ms(agent)));
        }
        next_ms.min(self.ws.attention.timers.next_ms())
    }

    /// Whether no position is open and none can be entered again.
    pub(super) fn nothing_can_happen(&mut self) -> bool {
        self.ws.prime.is_none()
            && self.plan.fleets.is_empty()
            && !self.anything_open()
            && self.ws.orders.is_empty()
            && !self.anyone_waits()
    }

    /// Whether any position is open.
    pub(super) fn anything_open(&mut self) -> bool {
        let accounts = self.ws.exchange.accounts();
        let open = |agent: &usize| accounts[*agent].positions.iter().any(Position::is_open);
        let hint = self.ws.open_hint;
        let found = (hint..accounts.len()).chain(0..hint).find(open);
        self.ws.open_hint = found.unwrap_or(0);
        found.is_some()
    }

    /// Something about an agent's account has changed: its monitors must look again, at the next
    /// instant of their own at which they have not yet looked.
    pub(super) fn disturb(&mut self, agent: usize) {
        let looked = |done: bool| if done { self.now_ms + 1 } else { self.now_ms };
        let guard_from_ms = looked(self.looking.is_some_and(|looking| agent < looking));
        // An agent's zone monitor looks before its guard.
        let zones_from_ms = looked(self.looking.is_some_and(|looking| agent <= looking));
        self.disturb_from(agent, guard_from_ms, zones_from_ms);
    }

    /// As [`Run::disturb`], with the instants from which its guard and its other monitors look.
    pub(super) fn disturb_from(&mut self, agent: usize, guard_from_ms: i64, zones_from_ms: i64) {
        self.disturb_guard(agent, guard_from_ms);
        let plan = &self.plan.agents[agent];
        let state = &mut self.ws.agents[agent];
        if let Some(monitor) = plan.zone_monitor.filter(|monitor| monitor.enabled) {
            let next_ms = next_on_grid_ms(self.start_ms, monitor.poll_ms, zones_from_ms);
            state.zones_due_ms = state.zones_due_ms.min(next_ms);
        }
        self.disturb_prime(agent, zones_from_ms);
        let late = self.looking.is_none() && guard_from_ms > self.now_ms;
        self.disturb_fleet(agent, late);
    }

    /// The guard of an agent looks again at the next instant of its own.
    pub(super) fn disturb_guard(&mut self, agent: usize, from_ms: i64) {
        self.ws.attention.touch(agent);
        let guard = &self.plan.agents[agent].guard;
        if guard.acts() {
            let next_ms = next_on_grid_ms(self.start_ms, guard.poll_ms, from_ms);
            let state = &mut self.ws.agents[agent];
            state.guard_due_ms = next_ms.min(state.guard_due_ms);
            state.guard_stirred = true;
        }
    }

    /// Writes the marks of a tick into the exchange.
    pub(super) fn load_marks(&mut self, tick: usize) {
        // What forced fills add to them decays between ticks too.
        if self.loaded == Some(tick) && self.ws.impact.is_none() {
            return;
        }
        self.loaded = Some(tick);
        let (marks, lasts) = self.ws.exchange.prices_mut();
        self.path.load(tick, marks, lasts);
        self.lay_impact_over(tick);
    }

    pub(super) fn check(&self, wanted: bool) -> Result<(), RunError> {
        let (path, time_ms) = (self.path_number, self.now_ms);
        if let Some(asset) = self.out_of_range() {
            let fault = RunFault::Impact { asset: asset.to_owned() };
            return Err(RunError { path, time_ms, fault });
        }
        if !wanted {
            return Ok(());
        }
        let balances = self.ws.exchange.ledger().conservation().map_err(LedgerFault::from);
        let sound = balances.and_then(|()| self.prime_is_backed());
        sound.map_err(|fault| RunError { path, time_ms, fault: fault.into() })
    }
}
