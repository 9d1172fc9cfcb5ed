//! Closes drawn from the crate's own models.

use drypowder::prices::PricePath;
use drypowder::prices::calibrate::{Closes, Returns};
use drypowder::prices::models::{GbmAsset, ModelKind, ModelOptions, ModelPath, ModelSpec};

/// A model of one or more assets, start price 100.
pub fn spec(
    kind: ModelKind,
    assets: &[(&str, f64, f64)],
    correlation: &[f64],
    step_ms: i64,
    steps: usize,
) -> ModelSpec {
    let asset = |(name, volatility, drift): &(&str, f64, f64)| GbmAsset {
        name: (*name).to_owned(),
        start_price: 100.0,
        volatility: *volatility,
        drift: *drift,
    };
    ModelSpec {
        start_ms: 0,
        step_ms,
        steps,
        assets: assets.iter().map(asset).collect(),
        correlation: correlation.to_vec(),
        kind,
        options: ModelOptions::default(),
    }
}

/// The returns of path 0 under a seed.
pub fn returns(spec: &ModelSpec, seed: u64) -> Returns {
    let mut path = ModelPath::new(spec).unwrap();
    path.begin(seed, 0);
    let n = spec.assets.len();
    let (mut marks, mut lasts) = (vec![0.0; n], vec![0.0; n]);
    let mut closes = vec![Vec::new(); n];
    for tick in 0..path.ticks() {
        path.load(tick, &mut marks, &mut lasts);
        closes.iter_mut().zip(&marks).for_each(|(closes, mark)| closes.push(*mark));
    }
    let names = spec.assets.iter().map(|asset| asset.name.clone()).collect();
    let closes = Closes { names, closes, bar_ms: spec.step_ms };
    Returns::of(&closes, spec.step_ms).unwrap()
}
