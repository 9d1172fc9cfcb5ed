//! The perpetual exchange.

mod brackets;
mod spec;

pub use brackets::{Bracket, BracketError, Brackets};
pub use spec::{
    ExchangeSpec, ForceClose, FundingSeries, FundingSource, FundingSpec, LossRule, MarginMode,
    MarketSpec, PositionSpec, Slippage, SlippageSpec, Zone, ZoneBounds,
};
