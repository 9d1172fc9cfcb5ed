//! The shocks of `drypowder stress`.

use std::collections::BTreeMap;

use super::{Like, PresetName, ReverseForm, ShockForm, SplittingForm};
use crate::fields::{Duration, Name, Value, section};

section! {
    /// What `drypowder stress` does: the shocks of prices.shocks and these, each alone, then stacked, on the paths of the run without any. With no shock in either, every preset that knows all assets.
    StressRun {
        /// Shocks, by name.
        shocks: BTreeMap<String, ShockForm> = Value::empty();
        /// Crashes that happened, beside them; each named by its day.
        presets: Option<Vec<PresetName>>;
        /// Which of their figures an asset takes that they do not know: "BTC", "ETH", "SOL" or "altcoin".
        like: Option<BTreeMap<String, Like>>;
        /// When shocks of this section begin that do not say; drawn anew for each path unless given. A history needs it.
        after: Option<Duration>;
        /// Which of all are stacked, by name; all unless given.
        stack: Option<Vec<Name>>;
        /// Whether they are also laid on one by one, the most damaging first.
        cumulative: bool = true;
        /// The probability of a rare event; not asked for unless given.
        splitting: Option<SplittingForm>;
        /// The likeliest path that breaks the plan; not asked for unless given.
        reverse: Option<ReverseForm>;
    }
}
