//! The time that prices cover and how far they can move in it.

use crate::prices::models::ModelSpec;
use crate::prices::{Intrabar, Prices, ReplaySpec, greatest_rise};
use crate::units::time::YEAR_MS;

/// The time that prices cover.
pub(super) struct Span {
    /// Instant of the first marks, UTC ms.
    pub start_ms: i64,
    /// End, UTC ms.
    pub end_ms: i64,
    /// Shortest time between two ticks, ms.
    pub tick_ms: i64,
}

/// Standard deviations of a path's log price that the ledger must have room for: beyond them
/// lies less than 1e-15 of all paths.
const DEVIATIONS: f64 = 8.0;
/// Where volatility moves, log prices have no normal tails: room is made for a volatility that
/// stays at so many times that of the long run.
const UNSTEADY: f64 = 2.0;

impl Span {
    /// That of some prices.
    pub fn of(prices: &Prices) -> Self {
        match prices {
            Prices::Model(model) => Self {
                start_ms: model.start_ms,
                end_ms: model.start_ms + model.step_ms * model.steps as i64,
                tick_ms: model.step_ms >> model.options.refine,
            },
            Prices::History(replay) => {
                let bars = replay.assets.first().map_or(0, |asset| asset.mark[3].len());
                Self {
                    start_ms: replay.start_ms,
                    end_ms: replay.start_ms + replay.interval_ms * bars as i64,
                    tick_ms: tick_of(replay),
                }
            }
        }
    }
}

fn tick_of(replay: &ReplaySpec) -> i64 {
    match replay.intrabar {
        _ if replay.close_only => replay.interval_ms,
        Intrabar::Jump => replay.interval_ms / 3,
        Intrabar::Walk | Intrabar::Bridge => replay.walk_step_ms,
    }
}

/// For each asset, the highest price that the ledger must have room for, USDC.
pub(super) fn highest_prices(prices: &Prices) -> Vec<f64> {
    match prices {
        Prices::Model(model) => {
            (0..model.assets.len()).map(|asset| highest_price(model, asset)).collect()
        }
        Prices::History(replay) => {
            let most = |series: &[f64]| series.iter().copied().fold(0.0, f64::max);
            let assets = replay.assets.iter();
            assets
                .map(|asset| {
                    let last = asset.last.as_ref().map_or(0.0, |last| most(&last[1]));
                    most(&asset.mark[1]).max(last)
                })
                .enumerate()
                .map(|(place, most)| most * libm::exp(greatest_rise(&replay.shocks, place)))
                .collect()
        }
    }
}

/// The highest price of an asset on the paths of a model that the ledger must have room for:
/// expectation and deviation of the log price grow with t and √t, and this is the highest of their
/// sum.
pub(super) fn highest_price(model: &ModelSpec, asset: usize) -> f64 {
    let years = (model.step_ms as f64 * model.steps as f64) / YEAR_MS as f64;
    let trend = model.log_drift(asset);
    let unsteady = if model.is_steady() { 1.0 } else { UNSTEADY };
    let scale = unsteady * model.options.greatest_scale(asset);
    let reach = DEVIATIONS * scale * model.variance(asset).sqrt();
    let peak = if trend < 0.0 { (reach / (-2.0 * trend)).powi(2) } else { years };
    let years = years.min(peak);
    let rise = model.options.greatest_rise(asset);
    model.assets[asset].start_price * libm::exp(trend * years + reach * years.sqrt() + rise)
}
