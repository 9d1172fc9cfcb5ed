//! The part of a plan that is fleets: coordinators, their sub-accounts and their rules. Plain data,
//! validated elsewhere.

use crate::policy::{FleetZonesSpec, ReallocateSpec, ReleaseSpec};
use crate::units::Amount;
use crate::venue::custody::Service;
use crate::venue::fleet::FleetSpec;

/// A coordinator, its sub-accounts and its rules.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetPlan {
    /// Name for reports.
    pub name: String,
    /// Its accounts and delegations.
    pub spec: FleetSpec,
    /// Services that each sub-account may use, by index of the service; one per delegation.
    pub services: Vec<[bool; Service::COUNT]>,
    /// Whether each sub-account's top-ups draw on the master wallet for what its own wallet lacks;
    /// one per delegation.
    pub on_demand: Vec<bool>,
    /// Whether the free money of a closed sub-account goes back to the master wallet.
    pub sweep: bool,
    /// How dry powder is released; `None`: never.
    pub release: Option<ReleaseSpec>,
    /// How delegations follow success; `None`: they stay.
    pub reallocation: Option<ReallocationPlan>,
    /// What the coordinator does in the zones of the fleet's utilisation; `None`: nothing.
    pub zones: Option<FleetZonesSpec>,
    /// Draws at given instants, ascending by time, then in the order of agents and of the scenario.
    pub schedule: Vec<ScheduledDraw>,
}

/// Reallocation by rolling Sharpe ratio.
#[derive(Clone, Debug, PartialEq)]
pub struct ReallocationPlan {
    /// Once in so long, first one interval after the start.
    pub every_ms: i64,
    /// Returns are taken once in so long.
    pub sample_ms: i64,
    /// The ratio is that of so many returns at most.
    pub window: usize,
    /// And of so many at least.
    pub least_samples: usize,
    /// Whether money moves with the delegation: what is added is paid out, what is drawn above a
    /// smaller one is called back, as far as it is free.
    pub moves_money: bool,
    /// How much moves.
    pub spec: ReallocateSpec,
    /// Least and most delegation of each sub-account.
    pub bounds: Vec<[Amount; 2]>,
}

/// A draw, or giving back, at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduledDraw {
    /// When, UTC ms.
    pub at_ms: i64,
    /// Index of the delegation.
    pub line: usize,
    /// How much.
    pub amount: Amount,
    /// Back to the master wallet instead.
    pub back: bool,
}

impl FleetPlan {
    /// The same without any rule: delegations stand, nothing is released, moved or closed.
    #[must_use]
    pub fn without_rules(&self) -> Self {
        Self {
            on_demand: vec![false; self.on_demand.len()],
            sweep: false,
            release: None,
            reallocation: None,
            zones: None,
            ..self.clone()
        }
    }

    /// Whether it protects any sub-account.
    pub fn protects(&self) -> bool {
        let closes = self.zones.is_some_and(|zones| zones.deleverage.is_some());
        closes || self.release.is_some() || self.on_demand.iter().any(|on| *on)
    }
}
