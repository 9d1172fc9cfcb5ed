//! The limit on gross exposure.

use super::rejection::Rejection;

/// Whether positions of `gross_after` USDC notional together, the new one included, are within
/// `limit` times `wallet_and_collateral` USDC. Without a limit they are.
///
/// # Errors
/// [`Rejection::GrossExposure`] when they are not; who asked counts it by [`super::Books::reject`].
pub fn within_gross(
    limit: Option<f64>,
    wallet_and_collateral: f64,
    gross_after: f64,
) -> Result<(), Rejection> {
    match limit {
        Some(limit) if gross_after > limit * wallet_and_collateral => Err(Rejection::GrossExposure),
        _ => Ok(()),
    }
}
