//! The stationary block bootstrap.

use std::collections::BTreeMap;

use super::history::{FileForm, Reading};
use super::models::ModelClock;
use crate::fields::{Bounds, Duration, Fraction, Instant, section};

section! {
    /// Blocks of real returns, drawn anew: all assets' at once, so that what moved together does.
    BootstrapPrices {
        /// The assets, by name.
        assets: BTreeMap<String, BootstrapAsset>;
        /// Mean length of a block; lengths are geometric.
        mean_block: Duration, Bounds::at_least(1.0);
        /// Whether returns are shifted so that the expected growth of a step is that of drift, and the file's own trend is gone.
        recentre: bool = true;
        /// First instant of the history; the first that all files cover unless given.
        from: Option<Instant>;
        /// End of the history; the last that all files cover unless given.
        to: Option<Instant>;
        ..clock: ModelClock;
        ..reading: Reading;
    }
}

section! {
    /// An asset whose returns are drawn from a file.
    BootstrapAsset {
        /// CSV or Parquet of bars, of which the closes are taken.
        file: String;
        /// Price at the start, USDC; the file's last close unless given.
        start_price: Option<f64>, Bounds::within(1e-9, 1e9);
        /// Arithmetic drift per year; only where returns are recentred.
        drift: Fraction = 0.0, Bounds::within(-10.0, 10.0);
        ..form: FileForm;
    }
}
