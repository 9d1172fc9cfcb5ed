//! Loans: pools with a rate, collateral in escrow, interest, recall, calls for collateral.
//!
//! A loan is active, then perhaps recalled, and ends returned, bought in, liquidated or (where
//! its collateral did not suffice) defaulted. The engine asks [`Lending::next_due_ms`] and calls
//! [`Lending::settle`] for what falls due and [`Lending::check_collateral`] after the marks have
//! moved; every change of a balance is a transfer, and every operation leaves
//! [`LendingEffect`]s.

mod collateral;
mod curve;
mod due;
mod effect;
mod finish;
mod interest;
mod loan;
mod open;
mod presets;
mod raise;
mod recall;
mod rejection;
mod spec;
mod state;
#[cfg(test)]
mod tests;
mod views;

pub use collateral::CollateralLine;
pub use curve::Curve;
pub use effect::{LendingEffect, LendingEffectKind};
pub use interest::{Accrual, Compounding};
pub use loan::{CollateralCall, Loan, LoanId, Recall, State};
pub use presets::{
    AAVE_V3_USDC, AAVE_V3_WBTC, AAVE_V3_WETH, BASE_UTILISATION, COMPOUND_V3_USDC, COMPOUND_V3_WETH,
    PRIME_BROKERAGE, PrimeTerms,
};
pub use rejection::Rejection;
pub use spec::{
    Collateral, LendingSpec, LoanRate, LoanSpec, OutsideBorrower, Party, PoolSpec, RATE_MAX,
    RateSource, Response,
};
pub use state::{Context, Lending};
