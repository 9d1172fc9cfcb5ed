//! Rounds of venue checks: after (4) has come to rest, what it filled moves the marks and (4) runs
//! again, until no fill follows or the rounds of the instant are used up. What is due then waits
//! for the next tick.

use super::chains::Chains;
use super::overlay::{ImpactOverlay, OutOfRange};
use super::spec::ImpactSpec;
use crate::engine::event::{About, Event, EventKind, Recorder};
use crate::engine::metrics::{AgentOutcome, Metric, Rule};
use crate::engine::plan::Plan;
use crate::engine::run::Run;
use crate::engine::workspace::Workspace;
use crate::prices::PricePath;

/// Impact feedback of one path.
#[derive(Clone, Debug)]
pub(in crate::engine) struct ImpactState {
    overlay: ImpactOverlay,
    chains: Chains,
    /// Per asset: forced notional of the present round, USDC net, sales below zero.
    flows: Vec<f64>,
    /// Per asset: the account whose forced fill came first in it.
    first: Vec<Option<usize>>,
    /// Rounds of this instant that are over.
    rounds: u32,
    /// The tick while whose marks hold (4) rests.
    blocked: Option<usize>,
    /// Per account: what is due has waited since the tick before.
    waited: Vec<bool>,
    /// Per asset: largest |factor − 1| so far.
    largest: Vec<f64>,
    out_of_range: Option<OutOfRange>,
}

impl ImpactState {
    pub fn new(plan: &Plan, spec: &ImpactSpec) -> Self {
        let (assets, accounts) = (spec.assets.len(), plan.agents.len());
        Self {
            overlay: ImpactOverlay::new(assets),
            chains: Chains::new(spec.cascade_window_ms, accounts),
            flows: vec![0.0; assets],
            first: vec![None; assets],
            rounds: 0,
            blocked: None,
            waited: vec![false; accounts],
            largest: vec![0.0; assets],
            out_of_range: None,
        }
    }

    pub fn reset(&mut self) {
        self.overlay.reset();
        self.chains.reset();
        self.flows.fill(0.0);
        self.first.fill(None);
        self.rounds = 0;
        self.blocked = None;
        self.waited.fill(false);
        self.largest.fill(0.0);
        self.out_of_range = None;
    }

    /// Starts an instant while the marks of `tick` hold. Says whether (4), which has rested, runs
    /// again.
    pub fn begin_instant(&mut self, tick: usize) -> bool {
        self.rounds = 0;
        let resumes = self.blocked.is_some_and(|blocked| blocked != tick);
        if resumes {
            self.blocked = None;
        }
        resumes
    }

    /// Adds the assets whose prices have moved and are not in the list: of a part that decays, what
    /// the path may do without notice changes from tick to tick.
    pub fn add_moved(&self, assets: &mut Vec<usize>) {
        for asset in self.overlay.moved() {
            if !assets.contains(&asset) {
                assets.push(asset);
            }
        }
    }

    /// The prices of the path for which the mark of an asset stays inside an interval.
    pub fn exogenous(
        &self,
        spec: &ImpactSpec,
        asset: usize,
        tick_ms: i64,
        marks: [f64; 2],
    ) -> [f64; 2] {
        self.overlay.exogenous(&spec.assets[asset], asset, tick_ms, marks)
    }

    /// Counts a forced fill of `units` (above zero: of a long) worth `notional` USDC at mark.
    fn note(&mut self, outcome: &mut AgentOutcome, fill: ForcedFill, now_ms: i64) {
        let ForcedFill { account, asset, units, notional } = fill;
        self.chains.note(account, now_ms);
        // Closing a long sells.
        self.flows[asset] -= if units < 0.0 { -notional } else { notional };
        self.first[asset].get_or_insert(account);
        let round = f64::from(self.rounds + 1);
        if round > outcome.get(Metric::CascadeDepth) {
            outcome.set(Metric::CascadeDepth, round);
        }
        if self.rounds > 0 || self.waited[account] {
            outcome.add(Metric::CascadeLiquidations, 1.0);
            outcome.fire(Rule::ImpactCascade);
        }
    }

    /// Moves the prices by the round's forced fills; says whether anything moved.
    fn apply(&mut self, spec: &ImpactSpec, now_ms: i64, tick_ms: i64) -> bool {
        let mut moved = false;
        for asset in 0..self.flows.len() {
            let flow = self.flows[asset];
            if flow == 0.0 || !spec.moves(asset) {
                continue;
            }
            moved = true;
            if let Err(fault) = self.overlay.add(spec, asset, flow, now_ms) {
                self.out_of_range = Some(fault);
            }
            let factor = self.overlay.factor(spec, asset, tick_ms);
            self.largest[asset] = self.largest[asset].max((factor - 1.0).abs());
        }
        moved
    }

    /// Forgets what the round filled.
    fn end_round(&mut self) {
        self.flows.fill(0.0);
        self.first.fill(None);
    }
}

impl Workspace {
    /// The factor by which forced fills of the last path have moved a price while the marks of a
    /// tick at `tick_ms` hold; 1 where nothing moves prices.
    pub fn impact_factor(&self, plan: &Plan, asset: usize, tick_ms: i64) -> f64 {
        match (&plan.impact, self.impact.as_deref()) {
            (Some(spec), Some(impact)) => impact.overlay.factor(spec, asset, tick_ms),
            _ => 1.0,
        }
    }
}

/// A fill that the venue forces.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct ForcedFill {
    pub account: usize,
    pub asset: usize,
    pub units: f64,
    pub notional: f64,
}

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Counts a forced fill.
    pub(in crate::engine) fn note_forced(&mut self, fill: ForcedFill) {
        let Some(impact) = self.ws.impact.as_deref_mut() else { return };
        let outcome = &mut self.ws.outcomes[fill.account];
        if self.plan.impact.as_ref().is_some_and(|spec| spec.moves(fill.asset)) {
            outcome.fire(Rule::ImpactMoved);
        }
        impact.note(outcome, fill, self.now_ms);
    }

    /// Whether (4) may run now. Once the rounds of an instant are used up it rests until the next
    /// tick; whose positions are due meanwhile is counted.
    pub(in crate::engine) fn round_begins(&mut self) -> bool {
        let (Some(spec), Some(impact)) = (&self.plan.impact, self.ws.impact.as_deref_mut()) else {
            return true;
        };
        if impact.blocked.is_some() || impact.out_of_range.is_some() {
            return false;
        }
        if impact.rounds < spec.rounds {
            return true;
        }
        impact.blocked = Some(self.tick);
        for due in self.ws.exchange.all_due() {
            impact.waited[due.account] = true;
            self.ws.outcomes[due.account].fire(Rule::ImpactCapped);
        }
        false
    }

    /// Whether (4) rests until the next tick, whatever is due.
    pub(in crate::engine) fn venue_rests(&self) -> bool {
        let impact = self.ws.impact.as_deref();
        impact.is_some_and(|impact| impact.blocked.is_some() || impact.out_of_range.is_some())
    }

    /// Ends a round of (4): what it filled moves the marks. Says whether it did, so that (4) must
    /// run again.
    pub(in crate::engine) fn round_ends(&mut self) -> bool {
        let (Some(spec), Some(impact)) = (&self.plan.impact, self.ws.impact.as_deref_mut()) else {
            return false;
        };
        impact.waited.fill(false);
        let tick_ms = self.path.tick_ms(self.tick);
        if !impact.apply(spec, self.now_ms, tick_ms) {
            impact.end_round();
            return false;
        }
        impact.rounds += 1;
        if impact.out_of_range.is_some() {
            return false;
        }
        if R::EVENTS {
            self.tell_moves();
        } else {
            self.load_marks(self.tick);
        }
        if let Some(impact) = self.ws.impact.as_deref_mut() {
            impact.end_round();
        }
        self.ws.exchange.begin_round();
        if let Some(prime) = self.ws.prime.as_deref_mut() {
            prime.spot.begin_round();
            prime.collateral_due = true;
        }
        for agent in 0..self.plan.agents.len() {
            self.disturb(agent);
        }
        true
    }

    /// Loads the moved marks and records the moves, each under the agent whose forced fill came
    /// first in its asset.
    fn tell_moves(&mut self) {
        let before = self.ws.exchange.marks().to_vec();
        self.load_marks(self.tick);
        for (asset, mark) in before.into_iter().enumerate() {
            let Some(impact) = self.ws.impact.as_deref() else { return };
            let (flow, first) = (impact.flows[asset], impact.first[asset]);
            let price = self.ws.exchange.marks()[asset];
            let Some(agent) = first.filter(|_| price != mark) else { continue };
            let reason = if flow < 0.0 { "forced sales" } else { "forced purchases" };
            let event = self.event_now(agent, None, EventKind::PriceMoved);
            let about = About::Price(asset);
            self.recorder.event(&Event { about, amount: flow, price, mark, reason, ..event });
        }
    }

    /// Whether (4) rests until the next tick, which must be stopped at.
    pub(in crate::engine) fn checks_rest(&self) -> bool {
        self.ws.impact.as_deref().is_some_and(|impact| impact.blocked.is_some())
    }

    /// Lays what forced fills have moved over the prices of a tick.
    pub(in crate::engine) fn lay_impact_over(&mut self, tick: usize) {
        if let (Some(spec), Some(impact)) = (&self.plan.impact, self.ws.impact.as_deref()) {
            let (marks, lasts) = self.ws.exchange.prices_mut();
            impact.overlay.lay_over(spec, self.path.tick_ms(tick), marks, lasts);
        }
    }

    /// The asset whose price forced fills would move out of range.
    pub(in crate::engine) fn out_of_range(&self) -> Option<&str> {
        let fault = self.ws.impact.as_deref()?.out_of_range?;
        self.plan.assets.get(fault.asset).map(String::as_str)
    }

    /// What is known only at the end.
    pub(in crate::engine) fn close_impact(&mut self) {
        let Some(impact) = self.ws.impact.as_deref_mut() else { return };
        for (outcome, own) in self.ws.outcomes.iter_mut().zip(impact.chains.largest()) {
            outcome.set(Metric::CascadeSize, f64::from(*own));
        }
        for (outcome, agent) in self.ws.outcomes.iter_mut().zip(&self.plan.agents) {
            let markets = agent.positions.iter().map(|position| position.market);
            let assets = markets.map(|market| self.plan.exchange.markets[market].asset);
            let largest = assets.map(|asset| impact.largest[asset]).fold(0.0, f64::max);
            outcome.set(Metric::ImpactMove, largest);
        }
    }
}
