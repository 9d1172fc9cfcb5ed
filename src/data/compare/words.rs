//! What an agreement means, in a sentence.

use super::Agreement;
use crate::data::report::{grouped, length};

/// Share of equal closes from which two files are one source.
const ONE_SOURCE: f64 = 0.99;
/// Correlation of returns from which a shift is believed, and by how much it must be better.
const SHIFT_MIN: f64 = 0.9;
const SHIFT_BETTER: f64 = 0.2;
/// Mean size of the basis up to which two markets are called the same, bps.
const SAME_MARKET_BPS: f64 = 100.0;

impl Agreement {
    /// The short of it: "equal bar for bar", "the same source under two names" and so on.
    pub fn verdict(&self) -> String {
        let shown = |count: u64| grouped(count as f64, 0);
        let of = shown(self.common_bars);
        let shift = self.lag.filter(|lag| {
            let without = lag.unshifted.unwrap_or(0.0);
            lag.bars != 0
                && lag.correlation >= SHIFT_MIN
                && lag.correlation - without > SHIFT_BETTER
        });
        let closes = self.equal_closes as f64 / self.common_bars as f64;
        if let Some(lag) = shift {
            let way = if lag.bars > 0 { "later" } else { "earlier" };
            let by = length(lag.bars.abs().saturating_mul(self.interval_ms));
            return format!(
                "one market, but the second tells its moves {by} {way}: check its zone"
            );
        }
        if self.common_bars == 0 {
            return "no bar in common".to_owned();
        }
        if self.differing == 0 {
            return format!("equal bar for bar ({of} bars)");
        }
        if self.equal_closely == self.common_bars {
            let volumes = shown(self.differing);
            return format!("prices equal in all {of} bars, volumes differ in {volumes}");
        }
        if closes >= ONE_SOURCE {
            let equal = shown(self.equal_closes);
            return format!("closes equal in {equal} of {of}: the same source under two names");
        }
        let size = self.basis.map_or(f64::NAN, |basis| basis.mean_size_bps);
        let together = self.lag.is_none_or(|lag| lag.bars == 0 && lag.correlation >= SHIFT_MIN);
        let bps = grouped(libm::ceil(size * 10.0) / 10.0, 1);
        let equal = match self.equal_closes {
            0 => String::new(),
            equal => format!("closes equal in {} of {of}; ", shown(equal)),
        };
        if size <= SAME_MARKET_BPS && together {
            format!("{equal}same market within {bps} bps on average")
        } else {
            format!("{equal}different prices: {bps} bps apart on average")
        }
    }
}
