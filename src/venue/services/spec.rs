//! What the services are told.

use super::factors::FactorSpec;
use crate::units::Amount;
use crate::venue::escrow::{OnTimeout, Party};

/// A casino's player.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CasinoSpec {
    /// What it wants to hold as bankroll.
    pub bankroll: Amount,
    /// Expected bets per day.
    pub bets_per_day: f64,
    /// Stake of a bet.
    pub stake: Stake,
    /// What the house keeps of a stake in the mean, a fraction.
    pub house_edge: f64,
    /// What a winning bet returns, a multiple of its stake, which is included.
    pub payoff: f64,
}

impl CasinoSpec {
    /// Probability that a bet wins: (1 − edge) / payoff.
    pub fn win_probability(&self) -> f64 {
        (1.0 - self.house_edge) / self.payoff
    }
}

/// Stake of a bet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stake {
    /// This much.
    Fixed(Amount),
    /// This fraction of the bankroll at the start of the step, at most 100,000 USDC.
    Fraction(f64),
}

/// A dealer in names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DomainsSpec {
    /// Expected registrations ordered per day.
    pub registrations_per_day: f64,
    /// Cost of one: held when it is ordered, paid when it is complete.
    pub cost: Amount,
    /// From order to completion.
    pub registration_ms: i64,
    /// Expected sales per day.
    pub sales_per_day: f64,
    /// Revenue of one.
    pub revenue: Amount,
}

/// Conditional payments of an agent.
#[derive(Clone, Debug, PartialEq)]
pub struct EscrowFlowSpec {
    /// Expected contracts (or obligations) per day.
    pub contracts_per_day: f64,
    /// Notional of one.
    pub notional: Notional,
    /// Probability that the agent pays; else it is paid.
    pub payer_share: f64,
    /// The other side.
    pub counterparty: FlowParty,
    /// Mean of the exponential time that each side takes to confirm, ms.
    pub confirm_mean_ms: f64,
    /// Probability that one side (either, equally likely) never confirms.
    pub never: f64,
    /// Probability of a dispute, at an exponential time of the same mean.
    pub dispute: f64,
    /// From dispute to verdict.
    pub verdict_ms: i64,
    /// Probabilities that a verdict is for the payee and for the payer; the rest is split evenly.
    pub verdicts: [f64; 2],
    /// From creation to deadline.
    pub timeout_ms: i64,
    /// Who gets the money then.
    pub on_timeout: OnTimeout,
    /// Who referred the contracts.
    pub referrer: Option<Party>,
    /// Netting agreement under which obligations are made in place of contracts.
    pub agreement: Option<usize>,
}

/// Notional of contracts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Notional {
    /// All alike.
    Fixed(Amount),
    /// Log-normal: mean·exp(σ·n − σ²/2), n standard normal.
    LogNormal {
        /// Mean, USDC.
        mean_usdc: f64,
        /// σ of its logarithm.
        sigma: f64,
    },
}

/// The other side of an agent's contracts.
#[derive(Clone, Debug, PartialEq)]
pub enum FlowParty {
    /// Nobody of the run.
    Outside,
    /// Each of these agents equally likely.
    Agents(Vec<usize>),
}

/// One agent's use of services.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentServices {
    /// Its index.
    pub agent: usize,
    /// Its name: the key of its random streams.
    pub name: String,
    /// Granted at the start.
    pub faucet: Amount,
    /// Casino.
    pub casino: Option<CasinoSpec>,
    /// Domains.
    pub domains: Option<DomainsSpec>,
    /// Escrow.
    pub escrow: Option<EscrowFlowSpec>,
}

/// All services of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct ServicesSpec {
    /// Length of a step.
    pub step_ms: i64,
    /// Correlations.
    pub factors: FactorSpec,
    /// By agent.
    pub agents: Vec<AgentServices>,
}
