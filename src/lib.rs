//! drypowder: deterministic backtesting and simulation of margin, liquidation-protection and
//! prime-brokerage policies.
//!
//! The modules are floors; each uses only those on its own floor or below
//! (`docs/ARCHITECTURE.md`).

pub mod cli;
pub mod data;
pub mod engine;
pub mod fields;
pub mod ledger;
pub mod policy;
pub mod prices;
pub mod report;
pub mod scenario;
pub mod stats;
pub mod study;
pub mod units;
pub mod venue;
