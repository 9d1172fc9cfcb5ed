//! One plan: everything about a simulation but its prices. Plain data, validated elsewhere.

use super::fleet::FleetPlan;
use super::impact::ImpactSpec;
use super::metrics::MetricScope;
use super::prime::PrimePlan;
use super::shocks::VenueShock;
use crate::policy::{GuardSpec, PrimeSpec, TopUpThresholds, ZoneMonitorSpec};
use crate::units::Amount;
use crate::venue::exchange::{ExchangeSpec, PositionSpec};

/// How often the ledger is checked while a path runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckLevel {
    /// After every instant at which anything happened.
    EveryBatch,
    /// At the end of each path.
    PerPath,
}

/// Which metrics are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricLevel {
    /// Counts, amounts and final equity: what follows from events alone.
    Events,
    /// Also what must look at every tick: utilisation, time in zones, drawdown.
    Full,
}

/// One trading agent with its account and protections.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentPlan {
    /// Name; agents act in the order of their names.
    pub name: String,
    /// Free money in the wallet at the start (collateral of isolated positions comes on top).
    pub wallet: Amount,
    /// Positions in the order of the scenario.
    pub positions: Vec<PositionSpec>,
    /// Top-up thresholds of each position, one for one.
    pub thresholds: Vec<TopUpThresholds>,
    /// Protections.
    pub guard: GuardSpec,
    /// Alerts at zone crossings.
    pub zone_monitor: Option<ZoneMonitorSpec>,
}

/// What is simulated on every path.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Names of the assets whose prices the path carries, in the path's order.
    pub assets: Vec<String>,
    /// The exchange.
    pub exchange: ExchangeSpec,
    /// The agents, ascending by name.
    pub agents: Vec<AgentPlan>,
    /// Prime brokerage around the exchange; none in a plan that only trades.
    pub prime: Option<PrimePlan>,
    /// Fleets: coordinators above sub-accounts; none in a plan whose agents stand alone.
    pub fleets: Vec<FleetPlan>,
    /// What forced fills do to prices; nothing unless given.
    pub impact: Option<ImpactSpec>,
    /// Shocks to the venue; they stack. Those to prices are the path's.
    pub shocks: Vec<VenueShock>,
    /// How often the ledger is checked.
    pub checks: CheckLevel,
    /// Which metrics are computed.
    pub metrics: MetricLevel,
}

impl Plan {
    /// Whether any protection of any agent acts.
    pub fn is_guarded(&self) -> bool {
        let mut wallets = self.prime.iter().flat_map(|prime| &prime.agents);
        self.agents.iter().any(|agent| agent.guard.acts())
            || wallets.any(|agent| agent.policy.as_ref().is_some_and(PrimeSpec::protects))
            || self.fleets.iter().any(FleetPlan::protects)
    }

    /// The agent of a name; agents stand in the order of their names.
    pub fn agent_called(&self, name: &str) -> Option<&AgentPlan> {
        let at = self.agents.binary_search_by(|agent| agent.name.as_str().cmp(name));
        at.ok().and_then(|at| self.agents.get(at))
    }

    /// Whether anybody has a position.
    pub fn has_positions(&self) -> bool {
        self.agents.iter().any(|agent| !agent.positions.is_empty())
    }

    /// Which metrics its outcomes have.
    pub fn metric_scope(&self) -> MetricScope {
        MetricScope {
            level: self.metrics,
            prime: self.prime.is_some(),
            fleet: !self.fleets.is_empty(),
            impact: self.impact.is_some(),
        }
    }
}
