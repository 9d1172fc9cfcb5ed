//! The perpetual exchange: positions with margin, force-closes, losses, funding and fills.
//!
//! It says what is due ([`Exchange::due`]) and does what it is told; every change of a balance is
//! a transfer in its ledger, and every operation leaves [`Effect`]s.

mod account_set;
mod brackets;
mod close;
mod effect;
mod fills;
mod force_close;
mod funding;
mod loss;
pub mod margin;
mod margin_call;
mod part;
mod reading;
mod spec;
mod state;
#[cfg(test)]
mod tests;

pub use account_set::AccountSet;
pub use brackets::{Bracket, BracketError, Brackets};
pub use close::Rejection;
pub use effect::{CloseCause, Effect, EffectKind};
pub(in crate::venue) use fills::{Fills, Request};
pub use force_close::Due;
pub use margin_call::{AfterCall, CallDue, CallStep, MarginCallSpec, UsedMargin};
pub use reading::{Capital, Health};
pub use spec::{
    ExchangeSpec, ForceClose, FundingSeries, FundingSource, FundingSpec, LossRule, MarginMode,
    MarketSpec, PositionSpec, Slippage, SlippageSpec, Zone, ZoneBounds,
};
pub use state::{Account, Exchange, House, Position, Prices};
