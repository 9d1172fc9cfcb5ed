//! Marks between which nothing of a fleet can happen.

use crate::engine::event::Recorder;
use crate::engine::run::Run;
use crate::policy::UtilisationBounds;
use crate::prices::PricePath;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// A bound of a fleet's utilisation is passed where Σ reserved − bound·Σ capital changes its sign:
    /// a plane in the marks, whose slope in each is what all accounts together hold of it. A box in
    /// which each keeps its share of the distance cannot touch it.
    pub(in crate::engine) fn narrow_to_fleets(&mut self) {
        for (fleet, plan) in self.plan.fleets.iter().enumerate() {
            let Some(zones) = &plan.zones else { continue };
            if self.ws.fleets.all[fleet].watch {
                self.watch_everything();
                continue;
            }
            let capital = self.fleet_capital(fleet);
            if capital.reserved <= 0.0 {
                continue;
            }
            let UtilisationBounds { yellow, orange, red, hysteresis } = zones.zones;
            for bound in [yellow, orange, red] {
                for level in [bound, bound - hysteresis] {
                    let distance = (capital.reserved - level * capital.equity).abs();
                    self.narrow_fleet(fleet, level, distance);
                }
            }
        }
    }

    /// Keeps `level·capital` of a fleet within `distance` of what it is.
    fn narrow_fleet(&mut self, fleet: usize, level: f64, distance: f64) {
        let spec = &self.plan.fleets[fleet].spec;
        let ws = &mut *self.ws;
        ws.net_units.fill(0.0);
        let subs = spec.delegations.iter().map(|delegation| delegation.account);
        for account in subs.chain([spec.coordinator]) {
            let slots = ws.exchange.accounts()[account].positions.iter();
            for slot in slots.filter(|slot| slot.is_open()) {
                ws.net_units[ws.exchange.market(slot.market).asset] += slot.units;
            }
            for (asset, units) in ws.exchange.counted(account) {
                ws.net_units[*asset] += units;
            }
        }
        let count = ws.net_units.iter().filter(|units| **units != 0.0).count();
        for (asset, units) in ws.net_units.iter().enumerate().filter(|(_, units)| **units != 0.0) {
            let reach = distance / count as f64 / (level * units.abs());
            let mark = ws.exchange.marks()[asset];
            ws.quiet_low[asset] = ws.quiet_low[asset].max(mark - reach);
            ws.quiet_high[asset] = ws.quiet_high[asset].min(mark + reach);
        }
    }
}
