//! Requests that custody turned down, and how often.

use super::service::Silo;
use super::state::Custody;

/// Why a request was turned down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// Less is free than it takes.
    Funds,
    /// Gross exposure would exceed its limit.
    GrossExposure,
    /// There is nothing to move between: one wallet backs all services.
    Unified,
    /// From a silo to itself.
    SameSilo,
    /// The amount is not above zero.
    NotPositive,
    /// The agent is a sub-account whose delegation leaves the service out.
    NotDelegated,
}

impl Rejection {
    /// How many there are.
    pub const COUNT: usize = 6;

    /// All of them, in the order of their indices.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Funds,
        Self::GrossExposure,
        Self::Unified,
        Self::SameSilo,
        Self::NotPositive,
        Self::NotDelegated,
    ];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Funds => "less is free than it takes",
            Self::GrossExposure => "gross exposure above its limit",
            Self::Unified => "one wallet backs all services",
            Self::SameSilo => "from a silo to itself",
            Self::NotPositive => "no amount above zero",
            Self::NotDelegated => "the service is not delegated",
        }
    }
}

impl Custody {
    /// Counts a request of an agent that was turned down, and hands the reason on.
    pub fn reject(&mut self, agent: usize, silo: Silo, reason: Rejection) -> Rejection {
        self.rejected[agent][silo.index()][reason as usize] += 1;
        self.turned_down += 1;
        reason
    }

    /// How many requests were turned down, of all agents and for any reason.
    #[inline]
    pub fn turned_down(&self) -> u64 {
        self.turned_down
    }

    /// How many requests of an agent for a service (or out of the plain wallet) were turned down
    /// for this reason.
    pub fn rejected(&self, agent: usize, silo: Silo, reason: Rejection) -> u64 {
        self.rejected[agent][silo.index()][reason as usize]
    }
}
