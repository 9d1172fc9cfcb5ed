//! Why a path cannot be finished.

use super::impact::ImpactSpec;
use crate::ledger::Imbalance;
use crate::units::Amount;
use crate::units::time::to_iso;
use crate::venue::custody::PartsMismatch;

/// A path could not be finished.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("path {path} at {}: {fault}", to_iso(*.time_ms))]
pub struct RunError {
    /// Number of the path.
    pub path: u64,
    /// The instant, UTC ms.
    pub time_ms: i64,
    /// What is wrong.
    pub fault: RunFault,
}

/// Why a path could not be finished.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunFault {
    /// Its ledger is wrong.
    #[error(transparent)]
    Ledger(#[from] LedgerFault),
    /// Forced fills would move a price beyond what the rule of their impact is made for.
    #[error(
        "forced fills have moved the price of {asset} by more than a factor of {}, beyond what the \
         rule of their impact is made for: raise its daily_volume, or lower exchange.impact.strength",
        ImpactSpec::MOST
    )]
    Impact {
        /// Name of the asset.
        asset: String,
    },
}

/// What can be wrong with a ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFault {
    /// Its accounts do not sum to zero.
    #[error(transparent)]
    Imbalance(#[from] Imbalance),
    /// Its holds are not those of the services.
    #[error(transparent)]
    Holds(#[from] PartsMismatch),
    /// The vault of escrow is not what its contracts lock.
    #[error("the vault of escrow does not hold what its contracts lock")]
    Vault,
    /// Escrow has held what no obligation reserves, or less.
    #[error("agent {agent}: obligations reserve {reserved}, escrow holds {held}")]
    Escrow {
        /// Index of the agent.
        agent: usize,
        /// What its obligations reserve.
        reserved: Amount,
        /// What is held for them.
        held: Amount,
    },
    /// More is held than there is.
    #[error("agent {agent}: {lacking} more is held than backs it")]
    Unbacked {
        /// Index of the agent.
        agent: usize,
        /// How much more.
        lacking: Amount,
    },
}
