//! Impact feedback in words.

use std::fmt::Write;

use super::percent;
use crate::engine::{AssetImpact, Plan};
use crate::fields::Duration;

/// A line on the rounds, and one per asset that forced fills move.
pub(super) fn write(text: &mut String, plan: &Plan) {
    let Some(spec) = &plan.impact else { return };
    let _ = writeln!(
        text,
        "impact   force-closes move prices, strength {}; at most {} rounds an instant; one chain while no more than {} apart",
        spec.strength,
        spec.rounds,
        Duration { ms: spec.cascade_window_ms }
    );
    for (name, terms) in plan.assets.iter().zip(&spec.assets) {
        if *terms != AssetImpact::NONE {
            // A thousandth of a day's volume: what one sees.
            let notional = terms.daily_volume_usdc / 1_000.0;
            let [permanent, decaying] =
                terms.moves(-notional).map(|shift| libm::expm1(spec.strength * shift));
            let _ = writeln!(
                text,
                "         {name}: a sale of {notional:.0} USDC, 0.1 % of a day's volume, moves it by {} that stay and {} of which half is gone after {}",
                percent(permanent),
                percent(decaying),
                Duration { ms: terms.half_life_ms }
            );
        }
    }
}
