//! The quiet interval: marks between which no threshold of any position lies.
//!
//! An isolated position's health factor is a function of its own mark, so each threshold is a
//! price. In cross margin a threshold is a plane `Σ βᵢ·pᵢ = c`; a box around the present marks
//! in which every `|βᵢ·Δpᵢ|` stays below its equal share of the distance cannot touch it.

mod own;

pub(super) use own::{Idle, KeptInterval};

use super::event::Recorder;
use super::run::Run;
use super::workspace::Workspace;
use crate::policy::{StopTrigger, TopUpThresholds};
use crate::prices::PricePath;
use crate::venue::exchange::{MarginMode, Position, UsedMargin};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Tells the path between which marks nothing can happen from here on, and when each agent that
    /// was touched is due next.
    pub(super) fn set_quiet(&mut self) {
        if EVERY {
            return;
        }
        self.notice_late_changes();
        let mut place = 0;
        while let Some(agent) = self.ws.attention.touched.first_from(place) {
            place = agent + 1;
            self.spare_look(agent);
            self.set_quiet_of(agent);
            let due_ms = self.agent_due_ms(agent);
            self.ws.attention.timers.set(agent, due_ms);
        }
        self.narrow_shared();
        self.tell_path();
    }

    /// One agent's share: it is watched at every tick, or until a mark leaves its interval.
    fn set_quiet_of(&mut self, agent: usize) {
        let ws = &mut *self.ws;
        ws.attention.bounds.open(agent, &mut ws.quiet_low, &mut ws.quiet_high);
        let moving = self.must_watch(agent);
        if self.prime_watches(agent) || (moving && self.has_open(agent)) {
            self.ws.attention.watching.insert(agent);
        } else {
            self.ws.attention.watching.remove(agent);
            if !moving {
                self.narrow_for(agent);
            }
        }
        let ws = &mut *self.ws;
        ws.attention.bounds.set(agent, &ws.quiet_low, &ws.quiet_high);
    }

    fn has_open(&self, agent: usize) -> bool {
        self.ws.exchange.accounts()[agent].positions.iter().any(Position::is_open)
    }

    /// What concerns all agents together, and is computed anew after every instant.
    fn narrow_shared(&mut self) {
        let Workspace { shared, attention, .. } = &mut *self.ws;
        shared.open(|asset| attention.bounds.mark_changed(asset));
        self.narrow_to_collateral();
        self.narrow_to_fleets();
        let Workspace { shared, attention, .. } = &mut *self.ws;
        for asset in &shared.bound {
            attention.bounds.mark_changed(*asset);
        }
    }

    /// Tells the path what of its interval has changed; where the next tick is an instant anyway, and no
    /// impact decays until then, later.
    fn tell_path(&mut self) {
        if self.ws.impact.is_none() && self.stops_at_every_tick() {
            return;
        }
        let tick_ms = self.path.tick_ms(self.tick);
        let ws = &mut *self.ws;
        ws.attention.bounds.take_changed(&mut ws.retold);
        let impact = self.plan.impact.as_ref().zip(ws.impact.as_deref());
        if let Some((_, impact)) = impact {
            impact.add_moved(&mut ws.retold);
        }
        ws.retold.retain(|&asset| {
            let [low, high] = ws.attention.bounds.of(asset);
            let marks = [low.max(ws.shared.low[asset]), high.min(ws.shared.high[asset])];
            let prices = match impact {
                Some((spec, impact)) => impact.exogenous(spec, asset, tick_ms, marks),
                None => marks,
            };
            let before = [ws.path_low[asset], ws.path_high[asset]];
            [ws.path_low[asset], ws.path_high[asset]] = prices;
            before != prices
        });
        self.path.set_quiet_of(&ws.retold, &ws.path_low, &ws.path_high);
    }

    /// Orders on their way shift what the guard sees, and some decisions hang on the very price.
    fn must_watch(&self, agent: usize) -> bool {
        self.ws.agents[agent].slots.iter().any(|slot| slot.in_flight() || slot.watch)
    }

    fn narrow_for(&mut self, agent: usize) {
        let mut cross = 0;
        for position in 0..self.ws.agents[agent].slots.len() {
            let slot = &self.ws.exchange.accounts()[agent].positions[position];
            if !slot.is_open() {
                continue;
            }
            match slot.mode {
                MarginMode::Isolated => self.narrow_isolated(agent, position),
                MarginMode::Cross => {
                    cross += 1;
                    let (asset, apart) = self.apart_from_equity(agent, position);
                    self.narrow_asset(asset, apart);
                }
            }
        }
        if cross > 0 {
            self.narrow_cross(agent, cross);
        }
        self.narrow_to_call(agent);
        self.narrow_to_zones(agent);
    }

    /// The margin ratio is a quotient of two sums over everything open; it passes its limit where
    /// `used − ratio·capital` changes its sign, a plane in the marks of all.
    fn narrow_to_call(&mut self, agent: usize) {
        let exchange = &self.ws.exchange;
        let Some(call) = exchange.margin_call() else { return };
        let capital = exchange.capital(agent);
        let (used, maintained) = match call.used {
            UsedMargin::Initial => (capital.reserved, 0.0),
            UsedMargin::Maintenance => (exchange.held_and_maintained(agent), 1.0),
        };
        let slots = &exchange.accounts()[agent].positions;
        let counted = exchange.counted(agent);
        let open = slots.iter().filter(|slot| slot.is_open()).count() + counted.len();
        // Without capital any reservation is a breach, with it one above the limit: the plane of
        // the limit is passed before capital is gone, since the ratio is above zero.
        let share = (used - call.ratio * capital.equity).abs() / open as f64;
        for slot in slots.iter().filter(|slot| slot.is_open()) {
            let market = exchange.market(slot.market);
            let steepest = call.ratio + maintained * market.maintenance.highest_rate();
            let reach = share / (slot.units.abs() * steepest);
            let mark = exchange.mark_of(slot);
            let low = &mut self.ws.quiet_low[market.asset];
            let high = &mut self.ws.quiet_high[market.asset];
            *low = low.max(mark - reach);
            *high = high.min(mark + reach);
        }
        for (asset, units) in counted {
            let reach = share / (units * call.ratio);
            let mark = exchange.marks()[*asset];
            self.ws.quiet_low[*asset] = self.ws.quiet_low[*asset].max(mark - reach);
            self.ws.quiet_high[*asset] = self.ws.quiet_high[*asset].min(mark + reach);
        }
    }

    fn narrow_cross(&mut self, agent: usize, count: usize) {
        let health = self.ws.exchange.cross_health(agent);
        let venue_level = self.ws.exchange.cross_level(agent);
        for position in 0..self.ws.agents[agent].slots.len() {
            let mut levels = self.levels(agent, position);
            levels.push(venue_level);
            if self.ws.exchange.margin_call().is_some() {
                // Equity at what must be maintained.
                levels.push(1.0);
            }
            let exchange = &self.ws.exchange;
            let slot = &exchange.accounts()[agent].positions[position];
            if slot.mode != MarginMode::Cross || !slot.is_open() {
                continue;
            }
            // A level of one position is a plane in the marks of all.
            for level in levels.iter() {
                let distance = (health.equity - level * health.maintenance).abs();
                let share = distance / count as f64;
                for other in &exchange.accounts()[agent].positions {
                    if other.mode != MarginMode::Cross || !other.is_open() {
                        continue;
                    }
                    let market = exchange.market(other.market);
                    let steepest = 1.0 + level * market.maintenance.highest_rate();
                    let reach = share / (other.units.abs() * steepest);
                    let mark = exchange.mark_of(other);
                    let low = &mut self.ws.quiet_low[market.asset];
                    let high = &mut self.ws.quiet_high[market.asset];
                    *low = low.max(mark - reach);
                    *high = high.min(mark + reach);
                }
            }
        }
    }

    /// The health factors at which something may happen to a position.
    fn levels(&self, agent: usize, position: usize) -> Levels {
        let plan = &self.plan.agents[agent];
        let spec = &plan.positions[position];
        let mut levels = Levels::default();
        levels.push(self.plan.exchange.markets[spec.market].liquidation_hf);
        let guard = &plan.guard;
        if let Some(top_up) = guard.active_top_up() {
            let TopUpThresholds { warning, danger, .. } = plan.thresholds[position];
            levels.push(warning);
            if top_up.fallback_to_kill_switch {
                levels.push(danger);
            }
        }
        if let Some(trigger) = guard.active_kill_switch().and_then(|kill| kill.trigger_hf) {
            levels.push(trigger);
        }
        if let Some(reduce) = guard.active_reduce() {
            levels.push(reduce.trigger_hf);
        }
        if let Some(StopTrigger::HealthFactor(level)) =
            guard.active_stop_loss().map(|stop| stop.trigger)
        {
            levels.push(level);
        }
        if plan.zone_monitor.is_some_and(|monitor| monitor.enabled) {
            let zones = self.zones_of(agent, position);
            levels.push(zones.safe);
            levels.push(zones.warning);
            levels.push(zones.danger);
        }
        // Of cross margin the wallet is part, counted or not.
        if R::HEALTH
            && let Some(awaited) = self.recorder.awaited(agent)
            && (!awaited.backed || spec.mode == MarginMode::Cross)
        {
            levels.push(awaited.level);
        }
        levels
    }
}

/// A few levels on the stack.
#[derive(Default)]
struct Levels {
    values: [f64; 12],
    count: usize,
}

impl Levels {
    fn push(&mut self, level: f64) {
        self.values[self.count] = level;
        self.count += 1;
    }

    fn iter(&self) -> impl Iterator<Item = f64> {
        self.values.into_iter().take(self.count)
    }
}
