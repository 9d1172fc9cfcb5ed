//! The document itself, and its small tables.

use std::collections::BTreeMap;

use super::{
    Agent, Agreement, CompareForm, Custody, EscrowTerms, Exchange, FleetForm, Holding, Lending,
    MarginCall, Market, ObjectiveForm, OtherModel, Policy, PricesSection, Risk, Services,
    StressRun, SweepForm, TuneForm,
};
use crate::engine::{CheckLevel, MetricLevel};
use crate::fields::{Bounds, Duration, Fraction, Instant, Name, Value, choice, section};
use crate::scenario::TableFormat;

section! {
    /// A scenario.
    Root {
        /// Name; the output folder is `reports/<name>` unless another is given.
        name: Name;
        /// The question that the scenario answers.
        question: String = "";
        /// Set of defaults: "perp" is what the tables here say; what "prime" changes stands under "Presets".
        preset: Preset = "perp";
        /// Seed of every random stream.
        seed: u64 = 1;
        /// Number of paths; unless given 1000 for a model, 100 for intrabar = "bridge", else 1.
        paths: Option<u64>, Bounds::within(1.0, 1e9);
        /// Null policies that run beside the plan on the same paths; [] leaves them out.
        nulls: Vec<NullPolicy> = ["do_nothing", "start_smaller", "stop_loss"];
        /// What the null policies do.
        null_policies: NullParameters = Value::empty();
        /// The run as a whole.
        run: Run = Value::empty();
        /// Where prices come from.
        prices: PricesSection;
        /// Other models, by name, on which the plan and do_nothing run too: a probability from one model is no headline. Each is a table as [prices], with the same assets, start prices and dependence of paths; step and length are those of [prices] unless given.
        other_models: BTreeMap<String, OtherModel> = Value::empty();
        /// The exchange as a whole.
        exchange: Exchange = Value::empty();
        /// The prime broker's margin call; none unless given.
        margin_call: Option<MarginCall>;
        /// How an agent's USDC is kept. Any of custody, holdings, escrow, agreements, lending, services and their fields of agents and policies switches prime brokerage on.
        custody: Option<Custody>;
        /// Assets of [prices.assets] that agents may hold, lend, borrow and trade at spot, by name.
        holdings: Option<BTreeMap<String, Holding>>;
        /// Conditional payments: fees and finality.
        escrow: Option<EscrowTerms>;
        /// Netting agreements, by name.
        agreements: Option<BTreeMap<String, Agreement>>;
        /// The lending market.
        lending: Option<Lending>;
        /// What the services of all agents share.
        services: Option<Services>;
        /// Fleets, by name: a coordinator and the agents that have a delegation of it.
        fleet: Option<BTreeMap<String, FleetForm>>;
        /// The markets, by name; what they leave out is as in [exchange.defaults].
        markets: BTreeMap<String, Market>;
        /// Protections of every agent; an agent's own override them field by field.
        policy: Option<Policy>;
        /// The agents; they act in the order of their names.
        agent: Vec<Agent>;
        /// Risk figures beside those of a run.
        risk: Risk = Value::empty();
        /// The shocks of `drypowder stress`.
        stress: Option<StressRun>;
        /// The variants of `drypowder sweep`.
        sweep: Option<SweepForm>;
        /// What `drypowder tune` maximises.
        objective: Option<ObjectiveForm>;
        /// How it looks for it.
        tune: Option<TuneForm>;
        /// The variants of `drypowder compare`.
        compare: Option<CompareForm>;
        /// What is written.
        report: Report = Value::empty();
    }
}

section! {
    /// What the null policies do.
    NullParameters {
        /// Size of every position under start_smaller, as a part of what the plan opens; collateral is unchanged.
        start_smaller: Fraction = 0.5, Bounds::between(0.0, 1.0);
        /// Health factor below which stop_loss closes a position; unless given, its own warning_threshold.
        stop_loss_hf: Option<f64>, Bounds::above(1.0, 1e3);
    }
}

section! {
    /// The run as a whole.
    Run {
        /// How often the ledger is checked.
        check: CheckLevel = "per_path";
        /// Which metrics are computed: all, or those that follow from events alone.
        metrics: MetricLevel = "full";
        /// Whether every path with a kill is run a second time with every kill off, to count the kills that were not needed: kill_switch_false_positives.
        kill_switch_false_positives: bool = false;
        /// A kill after which the position would not have been force-closed within so long is a false positive.
        false_positive_window: Duration = "24h", Bounds::at_least(1.0);
        /// Instant of the start prices of a model, 2026-01-01 unless given; a history has prices.from.
        start: Option<Instant>;
        /// Last instant of a model, in place of prices.steps; a history has prices.to.
        end: Option<Instant>;
    }
}

section! {
    /// What is written.
    Report {
        /// Format of the table of paths; all other tables are CSV.
        format: TableFormat = "csv";
        /// Whether the table of paths is written.
        paths_file: bool = true;
        /// Whether charts are drawn.
        charts: bool = true;
        /// Paths whose events and time series are written, numbered from 0.
        trace_paths: Vec<u64> = [0];
        /// Instants of a time series, evenly spread over the run.
        samples: u64 = 500, Bounds::within(2.0, 1e6);
        /// Paths that the equity fan is drawn from, the first so many.
        fan_paths: u64 = 500, Bounds::within(1.0, 1e6);
    }
}

/// Which defaults hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Preset {
    /// Health factor, force-close, top-up, kill switch.
    Perp,
    /// Also a prime broker's bound on gross exposure, margin call and balancing of the wallet.
    Prime,
}

/// A null policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NullPolicy {
    /// No protection at all.
    DoNothing,
    /// No protection, smaller positions.
    StartSmaller,
    /// No top-up, closed at market below a health factor.
    StopLoss,
    /// The plan again under silo custody.
    Silo,
    /// The plan again on prices whose correlations do not drift.
    NoDrift,
    /// The plan again on prices that forced fills do not move.
    NoImpact,
}

choice!(Preset { "perp" => Self::Perp, "prime" => Self::Prime });
choice!(NullPolicy {
    "do_nothing" => Self::DoNothing,
    "start_smaller" => Self::StartSmaller,
    "stop_loss" => Self::StopLoss,
    "silo" => Self::Silo,
    "no_drift" => Self::NoDrift,
    "no_impact" => Self::NoImpact,
});
choice!(CheckLevel { "per_path" => Self::PerPath, "every_batch" => Self::EveryBatch });
choice!(MetricLevel { "full" => Self::Full, "events" => Self::Events });
choice!(TableFormat { "csv" => Self::Csv, "parquet" => Self::Parquet });
