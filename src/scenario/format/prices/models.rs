//! Models whose assets each have a volatility of their own.

use std::collections::BTreeMap;

use super::correlation::{CopulaForm, Correlation, CorrelationDriftForm, Repair};
use super::shocks::ShockForm;
use crate::fields::{Bounds, Duration, Fraction, Value, choice, section};

section! {
    /// Correlated geometric Brownian motion.
    GbmPrices {
        /// The assets, by name.
        assets: BTreeMap<String, DiffusionAsset>;
        /// How extremes of a step come together: { kind = "student_t", df = 4 } makes joint crashes, each asset's own law unchanged.
        copula: CopulaForm = Value::tagged("kind", "gaussian");
        ..normals: Normals;
        ..clock: ModelClock;
    }
}

section! {
    /// Geometric Brownian motion with jumps.
    MertonPrices {
        /// The assets, by name.
        assets: BTreeMap<String, JumpAsset>;
        /// How extremes of a step come together: { kind = "student_t", df = 4 } makes joint crashes, each asset's own law unchanged.
        copula: CopulaForm = Value::tagged("kind", "gaussian");
        ..normals: Normals;
        ..clock: ModelClock;
    }
}

section! {
    /// GARCH(1,1) with Student's t innovations.
    GarchPrices {
        /// The assets, by name.
        assets: BTreeMap<String, GarchAssetForm>;
        /// Whether all assets share the wildness of a step, so that their tails come together (they then have one df), or each has its own, which also weakens their correlation.
        tails: Tails = "common";
        ..normals: Normals;
        ..clock: ModelClock;
    }
}

section! {
    /// Heston's stochastic volatility.
    HestonPrices {
        /// The assets, by name.
        assets: BTreeMap<String, HestonAssetForm>;
        /// How extremes of a step come together: { kind = "student_t", df = 4 } makes joint crashes, each asset's own law unchanged.
        copula: CopulaForm = Value::tagged("kind", "gaussian");
        ..normals: Normals;
        ..clock: ModelClock;
    }
}

section! {
    /// What the normals of a model are correlated by, and what comes on top.
    Normals {
        /// Correlation of the normals: pairs such as "BTC-ETH" = 0.8, order and matrix, or one number for all pairs; see also market_factor of the assets.
        correlation: Option<Correlation>;
        /// Correlations that drift to those of a crisis; none unless given.
        correlation_drift: Option<CorrelationDriftForm>;
        /// Whether path 2k + 1 mirrors the normals of path 2k; paths must be even.
        antithetic: bool = false;
        /// Adds ticks by a Brownian bridge, 2^refine a step, and moves none; 0: the steps alone.
        refine: u64 = 0, Bounds::within(0.0, 12.0);
        /// Size of a randomised Sobol set, a power of two: each so many paths start from the points of one, which lowers the error of means; paths must be a multiple, and intervals count sets. Plain draws unless given.
        sobol: Option<u64>, Bounds::within(2.0, 65536.0);
        /// What is done with correlations, those of a crisis or regime too, that cannot hold together: refuse, or take the nearest matrix that can, with a warning that says how far it is.
        repair: Repair = "refuse";
    }
}

section! {
    /// The steps of a model, and shocks on them.
    ModelClock {
        /// Length of a step.
        step: Duration = "1h", Bounds::at_least(1.0);
        /// Number of steps; unless given, what duration or run.end make it.
        steps: Option<u64>, Bounds::within(1.0, 1e8);
        /// Length of the run, in place of steps; "365d" unless steps or run.end are given.
        duration: Option<Duration>, Bounds::at_least(1.0);
        /// Shocks on top of the model, by name; they stack.
        shocks: BTreeMap<String, ShockForm> = Value::empty();
    }
}

section! {
    /// An asset that diffuses.
    DiffusionAsset {
        /// Price at the start, USDC.
        start_price: f64, Bounds::within(1e-9, 1e9);
        /// Volatility per √year of 365 days, of the long run where the model moves it.
        volatility: Fraction, Bounds::within(0.0, 10.0);
        /// Arithmetic drift per year.
        drift: Fraction = 0.0, Bounds::within(-10.0, 10.0);
        /// Correlation of its normals with a factor that all assets share. Where no pair is given, that of two assets is the product of theirs. All assets have one, or none.
        market_factor: Option<f64>, Bounds::within(-1.0, 1.0);
    }
}

section! {
    /// An asset that diffuses and jumps.
    JumpAsset {
        /// Its jumps; none unless given.
        jumps: Option<Jumps>;
        ..diffusion: DiffusionAsset;
    }
}

section! {
    /// Merton's jumps.
    Jumps {
        /// Expected jumps a year.
        intensity: f64, Bounds::within(0.0, 1e4);
        /// Mean of the jump of the log price.
        mean: f64 = 0.0, Bounds::within(-3.0, 3.0);
        /// Standard deviation of the jump of the log price.
        deviation: f64 = 0.0, Bounds::within(0.0, 3.0);
        /// Whether the drift is reduced so that the expected return stays what drift says.
        compensated: bool = true;
    }
}

section! {
    /// An asset whose variance follows its own shocks.
    GarchAssetForm {
        /// Weight of the last step's squared shock in the variance, per step.
        alpha: f64, Bounds::within(0.0, 1.0);
        /// Weight of the last step's variance, per step; alpha + beta is below 1.
        beta: f64, Bounds::within(0.0, 1.0);
        /// Degrees of freedom of Student's t; normal unless given.
        df: Option<f64>, Bounds::above(2.0, 1e3);
        /// Volatility per √year at the start; that of the long run unless given.
        start_volatility: Option<Fraction>, Bounds::within(0.0, 10.0);
        ..diffusion: DiffusionAsset;
    }
}

section! {
    /// An asset whose variance is a process of its own.
    HestonAssetForm {
        /// Speed at which the variance returns to the square of volatility, per year.
        mean_reversion: f64, Bounds::above(0.0, 1e4);
        /// Volatility of the variance, per √year.
        vol_of_vol: f64, Bounds::above(0.0, 1e3);
        /// Correlation of price and variance; below 0, falls are wild.
        price_variance: f64 = 0.0, Bounds::within(-1.0, 1.0);
        /// Volatility per √year at the start; that of the long run unless given.
        start_volatility: Option<Fraction>, Bounds::within(0.0, 10.0);
        ..diffusion: DiffusionAsset;
    }
}

/// Whether tails come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tails {
    /// One mixing variable a step for all assets.
    Common,
    /// One for each.
    Own,
}

choice!(Tails { "common" => Self::Common, "own" => Self::Own });

impl JumpAsset {
    /// Standard deviation of a year's log return, jumps included.
    pub fn volatility(&self) -> f64 {
        let diffusion = self.diffusion.volatility.0;
        let Some(jumps) = &self.jumps else { return diffusion };
        let square = jumps.mean * jumps.mean + jumps.deviation * jumps.deviation;
        (diffusion * diffusion + jumps.intensity * square).sqrt()
    }
}
