//! What comes on top of a model: drifting correlations, shocks, antithetic paths.

use std::collections::BTreeMap;

use crate::fields::{Duration, Faults, Places, Spot, nearest};
use crate::prices::models::{CorrelationDrift, ModelOptions, Shock, ShockKind};
use crate::scenario::build::correlation::correlation;
use crate::scenario::format::{ModelClock, Normals, ShockForm};

/// The options of a model; `normals` is `None` where a model has none of these fields.
pub(super) fn options(
    names: &[&str],
    normals: Option<&Normals>,
    clock: &ModelClock,
    prices: &Places,
    faults: &mut Faults,
) -> Option<ModelOptions> {
    let before = faults.errors();
    let antithetic = normals.is_some_and(|normals| normals.antithetic);
    let drift = normals.and_then(|normals| normals.correlation_drift.as_ref());
    let correlation_drift = match drift {
        Some(drift) => {
            let spot = drift.at.of("to");
            let sound = prices.sound(&["assets"]) && drift.at.sound(&["to"]);
            let crisis = correlation(names, Some(&drift.to), &spot, sound, faults)?;
            Some(CorrelationDrift {
                crisis,
                after_ms: drift.after.ms,
                over_ms: drift.over.ms,
                stay_ms: drift.stay.map(|stay| stay.ms),
            })
        }
        None => None,
    };
    let shocks = shocks(names, clock, faults);
    let refine = normals.map_or(0, |normals| normals.refine as u32);
    let options = ModelOptions { antithetic, correlation_drift, shocks, refine };
    (faults.errors() == before).then_some(options)
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
