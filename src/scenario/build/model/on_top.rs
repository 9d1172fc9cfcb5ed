//! What comes on top of a model: drifting correlations, shocks, a copula, paths that depend on
//! each other.

use std::collections::BTreeMap;

use super::drift::drift;
use crate::fields::{Duration, Faults, Places, Spot, nearest};
use crate::prices::models::{ModelOptions, Shock, ShockKind};
use crate::scenario::format::{CopulaForm, ModelClock, Normals, ShockForm};

/// The options of a model, but for its copula.
pub(super) fn options(
    names: &[&str],
    normals: &Normals,
    clock: &ModelClock,
    prices: &Places,
    faults: &mut Faults,
) -> Option<ModelOptions> {
    let before = faults.errors();
    let sobol = sobol(normals.antithetic, normals.sobol, &normals.at, faults);
    let correlation_drift = match &normals.correlation_drift {
        Some(form) => Some(drift(names, form, normals.repair, prices, faults)?),
        None => None,
    };
    let shocks = shocks(names, clock, faults);
    (faults.errors() == before).then_some(ModelOptions {
        antithetic: normals.antithetic,
        sobol,
        correlation_drift,
        shocks,
        ..ModelOptions::default()
    })
}

/// The size of a Sobol set.
pub(super) fn sobol(
    antithetic: bool,
    size: Option<u64>,
    at: &Places,
    faults: &mut Faults,
) -> Option<u32> {
    let size = size?;
    let spot = at.of("sobol");
    if !size.is_power_of_two() {
        let message = format!("{size} is no power of two: such points are no net");
        let help =
            format!("write {} or {}", size.next_power_of_two() / 2, size.next_power_of_two());
        faults.error(&spot, message, help);
    }
    if antithetic {
        let message = "a Sobol set is not mirrored as well";
        faults.error(&spot, message, "leave sobol out, or antithetic");
    }
    u32::try_from(size).ok()
}

/// Degrees of freedom of the copula.
pub(super) fn copula(
    names: &[&str],
    form: &CopulaForm,
    prices: &Places,
    faults: &mut Faults,
) -> Option<f64> {
    let CopulaForm::StudentT(tails) = form else { return None };
    if names.len() < 2 && prices.sound(&["assets"]) {
        let message = "a copula joins the extremes of two assets at least: there is one";
        faults.error(&prices.of("copula"), message, "leave it out, or add an asset");
    }
    tails.at.sound(&["df"]).then_some(tails.df)
}

/// The shocks of a model, by name.
pub(super) fn shocks(names: &[&str], clock: &ModelClock, faults: &mut Faults) -> Vec<Shock> {
    let run_ms = clock.steps.map(|steps| steps as f64 * clock.step.ms as f64);
    let mut shocks = Vec::with_capacity(clock.shocks.len());
    for (name, form) in &clock.shocks {
        let (kind, time) = match form {
            ShockForm::Crash(crash) => {
                let of = crash.by_asset.as_ref();
                let spot = crash.at.of("by_asset");
                let sizes = by_asset(names, crash.size, of, &spot, faults);
                // 1 − size is the part of the price that is left.
                let logs = sizes.iter().map(|size| libm::log1p(-size.0)).collect();
                (ShockKind::Crash(logs), &crash.time)
            }
            ShockForm::Volatility(change) => {
                let of = change.by_asset.as_ref();
                let spot = change.at.of("by_asset");
                let factors = by_asset(names, change.factor, of, &spot, faults);
                (ShockKind::Volatility(factors), &change.time)
            }
        };
        let begins_ms = time.after.map_or(0, |after| after.ms);
        let ends_ms = begins_ms.saturating_add(time.over.ms);
        if run_ms.is_some_and(|run_ms| ends_ms as f64 > run_ms)
            && time.at.sound(&["after", "over"])
            && clock.at.sound(&["step", "steps", "duration"])
        {
            let end = Duration { ms: ends_ms };
            let message = format!("the shock {name} ends {end} after the start: the run is over");
            let help = "begin earlier, make it shorter, or the run longer";
            faults.error(&time.at.of("over"), message, help);
        }
        let after_ms = time.after.map(|after| after.ms);
        shocks.push(Shock { name: name.clone(), after_ms, over_ms: time.over.ms, kind });
    }
    shocks
}

/// One value per asset: the general one, or its own.
fn by_asset<T: Copy>(
    names: &[&str],
    general: T,
    own: Option<&BTreeMap<String, T>>,
    spot: &Spot,
    faults: &mut Faults,
) -> Vec<T> {
    for name in own.into_iter().flat_map(BTreeMap::keys) {
        if !names.contains(&name.as_str()) {
            let help = match nearest(name, names) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("known: {}", names.join(", ")),
            };
            faults.error(&spot.below(name), format!("{name} is no asset of [prices.assets]"), help);
        }
    }
    let value = |name: &&str| own.and_then(|own| own.get(*name)).copied().unwrap_or(general);
    names.iter().map(value).collect()
}
