//! What a coordinator decides above its sub-accounts.
//!
//! | when                          | decision                                                  |
//! |-------------------------------|-----------------------------------------------------------|
//! | the venue lists what is due   | which of it dry powder cures (`release`)                  |
//! | once in an interval           | whose delegation grows and whose shrinks (`reallocate`)   |
//! | fleet utilisation in orange   | no sub-account draws anything new (`deleverage`)          |
//! | fleet utilisation in red      | also: what is closed to come back to the target           |
//!
//! A sub-account of liquidation priority 1 is given up first and saved last.

mod deleverage;
mod reallocate;
mod release;
mod sharpe;

pub use deleverage::{FleetCut, FleetReservedView, FleetView, FleetZonesSpec, decide_fleet};
pub use reallocate::{AllocationView, Allocations, ReallocateSpec, reallocate};
pub use release::{Cure, DueView, ReleaseLimit, ReleaseOutcome, ReleaseSpec, release};
pub use sharpe::{SharpeWindow, interval_return};
