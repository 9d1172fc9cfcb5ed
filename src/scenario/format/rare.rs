//! Rare events: splitting and reverse stress.

use crate::fields::{Bounds, Fraction, Name, choice, section};
use crate::scenario::{LevelMeasure, RareEvent};

section! {
    /// The probability of a rare event by multilevel splitting on the health factor, see docs/RARE.md; needs a model, without antithetic paths.
    SplittingForm {
        /// What is sought: a force-close, or that or a kill.
        event: RareEvent = "liquidation";
        /// Whose; anybody's unless given.
        agent: Option<Name>;
        /// What the levels are levels of; "backed_health_factor" counts the free wallet as collateral.
        measure: LevelMeasure = "health_factor";
        /// Levels from the first to the last, descending; a pilot chooses them unless given.
        levels: Option<Vec<f64>>, Bounds::within(1e-3, 1e6);
        /// Paths per stage of a replicate, and of the pilot.
        particles: u64 = 1000, Bounds::within(10.0, 1e7);
        /// Independent replicates; the interval is theirs.
        replicates: u64 = 20, Bounds::within(2.0, 1e4);
        /// Part of the pilot's paths that is to reach the next level.
        share: Fraction = 0.2, Bounds::between(0.0, 1.0);
    }
}

section! {
    /// The likeliest path that breaks the plan, see docs/RARE.md; needs model = "gbm".
    ReverseForm {
        /// What is to happen: a force-close, or that or a kill.
        event: RareEvent = "liquidation";
        /// To whom; to anybody unless given.
        agent: Option<Name>;
        /// Straight pieces of the path per factor, up to the event.
        pieces: u64 = 4, Bounds::within(1.0, 64.0);
        /// Shapes that are tried at most.
        shapes: u64 = 2000, Bounds::within(100.0, 1e6);
    }
}

choice!(RareEvent { "liquidation" => Self::Liquidation, "distress" => Self::Distress });
choice!(LevelMeasure {
    "health_factor" => Self::HealthFactor,
    "backed_health_factor" => Self::BackedHealthFactor,
});
