//! Conditional payments: contracts, timeouts, disputes, netting.
//!
//! A contract holds its payer's wallet from its creation, locks the money in the vault when it is
//! funded, and is final when it is released, times out or is resolved. A netting agreement
//! collects obligations and settles their net at intervals.

mod contract;
mod create;
mod effect;
mod end;
mod netting;
mod payout;
mod reading;
mod settle;
mod spec;
mod state;
#[cfg(test)]
mod tests;

pub use contract::{Contract, ContractId, State};
pub use effect::{EscrowEffect, EscrowKind, Subject};
pub use netting::{Agreement, NettingTotals};
pub use spec::{
    AgreementSpec, Conduct, ContractSpec, Dispute, EscrowSpec, OnTimeout, Party, Rejection,
    Resolution, Side,
};
pub use state::Escrow;
