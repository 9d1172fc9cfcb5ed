//! How forced fills move prices.

use std::collections::BTreeMap;

use crate::fields::{Bounds, Duration, Fraction, Money, Value, section};

section! {
    /// How force-closes move the prices of their assets, and by that force the next.
    Impact {
        /// Scales every move; at 0 nothing moves and nothing is counted, as without the table.
        strength: f64 = 1.0, Bounds::within(0.0, 1e3);
        /// Part of a move that stays: permanent·sigma_day·Q/V of the log price, for forced fills of Q and a day's volume of V. 0.314 is the coefficient of Almgren, Thum, Hauptmann and Li (2005).
        permanent: f64 = 0.314, Bounds::within(0.0, 1e6);
        /// Part of a move that decays: decaying·sigma_day·√(Q/V) of the log price, the square-root law.
        decaying: f64 = 1.0, Bounds::within(0.0, 1e6);
        /// Time in which half of the decaying part is gone.
        half_life: Duration = "30m", Bounds::at_least(1.0);
        /// Traded volume of a day, V, of each asset, over all venues that make its price.
        daily_volume: Option<Money>, Bounds::above(0.0, 1e12);
        /// Daily volatility of calm markets.
        sigma_day: Option<Fraction>, Bounds::above(0.0, 10.0);
        /// The same of single assets; what they leave out is as above. Every asset with a market needs daily_volume and sigma_day, here or above.
        assets: BTreeMap<String, ImpactAsset> = Value::empty();
        /// Most rounds of venue checks at one instant; what is due after the last waits for the next tick.
        rounds: u64 = 8, Bounds::within(1.0, 1e6);
        /// Force-closes no further apart than this are one chain of cascade_size.
        cascade_window: Duration = "5m";
    }
}

section! {
    /// How force-closes move one asset.
    ImpactAsset {
        /// Part of a move that stays, as a multiple of sigma_day·Q/V.
        permanent: Option<f64>, Bounds::within(0.0, 1e6);
        /// Part of a move that decays, as a multiple of sigma_day·√(Q/V).
        decaying: Option<f64>, Bounds::within(0.0, 1e6);
        /// Time in which half of the decaying part is gone.
        half_life: Option<Duration>, Bounds::at_least(1.0);
        /// Traded volume of a day.
        daily_volume: Option<Money>, Bounds::above(0.0, 1e12);
        /// Daily volatility of calm markets.
        sigma_day: Option<Fraction>, Bounds::above(0.0, 10.0);
    }
}
