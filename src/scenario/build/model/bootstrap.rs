//! The stationary block bootstrap.

use std::sync::Arc;

use super::{Clock, made};
use crate::fields::{Duration, Faults, Spot};
use crate::prices::Prices;
use crate::prices::history::{Aligned, Bars, align};
use crate::prices::models::{BootstrapSpec, GbmAsset, ModelKind, ModelOptions, ModelSpec};
use crate::scenario::build::history::{self, options};
use crate::scenario::format::{BootstrapPrices, Run};
use crate::scenario::load::Files;
use crate::units::time::YEAR_MS;

/// Blocks of the returns of some files.
pub(in crate::scenario::build) fn bootstrap(
    run: &Run,
    prices: &BootstrapPrices,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<Prices> {
    let before = faults.errors();
    let clock = Clock::of(run, &prices.clock, faults);
    check_drifts(prices, faults);
    let aligned = aligned(prices, files, faults);
    if faults.errors() > before
        || !prices.at.sound(&["mean_block"])
        || !prices.clock.at.sound(&["step", "steps", "duration"])
    {
        return None;
    }
    let aligned = aligned?;
    let Clock { start_ms, step_ms, steps } = clock?;
    let returns = returns(prices, &aligned, faults)?;
    let mean_block = prices.mean_block.ms as f64 / step_ms as f64;
    let spec = BootstrapSpec { returns: Arc::new(returns), mean_block, recentred: prices.recentre };
    let assets = assets(prices, &aligned, &spec, step_ms);
    let correlation = correlations(&spec);
    let kind = ModelKind::Bootstrap(spec);
    let options = ModelOptions::default();
    let spec = ModelSpec { start_ms, step_ms, steps, assets, correlation, kind, options };
    made(spec, &prices.at, faults)
}

/// The bars that it draws from.
pub(in crate::scenario) fn aligned(
    prices: &BootstrapPrices,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<Aligned> {
    let before = faults.errors();
    let mut bars: Vec<(&str, Bars, Spot)> = Vec::new();
    for (name, asset) in prices.assets.iter().filter(|(_, asset)| asset.at.sound(&["file"])) {
        let spot = asset.at.of("file");
        let options = options(&prices.reading, &asset.form);
        if let Some(read) = history::read(&asset.file, &options, &spot, files, faults) {
            bars.push((name, read, spot));
        }
    }
    let sound = prices.at.sound(&["assets", "from", "to"]);
    if faults.errors() > before || !sound || bars.is_empty() {
        return None;
    }
    let named: Vec<(&str, &Bars)> = bars.iter().map(|(name, bars, _)| (*name, bars)).collect();
    let (from, to) = (prices.from.map(|at| at.ms), prices.to.map(|at| at.ms));
    match align(&named, from, to) {
        Ok(aligned) => Some(aligned),
        Err(errors) => {
            for error in errors {
                let part = bars.iter().find(|(name, ..)| *name == error.origin);
                let spot = part.map_or_else(|| prices.at.of("assets"), |part| part.2.clone());
                history::report(error, &spot, faults);
            }
            None
        }
    }
}

/// A drift on top of a trend that is kept would be two drifts.
fn check_drifts(prices: &BootstrapPrices, faults: &mut Faults) {
    let given = prices.assets.iter().filter(|(_, asset)| asset.drift.0 != 0.0);
    for (name, asset) in given.filter(|_| !prices.recentre) {
        let message = format!("a drift of {} with recentre = false", asset.drift.0);
        let help = format!("{name} then keeps the trend of its file: leave drift out");
        faults.error(&asset.at.of("drift"), message, help);
    }
}

/// Log returns of each asset from close to close, a step apart, back from the last.
fn returns(
    prices: &BootstrapPrices,
    aligned: &Aligned,
    faults: &mut Faults,
) -> Option<Vec<Vec<f64>>> {
    let step = prices.clock.step;
    let bar = Duration { ms: aligned.interval_ms };
    if step.ms % bar.ms != 0 {
        let message = format!("a step of {step} is no whole number of bars of {bar}");
        faults.error(&prices.clock.at.of("step"), message, format!("write step = \"{bar}\""));
        return None;
    }
    let stride = usize::try_from(step.ms / bar.ms).ok()?;
    let rows = aligned.n_bars.saturating_sub(1) / stride;
    let block = prices.mean_block;
    if rows == 0 || block.ms as f64 > rows as f64 * step.ms as f64 {
        let message = format!("a mean block of {block} is longer than the {rows} steps of history");
        let help = "give a longer history, shorter steps or blocks";
        faults.error(&prices.at.of("mean_block"), message, help);
        return None;
    }
    if block.ms < step.ms {
        let message = format!("a mean block of {block} is shorter than a step of {step}");
        faults.error(&prices.at.of("mean_block"), message, "a block has at least one step");
        return None;
    }
    let of_asset = |closes: &[f64]| -> Vec<f64> {
        let first = closes.len() - 1 - rows * stride;
        let log = |row: usize| {
            let at = first + row * stride;
            libm::log(closes[at + stride] / closes[at])
        };
        (0..rows).map(log).collect()
    };
    Some(aligned.assets.iter().map(|asset| of_asset(&asset.close)).collect())
}

fn assets(
    prices: &BootstrapPrices,
    aligned: &Aligned,
    spec: &BootstrapSpec,
    step_ms: i64,
) -> Vec<GbmAsset> {
    let steps_a_year = YEAR_MS as f64 / step_ms as f64;
    let of_asset = |(place, (name, asset)): (usize, (&String, &_))| {
        let asset: &crate::scenario::format::BootstrapAsset = asset;
        let last = aligned.assets[place].close.last().copied().unwrap_or_default();
        GbmAsset {
            name: name.clone(),
            start_price: asset.start_price.unwrap_or(last),
            volatility: spec.deviation(place) * steps_a_year.sqrt(),
            drift: if spec.recentred { asset.drift.0 } else { spec.drift(place, step_ms) },
        }
    };
    prices.assets.iter().enumerate().map(of_asset).collect()
}

/// Correlations of the returns; 0 with an asset that does not move.
fn correlations(spec: &BootstrapSpec) -> Vec<f64> {
    let n = spec.returns.len();
    let mut matrix = vec![0.0; n * n];
    for one in 0..n {
        matrix[one * n + one] = 1.0;
        for other in 0..one {
            let both = spec.deviation(one) * spec.deviation(other);
            let value = if both > 0.0 { spec.covariance(one, other) / both } else { 0.0 };
            let value = value.clamp(-1.0, 1.0);
            matrix[one * n + other] = value;
            matrix[other * n + one] = value;
        }
    }
    matrix
}
