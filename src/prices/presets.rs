//! Crashes that happened, as figures. What they were measured on, and from whom the rest is, stands
//! in docs/STRESS.md; a test measures them again where the market data is at hand.

use crate::units::time::HOUR_MS;

/// One minute.
const MINUTE_MS: i64 = HOUR_MS / 60;

/// A crash that happened: prices from its beginning to its low, in legs.
#[derive(Clone, Copy, Debug)]
pub struct CrashPreset {
    /// Day or month, as a scenario names it.
    pub name: &'static str,
    /// What it is known as.
    pub title: &'static str,
    /// Its beginning, UTC.
    pub start: &'static str,
    /// Lengths of its legs, ms.
    pub legs_ms: &'static [i64],
    /// Price at the end of each leg, as a part of the price at the beginning; at the end of the last
    /// the lowest of all.
    pub falls: &'static [(&'static str, &'static [f64])],
    /// The lowest price of the median of other large coins.
    pub altcoin: f64,
    /// Mean correlation of the log returns of BTC, ETH and SOL (where it traded) within it, from bar
    /// to bar.
    pub correlation: f64,
    /// Mean of the first three payments of 8 h from the last leg on, less the mean of the 90 before
    /// the crash; a fraction of notional, by asset.
    pub funding: &'static [(&'static str, f64)],
    /// What the depth of books was divided by, where it is known.
    pub depth: Option<f64>,
}

/// How long the funding of a preset holds, from the beginning of its last leg on.
pub const FUNDING_MS: i64 = 24 * HOUR_MS;
/// Between payments of the funding that presets were measured on.
pub const FUNDING_INTERVAL_MS: i64 = 8 * HOUR_MS;
/// How long books stay thin after the low.
pub const THIN_AFTER_MS: i64 = HOUR_MS;

/// All of them, in order of time.
pub const PRESETS: [CrashPreset; 6] = [
    CrashPreset {
        name: "2020-03-12",
        title: "pandemic",
        start: "2020-03-12T06:00:00Z",
        legs_ms: &[4 * HOUR_MS, HOUR_MS, 12 * HOUR_MS, 4 * HOUR_MS],
        falls: &[
            ("BTC", &[0.9618, 0.7865, 0.7585, 0.4946]),
            ("ETH", &[0.9240, 0.7311, 0.7004, 0.4731]),
        ],
        altcoin: 0.5003,
        correlation: 0.976,
        funding: &[("BTC", -0.001_646), ("ETH", -0.001_550)],
        depth: None,
    },
    CrashPreset {
        name: "2021-05-19",
        title: "China's ban",
        start: "2021-05-19T00:00:00Z",
        legs_ms: &[11 * HOUR_MS, 3 * HOUR_MS],
        falls: &[
            ("BTC", &[0.9202, 0.7001]),
            ("ETH", &[0.8464, 0.5594]),
            ("SOL", &[0.8392, 0.4735]),
        ],
        altcoin: 0.5041,
        correlation: 0.925,
        funding: &[("BTC", -0.000_518), ("ETH", -0.001_428)],
        depth: None,
    },
    CrashPreset {
        name: "2022-05",
        title: "Luna",
        start: "2022-05-09T00:00:00Z",
        legs_ms: &[24 * HOUR_MS, 39 * HOUR_MS, 17 * HOUR_MS],
        falls: &[
            ("BTC", &[0.8835, 0.9346, 0.7844]),
            ("ETH", &[0.8846, 0.9323, 0.7144]),
            ("SOL", &[0.8245, 0.7720, 0.4957]),
        ],
        altcoin: 0.5530,
        correlation: 0.902,
        funding: &[("BTC", -0.000_231), ("ETH", -0.000_301)],
        depth: None,
    },
    CrashPreset {
        name: "2022-11-08",
        title: "FTX",
        start: "2022-11-08T17:00:00Z",
        legs_ms: &[3 * HOUR_MS, 19 * HOUR_MS, 9 * HOUR_MS],
        falls: &[
            ("BTC", &[0.8962, 0.8665, 0.7653]),
            ("ETH", &[0.8509, 0.7930, 0.6945]),
            ("SOL", &[0.8152, 0.6337, 0.4242]),
        ],
        altcoin: 0.6929,
        correlation: 0.778,
        funding: &[("BTC", -0.000_931), ("ETH", -0.000_596)],
        depth: Some(1.67),
    },
    CrashPreset {
        name: "2024-08-05",
        title: "yen carry trade",
        start: "2024-08-05T00:00:00Z",
        legs_ms: &[45 * MINUTE_MS, 30 * MINUTE_MS, 285 * MINUTE_MS, 30 * MINUTE_MS],
        falls: &[
            ("BTC", &[0.9753, 0.9272, 0.9064, 0.8425]),
            ("ETH", &[0.9695, 0.8610, 0.8597, 0.7851]),
            ("SOL", &[0.9669, 0.9289, 0.8571, 0.7953]),
        ],
        altcoin: 0.8028,
        correlation: 0.772,
        funding: &[("BTC", -0.000_015), ("ETH", -0.000_097)],
        depth: None,
    },
    CrashPreset {
        name: "2025-10-10",
        title: "tariffs",
        start: "2025-10-10T13:30:00Z",
        legs_ms: &[435 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS],
        falls: &[
            ("BTC", &[0.9595, 0.9368, 0.8362]),
            ("ETH", &[0.9203, 0.8868, 0.7869]),
            ("SOL", &[0.9326, 0.8846, 0.7585]),
        ],
        altcoin: 0.3483,
        correlation: 0.953,
        funding: &[("BTC", 0.000_015), ("ETH", -0.000_049), ("SOL", -0.002_230)],
        depth: Some(10.0),
    },
];

impl CrashPreset {
    /// That of a name.
    pub fn of(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// From its beginning to its low, ms.
    pub fn fall_ms(&self) -> i64 {
        self.legs_ms.iter().sum()
    }

    /// From its beginning to that of its last leg, ms.
    pub fn last_leg_ms(&self) -> i64 {
        self.legs_ms.iter().rev().skip(1).sum()
    }

    /// Change of the log price of an asset over each leg; `None` where the preset has no figure.
    pub fn legs(&self, asset: &str) -> Option<Vec<f64>> {
        let (_, levels) = self.falls.iter().find(|(name, _)| *name == asset)?;
        let before = std::iter::once(&1.0).chain(levels.iter());
        Some(levels.iter().zip(before).map(|(after, before)| libm::log(after / before)).collect())
    }

    /// The same of an asset that falls to a part of its price, in the shape of BTC's fall.
    pub fn legs_to(&self, level: f64) -> Vec<f64> {
        let shape = self.legs("BTC").unwrap_or_default();
        let whole: f64 = shape.iter().sum();
        shape.iter().map(|leg| libm::log(level) * leg / whole).collect()
    }

    /// What is added to each funding payment of 8 h of an asset; `None` where it is not known.
    pub fn funding_of(&self, asset: &str) -> Option<f64> {
        self.funding.iter().find(|(name, _)| *name == asset).map(|(_, rate)| *rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each preset has as many levels as legs, and BTC's and ETH's; the legs of 2020-03-12 multiply
    /// to .4946; half a price in BTC's shape is −ln 2 in all.
    #[test]
    fn legs_add_up() {
        for preset in &PRESETS {
            for (asset, levels) in preset.falls {
                assert_eq!(levels.len(), preset.legs_ms.len(), "{} {asset}", preset.name);
            }
            assert!(preset.legs("BTC").is_some() && preset.legs("ETH").is_some());
            let half: f64 = preset.legs_to(0.5).iter().sum();
            assert!((half + std::f64::consts::LN_2).abs() < 1e-12, "{}", preset.name);
        }
        let first = &PRESETS[0];
        let sum: f64 = first.legs("BTC").map_or(0.0, |legs| legs.iter().sum());
        assert!((libm::exp(sum) - 0.4946).abs() < 1e-12);
        assert_eq!(first.legs("SOL"), None);
        assert_eq!([first.fall_ms(), first.last_leg_ms()], [21 * HOUR_MS, 17 * HOUR_MS]);
    }
}
