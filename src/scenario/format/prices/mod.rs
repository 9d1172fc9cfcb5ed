//! Where prices come from.

mod bootstrap;
mod correlation;
mod history;
mod models;
mod other;
mod regimes;
mod shocks;

use std::collections::BTreeMap;

pub(in crate::scenario) use bootstrap::{BootstrapAsset, BootstrapPrices};
pub(in crate::scenario) use correlation::{
    CopulaForm, Correlation, CorrelationDriftForm, CorrelationMatrix, DrawdownForm, Repair,
};
pub(in crate::scenario) use history::{
    FileForm, GapChoice, HistoryKind, HistoryPrices, Reading, SeriesNames,
};
pub(in crate::scenario) use models::{
    DiffusionAsset, GarchPrices, GbmPrices, HestonPrices, MertonPrices, ModelClock, Normals, Tails,
};
pub(in crate::scenario) use other::OtherModel;
pub(in crate::scenario) use regimes::{RegimeForm, RegimesPrices, StartAsset};
pub(in crate::scenario) use shocks::{
    CorrelationTarget, DepegForm, Like, PresetForm, PresetName, ShockForm, ShockTime,
};

use crate::fields::{Places, Spot, tagged};

tagged! {
    /// Where prices come from.
    PricesSection by "model" {
        /// Correlated geometric Brownian motion.
        "gbm" => Gbm(GbmPrices);
        /// The same with Merton's lognormal jumps.
        "merton" => Merton(MertonPrices);
        /// GARCH(1,1) with Student's t innovations: volatility clusters, tails are heavy.
        "garch" => Garch(GarchPrices);
        /// Heston's stochastic volatility.
        "heston" => Heston(HestonPrices);
        /// Regimes that follow each other, each with its drifts, volatilities and correlations.
        "regimes" => Regimes(RegimesPrices);
        /// Blocks of real returns, drawn anew.
        "bootstrap" => Bootstrap(BootstrapPrices);
        /// Replay of real bars.
        "history" => History(HistoryPrices);
    }
}

fn names<T>(assets: &BTreeMap<String, T>) -> Vec<String> {
    assets.keys().cloned().collect()
}

fn each<T>(assets: &BTreeMap<String, T>, of: impl Fn(&T) -> f64) -> Vec<(String, f64)> {
    assets.iter().map(|(name, asset)| (name.clone(), of(asset))).collect()
}

impl PricesSection {
    /// Names of the assets, ascending.
    pub fn asset_names(&self) -> Vec<String> {
        match self {
            Self::Gbm(gbm) => names(&gbm.assets),
            Self::Merton(merton) => names(&merton.assets),
            Self::Garch(garch) => names(&garch.assets),
            Self::Heston(heston) => names(&heston.assets),
            Self::Regimes(regimes) => names(&regimes.assets),
            Self::Bootstrap(bootstrap) => names(&bootstrap.assets),
            Self::History(history) => names(&history.assets),
        }
    }

    /// Standard deviation of a year's log return of each asset in the long run, jumps included;
    /// none where files or regimes decide.
    pub fn volatilities(&self) -> Vec<(String, f64)> {
        match self {
            Self::Gbm(gbm) => each(&gbm.assets, |asset| asset.volatility.0),
            Self::Merton(merton) => each(&merton.assets, models::JumpAsset::volatility),
            Self::Garch(garch) => each(&garch.assets, |asset| asset.diffusion.volatility.0),
            Self::Heston(heston) => each(&heston.assets, |asset| asset.diffusion.volatility.0),
            Self::Regimes(_) | Self::Bootstrap(_) | Self::History(_) => Vec::new(),
        }
    }

    /// The steps of a model; none of a history.
    pub fn clock(&self) -> Option<&ModelClock> {
        match self {
            Self::Gbm(gbm) => Some(&gbm.clock),
            Self::Merton(merton) => Some(&merton.clock),
            Self::Garch(garch) => Some(&garch.clock),
            Self::Heston(heston) => Some(&heston.clock),
            Self::Regimes(regimes) => Some(&regimes.clock),
            Self::Bootstrap(bootstrap) => Some(&bootstrap.clock),
            Self::History(_) => None,
        }
    }

    /// Shocks that every run has.
    pub fn shocks(&self) -> &BTreeMap<String, ShockForm> {
        match (self.clock(), self) {
            (Some(clock), _) => &clock.shocks,
            (None, Self::History(history)) => &history.shocks,
            (None, _) => unreachable!("only a history has no clock"),
        }
    }

    /// Whether it has correlations that a shock can change.
    pub fn has_correlations(&self) -> bool {
        !matches!(self, Self::Regimes(_) | Self::Bootstrap(_) | Self::History(_))
    }

    /// The steps of a model, to be completed; none of a history.
    pub fn clock_mut(&mut self) -> Option<&mut ModelClock> {
        match self {
            Self::Gbm(gbm) => Some(&mut gbm.clock),
            Self::Merton(merton) => Some(&mut merton.clock),
            Self::Garch(garch) => Some(&mut garch.clock),
            Self::Heston(heston) => Some(&mut heston.clock),
            Self::Regimes(regimes) => Some(&mut regimes.clock),
            Self::Bootstrap(bootstrap) => Some(&mut bootstrap.clock),
            Self::History(_) => None,
        }
    }

    /// What is done with a matrix that is not positive semi-definite.
    pub fn repair(&self) -> Repair {
        match self {
            Self::Gbm(gbm) => gbm.normals.repair,
            Self::Merton(merton) => merton.normals.repair,
            Self::Garch(garch) => garch.normals.repair,
            Self::Heston(heston) => heston.normals.repair,
            Self::Regimes(regimes) => regimes.repair,
            Self::Bootstrap(_) | Self::History(_) => Repair::Refuse,
        }
    }

    /// Where pairs of mirrored paths are asked for.
    pub fn antithetic(&self) -> Option<Spot> {
        let of = |normals: &Normals| normals.antithetic.then(|| normals.at.of("antithetic"));
        match self {
            Self::Gbm(gbm) => of(&gbm.normals),
            Self::Merton(merton) => of(&merton.normals),
            Self::Garch(garch) => of(&garch.normals),
            Self::Heston(heston) => of(&heston.normals),
            Self::Regimes(regimes) => regimes.antithetic.then(|| regimes.at.of("antithetic")),
            Self::Bootstrap(_) | Self::History(_) => None,
        }
    }

    /// Whether it has a drift of correlations, sound or not.
    pub fn has_drift(&self) -> bool {
        let of = |normals: &Normals| {
            normals.correlation_drift.is_some() || !normals.at.sound(&["correlation_drift"])
        };
        match self {
            Self::Gbm(gbm) => of(&gbm.normals),
            Self::Merton(merton) => of(&merton.normals),
            Self::Garch(garch) => of(&garch.normals),
            Self::Heston(heston) => of(&heston.normals),
            Self::Regimes(_) | Self::Bootstrap(_) | Self::History(_) => false,
        }
    }

    /// Size of a Sobol set, and where it is asked for.
    pub fn sobol(&self) -> Option<(u64, Spot)> {
        let of = |normals: &Normals| normals.sobol.map(|size| (size, normals.at.of("sobol")));
        match self {
            Self::Gbm(gbm) => of(&gbm.normals),
            Self::Merton(merton) => of(&merton.normals),
            Self::Garch(garch) => of(&garch.normals),
            Self::Heston(heston) => of(&heston.normals),
            Self::Regimes(regimes) => regimes.sobol.map(|size| (size, regimes.at.of("sobol"))),
            Self::Bootstrap(_) | Self::History(_) => None,
        }
    }

    /// Where its fields stand.
    pub fn at(&self) -> &Places {
        match self {
            Self::Gbm(gbm) => &gbm.at,
            Self::Merton(merton) => &merton.at,
            Self::Garch(garch) => &garch.at,
            Self::Heston(heston) => &heston.at,
            Self::Regimes(regimes) => &regimes.at,
            Self::Bootstrap(bootstrap) => &bootstrap.at,
            Self::History(history) => &history.at,
        }
    }
}
