//! Money, quantities and time: the integers that balances are made of.
//!
//! Balances are whole numbers of an asset's smallest unit; prices, rates and statistics are
//! `f64`. Turning an `f64` into an [`Amount`] happens only through the rounding functions here.

mod amount;
mod quantity;
pub mod time;

pub use amount::{Amount, AmountError, USDC_SCALE};
pub use quantity::Quantity;
