//! Price models.

use super::correlation::correlation;
use crate::fields::{Bounds, Faults, Instant, Leaf};
use crate::prices::Prices;
use crate::prices::models::{GbmAsset, MertonJumps, ModelKind, ModelOptions, ModelSpec};
use crate::scenario::format::{DiffusionAsset, GbmPrices, MertonPrices, ModelClock, Run};

/// No jumps.
const CALM: MertonJumps =
    MertonJumps { intensity: 0.0, mean: 0.0, deviation: 0.0, compensated: true };

/// Correlated geometric Brownian motion.
pub(super) fn gbm(run: &Run, prices: &GbmPrices, faults: &mut Faults) -> Option<Prices> {
    let names: Vec<&str> = prices.assets.keys().map(String::as_str).collect();
    let matrix = correlation(&names, prices.correlation.as_ref(), &prices.at, faults);
    let (start_ms, step_ms, steps) = clock(run, &prices.clock, faults)?;
    let assets = prices.assets.iter().map(|(name, asset)| diffusion(name, asset)).collect();
    let correlation = matrix?;
    let (kind, options) = (ModelKind::Gbm, ModelOptions::default());
    Some(Prices::Model(ModelSpec { start_ms, step_ms, steps, assets, correlation, kind, options }))
}

/// The same with jumps.
pub(super) fn merton(run: &Run, prices: &MertonPrices, faults: &mut Faults) -> Option<Prices> {
    let names: Vec<&str> = prices.assets.keys().map(String::as_str).collect();
    let matrix = correlation(&names, prices.correlation.as_ref(), &prices.at, faults);
    let (start_ms, step_ms, steps) = clock(run, &prices.clock, faults)?;
    let assets = prices.assets.iter();
    let assets = assets.map(|(name, asset)| diffusion(name, &asset.diffusion)).collect();
    let jumps = prices.assets.values().map(|asset| {
        asset.jumps.as_ref().map_or(CALM, |jumps| MertonJumps {
            intensity: jumps.intensity,
            mean: jumps.mean,
            deviation: jumps.deviation,
            compensated: jumps.compensated,
        })
    });
    let (kind, options) = (ModelKind::Merton(jumps.collect()), ModelOptions::default());
    let correlation = matrix?;
    Some(Prices::Model(ModelSpec { start_ms, step_ms, steps, assets, correlation, kind, options }))
}

fn diffusion(name: &str, asset: &DiffusionAsset) -> GbmAsset {
    GbmAsset {
        name: name.to_owned(),
        start_price: asset.start_price,
        volatility: asset.volatility.0,
        drift: asset.drift.0,
    }
}

/// Start, step and number of steps; all instants lie in the range of dates.
fn clock(run: &Run, clock: &ModelClock, faults: &mut Faults) -> Option<(i64, i64, usize)> {
    let start_ms = run.start?.ms;
    let steps = clock.steps?;
    let end_ms = start_ms as f64 + clock.step.ms as f64 * steps as f64;
    let range: Bounds = Instant::RANGE;
    if !range.holds(end_ms) {
        let message = format!("{steps} steps of {} end after the year 2199", clock.step);
        faults.error(&clock.at.of("steps"), message, "give fewer or shorter steps");
        return None;
    }
    Some((start_ms, clock.step.ms, usize::try_from(steps).ok()?))
}
