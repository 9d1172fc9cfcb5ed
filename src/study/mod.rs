//! Many paths and many variants of a plan: the only room with threads.
//!
//! A *variant* is the plan or a transform of it (a null policy, another intrabar mode); all see
//! the same paths. Paths run in blocks on a pool of threads and are folded in their order, so
//! that the bytes of a result do not depend on the number of threads. Results leave through a
//! [`RowSink`], and as columns in [`StudyResult`].

mod columns;
mod compare;
mod execution;
mod fan;
mod feed;
mod fleet;
mod kills;
mod price_paths;
mod reverse;
mod risk;
mod rolling;
mod run;
mod splitting;
mod stress;
mod tiles;
mod trace;
mod trials;
mod tune;
mod variants;

pub use columns::{AgentResult, Column, FiredCount, StudyResult, VariantResult};
pub use compare::{
    Comparison, Entrants, EntrantsError, OneSided, PathDifference, RuleDifference, compare,
    entrants, entrants_of_files,
};
pub use execution::{Execution, NoProgress, Progress, StudyError};
pub use fan::{FAN_QUANTILES, Fan, FanStep, fans};
pub use fleet::{
    DiversificationCurve, DiversificationPoint, FleetMembers, FleetRisk, PartRisk, diversification,
    fleet_risk,
};
pub use kills::{Kill, kill_review};
pub use price_paths::{each_price_path, price_series};
pub use reverse::{ReverseError, ReverseResult, reverse};
pub use risk::{
    Backtest, BacktestDay, BookFigure, Forecaster, Method, Tests, backtests, book_figures,
};
pub use rolling::{PairCorrelation, RollingCorrelations, rolling_correlations};
pub use run::{NoRows, RowSink, run};
pub use splitting::{SplittingError, SplittingResult, SplittingStage, splitting};
pub use stress::{StressError, StressKind, StressResult, StressRun, stress, stress_paths};
pub use tiles::{TileRows, Trial};
pub use trace::{Sample, Trace, start_equity, trace};
pub use trials::{Batch, Ground, trials};
pub use tune::{
    AxisReport, Bearing, Candidate, Condition, ConditionKind, DRIFT_SHIFT, Difference, Estimate,
    FALL, FALL_WITHIN_MS, Finalist, Finding, Front, FrontPoint, Judged, ProfilePoint, ProfileWorth,
    Robustness, Rung, Standing, TuneError, TuneGround, TunePart, TuneResult, Verdict, WalkForward,
    WalkStep, Walked, Witness, goal_of, tune, tune_ground, tune_work,
};
pub use variants::{Role, Variant, VariantSet, start_capital_usdc};
