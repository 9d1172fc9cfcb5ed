//! An agent and its positions.

use super::{OwnThresholds, Policy, ZoneLevels};
use crate::fields::{Bounds, Money, Name, Value, choice, section};
use crate::venue::exchange::MarginMode;

section! {
    /// A trading agent.
    Agent {
        /// Its name.
        name: Name;
        /// Free money at the start; collateral of isolated positions comes on top.
        wallet: Money, Bounds::at_least(0.0);
        /// What it holds at the start, in the order in which its guard looks at it.
        position: Vec<Position> = Value::List(Vec::new());
        /// Its own protections, field by field over those of [policy].
        policy: Option<Policy>;
    }
}

section! {
    /// A position at the start.
    Position {
        /// The market.
        market: Name;
        /// Name for reports, unique among the agent's; the market's unless given.
        name: Option<Name>;
        /// Long or short.
        side: Side = "long";
        /// Notional at the entry price; it or quantity must be given.
        notional: Option<Money>, Bounds::above(0.0, 1e12);
        /// Units of the underlying, in place of notional.
        quantity: Option<f64>, Bounds::above(0.0, 9e7);
        /// Entry price, USDC; the last price at the start unless given.
        entry_price: Option<f64>, Bounds::above(0.0, 1e12);
        /// Collateral of an isolated position, deposited at the start.
        collateral: Option<Money>, Bounds::at_least(0.0);
        /// Own collateral, or the wallet shared with the other cross positions.
        margin: MarginMode = "isolated";
        /// Bounds of the zones where they differ from the market's.
        zones: Option<ZoneLevels>;
        /// Top-up thresholds where they differ from the policy's.
        top_up: Option<OwnThresholds>;
    }
}

/// Long or short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Gains when the price rises.
    Long,
    /// Gains when it falls.
    Short,
}

impl Side {
    /// 1 long, −1 short.
    pub const fn sign(self) -> i64 {
        match self {
            Self::Long => 1,
            Self::Short => -1,
        }
    }
}

choice!(Side { "long" => Self::Long, "short" => Self::Short });
choice!(MarginMode { "isolated" => Self::Isolated, "cross" => Self::Cross });
