//! Crashes that happened.

use std::collections::BTreeMap;

use super::words::{added, divided, each, fall};
use super::{Draft, Scene, all_pairs, names};
use crate::engine::VenueShockKind;
use crate::fields::{Duration, Faults, Fraction};
use crate::prices::ShockKind;
use crate::prices::presets::{CrashPreset, FUNDING_INTERVAL_MS, FUNDING_MS, THIN_AFTER_MS};
use crate::scenario::format::{Like, PresetForm};
use crate::venue::exchange::{FundingSource, FundingSpec};

/// What an asset takes from a preset.
struct Taken {
    /// Change of its log price over each leg.
    legs: Vec<f64>,
    /// Whose funding, where somebody's.
    funding_of: Option<&'static str>,
}

impl Like {
    const fn asset(self) -> Option<&'static str> {
        match self {
            Self::Btc => Some("BTC"),
            Self::Eth => Some("ETH"),
            Self::Sol => Some("SOL"),
            Self::Altcoin => None,
        }
    }
}

/// The figures of an asset, by its own name or another's; `None` where there are none.
fn figures(preset: &CrashPreset, asset: &str, like: Option<Like>) -> Option<Taken> {
    let own = match like {
        None => preset.falls.iter().map(|(name, _)| *name).find(|name| *name == asset)?,
        Some(Like::Altcoin) => {
            return Some(Taken { legs: preset.legs_to(preset.altcoin), funding_of: None });
        }
        Some(like) => like.asset()?,
    };
    preset.legs(own).map(|legs| Taken { legs, funding_of: Some(own) })
}

/// Whether a preset has figures for all assets.
pub(super) fn knows_all(
    preset: &CrashPreset,
    assets: &[&str],
    like: Option<&BTreeMap<String, Like>>,
) -> bool {
    let like = |asset: &str| like.and_then(|like| like.get(asset)).copied();
    let known = |asset: &str| {
        figures(preset, asset, None).or_else(|| figures(preset, asset, like(asset))).is_some()
    };
    assets.iter().all(|asset| known(asset))
}

/// What of `like` a preset needs: the assets that it does not know.
pub(super) fn needed(
    preset: &CrashPreset,
    like: Option<&BTreeMap<String, Like>>,
) -> Option<BTreeMap<String, Like>> {
    let strange = like?.iter().filter(|(asset, _)| figures(preset, asset, None).is_none());
    Some(strange.map(|(asset, like)| (asset.clone(), *like)).collect())
}

impl Scene<'_> {
    /// Falls, correlation, funding and thin books of a preset.
    pub(super) fn preset(&self, draft: &mut Draft<'_>, form: &PresetForm, faults: &mut Faults) {
        let Some(preset) = CrashPreset::of(form.preset.text()) else { return };
        let Some(taken) = self.taken(preset, form, faults) else { return };
        let sizes: Vec<Fraction> = taken
            .iter()
            .map(|taken| Fraction(-libm::expm1(taken.legs.iter().sum::<f64>())))
            .collect();
        draft.words = format!("{}: {}", preset.title, each(&self.assets, &sizes, fall));
        draft.words += &format!(" within {}", Duration { ms: preset.fall_ms() });
        let mut from_ms = 0;
        for (leg, over_ms) in preset.legs_ms.iter().enumerate() {
            let logs = taken.iter().map(|taken| taken.legs[leg]).collect();
            draft.price(from_ms, *over_ms, ShockKind::Crash(logs));
            from_ms += over_ms;
        }
        let n = self.assets.len();
        if form.correlation && n > 1 {
            if self.root.prices.has_correlations() {
                let matrix = all_pairs(n, preset.correlation);
                draft.price(0, preset.fall_ms(), ShockKind::Correlation(matrix));
                draft.words += &format!(", correlation {}", preset.correlation);
            } else {
                draft.words += ", correlation left out (these prices have none to change)";
            }
        }
        if form.funding {
            self.preset_funding(draft, preset, &taken);
        }
        if let (true, Some(depth)) = (form.liquidity, preset.depth) {
            let from_ms = preset.legs_ms.first().copied().unwrap_or(0);
            let for_ms = preset.fall_ms() - from_ms + THIN_AFTER_MS;
            draft.venue(from_ms, for_ms, VenueShockKind::Liquidity(vec![depth; n]));
            draft.words += &format!(", depth {}", divided(depth));
        }
    }

    /// The figures of every asset.
    fn taken(
        &self,
        preset: &CrashPreset,
        form: &PresetForm,
        faults: &mut Faults,
    ) -> Option<Vec<Taken>> {
        let before = faults.errors();
        let (own, like) = (form.by_asset.as_ref(), form.like.as_ref());
        let what = "asset of [prices.assets]";
        names::check_names(own, &self.assets, what, &form.at.of("by_asset"), faults);
        names::check_names(like, &self.assets, what, &form.at.of("like"), faults);
        let mut all = Vec::with_capacity(self.assets.len());
        for asset in &self.assets {
            let like = like.and_then(|like| like.get(*asset)).copied();
            if let Some(size) = own.and_then(|own| own.get(*asset)) {
                if like.is_some() {
                    let message = format!("{asset} stands in by_asset and in like");
                    faults.error(&form.at.of("like").below(asset), message, "give one of them");
                }
                let legs = preset.legs_to(1.0 - size.0);
                all.push(Taken { legs, funding_of: None });
                continue;
            }
            if like.is_some() && figures(preset, asset, None).is_some() {
                let message = format!("the preset {} has figures of {asset}", preset.name);
                faults.error(&form.at.of("like").below(asset), message, "leave it out");
            }
            match figures(preset, asset, like) {
                Some(taken) => all.push(taken),
                None if form.at.sound(&["by_asset", "like"]) => {
                    let who = like.and_then(Like::asset).unwrap_or(asset);
                    let message = format!("the preset {} has no figure of {who}", preset.name);
                    let help = format!(
                        "give like = {{ {asset} = \"altcoin\" }} or by_asset = {{ {asset} = \"50 %\" }}"
                    );
                    faults.error(&form.at.of("preset"), message, help);
                }
                None => {}
            }
        }
        (faults.errors() == before && all.len() == self.assets.len()).then_some(all)
    }

    /// Rates of 8 h, scaled to the market's interval.
    fn preset_funding(&self, draft: &mut Draft<'_>, preset: &CrashPreset, taken: &[Taken]) {
        let Some(plan) = self.plan else { return };
        let mut rates = Vec::with_capacity(plan.exchange.markets.len());
        for market in &plan.exchange.markets {
            let known = taken[market.asset].funding_of.and_then(|name| preset.funding_of(name));
            rates.push(Fraction(match (known, &market.funding) {
                (Some(rate), Some(funding)) => {
                    rate * (interval_ms(funding) / FUNDING_INTERVAL_MS as f64)
                }
                _ => 0.0,
            }));
        }
        if rates.iter().all(|rate| rate.0 == 0.0) {
            draft.words += ", funding left out (no market pays any that is known)";
            return;
        }
        let names: Vec<&str> = plan.exchange.markets.iter().map(|m| m.name.as_str()).collect();
        draft.words += &format!(", funding {} a payment", each(&names, &rates, added));
        let rates = rates.iter().map(|rate| rate.0).collect();
        draft.venue(preset.last_leg_ms(), FUNDING_MS, VenueShockKind::Funding(rates));
    }
}

/// Between payments, on average.
fn interval_ms(funding: &FundingSpec) -> f64 {
    match &funding.source {
        FundingSource::Constant(_) => funding.interval_ms as f64,
        FundingSource::Series(series) => match series.time_ms.as_slice() {
            [first, .., last] => (last - first) as f64 / (series.time_ms.len() as f64 - 1.0),
            _ => FUNDING_INTERVAL_MS as f64,
        },
    }
}
