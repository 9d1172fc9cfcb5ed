//! The format: one line per field, with type, default, range and meaning. Decoding, schema, table
//! of defaults and template all come from these declarations.

mod agent;
mod compare;
mod custody;
mod exchange;
mod fleet;
mod impact;
mod lending;
mod market;
mod policy;
mod prices;
mod rare;
mod risk;
mod root;
mod schedule;
mod services;
mod stress;
mod sweep;
mod tune;
mod utilisation;

pub(super) use agent::{Agent, Position};
pub(super) use compare::CompareForm;
pub(super) use custody::{Agreement, Custody, CustodyKind, EscrowTerms, Holding, Silos};
pub(super) use exchange::{Exchange, MarginCall};
pub(super) use fleet::{
    Delegation, DrawForm, FleetForm, FleetZonesForm, ReallocationForm, ReleaseForm,
};
pub(super) use impact::Impact;
pub(super) use lending::{
    CurveForm, DemandForm, Lending, LoanForm, LoanSide, LoanTerms, Pool, PoolPreset, ResponseForm,
};
pub(super) use market::{
    BracketRow, ForceCloseKind, Funding, Market, MarketTerms, SlippageForm, Stress, ZoneLevels,
};
pub(super) use policy::{
    KillScopeName, KillSwitch, OwnThresholds, Policy, Reduce, Resume, StopLoss, TopUp, ZoneWatch,
};
pub(super) use prices::{
    BootstrapAsset, BootstrapPrices, CopulaForm, Correlation, CorrelationDriftForm,
    CorrelationMatrix, CorrelationTarget, DepegForm, DiffusionAsset, DrawdownForm, FileForm,
    GapChoice, GarchPrices, GbmPrices, HestonPrices, HistoryKind, HistoryPrices, Like,
    MertonPrices, ModelClock, Normals, OtherModel, PresetForm, PresetName, PricesSection, Reading,
    RegimeForm, RegimesPrices, Repair, SeriesNames, ShockForm, ShockTime, StartAsset, Tails,
};
pub(super) use rare::{ReverseForm, SplittingForm};
pub(super) use risk::{Diversification, Risk};
pub(super) use root::{NullPolicy, Preset, Report, Root, Run};
pub(super) use schedule::{
    ContractForm, DisputeForm, MoveForm, ObligationForm, TradeForm, Verdict,
};
pub(super) use services::{CasinoFlow, DomainsFlow, EscrowFlowForm, Services};
pub(super) use stress::StressRun;
pub(super) use sweep::{AxisForm, POINTS_MAX, RangeForm, SettingForm, SweepForm};
pub use sweep::{DesignKind, ScaleKind};
pub(super) use tune::{CANDIDATES_MAX, LimitForm, ObjectiveForm, TuneForm};
pub(super) use utilisation::{KeepInTrading, LendForm, RateChoice, UtilisationPolicy};
