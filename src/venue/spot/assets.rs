//! The ledger's assets: which price moves each, and what one unit is in smallest units.

use crate::ledger::{AccountId, AssetId, Ledger, USDC};
use crate::units::{Amount, Quantity, USDC_SCALE};

/// Largest number of smallest units that a computed amount may have: 2^60.
const MOST_STEPS: f64 = 1_152_921_504_606_846_976.0;

/// Which price of the path moves each asset of the ledger. USDC costs 1, exactly.
#[derive(Clone, Debug)]
pub struct Assets {
    /// Index of the price, by asset, without USDC.
    prices: Vec<usize>,
}

impl Assets {
    /// `prices[k − 1]` is the index of the price that moves `AssetId(k)`.
    pub fn new(prices: Vec<usize>) -> Self {
        assert!(prices.len() < usize::from(u16::MAX), "more assets than the ledger can number");
        Self { prices }
    }

    /// How many there are, USDC among them.
    pub fn count(&self) -> usize {
        self.prices.len() + 1
    }

    /// Index of the price that moves an asset; `None` for USDC.
    #[inline]
    pub fn price_asset(&self, asset: AssetId) -> Option<usize> {
        (asset != USDC).then(|| self.prices[usize::from(asset.0) - 1])
    }

    /// Price of one unit of an asset in USDC.
    #[inline]
    pub fn price(&self, asset: AssetId, prices: &[f64]) -> f64 {
        self.price_asset(asset).map_or(1.0, |index| prices[index])
    }

    /// Value of an amount in USDC, unrounded.
    #[inline]
    pub fn value(&self, asset: AssetId, amount: Amount, prices: &[f64]) -> f64 {
        units(asset, amount) * self.price(asset, prices)
    }
}

/// Smallest units in one unit of an asset: 1e6 of USDC, 1e8 of every other.
#[inline]
fn scale(asset: AssetId) -> f64 {
    if asset == USDC { USDC_SCALE } else { 1e8 }
}

/// An amount in whole units of its asset.
#[inline]
pub fn units(asset: AssetId, amount: Amount) -> f64 {
    if asset == USDC { amount.usdc() } else { Quantity::from_steps(amount.micro()).units() }
}

/// `units` rounded half away from zero to the asset's smallest unit; `None` when it is not finite
/// or has more than 2^60 of them.
#[inline]
pub fn round_units(asset: AssetId, units: f64) -> Option<Amount> {
    let steps = (units * scale(asset)).round();
    (steps.abs() <= MOST_STEPS).then_some(Amount::from_micro(steps as i64))
}

/// The venue's own accounts in one asset.
#[derive(Clone, Copy, Debug)]
pub struct AssetAccounts {
    /// The outside world: the other side of trades and of loans with nobody's name.
    pub market: AccountId,
    /// Fees taken.
    pub fees: AccountId,
}

impl AssetAccounts {
    /// The accounts by asset: USDC's are given, the others' are opened under their names.
    pub fn open(usdc: Self, names: &[&str], ledger: &mut Ledger) -> Vec<Self> {
        let mut accounts = vec![usdc];
        for (index, name) in names.iter().enumerate() {
            let asset = AssetId(u16::try_from(index + 1).expect("fewer than 2^16 assets"));
            accounts.push(Self {
                market: ledger.open(format!("market {name}"), asset),
                fees: ledger.open(format!("venue fees {name}"), asset),
            });
        }
        accounts
    }
}
