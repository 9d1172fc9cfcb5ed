//! Models whose assets each have a volatility of their own.

use super::{Clock, made, on_top};
use crate::fields::Faults;
use crate::prices::Prices;
use crate::prices::models::{
    GarchAsset, GarchSpec, GbmAsset, HestonAsset, MertonJumps, ModelKind, ModelOptions, ModelSpec,
};
use crate::scenario::build::correlation::with_factor;
use crate::scenario::format::{
    CopulaForm, DiffusionAsset, GarchPrices, GbmPrices, HestonPrices, MertonPrices, ModelClock,
    Normals, Run, Tails,
};

/// No jumps.
const CALM: MertonJumps =
    MertonJumps { intensity: 0.0, mean: 0.0, deviation: 0.0, compensated: true };

/// What the models here have in common.
struct Common<'a> {
    run: &'a Run,
    clock: &'a ModelClock,
    normals: &'a Normals,
    copula: Option<&'a CopulaForm>,
    prices: &'a crate::fields::Places,
    /// Correlation of each asset with the market factor, if they have one.
    loadings: Option<Vec<f64>>,
}

/// Correlations with the market factor; none where no asset has one. All or none have.
fn loadings<'a>(
    assets: impl Iterator<Item = (&'a String, &'a DiffusionAsset)> + Clone,
    faults: &mut Faults,
) -> Option<Vec<f64>> {
    if assets.clone().all(|(_, asset)| asset.market_factor.is_none()) {
        return None;
    }
    for (name, asset) in assets.clone() {
        if asset.market_factor.is_none() && asset.at.sound(&["market_factor"]) {
            let message = format!("{name} has no market_factor, and other assets have one");
            let help = "give it one (0: it moves on its own), or none to the others";
            faults.error(&asset.at.of("market_factor"), message, help);
        }
    }
    Some(assets.map(|(_, asset)| asset.market_factor.unwrap_or(0.0)).collect())
}

impl Common<'_> {
    /// A model of these assets.
    fn spec(
        &self,
        assets: Vec<GbmAsset>,
        kind: Option<ModelKind>,
        faults: &mut Faults,
    ) -> Option<Prices> {
        let names: Vec<&str> = assets.iter().map(|asset| asset.name.as_str()).collect();
        let normals = self.normals;
        let sound = self.prices.sound(&["assets"]) && normals.at.sound(&["correlation"]);
        let spot = normals.at.of("correlation");
        let (written, repair) = (normals.correlation.as_ref(), normals.repair);
        let loadings = self.loadings.as_deref();
        let matrix = with_factor(&names, loadings, written, &spot, sound, repair, faults);
        let clock = Clock::of(self.run, self.clock, faults);
        let options = on_top::options(&names, normals, self.prices, faults);
        let bent = |form| on_top::copula(&names, form, self.prices, faults);
        let copula_df = self.copula.and_then(bent);
        let options = options.map(|options| ModelOptions { copula_df, ..options });
        let (Clock { start_ms, step_ms, steps }, options) = (clock?, options?);
        let (correlation, kind) = (matrix?, kind?);
        let spec = ModelSpec { start_ms, step_ms, steps, assets, correlation, kind, options };
        made(spec, self.prices, faults)
    }
}

fn diffusion((name, asset): (&String, &DiffusionAsset)) -> GbmAsset {
    GbmAsset {
        name: name.to_owned(),
        start_price: asset.start_price,
        volatility: asset.volatility.0,
        drift: asset.drift.0,
    }
}

/// Correlated geometric Brownian motion.
pub(in crate::scenario::build) fn gbm(
    run: &Run,
    prices: &GbmPrices,
    faults: &mut Faults,
) -> Option<Prices> {
    let common = Common {
        run,
        clock: &prices.clock,
        normals: &prices.normals,
        copula: Some(&prices.copula),
        prices: &prices.at,
        loadings: loadings(prices.assets.iter(), faults),
    };
    common.spec(prices.assets.iter().map(diffusion).collect(), Some(ModelKind::Gbm), faults)
}

/// The same with jumps.
pub(in crate::scenario::build) fn merton(
    run: &Run,
    prices: &MertonPrices,
    faults: &mut Faults,
) -> Option<Prices> {
    let jumps = prices.assets.values().map(|asset| {
        asset.jumps.as_ref().map_or(CALM, |jumps| MertonJumps {
            intensity: jumps.intensity,
            mean: jumps.mean,
            deviation: jumps.deviation,
            compensated: jumps.compensated,
        })
    });
    let kind = ModelKind::Merton(jumps.collect());
    let assets = prices.assets.iter().map(|(name, asset)| diffusion((name, &asset.diffusion)));
    let common = Common {
        run,
        clock: &prices.clock,
        normals: &prices.normals,
        copula: Some(&prices.copula),
        prices: &prices.at,
        loadings: loadings(
            prices.assets.iter().map(|(name, asset)| (name, &asset.diffusion)),
            faults,
        ),
    };
    common.spec(assets.collect(), Some(kind), faults)
}

/// GARCH(1,1) with t innovations.
pub(in crate::scenario::build) fn garch(
    run: &Run,
    prices: &GarchPrices,
    faults: &mut Faults,
) -> Option<Prices> {
    let before = faults.errors();
    for (name, asset) in &prices.assets {
        let sum = asset.alpha + asset.beta;
        if sum >= 1.0 && asset.at.sound(&["alpha", "beta"]) {
            let message = format!("alpha + beta = {sum} of {name} is not below 1");
            let help = "the variance would have no long-run mean: lower one of them";
            faults.error(&asset.at.of("beta"), message, help);
        }
    }
    let first = prices.assets.iter().next();
    if let (Tails::Common, Some((first_name, first))) = (prices.tails, first)
        && let Some((name, other)) = prices.assets.iter().find(|(_, asset)| asset.df != first.df)
        && first.at.sound(&["df"])
        && other.at.sound(&["df"])
    {
        let words = |df: Option<f64>| df.map_or("none".to_owned(), |df| df.to_string());
        let (one, two) = (words(first.df), words(other.df));
        let message =
            format!("the df of {name} is {two}, of {first_name} {one}: common tails have one");
        let help = "give all assets the same df, or tails = \"own\"";
        faults.error(&other.at.of("df"), message, help);
    }
    let assets = prices.assets.values().map(|asset| GarchAsset {
        alpha: asset.alpha,
        beta: asset.beta,
        df: asset.df,
        start_volatility: asset.start_volatility.map(|start| start.0),
    });
    let spec = GarchSpec { assets: assets.collect(), common_tails: prices.tails == Tails::Common };
    let kind = (faults.errors() == before && prices.at.sound(&["assets"]))
        .then_some(ModelKind::Garch(spec));
    let assets = prices.assets.iter().map(|(name, asset)| diffusion((name, &asset.diffusion)));
    let common = Common {
        run,
        clock: &prices.clock,
        normals: &prices.normals,
        copula: None,
        prices: &prices.at,
        loadings: loadings(
            prices.assets.iter().map(|(name, asset)| (name, &asset.diffusion)),
            faults,
        ),
    };
    common.spec(assets.collect(), kind, faults)
}

/// Heston's stochastic volatility.
pub(in crate::scenario::build) fn heston(
    run: &Run,
    prices: &HestonPrices,
    faults: &mut Faults,
) -> Option<Prices> {
    let before = faults.errors();
    let mut heston = Vec::with_capacity(prices.assets.len());
    for (name, asset) in &prices.assets {
        let own = HestonAsset {
            mean_reversion: asset.mean_reversion,
            vol_of_vol: asset.vol_of_vol,
            price_variance: asset.price_variance,
            start_volatility: asset.start_volatility.map(|start| start.0),
        };
        heston.push(own);
        let volatility = asset.diffusion.volatility.0;
        let spot = asset.diffusion.at.of("volatility");
        let sound = asset.at.sound(&["mean_reversion", "vol_of_vol"])
            && asset.diffusion.at.sound(&["volatility"]);
        if volatility == 0.0 && sound {
            let message = format!("the volatility of {name} is 0");
            faults.error(&spot, message, "a variance that moves needs a mean above 0");
        } else if own.feller(volatility) < 1.0 && sound {
            let message = format!(
                "Feller's condition fails for {name}: 2·mean_reversion·volatility²/vol_of_vol² = \
                 {:.4} is below 1, so that its variance touches 0",
                own.feller(volatility)
            );
            let help = "the scheme (QE) stays exact in mean and variance; calm spells are long, \
                        bursts short";
            faults.warn(&asset.at.of("vol_of_vol"), message, help);
        }
    }
    let kind = (faults.errors() == before && prices.at.sound(&["assets"]))
        .then_some(ModelKind::Heston(heston));
    let assets = prices.assets.iter().map(|(name, asset)| diffusion((name, &asset.diffusion)));
    let common = Common {
        run,
        clock: &prices.clock,
        normals: &prices.normals,
        copula: Some(&prices.copula),
        prices: &prices.at,
        loadings: loadings(
            prices.assets.iter().map(|(name, asset)| (name, &asset.diffusion)),
            faults,
        ),
    };
    common.spec(assets.collect(), kind, faults)
}
