//! An amount of one asset in its smallest unit.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// Smallest units in one USDC.
pub const USDC_SCALE: f64 = 1e6;

/// A signed amount in the smallest unit of its asset (micro-USDC where the asset is USDC).
///
/// Arithmetic is checked in every build: an overflow is an impossible state, since the
/// scenario bounds every amount (`docs/MODEL.md`, "Bounds").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

/// Why a number cannot become an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// NaN or infinite.
    #[error("not a finite number")]
    NotFinite,
    /// Beyond what an `i64` of smallest units holds.
    #[error("too large for the ledger")]
    TooLarge,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From smallest units.
    #[inline]
    pub const fn from_micro(micro: i64) -> Self {
        Self(micro)
    }

    /// The number of smallest units.
    #[inline]
    pub const fn micro(self) -> i64 {
        self.0
    }

    /// The amount in whole USDC.
    #[inline]
    pub fn usdc(self) -> f64 {
        self.0 as f64 / USDC_SCALE
    }

    /// `usdc` rounded half away from zero to the micro-unit: the one rounding of a transfer.
    #[inline]
    pub fn round_usdc(usdc: f64) -> Self {
        Self::from_scaled((usdc * USDC_SCALE).round())
    }

    /// `usdc` rounded up to the micro-unit: for an amount that must suffice.
    #[inline]
    pub fn ceil_usdc(usdc: f64) -> Self {
        Self::from_scaled((usdc * USDC_SCALE).ceil())
    }

    /// `usdc` rounded down to the micro-unit: for an amount that must be covered.
    #[inline]
    pub fn floor_usdc(usdc: f64) -> Self {
        Self::from_scaled((usdc * USDC_SCALE).floor())
    }

    /// As [`Amount::round_usdc`], for a number that a user wrote.
    pub fn try_round_usdc(usdc: f64) -> Result<Self, AmountError> {
        let scaled = (usdc * USDC_SCALE).round();
        if !scaled.is_finite() {
            return Err(AmountError::NotFinite);
        }
        if scaled.abs() >= i64::MAX as f64 {
            return Err(AmountError::TooLarge);
        }
        Ok(Self(scaled as i64))
    }

    #[inline]
    fn from_scaled(scaled: f64) -> Self {
        assert!(scaled.abs() < i64::MAX as f64, "amount {scaled} is outside the ledger's range");
        Self(scaled as i64)
    }

    /// The smaller of two.
    #[inline]
    pub fn min(self, other: Self) -> Self {
        Ord::min(self, other)
    }

    /// The larger of two.
    #[inline]
    pub fn max(self, other: Self) -> Self {
        Ord::max(self, other)
    }

    /// Whether it is above zero.
    #[inline]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether it is below zero.
    #[inline]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl Add for Amount {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("amount overflow: inputs are bounded"))
    }
}

impl Sub for Amount {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0.checked_sub(other.0).expect("amount overflow: inputs are bounded"))
    }
}

impl Neg for Amount {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self(self.0.checked_neg().expect("amount overflow: inputs are bounded"))
    }
}

impl AddAssign for Amount {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Amount {
    #[inline]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl fmt::Display for Amount {
    /// Whole USDC with six decimals, exact.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micro = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:06}", micro / 1_000_000, micro % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_half_away_from_zero() {
        // usdc, rounded micro, ceiling micro
        let rows = [
            (0.000_000_5, 1, 1),
            (-0.000_000_5, -1, 0),
            (0.000_000_4, 0, 1),
            (1.234_567_4, 1_234_567, 1_234_568),
            (-2.5, -2_500_000, -2_500_000),
        ];
        for (usdc, rounded, ceiling) in rows {
            assert_eq!(Amount::round_usdc(usdc).micro(), rounded, "{usdc}");
            assert_eq!(Amount::ceil_usdc(usdc).micro(), ceiling, "{usdc}");
        }
    }

    #[test]
    fn prints_exactly() {
        assert_eq!(Amount::from_micro(-1).to_string(), "-0.000001");
        assert_eq!(Amount::from_micro(3_000_000_250).to_string(), "3000.000250");
    }

    #[test]
    fn refuses_what_the_ledger_cannot_hold() {
        assert_eq!(Amount::try_round_usdc(f64::NAN), Err(AmountError::NotFinite));
        assert_eq!(Amount::try_round_usdc(1e13), Err(AmountError::TooLarge));
    }
}
