//! A fleet's sums: over its coordinator, dry powder among its capital, and its sub-accounts.

use super::state::Fleets;
use crate::engine::event::{AccountSample, Recorder};
use crate::engine::lens::Sight;
use crate::engine::metrics::Metric;
use crate::engine::run::Run;
use crate::policy::UtilisationBounds;
use crate::prices::PricePath;
use crate::units::Amount;
use crate::venue::exchange::{Capital, Zone};

/// What lies apart of a coordinator's wallet, USDC.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::engine) struct Apart {
    pub dry_powder: f64,
    /// On its way from closed sub-accounts: owned, and no capital until it arrives.
    pub in_transit: f64,
}

impl Fleets {
    /// Before all accounts are looked at at a tick.
    #[inline]
    pub fn begin_sums(&mut self) {
        for state in &mut self.all {
            state.sum = Capital { equity: 0.0, reserved: 0.0 };
            state.equity = 0.0;
        }
    }

    /// Adds what is seen of an account to its fleet.
    #[inline]
    pub fn add_up(&mut self, agent: usize, sight: &Sight) {
        if self.all.is_empty() {
            return;
        }
        let member = self.membership[agent].map(|member| member.fleet);
        if let Some(fleet) = member.or(self.coordinates[agent]) {
            let state = &mut self.all[fleet];
            state.sum.equity += sight.sums.equity;
            state.sum.reserved += sight.sums.reserved;
            state.equity += sight.equity;
        }
    }

    /// After it: what holds of each fleet from now on.
    #[inline]
    pub fn note_sums(&mut self, now_ms: i64) {
        for state in &mut self.all {
            let (sums, equity) = (state.sum, state.equity);
            let utilisation = sums.utilisation();
            state.figures.pass(now_ms);
            state.figures.note(Sight { equity, utilisation, sums, zone: Zone::Safe });
        }
    }
}

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// What an agent has apart of its wallet as the coordinator of a fleet.
    pub(in crate::engine) fn apart(&self, agent: usize) -> Apart {
        let fleets = &self.ws.fleets;
        let Some(index) = fleets.coordinates.get(agent).copied().flatten() else {
            return Apart::default();
        };
        let (fleet, ledger) = (&fleets.all[index].fleet, self.ws.exchange.ledger());
        Apart {
            dry_powder: fleet.dry_powder(ledger).usdc(),
            in_transit: fleet.in_transit(ledger).usdc(),
        }
    }

    /// Reserved and capital over all accounts of a fleet.
    pub(super) fn fleet_capital(&self, fleet: usize) -> Capital {
        let spec = &self.plan.fleets[fleet].spec;
        let subs = spec.delegations.iter().map(|delegation| delegation.account);
        subs.map(|account| self.capital(account)).fold(
            self.capital(spec.coordinator),
            |sum, one| Capital {
                equity: sum.equity + one.equity,
                reserved: sum.reserved + one.reserved,
            },
        )
    }

    /// The columns of a time series that fleets have.
    pub(in crate::engine) fn fleet_sample(&self, agent: usize, sample: &mut AccountSample) {
        let apart = self.apart(agent);
        sample.dry_powder = apart.dry_powder;
        sample.in_transit = apart.in_transit;
    }

    /// What is known only at the end.
    pub(in crate::engine) fn close_fleets(&mut self) {
        let length_ms = self.end_ms - self.start_ms;
        for (index, plan) in self.plan.fleets.iter().enumerate() {
            let mut given = Amount::ZERO;
            for (line, delegation) in plan.spec.delegations.iter().enumerate() {
                let received = self.ws.fleets.all[index].fleet.lines()[line].received;
                given += received;
                let row = &mut self.ws.outcomes[delegation.account];
                row.set(Metric::FromCoordinator, received.usdc());
            }
            let left = self.apart(plan.spec.coordinator).dry_powder;
            let row = &mut self.ws.outcomes[plan.spec.coordinator];
            row.set(Metric::FromCoordinator, -given.usdc());
            row.set(Metric::DryPowderLeft, left);
            if self.plan.metrics == crate::engine::plan::MetricLevel::Full {
                let figures = &mut self.ws.fleets.all[index].figures;
                figures.pass(self.end_ms);
                let zones = plan.zones.map_or_else(UtilisationBounds::default, |spec| spec.zones);
                let UtilisationBounds { yellow, orange, red, .. } = zones;
                figures.write_fleet(row, length_ms, [yellow, orange, red]);
            }
        }
    }
}
