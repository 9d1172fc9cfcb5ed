//! Prime brokerage in a run: one wallet behind trading, lending, escrow and the other services.

mod act;
mod agent;
mod armed;
mod backed;
mod count;
mod in_flight;
mod loans;
mod look;
mod plan;
mod pools;
mod quiet;
mod schedule;
mod state;
mod steps;
mod wealth;

pub(super) use state::{PrimeState, asset_id};

pub use plan::{
    AgreementPlan, Cuttable, Demand, KeepSpec, LendTerms, PoolPlan, PoolsPlan, PrimeAgent,
    PrimePlan, RateSeries, Scheduled, Scheme, TradeSize,
};
