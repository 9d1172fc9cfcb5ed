//! What a service did, for whoever keeps count.

use crate::units::Amount;
use crate::venue::custody::Service;

/// Kinds of effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceKind {
    /// The faucet granted `amount`.
    Granted,
    /// `amount` became the casino's bankroll.
    BankrollHeld,
    /// `amount` of the bankroll was freed.
    BankrollReleased,
    /// Bets were settled; `amount` is what they won (below zero: lost).
    Bets {
        /// How many.
        bets: u32,
        /// How many won.
        wins: u32,
        /// Bets that the bankroll could not stake.
        skipped: u32,
    },
    /// Registrations were ordered; `amount` is held for them.
    Ordered {
        /// How many.
        registrations: u32,
    },
    /// Registrations were completed and cost `amount`.
    Registered {
        /// How many.
        registrations: u32,
    },
    /// Names were sold for `amount`.
    Sold {
        /// How many.
        sales: u32,
    },
}

impl ServiceKind {
    /// The service that it belongs to.
    pub const fn service(self) -> Service {
        match self {
            Self::Granted => Service::Faucet,
            Self::BankrollHeld | Self::BankrollReleased | Self::Bets { .. } => Service::Casino,
            Self::Ordered { .. } | Self::Registered { .. } | Self::Sold { .. } => Service::Domains,
        }
    }
}

/// One effect on one agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceEffect {
    /// Index of the agent.
    pub agent: usize,
    /// What.
    pub kind: ServiceKind,
    /// How much.
    pub amount: Amount,
}
