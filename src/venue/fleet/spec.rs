//! What a fleet is: plain numbers.

use crate::units::Amount;

/// A coordinator and its sub-accounts.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetSpec {
    /// Index of the coordinator's account: its wallet is the master wallet.
    pub coordinator: usize,
    /// What lies apart as dry powder at the start.
    pub dry_powder: Amount,
    /// Whether money that comes back to the master wallet first fills dry powder up to what it was at
    /// the start.
    pub refill: bool,
    /// How long the money of a closed sub-account is under way to the master wallet.
    pub freed_delay_ms: i64,
    /// Its sub-accounts, ascending by account.
    pub delegations: Vec<Delegation>,
}

/// What a sub-account may draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// Index of its account.
    pub account: usize,
    /// Most that it may have drawn from the master wallet at a time.
    pub max_margin: Amount,
    /// What it has drawn at the start: its wallet and collateral.
    pub drawn: Amount,
    /// Who goes first in a crisis: 1 before 2. Equal ones by account.
    pub priority: u32,
}
