//! A minimal spot market: buying and selling a holding at the last price, with fee and slippage.
//!
//! It serves an agent's own orders, collateral sales and buy-ins. What is on loan or in a vault
//! is not in the wallet, so it cannot be sold.

mod assets;
mod market;
#[cfg(test)]
mod tests;

pub use assets::{AssetAccounts, Assets, round_units, units};
pub use market::{Fill, Order, Rejection, Side, Spot, SpotSpec};
