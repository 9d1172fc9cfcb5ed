//! What a scenario resolves to.

use std::path::PathBuf;
use std::sync::Arc;

use super::compare::CompareSpec;
use super::copies::Template;
use super::rare::{ReverseSpec, SplittingSpec};
use super::sweep::SweepSpec;
use super::tune::{ObjectiveSpec, TuneSpec};
use crate::engine::{Plan, VenueShock, VenueShockKind};
use crate::prices::models::ModelSpec;
use crate::prices::{Prices, Shock};

/// A scenario: checked, with every default filled in.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Name; the default output folder is `reports/<name>`.
    pub name: String,
    /// The question that it answers.
    pub question: String,
    /// The file that it was read from.
    pub file: PathBuf,
    /// Seed of every random stream.
    pub seed: u64,
    /// Number of paths.
    pub paths: u64,
    /// What is simulated on each.
    pub plan: Plan,
    /// Where prices come from.
    pub prices: Prices,
    /// Other models, by name, on which the plan runs too.
    pub other_models: Vec<(String, ModelSpec)>,
    /// The null policies that run beside the plan.
    pub nulls: NullPolicies,
    /// Risk figures beside those of a run.
    pub risk: RiskSpec,
    /// What `drypowder stress` does.
    pub stress: StressSpec,
    /// The variants of `drypowder sweep`, where it asks for any.
    pub sweep: Option<SweepSpec>,
    /// What `drypowder tune` maximises, where it is said.
    pub objective: Option<Arc<ObjectiveSpec>>,
    /// How it looks for it.
    pub tune: Option<Arc<TuneSpec>>,
    /// The variants of `drypowder compare`, where it names any.
    pub compare: Option<Arc<CompareSpec>>,
    /// How kills are judged by a second run without them, where that is asked for.
    pub kill_review: Option<KillReview>,
    /// What is written.
    pub report: ReportSpec,
    /// What its tables with `count` became.
    pub templates: Vec<Template>,
    /// Every field with its value, defaults filled in, as it goes into the manifest.
    pub resolved: serde_json::Value,
    /// What looks odd but is not wrong, in words.
    pub warnings: Vec<String>,
    /// Data files read: name as written in the scenario, and SHA-256.
    pub data_files: Vec<(String, String)>,
}

/// The null policies: what the guard is measured against on the same paths.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NullPolicies {
    /// No protection at all.
    pub do_nothing: bool,
    /// No protection, every position this part of its size (collateral unchanged).
    pub start_smaller: Option<f64>,
    /// No top-up: positions are closed at market below this health factor; `None` in the inner
    /// option: at each position's own top-up warning threshold.
    pub stop_loss: Option<Option<f64>>,
    /// The plan again under silo custody.
    pub silo: bool,
    /// The plan again on prices whose correlations do not drift.
    pub no_drift: bool,
    /// The plan again on prices that forced fills do not move.
    pub no_impact: bool,
}

/// Which risk figures are made.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskSpec {
    /// Confidences of VaR, ES and LaR; 0.95 first.
    pub confidences: Vec<f64>,
    /// Figures of the book at the start; none unless asked for.
    pub book: Option<BookRisk>,
    /// Back-test over the history; none unless asked for.
    pub backtest: Option<BacktestSpec>,
    /// Weights of the crisis's correlations, ascending, at which fleets' benefit of
    /// diversification is found; empty unless asked for.
    pub diversification: Vec<f64>,
}

/// How kills are judged by a second run of their path with every kill off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KillReview {
    /// A kill after which the position would not have been force-closed within so long, ms, is a false
    /// positive.
    pub window_ms: i64,
}

/// Figures of the book at the start.
#[derive(Clone, Debug, PartialEq)]
pub struct BookRisk {
    /// Horizons, ms.
    pub horizons_ms: Vec<i64>,
    /// Draws from the covariance of a history.
    pub draws: usize,
}

/// A back-test of VaR.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BacktestSpec {
    /// Length of a period, ms: whole bars.
    pub period_ms: i64,
    /// Periods that a forecast is made from.
    pub window: usize,
    /// Confidence of the forecast.
    pub confidence: f64,
}

/// Name of the run of `drypowder stress` without shocks.
pub const NONE: &str = "none";
/// Name of its run with all that are stacked.
pub const STACKED: &str = "stacked";

/// A shock: what it does to prices and to the venue.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedShock {
    /// Name; also names its random stream.
    pub name: String,
    /// What it does, in words.
    pub words: String,
    /// What it does to prices.
    pub prices: Option<Shock>,
    /// What it does to the venue; it begins at the same instant.
    pub venue: Option<VenueShock>,
}

/// What `drypowder stress` does.
#[derive(Clone, Debug, PartialEq)]
pub struct StressSpec {
    /// Every shock: those of each run, then its own.
    pub shocks: Vec<NamedShock>,
    /// Which of them are stacked, by index, ascending.
    pub stack: Vec<usize>,
    /// Whether they are also laid on one by one, the most damaging first.
    pub cumulative: bool,
    /// Whether the scenario names them; else they are the presets that it permits.
    pub named: bool,
    /// What was left out, in words.
    pub remarks: Vec<String>,
    /// The probability of a rare event, where it is asked for.
    pub splitting: Option<SplittingSpec>,
    /// The likeliest path that breaks the plan, where it is asked for.
    pub reverse: Option<ReverseSpec>,
}

impl StressSpec {
    /// What all shocks at once add to the rate of each pool, USDC's first; empty where nothing.
    pub fn borrow_rates(&self) -> Vec<f64> {
        let venue = self.shocks.iter().filter_map(|shock| shock.venue.as_ref());
        let mut sums: Vec<f64> = Vec::new();
        for part in venue.flat_map(|venue| &venue.parts) {
            if let VenueShockKind::BorrowRate(rates) = &part.kind {
                sums.resize(sums.len().max(rates.len()), 0.0);
                sums.iter_mut().zip(rates).for_each(|(sum, rate)| *sum += rate);
            }
        }
        sums
    }
}

/// Prices and plan with some shocks in place of those that they have.
pub fn with_shocks(prices: &Prices, plan: &Plan, shocks: &[&NamedShock]) -> (Prices, Plan) {
    let of_prices = || shocks.iter().filter_map(|shock| shock.prices.clone()).collect();
    let mut prices = prices.clone();
    match &mut prices {
        Prices::Model(model) => model.options.shocks = of_prices(),
        Prices::History(replay) => replay.shocks = of_prices(),
    }
    let venue = shocks.iter().filter_map(|shock| shock.venue.clone()).collect();
    (prices, Plan { shocks: venue, ..plan.clone() })
}

/// Format of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Comma-separated values.
    Csv,
    /// Parquet.
    Parquet,
}

/// What a run writes.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportSpec {
    /// Format of `paths.*`; `summary.csv`, `events.csv` and `timeseries.csv` are always CSV.
    pub format: TableFormat,
    /// Whether `paths.*` is written.
    pub paths: bool,
    /// Whether charts are drawn.
    pub charts: bool,
    /// Paths whose events and time series are written.
    pub trace_paths: Vec<u64>,
    /// Instants of the time series: so many, evenly spread over the run.
    pub samples: u64,
    /// Paths that the equity fan is drawn from (the first so many).
    pub fan_paths: u64,
}
