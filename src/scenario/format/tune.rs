//! What is good, and how `drypowder tune` looks for it.

use super::{AxisForm, HistoryPrices};
use crate::fields::{Bounds, ByPath, Fraction, Limit, Located, Name, Value, choice, section};
use crate::scenario::SearchKind;

section! {
    /// What is good: a sum of figures that is maximised, and limits that must be kept. See TUNING.md.
    ObjectiveForm {
        /// Figures of summary.csv times weights; what counts against a setting has a weight below 0.
        terms: Vec<TermForm>;
        /// Limits of figures of summary.csv. A limit holds only if the end of the figure's interval does.
        constraints: Vec<LimitForm> = Value::List(Vec::new());
        /// Whose figures; those of the whole account, which are the sum over agents, unless given.
        agent: Option<Name>;
    }
}

section! {
    /// A figure times a weight.
    TermForm {
        /// A figure of summary.csv: net_yield, final_equity_p05, es_95, liquidation_probability, …
        metric: Located<String>;
        /// What a unit of it is worth.
        weight: f64 = 1.0, Bounds::within(-1e12, 1e12);
    }
}

section! {
    /// A limit of a figure: one of at_most and at_least.
    LimitForm {
        /// A figure of summary.csv.
        metric: Located<String>;
        /// What it may be at most: "1 %", "500 USDC", or a number in its unit.
        at_most: Option<Limit>;
        /// What it must be at least.
        at_least: Option<Limit>;
    }
}

section! {
    /// How `drypowder tune` looks for the best setting; it needs an [objective].
    TuneForm {
        /// How candidates are found: "grid" tries every combination of the steps of all axes, "sobol" points of the Sobol sequence, "optimiser" as many again as half of them by COBYLA from the best of these.
        search: SearchKind = "sobol";
        /// Candidates of sobol and optimiser, beside the scenario as it stands; 64 unless given.
        candidates: Option<u64>, Bounds::within(2.0, CANDIDATES_MAX as f64);
        /// Successive halving: all candidates run over a few paths, the better part of them over twice as many, and so on; without it all run over all paths.
        halving: Option<HalvingForm>;
        /// How many of the best run again on fresh paths, of which one is recommended.
        finalists: u64 = 4, Bounds::within(1.0, 64.0);
        /// Fresh paths of the finalists; as many as paths unless given.
        validation_paths: Option<u64>, Bounds::within(2.0, 1e9);
        /// Seed of the fresh paths; made from seed unless given.
        validation_seed: Option<u64>;
        /// What every candidate must meet, e.g. "policy.top_up.danger_threshold < policy.top_up.warning_threshold"; as those of [sweep].
        constraints: Option<Vec<Located<String>>>;
        /// Whether finalists run again under other models, other drifts and the other ways of getting through a bar.
        robustness: bool = true;
        /// A history that the search does not see, of the same assets, as [prices] has one: the finalists run over windows of it as long as the run.
        history: Option<HistoryPrices>;
        /// Where prices are a replay: windows of equal length that it is cut into; the best of each is tried on the next. 4 unless given.
        walk_forward: Option<u64>, Bounds::within(2.0, 64.0);
        /// The axes, by the path of a field in quotes; as those of [sweep.fields].
        fields: ByPath<AxisForm> = Value::empty();
    }
}

/// Most candidates of a search.
pub(crate) const CANDIDATES_MAX: u64 = 10_000;

section! {
    /// Successive halving (Jamieson & Talwalkar 2016).
    HalvingForm {
        /// Paths of the first rung.
        paths: u64 = 100, Bounds::within(20.0, 1e9);
        /// Part of the candidates that goes on to the next, which has that many times more paths.
        keep: Fraction = "50 %", Bounds::between(0.0, 1.0);
    }
}

choice!(SearchKind {
    "grid" => Self::Grid,
    "sobol" => Self::Sobol,
    "optimiser" => Self::Optimiser,
});
