//! Fleets: a coordinator's master wallet, and the delegations under which its sub-accounts draw on
//! it.
//!
//! A [`Fleet`] moves money between the accounts of its members when told, and enforces what was
//! delegated: a draw above the delegation, or above what the master wallet has free, is rejected.
//! Dry powder lies on an account of its own, out of every draw's reach. It knows no policies.

mod spec;
mod state;
#[cfg(test)]
mod tests;

pub use spec::{Delegation, FleetSpec};
pub use state::{Arrival, DrawRejection, Fleet, Line};
