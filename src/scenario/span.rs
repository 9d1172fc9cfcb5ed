//! The time that prices cover and how far they can move in it.

use crate::prices::models::{GbmAsset, MertonJumps, ModelKind, ModelSpec};
use crate::prices::{Intrabar, Prices, ReplaySpec};
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

impl Span {
    /// That of some prices.
    pub fn of(prices: &Prices) -> Self {
        match prices {
            Prices::Model(model) => Self {
                start_ms: model.start_ms,
                end_ms: model.start_ms + model.step_ms * model.steps as i64,
                tick_ms: model.step_ms,
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
            let none = [];
            let jumps = match &model.kind {
                ModelKind::Gbm => &none[..],
                ModelKind::Merton(jumps) => jumps,
            };
            let assets = model.assets.iter().enumerate();
            assets.map(|(index, asset)| highest(model, asset, jumps.get(index))).collect()
        }
        Prices::History(replay) => {
            let most = |series: &[f64]| series.iter().copied().fold(0.0, f64::max);
            let assets = replay.assets.iter();
            assets
                .map(|asset| {
                    let last = asset.last.as_ref().map_or(0.0, |last| most(&last[1]));
                    most(&asset.mark[1]).max(last)
                })
                .collect()
        }
    }
}

/// Expectation and deviation of the log price grow with t and √t: the highest of their sum.
fn highest(model: &ModelSpec, asset: &GbmAsset, jumps: Option<&MertonJumps>) -> f64 {
    let years = (model.step_ms as f64 * model.steps as f64) / YEAR_MS as f64;
    let mut trend = asset.drift - asset.volatility * asset.volatility / 2.0;
    let mut variance = asset.volatility * asset.volatility;
    if let Some(jumps) = jumps {
        let square = jumps.mean * jumps.mean + jumps.deviation * jumps.deviation;
        trend += jumps.intensity * jumps.mean;
        variance += jumps.intensity * square;
        if jumps.compensated {
            let expected = libm::expm1(jumps.mean + jumps.deviation * jumps.deviation / 2.0);
            trend -= jumps.intensity * expected;
        }
    }
    let reach = DEVIATIONS * variance.sqrt();
    let peak = if trend < 0.0 { (reach / (-2.0 * trend)).powi(2) } else { years };
    let years = years.min(peak);
    asset.start_price * libm::exp(trend * years + reach * years.sqrt())
}
