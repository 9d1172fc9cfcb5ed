//! What other services do with the wallet: flows with their own random streams.
//!
//! Every step of the grid each agent gets one standard normal factor per service, correlated with
//! the market's return over the step. A generator turns its factor into what it wants by the
//! quantile of its own distribution at Φ(factor), so that means are exact whatever the correlation.

mod casino;
mod domains;
mod draw;
mod effect;
mod factors;
mod flow;
mod spec;
mod state;
#[cfg(test)]
mod tests;

pub use casino::Casino;
pub use domains::Domains;
pub use draw::{MOST_PER_STEP, binomial_quantile, poisson_quantile};
pub use effect::{ServiceEffect, ServiceKind};
pub use factors::{Factor, FactorSpec, ServiceFactors};
pub use flow::{EscrowFlow, EscrowRequest};
pub use spec::{
    AgentServices, CasinoSpec, DomainsSpec, EscrowFlowSpec, FlowParty, Notional, ServicesSpec,
    Stake,
};
pub use state::Services;
