//! The simulated counterparties: state machines over the ledger with plain specs.
//!
//! Today the perpetual exchange. The venue says what is due and carries out what it is told;
//! it knows neither policies nor scenarios.

pub mod exchange;
