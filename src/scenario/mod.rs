//! From the TOML that a user writes to a validated plan.
//!
//! [`Scenario::load`] reads a file and `--set` overrides and gives a scenario or everything that
//! is wrong with it. The way there: texts → one tree (`document`) → declared fields (`format`) →
//! derived defaults (`complete`) → plan and prices (`build`), judged by `check`.

mod book;
mod build;
mod check;
mod compare;
mod complete;
mod copies;
mod describe;
mod document;
mod entry;
mod format;
mod live;
mod load;
mod manual;
mod rare;
mod setting;
mod span;
mod spec;
mod sweep;
mod tune;

pub use crate::fields::Diagnostics;
pub use book::{Book, BookLine, books};
pub use compare::CompareSpec;
pub use copies::{Template, TemplateKind};
pub use describe::{describe, distances};
pub use format::{DesignKind, ScaleKind};
pub use live::live_top_up;
pub use manual::{manual, schema, template};
pub use rare::{LevelMeasure, RareEvent, ReverseSpec, SplittingSpec};
pub use setting::{ScenarioFile, Setting};
pub use spec::{
    BacktestSpec, BookRisk, KillReview, NONE, NamedShock, NullPolicies, ReportSpec, RiskSpec,
    STACKED, Scenario, StressSpec, TableFormat, with_shocks,
};
pub use sweep::{Axis, Constraint, Coordinate, Design, Space, SweepSpec, confidence_name};
pub use tune::{Figure, Halving, LimitSpec, ObjectiveSpec, SearchKind, TermSpec, TuneSpec};
