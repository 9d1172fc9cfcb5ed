//! Wallets and holds: one balance behind all services, or one each.
//!
//! [`Custody`] knows which ledger account a service of an agent draws on, and how much of it each
//! service holds. It moves money only when told; a request that what is free does not cover is
//! rejected and counted.

mod books;
mod convert;
mod holds;
mod moves;
mod reading;
mod rejection;
mod service;
mod spec;
mod state;
#[cfg(test)]
mod tests;
mod time_integral;

pub use books::Books;
pub use convert::{amount_of, quantity_of, units_of};
pub use holds::PartsMismatch;
pub use moves::{MoveEffect, MoveRequest};
pub use reading::Beside;
pub use rejection::Rejection;
pub use service::{Service, Silo};
pub use spec::{CustodyMode, HoldingSpec, SiloSpec};
pub use state::Custody;
pub use time_integral::TimeIntegral;
