//! Amounts of assets other than USDC: the ledger's smallest unit is one step of `1e-8`.

use crate::units::{Amount, Quantity};

/// A quantity as an amount of the ledger.
#[inline]
pub const fn amount_of(quantity: Quantity) -> Amount {
    Amount::from_micro(quantity.steps())
}

/// An amount of an asset other than USDC as a quantity.
#[inline]
pub const fn quantity_of(amount: Amount) -> Quantity {
    Quantity::from_steps(amount.micro())
}

/// An amount of an asset other than USDC in units of it.
#[inline]
pub fn units_of(amount: Amount) -> f64 {
    quantity_of(amount).units()
}
