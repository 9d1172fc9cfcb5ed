//! One path through one plan: clock, order of events, outcome. Pure: no files, threads, wall
//! clock or logging.

mod event;
mod metrics;
mod plan;

pub use event::{AccountSample, Event, EventKind, NoRecorder, PositionSample, Recorder};
pub use metrics::{AgentOutcome, Metric, MetricKind, Rule};
pub use plan::{AgentPlan, CheckLevel, MetricLevel, Plan};
