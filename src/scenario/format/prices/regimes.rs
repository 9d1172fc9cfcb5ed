//! Regime switching.

use std::collections::BTreeMap;

use super::correlation::{CopulaForm, Correlation, Repair};
use super::models::ModelClock;
use crate::fields::{Bounds, Duration, Fraction, Name, Value, section};

section! {
    /// Regimes, each with its drifts, volatilities and correlations; one holds for all assets at a time.
    RegimesPrices {
        /// The assets, by name.
        assets: BTreeMap<String, StartAsset>;
        /// The regimes, by name.
        regimes: BTreeMap<String, RegimeForm>;
        /// The first regime; drawn by the long-run share of each unless given.
        start_regime: Option<Name>;
        /// Whether path 2k + 1 mirrors the normals of path 2k; paths must be even.
        antithetic: bool = false;
        /// Adds ticks by a Brownian bridge, 2^refine a step, and moves none; 0: the steps alone.
        refine: u64 = 0, Bounds::within(0.0, 12.0);
        /// Size of a randomised Sobol set, a power of two: each so many paths start from the points of one, which lowers the error of means; paths must be a multiple, and intervals count sets. Plain draws unless given.
        sobol: Option<u64>, Bounds::within(2.0, 65536.0);
        /// What is done with correlations, those of a crisis or regime too, that cannot hold together: refuse, or take the nearest matrix that can, with a warning that says how far it is.
        repair: Repair = "refuse";
        /// How extremes of a step come together: { kind = "student_t", df = 4 } makes joint crashes, each asset's own law unchanged.
        copula: CopulaForm = Value::tagged("kind", "gaussian");
        ..clock: ModelClock;
    }
}

section! {
    /// An asset of which regimes say the rest.
    StartAsset {
        /// Price at the start, USDC.
        start_price: f64, Bounds::within(1e-9, 1e9);
    }
}

section! {
    /// A regime.
    RegimeForm {
        /// Expected stay in it; stays are exponential.
        duration: Duration, Bounds::at_least(1.0);
        /// Probability of each other regime to be the next; all the same unless given.
        next: Option<BTreeMap<String, f64>>, Bounds::within(0.0, 1.0);
        /// What each asset does in it; all of [prices.assets].
        assets: BTreeMap<String, RegimeAsset>;
        /// Correlation of the normals: pairs such as "BTC-ETH" = 0.8, or order and matrix.
        correlation: Option<Correlation>;
    }
}

section! {
    /// An asset in a regime.
    RegimeAsset {
        /// Volatility per √year of 365 days.
        volatility: Fraction, Bounds::within(0.0, 10.0);
        /// Arithmetic drift per year.
        drift: Fraction = 0.0, Bounds::within(-10.0, 10.0);
    }
}
