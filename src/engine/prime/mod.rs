//! Prime brokerage in a run: one wallet behind trading, lending, escrow and the other services.

mod plan;

pub use plan::{
    AgreementPlan, Cuttable, Demand, KeepSpec, LendTerms, PoolPlan, PoolsPlan, PrimeAgent,
    PrimePlan, RateSeries, Scheduled, Scheme, TradeSize,
};
