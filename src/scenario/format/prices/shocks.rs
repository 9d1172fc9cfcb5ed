//! Shocks on top of a model.

use std::collections::BTreeMap;

use crate::fields::{Bounds, Duration, Fraction, section, tagged};

tagged! {
    /// A shock on top of a model.
    ShockForm by "kind" {
        /// Prices fall, on top of what the model does.
        "crash" => Crash(CrashForm);
        /// The volatility is multiplied; the expected return stays what it is, and jumps do.
        "volatility" => Volatility(VolatilityForm);
    }
}

section! {
    /// A fall.
    CrashForm {
        /// Part of the price that is lost; below 0, prices rise.
        size: Fraction, Bounds::below(-9.0, 1.0);
        /// The same of single assets; 0 leaves one out.
        by_asset: Option<BTreeMap<String, Fraction>>, Bounds::below(-9.0, 1.0);
        ..time: ShockTime;
    }
}

section! {
    /// A change of the volatility.
    VolatilityForm {
        /// What it is multiplied by.
        factor: f64, Bounds::within(0.0, 100.0);
        /// The same of single assets; 1 leaves one out.
        by_asset: Option<BTreeMap<String, f64>>, Bounds::within(0.0, 100.0);
        ..time: ShockTime;
    }
}

section! {
    /// When a shock happens.
    ShockTime {
        /// When it begins, after the start; at an instant drawn anew for each path unless given.
        after: Option<Duration>;
        /// How long it takes; all of it lies within the run.
        over: Duration;
    }
}
