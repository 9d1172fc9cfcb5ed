//! One path through one plan: clock, order of events, outcome. Pure: no files, threads, wall
//! clock or logging.
//!
//! [`run`] goes from one instant that can matter to the next; [`run_every_instant`] stops at all
//! of them and is what the first is tested against.

mod account;
mod actions;
mod agent_state;
mod armed;
mod attend;
mod attention;
mod event;
mod event_kind;
mod fault;
pub mod fleet;
mod impact;
mod instant;
mod lens;
mod metrics;
mod monitors;
mod observe;
mod orders;
mod plan;
pub mod prime;
mod quiet;
mod reentry;
mod run;
mod shocks;
mod start;
mod watch;
mod workspace;

pub use event::{
    About, AccountSample, Event, EventKind, HealthMark, LeastHealth, NoRecorder, PositionSample,
    Recorder,
};
pub use fault::{LedgerFault, RunError, RunFault};
pub use impact::{AssetImpact, ImpactOverlay, ImpactSpec, OutOfRange};
pub use metrics::{AgentOutcome, Metric, MetricKind, MetricScope, Rule};
pub use plan::{AgentPlan, CheckLevel, MetricLevel, Plan};
pub use run::{run, run_every_instant};
pub use shocks::{VenuePart, VenueShock, VenueShockKind, slippage_factor};
pub use workspace::Workspace;
