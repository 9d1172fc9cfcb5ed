//! Regime switching.

use super::on_top;
use super::{Clock, made};
use crate::fields::{Faults, Spot, nearest};
use crate::prices::Prices;
use crate::prices::models::{GbmAsset, ModelKind, ModelOptions, ModelSpec, Regime, RegimesSpec};
use crate::scenario::build::correlation::correlation;
use crate::scenario::format::{RegimeForm, RegimesPrices, Repair, Run};

/// Regimes that follow each other.
pub(in crate::scenario::build) fn regimes(
    run: &Run,
    prices: &RegimesPrices,
    faults: &mut Faults,
) -> Option<Prices> {
    let before = faults.errors();
    let assets: Vec<&str> = prices.assets.keys().map(String::as_str).collect();
    let names: Vec<&str> = prices.regimes.keys().map(String::as_str).collect();
    let spot = prices.at.of("regimes");
    if names.is_empty() && prices.at.sound(&["regimes"]) {
        faults.error(&spot, "no regime", "give at least one, e.g. [prices.regimes.calm]");
    }
    let sound = prices.at.sound(&["assets"]);
    let made_regimes: Vec<Regime> = prices
        .regimes
        .iter()
        .filter_map(|(name, form)| {
            regime(name, form, &names, &assets, (sound, prices.repair), faults)
        })
        .collect();
    let start = prices.start_regime.as_ref().and_then(|name| {
        let found = names.iter().position(|known| *known == name.0);
        if found.is_none() {
            unknown(&name.0, &names, &prices.at.of("start_regime"), faults);
        }
        found
    });
    let clock = Clock::of(run, &prices.clock, faults);
    let sobol = on_top::sobol(prices.antithetic, prices.sobol, &prices.at, faults);
    let copula_df = on_top::copula(&assets, &prices.copula, &prices.at, faults);
    if faults.errors() > before || !prices.at.sound(&["assets", "regimes", "start_regime"]) {
        return None;
    }
    let Clock { start_ms, step_ms, steps } = clock?;
    let spec = RegimesSpec { regimes: made_regimes, start };
    let Some(long_run) = spec.long_run() else {
        let message = "some regimes never reach each other, so that no long-run share exists";
        faults.error(&spot, message, "give probabilities of next that lead from each to each");
        return None;
    };
    let of_asset = |(place, (name, asset)): (usize, (&String, &_))| {
        let asset: &crate::scenario::format::StartAsset = asset;
        GbmAsset {
            name: name.clone(),
            start_price: asset.start_price,
            volatility: long_run.volatility[place],
            drift: long_run.drift[place],
        }
    };
    let assets = prices.assets.iter().enumerate().map(of_asset).collect();
    let options = ModelOptions {
        antithetic: prices.antithetic,
        sobol,
        copula_df,
        refine: prices.refine as u32,
        ..ModelOptions::default()
    };
    let (correlation, kind) = (long_run.correlation, ModelKind::Regimes(spec));
    let spec = ModelSpec { start_ms, step_ms, steps, assets, correlation, kind, options };
    made(spec, &prices.at, faults)
}

fn regime(
    name: &str,
    form: &RegimeForm,
    names: &[&str],
    assets: &[&str],
    (assets_sound, repair): (bool, Repair),
    faults: &mut Faults,
) -> Option<Regime> {
    let before = faults.errors();
    let next = next(name, form, names, faults);
    let (mut volatility, mut drift) = (Vec::new(), Vec::new());
    for asset in assets.iter().filter(|_| form.at.sound(&["assets"])) {
        match form.assets.get(*asset) {
            Some(own) => {
                volatility.push(own.volatility.0);
                drift.push(own.drift.0);
            }
            None => {
                let message = format!("the regime {name} says nothing of {asset}");
                let help = format!("give prices.regimes.{name}.assets.{asset}.volatility");
                faults.error(&form.at.of("assets"), message, help);
            }
        }
    }
    for asset in
        form.assets.keys().filter(|asset| assets_sound && !assets.contains(&asset.as_str()))
    {
        unknown_asset(asset, assets, &form.at.of("assets").below(asset), faults);
    }
    let spot = form.at.of("correlation");
    let sound = assets_sound && form.at.sound(&["correlation"]);
    let matrix = correlation(assets, form.correlation.as_ref(), &spot, sound, repair, faults);
    let correlation = matrix.filter(|_| faults.errors() == before)?;
    let duration_ms = form.duration.ms as f64;
    let name = name.to_owned();
    Some(Regime { name, duration_ms, next, volatility, drift, correlation })
}

/// Probabilities of the next regime: all others' the same unless given; they sum to 1.
fn next(name: &str, form: &RegimeForm, names: &[&str], faults: &mut Faults) -> Vec<f64> {
    let Some(given) = &form.next else {
        let others = names.len().saturating_sub(1).max(1) as f64;
        return names.iter().map(|other| if *other == name { 0.0 } else { 1.0 / others }).collect();
    };
    let spot = form.at.of("next");
    let before = faults.errors();
    for other in given.keys() {
        if other == name {
            let message = format!("{name} does not follow itself");
            faults.error(&spot.below(other), message, "its stay is its duration: leave it out");
        } else if !names.contains(&other.as_str()) {
            unknown(other, names, &spot.below(other), faults);
        }
    }
    let sum: f64 = given.values().sum();
    let is_sound = form.at.sound(&["next"]) && faults.errors() == before;
    if is_sound && (sum - 1.0).abs() > 1e-9 {
        let message = format!("the probabilities of what follows {name} sum to {sum}, not 1");
        faults.error(&spot, message, "give each other regime its share, or leave next out");
    }
    names.iter().map(|other| given.get(*other).copied().unwrap_or(0.0)).collect()
}

fn unknown(name: &str, names: &[&str], spot: &Spot, faults: &mut Faults) {
    let help = help_of(name, names);
    faults.error(spot, format!("{name} is no regime of [prices.regimes]"), help);
}

fn unknown_asset(name: &str, names: &[&str], spot: &Spot, faults: &mut Faults) {
    let help = help_of(name, names);
    faults.error(spot, format!("{name} is no asset of [prices.assets]"), help);
}

fn help_of(name: &str, names: &[&str]) -> String {
    match nearest(name, names) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("known: {}", names.join(", ")),
    }
}
