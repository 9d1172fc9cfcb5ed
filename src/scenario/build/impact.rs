//! Impact feedback.

use crate::engine::{AssetImpact, ImpactSpec};
use crate::fields::{Faults, nearest};
use crate::scenario::format::{Impact, Root};
use crate::venue::exchange::MarketSpec;

/// What forced fills do to prices. `None` where it cannot be, which has been reported; the inner
/// `None` where nothing is asked for, or strength is 0.
pub(super) fn impact(
    root: &Root,
    names: &[String],
    markets: &[MarketSpec],
    faults: &mut Faults,
) -> Option<Option<ImpactSpec>> {
    let Some(form) = &root.exchange.impact else { return Some(None) };
    let known = check_names(form, names, faults);
    let traded = |asset: usize| markets.iter().any(|market| market.asset == asset);
    let assets: Vec<Option<AssetImpact>> = (names.iter().enumerate())
        .map(|(asset, name)| match traded(asset) {
            true => terms(form, name, faults),
            false => Some(AssetImpact::NONE),
        })
        .collect();
    let assets: Vec<AssetImpact> = assets.into_iter().collect::<Option<_>>()?;
    let spec = ImpactSpec {
        strength: form.strength,
        assets,
        rounds: u32::try_from(form.rounds).unwrap_or(u32::MAX),
        cascade_window_ms: form.cascade_window.ms,
    };
    known.then(|| (form.strength > 0.0).then_some(spec))
}

fn check_names(form: &Impact, names: &[String], faults: &mut Faults) -> bool {
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut all = true;
    for (name, own) in &form.assets {
        if !known.contains(&name.as_str()) {
            let help = match nearest(name, &known) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("known: {}", known.join(", ")),
            };
            faults.error(own.at.section(), format!("asset {name} has no prices"), help);
            all = false;
        }
    }
    all
}

/// The terms of one asset: its own, else those of all.
fn terms(form: &Impact, name: &str, faults: &mut Faults) -> Option<AssetImpact> {
    let own = form.assets.get(name);
    let volume = own.and_then(|own| own.daily_volume).or(form.daily_volume);
    let sigma = own.and_then(|own| own.sigma_day).or(form.sigma_day);
    let spot = own.map_or(form.at.section(), |own| own.at.section());
    let sound = |field: &str| {
        form.at.sound(&[field, "assets"]) && own.is_none_or(|own| own.at.sound(&[field]))
    };
    if volume.is_none() && sound("daily_volume") {
        let message = format!("daily_volume of {name} is missing");
        faults.error(spot, message, "say how much of it is traded in a day: \"500000000 USDC\"");
    }
    if sigma.is_none() && sound("sigma_day") {
        let message = format!("sigma_day of {name} is missing");
        faults.error(spot, message, "give the daily volatility of calm markets: \"3 %\"");
    }
    let sigma = sigma?.0;
    Some(AssetImpact {
        permanent: own.and_then(|own| own.permanent).unwrap_or(form.permanent) * sigma,
        decaying: own.and_then(|own| own.decaying).unwrap_or(form.decaying) * sigma,
        half_life_ms: own.and_then(|own| own.half_life).unwrap_or(form.half_life).ms,
        daily_volume_usdc: volume?.0.usdc(),
    })
}
