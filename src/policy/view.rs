//! What a policy may see: numbers that a monitor could have read at that instant.

use super::top_up::TopUpThresholds;
use crate::units::Amount;

/// One open position as the guard sees it. Orders in flight count as done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PositionView {
    /// Health factor (shared by all cross positions of the account).
    pub health_factor: f64,
    /// Equity behind it, USDC.
    pub equity: f64,
    /// Maintenance margin that it must cover, USDC.
    pub maintenance: f64,
    /// Its own collateral, USDC (zero in cross margin).
    pub collateral: f64,
    /// Whether it shares the wallet.
    pub cross: bool,
    /// Mark price.
    pub mark: f64,
    /// 1 long, −1 short.
    pub side: i64,
    /// Where its stop lies, if it has one at a price.
    pub stop_price: Option<f64>,
    /// Thresholds of its top-up.
    pub thresholds: TopUpThresholds,
    /// Whether closing a part of it would restore the target of `reduce_to_target`.
    pub can_reduce: bool,
}

/// The account as the guard sees it. Orders in flight count as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// The instant, UTC ms.
    pub now_ms: i64,
    /// Wallet less holds.
    pub wallet: Amount,
    /// What top-ups have added in the UTC day of `now_ms`.
    pub topped_up_today: Amount,
}
