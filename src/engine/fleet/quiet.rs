//! Marks between which nothing of a fleet can happen.

use crate::engine::event::Recorder;
use crate::engine::run::Run;
use crate::policy::UtilisationBounds;
use crate::prices::PricePath;
use crate::venue::exchange::Capital;

/// Between which marks a fleet's utilisation stays in its zone. They hold until something of one of
/// its accounts changes, or a mark leaves them.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct FleetBounds {
    /// Something has changed since they were found.
    pub stale: bool,
    /// Per asset of the path: what all accounts together hold of it, and low and high.
    slopes: Vec<f64>,
    box_of: Vec<[f64; 2]>,
    /// Assets with a slope, and whether.
    bound: Vec<usize>,
    is_bound: Vec<bool>,
}

impl FleetBounds {
    /// Room for so many assets.
    pub fn new(assets: usize) -> Self {
        Self {
            stale: true,
            slopes: vec![0.0; assets],
            box_of: vec![[0.0, f64::INFINITY]; assets],
            bound: Vec::with_capacity(assets),
            is_bound: vec![false; assets],
        }
    }

    /// Starts over.
    pub fn reset(&mut self) {
        self.stale = true;
        for asset in self.bound.drain(..) {
            self.is_bound[asset] = false;
        }
    }

    fn are_left_by(&self, marks: &[f64]) -> bool {
        self.bound.iter().any(|asset| {
            let [low, high] = self.box_of[*asset];
            marks[*asset] <= low || marks[*asset] >= high
        })
    }

    fn add(&mut self, asset: usize, units: f64) {
        if !std::mem::replace(&mut self.is_bound[asset], true) {
            self.bound.push(asset);
            self.slopes[asset] = 0.0;
            self.box_of[asset] = [0.0, f64::INFINITY];
        }
        self.slopes[asset] += units;
    }

    /// A bound is passed where Σ reserved − level·Σ capital changes its sign: a plane in the marks. A
    /// box in which each keeps its share of the distance cannot touch it.
    fn narrow(&mut self, capital: Capital, level: f64, marks: &[f64]) {
        let distance = (capital.reserved - level * capital.equity).abs();
        let share = distance / self.bound.len() as f64;
        for asset in &self.bound {
            let reach = share / (level * self.slopes[*asset].abs());
            let mark = marks[*asset];
            let [low, high] = &mut self.box_of[*asset];
            *low = low.max(mark - reach);
            *high = high.min(mark + reach);
        }
    }
}

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Marks have moved: coordinators that watch every tick look again, and those whose bounds the
    /// marks have left.
    pub(in crate::engine) fn stir_fleets(&mut self) {
        for fleet in 0..self.plan.fleets.len() {
            let state = &self.ws.fleets.all[fleet];
            if state.watch || state.bounds.are_left_by(self.ws.exchange.marks()) {
                self.disturb_coordinator(fleet);
            }
        }
    }

    /// The path must stop where a fleet's utilisation may change its zone.
    pub(in crate::engine) fn narrow_to_fleets(&mut self) {
        for (fleet, plan) in self.plan.fleets.iter().enumerate() {
            let Some(zones) = &plan.zones else { continue };
            if self.ws.fleets.all[fleet].bounds.stale {
                self.find_bounds(fleet, &zones.zones);
            }
            let ws = &mut *self.ws;
            let state = &ws.fleets.all[fleet];
            for asset in &state.bounds.bound {
                // What must be closed in red moves with every mark.
                let every_tick = state.watch || !state.orders.is_empty();
                let [low, high] =
                    if every_tick { [f64::INFINITY, 0.0] } else { state.bounds.box_of[*asset] };
                ws.shared.low[*asset] = ws.shared.low[*asset].max(low);
                ws.shared.high[*asset] = ws.shared.high[*asset].min(high);
                ws.shared.bound.push(*asset);
            }
        }
    }

    fn find_bounds(&mut self, fleet: usize, zones: &UtilisationBounds) {
        let capital = self.fleet_capital(fleet);
        let spec = &self.plan.fleets[fleet].spec;
        let ws = &mut *self.ws;
        let (exchange, bounds) = (&ws.exchange, &mut ws.fleets.all[fleet].bounds);
        bounds.reset();
        bounds.stale = false;
        let subs = spec.delegations.iter().map(|delegation| delegation.account);
        for account in subs.chain([spec.coordinator]) {
            let slots = exchange.accounts()[account].positions.iter();
            for slot in slots.filter(|slot| slot.is_open()) {
                bounds.add(exchange.market(slot.market).asset, slot.units);
            }
            for (asset, units) in exchange.counted(account) {
                bounds.add(*asset, *units);
            }
        }
        // Without anything reserved there is no utilisation, whatever the marks.
        if capital.reserved <= 0.0 {
            return;
        }
        let UtilisationBounds { yellow, orange, red, hysteresis } = *zones;
        for bound in [yellow, orange, red] {
            for level in [bound, bound - hysteresis] {
                bounds.narrow(capital, level, exchange.marks());
            }
        }
    }
}
