//! What a user tunes. A policy is a pure decision: a view, its parameters and its own memory
//! give actions. It knows neither the ledger nor the inside of the venue.

mod fleet;
mod guard;
mod kill_switch;
mod prime;
mod reduce;
mod resume;
mod stop_loss;
mod top_up;
mod view;
mod zones;

pub use fleet::{
    AllocationView, Allocations, Cure, DueView, FleetCut, FleetReservedView, FleetView,
    FleetZonesSpec, ReallocateSpec, ReleaseLimit, ReleaseOutcome, ReleaseSpec, SharpeWindow,
    decide_fleet, interval_return, reallocate, release,
};
pub use guard::{Decision, GuardMemory, GuardSpec, Intent, decide};
pub use kill_switch::{KillReason, KillScope, KillSwitchSpec};
pub use prime::{
    CountRecalled, Cut, HoldingView, Lend, LendSpec, LoanView, PrimeActions, PrimeSpec, PrimeView,
    RebalanceSpec, RecallSpec, Reserve, ReservedView, UtilisationBounds, UtilisationZone,
    decide_prime,
};
pub use reduce::ReduceSpec;
pub use resume::{ResumeSpec, WilderAtr};
pub use stop_loss::{StopLossSpec, StopTrigger};
pub use top_up::{FallbackWhen, Sizing, TopUpLimits, TopUpSpec, TopUpThresholds};
pub use view::{AccountView, PositionView};
pub use zones::ZoneMonitorSpec;
