//! The simulated counterparties: state machines over the ledger with plain specs.
//!
//! A venue says what is due and carries out what it is told; it knows neither policies nor
//! scenarios.

pub mod custody;
pub mod escrow;
pub mod exchange;
pub mod fleet;
pub mod lending;
pub mod services;
pub mod spot;
