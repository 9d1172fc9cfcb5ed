//! What a plan with fleets adds to an instant: the coordinator's part.
//!
//! `plan` is its data, `state` what a path keeps, `steps` where it stands in an instant, `release`
//! dry powder in (4), `look` the coordinator's own monitor and reallocation, `money` draws and
//! sweeps, `figures` the fleet's sums, `quiet` between which marks nothing of it can happen.

mod figures;
mod look;
mod money;
mod plan;
mod quiet;
mod release;
mod state;
mod steps;

pub(super) use figures::Apart;
pub use plan::{FleetPlan, ReallocationPlan, ScheduledDraw};
pub(super) use state::Fleets;
